"""Content chosen at a tool: who may, what is believed of the answer, and what comes of it."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from learning.people import services as people
from learning.tracks.models import Module, Track, TrackLink, TrackModule
from lti.claims import LTI
from lti.platform import deeplinks, launches, services
from lti.platform.endpoints import endpoint, issuer
from lti.platform.models import Choice, Course, LineItem, Placement, SpentToken, Tool
from tests.lti.platform.conftest import LMS_HOST, TARGET, TOOL_SITE, Signer
from tests.lti.platform.test_authorization import authorise, claims_of, request_for

pytestmark = pytest.mark.django_db

HOUSE = "localhost:8000"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS = DL + "deep_linking_settings"
ITEM = {"type": "ltiResourceLink", "title": "De keukentafel", "url": f"{TOOL_SITE}/module?scene=2"}


@pytest.fixture(autouse=True)
def _no_fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lti.outbound.get_json", lambda address, **bounds: {"keys": []})


@pytest.fixture
def track(organisation: Any) -> Track:
    track = Track.objects.create(organisation=organisation, slug="leerlijn", title="Dialogisch werken")
    module = Module.objects.create(slug="m", number="M1", title="Dialoog is een werkwoord")
    TrackModule.objects.create(track=track, module=module, position=1)
    return track


@pytest.fixture
def editor(make_person: Callable[..., Any], organisation: Any) -> Any:
    person = make_person("jorrit")
    people.set_roles_from(person, organisation=organisation, source="local", roles={"redacteur"})
    return person


@pytest.fixture
def tool(make_tool: Callable[..., Tool]) -> Tool:
    return make_tool(choosing_url=f"{TOOL_SITE}/choose")


def begin(person: Any, tool: Tool, track: Track) -> dict[str, str]:
    """What the tool's login is asked when somebody goes to choose from our own pages."""

    address = launches.begin_choosing(person, tool, services.course_of(track), target="iframe", face="house")
    return dict(parse_qsl(urlsplit(address).query))


def request(person: Any, tool: Tool, track: Track) -> dict[str, Any]:
    """The claims with which somebody chooses."""
    client = Client(HTTP_HOST=HOUSE)
    client.force_login(person)
    return claims_of(client.post("/gereedschap/verder", request_for(begin(person, tool, track))))


@dataclass(frozen=True)
class Chooser:
    signer: Signer
    data: str

    def claims(self, *items: Any, **changed: Any) -> dict[str, Any]:
        """A well-behaved answer; None leaves a claim out."""
        now = int(time.time())
        whole: dict[str, Any] = {
            "iss": "tool-1",
            "aud": issuer(),
            "iat": now - 5,
            "exp": now + 60,
            "nonce": secrets.token_urlsafe(8),
            LTI + "message_type": "LtiDeepLinkingResponse",
            LTI + "version": "1.3.0",
            LTI + "deployment_id": "1",
            DL + "data": self.data,
            DL + "content_items": list(items or [ITEM]),
        }
        return {name: value for name, value in (whole | changed).items() if value is not None}

    def answer(self, *items: Any, **changed: Any) -> Any:
        return post(self.signer.sign(self.claims(*items, **changed)))


def post(jwt: str) -> Any:
    return Client(HTTP_HOST=LMS_HOST).post("/lti/platform/deep-links/return", {"JWT": jwt})


@pytest.fixture
def chooser(editor: Any, tool: Tool, track: Track, signer: Signer) -> Chooser:
    return Chooser(signer, request(editor, tool, track)[SETTINGS]["data"])


def refused(answer: Any, code: str, status: int = 400) -> None:
    assert answer.status_code == status, answer.content
    assert code in answer.content.decode()
    assert not Choice.objects.exists()


def chosen(answer: Any) -> Choice:
    assert answer.status_code == 303, answer.content
    return Choice.objects.get()


def read(item: Any, chooser: Chooser) -> services.Item:
    return deeplinks.items_of(chosen(chooser.answer(item)))[0]


def wrong(item: Any, chooser: Chooser) -> str:
    choice = chosen(chooser.answer(item))
    assert choice.items == []
    return str(choice.refused[0]["code"])


