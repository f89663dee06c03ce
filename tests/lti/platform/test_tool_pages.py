"""The pages where a redacteur handles tools of others, and where a learner opens them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from learning.people import services as people
from learning.tracks.models import LinkProgress, Module, Track, TrackLink, TrackModule
from lti.claims import AGS_ENDPOINT, LTI
from lti.embedding import FRAME_ORIGINS
from lti.platform import registration, services
from lti.platform.models import Placement, Tool, ToolInvitation
from tests.lti.platform.conftest import LMS_HOST, TARGET, TOOL_SITE
from tests.lti.platform.test_authorization import authorise, claims_of, posted, request_for
from tests.lti.platform.test_grades import post, score

pytestmark = pytest.mark.django_db

HOUSE = "localhost:8000"
TOOLS = "/redactie/gereedschap/"
type Visit = Callable[..., Client]


@pytest.fixture
def visit() -> Visit:
    """A browser at Tussenruimte itself, signed in."""

    def open_as(person: Any, **options: Any) -> Client:
        client = Client(HTTP_HOST=HOUSE, **options)
        client.force_login(person)
        return client

    return open_as


@pytest.fixture
def editor(make_person: Callable[..., Any], organisation: Any) -> Any:
    person = make_person("jorrit")
    people.set_roles_from(person, organisation=organisation, source="local", roles={"redacteur"})
    return person


@pytest.fixture
def track(organisation: Any) -> Track:
    track = Track.objects.create(organisation=organisation, slug="leerlijn", title="Dialogisch werken")
    module = Module.objects.create(slug="m", number="M1", title="Dialoog is een werkwoord")
    TrackModule.objects.create(track=track, module=module, position=1)
    return track


@pytest.fixture
def place(tool: Tool, track: Track) -> Placement:
    item = services.Item("Kaart van het gebied", TARGET, summary="Loop mee.", maximum=1.0)
    return services.add_items(services.course_of(track), tool, [item])[0]


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


BY_HAND = {
    "name": "Kaart",
    "login_url": f"{TOOL_SITE}/login",
    "target": TARGET,
    "redirect_uris": f"{TOOL_SITE}/launch\n{TOOL_SITE}/other\n{TOOL_SITE}/launch",
    "jwks_url": f"{TOOL_SITE}/jwks",
}


def pages(tool: Tool, place: Placement) -> list[str]:
    return [
        TOOLS,
        f"{TOOLS}nieuw/",
        f"{TOOLS}nieuw/zelf/",
        f"{TOOLS}{tool.pk}/",
        f"{TOOLS}{tool.pk}/plek/leerlijn/",
        f"{TOOLS}{tool.pk}/kies/leerlijn/",
        f"{TOOLS}{tool.pk}/kies/leerlijn/start",
        f"{TOOLS}plek/{place.key}/",
    ]


@pytest.mark.parametrize("roles", [set(), {"deelnemer"}, {"trainer"}, {"beheer"}, {"hr", "gespreksleider"}])
def test_to_who_is_no_redacteur_these_pages_are_not_there(
    visit: Visit, make_person: Callable[..., Any], organisation: Any, tool: Tool, place: Placement, roles: set[str]
) -> None:
    person = make_person("iemand")
    people.set_roles_from(person, organisation=organisation, source="local", roles=roles)
    for page in pages(tool, place):
        assert visit(person).get(page).status_code == 404, page
        assert Client(HTTP_HOST=HOUSE).get(page).status_code == 302, page
    for page in (f"{TOOLS}{tool.pk}/", f"{TOOLS}{tool.pk}/schakelen/", f"{TOOLS}plek/{place.key}/weg/"):
        assert visit(person).post(page, {"on": "0"}).status_code == 404
    assert Tool.objects.get().active


def test_the_tools_of_another_organisation_are_not_there(visit: Visit, tool: Tool, place: Placement) -> None:
    elsewhere = people.create_organisation(slug="elders", name="Elders")
    person = people.create_person(elsewhere, username="els", name="Els")
    people.set_roles_from(person, organisation=elsewhere, source="local", roles={"redacteur"})
    client = visit(person)
    assert "Er is nog geen gereedschap van anderen" in text(client.get(TOOLS))
    for page in pages(tool, place)[3:]:
        assert client.get(page).status_code == 404, page
    assert client.post(f"{TOOLS}{tool.pk}/schakelen/", {"on": "0"}).status_code == 404


def test_by_an_address_the_tool_opens_in_a_frame_and_when_it_is_done_its_page_follows(
    visit: Visit, editor: Any, make_tool: Callable[..., Tool]
) -> None:
    client = visit(editor)
    page = client.post(f"{TOOLS}nieuw/", {"address": "https://kaart.example/register?a=1"})
    source = re.search(r'<iframe[^>]* src="([^"]*)"', page.content.decode())
    assert source
    query = dict(parse_qsl(urlsplit(html.unescape(source[1])).query))
    assert query["a"] == "1"
    assert query.keys() == {"a", "openid_configuration", "registration_token"}
    assert "frame-src 'self' https://kaart.example;" in page["Content-Security-Policy"] + ";"
    invitation = ToolInvitation.objects.get()
    done = f"{TOOLS}aanmelding/{invitation.key}/"
    assert "nog niets aangemeld" in text(client.get(done))
    invitation.tool = make_tool()
    invitation.save()
    assert client.get(done)["Location"] == f"{TOOLS}{invitation.tool.pk}/"


@pytest.mark.parametrize(
    "address", ["", "kaart.example", "http://kaart.example/", "javascript:alert(1)", "https://x/#y"]
)
def test_an_address_that_can_not_be_is_told_beside_the_field(visit: Visit, editor: Any, address: str) -> None:
    page = visit(editor).post(f"{TOOLS}nieuw/", {"address": address})
    assert 'id="id_address_error"' in page.content.decode()
    assert "<iframe" not in page.content.decode()
    assert not ToolInvitation.objects.exists()


def test_who_invited_a_tool_alone_sees_what_came_of_it(visit: Visit, editor: Any, make_person: Any) -> None:
    invitation, _address = registration.invite(editor, "https://kaart.example/")
    colleague = make_person("collega")
    people.set_roles_from(colleague, organisation=editor.organisation, source="local", roles={"redacteur"})
    assert visit(colleague).get(f"{TOOLS}aanmelding/{invitation.key}/").status_code == 404


def test_a_tool_filled_in_by_hand_waits_for_consent_and_is_given_what_is_ticked(visit: Visit, editor: Any) -> None:
    client = visit(editor)
    client.post(f"{TOOLS}nieuw/zelf/", BY_HAND)
    tool = Tool.objects.get()
    assert tool.redirect_uris == [f"{TOOL_SITE}/launch", f"{TOOL_SITE}/other"]
    assert tool.awaits_approval
    page = text(client.get(f"{TOOLS}{tool.pk}/"))
    assert tool.client_id in page
    assert "Zet het aan" in page
    client.post(f"{TOOLS}{tool.pk}/", {"scores": "on", "names": "on"})
    tool.refresh_from_db()
    assert tool.active
    assert set(tool.scopes) == set(services.GRADE_SCOPES)
    assert (tool.shares_name, tool.shares_email) == (True, False)
    client.post(f"{TOOLS}{tool.pk}/", {"members": "on"})
    tool.refresh_from_db()
    assert tool.scopes == [services.MEMBERS_READ]
    assert not tool.shares_name


@pytest.mark.parametrize("field", ["login_url", "target", "redirect_uris", "jwks_url", "name"])
def test_what_is_missing_is_told_beside_its_field(visit: Visit, editor: Any, field: str) -> None:
    page = visit(editor).post(f"{TOOLS}nieuw/zelf/", BY_HAND | {field: ""})
    assert f'id="id_{field}_error"' in page.content.decode()
    assert not Tool.objects.exists()


def test_consent_is_never_ticked_beforehand_for_what_is_about_people(visit: Visit, editor: Any, tool: Tool) -> None:
    Tool.objects.update(
        active=False,
        awaits_approval=True,
        scopes=[],
        asks={"scopes": list(services.SCOPES), "claims": ["name", "email"]},
    )
    page = visit(editor).get(f"{TOOLS}{tool.pk}/")
    assert "weten wie er meedoen" in text(page)
    ticked = re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked', page.content.decode())
    assert ticked == ["scores", "columns"]


def test_a_tool_that_is_rejected_is_gone(visit: Visit, editor: Any, tool: Tool) -> None:
    Tool.objects.update(active=False, awaits_approval=True)
    visit(editor).post(f"{TOOLS}{tool.pk}/afwijzen/")
    assert not Tool.objects.exists()


def test_it_can_be_renamed_and_switched_off_and_on(visit: Visit, editor: Any, tool: Tool, place: Placement) -> None:
    client = visit(editor)
    client.post(f"{TOOLS}{tool.pk}/naam/", {"name": "Andere naam"})
    assert "Andere naam" in text(client.get(TOOLS))
    assert 'id="id_name_error"' in client.post(f"{TOOLS}{tool.pk}/naam/", {"name": ""}).content.decode()
    client.post(f"{TOOLS}{tool.pk}/schakelen/", {"on": "0"})
    assert "staat nu uit" in text(client.get(f"/gereedschap/{place.key}/"), 404)
    client.post(f"{TOOLS}{tool.pk}/schakelen/", {"on": "1"})
    assert client.get(f"/gereedschap/{place.key}/").status_code == 200


def test_a_place_is_made_changed_and_taken_out_by_hand(visit: Visit, editor: Any, tool: Tool, track: Track) -> None:
    client = visit(editor)
    made = {"title": "Kaart", "summary": "", "target": f"{TOOL_SITE}/module?kaart=2", "after": "1", "scored": "on"}
    client.post(f"{TOOLS}{tool.pk}/plek/leerlijn/", made)
    placement = Placement.objects.get()
    assert placement.target_link_uri == made["target"]
    assert placement.line_items.count() == 1
    change = f"{TOOLS}plek/{placement.key}/"
    assert 'value="Kaart"' in client.get(change).content.decode()
    client.post(change, {"title": "Anders", "summary": "Kijk", "after": "0", "window": "on"})
    link = TrackLink.objects.get()
    assert (link.title, link.summary, link.after, link.new_window) == ("Anders", "Kijk", 0, True)
    assert link.address == f"/gereedschap/{placement.key}/start?window=1"
    assert 'id="id_title_error"' in client.post(change, {"title": "", "after": "0"}).content.decode()
    client.post(f"{change}weg/")
    assert "niet meer in de leerlijn" in text(client.get("/leren/"))
    assert "Anders" not in text(client.get("/leren/"))
    assert client.get(change).status_code == 404
    assert client.get(f"/gereedschap/{placement.key}/start").status_code == 404


def test_an_address_of_another_site_is_not_placed(visit: Visit, editor: Any, tool: Tool, track: Track) -> None:
    made = {"title": "Kaart", "target": "https://evil.example/", "after": "1"}
    page = visit(editor).post(f"{TOOLS}{tool.pk}/plek/leerlijn/", made)
    assert "hoort niet bij dit gereedschap" in text(page)
    assert not Placement.objects.exists()


# --- a learner


def test_a_learner_opens_it_in_a_frame_that_goes_to_the_tool_and_through_us_only(
    visit: Visit, outsider: Any, place: Placement
) -> None:
    page = visit(outsider).get(f"/gereedschap/{place.key}/")
    assert f'src="/gereedschap/{place.key}/start"' in page.content.decode()
    policy = re.search(r"frame-src ([^;]*)", page["Content-Security-Policy"])
    assert policy
    assert policy[1].split() == ["'self'", f"http://{HOUSE}", f"http://{LMS_HOST}", TOOL_SITE]
    assert "alleen bekend als een nummer" in text(page)
    Tool.objects.update(shares_name=True)
    assert "bekend met je naam" in text(visit(outsider).get(f"/gereedschap/{place.key}/"))


def begin(client: Client, place: Placement, query: str = "") -> dict[str, str]:
    answer = client.get(f"/gereedschap/{place.key}/start{query}")
    assert answer.status_code == 302, answer.content
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def test_over_two_host_names_the_request_goes_to_where_the_learner_is_known(
    visit: Visit, outsider: Any, place: Placement
) -> None:
    """Nothing that names somebody is in an address of ours, and the platform's host needs no session."""
    client = visit(outsider, enforce_csrf_checks=True)
    parameters = request_for(begin(client, place))
    carried = posted(authorise(Client(HTTP_HOST=LMS_HOST), parameters))
    assert carried.pop("action") == f"http://{HOUSE}/gereedschap/verder"
    assert carried == parameters
    claims = claims_of(client.post("/gereedschap/verder", carried))
    assert claims["sub"] == str(outsider.pseudonym)
    assert claims[LTI + "resource_link"]["id"] == str(place.key)
    assert claims[AGS_ENDPOINT]["lineitem"]
    assert claims[LTI + "launch_presentation"]["return_url"] == f"http://{HOUSE}/leren/"
    again = client.post("/gereedschap/verder", carried | {"nonce": "n2"})
    assert "hint_used" in text(again, 400)


