"""LTI login and launch of somebody we know, beside PyLTI1p3's Django adapter and beside the least it can cost.

In process, with the session middleware and no other: all are called in the same way. What an LMS does in between
(signing the id_token) isn't counted. The least: check the signature; nonce, person, course, link and session as upserts
in hand-written SQL, in one transaction; a redirect. It checks no claim, no state, no browser and knows no roles.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.contrib.auth import login as sign_in
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from joserfc.jwk import RSAKey
from pylti1p3.contrib.django import DjangoMessageLaunch, DjangoOIDCLogin
from pylti1p3.tool_config import ToolConfDict

from bench.measuring.cost import MICROSECONDS, interleaved
from bench.measuring.rows import Row, compared
from config.sessions import SessionMiddleware
from learning.runtime.publishing import publish_folder
from lti import claims as words
from lti.tool import views
from lti.tool.models import Account
from tests.factories import OrganisationFactory
from tests.journeys.three_units import three_units
from tests.lti.hostile import ISSUER, TARGET, Lms, connected, public

POSTGRESQL = True
CALLS = RequestFactory(headers={"host": "localhost"})

type Answer = Callable[[HttpRequest], HttpResponse]


def rows() -> list[Row]:
    publish_folder(three_units(Path(settings.DATA_DIR) / "drie-units"))
    lms = connected(OrganisationFactory.create())
    ours, theirs = Tool(lms, views.login, views.launch), Tool(lms, *adapter(lms))
    barest = Tool(lms, views.login, least(lms))
    took = interleaved(
        {"ours": ours.both, "theirs": theirs.both, "launch": ours.launches, "least": barest.launches}, rounds=15
    )
    return [
        compared(
            "LTI login and launch, beside PyLTI1p3's Django adapter",
            value=took["ours"], reference=took["theirs"], unit=MICROSECONDS, at_most=0.25,
        ),
        compared(
            "the launch of it, beside the least it can cost",
            value=took["launch"], reference=took["least"], unit=MICROSECONDS, at_most=2,
        ),
    ]  # fmt: skip


class Tool:
    """A tool, called as a browser would: every launch is by a browser that wasn't here before."""

    def __init__(self, lms: Lms, login: Answer, launch: Answer) -> None:
        self._lms = lms
        self._login, self._launch = called(login), called(launch)

    def both(self, times: int) -> float:
        logins, launches = self._measured(times)
        return logins + launches

    def launches(self, times: int) -> float:
        return self._measured(times)[1]

    def _measured(self, times: int) -> tuple[float, float]:
        asked = [CALLS.get(f"/lti/login?{urlencode(login_parameters())}") for _ in range(times)]
        start = time.thread_time()
        begun = [self._login(request) for request in asked]
        logins = time.thread_time() - start
        posted = [self._answer(response) for response in begun]
        start = time.thread_time()
        entered = [self._launch(request) for request in posted]
        launches = time.thread_time() - start
        assert {response.status_code for response in entered} <= {302, 303}, entered[0].content
        return logins, launches

    def _answer(self, begun: HttpResponse) -> HttpRequest:
        """What the LMS has the browser post, with the cookies it got."""
        sent = dict(parse_qsl(urlsplit(begun.headers["Location"]).query))
        form = {"state": sent["state"], "id_token": self._lms.sign(launch_claims(self._lms, sent["nonce"]))}
        request = CALLS.post("/lti/launch", urlencode(form), content_type="application/x-www-form-urlencoded")
        request.META["HTTP_COOKIE"] = "; ".join(f"{name}={held.value}" for name, held in begun.cookies.items())
        return request


def called(view: Answer) -> Answer:
    """With sessions, as both need them."""
    return cast(Answer, SessionMiddleware(view))


def login_parameters() -> dict[str, str]:
    return {
        "iss": ISSUER, "client_id": "client-1", "login_hint": "7", "target_link_uri": TARGET, "lti_message_hint": "42",
    }  # fmt: skip


def launch_claims(lms: Lms, nonce: str) -> dict[str, Any]:
    return lms.claims(nonce=nonce, **{words.CUSTOM: {"module": "dialoogprincipes"}})


def adapter(lms: Lms) -> tuple[Answer, Answer]:
    """A tool on PyLTI1p3, with its keys at hand; it finds its user by the ORM and signs them in as Django does."""
    settings = {
        "default": True,
        "client_id": "client-1",
        "auth_login_url": f"{ISSUER}/auth",
        "auth_token_url": f"{ISSUER}/token",
        "auth_audience": None,
        "key_set_url": None,
        "key_set": {"keys": [public(lms.key, lms.kid, alg="RS256")]},
        "deployment_ids": ["deployment-1"],
    }
    configuration = ToolConfDict({ISSUER: [settings]})

    def login(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = DjangoOIDCLogin(request, configuration).redirect(TARGET)
        return response

    def launch(request: HttpRequest) -> HttpResponse:
        data = DjangoMessageLaunch(request, configuration).get_launch_data()
        account = Account.objects.select_related("person").get(issuer=data["iss"], subject=data["sub"])
        sign_in(request, account.person, backend="django.contrib.auth.backends.ModelBackend")
        return HttpResponseRedirect("/leren/dialoogprincipes/")

    return login, launch


def least(lms: Lms) -> Answer:
    """A view that takes what it gets for true, once the signature is right, and writes it down."""
    assert isinstance(lms.key, RSAKey)
    key = lms.key.public_key
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_nonce (digest text PRIMARY KEY, expires bigint)")
        cursor.execute("CREATE TABLE bench_thing (kind text, id text, title text, PRIMARY KEY (kind, id))")
        cursor.execute("CREATE TABLE bench_session (key text PRIMARY KEY, data text, expires bigint)")
    upsert = (
        "INSERT INTO bench_thing VALUES (%s, %s, %s) "
        "ON CONFLICT (kind, id) DO UPDATE SET title = excluded.title RETURNING title"
    )

    def launch(request: HttpRequest) -> HttpResponse:
        head, payload, signature = request.POST["id_token"].split(".")
        key.verify(decoded(signature), f"{head}.{payload}".encode(), PKCS1v15(), SHA256())
        claims = json.loads(decoded(payload))
        session, link, context = secrets.token_hex(16), claims[words.RESOURCE_LINK], claims[words.CONTEXT]
        with transaction.atomic(), connection.cursor() as cursor:
            digest = hashlib.sha256(claims["nonce"].encode()).hexdigest()
            cursor.execute("INSERT INTO bench_nonce VALUES (%s, %s)", [digest, claims["exp"]])
            for kind, number, title in (
                ("person", claims["sub"], claims["name"]),
                ("course", context["id"], context["title"]),
                ("link", link["id"], link["title"]),
            ):
                cursor.execute(upsert, [kind, number, title])
                cursor.fetchone()
            data = json.dumps({"person": claims["sub"]})
            cursor.execute("INSERT INTO bench_session VALUES (%s, %s, %s)", [session, data, claims["exp"]])
        response = HttpResponseRedirect("/leren/dialoogprincipes/")
        response.set_cookie("session", session, max_age=43200, secure=True, httponly=True, samesite="None")
        return response

    return launch


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
