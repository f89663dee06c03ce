"""LTI Dynamic Registration 1.0: an LMS registers itself with an invitation."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from learning.people.models import Organisation
from lti import claims as words
from lti.tool.models import Deployment, Invitation, Platform
from lti.tool.registration.configuration import PLATFORM, SCOPES, belongs
from lti.tool.registration.ours import TOOL
from tests.factories import OrganisationFactory
from tests.lti.hostile import Reply, Server
from tests.lti.registering import Registrar, answer


@pytest.fixture
def lms(server: Server, organisation: Organisation) -> Registrar:
    return Registrar(server, organisation)


# --- the way in


def test_dr_01_before_the_press_nothing_is_sent_and_the_page_says_who_asks_for_what(lms: Registrar) -> None:
    """§3.2: the tool may show its own pages first. Who asks, of which kind, and what of people's data."""
    page = lms.opens().content.decode()

    assert not lms.told
    for word in ("Leerplein", lms.issuer, "moodle", "Naam en e-mailadres", "cijferboek", "deelnemerslijst"):
        assert word.lower() in page.lower(), word
    assert not Platform.objects.exists()


def test_dr_02_after_the_press_the_lms_is_told_and_kept(lms: Registrar) -> None:
    """§3.4 to §3.7, the whole way."""
    page = lms.registers()

    platform = Platform.objects.get()
    assert page.status_code == 200
    assert (platform.issuer, platform.client_id, platform.name) == (lms.issuer, "client-of-lms", "Leerplein")
    assert platform.auth_url == f"{lms.issuer}/auth"
    assert platform.token_url == f"{lms.issuer}/token"
    assert platform.jwks_url == f"{lms.issuer}/jwks"
    assert (platform.product, platform.algorithm, platform.active) == ("moodle", "RS256", True)
    assert list(platform.deployments.values_list("deployment_id", flat=True)) == ["7"]
    assert platform.organisation == lms.organisation


def test_dr_02_who_grants_access_is_kept_where_it_says_so(lms: Registrar) -> None:
    """§3.4: authorization_server is the aud of requests for tokens; without it that is the token endpoint."""
    lms.says(Reply(body=lms.configuration(authorization_server=f"{lms.issuer}/as")))
    lms.registers()

    assert Platform.objects.get().audience == f"{lms.issuer}/as"


def test_dr_03_the_registration_token_goes_along_as_a_bearer(lms: Registrar) -> None:
    """§3.6: "the registration token is used as access token"."""
    lms.registers(token="once-9")

    asked = lms.server.requests("/register")[0]
    assert (asked.method, asked.headers["Authorization"]) == ("POST", "Bearer once-9")
    assert asked.headers["Content-Type"] == "application/json"


def test_dr_04_without_a_registration_token_none_is_sent(lms: Registrar) -> None:
    """§3.3: the token is optional."""
    lms.registers(token="")

    assert "Authorization" not in lms.server.requests("/register")[0].headers


def test_dr_05_what_we_say_of_ourselves(lms: Registrar, settings: Any) -> None:
    """§3.6: the required members, and a tool configuration whose domain is that of the target_link_uri."""
    lms.registers()

    told, base = lms.told[0], settings.BASE_URL
    assert told["application_type"] == "web"
    assert told["response_types"] == ["id_token"]
    assert set(told["grant_types"]) == {"implicit", "client_credentials"}
    assert told["initiate_login_uri"] == f"{base}/lti/login"
    assert told["redirect_uris"] == [f"{base}/lti/launch"]
    assert told["jwks_uri"] == f"{base}/lti/jwks"
    assert told["token_endpoint_auth_method"] == "private_key_jwt"
    assert told["client_name"] == "Tussenruimte"
    tool = told[TOOL]
    assert tool["domain"] == urlsplit(tool["target_link_uri"]).netloc
    assert set(tool["claims"]) >= {"iss", "sub", "name", "given_name", "family_name", "email"}
    assert [message["type"] for message in tool["messages"]] == [
        words.RESOURCE_LINK_REQUEST,
        words.DEEP_LINKING_REQUEST,
    ]
    assert all(message["target_link_uri"] == f"{base}/lti/launch" for message in tool["messages"])
    assert tool["messages"][1]["placements"] == ["ContentArea"]
    assert tool["description"] != tool["description#en"]


