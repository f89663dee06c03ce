from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lti.platform import services, tokens
from lti.platform.endpoints import endpoint, issuer
from lti.platform.models import SpentToken, Tool
from tests.lti.platform.conftest import LMS_HOST, Signer, assertion_claims, post_form, token_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tool")]


@pytest.fixture(autouse=True)
def _no_fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lti.outbound.get_json", lambda address, **bounds: {"keys": []})


def refused(answer: Any, error: str = "invalid_client") -> str:
    assert answer.status_code == (401 if error == "invalid_client" else 400), answer.content
    assert answer.json()["error"] == error
    assert answer["Cache-Control"] == "no-store"
    return str(answer.json()["error_description"])


def test_a_signed_assertion_is_worth_a_token_with_the_scopes_asked_for(signer: Signer) -> None:
    answer = post_form(token_form(signer.sign(assertion_claims()), scope=services.SCORE))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3600
    assert body["scope"] == services.SCORE


def test_only_scopes_the_tool_was_given_come_back(signer: Signer) -> None:
    Tool.objects.update(scopes=[services.SCORE])
    body = post_form(token_form(signer.sign(assertion_claims()))).json()
    assert body["scope"] == services.SCORE


def test_a_token_without_any_scope_is_not_given(signer: Signer) -> None:
    wanted = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
    refused(post_form(token_form(signer.sign(assertion_claims()), scope=wanted)), "invalid_scope")
    refused(post_form(token_form(signer.sign(assertion_claims()), scope="")), "invalid_scope")


@pytest.mark.parametrize("audience", [endpoint("token"), issuer(), [endpoint("token"), "https://other.example"]])
def test_the_assertion_may_be_for_the_token_endpoint_or_the_issuer(signer: Signer, audience: Any) -> None:
    assert post_form(token_form(signer.sign(assertion_claims(aud=audience)))).status_code == 200


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"aud": None}, "aud"),
        ({"aud": "https://other.example/token"}, "aud"),
        ({"aud": [5, {}]}, "aud"),
        ({"aud": {}}, "aud"),
        ({"iss": "tool-2"}, "iss and sub"),
        ({"iss": None}, "iss and sub"),
        ({"sub": None}, "sub"),
        ({"sub": ["tool-1"]}, "sub"),
        ({"sub": "nobody"}, "sub"),
        ({"sub": "tool-1\x00"}, "sub"),
        ({"sub": "\ud800"}, "sub"),
        ({"jti": "\ud800\x00", "aud": None}, "aud"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 5}, "jti"),
        ({"jti": "j" * 501}, "jti"),
        ({"exp": None}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": 10**30}, "exp"),
        ({"iat": None}, "iat"),
        ({"iat": -1}, "iat"),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_worth_nothing(signer: Signer, changed: dict[str, Any], told: str) -> None:
    assert told in refused(post_form(token_form(signer.sign(assertion_claims(**changed)))))


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": int(time.time()) - 120},
        {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 3660},
        {"nbf": int(time.time()) + 3600},
        {"exp": int(time.time()) + 24 * 3600},
    ],
)
def test_an_assertion_out_of_its_time_is_worth_nothing(signer: Signer, changed: dict[str, Any]) -> None:
    refused(post_form(token_form(signer.sign(assertion_claims(**changed)))))


def test_an_assertion_works_once(signer: Signer) -> None:
    assertion = signer.sign(assertion_claims())
    assert post_form(token_form(assertion)).status_code == 200
    assert "before" in refused(post_form(token_form(assertion)))


def test_a_jti_works_once_in_another_assertion_too(signer: Signer) -> None:
    assert post_form(token_form(signer.sign(assertion_claims(jti="one")))).status_code == 200
    refused(post_form(token_form(signer.sign(assertion_claims(jti="one", exp=int(time.time()) + 90)))))


def test_a_jti_may_hold_any_character(signer: Signer) -> None:
    assertion = signer.sign(assertion_claims(jti="\ud800\x00é"))
    assert post_form(token_form(assertion)).status_code == 200
    refused(post_form(token_form(assertion)))


def test_two_tools_may_choose_the_same_jti(signer: Signer, make_tool: Callable[..., Tool]) -> None:
    make_tool("tool-2")
    for client_id in ("tool-1", "tool-2"):
        assert post_form(token_form(signer.sign(assertion_claims(client_id, jti="one")))).status_code == 200


def test_a_stranger_with_the_same_kid_gets_nothing(stranger: Signer) -> None:
    refused(post_form(token_form(stranger.sign(assertion_claims()))))
    assert not SpentToken.objects.exists()


