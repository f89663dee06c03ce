"""1EdTech LTI 1.3 Core, "known bad payloads", and the ones attackers and odd LMSes send besides."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.people.models import Person
from learning.people.services import suspend
from learning.tracks.models import Enrolment
from lti import claims as words
from lti.tool import services
from lti.tool.models import Account, UsedNonce
from lti.tool.tokens import LARGEST, LEEWAY
from tests.lti.hostile import TARGET, Claims, Lms, Response


def refused(response: Response, status: int) -> bool:
    """The page says what happened and has a number; nobody is in."""
    text = response.content.decode()
    return response.status_code == status and "Nummer van deze melding" in text and not response.client.session.keys()


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("iss", 401),
        ("aud", 401),
        ("exp", 401),
        ("iat", 401),
        ("nonce", 401),
        ("sub", 400),
        (words.MESSAGE_TYPE, 400),
        (words.VERSION, 400),
        (words.DEPLOYMENT_ID, 400),
        (words.TARGET_LINK_URI, 400),
        (words.RESOURCE_LINK, 400),
        (words.ROLES, 400),
    ],
)
@pytest.mark.parametrize("value", ["missing", None, "", 7, {}, True, [7], [[]]])
def test_a_required_claim_that_is_missing_or_of_the_wrong_form(
    lms: Lms, claims: Claims, browser: Client, claim: str, status: int, value: Any
) -> None:
    """ "Missing LTI claims", one at a time, and each as null, empty, number, object, boolean, list."""
    if value == "missing":
        del claims[claim]
    else:
        claims[claim] = value

    assert refused(lms.launch(browser, claims), status)
    assert not Person.objects.exists()


@pytest.mark.parametrize("version", ["1.1.0", "1.3", "1.3.0 ", "LTI-1p0", 1.3])
def test_wrong_lti_version(lms: Lms, claims: Claims, browser: Client, version: Any) -> None:
    claims[words.VERSION] = version

    assert refused(lms.launch(browser, claims), 400)


@pytest.mark.parametrize("kind", ["basic-lti-launch-request", "LtiResourceLinkRequest ", "LtiSubmissionReviewRequest"])
def test_wrong_message_type(lms: Lms, claims: Claims, browser: Client, kind: str) -> None:
    claims[words.MESSAGE_TYPE] = kind

    assert refused(lms.launch(browser, claims), 400)


def test_an_lti_1_1_launch(browser: Client, lms: Lms) -> None:
    response = browser.post("/lti/launch", {"lti_message_type": "basic-lti-launch-request", "oauth_signature": "x"})

    assert refused(response, 400)


@pytest.mark.parametrize(
    ("exp", "iat"),
    [
        (-3600, -3660),
        (-LEEWAY - 2, -60),
        (60, 3600),
        (60, LEEWAY + 5),
        (60, -7200),
        (60, -(10**9)),
        (10**20, 10**20),
        ("soon", 0),
        (60, "now"),
        (True, 0),
        (math.nan, 0),
        (math.inf, 0),
        (60, -math.inf),
    ],
)
def test_timestamps_incorrect(lms: Lms, claims: Claims, browser: Client, exp: Any, iat: Any) -> None:
    """exp in the past, iat in the future or long ago, and what isn't a time at all. Seconds from now."""
    now = time.time()
    number = (int, float)
    claims["exp"] = exp if not isinstance(exp, number) or isinstance(exp, bool) else now + exp
    claims["iat"] = iat if not isinstance(iat, number) or isinstance(iat, bool) else now + iat

    response = lms.launch(browser, claims)

    assert response.status_code in (400, 401)
    assert not response.client.session.keys()