def test_carried_over_it_is_still_for_one_person(
    visit: Visit, outsider: Any, make_person: Callable[..., Any], place: Placement
) -> None:
    parameters = request_for(begin(visit(outsider), place))
    assert "another_person" in text(visit(make_person("emre")).post("/gereedschap/verder", parameters), 403)
    assert "uitgelogd" not in text(Client(HTTP_HOST=HOUSE).post("/gereedschap/verder", parameters), 403)
    wrong = parameters | {"redirect_uri": "https://evil.example/"}
    assert "wrong_redirect_uri" in text(visit(outsider).post("/gereedschap/verder", wrong), 400)


def test_whoever_is_signed_in_at_the_lms_is_not_launched_in_somebody_elses_place(
    visit: Visit, browser: Callable[..., Client], outsider: Any, learner: Any, place: Placement
) -> None:
    parameters = request_for(begin(visit(outsider), place))
    carried = posted(authorise(browser(learner), parameters))
    assert carried["action"].endswith("/gereedschap/verder")


def test_where_an_lms_shows_us_in_its_frame_a_tool_opens_in_a_frame_of_ours(
    visit: Visit, outsider: Any, place: Placement
) -> None:
    client = visit(outsider)
    session = client.session
    session[FRAME_ORIGINS] = ["https://lms.example"]
    session.save()
    page = client.get(f"/gereedschap/{place.key}/")
    assert "frame-ancestors https://lms.example" in page["Content-Security-Policy"]
    onward = client.post("/gereedschap/verder", request_for(begin(client, place)))
    ancestors = re.search(r"frame-ancestors ([^;]*)", onward["Content-Security-Policy"])
    assert ancestors
    assert ancestors[1].split()[0] == "'self'"
    assert ancestors[1].split()[-1] == "https://lms.example"