def test_choosing_asks_for_resource_links_with_data_of_ours(editor: Any, tool: Tool, track: Track) -> None:
    claims = request(editor, tool, track)
    settings = claims[SETTINGS]
    assert claims[LTI + "message_type"] == "LtiDeepLinkingRequest"
    assert claims[LTI + "target_link_uri"] == tool.choosing_url
    assert LTI + "resource_link" not in claims
    assert settings["accept_types"] == ["ltiResourceLink"]
    assert settings["accept_multiple"] is True
    assert settings["deep_link_return_url"] == endpoint("deep-links")
    assert str(editor.pseudonym) not in settings["deep_link_return_url"]


@pytest.mark.parametrize("roles", [set(), {"deelnemer"}, {"trainer"}, {"beheer"}, {"hr"}])
def test_who_is_no_redacteur_can_not_choose(
    make_person: Callable[..., Any], organisation: Any, tool: Tool, track: Track, roles: set[str]
) -> None:
    person = make_person("iemand")
    people.set_roles_from(person, organisation=organisation, source="local", roles=roles)
    with pytest.raises(launches.Refused, match="not_a_member"):
        begin(person, tool, track)


def test_a_redacteur_who_was_one_when_it_began_and_is_not_any_more_chooses_nothing(
    editor: Any, organisation: Any, tool: Tool, track: Track, chooser: Chooser
) -> None:
    login = begin(editor, tool, track)
    people.set_roles_from(editor, organisation=organisation, source="local", roles={"trainer"})
    client = Client(HTTP_HOST=HOUSE)
    client.force_login(editor)
    assert "not_a_member" in client.post("/gereedschap/verder", request_for(login)).content.decode()
    refused(chooser.answer(), "may_not_choose", 403)


def test_a_learner_of_the_lms_chooses_nothing_and_its_trainer_may(
    browser: Callable[..., Client], learner: Any, trainer: Any, course: Course, tool: Tool
) -> None:
    for page in ("/leerlijn/ruimte/toevoegen/", f"/leerlijn/ruimte/toevoegen/{tool.pk}/start"):
        assert browser(learner).get(page).status_code == 404
    assert tool.name in browser(trainer).get("/leerlijn/ruimte/toevoegen/").content.decode()
    assert browser(trainer).get(f"/leerlijn/ruimte/toevoegen/{tool.pk}/start").status_code == 302


def test_what_was_chosen_waits_for_its_chooser_and_nobody_else(
    chooser: Chooser, editor: Any, make_person: Callable[..., Any], organisation: Any
) -> None:
    answer = chooser.answer()
    choice = chosen(answer)
    assert answer["Location"] == f"http://{HOUSE}/redactie/gereedschap/gekozen/{choice.key}/"
    colleague = make_person("collega")
    people.set_roles_from(colleague, organisation=organisation, source="local", roles={"redacteur"})
    preview = f"/redactie/gereedschap/keuze/{choice.key}/"
    for person, status in ((editor, 200), (colleague, 404)):
        client = Client(HTTP_HOST=HOUSE)
        client.force_login(person)
        assert client.get(preview).status_code == status
    nobody = Client(HTTP_HOST=HOUSE)
    assert nobody.get(preview).status_code == 302
    handover = nobody.get(f"/redactie/gereedschap/gekozen/{choice.key}/").content.decode()
    assert ITEM["title"] not in handover
    assert preview in handover


