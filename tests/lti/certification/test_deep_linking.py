"""1EdTech LTI Deep Linking 2.0: requests a tool must take or refuse, and what its answer must hold."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from learning.people.models import Organisation
from learning.people.queries import roles_of
from learning.tracks import services as tracks
from learning.tracks.models import Enrolment, ModuleEdition
from lti import claims as words
from lti.tool import nonces
from lti.tool.deeplinking import items as content
from lti.tool.models import Account, Context, ResourceLink, Selection
from tests.factories import published
from tests.lti.deeplinks import answered, opened, sent, settling, typed
from tests.lti.hostile import INSTRUCTOR, ISSUER, LEARNER, TARGET, Lms

MODULE, UNIT, ACTIVITY = "proefmodule", "proefmodule/u1", "proefmodule/u1/quiz-1-1"
SYSTEM, INSTITUTION = words.SYSTEM_ROLE, words.INSTITUTION_ROLE


@pytest.fixture(autouse=True)
def on_offer(organisation: Organisation, edition: ModuleEdition) -> None:
    tracks.set_track(organisation, slug="leerlijn", title="Leerlijn Proef", modules=[edition.module])


# --- the request


def test_deep_link_request_opens_the_picker(lms: Lms, browser: Client) -> None:
    """§4.4: the message of a launch, with deep_linking_settings and without a resource link."""
    page = browser.get(opened(lms, browser)).content.decode()

    assert "Proefmodule" in page
    assert "Ruimte" in page  # the course it is for
    assert Context.objects.get().context_id == "course-1"
    assert not ResourceLink.objects.exists()
    assert not Enrolment.objects.exists()


def test_deep_link_request_signs_in_who_came(lms: Lms, browser: Client) -> None:
    opened(lms, browser)

    person = Account.objects.get().person
    assert browser.session["_auth_user_id"] == str(person.pk)
    assert roles_of(person) == {"trainer"}


@pytest.mark.parametrize("given", [{"target_link_uri": None}, {"target_link_uri": TARGET}])
def test_deep_link_request_may_leave_out_the_target_link(lms: Lms, browser: Client, given: dict[str, Any]) -> None:
    """Appendix A has none; one that is there is that of the login (Core §4.1.1)."""
    opened(lms, browser, None, **{words.TARGET_LINK_URI: given["target_link_uri"]})


def test_deep_link_request_for_another_target_is_refused(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)
    claims = lms.choosing(None, **{words.TARGET_LINK_URI: f"{TARGET}?module=proefmodule"})

    assert lms.launch(browser, claims, begun=begun).status_code == 400


@pytest.mark.parametrize("claim", ["nonce", "sub", "iss", "aud", "exp", "iat", words.VERSION, words.DEPLOYMENT_ID])
def test_deep_link_request_is_checked_as_a_launch_is(lms: Lms, browser: Client, claim: str) -> None:
    """§2.2: the same verification."""
    claims = lms.choosing()
    del claims[claim]

    response = lms.launch(browser, claims)

    assert response.status_code in (400, 401)
    assert b'name="JWT"' not in response.content
    assert not Selection.objects.exists()


def test_deep_link_request_of_an_unknown_deployment_is_refused(lms: Lms, browser: Client) -> None:
    assert lms.launch(browser, lms.choosing(None, **{words.DEPLOYMENT_ID: "another"})).status_code == 403


@pytest.mark.parametrize("value", [None, [], "settings", 7])
def test_deep_link_request_without_settings_is_refused(lms: Lms, browser: Client, value: Any) -> None:
    response = lms.launch(browser, lms.choosing(None, **{words.DEEP_LINKING_SETTINGS: value}))

    assert response.status_code == 400
    assert "deep_linking_settings" in response.content.decode()


@pytest.mark.parametrize("name", ["deep_link_return_url", "accept_types", "accept_presentation_document_targets"])
@pytest.mark.parametrize("value", [None, 7, {}, [7], ""])
def test_deep_link_request_without_a_required_setting_is_refused_by_name(
    lms: Lms, browser: Client, name: str, value: Any
) -> None:
    response = lms.launch(browser, lms.choosing({name: value}))

    assert response.status_code == 400
    assert name in response.content.decode()


def test_deep_link_request_that_takes_no_resource_links_hears_so(lms: Lms, browser: Client) -> None:
    """§2.3: the browser goes back to the LMS, with an empty answer that says why."""
    response = lms.launch(browser, lms.choosing({"accept_types": ["link", "html"], "data": "7"}))

    assert response.status_code == 400
    assert "accept_types" in response.content.decode()
    answer = answered(response)
    assert answer.items == []
    assert answer.claims[words.DEEP_LINKING_DATA] == "7"
    assert answer.claims[words.DL + "errormsg"]
    assert "ltiResourceLink" in answer.claims[words.DL + "errorlog"]


@pytest.mark.parametrize(
    "roles",
    [
        [INSTRUCTOR],
        ["Instructor"],
        [words.MEMBERSHIP + "/Instructor#TeachingAssistant"],
        [words.MEMBERSHIP + "#ContentDeveloper"],
        [words.MEMBERSHIP + "#Administrator"],
        [INSTITUTION + "#Administrator"],
        [SYSTEM + "#SysAdmin", SYSTEM + "#User"],
        [LEARNER, INSTRUCTOR],
    ],
)
def test_deep_link_request_of_who_makes_the_course_opens(lms: Lms, browser: Client, roles: list[str]) -> None:
    assert browser.get(opened(lms, browser, None, **{words.ROLES: roles})).status_code == 200


def test_an_administrator_of_the_lms_gets_no_role_here_by_choosing(lms: Lms, browser: Client) -> None:
    opened(lms, browser, None, **{words.ROLES: [SYSTEM + "#Administrator"]})

    assert roles_of(Account.objects.get().person) == {"deelnemer"}


def test_settings_as_words_count_as_booleans(lms: Lms, browser: Client) -> None:
    """The schema of the message says "true" and "false", its text Boolean."""
    picker = opened(lms, browser, {"accept_multiple": "true", "accept_lineitem": "false"})

    assert 'type="checkbox" name="item"' in browser.get(picker).content.decode()
    assert "line_item" not in browser.get(settling(picker, MODULE)).content.decode()


# --- the answer


def test_deep_link_response_holds_what_the_specification_asks(lms: Lms, browser: Client) -> None:
    """§4.5 and Security Framework §5.4: ours to sign, theirs to take, for a short while."""
    picker = opened(lms, browser)

    response = sent(browser, picker, MODULE)

    answer = answered(response)
    assert answer.address == f"{ISSUER}/return?course=7"
    assert answer.header["alg"] == "RS256"
    claims = answer.claims
    assert (claims["iss"], claims["aud"], claims["azp"]) == ("client-1", ISSUER, "client-1")
    assert claims["iat"] <= time.time() < claims["exp"] <= time.time() + 600
    assert len(claims["nonce"]) >= 22
    assert claims[words.DEPLOYMENT_ID] == "deployment-1"
    assert claims[words.MESSAGE_TYPE] == words.DEEP_LINKING_RESPONSE
    assert claims[words.VERSION] == "1.3.0"
    assert words.DEEP_LINKING_DATA not in claims


def test_deep_link_response_may_go_to_the_lms_only(lms: Lms, browser: Client) -> None:
    response = sent(browser, opened(lms, browser), MODULE)

    policy = response.headers["Content-Security-Policy"]
    assert re.search(rf"form-action {re.escape(ISSUER)}(;|$)", policy)
    assert ISSUER in re.search(r"frame-ancestors ([^;]+)", policy)[1]  # type: ignore[index]
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "data",
    [
        "csrftoken:c7fbba78",
        "",
        "é \u2028 \x00 \U0001f600 '\"<>&",
        "x" * 100_000,
        {"a": [1, 2.5, None]},
        7,
        False,
        ["x"],
    ],
)
def test_data_goes_back_to_the_letter(lms: Lms, browser: Client, data: Any) -> None:
    """§4.5.5: required when it was there, and opaque."""
    picker = opened(lms, browser, {"data": data})

    assert answered(sent(browser, picker, MODULE)).claims[words.DEEP_LINKING_DATA] == data


def test_half_a_character_in_data_goes_back_too(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser, {"data": "\ud800"})

    token = answered(sent(browser, picker, MODULE))
    assert token.claims[words.DEEP_LINKING_DATA] == "\ud800"


@pytest.mark.parametrize(
    ("reference", "custom", "query"),
    [
        (MODULE, {"module": "proefmodule"}, "module=proefmodule"),
        (UNIT, {"module": "proefmodule", "unit": "u1"}, "module=proefmodule&unit=u1"),
        (
            ACTIVITY,
            {"module": "proefmodule", "unit": "u1", "activity": "quiz-1-1"},
            "module=proefmodule&unit=u1&activity=quiz-1-1",
        ),
    ],
)
def test_lti_resource_link_item_names_what_it_opens(
    lms: Lms, browser: Client, reference: str, custom: dict[str, str], query: str
) -> None:
    """§3.2: in `url`, which comes back as target_link_uri, and in `custom`, which comes back in every launch."""
    [item] = answered(sent(browser, opened(lms, browser), reference, title_0="Eigen titel")).items

    assert item["type"] == "ltiResourceLink"
    assert item["title"] == "Eigen titel"
    assert item["custom"] == custom
    assert item["url"] == f"{TARGET}?{query}"
    assert {item[name]["url"].rpartition(".")[2] for name in ("icon", "thumbnail")} == {"png"}
    assert "lineItem" not in item


def test_several_items_in_one_response(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)

    items = answered(sent(browser, picker, ACTIVITY, MODULE, UNIT)).items

    assert [item["custom"].get("unit", "") for item in items] == ["u1", "", "u1"]
    assert [item["title"] for item in items] == ["Titel 0", "Titel 1", "Titel 2"]


@pytest.mark.parametrize("settings", [{"accept_multiple": False}, {"accept_multiple": None}])
def test_one_item_where_the_lms_takes_one(lms: Lms, browser: Client, settings: dict[str, Any]) -> None:
    """Also where it doesn't say: one is always right."""
    picker = opened(lms, browser, settings)
    page = browser.get(picker).content.decode()
    assert 'type="radio" name="item"' in page
    assert 'type="checkbox" name="item"' not in page

    assert sent(browser, picker, MODULE, UNIT).status_code == 400
    assert len(answered(sent(browser, picker, UNIT)).items) == 1


