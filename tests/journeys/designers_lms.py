"""An LMS of which course designers send for something to put in a course, on a host of its own, for a real browser.

Serves a course page with a frame, signs deep linking requests and launches, keeps the answers it got.
"""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from lti import claims as words
from tests.journeys.site import Site

CLIENT = "designers"


class DesignersLms:
    """`settings` and `roles` of the next request; `answers` are the claims of the tokens that came back."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.key = RSAKey.generate_key(2048)
        self.turn = 0
        self.begin()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                outer._show(self, parts.path, dict(parse_qsl(parts.query)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer._take(self, {name: values[0] for name, values in parse_qs(body).items()})

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its name upstream
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def begin(self) -> None:
        """With another designer, in another course, and nothing answered yet."""
        self.turn += 1
        self.settings: dict[str, Any] = {}
        self.roles = ["Instructor"]
        self.locale = "nl"
        self.link: dict[str, Any] = {}
        self.answers: list[dict[str, Any]] = []

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def register(self) -> None:
        self.site.manage(
            "lti_platform", "add", "--name", "LMS van ontwerpers", "--issuer", self.url, "--client-id", CLIENT,
            "--auth-url", f"{self.url}/auth", "--token-url", f"{self.url}/token", "--jwks-url", f"{self.url}/jwks",
            "--deployment", "1",
        )  # fmt: skip

    @property
    def choosing(self) -> str:
        """The page of a course with the tool in a frame, which is to choose."""
        return f"{self.url}/course"

    @property
    def items(self) -> list[Any]:
        return list(self.answers[-1][words.CONTENT_ITEMS])

    def launching(self, item: dict[str, Any]) -> str:
        """The page of a course with this link in a frame."""
        self.link = item
        return f"{self.url}/course"

    def login_address(self) -> str:
        asked = {
            "iss": self.url, "client_id": CLIENT, "login_hint": str(self.turn),
            "target_link_uri": self.link.get("url") or f"{self.site.tool}/lti/launch",
        }  # fmt: skip
        return f"{self.site.tool}/lti/login?{urlencode(asked)}"

    def _show(self, handler: BaseHTTPRequestHandler, path: str, query: dict[str, str]) -> None:
        if path == "/jwks":
            public = {**self.key.as_dict(private=False), "kid": "one", "use": "sig", "alg": "RS256"}
            _reply(handler, json.dumps({"keys": [public]}), "application/json")
        elif path == "/auth":
            form = {"id_token": self._token(query["nonce"]), "state": query["state"]}
            fields = "".join(f'<input type="hidden" name="{name}" value="{escape(form[name])}">' for name in form)
            action = escape(query["redirect_uri"])
            _reply(
                handler,
                f'<form method="post" action="{action}">{fields}</form><script>document.forms[0].submit()</script>',
            )
        elif path == "/course":
            style = "width:100%;height:90vh;border:0"
            frame = f'<iframe src="{escape(self.login_address())}" title="Tussenruimte" style="{style}">'
            _reply(handler, f"<title>Cursus</title><body style='margin:0'>{frame}</iframe>")
        else:
            handler.send_error(404)

    def _take(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        body = form["JWT"].split(".")[1]
        self.answers.append(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        _reply(handler, "<h1>Ontvangen</h1>")

    def _token(self, nonce: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.url, "aud": CLIENT, "sub": f"designer-{self.turn}", "iat": now, "exp": now + 60, "nonce": nonce,
            "name": "Dina Ontwerper", words.VERSION: "1.3.0", words.DEPLOYMENT_ID: "1", words.ROLES: self.roles,
            words.CONTEXT: {"id": f"course-{self.turn}", "title": "Ruimte voor gesprek"},
            words.LAUNCH_PRESENTATION: {"locale": self.locale},
        }  # fmt: skip
        if self.link:
            claims |= {
                words.MESSAGE_TYPE: words.RESOURCE_LINK_REQUEST, words.TARGET_LINK_URI: self.link["url"],
                words.CUSTOM: self.link["custom"], words.RESOURCE_LINK: {"id": secrets.token_hex(4)},
            }  # fmt: skip
        else:
            claims |= {
                words.MESSAGE_TYPE: words.DEEP_LINKING_REQUEST, words.TARGET_LINK_URI: f"{self.site.tool}/lti/launch",
                words.DEEP_LINKING_SETTINGS: {
                    "deep_link_return_url": f"{self.url}/return", "accept_types": [words.LTI_RESOURCE_LINK],
                    "accept_presentation_document_targets": ["iframe", "window"], "accept_multiple": True,
                    "data": "opaque", **self.settings,
                },
            }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)


def _reply(handler: BaseHTTPRequestHandler, text: str, kind: str = "text/html; charset=utf-8") -> None:
    content = text.encode()
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextlib.contextmanager
def designers_lms(site: Site) -> Iterator[DesignersLms]:
    lms = DesignersLms(site)
    lms.register()
    try:
        yield lms
    finally:
        lms.close()