def test_several_are_placed_at_once_with_what_the_tool_said_of_them(
    chooser: Chooser, editor: Any, track: Track, tool: Tool
) -> None:
    second = {
        "type": "ltiResourceLink",
        "title": "Toets",
        "text": "Tien vragen\nover luisteren.",
        "custom": {"quiz": "7"},
        "window": {"targetName": "toets"},
        "available": {"startDateTime": "2026-03-01T09:00:00Z", "endDateTime": "2026-05-01T09:00:00Z"},
        "submission": {"endDateTime": "2026-04-01T09:00:00Z"},
        "lineItem": {"scoreMaximum": 20, "label": "Toets luisteren", "resourceId": "q7", "tag": "toets"},
    }
    choice = chosen(chooser.answer(ITEM, second))
    client = Client(HTTP_HOST=HOUSE)
    client.force_login(editor)
    sent = {"take-0": "on", "title-0": "Aan de keukentafel", "take-1": "on", "title-1": "", "after": "0"}
    page = client.post(f"/redactie/gereedschap/keuze/{choice.key}/", sent)
    assert page["Location"] == f"/redactie/gereedschap/{tool.pk}/"
    table, quiz = Placement.objects.order_by("position")
    assert (table.title, table.target_link_uri, table.presentation) == ("Aan de keukentafel", ITEM["url"], "frame")
    assert (quiz.title, quiz.summary, quiz.custom) == ("Toets", "Tien vragen over luisteren.", {"quiz": "7"})
    assert quiz.presentation == "window"
    assert quiz.target_link_uri == TARGET
    item = LineItem.objects.get()
    assert (item.placement, item.label, item.maximum) == (quiz, "Toets luisteren", 20)
    assert (item.resource_id, item.tag) == ("q7", "toets")
    assert item.ends_at
    assert item.ends_at.isoformat() == "2026-04-01T09:00:00+00:00"
    links = TrackLink.objects.order_by("position")
    assert [(link.title, link.after, link.new_window) for link in links] == [
        ("Aan de keukentafel", 0, False),
        ("Toets", 0, True),
    ]
    assert not Choice.objects.exists()
    assert client.post(f"/redactie/gereedschap/keuze/{choice.key}/", sent).status_code == 404
    assert Placement.objects.count() == 2


def test_what_is_not_ticked_is_not_placed(chooser: Chooser, editor: Any) -> None:
    choice = chosen(chooser.answer(ITEM, {**ITEM, "title": "Ander"}))
    client = Client(HTTP_HOST=HOUSE)
    client.force_login(editor)
    preview = f"/redactie/gereedschap/keuze/{choice.key}/"
    assert "minstens één" in client.post(preview, {"after": "1"}).content.decode()
    client.post(preview, {"take-1": "on", "title-1": "Ander", "after": "1"})
    assert Placement.objects.get().title == "Ander"


def test_thrown_away_nothing_is_placed(chooser: Chooser, editor: Any) -> None:
    choice = chosen(chooser.answer())
    client = Client(HTTP_HOST=HOUSE)
    client.force_login(editor)
    client.post(f"/redactie/gereedschap/keuze/{choice.key}/", {"throw_away": "1"})
    assert not Placement.objects.exists()
    assert not Choice.objects.exists()


# --- what is not believed


def test_an_answer_somebody_else_signed_brings_nothing(chooser: Chooser, stranger: Signer) -> None:
    refused(post(stranger.sign(chooser.claims())), "wrong_answer")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iss": None}, "wrong_answer"),
        ({"iss": "nobody"}, "wrong_answer"),
        ({"iss": ["tool-1"]}, "wrong_answer"),
        ({"aud": None}, "wrong_answer"),
        ({"aud": "https://other.example"}, "wrong_answer"),
        ({"aud": issuer() + "/"}, "wrong_answer"),
        ({"aud": {"a": 1}}, "wrong_answer"),
        ({"azp": "tool-2"}, "wrong_answer"),
        ({"iat": None}, "wrong_answer"),
        ({"iat": 2**33}, "wrong_answer"),
        ({"exp": None}, "wrong_answer"),
        ({"exp": 1000}, "wrong_answer"),
        ({"exp": 2**35}, "wrong_answer"),
        ({"nonce": None}, "choice_used"),
        ({"nonce": ""}, "choice_used"),
        ({"nonce": 5}, "choice_used"),
        ({LTI + "message_type": "LtiResourceLinkRequest"}, "wrong_answer"),
        ({LTI + "message_type": None}, "wrong_answer"),
        ({LTI + "version": "1.1"}, "wrong_answer"),
        ({LTI + "deployment_id": "2"}, "wrong_answer"),
        ({LTI + "deployment_id": None}, "wrong_answer"),
        ({DL + "data": None}, "wrong_answer"),
        ({DL + "data": {"a": 1}}, "wrong_answer"),
        ({DL + "data": "made-up"}, "wrong_choice"),
        ({DL + "content_items": {"type": "ltiResourceLink"}}, "wrong_answer"),
        ({DL + "content_items": [ITEM] * 51}, "too_many_items"),
    ],
)
def test_an_answer_that_says_something_wrong_brings_nothing(
    chooser: Chooser, changed: dict[str, Any], code: str
) -> None:
    """lti1p3platform checks neither iss, aud, deployment nor data of an answer."""
    refused(chooser.answer(**changed), code)


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"crit": ["x"]}, {"jku": "https://evil.example"}, {"kid": "other"}, {"jwk": {}}]
)
def test_an_answer_with_a_strange_header_brings_nothing(chooser: Chooser, header: dict[str, Any]) -> None:

    body = chooser.signer.sign(chooser.claims())
    head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": "key-1", **header}).encode()).rstrip(b"=")
    refused(post(f"{head.decode()}.{body.partition('.')[2]}"), "wrong_answer")