def test_line_item_in_a_response(lms: Lms, browser: Client) -> None:
    """§3.2: scoreMaximum is positive; resourceId and tag find it back (AGS 2.0 §3.2.5)."""
    picker = opened(lms, browser, {"accept_lineitem": True})

    [item] = answered(sent(browser, picker, MODULE, line_item_0="on", label_0="Voortgang dialoog")).items

    assert item["lineItem"] == {
        "label": "Voortgang dialoog",
        "scoreMaximum": 1,
        "resourceId": "proefmodule",
        "tag": "voortgang",
    }


def test_line_item_without_a_name_takes_the_title(lms: Lms, browser: Client) -> None:
    [item] = answered(sent(browser, opened(lms, browser), UNIT, line_item_0="on", label_0="")).items

    assert (item["lineItem"]["label"], item["lineItem"]["resourceId"]) == ("Titel 0", "proefmodule/u1")


def test_no_line_item_where_the_lms_ignores_them(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser, {"accept_lineitem": False})

    [item] = answered(sent(browser, picker, MODULE, line_item_0="on")).items

    assert "lineItem" not in item


def test_a_module_proposes_its_column_and_a_part_of_it_does_not(lms: Lms, browser: Client) -> None:
    page = browser.get(settling(opened(lms, browser), MODULE, UNIT)).content.decode()

    assert re.search(r'name="i0-line_item"[^>]* checked', page)
    assert not re.search(r'name="i1-line_item"[^>]* checked', page)


