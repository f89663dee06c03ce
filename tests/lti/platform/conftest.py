"""A small LMS: one course with a tool in it, two learners, a trainer, and somebody who doesn't take part."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from joserfc import jws
from joserfc.jwk import RSAKey

from learning.people import services as people
from lti.claims import CLIENT_ASSERTION_TYPE
from lti.platform import services
from lti.platform.endpoints import endpoint
from lti.platform.models import Course, CourseRole, LineItem, Placement, Tool

LMS_HOST = "127.0.0.1:8000"
TOOL_SITE = "https://tool.example"
REDIRECT_URI = f"{TOOL_SITE}/launch"
TARGET = f"{TOOL_SITE}/module"


@dataclass(frozen=True)
class Signer:
    """A tool's own key pair."""

    key: RSAKey
    kid: str

    def public(self) -> dict[str, Any]:
        return {**self.key.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": "RS256"}

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        protected = {"alg": "RS256", "kid": self.kid, **header}
        return jws.serialize_compact(protected, json.dumps(claims).encode(), self.key)


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer(RSAKey.generate_key(2048), "key-1")


@pytest.fixture(scope="session")
def stranger() -> Signer:
    return Signer(RSAKey.generate_key(2048), "key-1")


@pytest.fixture
def organisation(db: None) -> Any:
    return people.create_organisation(slug="lenw", name="Land en Water")


@pytest.fixture
def make_tool(organisation: Any, signer: Signer) -> Callable[..., Tool]:
    def make(client_id: str = "tool-1", **changed: Any) -> Tool:
        fields = {
            "name": "Tussenruimte",
            "deployment_id": "1",
            "login_url": f"{TOOL_SITE}/login",
            "target_link_uris": [TARGET],
            "redirect_uris": [REDIRECT_URI],
            "jwks_url": f"{TOOL_SITE}/jwks",
        }
        tool = services.register_tool(organisation, client_id=client_id, **fields | changed)
        tool.keys = [{"kty": "RSA", **{name: signer.public()[name] for name in ("kid", "n", "e")}}]
        tool.save(update_fields=["keys"])
        return tool

    return make


@pytest.fixture
def tool(make_tool: Callable[..., Tool]) -> Tool:
    return make_tool()


@pytest.fixture
def course(organisation: Any) -> Course:
    return services.set_course(organisation, slug="ruimte", title="Leerlijn Ruimte voor Landbouw en Natuur")


@pytest.fixture
def placement(course: Course, tool: Tool) -> Placement:
    return services.place(
        course,
        position=1,
        title="Dialoog is een werkwoord",
        tool=tool,
        target_link_uri=TARGET,
        custom={"module": "dialoogprincipes"},
    )


@pytest.fixture
def item(placement: Placement) -> LineItem:
    return services.set_line_item(placement, label="Dialoog is een werkwoord")


@pytest.fixture
def make_person(organisation: Any) -> Callable[..., Any]:
    def make(username: str, **fields: Any) -> Any:
        return people.create_person(organisation, username=username, name=username.title(), **fields)

    return make


@pytest.fixture
def learner(make_person: Callable[..., Any], course: Course) -> Any:
    person = make_person("sanne", email="sanne@example.org")
    services.add_member(course, person=person, role=CourseRole.LEARNER)
    return person


@pytest.fixture
def trainer(make_person: Callable[..., Any], course: Course) -> Any:
    person = make_person("tineke")
    services.add_member(course, person=person, role=CourseRole.INSTRUCTOR)
    return person


@pytest.fixture
def outsider(make_person: Callable[..., Any]) -> Any:
    return make_person("bram")


@pytest.fixture
def browser() -> Callable[..., Client]:
    """A browser at the LMS's host, signed in as `person`."""

    def open_as(person: Any = None) -> Client:
        client = Client(HTTP_HOST=LMS_HOST, enforce_csrf_checks=True)
        if person is not None:
            client.force_login(person, backend="learning.people.backend.PersonBackend")
        return client

    return open_as


def assertion_claims(client_id: str = "tool-1", **changed: Any) -> dict[str, Any]:
    """What a well-behaved tool says; None leaves a claim out."""
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": endpoint("token"),
        "iat": now - 5,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(8),
    }
    return {name: value for name, value in (claims | changed).items() if value is not None}


def token_form(assertion: str, **changed: str) -> dict[str, str]:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": CLIENT_ASSERTION_TYPE,
        "client_assertion": assertion,
        "scope": " ".join(services.SCOPES),
    }
    return {name: value for name, value in (form | changed).items() if value}


@pytest.fixture
def token_for(signer: Signer) -> Callable[..., str]:
    """An access token as a tool gets it."""

    def ask(client_id: str = "tool-1", *scopes: str) -> str:
        form = token_form(signer.sign(assertion_claims(client_id)))
        if scopes:
            form["scope"] = " ".join(scopes)
        answer = Client(HTTP_HOST=LMS_HOST).post("/lti/platform/token", _encoded(form), content_type=FORM)
        assert answer.status_code == 200, answer.content
        return str(answer.json()["access_token"])

    return ask


FORM = "application/x-www-form-urlencoded"


def _encoded(form: Mapping[str, str]) -> str:
    return urlencode(form)


def post_form(form: Mapping[str, str], **extra: Any) -> Any:
    return Client(HTTP_HOST=LMS_HOST).post("/lti/platform/token", _encoded(form), content_type=FORM, **extra)