@pytest.mark.parametrize("answer", ["", "x", "a.b.c", "é", "x" * 300_000])
def test_what_is_no_answer_brings_nothing(chooser: Chooser, answer: str) -> None:
    refused(post(answer), "wrong_answer")


def test_an_answer_counts_once(chooser: Chooser) -> None:
    claims = chooser.claims()
    choice = chosen(post(chooser.signer.sign(claims)))
    for again in (claims, claims | {"nonce": "another"}):
        assert "choice_used" in post(chooser.signer.sign(again)).content.decode()
    assert Choice.objects.get() == choice


def test_another_tools_answer_to_our_question_brings_nothing(chooser: Chooser, make_tool: Callable[..., Tool]) -> None:
    make_tool("tool-2", choosing_url=f"{TOOL_SITE}/choose")
    refused(chooser.answer(iss="tool-2"), "wrong_choice")


def test_the_answer_of_a_tool_that_was_switched_off_brings_nothing(chooser: Chooser, tool: Tool) -> None:
    services.switch(tool, on=False)
    refused(chooser.answer(), "wrong_answer")


def test_data_grows_old(chooser: Chooser, monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.time() + launches.CHOOSING_LIFE + 1
    monkeypatch.setattr("time.time", lambda: later)
    now = int(later)
    refused(chooser.answer(iat=now, exp=now + 60), "choice_expired")


def test_bad_answers_leave_nothing_behind(chooser: Chooser, stranger: Signer) -> None:
    before = SpentToken.objects.count()
    for number in range(5):
        post(stranger.sign(chooser.claims(nonce=f"n{number}")))
        chooser.answer(aud="https://other.example")
    assert SpentToken.objects.count() == before


# --- what an item may be


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"type": "link", "url": TARGET}, "kind"),
        ({"type": "file", "url": TARGET}, "kind"),
        ({"type": "html", "html": "<script>"}, "kind"),
        ({}, "kind"),
        ("ltiResourceLink", "kind"),
        (None, "kind"),
        ({**ITEM, "url": "https://evil.example/module"}, "address"),
        ({**ITEM, "url": "https://tool.example.evil.example/"}, "address"),
        ({**ITEM, "url": "https://tool.example:444/module"}, "address"),
        ({**ITEM, "url": "http://tool.example/module"}, "address"),
        ({**ITEM, "url": "javascript:alert(1)"}, "address"),
        ({**ITEM, "url": f"{TOOL_SITE}/#x"}, "address"),
        ({**ITEM, "url": 5}, "address"),
        ({**ITEM, "title": 5}, "text"),
        ({**ITEM, "title": "x" * 201}, "text"),
        ({**ITEM, "title": "a\x00b"}, "text"),
        ({**ITEM, "text": "x" * 1001}, "text"),
        ({**ITEM, "custom": {"a": 1}}, "parameters"),
        ({**ITEM, "custom": {"a": {"b": "c"}}}, "parameters"),
        ({**ITEM, "custom": [["a", "b"]]}, "parameters"),
        ({**ITEM, "custom": {str(n): "x" for n in range(51)}}, "parameters"),
        ({**ITEM, "available": "morgen"}, "dates"),
        ({**ITEM, "available": {"startDateTime": "morgen"}}, "dates"),
        ({**ITEM, "available": {"startDateTime": "2026-03-02T00:00Z", "endDateTime": "2026-03-01T00:00Z"}}, "dates"),
        ({**ITEM, "lineItem": {}}, "score"),
        ({**ITEM, "lineItem": {"scoreMaximum": 0}}, "score"),
        ({**ITEM, "lineItem": "10"}, "score"),
    ],
)
def test_an_item_that_does_not_fit_is_told_with_the_reason(chooser: Chooser, item: Any, code: str) -> None:
    assert wrong(item, chooser) == code