def test_available_and_submission_dates(lms: Lms, browser: Client) -> None:
    """§3.2: ISO 8601; typed by the clock of the Netherlands, in winter and in summer."""
    [item] = answered(
        sent(
            browser, opened(lms, browser), MODULE, available_from_0="2027-01-05T09:00",
            available_until_0="2027-07-05T09:00", submit_until_0="2027-06-30T17:30",
        )
    ).items  # fmt: skip

    assert item["available"] == {"startDateTime": "2027-01-05T08:00:00Z", "endDateTime": "2027-07-05T07:00:00Z"}
    assert item["submission"] == {"endDateTime": "2027-06-30T15:30:00Z"}


def test_no_dates_where_none_were_typed(lms: Lms, browser: Client) -> None:
    [item] = answered(sent(browser, opened(lms, browser), MODULE)).items

    assert item.keys().isdisjoint({"available", "submission", "window", "iframe", "lineItem"})


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [("iframe", {"iframe": {}}), ("window", {"window": {"targetName": "tussenruimte"}}), ("vrij", {})],
)
def test_window_preference(lms: Lms, browser: Client, chosen: str, expected: dict[str, Any]) -> None:
    [item] = answered(sent(browser, opened(lms, browser), MODULE, window_0=chosen)).items

    assert {name: item[name] for name in ("iframe", "window") if name in item} == expected


