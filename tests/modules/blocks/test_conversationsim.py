"""The conversation simulator in front of a learner (curriculum 3.c, unit 1.5)."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from webob import Response

from modules.authoring import read_yaml
from modules.blocks.conversationsim import block as module
from modules.blocks.conversationsim import rules
from modules.blocks.conversationsim.block import ConversationSim
from tests.modules.toy import Played

COFFEE = read_yaml((Path(__file__).parent / "data" / "sim-keukentafel.yaml").read_text()).data
BEST, PROMISED, WORST = "a,c,a,a,a,a,a", "c,c,a,a,a,a,a", "b,a,b,b"


class Person(Played):
    """Somebody at the table, who presses what is on the page."""

    def __init__(self, data: dict[str, Any] = COFFEE, **more: Any) -> None:
        super().__init__(ConversationSim, data, **more)
        self.fields["display_name"] = data["titel"]

    def page(self) -> html.HtmlElement:
        return html.fromstring(self.view())

    def form(self, handler: str, number: int = 0) -> dict[str, str]:
        form = self.page().xpath(f"//form[@action='/handler/{handler}']")[number]
        fields = {field.get("name"): field.get("value", "") for field in form.xpath(".//input")}
        return fields | {field.get("name"): field.text or "" for field in form.xpath(".//textarea")}

    def buttons(self) -> dict[str, str]:
        """{what can be said: its value}"""
        return {button.text: button.get("value") for button in self.page().xpath("//button[@name='choice']")}

    def sit(self) -> None:
        self.post("start", **self.form("start"))

    def choice_form(self, choice_id: str) -> dict[str, str]:
        form = self.form("choose")
        turn = self.block.simulation.nodes[form["node"]]
        text = next(choice.text for choice in turn.choices if choice.id == choice_id)
        return form | {"choice": self.buttons()[ConversationSim.printed(text)]}

    def say(self, choices: str) -> None:
        for choice_id in choices.split(","):
            self.post("choose", **self.choice_form(choice_id))

    def play(self, choices: str) -> None:
        self.sit()
        self.say(choices)

    def again(self, step: int) -> Response:
        return self.post("replay", **self.form("replay", step))

    def kept(self) -> dict[str, Any]:
        return copy.deepcopy({name: value for name, value in self.fields.items() if name != "authored"})


@pytest.fixture
def person() -> Person:
    return Person()


# --- holding a conversation


def test_the_first_page_says_who_you_are_and_that_it_is_made_up(person: Person) -> None:
    page = person.page()
    assert page.xpath("//h1")[0].text == "Koffie bij Ten Have"
    assert "Geconstrueerd voorbeeld" in page.text_content()
    assert "gebiedsprocesmanager" in page.text_content()
    assert person.block.status == "niet_gestart"


def test_a_turn_shows_what_is_said_and_every_choice(person: Person) -> None:
    person.sit()
    assert person.page().xpath("//blockquote")[0].text.startswith("“Je bent de vierde in zes jaar.")
    assert len(person.buttons()) == 3
    assert person.block.status == "bezig"


def test_while_playing_nothing_tells_what_a_choice_does_or_why(person: Person) -> None:
    person.sit()
    for letter in "acaaaa":
        shown = person.view()
        for turn in person.block.simulation.turns:
            assert not any(
                choice.why in shown or ConversationSim.printed(choice.why) in shown for choice in turn.choices
            )
        assert "uitleg" not in shown
        assert not person.page().xpath("//button[@name='choice'][string-length(@value) != 1 or not(number(@value))]")
        assert not any(f">{code}" in shown or f'"{code}' in shown for code in rules.MOVES)
        person.say(letter)


def test_choices_stand_in_another_order_for_another_learner_and_in_the_same_for_one(person: Person) -> None:
    person.sit()
    first = list(person.buttons())
    assert list(person.buttons()) == first
    others = []
    for number in range(8):
        other = Person(user=f"u{number}")
        other.sit()
        others.append(list(other.buttons()))
    assert {tuple(sorted(order)) for order in others} == {tuple(sorted(first))}
    assert len({tuple(order) for order in others}) > 1


def test_what_was_said_before_can_be_read_back(person: Person) -> None:
    person.sit()
    person.say("a,c")
    earlier = person.page().xpath("//details[@data-sim-keep='eerder']")[0].text_content()
    assert "Je bent de vierde" in earlier
    assert "De vierde. Wil je het mij ook nog vertellen" in earlier
    assert "vlak geworden" in earlier


def test_closing_halfway_loses_nothing(person: Person) -> None:
    person.sit()
    person.say("a,c,a")
    assert person.page().xpath("//input[@name='node']/@value") == ["k06"]


def test_the_meters_are_there_in_words_and_closed(person: Person) -> None:
    person.sit()
    meters = person.page().xpath("//details[contains(@class, 'meters')]")[0]
    assert meters.get("open") is None
    assert "4 van 10" in meters.text_content()


def test_a_meter_says_what_it_stands_for_when_its_author_does() -> None:
    data = copy.deepcopy(COFFEE)
    data["meters"]["ruimte"] = {"start": 4, "uitleg": "Hoe vrij mensen durven te praten."}
    person = Person(data)
    person.sit()
    assert "Hoe vrij mensen durven te praten." in person.view()


def test_each_turn_is_told_by_its_node(person: Person) -> None:
    person.sit()
    person.say("a,c")
    assert person.published("told") == [
        {"verb": "initialized"},
        {"verb": "answered", "item": "k01", "attempt": 1, "response": "a"},
        {"verb": "progressed", "item": "k02", "attempt": 1},
        {"verb": "answered", "item": "k02", "attempt": 1, "response": "c"},
        {"verb": "progressed", "item": "k04", "attempt": 1},
    ]


# --- posts that come twice, late or made by hand


def test_a_second_click_on_the_way_in_starts_nothing_new(person: Person) -> None:
    form = person.form("start")
    person.post("start", **form)
    before = person.kept()
    person.post("start", **form)
    assert person.kept() == before


def test_a_second_click_on_a_choice_changes_nothing(person: Person) -> None:
    person.sit()
    form = person.choice_form("a")
    person.post("choose", **form)
    before, told = person.kept(), list(person.runtime.events)
    assert person.post("choose", **form).status_int == 200
    assert person.kept() == before
    assert person.runtime.events == told


def test_the_last_click_twice_is_one_attempt(person: Person) -> None:
    person.sit()
    person.say("a,c,a,a,a,a")
    form = person.choice_form("a")
    person.post("choose", **form)
    person.post("choose", **form)
    assert len(person.published("attempt")) == 1


def test_a_second_tab_on_an_earlier_turn_changes_nothing(person: Person) -> None:
    person.sit()
    stale = person.choice_form("b")
    person.say("a,c")
    before = person.kept()
    person.post("choose", **stale)
    assert person.kept() == before


def test_a_tab_from_an_earlier_conversation_changes_nothing(person: Person) -> None:
    person.sit()
    stale = person.choice_form("a")
    person.post("leave", **person.form("leave"))
    person.sit()
    before = person.kept()
    person.post("choose", **stale)
    assert person.kept() == before


@pytest.mark.parametrize("change", [{"node": "k02"}, {"node": ""}, {"step": "1"}, {"step": ""}, {"play": "2"}])
def test_a_form_for_another_place_changes_nothing(person: Person, change: dict[str, str]) -> None:
    person.sit()
    before = person.kept()
    assert person.post("choose", **person.choice_form("a") | change).status_int == 200
    assert person.kept() == before


@pytest.mark.parametrize("value", ["", "0", "4", "a", "-1", "1 ", "²", "1e0"])
def test_a_choice_that_is_not_on_the_page_is_refused(person: Person, value: str) -> None:
    person.sit()
    before = person.kept()
    response = person.post("choose", **person.form("choose") | {"choice": value})
    assert response.status_int == 422
    assert "Kies een van de zinnen" in response.text
    assert person.kept() == before


def test_a_choice_behind_a_guard_cannot_be_forced(person: Person) -> None:
    person.sit()
    person.say("a,c,a,a,a")  # k11 without a promise: two choices
    assert person.post("choose", **person.form("choose") | {"choice": "3"}).status_int == 422


@pytest.mark.parametrize("handler", ["choose", "pause", "leave", "replay", "look", "reflect", "start"])
def test_an_empty_form_never_changes_anything(person: Person, handler: str) -> None:
    before = person.kept()
    assert person.post(handler).status_int in (200, 422)
    assert person.kept() == before


# --- the end, and looking back


def test_a_finished_conversation_is_an_attempt_with_its_path_and_score(person: Person) -> None:
    person.play(BEST)
    (attempt,) = person.published("attempt")
    assert attempt["number"] == 1
    assert attempt["score"] == pytest.approx(1.0, abs=0.005)
    assert attempt["answers"]["start"] is None
    assert attempt["answers"]["einde"] == "e1"
    assert attempt["answers"]["choices"][0] == ["k01", "a"]
    assert "vanaf" not in attempt["answers"]


def test_looking_back_shows_the_ending_each_why_and_the_table(person: Person) -> None:
    person.play(BEST)
    page = person.page()
    assert page.xpath("//h1")[0].text == "Laarzen bij de deur"
    assert len(page.xpath("//li[contains(@class, 'moment') and @id]")) == 7
    assert "Je erkent wat er achter de opmerking zit" in page.text_content()
    assert len(page.xpath("//table[1]/tbody/tr")) == 7


def test_the_score_is_a_word_and_its_number_is_only_under_details(person: Person) -> None:
    person.play(PROMISED)
    page = person.page()
    assert "Onderweg." in page.text_content()
    numbers = page.xpath("//*[contains(text(), '0,84')]")
    assert numbers
    assert all(number.xpath("ancestor::details") for number in numbers)


def test_turning_points_are_marked_with_a_word(person: Person) -> None:
    person.play("c,c,b,a,a,a,a,a")
    marked = person.page().xpath("//p[contains(@class, 'kantel')]")
    assert [mark.text for mark in marked] == [
        "Kantelpunt: er kwam ruimte",
        "Kantelpunt: het werd stroever",
        "Kantelpunt: je herstelde",
    ]


def test_an_author_can_give_words_for_a_promise(person: Person) -> None:
    data = copy.deepcopy(COFFEE)
    data["vlagteksten"] = {
        "belofte": {"aan": "Hier beloofde je iets", "kans": "Hier kon je terug", "uit": "Teruggenomen"}
    }
    person = Person(data)
    person.play(PROMISED)
    words = person.page().text_content()
    assert "Hier beloofde je iets" in words
    assert "Hier kon je terug" in words
    assert "Teruggenomen" not in words


def test_an_unkept_promise_gets_its_own_words(person: Person) -> None:
    data = copy.deepcopy(COFFEE)
    data["nabespreking"] = {
        "vragen": ["Een?", "Twee?", "Drie?"],
        "e1": "Eén.",
        "e2": "Het bleef netjes.",
        "e3": "Drie.",
        "e2_als_belofte": "Er ligt nog een belofte.",
    }
    promised, polite = Person(data), Person(data)
    promised.play(PROMISED)
    polite.play("b,a,b,c")
    assert "Er ligt nog een belofte." in promised.view()
    assert "Het bleef netjes." in polite.view()
    assert "Een?" in polite.view()


def test_what_an_author_writes_is_never_markup() -> None:
    data = copy.deepcopy(COFFEE)
    data["rol"] = "<img src=x onerror=1>"
    data["nodes"]["k01"]["tekst"] = '<b>Gerrit</b> "<script>"'
    data["nodes"]["k01"]["keuzes"][0]["tekst"] = "<i>schuin</i>"
    data["nodes"]["k01"]["keuzes"][0]["uitleg"] = "<u>streep</u>"
    person = Person(data)
    pages = [person.view()]
    person.sit()
    pages.append(person.view())
    person.say(BEST)
    pages += [person.view(), person.view("summary_view", href="/x")]
    for page in pages:
        assert not any(tag in page for tag in ("<img", "<b>", "<script", "<i>", "<u>"))


def test_no_page_carries_a_style_or_an_inline_handler(person: Person) -> None:
    pages = [person.view()]
    person.sit()
    pages.append(person.view())
    person.say(BEST)
    pages.append(person.view())
    for page in pages:
        assert not html.fromstring(page).xpath("//@style | //@*[starts-with(name(), 'on')] | //script")


# --- again, and side by side


def test_playing_again_from_a_moment_takes_up_everything_as_it_stood(person: Person) -> None:
    person.play(PROMISED)
    person.again(5)
    assert person.form("choose")["node"] == "k11"
    assert "Je hebt vandaag iets beloofd" in person.view()
    person.say("c,a")
    second = person.published("attempt")[1]
    assert second["answers"]["start"] == "k11"
    assert second["answers"]["vanaf"] == {"poging": 1, "stap": 5}
    assert second["answers"]["einde"] == "e1"
    assert len(second["answers"]["choices"]) == 7
    replayed = [told for told in person.published("told") if told["verb"] == "replayed"]
    assert replayed == [{"verb": "replayed", "item": "k11", "attempt": 2}]


@pytest.mark.parametrize("change", [{"step": "7"}, {"step": "-1"}, {"step": "x"}, {"attempt": "9"}, {"attempt": ""}])
def test_playing_again_from_nowhere_is_refused(person: Person, change: dict[str, str]) -> None:
    person.play(BEST)
    before = person.kept()
    assert person.post("replay", **person.form("replay") | change).status_int == 422
    assert person.kept() == before


def test_a_second_click_on_play_again_changes_nothing(person: Person) -> None:
    person.play(BEST)
    form = person.form("replay", 2)
    person.post("replay", **form)
    before = person.kept()
    person.post("replay", **form)
    assert person.kept() == before


@pytest.mark.parametrize("handler", ["replay", "start"])
def test_a_page_from_before_the_newest_conversation_starts_nothing(person: Person, handler: str) -> None:
    person.play(BEST)
    stale = person.form(handler)
    person.play(WORST)
    before = person.kept()
    person.post(handler, **stale)
    assert person.kept() == before


def test_stopping_a_conversation_leaves_no_attempt(person: Person) -> None:
    person.play(BEST)
    person.again(3)
    person.post("leave", **person.form("leave"))
    assert person.page().xpath("//h1")[0].text == "Laarzen bij de deur"
    assert len(person.published("attempt")) == 1


def test_two_attempts_stand_side_by_side_from_where_they_parted(person: Person) -> None:
    person.play(PROMISED)
    person.again(5)
    person.say("c,a")
    beside = person.page().xpath("//section[contains(@class, 'naast')]")[0].text_content()
    assert "De eerste 5 momenten waren gelijk" in beside
    assert "Ik heb te veel beloofd" in beside
    assert "Ik bel vrijdag voor twaalf uur" in beside
    assert "Laarzen bij de deur" in beside
    assert "Een beleefd afscheid" in beside


def test_an_earlier_attempt_can_be_looked_at_again(person: Person) -> None:
    person.play(BEST)
    person.play(WORST)
    person.post("look", attempt="1", against="2")
    assert person.page().xpath("//h1")[0].text == "Laarzen bij de deur"
    assert person.post("look", attempt="3").status_int == 422


def test_who_uses_a_form_of_the_debrief_stays_where_it_stands(person: Person) -> None:
    person.play(BEST)
    person.play(WORST)
    compared = person.post("look", attempt="2", against="1").text
    answered = person.post("reflect", **person.form("reflect") | {"vraag-0": "Bij de deur."}).text
    for drawn, heading in ((compared, "Naast een andere poging"), (answered, "Drie vragen voor jou")):
        assert re.findall(r"data-focus>\s*([^<]*)", drawn) == [heading]


def test_an_attempt_beside_itself_is_no_comparison(person: Person) -> None:
    person.play(BEST)
    person.play(WORST)
    person.post("look", attempt="1", against="1")
    assert not person.page().xpath("//table[contains(@class, 'tabel--naast')]")


def test_only_the_newest_attempts_are_kept_and_their_number_is_not_forgotten(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    for choices in (BEST, WORST, WORST):
        person.play(choices)
    assert [attempt["n"] for attempt in person.block.history] == [2, 3]
    assert person.block.attempts == 3
    assert person.block.endings == ["e1", "e3"]


def test_attempts_of_content_that_changed_are_passed_over(person: Person) -> None:
    person.play(BEST)
    changed = copy.deepcopy(COFFEE)
    changed["nodes"]["k01"]["keuzes"][0]["id"] = "z"
    person.fields["authored"] = changed
    assert person.page().xpath("//form[@action='/handler/start']")
    person.play(WORST)
    assert person.page().xpath("//h1")[0].text == "De deur dicht"


def test_a_conversation_halfway_in_content_that_changed_can_be_begun_anew(person: Person) -> None:
    person.sit()
    person.say("a,c")
    changed = copy.deepcopy(COFFEE)
    changed["nodes"]["k01"]["keuzes"][0]["id"] = "z"
    person.fields["authored"] = changed
    person.play(WORST)
    assert len(person.published("attempt")) == 1


# --- done when


def skip_questions(person: Person) -> None:
    person.post("reflect", **person.form("reflect") | {"klaar": "buiten"})


def test_two_different_endings_and_the_questions_make_it_done(person: Person) -> None:
    person.play(BEST)
    skip_questions(person)
    assert person.block.status == "bezig"
    person.play(WORST)
    assert person.block.status == "afgerond"
    assert len(person.published("completion")) == 1


def test_twice_the_same_ending_is_not_done(person: Person) -> None:
    person.play(BEST)
    person.play("a,a,a,a,a,a,a")
    skip_questions(person)
    assert person.block.endings == ["e1"]
    assert person.block.status == "bezig"


def test_a_replay_from_a_turning_point_is_done_even_with_the_same_ending(person: Person) -> None:
    person.play(BEST)
    skip_questions(person)
    person.again(1)  # k02: the largest change
    person.say("a,a,a,a,a,a")
    assert person.block.endings == ["e1"]
    assert person.block.status == "afgerond"


def test_a_replay_from_another_moment_with_the_same_ending_is_not(person: Person) -> None:
    person.play(BEST)
    skip_questions(person)
    person.again(6)  # k13: every meter was already at its end
    person.say("a")
    assert person.block.status == "bezig"


def test_three_answers_make_the_debrief_done_and_two_are_kept_but_do_not(person: Person) -> None:
    person.play(BEST)
    person.play(WORST)
    person.post("reflect", **person.form("reflect") | {"vraag-0": "Bij k04.", "vraag-1": " Spanning. "})
    assert person.block.reflections == {"0": "Bij k04.", "1": "Spanning."}
    assert person.block.status == "bezig"
    person.post("reflect", **person.form("reflect") | {"vraag-2": "Tijd."})
    assert person.block.reflections == {"0": "Bij k04.", "1": "Spanning.", "2": "Tijd."}
    assert person.block.status == "afgerond"


def test_an_answer_that_is_too_long_is_refused_and_kept_on_the_page(person: Person) -> None:
    person.play(BEST)
    response = person.post("reflect", **person.form("reflect") | {"vraag-1": "x" * 4001, "vraag-0": "kort"})
    assert response.status_int == 422
    assert "x" * 4001 in response.text
    assert ">\nkort</textarea>" in response.text
    assert person.block.reflections == {}


def test_a_second_tab_does_not_write_over_newer_answers_unseen(person: Person) -> None:
    person.play(BEST)
    stale = person.form("reflect")
    person.post("reflect", **stale | {"vraag-0": "nieuw"})
    response = person.post("reflect", **stale | {"vraag-0": "oud"})
    assert response.status_int == 422
    assert "ander venster" in response.text
    assert ">\noud</textarea>" in response.text
    assert person.block.reflections == {"0": "nieuw"}


def test_sending_the_same_answers_twice_changes_nothing(person: Person) -> None:
    person.play(BEST)
    form = person.form("reflect") | {"vraag-0": "Bij k04."}
    person.post("reflect", **form)
    before = person.kept()
    assert person.post("reflect", **form).status_int == 200
    assert person.kept() == before


# --- private


def test_standing_still_keeps_a_note_at_its_turn(person: Person) -> None:
    person.sit()
    person.say("a")
    person.post("pause", **person.form("pause") | {"note": "Ik schrik <b>hiervan</b>."})
    assert person.form("pause")["note"].strip() == "Ik schrik <b>hiervan</b>."
    person.say("c,a,a,a,a,a")
    moment = person.page().xpath("//li[contains(@class, 'moment')]")[1]
    assert "Ik schrik <b>hiervan</b>." in moment.text_content()
    assert "alleen voor jou" in moment.text_content()


def test_an_empty_note_is_no_note(person: Person) -> None:
    person.sit()
    person.post("pause", **person.form("pause") | {"note": "   "})
    assert person.block.notes == {}


def test_a_note_that_comes_after_the_turn_still_finds_its_place(person: Person) -> None:
    person.sit()
    form = person.form("pause") | {"note": "Even slikken."}
    person.say("a,c")
    person.post("pause", **form)
    assert person.block.notes == {"1:0": "Even slikken."}


@pytest.mark.parametrize("place", [("9", "0"), ("1", "5"), ("1", "-1"), ("x", "y")])
def test_a_note_for_a_turn_that_never_was_is_dropped(person: Person, place: tuple[str, str]) -> None:
    person.sit()
    person.post("pause", play=place[0], step=place[1], note="Hm.")
    assert person.block.notes == {}


def test_a_note_that_is_too_long_is_refused_with_its_text(person: Person) -> None:
    person.sit()
    response = person.post("pause", **person.form("pause") | {"note": "x" * 1001})
    assert response.status_int == 422
    assert "x" * 1001 in response.text


def test_notes_stay_bounded(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NOTES", 2)
    person.sit()
    for letter in "aca":
        person.post("pause", **person.form("pause") | {"note": letter})
        person.say(letter)
    assert person.block.notes == {"1:1": "c", "1:2": "a"}


def test_what_is_private_is_marked_so_and_never_told(person: Person) -> None:
    person.sit()
    person.post("pause", **person.form("pause") | {"note": "geheim-1"})
    person.say(BEST)
    person.post("reflect", **person.form("reflect") | {f"vraag-{n}": "geheim-2" for n in range(3)})
    assert "geheim" not in repr(person.runtime.events)
    for name in ("notes", "reflections"):
        assert ConversationSim.fields[name].runtime_options == {"private": True}


# --- the group


class Group:
    def __init__(self, figures: dict[str, Any] | None) -> None:
        self.answer = figures

    def figures(self) -> dict[str, Any] | None:
        return self.answer


def test_a_group_too_small_to_show_is_not_shown() -> None:
    person = Person(cohort=Group(None))
    person.play(BEST)
    assert "van je groep" not in person.view()


def test_from_five_people_on_the_group_stands_beside_ones_own_choice() -> None:
    answers = [{"choices": [["k01", letter]], "einde": "e1"} for letter in "aaaab"]
    person = Person(cohort=Group({"n": 5, "figures": ConversationSim.tally(answers)}))
    person.play(BEST)
    assert "80% van je groep koos dit ook" in person.view()
    assert person.view().count("van je groep") == 1


# --- on the unit page


def test_the_card_invites_one_in_and_later_back(person: Person) -> None:
    def card() -> str:
        return str(html.fromstring(person.view("summary_view", href="/gesprek")).text_content())

    assert "Schuif aan" in card()
    person.sit()
    assert "Schuif weer aan" in card()
    person.say(PROMISED)
    assert "Je speelde één keer." in card()
    assert "Een beleefd afscheid" in card()
    assert "waar het kantelde" in card()
    person.play(BEST)
    assert "Je speelde 2 keer." in card()
    assert "drie vragen" in card()
    skip_questions(person)
    assert "afgerond" in card()
    assert html.fromstring(person.view("summary_view", href="/gesprek")).xpath("//a/@href") == ["/gesprek"]


# --- other tables, other meters


def test_the_table_shows_who_speaks_and_says_it() -> None:
    data = copy.deepcopy(COFFEE)
    data["tafel"] = {
        "plaatsen": [
            {"naam": "Gerrit", "plek": "links"},
            {"naam": "jij", "plek": "rechts"},
            {"naam": "Wilhelmina", "plek": "voor"},
            {"naam": "Daan", "plek": "deur"},
        ]
    }
    data["nodes"]["k01"]["spreker"] = "Gerrit"
    person = Person(data)
    assert not person.page().xpath("//circle[contains(@class, 'keuken__spreekt')]")
    person.sit()
    assert len(person.page().xpath("//circle[contains(@class, 'keuken__spreekt')]")) == 1
    assert person.page().xpath("//svg/title")[0].text == (
        "De tafel van boven. Gerrit: links. jij: rechts. Wilhelmina: vooraan. Daan: op de drempel. "
        "Gerrit is aan het woord."
    )


def test_a_conversation_with_other_meters_is_drawn_with_them() -> None:
    data = copy.deepcopy(COFFEE)

    def renamed(value: Any) -> Any:
        names = {"vertrouwen": "veiligheid", "spanning": "tijd", "ruimte": "energie"}
        if isinstance(value, dict):
            return {names.get(key, key): renamed(part) for key, part in value.items()}
        return [renamed(part) for part in value] if isinstance(value, list) else value

    data = renamed(data)
    for rule in data["nodes"]["k14"]["regels"]:
        if "als" in rule:
            rule["als"] = "veiligheid >= 7"
    person = Person(data)
    person.play(BEST)
    page = person.page()
    assert "breed water: veel veiligheid" in page.text_content()
    assert not page.xpath("//pattern")  # no meter that is better low, so no waves
    assert [head.text for head in page.xpath("//table/thead//th[contains(@class, 'getal')]")] == [
        "Veiligheid",
        "Tijd",
        "Energie",
    ]


def test_a_page_in_english_says_that_the_content_is_dutch() -> None:
    person = Person(language="en")
    person.sit()
    assert person.page().xpath("//blockquote/ancestor-or-self::*[@lang='nl']")


def test_sound_and_pictures_of_turns_are_files_to_bring_along() -> None:
    data = copy.deepcopy(COFFEE)
    data["nodes"]["k01"] |= {
        "audio": "static/erf.mp3",
        "beeld": "static/erf.jpg",
        "beeld_alt": "Een erf met een schuur",
    }
    assert ConversationSim.assets(data) == ["static/erf.mp3", "static/erf.jpg"]
    person = Person(data)
    person.sit()
    assert person.page().xpath("//img/@alt") == ["Een erf met een schuur"]
    assert person.page().xpath("//audio/@src") == ["/static/erf.mp3"]
