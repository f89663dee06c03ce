"""Tools that register themselves: once, within the hour, read strictly, approved by a person, overwriting nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from learning.people import services as people
from lti.platform import registration, services
from lti.platform.endpoints import endpoint
from lti.platform.models import Tool, ToolInvitation
from tests.lti.platform.conftest import LMS_HOST

pytestmark = pytest.mark.django_db

ADDRESS = "https://tool.example/register?tenant=7"
CONFIGURATION = registration.TOOL_CONFIGURATION


@pytest.fixture
def editor(make_person: Callable[..., Any], organisation: Any) -> Any:
    person = make_person("jorrit")
    people.set_roles_from(person, organisation=organisation, source="local", roles={"redacteur"})
    return person


@pytest.fixture
def token(editor: Any) -> str:
    _invitation, address = registration.invite(editor, ADDRESS)
    return parse_qs(urlsplit(address).query)["registration_token"][0]


def metadata(**changed: Any) -> dict[str, Any]:
    """What a well-behaved tool says; `tool__x` changes its LTI part, None leaves something out."""
    tool = {
        "domain": "tool.example",
        "description": "Een rollenspel.",
        "target_link_uri": "https://tool.example/launch",
        "custom_parameters": {"colour": "blue"},
        "claims": ["iss", "sub", "name", "email"],
        "messages": [
            {"type": "LtiResourceLinkRequest"},
            {"type": "LtiDeepLinkingRequest", "target_link_uri": "https://tool.example/choose"},
        ],
    }
    whole = {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": "https://tool.example/login",
        "redirect_uris": ["https://tool.example/launch", "https://tool.example/choose"],
        "client_name": "Rollenspel",
        "jwks_uri": "https://keys.example/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"openid {services.SCORE} {services.LINE_ITEM} {services.MEMBERS_READ} https://other.example/scope",
        CONFIGURATION: tool,
    }
    for name, value in changed.items():
        part, key = (tool, name.removeprefix("tool__")) if name.startswith("tool__") else (whole, name)
        part[key] = value
        if value is None:
            del part[key]
    return whole


def send(token: str, body: Any, content_type: str = "application/json") -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(HTTP_HOST=LMS_HOST).post("/lti/platform/register", data, content_type=content_type, headers=headers)


def refused(answer: Any, status: int = 400, error: str = "invalid_client_metadata") -> str:
    assert answer.status_code == status, answer.content
    assert answer.json()["error"] == error
    assert not Tool.objects.exists()
    return str(answer.json()["error_description"])


def test_an_invitation_is_the_tools_address_with_where_we_are_and_a_token(editor: Any) -> None:
    invitation, address = registration.invite(editor, ADDRESS)
    query = parse_qs(urlsplit(address).query)
    assert address.startswith("https://tool.example/register?tenant=7&")
    assert query["openid_configuration"] == [endpoint("configuration")]
    assert query["registration_token"][0] not in str(ToolInvitation.objects.values().get())
    assert invitation.tool is None


def test_a_tool_registers_and_waits_for_approval_with_nothing_given(token: str, editor: Any) -> None:
    answer = send(token, metadata())
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    tool = Tool.objects.get()
    told = answer.json()
    assert told["client_id"] == tool.client_id
    assert told[CONFIGURATION]["deployment_id"] == tool.deployment_id
    assert told["scope"].split() == [services.LINE_ITEM, services.SCORE, services.MEMBERS_READ]
    assert tool.awaits_approval
    assert not tool.active
    assert (tool.scopes, tool.shares_name, tool.shares_email) == ([], False, False)
    assert tool.organisation_id == editor.organisation_id
    assert tool.choosing_url == "https://tool.example/choose"
    assert tool.custom == {"colour": "blue"}
    assert tool.asks == {
        "scopes": [services.LINE_ITEM, services.SCORE, services.MEMBERS_READ],
        "claims": ["email", "iss", "name", "sub"],
    }
    assert ToolInvitation.objects.get().tool == tool


def test_a_token_is_good_for_one_registration(token: str) -> None:
    assert send(token, metadata()).status_code == 201
    again = send(token, metadata(client_name="Ander"))
    assert (again.status_code, again.json()["error"]) == (401, "invalid_token")
    assert Tool.objects.get().name == "Rollenspel"


def test_a_registration_that_failed_may_be_mended(token: str) -> None:
    refused(send(token, metadata(jwks_uri=None)))
    assert send(token, metadata()).status_code == 201


@pytest.mark.parametrize("bad", ["", "x", "x\x00", "é"])
def test_without_a_token_nobody_registers(token: str, bad: str) -> None:
    answer = send(bad.encode().decode("latin-1"), metadata())
    refused(answer, 401, "invalid_token")
    assert "invalid_token" in answer["WWW-Authenticate"]


def test_a_token_grows_old(token: str) -> None:
    ToolInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refused(send(token, metadata()), 401, "invalid_token")


def test_who_was_suspended_invited_nobody(token: str, editor: Any) -> None:
    people.suspend(editor)
    refused(send(token, metadata()), 401, "invalid_token")


def test_without_a_token_the_body_is_not_even_read(token: str) -> None:
    refused(send("x", b"[" * 50_000), 401, "invalid_token")


def test_a_registration_never_changes_a_tool_that_is_there(editor: Any, make_tool: Callable[..., Tool]) -> None:
    """pylti1p3next: who answers with another's client_id overwrites that one."""
    there = make_tool("tool-1")
    before = Tool.objects.filter(pk=there.pk).values().get()
    _invitation, address = registration.invite(editor, ADDRESS)
    token = parse_qs(urlsplit(address).query)["registration_token"][0]
    answer = send(token, metadata(client_id="tool-1", client_name=there.name, jwks_uri=there.jwks_url))
    assert answer.json()["client_id"] != "tool-1"
    assert Tool.objects.filter(pk=there.pk).values().get() == before
    assert Tool.objects.count() == 2