@pytest.mark.parametrize(("targets", "offered"), [(["iframe"], {"iframe"}), (["embed"], set()), ([], set())])
def test_no_window_that_the_lms_does_not_name(lms: Lms, browser: Client, targets: list[str], offered: set[str]) -> None:
    picker = opened(lms, browser, {"accept_presentation_document_targets": targets})

    page = browser.get(settling(picker, MODULE)).content.decode()

    assert set(re.findall(r'name="i0-window" value="(\w+)"', page)) - {"vrij"} == offered
    assert sent(browser, picker, MODULE, window_0="window").status_code == (400 if offered else 200)


def test_title_and_text_of_the_request_are_proposed_for_one_item(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser, {"title": "Week 3", "text": "Doe dit vóór dinsdag."})

    assert 'value="Week 3"' in browser.get(settling(picker, MODULE)).content.decode()
    assert 'value="Week 3"' not in browser.get(settling(picker, MODULE, UNIT)).content.decode()
    [item] = answered(sent(browser, picker, MODULE)).items
    assert item["text"] == "Doe dit vóór dinsdag."


@pytest.mark.parametrize("title", ["Tussenruimte", "Ruimte", "", None])
def test_a_title_that_is_of_no_item_is_passed_over(lms: Lms, browser: Client, title: str | None) -> None:
    """Moodle sends the tool's name when nothing was typed yet, others the course's."""
    picker = opened(lms, browser, {"title": title, "text": "Over de tool."})

    assert 'value="Proefmodule"' in browser.get(settling(picker, MODULE)).content.decode()
    assert answered(sent(browser, picker, MODULE)).items[0]["text"] == "Om te proberen."


def test_going_back_without_choosing_is_an_empty_answer(lms: Lms, browser: Client) -> None:
    """§2.3: also who chose nothing is taken back."""
    picker = opened(lms, browser, {"data": "7"})

    answer = answered(browser.post(f"{picker}terug/"))

    assert answer.items == []
    assert answer.claims[words.DEEP_LINKING_DATA] == "7"
    assert words.DL + "errormsg" not in answer.claims


# --- what was chosen is launched


@pytest.mark.parametrize(
    ("reference", "leads"),
    [
        (MODULE, "/leren/proefmodule/"),
        (UNIT, "/leren/proefmodule/u1/"),
        (ACTIVITY, "/leren/proefmodule/u1/#quiz-1-1"),
    ],
)
@pytest.mark.parametrize("kept", ["url", "custom"])
def test_what_was_chosen_opens_when_it_is_launched(
    lms: Lms, browser: Client, reference: str, leads: str, kept: str
) -> None:
    """Whether the LMS gives back `url` or only `custom`."""
    [item] = answered(sent(browser, opened(lms, browser), reference)).items
    claims = lms.claims(sub="learner")
    claims[words.TARGET_LINK_URI] = item["url"] if kept == "url" else TARGET
    claims[words.CUSTOM] = item["custom"] if kept == "custom" else {}

    learner = Client()
    response = lms.launch(learner, claims)

    assert response.status_code == 303
    where = response.headers["Location"]
    if reference == ACTIVITY:
        where = learner.get(where).headers["Location"]
    assert where == leads
    assert learner.get(where).status_code == 200


def test_a_link_to_an_activity_that_is_not_there_is_refused(lms: Lms, browser: Client) -> None:
    claims = lms.claims(**{words.CUSTOM: {"module": "proefmodule", "activity": "another"}})

    assert lms.launch(browser, claims).status_code == 400
    assert not ResourceLink.objects.exists()