def test_what_fits_is_kept_beside_what_does_not(chooser: Chooser, editor: Any) -> None:
    choice = chosen(chooser.answer({"type": "link", "title": "Een losse link"}, ITEM))
    assert len(choice.items) == 1
    client = Client(HTTP_HOST=HOUSE)
    client.force_login(editor)
    page = client.get(f"/redactie/gereedschap/keuze/{choice.key}/").content.decode()
    assert "Een losse link" in page
    assert "Eén onderdeel past hier niet" in page


def test_without_an_address_it_is_the_tools_own(chooser: Chooser) -> None:
    item = read({"type": "ltiResourceLink"}, chooser)
    assert (item.title, item.target_link_uri) == ("Tussenruimte", TARGET)


@pytest.mark.parametrize(("shape", "window"), [({}, False), ({"iframe": {}}, False), ({"window": {}}, True)])
def test_it_opens_as_the_tool_prefers(chooser: Chooser, shape: dict[str, Any], window: bool) -> None:
    assert read({**ITEM, **shape}, chooser).window is window


def test_nothing_chosen_is_an_answer_too(chooser: Chooser, editor: Any) -> None:
    choice = chosen(chooser.answer(**{DL + "content_items": None, DL + "msg": "Niets gekozen."}))
    client = Client(HTTP_HOST=HOUSE)
    client.force_login(editor)
    page = client.get(f"/redactie/gereedschap/keuze/{choice.key}/").content.decode()
    assert "Niets gekozen." in page


def test_script_in_titles_and_messages_stays_text(chooser: Chooser, editor: Any) -> None:
    script = "<script>alert(1)</script>"
    item = {**ITEM, "title": script, "text": script}
    choice = chosen(chooser.answer(item, {"type": "link", "title": script}, **{DL + "errormsg": script}))
    client = Client(HTTP_HOST=HOUSE)
    client.force_login(editor)
    preview = f"/redactie/gereedschap/keuze/{choice.key}/"
    page = client.get(preview).content.decode()
    assert page.count("&lt;script&gt;alert") >= 4
    assert "<script>alert" not in page
    client.post(preview, {"take-0": "on", "title-0": script, "after": "1"})
    assert "<script>alert" not in client.get("/leren/").content.decode()
    assert "<script>alert" not in client.get(f"/redactie/gereedschap/{choice.tool_id}/").content.decode()


def test_in_the_lms_too_it_is_looked_at_before_it_is_placed(
    browser: Callable[..., Client], trainer: Any, course: Course, tool: Tool, signer: Signer
) -> None:

    client = browser(trainer)
    client.handler.enforce_csrf_checks = False
    address = client.get(f"/leerlijn/ruimte/toevoegen/{tool.pk}/start")["Location"]
    login = dict(parse_qsl(urlsplit(address).query))
    data = claims_of(authorise(client, request_for(login)))[SETTINGS]["data"]
    choice = chosen(Chooser(signer, data).answer())
    assert "De keukentafel" in client.get(f"/keuze/{choice.key}/").content.decode()
    client.post(f"/keuze/{choice.key}/", {"take-0": "on", "title-0": "De keukentafel"})
    assert "De keukentafel" in client.get("/leerlijn/ruimte/").content.decode()
    assert not TrackLink.objects.exists()