def test_with_one_host_name_nothing_is_carried(visit: Visit, outsider: Any, place: Placement, settings: Any) -> None:
    client = visit(outsider)
    settings.PLATFORM_URL = settings.BASE_URL
    settings.ROOT_URLCONF = "tests.lti.platform.one_host"
    parameters = request_for(begin(client, place))
    assert claims_of(client.get("/lti/platform/auth", parameters))["sub"] == str(outsider.pseudonym)


def test_a_launch_is_a_beginning_and_a_score_is_progress(
    visit: Visit, outsider: Any, place: Placement, token_for: Callable[..., str]
) -> None:
    client = visit(outsider)
    client.post("/gereedschap/verder", request_for(begin(client, place)))
    assert LinkProgress.objects.get().status == "bezig"
    item = place.line_items.get()
    post(item, token_for(), score(outsider, 0.5, seconds_ago=50))
    assert "50 % gedaan" in text(client.get("/leren/"))
    post(item, token_for(), score(outsider, 0.9, seconds_ago=40, activityProgress="Submitted"))
    assert LinkProgress.objects.get().status == "ingediend"
    post(item, token_for(), score(outsider, 0.9, seconds_ago=30, grading="FullyGraded"))
    progress = LinkProgress.objects.get()
    assert (progress.status, progress.score) == ("afgerond", 0.9)