def test_an_activity_that_somebody_s_edition_lacks_opens_the_module(lms: Lms, browser: Client, tmp_path: Path) -> None:
    """They stay on the edition they began with; the link was made of a newer one."""
    lms.launch(browser)
    published(tmp_path / "newer", quizzes=3)

    where = lms.launch(browser, lms.claims(**{words.CUSTOM: {"module": "proefmodule", "activity": "quiz-1-3"}}))

    assert browser.get(where.headers["Location"]).headers["Location"] == "/leren/proefmodule/"


@pytest.mark.parametrize(
    "changes",
    [
        {words.CUSTOM: {"module": "proefmodule", "unit": "u2", "activity": "quiz-2-1"}},
        {words.CUSTOM: {"resource_link_id_history": "unknown,link-1"}},
        {words.CUSTOM: {"context_history": "course-1"}, words.CONTEXT: {"id": "copy"}},
    ],
)
def test_a_copied_link_opens_the_same_activity(lms: Lms, browser: Client, changes: dict[str, Any]) -> None:
    """By `custom`, `ResourceLink.id.history` or `Context.id.history` (Core, appendix C.2)."""
    chosen = {"module": "proefmodule", "unit": "u2", "activity": "quiz-2-1"}
    lms.launch(browser, lms.claims(**{words.CUSTOM: chosen}))

    copy = {words.RESOURCE_LINK: {"id": "copy", "title": "De dialoog"}, **changes}
    where = lms.launch(browser, lms.claims(**copy)).headers["Location"]

    assert browser.get(where).headers["Location"] == "/leren/proefmodule/u2/#quiz-2-1"
    link = ResourceLink.objects.get(resource_link_id="copy")
    assert (link.module, link.unit, link.activity) == ("proefmodule", "u2", "quiz-2-1")


# --- choosing


@pytest.mark.parametrize(
    ("search", "finds"),
    [("proef", True), ("PRÓËF", True), ("quiz", True), ("unit 2", True), ("quiz proef", True), ("koe proef", False)],
)
def test_search_without_script(lms: Lms, browser: Client, search: str, finds: bool) -> None:
    """All words, without capitals and accents, in the thing itself or what it is part of."""
    page = browser.get(opened(lms, browser), {"zoek": search}).content.decode()

    assert ("Hier staat niets over" in page) is True
    assert bool(re.search(r'class="kiezer__module" data-node="[^"]*">', page)) is finds
    assert bool(re.search(r"<div data-empty>", page)) is not finds


@pytest.mark.parametrize(
    ("search", "seen"),
    [
        ("unit 2", {"proefmodule", "proefmodule/u2"}),
        ("1.1 quiz", {"proefmodule", "proefmodule/u1"}),
        ("proefmodule", None),
    ],
)
def test_a_search_shows_what_was_found_and_what_it_is_in(
    lms: Lms, browser: Client, search: str, seen: set[str] | None
) -> None:
    """And all of a thing when only the thing itself was found."""
    page = browser.get(opened(lms, browser), {"zoek": search}).content.decode()

    blocks = re.split(r"(?=<div[^>]* data-node=)", page)[1:]
    shown = {
        re.search(r'name="item" value="([^"]+)"', block)[1]  # type: ignore[index]
        for block in blocks
        if not re.match(r'<div[^>]* data-node="[^"]*" hidden', block)
    }
    every = {MODULE, UNIT, "proefmodule/u2"}
    assert {each for each in shown if each in every} == (seen or every)


def test_searching_loses_nothing_that_was_chosen(lms: Lms, browser: Client) -> None:
    page = browser.get(opened(lms, browser), {"zoek": "niets", "item": [UNIT, ACTIVITY]}).content.decode()

    checked = re.findall(r'name="item" value="([^"]+)"[^>]* checked', page)
    assert checked == [UNIT, ACTIVITY]
    assert "2 gekozen" in page


def test_taking_one_away_without_script(lms: Lms, browser: Client) -> None:
    page = browser.get(opened(lms, browser), {"item": [UNIT, ACTIVITY], "weg": UNIT}).content.decode()

    assert re.findall(r'name="item" value="([^"]+)"[^>]* checked', page) == [ACTIVITY]