def test_a_key_that_changed_under_the_same_name_is_fetched(stranger: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lti.outbound.get_json", lambda address, **bounds: {"keys": [stranger.public()]})
    assert post_form(token_form(stranger.sign(assertion_claims()))).status_code == 200


def test_one_tool_cannot_speak_for_another(stranger: Signer, make_tool: Callable[..., Tool]) -> None:
    other = make_tool("tool-2")
    other.keys = [{"kty": "RSA", **{name: stranger.public()[name] for name in ("kid", "n", "e")}}]
    other.save()
    refused(post_form(token_form(stranger.sign(assertion_claims("tool-1")))))


def test_a_key_in_the_header_is_not_used(stranger: Signer) -> None:
    refused(post_form(token_form(stranger.sign(assertion_claims(), jwk=stranger.public()))))


def test_a_key_address_in_the_header_is_not_used(stranger: Signer) -> None:
    refused(post_form(token_form(stranger.sign(assertion_claims(), jku="https://evil.example/jwks"))))


def _forged(header: dict[str, str], secret: bytes = b"") -> str:
    """A JWT made by hand, for libraries refuse to make these."""

    def encoded(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    text = encoded(json.dumps(header).encode()) + "." + encoded(json.dumps(assertion_claims()).encode())
    return text + "." + (encoded(hmac.digest(secret, text.encode(), "sha256")) if secret else "")


def test_the_public_key_is_no_shared_secret(signer: Signer) -> None:
    pem = signer.key.as_pem(private=False)
    refused(post_form(token_form(_forged({"alg": "HS256", "kid": signer.kid}, pem))))


def test_an_unsigned_assertion_is_worth_nothing(signer: Signer) -> None:
    refused(post_form(token_form(_forged({"alg": "none", "kid": signer.kid}))))
    refused(post_form(token_form(_forged({"alg": "RS256", "kid": signer.kid}))))


@pytest.mark.parametrize("assertion", ["", "x", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "é.é.é", "x" * 70_000])
def test_what_is_not_a_jwt_is_worth_nothing(assertion: str) -> None:
    refused(post_form(token_form(assertion)))


def test_a_client_id_beside_the_assertion_must_be_its_own(signer: Signer) -> None:
    assert post_form(token_form(signer.sign(assertion_claims()), client_id="tool-1")).status_code == 200
    refused(post_form(token_form(signer.sign(assertion_claims()), client_id="tool-2")))


def test_a_tool_that_is_switched_off_gets_nothing(signer: Signer) -> None:
    Tool.objects.update(active=False)
    refused(post_form(token_form(signer.sign(assertion_claims()))))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "invalid_request"),
    ],
)
def test_another_grant_is_refused(signer: Signer, changed: dict[str, str], error: str) -> None:
    refused(post_form(token_form(signer.sign(assertion_claims()), **changed)), error)


def test_the_request_is_a_form_that_says_each_thing_once(signer: Signer) -> None:
    form = token_form(signer.sign(assertion_claims()))
    client = Client(HTTP_HOST=LMS_HOST)
    refused(client.post("/lti/platform/token", form, content_type="application/json"), "invalid_request")
    twice = "grant_type=client_credentials&grant_type=client_credentials"
    refused(
        client.post("/lti/platform/token", twice, content_type="application/x-www-form-urlencoded"), "invalid_request"
    )
    assert client.get("/lti/platform/token").status_code == 405


def test_a_token_stops_working_when_its_time_is_up(
    token_for: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_for()
    assert tokens.access(f"Bearer {token}").scopes == set(services.GRADE_SCOPES)
    later = time.time() + tokens.TOKEN_LIFE
    monkeypatch.setattr("time.time", lambda: later)
    with pytest.raises(tokens.NoAccess, match="expired"):
        tokens.access(f"Bearer {token}")


def test_a_scope_taken_away_is_gone_from_tokens_given_before(token_for: Callable[..., str]) -> None:
    token = token_for()
    Tool.objects.update(scopes=[services.SCORE])
    assert tokens.access(f"bearer {token}").scopes == {services.SCORE}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic eDp4", "Bearer x", "Bearer x y", "Bearer a:b:c", "Bearer é"]
)
def test_what_is_no_token_of_ours_opens_nothing(header: str) -> None:
    with pytest.raises(tokens.NoAccess):
        tokens.access(header)


def test_a_token_of_a_tool_that_is_switched_off_opens_nothing(token_for: Callable[..., str]) -> None:
    token = token_for()
    Tool.objects.update(active=False)
    with pytest.raises(tokens.NoAccess, match="switched off"):
        tokens.access(f"Bearer {token}")