BAD_ADDRESSES = (
    "http://tool.example/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://",
    "https://user:word@tool.example/",
    "https://tool.example/#part",
    "https://10.0.0.1/x",
    "https://169.254.169.254/latest",
    "//tool.example/x",
    "/x",
    "https://tool.example/\x00",
    "https://tool.example/" + "x" * 1000,
    "",
    5,
    None,
)


@pytest.mark.parametrize("field", ["initiate_login_uri", "jwks_uri", "tool__target_link_uri"])
@pytest.mark.parametrize("bad", BAD_ADDRESSES)
def test_an_address_that_is_no_https_address_is_not_taken(token: str, field: str, bad: Any) -> None:
    refused(send(token, metadata(**{field: bad})))


@pytest.mark.parametrize("bad", [None, [], "https://tool.example/launch", [5], ["http://tool.example/"], ["x"] * 51])
def test_redirect_addresses_are_a_list_of_https_addresses(token: str, bad: Any) -> None:
    answer = send(token, metadata(redirect_uris=bad))
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_redirect_uri", "invalid_client_metadata")
    assert not Tool.objects.exists()


@pytest.mark.parametrize("on", [True, False])
def test_the_loopback_is_taken_only_where_a_setting_says_so(token: str, settings: Any, on: bool) -> None:
    settings.LTI_ALLOW_LOOPBACK = on
    local = "http://localhost:3000"
    answer = send(
        token,
        metadata(
            initiate_login_uri=f"{local}/login",
            jwks_uri=f"{local}/keys",
            redirect_uris=[local],
            tool__target_link_uri=local,
            tool__domain="localhost:3000",
            tool__messages=[{"type": "LtiResourceLinkRequest"}],
        ),
    )
    assert answer.status_code == (201 if on else 400)


@pytest.mark.parametrize(
    "changed",
    [
        {"tool__domain": None},
        {"tool__domain": "other.example"},
        {"tool__domain": "ool.example"},
        {"tool__target_link_uri": "https://tool.example.evil.example/launch"},
        {"tool__messages": [{"type": "LtiDeepLinkingRequest", "target_link_uri": "https://evil.example/choose"}]},
        {"tool__messages": "LtiDeepLinkingRequest"},
        {"tool__messages": ["LtiDeepLinkingRequest"]},
        {"tool__custom_parameters": {"a": 1}},
        {"tool__custom_parameters": {"a": "b\x00"}},
        {"tool__custom_parameters": []},
        {"tool__claims": "name"},
        {"client_name": None},
        {"client_name": ""},
        {"client_name": "x" * 201},
        {"client_name": "a\x00b"},
        {"client_name": "\ud800"},
        {"application_type": "native"},
        {"response_types": ["code"]},
        {"response_types": None},
        {"grant_types": ["client_credentials"]},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"scope": ["openid"]},
        {CONFIGURATION: None},
        {CONFIGURATION: "x"},
    ],
)
def test_what_does_not_fit_is_refused_whole(token: str, changed: dict[str, Any]) -> None:
    refused(send(token, metadata(**changed)))


@pytest.mark.parametrize("body", [b" ", b"{", b"[]", b"5", b"\xff\xfe", b"[" * 30_000])
def test_what_is_no_json_object_is_refused(token: str, body: bytes) -> None:
    refused(send(token, body))


def test_a_body_that_is_too_large_or_says_to_be_something_else_is_not_read(token: str) -> None:
    refused(send(token, metadata(more="x" * 70_000)), 413)
    refused(send(token, metadata(), "text/plain"), 415)


def test_a_waiting_tool_can_do_nothing(token: str, signer: Any) -> None:
    send(token, metadata())
    tool = Tool.objects.get()
    with pytest.raises(services.NotAllowed):
        services.add_items(
            services.set_course(tool.organisation, slug="x", title="x"),
            tool,
            [services.Item("x", "https://tool.example/launch")],
        )
    services.switch(tool, on=True)
    assert not Tool.objects.get().active
    services.approve(tool)
    assert Tool.objects.get().active


def test_rejected_it_is_gone_but_a_tool_that_was_approved_stays(token: str) -> None:
    send(token, metadata())
    services.approve(Tool.objects.get())
    services.reject(Tool.objects.get())
    assert Tool.objects.exists()
    Tool.objects.update(active=False, awaits_approval=True)
    services.reject(Tool.objects.get())
    assert not Tool.objects.exists()
