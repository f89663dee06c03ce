"""An LMS for tests: plays by the rules unless a test makes it lie.

`Lms` signs whatever it is told to and drives a Django client; nothing of it is a server. `Server` is one, on a loopback
port the system chose, for what only happens over HTTP: it answers as scripted, late, or not at all.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from django.conf import settings
from django.test import Client
from django.utils import timezone
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from learning.people.models import Organisation
from lti import claims as words
from lti import outbound
from lti.tool import keysets
from lti.tool.models import Platform, new_stamp
from lti.tool.services import register_platform

NONCE = "the nonce of the login"
ISSUER = "https://lms.example"
TARGET = f"{settings.BASE_URL}/lti/launch"
LEARNER = words.MEMBERSHIP + "#Learner"
INSTRUCTOR = words.MEMBERSHIP + "#Instructor"

type Claims = dict[str, Any]
type Response = Any


@functools.cache
def rsa_key(name: str) -> RSAKey:
    """One of each name in a run: making them takes a tenth of a second."""
    return RSAKey.generate_key(2048)


def public(key: RSAKey | ECKey, kid: str, **members: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": kid, "use": "sig", **members}


@dataclass
class Begun:
    """What a login sent to the LMS."""

    response: Response
    parameters: dict[str, str]

    @property
    def nonce(self) -> str:
        return self.parameters["nonce"]

    @property
    def state(self) -> str:
        return self.parameters["state"]


@dataclass
class Lms:
    platform: Platform
    key: RSAKey | ECKey
    kid: str = "one"
    algorithm: str = "RS256"

    def login(self, client: Client, **changes: Any) -> Begun:
        """None as a value leaves that parameter out."""
        asked = {
            "iss": self.platform.issuer,
            "client_id": self.platform.client_id,
            "login_hint": "hint-7",
            "target_link_uri": TARGET,
            "lti_message_hint": "message-7",
        }
        asked = {name: value for name, value in {**asked, **changes}.items() if value is not None}
        response = client.post("/lti/login", asked)
        location = response.headers.get("Location", "")
        return Begun(response, dict(parse_qsl(urlsplit(location).query)))

    def claims(self, **changes: Any) -> Claims:
        now = int(time.time())
        return {
            "iss": self.platform.issuer,
            "aud": self.platform.client_id,
            "sub": "person-7",
            "exp": now + 60,
            "iat": now,
            "nonce": NONCE,
            "name": "Aydın de Boer",
            "given_name": "Aydın",
            "family_name": "de Boer",
            "email": "aydin@example.org",
            words.MESSAGE_TYPE: words.RESOURCE_LINK_REQUEST,
            words.VERSION: words.VERSION_1_3,
            words.DEPLOYMENT_ID: "deployment-1",
            words.TARGET_LINK_URI: TARGET,
            words.RESOURCE_LINK: {"id": "link-1", "title": "De dialoog"},
            words.CONTEXT: {"id": "course-1", "title": "Ruimte", "type": ["CourseSection"]},
            words.ROLES: [LEARNER],
            words.CUSTOM: {"module": "proefmodule"},
            words.LAUNCH_PRESENTATION: {"locale": "nl-NL"},
            **changes,
        }

    def choosing(self, settings: Claims | None = None, **changes: Any) -> Claims:
        """Those of a deep linking request by an instructor; None as a value in `settings` leaves that one out."""
        asked = {
            "deep_link_return_url": f"{ISSUER}/return?course=7",
            "accept_types": ["link", words.LTI_RESOURCE_LINK],
            "accept_presentation_document_targets": ["iframe", "window", "embed"],
            "accept_multiple": True,
            **(settings or {}),
        }
        claims = self.claims(
            **{
                words.MESSAGE_TYPE: words.DEEP_LINKING_REQUEST,
                words.ROLES: [INSTRUCTOR],
                words.DEEP_LINKING_SETTINGS: {name: value for name, value in asked.items() if value is not None},
            }
        )
        del claims[words.RESOURCE_LINK], claims[words.CUSTOM]
        return {**claims, **changes}

    def sign(self, claims: Any, **header: Any) -> str:
        """None as a value leaves that member of the header out."""
        whole = {"alg": self.algorithm, "typ": "JWT", "kid": self.kid, **header}
        encoded = _text(json.dumps({name: value for name, value in whole.items() if value is not None}).encode())
        body = _text(claims if isinstance(claims, bytes) else json.dumps(claims).encode())
        algorithm = jws.JWSRegistry(algorithms=[self.algorithm]).get_alg(self.algorithm)
        signature = algorithm.sign(f"{encoded}.{body}".encode(), self.key)
        return f"{encoded}.{body}.{_text(signature)}"

    def launch(
        self, client: Client, claims: Claims | None = None, *, begun: Begun | None = None, **header: Any
    ) -> Response:
        """Log in (or go on from `begun`), sign these claims with the nonce of that login, and post them."""
        claims = self.claims() if claims is None else dict(claims)
        named = claims.get(words.TARGET_LINK_URI)
        ours = isinstance(named, str) and named.startswith(TARGET)
        begun = begun or self.login(client, target_link_uri=named if ours else TARGET)
        if claims.get("nonce") == NONCE:
            claims["nonce"] = begun.nonce
        return self.post(client, self.sign(claims, **header), begun.state)

    def post(self, client: Client, token: str, state: str) -> Response:
        return client.post("/lti/launch", {"id_token": token, "state": state})


def connected(organisation: Organisation, *, issuer: str = ISSUER, client_id: str = "client-1", **changes: Any) -> Lms:
    """An LMS whose keys we have already."""
    key = changes.pop("key", None) or rsa_key(issuer)
    algorithm = "RS256" if isinstance(key, RSAKey) else "ES256"
    addresses = {"auth_url": f"{issuer}/auth", "token_url": f"{issuer}/token", "jwks_url": f"{issuer}/jwks"}
    platform = register_platform(
        organisation, name="LMS", issuer=issuer, client_id=client_id, deployments=["deployment-1"],
        **{**addresses, **changes},
    )  # fmt: skip
    keys = keysets.usable({"keys": [public(key, "one")]})
    Platform.objects.filter(pk=platform.pk).update(
        keys=keys, algorithm=algorithm, keys_fetched_at=timezone.now(), stamp=new_stamp()
    )
    platform.refresh_from_db()
    return Lms(platform, key, algorithm=algorithm)


def hang_up() -> None:
    """Close the connections we keep, as after a restart."""
    outbound._client(os.getpid()).close()
    outbound._client.cache_clear()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Asked:
    """A request that came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float = field(default_factory=time.time)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def route(self) -> str:
        return urlsplit(self.path).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))


