from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from learning.people import services as people
from lti.keys import jwks
from lti.platform import addresses, launches, services
from lti.platform.endpoints import issuer
from lti.platform.models import CourseMember, Placement, SpentToken, Tool
from tests.lti.platform.conftest import LMS_HOST, REDIRECT_URI, TARGET

pytestmark = pytest.mark.django_db

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
type Browser = Callable[..., Client]


def begin(client: Client, placement: Placement, query: str = "") -> dict[str, str]:
    """What the tool's login endpoint is asked."""
    answer = client.get(f"/lti/platform/launch/{placement.key}{query}")
    assert answer.status_code == 302, answer.content
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def request_for(login: dict[str, str], **changed: str | None) -> dict[str, str]:
    """What a well-behaved tool asks next; None leaves a parameter out."""
    parameters: dict[str, str | None] = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": login["client_id"],
        "redirect_uri": REDIRECT_URI,
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
        "state": "state-1",
        "nonce": "nonce-1",
    }
    return {name: value for name, value in (parameters | changed).items() if value is not None}


def authorise(client: Client, parameters: dict[str, str]) -> Any:
    return client.get("/lti/platform/auth", parameters)


def posted(answer: Any) -> dict[str, str]:
    """What the page would post, and where ("action")."""
    assert answer.status_code == 200, answer.content
    page = answer.content.decode()
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    action = re.search(r'<form id="onward" method="post" action="([^"]*)">', page)
    assert action
    return {html.unescape(name): html.unescape(value) for name, value in [*fields, ("action", action[1])]}


def claims_of(answer: Any) -> dict[str, Any]:
    key = RSAKey.import_key(jwks("platform")["keys"][0])
    return dict(jwt.decode(posted(answer)["id_token"], key, algorithms=["RS256"]).claims)


def launch(browser: Browser, person: Any, placement: Placement, query: str = "") -> dict[str, Any]:
    client = browser(person)
    return claims_of(authorise(client, request_for(begin(client, placement, query))))


def test_a_launch_sends_the_browser_to_the_tools_login_with_what_it_needs(
    browser: Browser, learner: Any, placement: Placement
) -> None:
    login = begin(browser(learner), placement)
    assert login["iss"] == issuer()
    assert login["target_link_uri"] == TARGET
    assert login["client_id"] == "tool-1"
    assert login["lti_deployment_id"] == "1"
    assert login["login_hint"] == str(learner.pseudonym)


def test_a_login_address_keeps_the_query_it_has() -> None:
    address = addresses.with_parameters("https://tool.example/login?a=b&c=#piece", {"iss": "x&y"})
    assert parse_qs(urlsplit(address).query, keep_blank_values=True) == {"a": ["b"], "c": [""], "iss": ["x&y"]}
    assert "#" not in address


def test_the_tool_gets_a_signed_id_token_with_the_claims_of_a_resource_link_launch(
    browser: Browser, learner: Any, placement: Placement, item: Any
) -> None:
    client = browser(learner)
    answer = authorise(client, request_for(begin(client, placement)))
    post = posted(answer)
    claims = claims_of(answer)
    course = f"{issuer()}/lineitems/{placement.course.key}"
    assert post["action"] == REDIRECT_URI
    assert post["state"] == "state-1"
    assert claims["iss"] == issuer()
    assert claims["aud"] == claims["azp"] == "tool-1"
    assert claims["nonce"] == "nonce-1"
    assert claims["sub"] == str(learner.pseudonym)
    assert 0 < claims["exp"] - claims["iat"] <= 60
    assert claims[CLAIM + "message_type"] == "LtiResourceLinkRequest"
    assert claims[CLAIM + "version"] == "1.3.0"
    assert claims[CLAIM + "deployment_id"] == "1"
    assert claims[CLAIM + "target_link_uri"] == TARGET
    assert claims[CLAIM + "roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    assert claims[CLAIM + "resource_link"] == {"id": str(placement.key), "title": placement.title}
    assert claims[CLAIM + "context"]["id"] == str(placement.course.key)
    assert claims[CLAIM + "custom"] == {"module": "dialoogprincipes"}
    assert claims[CLAIM + "launch_presentation"]["document_target"] == "iframe"
    assert claims[CLAIM + "launch_presentation"]["return_url"] == f"http://{LMS_HOST}/leerlijn/ruimte/"
    assert claims[ENDPOINT] == {
        "scope": list(services.GRADE_SCOPES),
        "lineitems": course,
        "lineitem": f"{course}/{item.key}",
    }


def test_a_launch_in_a_window_says_so(browser: Browser, learner: Any, placement: Placement) -> None:
    claims = launch(browser, learner, placement, "?window=1")
    assert claims[CLAIM + "launch_presentation"]["document_target"] == "window"


def test_name_and_email_stay_here_unless_the_tool_may_have_them(
    browser: Browser, learner: Any, placement: Placement, tool: Tool
) -> None:
    assert not {"name", "email"} & launch(browser, learner, placement).keys()
    Tool.objects.update(shares_name=True)
    assert launch(browser, learner, placement)["name"] == "Sanne"
    assert "email" not in launch(browser, learner, placement)
    Tool.objects.update(shares_email=True)
    assert launch(browser, learner, placement)["email"] == "sanne@example.org"


def test_a_tool_without_scopes_hears_of_no_grade_service(browser: Browser, learner: Any, placement: Placement) -> None:
    Tool.objects.update(scopes=[])
    assert ENDPOINT not in launch(browser, learner, placement)


def test_a_trainer_launches_as_instructor(browser: Browser, trainer: Any, placement: Placement) -> None:
    assert launch(browser, trainer, placement)[CLAIM + "roles"] == [
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
    ]


def test_the_request_may_be_posted_too(browser: Browser, learner: Any, placement: Placement) -> None:
    client = browser(learner)
    answer = client.post("/lti/platform/auth", request_for(begin(client, placement)))
    assert claims_of(answer)["nonce"] == "nonce-1"


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/launch", REDIRECT_URI + "/", REDIRECT_URI + "?x=1", REDIRECT_URI.upper(), "", TARGET],
)
def test_a_redirect_uri_that_is_not_registered_gets_nothing(
    browser: Browser, learner: Any, placement: Placement, address: str
) -> None:
    client = browser(learner)
    answer = authorise(client, request_for(begin(client, placement), redirect_uri=address))
    assert answer.status_code == 400
    assert b"id_token" not in answer.content
    assert "wrong_redirect_uri" in answer.content.decode()