def test_nothing_chosen_is_said_where_one_chooses(lms: Lms, browser: Client) -> None:
    response = browser.get(settling(opened(lms, browser)))

    assert response.status_code == 400
    assert "Er is nog niets gekozen" in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title_0": ""}, "title"),
        ({"title_0": "x" * 256}, "title"),
        ({"available_from_0": "morgen"}, "available_from"),
        ({"available_from_0": "2027-03-28T02:30"}, "available_from"),  # an hour that the Netherlands skips
        ({"available_from_0": "2027-01-02T00:00", "available_until_0": "2027-01-01T00:00"}, "available_until"),
        ({"submit_from_0": "2027-01-02T00:00", "submit_until_0": "2027-01-02T00:00"}, "submit_until"),
        ({"window_0": "popup"}, "window"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    lms: Lms, browser: Client, fields: dict[str, str], field: str
) -> None:
    picker = opened(lms, browser)

    response = sent(browser, picker, MODULE, **{"label_0": "Mijn kolom", **fields})

    page = response.content.decode()
    assert response.status_code == 400
    assert f'href="#id_i0-{field}"' in page
    assert f'id="id_i0-{field}_error"' in page
    assert 'value="Mijn kolom"' in page
    assert not Selection.objects.get().answer


def test_choosing_something_more_keeps_what_was_typed(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)

    response = browser.post(
        f"{picker}instellen/", typed(UNIT, title_0="Eigen", available_from_0="nog niet") | {"kies": "ja"}
    )

    assert response.headers["Location"] == f"{picker}?item=proefmodule%2Fu1"
    page = browser.get(settling(picker, MODULE, UNIT)).content.decode()
    assert 'value="Eigen"' in page
    assert 'value="nog niet"' in page


def test_taking_one_away_while_settling_keeps_the_others(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)

    response = browser.post(f"{picker}instellen/", typed(UNIT, MODULE, title_1="Eigen") | {"weg": UNIT})

    assert response.headers["Location"] == f"{picker}instellen/?item=proefmodule"
    assert 'value="Eigen"' in browser.get(response.headers["Location"]).content.decode()


def test_an_organisation_without_modules_sees_why(lms: Lms, browser: Client, organisation: Organisation) -> None:
    tracks.set_track(organisation, slug="leerlijn", title="Leerlijn Proef", modules=[])

    assert "Er is nog niets te kiezen" in browser.get(opened(lms, browser)).content.decode()


def test_choosing_in_english(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser, None, **{words.LAUNCH_PRESENTATION: {"locale": "en-US"}})

    page = browser.get(picker).content.decode()

    assert '<html lang="en"' in page
    assert "Choose for your course" in page
    assert '<span class="kiezer__titel" lang="nl">Proefmodule</span>' in page


# --- what it costs


def test_the_pages_are_seven_queries_at_most(
    lms: Lms, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """The first of a session keeps its forms' secret and may read editions; then five are left."""
    picker = opened(lms, browser)
    with django_assert_max_num_queries(7 + 2):  # and a savepoint of the test
        browser.get(picker)
    for address in (f"{picker}?zoek=quiz&item={MODULE}&item={UNIT}", settling(picker, MODULE, UNIT)):
        with django_assert_max_num_queries(5):
            browser.get(address)


def test_a_request_of_somebody_we_know_is_eight_queries_at_most(
    lms: Lms, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nonces, "SWEEP_ONE_IN", 10**9)
    opened(lms, browser)
    again = Client()
    begun = lms.login(again)
    token = lms.sign({**lms.choosing(), "nonce": begun.nonce})

    with django_assert_max_num_queries(8 + 2):  # and the savepoint of the test
        assert lms.post(again, token, begun.state).status_code == 303


def test_a_page_with_the_most_items_fits_in_a_request() -> None:
    """gunicorn takes request lines of 4094 bytes; Django forms of 300 fields."""
    longest = "&item=dialoogprincipes%2Fu1-5%2Fluisterfragment-streektafel"
    assert content.MAX_ITEMS * len(longest) < 4094 - 300
    assert content.MAX_ITEMS * (len(content.ItemForm.base_fields) + 1) < 300 - 5