def test_a_clock_that_differs_a_little_is_forgiven(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["iat"] = time.time() + LEEWAY - 10
    claims["exp"] = time.time() - LEEWAY + 10

    assert lms.launch(browser, claims).status_code == 303


def test_nbf_in_the_future(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["nbf"] = time.time() + 3600

    assert refused(lms.launch(browser, claims), 401)


@pytest.mark.parametrize(
    "issuer", ["https://lms.example/", "https://lms.example.evil.example", "https://lms.exampl", "HTTPS://LMS.EXAMPLE"]
)
def test_an_issuer_that_only_looks_like_it(lms: Lms, claims: Claims, browser: Client, issuer: str) -> None:
    claims["iss"] = issuer

    assert refused(lms.launch(browser, claims), 401)
    assert refused(lms.login(Client(), iss=issuer).response, 403)


def test_aud_of_another_tool(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["aud"] = "client-2"

    assert refused(lms.launch(browser, claims), 401)


@pytest.mark.parametrize("azp", ["missing", "client-2", None, ""])
def test_several_aud_without_our_azp(lms: Lms, claims: Claims, browser: Client, azp: Any) -> None:
    claims["aud"] = ["client-1", "client-2"]
    if azp != "missing":
        claims["azp"] = azp

    assert refused(lms.launch(browser, claims), 401)


def test_one_aud_with_a_foreign_azp(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["azp"] = "client-2"

    assert refused(lms.launch(browser, claims), 401)


def test_an_unknown_deployment(lms: Lms, claims: Claims, browser: Client) -> None:
    claims[words.DEPLOYMENT_ID] = "deployment-9"

    assert refused(lms.launch(browser, claims), 403)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/lti/launch",
        TARGET + "/",
        TARGET + ".evil.example",
        TARGET + "#x",
        TARGET + "?next=//evil",
        TARGET + "?module=a&module=b",
        TARGET + "?module=../x",
        "javascript:alert(1)",
        TARGET.replace("/lti", "//lti"),
        TARGET.replace("://", "://user@"),
    ],
)
def test_a_target_link_that_is_not_registered(lms: Lms, browser: Client, target: str) -> None:
    assert refused(lms.login(browser, target_link_uri=target).response, 400)


def test_a_target_link_other_than_that_of_the_login(lms: Lms, claims: Claims, browser: Client) -> None:
    begun = lms.login(browser, target_link_uri=TARGET)
    claims[words.TARGET_LINK_URI] = TARGET + "?module=proefmodule"

    assert refused(lms.launch(browser, claims, begun=begun), 400)


@pytest.mark.parametrize("text", ["x" * 256, "a\x00b", "\ud800", "line\nbreak"])
@pytest.mark.parametrize("claim", ["sub", words.DEPLOYMENT_ID, words.RESOURCE_LINK, words.CONTEXT])
def test_an_id_that_no_database_holds(lms: Lms, claims: Claims, browser: Client, claim: str, text: str) -> None:
    claims[claim] = {"id": text} if claim in (words.RESOURCE_LINK, words.CONTEXT) else text

    assert refused(lms.launch(browser, claims), 400)


@pytest.mark.parametrize("text", ["x" * 20_000, "a\x00b", "\ud800half", "\u202eright to left", "", " "])
def test_a_name_or_title_that_is_odd_opens_all_the_same(lms: Lms, claims: Claims, browser: Client, text: str) -> None:
    claims["name"] = text
    claims[words.RESOURCE_LINK] = {"id": "link-1", "title": text}
    claims[words.CONTEXT] = {"id": "course-1", "title": text, "label": text}

    assert lms.launch(browser, claims).status_code == 303
    assert len(Account.objects.get().person.name) <= 200


def test_a_name_of_100_kilobytes_is_cut(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["name"] = "Aydın " * 17_000

    assert lms.launch(browser, claims).status_code == 303
    assert Account.objects.get().person.name.startswith("Aydın Aydın")


def test_a_token_of_more_than_we_take(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["name"] = "x" * LARGEST

    assert refused(lms.launch(browser, claims), 400)


@pytest.mark.parametrize(
    "body", [b"[" * 60_000, b'{"a":' * 20_000, b"[]", b"7", b"\xff\xfe", b'{"exp":NaN}', b"{", b""]
)
def test_a_signed_payload_that_is_no_json_object(lms: Lms, browser: Client, body: bytes) -> None:
    begun = lms.login(browser)

    assert refused(lms.post(browser, lms.sign(body), begun.state), 400)


@pytest.mark.parametrize("module", ["no-such-module", "../../etc", "x" * 200])
def test_a_module_that_is_not_there(lms: Lms, claims: Claims, browser: Client, module: str) -> None:
    claims[words.CUSTOM] = {"module": module}

    assert refused(lms.launch(browser, claims), 400)
    assert not Person.objects.exists()


def test_a_unit_that_is_not_there(lms: Lms, claims: Claims, browser: Client) -> None:
    claims[words.CUSTOM] = {"module": "proefmodule", "unit": "u99"}

    assert refused(lms.launch(browser, claims), 400)


def test_a_suspended_person_stays_out(lms: Lms, claims: Claims, browser: Client) -> None:
    lms.launch(browser, claims)
    suspend(Account.objects.get().person)

    assert refused(lms.launch(Client(), claims), 403)
    assert browser.get("/leren/").status_code == 302


def test_a_platform_that_was_switched_off(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)
    services.switch(lms.platform, active=False)

    assert refused(lms.launch(browser, begun=begun), 403)
    assert refused(lms.login(browser).response, 403)


@pytest.mark.parametrize("parameter", ["iss", "login_hint", "target_link_uri"])
@pytest.mark.parametrize("value", [None, "", "a\x00b", "x" * 5000, ["twice", "twice"]])
def test_a_login_without_what_it_needs(lms: Lms, browser: Client, parameter: str, value: Any) -> None:
    assert refused(lms.login(browser, **{parameter: value}).response, 400)


def test_a_login_by_an_unknown_issuer_or_client(lms: Lms, browser: Client) -> None:
    assert refused(lms.login(browser, iss="https://unknown.example").response, 403)
    assert refused(lms.login(browser, client_id="unknown").response, 403)


@pytest.mark.parametrize(
    ("error", "status"), [("access_denied", 403), ("login_required", 403), ("server_error", 400), ("<b>", 400)]
)
def test_an_error_of_the_platform_is_shown(lms: Lms, browser: Client, error: str, status: int) -> None:
    """OpenID Connect Core §3.1.2.6: the platform posts an error instead of a token. Its own words aren't repeated."""
    begun = lms.login(browser)

    response = browser.post("/lti/launch", {"state": begun.state, "error": error, "error_description": "<i>why</i>"})

    assert refused(response, status)
    assert "<i>" not in response.content.decode()
    assert "Het platform gaf een fout terug" in response.content.decode()


@pytest.mark.parametrize("state", [None, "", "not ours"])
def test_an_error_of_the_platform_without_our_state_is_shown_too(browser: Client, lms: Lms, state: Any) -> None:
    posted = {"error": "access_denied"} if state is None else {"error": "access_denied", "state": state}

    response = browser.post("/lti/launch", posted)

    assert refused(response, 403)
    assert "Het platform gaf een fout terug" in response.content.decode()


def test_opening_the_launch_address_by_hand_explains_itself(browser: Client, lms: Lms) -> None:
    response = browser.get("/lti/launch")

    assert refused(response, 405)
    assert response.headers["Allow"] == "POST"


def test_a_refusal_shows_no_value_of_a_claim(lms: Lms, claims: Claims, browser: Client, caplog: Any) -> None:
    claims.update({words.DEPLOYMENT_ID: "secret-deployment", "sub": "secret-sub", "email": "secret@example.org"})

    with caplog.at_level("INFO"):
        text = lms.launch(browser, claims).content.decode()

    assert "secret" not in text + caplog.text
    assert "deployment-unknown" in caplog.text


def test_a_refusal_can_be_shown_in_the_frame_of_the_lms(lms: Lms, claims: Claims, browser: Client) -> None:
    del claims["sub"]

    assert (
        "frame-ancestors https://lms.example;" in lms.launch(browser, claims).headers["Content-Security-Policy"] + ";"
    )


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
CLAIMS = [
    "iss",
    "aud",
    "azp",
    "sub",
    "exp",
    "iat",
    "nbf",
    "nonce",
    "name",
    "given_name",
    "family_name",
    "email",
    words.MESSAGE_TYPE,
    words.VERSION,
    words.DEPLOYMENT_ID,
    words.TARGET_LINK_URI,
    words.RESOURCE_LINK,
    words.CONTEXT,
    words.ROLES,
    words.CUSTOM,
    words.LAUNCH_PRESENTATION,
    words.AGS_ENDPOINT,
]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(CLAIMS), anything, min_size=1, max_size=3), inner=anything)
def test_whatever_a_claim_holds_the_answer_is_a_page_or_a_way_in(lms: Lms, changes: Claims, inner: Any) -> None:
    claims = lms.claims(**changes)
    for claim in (words.RESOURCE_LINK, words.CONTEXT, words.CUSTOM, words.LAUNCH_PRESENTATION, words.AGS_ENDPOINT):
        if claim in changes:
            claims[claim] = {
                "id": inner,
                "title": inner,
                "module": inner,
                "locale": inner,
                "lineitem": inner,
                "scope": inner,
            }

    assert lms.launch(Client(), claims).status_code in (303, 400, 401, 403)


def test_ten_thousand_bad_launches_store_nothing(lms: Lms, browser: Client) -> None:
    """Two hundred here, each bad in its own way: no row of ours, no session, no cookie."""
    begun = lms.login(browser)
    good = lms.sign(lms.claims(nonce=begun.nonce))
    for number in range(200):
        token = good[: -1 - number % 40] + "AAAA" if number % 2 else f"{good}{number}"
        response = browser.post("/lti/launch", {"id_token": token, "state": begun.state})
        assert response.status_code in (400, 401)
        assert not response.cookies

    assert not UsedNonce.objects.exists()
    assert not Person.objects.exists()
    assert not Enrolment.objects.exists()
    assert not browser.session.keys()