def test_another_tools_redirect_uri_gets_nothing(
    browser: Browser, learner: Any, placement: Placement, make_tool: Callable[..., Tool]
) -> None:
    make_tool("tool-2", redirect_uris=["https://second.example/launch"])
    client = browser(learner)
    answer = authorise(client, request_for(begin(client, placement), redirect_uri="https://second.example/launch"))
    assert answer.status_code == 400


def test_a_hint_for_one_tool_opens_nothing_for_another(
    browser: Browser, learner: Any, placement: Placement, make_tool: Callable[..., Tool]
) -> None:
    make_tool("tool-2", redirect_uris=[REDIRECT_URI])
    client = browser(learner)
    answer = authorise(client, request_for(begin(client, placement), client_id="tool-2"))
    assert answer.status_code == 400
    assert "wrong_hint" in answer.content.decode()


@pytest.mark.parametrize("client_id", ["", "nobody", "tool-1\x00"])
def test_an_unknown_tool_gets_nothing(browser: Browser, learner: Any, placement: Placement, client_id: str) -> None:
    client = browser(learner)
    assert authorise(client, request_for(begin(client, placement), client_id=client_id)).status_code == 400


def test_a_tool_that_is_switched_off_gets_nothing(browser: Browser, learner: Any, placement: Placement) -> None:
    client = browser(learner)
    parameters = request_for(begin(client, placement))
    Tool.objects.update(active=False)
    assert authorise(client, parameters).status_code == 400
    assert client.get(f"/lti/platform/launch/{placement.key}").status_code == 404


def test_a_hint_works_once(browser: Browser, learner: Any, placement: Placement) -> None:
    client = browser(learner)
    parameters = request_for(begin(client, placement))
    assert authorise(client, parameters).status_code == 200
    again = authorise(client, parameters | {"nonce": "nonce-2", "state": "state-2"})
    assert again.status_code == 400
    assert "hint_used" in again.content.decode()


def test_a_hint_is_for_one_person(browser: Browser, learner: Any, trainer: Any, placement: Placement) -> None:
    parameters = request_for(begin(browser(learner), placement))
    answer = authorise(browser(trainer), parameters)
    assert answer.status_code == 403
    assert b"id_token" not in answer.content


def test_a_login_hint_of_somebody_else_gets_nothing(
    browser: Browser, learner: Any, trainer: Any, placement: Placement
) -> None:
    client = browser(learner)
    parameters = request_for(begin(client, placement), login_hint=str(trainer.pseudonym))
    assert authorise(client, parameters).status_code == 403


@pytest.mark.parametrize("change", [lambda hint: hint[:-2] + "xx", lambda hint: "x", lambda hint: hint.split(":")[0]])
def test_a_hint_that_was_changed_gets_nothing(
    browser: Browser, learner: Any, placement: Placement, change: Callable[[str], str]
) -> None:
    client = browser(learner)
    login = begin(client, placement)
    answer = authorise(client, request_for(login, lti_message_hint=change(login["lti_message_hint"])))
    assert answer.status_code == 400
    assert "wrong_hint" in answer.content.decode()