def test_dr_06_no_more_is_asked_than_the_lms_offers(lms: Registrar) -> None:
    """§3.5: scopes, messages and variables it doesn't know aren't asked."""
    platform = {"product_family_code": "x", "messages_supported": [{"type": words.RESOURCE_LINK_REQUEST}]}
    offered = ["openid", words.AGS_SCORE_SCOPE, "https://elsewhere.example/scope"]
    lms.says(Reply(body=lms.configuration(scopes_supported=offered, **{PLATFORM: platform})))

    lms.registers()

    told = lms.told[0]
    assert told["scope"] == words.AGS_SCORE_SCOPE
    assert [message["type"] for message in told[TOOL]["messages"]] == [words.RESOURCE_LINK_REQUEST]
    assert "custom_parameters" not in told[TOOL]


def test_dr_07_where_scopes_are_not_listed_all_of_ours_are_asked(lms: Registrar) -> None:
    lms.says(Reply(body=lms.configuration(scopes_supported=None)))

    lms.registers()

    assert lms.told[0]["scope"].split() == list(SCOPES)


def test_dr_08_copied_courses_are_told_of_where_the_lms_knows_the_variable(lms: Registrar) -> None:
    """Core, appendix B: Moodle knows Context.id.history and not ResourceLink.id.history."""
    lms.registers()

    assert lms.told[0][TOOL]["custom_parameters"] == {"context_history": "$Context.id.history"}


# --- what the LMS answers


def test_dr_09_a_deployment_in_the_answer_is_optional(lms: Registrar) -> None:
    """§3.7: without one, the page says how the first one comes in."""
    lms.answers(Reply(body=answer(deployment=None)))

    page = lms.registers()

    assert Platform.objects.get().client_id == "client-of-lms"
    assert not Deployment.objects.exists()
    assert "deployment" in page.content.decode()


@pytest.mark.parametrize("status", [200, 201])
def test_dr_10_both_ways_to_say_it_is_made_are_good(lms: Registrar, status: int) -> None:
    """RFC 7591 §3.2.1 says 201, LTI-DR §3.7 says 200."""
    lms.answers(Reply(status, answer()))

    assert lms.registers().status_code == 200
    assert Platform.objects.count() == 1


def test_dr_11_a_number_as_deployment_is_the_text_that_launches_will_bring(lms: Registrar) -> None:
    lms.answers(Reply(body=answer(deployment=7)))
    lms.registers()

    assert Deployment.objects.get().deployment_id == "7"


def test_dr_12_the_page_says_that_the_window_may_close(lms: Registrar) -> None:
    """§3.8: postMessage with the subject org.imsglobal.lti.close."""
    page = lms.registers().content.decode()

    assert 'data-close-subject="org.imsglobal.lti.close"' in page
    assert re.search(r'<script type="module" src="[^"]*lti/close', page)


def test_dr_13_another_client_id_of_the_same_issuer_is_one_more_registration(lms: Registrar) -> None:
    """Each registration at an LMS has a client_id of its own (Moodle)."""
    lms.registers()
    lms.answers(Reply(body=answer(client_id="second")))
    lms.registers()

    assert set(Platform.objects.values_list("client_id", flat=True)) == {"client-of-lms", "second"}


def test_dr_14_an_issuer_with_a_path_has_its_configuration_below_it(server: Server, organisation: Organisation) -> None:
    lms = Registrar(server, organisation, path="/moodle")

    assert lms.registers().status_code == 200
    assert Platform.objects.get().issuer == f"{server.url}/moodle"


@pytest.mark.parametrize(
    ("issuer", "address"),
    [
        ("https://lms.example", "https://lms.example/.well-known/openid-configuration"),
        ("https://lms.example/", "https://lms.example/mod/lti/openid-configuration.php"),
        ("https://lms.example", "https://LMS.example/config?id=1"),
        ("https://lms.example/a", "https://lms.example/a/.well-known/openid-configuration"),
        ("https://lms.example/a", "https://lms.example/.well-known/openid-configuration/a"),
        ("https://lms.example:8443", "https://lms.example:8443/c"),
    ],
)
def test_dr_15_an_issuer_and_an_address_that_belong_together(issuer: str, address: str) -> None:
    """§3.5.1: the domain of the issuer is that of the configuration's address."""
    assert belongs(issuer, address)