def test_a_second_column_a_tool_made_says_nothing_about_how_far_somebody_is(
    outsider: Any, place: Placement, tool: Tool, token_for: Callable[..., str], visit: Visit
) -> None:
    client = visit(outsider)
    client.post("/gereedschap/verder", request_for(begin(client, place)))
    fields = services.LineItemFields("Bonus", 1.0)
    second = services.make_line_item(tool, place.course, fields, placement=place)
    assert post(second, token_for(), score(outsider, 1, grading="FullyGraded")).status_code == 200
    assert LinkProgress.objects.get().status == "bezig"


def test_who_never_came_and_who_is_of_another_organisation_gets_no_score(
    outsider: Any, place: Placement, token_for: Callable[..., str]
) -> None:
    elsewhere = people.create_person(people.create_organisation(slug="e", name="E"), username="els")
    for person in (outsider, elsewhere):
        assert post(place.line_items.get(), token_for(), score(person)).status_code == 400
    assert not LinkProgress.objects.exists()


def test_another_organisation_can_not_open_it(visit: Visit, place: Placement) -> None:
    elsewhere = people.create_person(people.create_organisation(slug="e", name="E"), username="els")
    client = visit(elsewhere)
    assert client.get(f"/gereedschap/{place.key}/").status_code == 404
    assert client.get(f"/gereedschap/{place.key}/start").status_code == 404