def test_a_hint_grows_old(
    browser: Browser, learner: Any, placement: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(learner)
    parameters = request_for(begin(client, placement))
    later = time.time() + launches.HINT_LIFE + 1
    monkeypatch.setattr("time.time", lambda: later)
    answer = authorise(client, parameters)
    assert answer.status_code == 400
    assert "hint_expired" in answer.content.decode()


def test_who_left_the_course_in_between_is_not_launched(browser: Browser, learner: Any, placement: Placement) -> None:
    client = browser(learner)
    parameters = request_for(begin(client, placement))
    CourseMember.objects.all().delete()
    assert authorise(client, parameters).status_code == 404


def test_who_was_suspended_in_between_is_not_launched(browser: Browser, learner: Any, placement: Placement) -> None:
    client = browser(learner)
    parameters = request_for(begin(client, placement))
    people.suspend(learner)
    assert posted(authorise(client, parameters))["action"] != REDIRECT_URI
    assert authorise(client, parameters | {"again": "1"}).status_code == 403


def test_who_does_not_take_part_cannot_start(browser: Browser, outsider: Any, placement: Placement) -> None:
    assert browser(outsider).get(f"/lti/platform/launch/{placement.key}").status_code == 404


def test_without_a_session_the_browser_comes_once_more_from_a_page_of_ours(
    browser: Browser, learner: Any, placement: Placement
) -> None:
    """A Lax cookie isn't sent when a tool's page in a frame posts here; it is from our own page in that frame."""
    parameters = request_for(begin(browser(learner), placement))
    first = posted(browser().post("/lti/platform/auth", parameters))
    assert first.pop("action") == f"{issuer()}/auth"
    assert first == parameters | {"again": "1"}
    assert browser().post("/lti/platform/auth", first).status_code == 403
    assert claims_of(browser(learner).post("/lti/platform/auth", first))["sub"] == str(learner.pseudonym)


def test_signed_out_there_is_no_launch(browser: Browser, placement: Placement) -> None:
    answer = browser().get(f"/lti/platform/launch/{placement.key}")
    assert answer.status_code == 403
    assert 'target="_top"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "code"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_mode": "query"}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"nonce": "n" * 2001}, "invalid_request"),
        ({"login_hint": None}, "invalid_request"),
        ({"lti_message_hint": None}, "invalid_request"),
    ],
)
def test_what_the_tool_does_wrong_is_told_to_the_tool(
    browser: Browser, learner: Any, placement: Placement, changed: dict[str, str | None], error: str
) -> None:
    client = browser(learner)
    post = posted(authorise(client, request_for(begin(client, placement), **changed)))
    assert post["action"] == REDIRECT_URI
    assert post["error"] == error
    assert post["state"] == "state-1"
    assert "id_token" not in post


def test_a_parameter_given_twice_gets_nothing(browser: Browser, learner: Any, placement: Placement) -> None:
    client = browser(learner)
    query = urlencode([*request_for(begin(client, placement)).items(), ("redirect_uri", "https://evil.example")])
    assert client.get(f"/lti/platform/auth?{query}").status_code == 400


def test_script_in_state_stays_text(browser: Browser, learner: Any, placement: Placement) -> None:
    state = "\"><script>alert(1)</script>'&amp;"
    client = browser(learner)
    answer = authorise(client, request_for(begin(client, placement), state=state))
    assert b"<script>alert" not in answer.content
    assert posted(answer)["state"] == state


def test_a_request_without_state_is_answered_without_state(
    browser: Browser, learner: Any, placement: Placement
) -> None:
    client = browser(learner)
    assert "state" not in posted(authorise(client, request_for(begin(client, placement), state=None)))


def test_the_page_may_post_to_the_tool_and_stand_in_our_frames_only(
    browser: Browser, learner: Any, placement: Placement
) -> None:
    client = browser(learner)
    policy = authorise(client, request_for(begin(client, placement)))["Content-Security-Policy"]
    assert "form-action 'self' https://tool.example" in policy
    assert "frame-ancestors 'self'" in policy


def test_bad_launches_leave_nothing_behind(browser: Browser, learner: Any, placement: Placement) -> None:
    client = browser(learner)
    login = begin(client, placement)
    for hint in ("x", login["lti_message_hint"] + "x"):
        authorise(client, request_for(login, lti_message_hint=hint))
    assert not SpentToken.objects.exists()


def test_what_was_used_is_forgotten_when_it_would_have_expired(
    browser: Browser, learner: Any, placement: Placement
) -> None:
    launch(browser, learner, placement)
    SpentToken.objects.update(expires_at="2020-01-01T00:00:00Z")
    launch(browser, learner, placement)
    assert SpentToken.objects.count() == 1


def test_an_authorization_takes_a_fixed_number_of_queries(
    browser: Browser, learner: Any, placement: Placement, item: Any, django_assert_max_num_queries: Any
) -> None:
    launch(browser, learner, placement)
    client = browser(learner)
    parameters = request_for(begin(client, placement))
    with django_assert_max_num_queries(12):
        authorise(client, parameters)
