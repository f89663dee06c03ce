"""The pages for who looks after the connections with LMSes."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job, Status
from jobs.services import record
from learning.people.models import Organisation, Person, Role
from learning.people.services import set_roles_from
from lti import claims as words
from lti.tool import launchlog, scores
from lti.tool.launchlog import Refusal
from lti.tool.models import Deployment, Invitation, LaunchRecord, LineItem, Platform, Seat
from tests.factories import OrganisationFactory, PersonFactory
from tests.lti.hostile import Lms, Reply, Server, connected, public, rsa_key
from tests.lti.registering import Registrar

HOME = "/beheer/leeromgevingen/"
INVITE = f"{HOME}uitnodigen/"
BY_HAND = f"{HOME}zelf-invullen/"
OURS = f"{HOME}onze-gegevens/"


def with_role(organisation: Organisation, *roles: Role) -> Person:
    person = PersonFactory.create(organisation=organisation)
    set_roles_from(person, organisation=organisation, source="local", roles=set(roles))
    return person


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture(autouse=True)
def fresh_log() -> None:
    launchlog._minutes.clear()
    launchlog._went_well.clear()


@pytest.fixture
def beheer(organisation: Organisation) -> Client:
    return browser_of(with_role(organisation, Role.BEHEER))


def detail(lms: Lms) -> str:
    return f"{HOME}{lms.platform.pk}/"


def text_of(page: Any) -> str:
    return str(page.content.decode())


GIVEN = {
    "name": "Moodle van de provincie",
    "issuer": "https://moodle.example",
    "client_id": "abc",
    "auth_url": "https://moodle.example/auth.php",
    "token_url": "https://moodle.example/token.php",
    "jwks_url": "https://moodle.example/certs.php",
    "deployments": "1\r\n2",
}


# --- who may see them


def of_all(lms: Lms) -> list[tuple[str, str]]:
    """Method and address of every page and button there is."""
    number = detail(lms)
    buttons = ["schakelen/", "deployment/", "opnieuw/", "cijfers/"]
    pages = [HOME, INVITE, BY_HAND, OURS, number, f"{number}wijzigen/", f"{number}test/"]
    posted = [INVITE, BY_HAND, f"{number}wijzigen/", f"{number}test/", *(number + button for button in buttons)]
    return [*(("get", page) for page in pages), *(("post", page) for page in posted)]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BEHEER])
def test_for_every_other_role_no_address_is_there(lms: Lms, organisation: Organisation, role: Role) -> None:
    client = browser_of(with_role(organisation, role))
    before = Platform.objects.values().get()

    for method, address in of_all(lms):
        assert getattr(client, method)(address, {**GIVEN, "stand": "uit"}).status_code == 404, address
    assert Platform.objects.values().get() == before
    assert not Invitation.objects.exists()


def test_beheer_of_another_organisation_finds_nothing_of_this_one(lms: Lms) -> None:
    elsewhere = OrganisationFactory.create()
    client = browser_of(with_role(elsewhere, *Role))
    before = Platform.objects.values().get()

    for method, address in of_all(lms):
        if str(lms.platform.pk) in address:
            assert getattr(client, method)(address, {"stand": "uit"}).status_code == 404, address
    assert lms.platform.issuer not in text_of(client.get(HOME))
    assert Platform.objects.values().get() == before


def test_who_is_not_signed_in_is_asked_to(lms: Lms) -> None:
    for method, address in of_all(lms):
        response = getattr(Client(), method)(address)
        assert response.status_code == 302, address
        assert response.headers["Location"].startswith("/inloggen/")


def test_a_role_that_an_lms_brought_in_another_organisation_opens_nothing(lms: Lms) -> None:
    person = PersonFactory.create()
    set_roles_from(person, organisation=lms.platform.organisation, source="lti:1:1", roles={Role.BEHEER})

    assert browser_of(person).get(HOME).status_code == 404


# --- how it goes


def test_the_list_says_how_each_does(lms: Lms, beheer: Client) -> None:
    launchlog.came_in(lms.platform.pk, message="")
    page = text_of(beheer.get(HOME))

    for word in ("LMS", lms.platform.issuer, "Laatst geopend", "Wacht op verzending", "Mislukt", "aan"):
        assert word in page
    assert timezone.localtime().strftime("%Y") in page


def test_the_list_costs_the_same_for_many(
    organisation: Organisation, beheer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        connected(organisation, client_id=f"client-{number}", key=rsa_key("one"))

    with django_assert_max_num_queries(9):
        assert text_of(beheer.get(HOME)).count("<article") == 12


def a_seat(lms: Lms, claims: dict[str, Any]) -> Seat:
    claims[words.AGS_ENDPOINT] = {"lineitem": f"{lms.platform.issuer}/line", "scope": [words.AGS_SCORE_SCOPE]}
    lms.launch(Client(), claims)
    return Seat.objects.get()


def test_waiting_and_failed_scores_are_counted_at_their_own_lms(
    lms: Lms, claims: dict[str, Any], beheer: Client
) -> None:
    seat = a_seat(lms, claims)
    assert "<dt>Wacht op verzending</dt><dd>1</dd>" in text_of(beheer.get(detail(lms)))

    Job.objects.filter(kind=scores.KIND, key=f"{scores.KIND}:{seat.pk}").update(
        status=Status.FAILED, last_reason="the LMS answered 403", finished_at=timezone.now()
    )
    other = connected(OrganisationFactory.create(), issuer="https://other.example")
    page, elsewhere = text_of(beheer.get(detail(lms))), browser_of(with_role(other.platform.organisation, Role.BEHEER))

    assert "<dt>Mislukt</dt><dd>1</dd>" in page
    assert "weigert ons (status 403)" in page
    assert "<dt>Mislukt</dt><dd>0</dd>" in text_of(elsewhere.get(detail(other)))


def test_what_failed_is_tried_again_by_one_press(lms: Lms, claims: dict[str, Any], beheer: Client) -> None:
    seat = a_seat(lms, claims)
    with transaction.atomic():
        record("other", "other:1", {})
    Job.objects.update(status=Status.FAILED, last_reason="no answer in time", finished_at=timezone.now())

    for _ in range(2):
        beheer.post(f"{detail(lms)}opnieuw/")

    assert Job.objects.get(key=f"{scores.KIND}:{seat.pk}").status == Status.WAITING
    assert Job.objects.get(kind="other").status == Status.FAILED


def test_the_last_score_is_shown(lms: Lms, claims: dict[str, Any], beheer: Client) -> None:
    seat = a_seat(lms, claims)
    Seat.objects.filter(pk=seat.pk).update(last_sent_at=int(time.time()))

    page = text_of(beheer.get(detail(lms)))

    assert page.count("nog nooit") == 1  # refused


# --- the log


def test_the_log_says_why_in_words_and_by_which_number(lms: Lms, claims: dict[str, Any], beheer: Client) -> None:
    lms.launch(Client(), claims)
    lms.launch(Client(), {**claims, "aud": "another"})
    number = LaunchRecord.objects.get(code="claim-aud").reference

    page = text_of(beheer.get(detail(lms)))

    assert "De aud is niet onze client_id." in page
    assert number in page
    assert "binnen" in page
    assert not any(word in page for word in ("person-7", "Aydın", "aydin@"))


@pytest.mark.parametrize("typed", ["AB12-CD34", "ab12cd34", " ab12 cd34 "])
def test_a_number_is_found_as_people_type_it(lms: Lms, beheer: Client, typed: str) -> None:
    launchlog.refused(Refusal(lms.platform.pk, "claim-aud", "AB12-CD34"))
    launchlog.refused(Refusal(lms.platform.pk, "claim-exp", "FFFF-0000"))

    page = text_of(beheer.get(detail(lms), {"nummer": typed}))

    assert "AB12-CD34" in page
    assert "FFFF-0000" not in page


def test_a_number_that_is_none_is_said_beside_the_field_and_one_that_is_not_there_too(lms: Lms, beheer: Client) -> None:
    assert "ziet eruit als" in text_of(beheer.get(detail(lms), {"nummer": "x"}))
    assert "staat niet in dit logboek" in text_of(beheer.get(detail(lms), {"nummer": "AB12-CD34"}))


def test_a_deployment_that_was_refused_is_added_by_one_press(lms: Lms, claims: dict[str, Any], beheer: Client) -> None:
    claims[words.DEPLOYMENT_ID] = "new one"
    assert lms.launch(Client(), claims).status_code == 403
    page = text_of(beheer.get(detail(lms)))
    assert "Voeg deployment new one toe" in page

    for _ in range(2):
        beheer.post(f"{detail(lms)}deployment/", {"deployment_id": "new one"})

    assert Deployment.objects.filter(platform=lms.platform, deployment_id="new one").count() == 1
    assert lms.launch(Client(), claims).status_code == 303
    assert "Voeg deployment new one toe" not in text_of(beheer.get(detail(lms)))


def test_what_could_not_be_a_deployment_is_refused_with_the_page_as_it_was(lms: Lms, beheer: Client) -> None:
    page = beheer.post(f"{detail(lms)}deployment/", {"deployment_id": "x" * 256})

    assert page.status_code == 400
    assert "Hoogstens 255" in text_of(page)
    assert Deployment.objects.count() == 1


def test_the_log_is_drawn_in_pages(lms: Lms, beheer: Client) -> None:
    for number in range(30):
        launchlog.came_in(lms.platform.pk, message=f"{number}")

    assert text_of(beheer.get(detail(lms))).count("<tr>") == 26
    assert text_of(beheer.get(detail(lms), {"page": "2"})).count("<tr>") == 6


# --- the test


def test_the_test_says_of_each_step_what_came_of_it(organisation: Organisation, beheer: Client, server: Server) -> None:
    server.usual["/jwks"] = Reply(body={"keys": [public(rsa_key("one"), "one")]})
    lms = connected(organisation, issuer=server.url)

    page = text_of(beheer.post(f"{detail(lms)}test/"))

    assert "Er staat één sleutel." in page
    assert "vertrouwt onze sleutel" in page
    assert server.requests("/token")


@pytest.mark.parametrize(
    ("jwks", "token", "said"),
    [
        (Reply(500), Reply(401), "heeft zelf een storing (status 500)"),
        (Reply(body={"keys": []}), Reply(401), "geen sleutels die we kunnen gebruiken"),
        (Reply(body=b"<html>"), Reply(401), "is geen JSON"),
        (Reply(302, headers={"Location": "/x"}), Reply(401), "stuurt ons door (status 302)"),
        (Reply(reset=True), Reply(401), "geen verbinding"),
        (Reply(500), Reply(401), "weigert ons (status 401)"),
        (Reply(500), Reply(body={"no": "token"}), "zonder toegangsbewijs"),
    ],
)
def test_the_test_says_in_words_what_does_not_work(
    organisation: Organisation, beheer: Client, server: Server, jwks: Reply, token: Reply, said: str
) -> None:
    server.usual |= {"/jwks": jwks, "/token": token}
    lms = connected(organisation, issuer=server.url)

    assert said in text_of(beheer.post(f"{detail(lms)}test/"))


def test_reloading_the_answer_of_a_test_leads_back(lms: Lms, beheer: Client) -> None:
    assert beheer.get(f"{detail(lms)}test/").headers["Location"] == detail(lms)


# --- invitations


def test_an_invitation_is_shown_once_and_works(organisation: Organisation, beheer: Client, server: Server) -> None:
    form = beheer.get(INVITE).context["form"]
    page = beheer.post(INVITE, {"name": "Leerplein", "once": form["once"].value()})

    url = page.context["invited"].url
    assert url in text_of(page)
    assert url not in text_of(beheer.get(INVITE))
    assert Registrar(server, organisation).registers(url).status_code == 200
    assert Platform.objects.get().name == "Leerplein"


def test_pressing_twice_makes_one_invitation(beheer: Client) -> None:
    once = beheer.get(INVITE).context["form"]["once"].value()
    urls = {beheer.post(INVITE, {"name": "x", "once": once}).context["invited"].url for _ in range(2)}

    assert len(urls) == 1
    assert Invitation.objects.count() == 1


def test_what_the_form_holds_does_not_give_the_invitation_away(beheer: Client) -> None:
    once = beheer.get(INVITE).context["form"]["once"].value()
    url = beheer.post(INVITE, {"name": "x", "once": once}).context["invited"].url

    assert once not in url
    assert Client().get(f"/lti/register?invite={once}").status_code == 403


def test_an_invitation_without_a_name_is_refused_and_keeps_what_was_typed(beheer: Client) -> None:
    page = beheer.post(INVITE, {"name": " ", "once": "x" * 32})

    assert page.status_code == 400
    assert "Geef de leeromgeving een naam." in text_of(page)
    assert "x" * 32 in text_of(page)
    assert not Invitation.objects.exists()


def test_open_used_and_expired_invitations_are_listed_and_others_are_not(
    organisation: Organisation, beheer: Client, server: Server
) -> None:
    Registrar(server, organisation).registers()
    lms = Registrar(server, organisation)
    lms.invitation()
    lms.invitation()
    Invitation.objects.filter(pk=Invitation.objects.latest("pk").pk).update(
        expires_at=timezone.now() - dt.timedelta(hours=1)
    )
    Registrar(server, OrganisationFactory.create(name="Elders")).invitation()

    page = text_of(beheer.get(INVITE))

    assert page.count("<tr>") == 4
    for word in ("gebruikt", "verlopen", "open tot"):
        assert page.count(word) == 1


def test_an_invitation_from_long_ago_is_forgotten(organisation: Organisation, server: Server) -> None:
    lms = Registrar(server, organisation)
    lms.invitation()
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(days=31))
    lms.invitation()

    assert Invitation.objects.count() == 1


# --- by hand


def test_by_hand_all_of_it_is_kept(beheer: Client, organisation: Organisation) -> None:
    response = beheer.post(BY_HAND, {**GIVEN, "frame_origins": "https://leren.example/x\n", "audience": ""})

    platform = Platform.objects.get()
    assert response.headers["Location"] == f"{HOME}{platform.pk}/"
    assert platform.organisation == organisation
    assert (platform.issuer, platform.client_id, platform.active) == ("https://moodle.example", "abc", True)
    assert set(platform.deployments.values_list("deployment_id", flat=True)) == {"1", "2"}
    assert platform.frame_origins == ["https://leren.example"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Geef de leeromgeving een naam."),
        ("issuer", "http://moodle.example", "begint niet met https://"),
        ("issuer", "moodle", "Dit is geen webadres."),
        ("issuer", "https://moodle.example/" + "x" * 300, "Hoogstens 255"),
        ("client_id", "", "Vul dit in."),
        ("client_id", "x" * 256, "Hoogstens 255"),
        ("auth_url", "javascript:alert(1)", "Dit is geen webadres."),
        ("token_url", "https://10.0.0.1/token", "besloten netwerk"),
        ("jwks_url", "", "Vul het adres in"),
        ("deployments", "", "ten minste één"),
        ("deployments", "x" * 256, "Hoogstens 255"),
        ("audience", "file:///x", "Dit is geen webadres."),
        ("frame_origins", "https://lms.example; script-src *", "Dit is geen webadres."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    beheer: Client, field: str, value: str, said: str
) -> None:
    page = beheer.post(BY_HAND, {**GIVEN, field: value})

    assert page.status_code == 400
    assert said in str(page.context["form"].errors[field])
    for name, typed in GIVEN.items():
        if name != field:
            assert typed.split("\r\n")[0] in text_of(page)
    assert not Platform.objects.exists()


def test_by_hand_never_over_another(lms: Lms, beheer: Client) -> None:
    before = Platform.objects.values().get()
    page = beheer.post(BY_HAND, {**GIVEN, "issuer": lms.platform.issuer, "client_id": lms.platform.client_id})

    assert page.status_code == 400
    assert "al aangesloten" in text_of(page)
    assert Platform.objects.values().get() == before


def test_by_hand_no_tokens_of_another_lms_are_asked_as_who_we_are_there(lms: Lms, beheer: Client) -> None:
    """Nor is anything signed for it: whoever fills in a form may not be who runs that LMS."""
    asked = {**GIVEN, "client_id": lms.platform.client_id}
    for name in ("token_url", "audience"):
        page = beheer.post(BY_HAND, {**asked, name: lms.platform.token_url})
        assert page.status_code == 400
        assert "al aangesloten" in text_of(page)

    assert Platform.objects.get() == lms.platform


def test_our_own_addresses_can_be_copied(beheer: Client, settings: Any) -> None:
    page = text_of(beheer.get(OURS))

    for path in ("/lti/login", "/lti/launch", "/lti/jwks", "/lti/configuration.json"):
        assert f'value="{settings.BASE_URL}{path}"' in page
    assert "context_history=$Context.id.history" in page


# --- changing


def test_name_frames_and_progress_can_be_changed_and_who_it_is_cannot(lms: Lms, beheer: Client) -> None:
    before = lms.platform.stamp
    beheer.post(f"{detail(lms)}wijzigen/", {"name": "Leerplein", "frame_origins": "https://a.example\nhttps://b.example/x",
                                            "issuer": "https://evil.example", "client_id": "other"})  # fmt: skip

    lms.platform.refresh_from_db()
    assert (lms.platform.name, lms.platform.reports_progress) == ("Leerplein", False)
    assert lms.platform.frame_origins == ["https://a.example", "https://b.example"]
    assert (lms.platform.issuer, lms.platform.client_id) == ("https://lms.example", "client-1")
    assert lms.platform.stamp != before


def test_numbers_in_the_gradebook_are_a_decision_that_sends_what_follows(lms: Lms, beheer: Client) -> None:
    given = {"name": "LMS", "reports_progress": "on", "frame_origins": "", "audience": ""}
    beheer.post(f"{detail(lms)}wijzigen/", {**given, "numeric_scores": "on"})

    lms.platform.refresh_from_db()
    assert lms.platform.numeric_scores
    assert Job.objects.filter(kind=scores.KIND_AGAIN).count() == 1

    beheer.post(f"{detail(lms)}wijzigen/", {**given, "numeric_scores": "on", "name": "LMS 2"})
    beheer.post(f"{detail(lms)}wijzigen/", given)
    lms.platform.refresh_from_db()
    assert not lms.platform.numeric_scores


def test_a_change_that_is_wrong_changes_nothing_and_keeps_what_was_typed(lms: Lms, beheer: Client) -> None:
    page = beheer.post(f"{detail(lms)}wijzigen/", {"name": "Nieuw", "frame_origins": "ftp://x.example"})

    assert page.status_code == 400
    assert "ftp://x.example" in text_of(page)
    lms.platform.refresh_from_db()
    assert lms.platform.name == "LMS"


def test_a_change_never_has_us_sign_for_another_lms(lms: Lms, organisation: Organisation, beheer: Client) -> None:
    other = connected(organisation, issuer="https://other.example", client_id=lms.platform.client_id)
    page = beheer.post(f"{detail(lms)}wijzigen/", {"name": "Nieuw", "audience": other.platform.token_url})

    assert page.status_code == 400
    assert "een andere leeromgeving" in text_of(page)
    lms.platform.refresh_from_db()
    assert (lms.platform.name, lms.platform.audience) == ("LMS", "")


def test_off_and_on_are_what_the_button_said(lms: Lms, claims: dict[str, Any], beheer: Client) -> None:
    for stand, active in (("uit", False), ("uit", False), ("aan", True), ("anders", True)):
        beheer.post(f"{detail(lms)}schakelen/", {"stand": stand})
        lms.platform.refresh_from_db()
        assert lms.platform.active is active
    assert lms.launch(Client(), claims).status_code == 303


def test_switching_on_approves(lms: Lms, beheer: Client) -> None:
    Platform.objects.update(active=False, awaits_approval=True)
    page = text_of(beheer.get(detail(lms)))
    assert "meldde zichzelf aan" in page

    beheer.post(f"{detail(lms)}schakelen/", {"stand": "aan"})

    lms.platform.refresh_from_db()
    assert (lms.platform.active, lms.platform.awaits_approval) == (True, False)


def test_what_waits_for_approval_opens_nothing(
    organisation: Organisation, beheer: Client, server: Server, settings: Any
) -> None:
    settings.LTI_APPROVE_REGISTRATIONS = True
    Registrar(server, organisation).registers()
    platform = Platform.objects.get()

    asked = {"iss": platform.issuer, "client_id": platform.client_id, "login_hint": "h",
             "target_link_uri": f"{settings.BASE_URL}/lti/launch"}  # fmt: skip
    assert Client().get("/lti/login", asked).status_code == 403
    beheer.post(f"{HOME}{platform.pk}/schakelen/", {"stand": "aan"})
    assert Client().get("/lti/login", asked).status_code == 302


# --- the gradebook


def test_the_gradebook_is_read_back_on_request(lms: Lms, beheer: Client) -> None:
    LineItem.objects.create(
        platform=lms.platform, url=f"{lms.platform.issuer}/l", scopes=words.AGS_RESULT_SCOPE,
        compared_at=timezone.now(), compared={"same": 5, "other": 1, "missing": 2},
    )  # fmt: skip
    page = text_of(beheer.get(detail(lms)))
    assert "<dt>Ontbreekt</dt><dd>2</dd>" in page

    beheer.post(f"{detail(lms)}cijfers/", {"wat": "opnieuw"})

    assert Job.objects.get(kind="lti.compare").payload.count("true") == 1