# --- the invitation


def test_dr_16_an_invitation_is_used_up_by_success_alone(lms: Registrar) -> None:
    url = lms.invitation()
    lms.answers(Reply(500))
    assert lms.registers(url).status_code == 400
    assert Invitation.objects.get().used_at is None

    lms.answers(Reply(body=answer()))
    assert lms.registers(url).status_code == 200

    row = Invitation.objects.get()
    assert row.used_at is not None
    assert row.platform == Platform.objects.get()


def test_dr_17_opening_the_page_does_not_use_it_up(lms: Registrar) -> None:
    url = lms.invitation()
    lms.opens(url)

    assert lms.registers(url).status_code == 200


def test_dr_18_an_invitation_is_over_after_a_day(lms: Registrar) -> None:
    url = lms.invitation()
    assert Invitation.objects.get().expires_at - timezone.now() > dt.timedelta(hours=23, minutes=59)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert lms.opens(url).status_code == 403
    assert not lms.server.asked


def test_dr_19_pasted_in_a_browser_it_explains_where_it_belongs(lms: Registrar) -> None:
    page = Client().get(lms.invitation())

    assert page.status_code == 400
    assert "plak je in je leeromgeving" in page.content.decode()


def test_dr_20_where_the_setting_asks_for_approval_it_starts_off(lms: Registrar, settings: Any) -> None:
    settings.LTI_APPROVE_REGISTRATIONS = True
    page = lms.registers()

    platform = Platform.objects.get()
    assert (platform.active, platform.awaits_approval) == (False, True)
    assert "Bijna aangesloten" in page.content.decode()


def test_dr_21_the_page_may_stand_in_the_frame_of_the_lms_that_asks_and_nowhere_else(lms: Registrar) -> None:
    policies = [page.headers["Content-Security-Policy"] for page in (lms.opens(), lms.registers())]

    assert all(f"frame-ancestors 'self' {lms.server.url};" in f"{policy};" for policy in policies)


def test_dr_22_no_cookie_is_needed_between_page_and_press(lms: Registrar) -> None:
    page = lms.opens()

    assert not page.cookies
    lms.browser = Client(enforce_csrf_checks=True)
    assert lms.presses(page).status_code == 200


# --- the command


def test_the_command_prints_one_address(organisation: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lti_invite", "--name", "Leerplein")

    (line,) = capsys.readouterr().out.splitlines()
    assert len(parse_qs(urlsplit(line).query)["invite"][0]) >= 40
    assert urlsplit(line).path == "/lti/register"
    assert Invitation.objects.get().organisation == organisation


def test_the_command_prints_json(organisation: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lti_invite", "--name", "Leerplein", "--json")

    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"url", "expires"}
    left = dt.datetime.fromisoformat(said["expires"]) - timezone.now()
    assert dt.timedelta(hours=23) < left <= dt.timedelta(hours=24)


@pytest.mark.django_db
def test_the_command_asks_which_organisation_where_there_are_more() -> None:
    with pytest.raises(CommandError, match="no organisation"):
        call_command("lti_invite", "--name", "x")
    OrganisationFactory.create()
    other = OrganisationFactory.create()

    with pytest.raises(CommandError, match="--organisation"):
        call_command("lti_invite", "--name", "x")
    call_command("lti_invite", "--name", "x", "--organisation", other.slug)
    assert Invitation.objects.get().organisation == other


def test_the_secret_of_an_invitation_is_not_in_the_database(
    organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("lti_invite", "--name", "Leerplein")
    secret = parse_qs(urlsplit(capsys.readouterr().out.strip()).query)["invite"][0]

    assert secret not in str(list(Invitation.objects.values_list()))


def test_what_an_lms_needs_by_hand_stands_in_one_file(client: Client, settings: Any) -> None:
    said = client.get("/lti/configuration.json").json()

    base = settings.BASE_URL
    assert said["oidc_initiation_url"] == said["lti"]["initiate_login_uri"] == f"{base}/lti/login"
    assert said["target_link_uri"] == said["lti"]["deep_linking_uri"] == f"{base}/lti/launch"
    assert said["public_jwk_url"] == said["lti"]["jwks_uri"] == f"{base}/lti/jwks"
    assert said["scopes"] == list(SCOPES)