@pytest.mark.parametrize(("opens", "closes", "code"), [(1, 2, "not_open_yet"), (-2, -1, "closed")])
def test_before_it_opens_and_after_it_closes_a_learner_waits_and_a_redacteur_looks(
    visit: Visit, outsider: Any, editor: Any, place: Placement, opens: int, closes: int, code: str
) -> None:
    now = timezone.now()
    Placement.objects.update(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))
    start = f"/gereedschap/{place.key}/start"
    assert code in text(visit(outsider).get(start), 403)
    assert visit(editor).get(start).status_code == 302


def test_variables_in_custom_parameters_are_filled_in_and_names_only_when_shared(
    visit: Visit, outsider: Any, place: Placement
) -> None:
    Placement.objects.update(
        custom={"id": "$ResourceLink.id", "who": "$Person.name.full", "else": "$Unknown.thing", "plain": "5 $"}
    )

    def told() -> dict[str, str]:
        client = visit(outsider)
        custom: dict[str, str] = claims_of(client.post("/gereedschap/verder", request_for(begin(client, place))))[
            LTI + "custom"
        ]
        return custom

    expected = {"id": str(place.key), "who": "$Person.name.full", "else": "$Unknown.thing", "plain": "5 $"}
    assert told() == expected
    Tool.objects.update(shares_name=True)
    assert told() == expected | {"who": outsider.name}


def test_pages_take_a_fixed_number_of_queries(
    visit: Visit, editor: Any, tool: Tool, track: Track, django_assert_max_num_queries: Any
) -> None:
    item = services.Item("Kaart", TARGET, maximum=1.0)
    services.add_items(services.course_of(track), tool, [item] * 12)
    client = visit(editor)
    for page, most in ((TOOLS, 6), (f"{TOOLS}{tool.pk}/", 8), ("/leren/", 10)):
        client.get(page)
        with django_assert_max_num_queries(most):
            client.get(page)
    with django_assert_max_num_queries(8):
        client.get(f"/gereedschap/{Placement.objects.all()[0].key}/")