@dataclass
class Reply:
    """`hang`: seconds of silence before answering; `reset`: hang up instead; `drip`: seconds between bytes."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: float = 0.0
    reset: bool = False
    drip: float = 0.0


class Server:
    """Answers the next reply scripted for a path, or else its usual one; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: dict[str, deque[Reply]] = defaultdict(deque)
        self.usual: dict[str, Reply] = {
            "/token": Reply(body={"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600}),
            "/line/scores": Reply(),
        }
        self._closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Headers and body leave apart: else the second waits 40 ms for a word that the first has come.
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                outer._answer(self)

            def do_POST(self) -> None:
                outer._answer(self)

            def do_PUT(self) -> None:
                outer._answer(self)

            def do_DELETE(self) -> None:
                outer._answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its name upstream
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def requests(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if urlsplit(asked.path).path == path]

    @property
    def scores(self) -> list[Any]:
        return [asked.json for asked in self.requests("/line/scores")]

    def reply(self, asked: Asked) -> Reply:
        """What comes where nothing is scripted; an LMS that remembers says more."""
        return self.usual.get(asked.route, Reply(404))

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        asked = Asked(handler.command, handler.path, dict(handler.headers.items()), body)
        self.asked.append(asked)
        path = asked.route
        reply = self.script[path].popleft() if self.script[path] else self.reply(asked)
        if reply.hang:
            self._closing.wait(reply.hang)
        if reply.reset:
            handler.close_connection = True
            return
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        handler.send_response(reply.status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            **reply.headers,
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        self._write(handler, content, reply.drip)

    def _write(self, handler: BaseHTTPRequestHandler, content: bytes, drip: float) -> None:
        try:
            if not drip:
                handler.wfile.write(content)
                return
            for byte in content:
                if self._closing.wait(drip):
                    return
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
        except OSError:
            handler.close_connection = True
