"""1EdTech LTI 1.3 Core, "valid launches": what every tool must open."""

from __future__ import annotations

import threading
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from joserfc.jwk import ECKey

from learning.people.models import Organisation, Person
from learning.people.queries import roles_of
from learning.tracks.models import Enrolment
from lti import claims as words
from lti.tool import services
from lti.tool.models import Account, Context, ResourceLink
from tests.factories import OrganisationFactory
from tests.lti.hostile import INSTRUCTOR, ISSUER, LEARNER, TARGET, Claims, Lms, connected

MODULE = "/leren/proefmodule/"


def somebody() -> Person:
    return Account.objects.get().person


def test_login_by_post_goes_to_the_platform(lms: Lms, browser: Client) -> None:
    """The authentication request holds what Security Framework §5.1.1.2 lists, and the hints as they came."""
    begun = lms.login(browser)

    assert begun.response.status_code == 302
    assert begun.response.headers["Location"].startswith(f"{ISSUER}/auth?")
    fixed = {name: value for name, value in begun.parameters.items() if name not in ("state", "nonce")}
    assert fixed == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client-1",
        "redirect_uri": TARGET,
        "login_hint": "hint-7",
        "lti_message_hint": "message-7",
    }
    assert len(begun.nonce) >= 22


def test_login_by_get_does_the_same(lms: Lms, browser: Client) -> None:
    response = browser.get("/lti/login", {"iss": ISSUER, "login_hint": "h", "target_link_uri": TARGET})

    assert dict(parse_qsl(urlsplit(response.headers["Location"]).query))["login_hint"] == "h"


def test_login_keeps_a_query_the_platform_s_address_has(organisation: Organisation, browser: Client) -> None:
    lms = connected(organisation, auth_url=f"{ISSUER}/auth?tenant=4")

    location = lms.login(browser).response.headers["Location"]

    assert location.count("?") == 1
    assert dict(parse_qsl(urlsplit(location).query))["tenant"] == "4"


def test_hints_come_back_to_the_letter(lms: Lms, browser: Client) -> None:
    hint = "a b+c&d=é#%2F"

    assert lms.login(browser, login_hint=hint, lti_message_hint=hint).parameters["login_hint"] == hint


def test_a_long_hint_comes_back_to_the_letter_too(lms: Lms, browser: Client) -> None:
    hint = "eyJ+/=" * 600
    begun = lms.login(browser, lti_message_hint=hint)

    assert begun.parameters["lti_message_hint"] == hint
    assert lms.launch(browser, begun=begun).status_code == 303


def test_launch_as_student_opens_the_module(lms: Lms, claims: Claims, browser: Client) -> None:
    response = lms.launch(browser, claims)

    assert (response.status_code, response.headers["Location"]) == (303, MODULE)
    assert browser.get(MODULE).status_code == 200
    assert roles_of(somebody()) == {"deelnemer"}
    assert Enrolment.objects.get().person == somebody()


def test_launch_as_instructor_makes_a_trainer(lms: Lms, claims: Claims, browser: Client) -> None:
    claims[words.ROLES] = [INSTRUCTOR]

    lms.launch(browser, claims)

    assert roles_of(somebody()) == {"trainer"}


@pytest.mark.parametrize(
    ("roles", "ours"),
    [
        (["Learner"], {"deelnemer"}),
        (["Instructor"], {"trainer"}),
        ([], {"deelnemer"}),
        (["http://example.org/vocab#Gardener"], {"deelnemer"}),
        (["", "#", "membership#Instructor", "https://evil.example/membership#Instructor"], {"deelnemer"}),
        ([words.MEMBERSHIP + "/Instructor#TeachingAssistant"], {"trainer"}),
        ([words.MEMBERSHIP + "#ContentDeveloper"], {"deelnemer"}),
        ([words.MEMBERSHIP + "#Administrator"], {"deelnemer"}),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"], {"deelnemer"}),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], {"deelnemer"}),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin", "Administrator"], {"deelnemer"}),
    ],
)
def test_roles_give_the_least_that_fits(
    lms: Lms, claims: Claims, browser: Client, roles: list[str], ours: set[str]
) -> None:
    """Short, unknown and no role all open; an administrator of the LMS is nobody special here."""
    claims[words.ROLES] = roles

    assert lms.launch(browser, claims).status_code == 303
    assert roles_of(somebody()) == ours


@pytest.mark.parametrize(
    "withheld", [["name", "given_name", "family_name"], ["email"], ["name", "email", "given_name"]]
)
def test_launch_without_name_or_email(lms: Lms, claims: Claims, browser: Client, withheld: list[str]) -> None:
    for name in withheld:
        del claims[name]

    assert lms.launch(browser, claims).status_code == 303


def test_launch_without_context_title_or_presentation(lms: Lms, claims: Claims, browser: Client) -> None:
    del claims[words.CONTEXT], claims[words.LAUNCH_PRESENTATION]
    claims[words.RESOURCE_LINK] = {"id": "only-an-id"}

    assert lms.launch(browser, claims).status_code == 303


def test_launch_as_student_with_aud_as_a_list(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["aud"] = [claims["aud"]]

    assert lms.launch(browser, claims).status_code == 303


def test_launch_with_several_aud_and_our_azp(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["aud"], claims["azp"] = [claims["aud"], "another"], claims["aud"]

    assert lms.launch(browser, claims).status_code == 303


def test_nulls_are_as_absent(lms: Lms, claims: Claims, browser: Client) -> None:
    claims.update(dict.fromkeys(["name", "email", "azp", "nbf", words.CONTEXT, words.LAUNCH_PRESENTATION]))
    claims[words.RESOURCE_LINK] = {"id": "link-1", "title": None, "description": None}

    assert lms.launch(browser, claims).status_code == 303


def test_a_platform_that_signs_with_es256(organisation: Organisation, lms: Lms, browser: Client) -> None:
    curve = connected(organisation, issuer="https://curve.example", key=ECKey.generate_key("P-256"))

    assert curve.launch(browser).status_code == 303


def test_several_deployments_of_one_registration(lms: Lms, claims: Claims, browser: Client) -> None:
    services.add_deployments(lms.platform, ["deployment-2"])
    lms.launch(browser, claims)
    claims[words.DEPLOYMENT_ID] = "deployment-2"

    assert lms.launch(browser, claims).status_code == 303
    assert ResourceLink.objects.count() == 2


def test_two_registrations_of_one_issuer_know_the_same_people(
    organisation: Organisation, lms: Lms, browser: Client
) -> None:
    other = connected(organisation, client_id="client-2")
    lms.launch(browser)

    assert other.launch(browser).status_code == 303
    assert Account.objects.count() == 1


def test_login_without_client_id_where_the_issuer_has_one_registration(lms: Lms, browser: Client) -> None:
    assert lms.login(browser, client_id=None).response.status_code == 302


def test_login_without_client_id_finds_the_registration_by_deployment(
    organisation: Organisation, lms: Lms, browser: Client
) -> None:
    other = connected(organisation, client_id="client-2")
    services.add_deployments(other.platform, ["only-there"])

    begun = lms.login(browser, client_id=None, lti_deployment_id="only-there")

    assert begun.parameters["client_id"] == "client-2"


def test_two_lmses_with_the_same_sub_are_two_people(organisation: Organisation, lms: Lms, browser: Client) -> None:
    other = connected(organisation, issuer="https://other.example")
    lms.launch(browser)
    other.launch(browser)

    assert len(set(Account.objects.values_list("person", flat=True))) == 2


def test_the_same_email_never_joins_two_accounts(lms: Lms, claims: Claims, browser: Client) -> None:
    lms.launch(browser, claims)
    claims["sub"] = "somebody-else"
    lms.launch(browser, claims)

    assert Person.objects.filter(email=claims["email"]).count() == 2


def test_the_same_issuer_in_another_organisation_opens_no_account_of_this_one(lms: Lms, browser: Client) -> None:
    other = connected(OrganisationFactory.create(), client_id="client-2")
    lms.launch(browser)
    other.launch(browser)

    assert Account.objects.values("person").distinct().count() == 2


def test_a_new_name_is_taken_and_a_withheld_one_stays(lms: Lms, claims: Claims, browser: Client) -> None:
    lms.launch(browser, claims)
    claims["name"] = "Aydın Boer"
    lms.launch(browser, claims)
    for name in ("name", "given_name", "family_name", "email"):
        del claims[name]
    lms.launch(browser, claims)

    assert (somebody().name, somebody().email) == ("Aydın Boer", "aydin@example.org")


def test_a_role_that_is_gone_in_the_lms_is_withdrawn(lms: Lms, claims: Claims, browser: Client) -> None:
    claims[words.ROLES] = [INSTRUCTOR, LEARNER]
    lms.launch(browser, claims)
    claims[words.ROLES] = [LEARNER]
    lms.launch(browser, claims)

    assert roles_of(somebody()) == {"deelnemer"}


def test_a_role_in_one_course_is_not_withdrawn_by_another(lms: Lms, claims: Claims, browser: Client) -> None:
    claims[words.ROLES] = [INSTRUCTOR]
    lms.launch(browser, claims)
    claims.update({words.ROLES: [LEARNER], words.CONTEXT: {"id": "course-2"}, words.RESOURCE_LINK: {"id": "link-2"}})
    lms.launch(browser, claims)

    assert roles_of(somebody()) == {"deelnemer", "trainer"}


def test_a_unit_in_custom_opens_that_unit(lms: Lms, claims: Claims, browser: Client) -> None:
    claims[words.CUSTOM] = {"module": "proefmodule", "unit": "u2"}

    response = lms.launch(browser, claims)

    assert response.headers["Location"] == MODULE + "u2/"
    assert browser.get(response.headers["Location"]).status_code == 200


def test_module_and_unit_in_the_target_link(lms: Lms, claims: Claims, browser: Client) -> None:
    del claims[words.CUSTOM]
    claims[words.TARGET_LINK_URI] = f"{TARGET}?module=proefmodule&unit=u2"

    assert lms.launch(browser, claims).headers["Location"] == MODULE + "u2/"


def test_a_link_that_names_nothing_opens_what_there_is(lms: Lms, claims: Claims, browser: Client) -> None:
    del claims[words.CUSTOM]

    response = lms.launch(browser, claims)

    assert response.headers["Location"] == "/leren/"
    assert browser.get("/leren/").status_code == 200


def test_a_copied_link_opens_what_the_original_did(lms: Lms, claims: Claims, browser: Client) -> None:
    """`ResourceLink.id.history`, newest first; the newest that we know decides."""
    lms.launch(browser, claims)
    claims[words.RESOURCE_LINK] = {"id": "copy"}
    claims[words.CUSTOM] = {"resource_link_id_history": "unknown,link-1", "module": "$module"}

    assert lms.launch(browser, claims).headers["Location"] == MODULE
    assert ResourceLink.objects.get(resource_link_id="copy").history == "unknown\nlink-1"


def test_a_copied_course_opens_what_the_link_of_that_name_did(lms: Lms, claims: Claims, browser: Client) -> None:
    """Moodle offers `Context.id.history` only."""
    lms.launch(browser, claims)
    claims[words.RESOURCE_LINK] = {"id": "copy", "title": "De dialoog"}
    claims[words.CONTEXT] = {"id": "course-copy"}
    claims[words.CUSTOM] = {"context_history": "course-1", "link_history": "$ResourceLink.id.history"}

    assert lms.launch(browser, claims).headers["Location"] == MODULE
    assert Context.objects.get(context_id="course-copy").history == "course-1"


def test_the_locale_of_the_lms_decides_the_language(lms: Lms, claims: Claims, browser: Client) -> None:
    claims[words.LAUNCH_PRESENTATION] = {"locale": "en-GB"}

    lms.launch(browser, claims)

    assert 'lang="en"' in browser.get(MODULE).content.decode()


def test_a_second_launch_in_another_tab_keeps_the_first_one_s_forms_working(lms: Lms, browser: Client) -> None:
    lms.launch(browser)
    before = browser.session.session_key
    lms.launch(browser)

    assert browser.session.session_key == before


def test_two_logins_may_be_open_at_once(lms: Lms, browser: Client) -> None:
    """In two tabs: each launch answers its own login, in any order."""
    first, second = lms.login(browser), lms.login(browser)

    assert lms.launch(browser, begun=second).status_code == 303
    assert lms.launch(browser, begun=first).status_code == 303


def test_who_was_signed_in_before_is_signed_out(lms: Lms, claims: Claims, browser: Client) -> None:
    lms.launch(browser, claims)
    before, first = browser.session.session_key, browser.session["_auth_user_id"]
    claims["sub"] = "somebody-else"
    lms.launch(browser, claims)

    assert browser.session.session_key != before
    assert browser.session["_auth_user_id"] != first


def test_names_with_script_are_shown_as_text(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["name"] = "<script>alert(1)</script>"

    lms.launch(browser, claims)

    assert somebody().name == "<script>alert(1)</script>"
    assert "<script>alert(1)" not in browser.get(MODULE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_four_first_launches_at_once_make_one_person(lms: Lms) -> None:
    statuses, barrier = [], threading.Barrier(4)

    def launch() -> None:
        browser = Client()
        begun = lms.login(browser)
        barrier.wait()
        statuses.append(lms.launch(browser, begun=begun).status_code)
        connection.close()

    threads = [threading.Thread(target=launch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [303] * 4
    assert Account.objects.count() == Person.objects.count() == Enrolment.objects.count() == 1


@pytest.mark.usefixtures("db")
def test_our_keys_are_public(browser: Client) -> None:
    response = browser.get("/lti/jwks")

    assert [key["use"] for key in response.json()["keys"]] == ["sig"]
    assert "d" not in response.json()["keys"][0]
