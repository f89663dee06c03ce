"""A worksheet, and with it what every form does that one works on over time: kept, never lost, undone, emptied."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webob import Response

from modules.authoring import Path
from modules.blocks import days, drafts
from modules.blocks import formfields as f
from modules.blocks.worksheet import rules
from modules.blocks.worksheet.block import Worksheet
from tests.modules.toy import Played

SECRET = "Ik durf Truus niet te bellen."


def sheet(**more: Any) -> dict[str, Any]:
    return {
        "id": "knoppen", "titel": "Vier knoppen", "inleiding": "Kies er twee.", "privacyklasse": "C",
        "delen": [
            {"id": "wie", "kop": "Andere doelgroep", "uitleg": "Wie is stil?", "pas_op": "Geen namen.",
             "kies": [{"id": "midden", "tekst": "Het midden", "toelichting": "de stille rij"},
                      {"id": "jong", "tekst": "Jongeren"}],
             "vragen": [{"id": "eerste", "vraag": "Je eerste vraag?", "regels": 2, "verplicht": True},
                        {"id": "verder", "vraag": "En dan?", "hulp": "Mag leeg."}]},
            {"id": "toon", "kop": "Andere toon", "vragen": [{"id": "hoe", "vraag": "Hoe klinkt het?", "regels": 1}]},
            {"id": "plek", "kop": "Andere positie", "meer": True,
             "kies": [{"id": "naast", "tekst": "Naast"}, {"id": "tussen", "tekst": "Tussen"}], "vragen": []},
        ],
        "model": {"titel": "Zo kan het ook", "tekst": "Een voorbeeld."},
        **more,
    }  # fmt: skip


ALL = {"kies_wie": "midden", "vraag_eerste": "Wat zie jij?", "vraag_hoe": "Zacht", "kies_plek": "naast"}


def drawn(html: str) -> dict[str, str]:
    """The hidden field that says what the form was drawn from."""
    found = re.search(r'name="gezien" value="([^"]*)"', html)
    assert found
    return {"gezien": unescape(found[1])}


def save(played: Played, form: dict[str, str], seen: dict[str, str] | None = None, handler: str = "keep") -> Response:
    """As a browser sends it: every text field that is drawn goes along."""
    whole = {"vraag_eerste": "", "vraag_verder": "", "vraag_hoe": "", **form}
    return played.post(handler, **(drawn(played.view()) if seen is None else seen), **whole)


@pytest.fixture
def played() -> Played:
    return Played(Worksheet, sheet())


# --- kept


def test_who_keeps_an_empty_form_lands_on_what_it_waits_for(played: Played) -> None:
    page = save(played, {}).text
    assert "Er staat nog niets om te bewaren" in page
    assert "Dit wacht nog op je:" in page
    assert re.search(r'werk__stand" tabindex="-1" data-focus', page)
    assert played.block.status == "niet_gestart"


def test_what_is_written_is_kept_and_drawn_again(played: Played) -> None:
    answer = save(played, {"vraag_eerste": SECRET, "kies_wie": "jong"})
    assert answer.status_code == 200
    assert SECRET in played.view()
    assert re.search(r'value="jong"[^>]*checked', played.view())
    assert played.block.status == "bezig"


def test_it_is_done_when_every_part_is_filled_in_and_the_model_shows_only_then(played: Played) -> None:
    page = save(played, {**ALL, "vraag_eerste": ""}).text
    assert (played.block.status, "Zo kan het ook" in page, "Nog niet rond" in page) == ("bezig", False, True)
    page = save(played, ALL).text
    assert (played.block.status, "Zo kan het ook" in page) == ("afgerond", True)
    assert [len(played.published(kind)) for kind in ("completion", "attempt", "grade")] == [1, 0, 0]


def test_the_authors_rule_asks_for_fewer_parts() -> None:
    played = Played(Worksheet, sheet(regel={"minstens": 1, "van": ["toon", "plek"]}))
    page = save(played, {"vraag_hoe": "Zacht"}).text
    # A required question outside the rule is still asked for.
    assert (played.block.status, "Andere doelgroep</a>" in page) == ("bezig", True)
    save(played, {"vraag_hoe": "Zacht", "kies_wie": "midden", "vraag_eerste": "Wat zie jij?"})
    assert played.block.status == "afgerond"


def test_an_empty_form_starts_nothing(played: Played) -> None:
    assert save(played, {}).status_code == 200
    assert (played.block.status, played.runtime.events, "values" in played.fields) == ("niet_gestart", [], False)


def test_what_is_done_stays_done(played: Played) -> None:
    save(played, ALL)
    save(played, {})
    assert played.block.status == "afgerond"


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    for module in (drafts, days):
        monkeypatch.setattr(module, "now", lambda: now)


def test_it_says_when_it_was_kept(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, datetime(2027, 3, 1, 13, 2, tzinfo=UTC))
    assert "Bewaard om 14.02" in save(played, {"vraag_hoe": "Zacht"}).text
    at(monkeypatch, datetime(2027, 3, 3, 13, 2, tzinfo=UTC))
    assert "Bewaard op 01-03-2027 om 14.02" in played.view()
    assert "Bewaard op 01-03-2027 om 14.02" in played.view("summary_view", href="/x/")


# --- by itself


def test_it_keeps_itself_without_drawing_anew_or_being_done(played: Played) -> None:
    answer = save(played, ALL, handler="autosave").json
    assert answer["said"].startswith("Bewaard om ")
    assert (answer["undo"], played.block.status) == (True, "bezig")
    assert played.block.values["vraag_hoe"] == "Zacht"


def test_after_keeping_itself_the_same_window_goes_on(played: Played) -> None:
    first = save(played, {"vraag_hoe": "Zacht"}, handler="autosave").json
    again = save(played, {"vraag_hoe": "Zachter"}, {"gezien": json.dumps(first["seen"])}, handler="autosave").json
    emptied = save(played, {"vraag_hoe": ""}, {"gezien": json.dumps(again["seen"])}, handler="autosave").json
    last = save(played, {"vraag_hoe": "Toch"}, {"gezien": json.dumps(emptied["seen"])})
    assert (last.status_code, played.block.values) == (200, {"vraag_hoe": "Toch"})


def test_a_field_that_isnt_right_waits_for_the_button(played: Played) -> None:
    form = {"vraag_hoe": "x" * 301, "vraag_verder": "Goed"}
    answer = save(played, form, handler="autosave").json
    assert "Druk op Bewaar" in answer["said"]
    assert played.block.values == {"vraag_verder": "Goed"}
    refused = save(played, form, {"gezien": json.dumps(answer["seen"])})
    assert (refused.status_code, "Houd het bij 300 tekens" in refused.text) == (422, True)
    assert "x" * 301 in refused.text


def test_a_megabyte_isnt_kept_by_itself_either(played: Played) -> None:
    answer = save(played, {"vraag_hoe": "x" * 1_000_000}, handler="autosave").json
    assert ("te lang" in answer["said"], played.block.values) == (True, {})


# --- two windows


def test_two_windows_that_change_different_fields_both_count(played: Played) -> None:
    save(played, {"vraag_hoe": "Zacht", "vraag_verder": "Later"})
    old = drawn(played.view())
    save(played, {"vraag_hoe": "Hard", "vraag_verder": "Later"})
    answer = save(played, {"vraag_hoe": "Zacht", "vraag_verder": "Nu"}, old)
    assert answer.status_code == 200
    assert played.block.values == {"vraag_hoe": "Hard", "vraag_verder": "Nu"}


@pytest.mark.parametrize(("choice", "kept"), [("mijn", "Van mij"), ("ander", "Van daar")])
def test_what_two_windows_both_change_is_shown_twice_and_chosen(played: Played, choice: str, kept: str) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    old = drawn(played.view())
    save(played, {"vraag_hoe": "Van daar"})
    refused = save(played, {"vraag_hoe": "Van mij"}, old)
    assert refused.status_code == 422
    assert "Van mij" in refused.text
    assert "Van daar" in refused.text
    assert played.block.values == {"vraag_hoe": "Van daar"}
    (mine, other) = re.findall(r'name="kies-vraag_hoe" value="([^"]*)"', refused.text)
    chosen = {"mijn": mine, "ander": other}[choice]
    save(played, {"vraag_hoe": "Van mij", "kies-vraag_hoe": chosen}, drawn(refused.text))
    assert played.block.values == {"vraag_hoe": kept}


def test_a_text_that_the_other_window_emptied_can_be_kept(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    old = drawn(played.view())
    save(played, {"vraag_hoe": ""})
    refused = save(played, {"vraag_hoe": "Van mij"}, old)
    assert refused.status_code == 422
    save(played, {"vraag_hoe": "Van mij", "kies-vraag_hoe": f.NOTHING}, drawn(refused.text))
    assert played.block.values == {"vraag_hoe": "Van mij"}


def test_a_choice_made_before_a_third_change_is_asked_again(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    old = drawn(played.view())
    save(played, {"vraag_hoe": "Van daar"})
    refused = save(played, {"vraag_hoe": "Van mij"}, old)
    mine = re.findall(r'name="kies-vraag_hoe" value="([^"]*)"', refused.text)[0]
    save(played, {"vraag_hoe": "Nog een keer"})
    again = save(played, {"vraag_hoe": "Van mij", "kies-vraag_hoe": mine}, drawn(refused.text))
    assert (again.status_code, played.block.values) == (422, {"vraag_hoe": "Nog een keer"})


def test_a_window_that_keeps_itself_never_overwrites_another(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    old = drawn(played.view())
    save(played, {"vraag_hoe": "Van daar"})
    answer = save(played, {"vraag_hoe": "Van mij", "vraag_verder": "Erbij"}, old, handler="autosave").json
    assert "In een ander venster" in answer["said"]
    assert played.block.values == {"vraag_hoe": "Van daar", "vraag_verder": "Erbij"}
    assert save(played, {"vraag_hoe": "Van mij"}, {"gezien": json.dumps(answer["seen"])}).status_code == 422


names = st.sampled_from(["a", "b", "c"])
texts = st.dictionaries(names, st.sampled_from(["", "een", "twee", "drie"]))


@given(texts, texts, texts)
def test_nothing_that_somebody_wrote_disappears_unseen(start: Any, there: Any, here: Any) -> None:
    start = {name: value for name, value in start.items() if value}
    base = {name: f.mark(value) for name, value in start.items()}
    first, none = f.merged(start, base, there, {})
    assert none == []
    kept, clashes = f.merged(first, base, here, {})
    for name, value in here.items():
        touched = value != start.get(name, "")
        assert kept.get(name, "") == (value if touched and name not in clashes else first.get(name, ""))
        assert (name in clashes) == (
            touched and there.get(name, start.get(name, "")) not in (start.get(name, ""), value)
        )


@given(texts, texts)
def test_a_change_can_be_taken_back_whole(old: Any, new: Any) -> None:
    old, new = ({name: value for name, value in each.items() if value} for each in (old, new))
    assert f.restored(new, f.changed(old, new)) == old


# --- undo and start again


def test_the_last_change_goes_back_and_comes_again(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    save(played, {"vraag_hoe": "Later"})
    assert "Teruggedraaid" in save(played, {"vraag_hoe": "Later"}, handler="undo").text
    assert played.block.values == {"vraag_hoe": "Eerst"}
    assert "Zet toch weer terug" in played.view()
    save(played, {"vraag_hoe": "Eerst"}, handler="undo")
    assert played.block.values == {"vraag_hoe": "Later"}


def test_what_wasnt_saved_yet_is_the_last_change(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    save(played, {"vraag_hoe": "Getypt"}, handler="undo")
    assert played.block.values == {"vraag_hoe": "Eerst"}
    save(played, {"vraag_hoe": "Eerst"}, handler="undo")
    assert played.block.values == {"vraag_hoe": "Getypt"}


def test_a_field_that_kept_itself_a_few_times_is_one_change(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    for words in ("Eerst de", "Eerst de vraag"):
        save(played, {"vraag_hoe": words}, handler="autosave")
    save(played, {"vraag_hoe": "Eerst de vraag"}, handler="undo")
    assert played.block.values == {"vraag_hoe": "Eerst"}


def test_undo_of_what_cant_be_kept_loses_nothing_either(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    answer = save(played, {"vraag_hoe": "Eerst", "vraag_eerste": "x" * 2001}, handler="undo")
    assert (answer.status_code, "x" * 2001 in answer.text) == (422, True)


def test_what_wasnt_saved_yet_comes_back_after_starting_again(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    save(played, {"vraag_hoe": "Getypt", "zeker": "ja"}, handler="wipe")
    save(played, {}, handler="undo")
    assert played.block.values == {"vraag_hoe": "Getypt"}


def test_starting_again_asks_first(played: Played) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    assert save(played, {"vraag_hoe": "Eerst"}, handler="wipe").status_code == 422
    assert played.block.values == {"vraag_hoe": "Eerst"}
    save(played, {"vraag_hoe": "Eerst", "zeker": "ja"}, handler="wipe")
    assert played.block.values == {}
    save(played, {}, handler="undo")
    assert played.block.values == {"vraag_hoe": "Eerst"}


def test_what_was_emptied_is_gone_once_something_new_is_written(played: Played) -> None:
    save(played, {"vraag_hoe": SECRET})
    save(played, {"zeker": "ja"}, handler="wipe")
    save(played, {"vraag_hoe": "Nieuw"})
    assert SECRET not in json.dumps(played.fields, default=str)


def test_undoing_nothing_does_nothing(played: Played) -> None:
    assert save(played, {}, handler="undo").status_code == 200
    assert played.runtime.events == []


# --- hostile


@pytest.mark.parametrize(
    "form",
    [
        {"kies_wie": "burgemeester"},
        {"vraag_hoe": "x" * 1_000_000},
        {"vraag_hoe": "x\x00"},
        {"vraag_eerste": "x" * 2001},
        {"kies_plek": "<script>"},
    ],
)
@pytest.mark.parametrize("handler", ["keep"])
def test_a_refused_post_changes_nothing(played: Played, form: dict[str, str], handler: str) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    before = json.dumps(played.fields, default=str)
    assert save(played, form, handler=handler).status_code == 422
    assert json.dumps(played.fields, default=str) == before


@pytest.mark.parametrize("seen", ["", "[]", "niks", "{" * 5000, '{"vraag_hoe": 3}', "null"])
def test_a_form_drawn_from_nothing_overwrites_nothing(played: Played, seen: str) -> None:
    save(played, {"vraag_hoe": "Eerst"})
    answer = save(played, {"vraag_hoe": "Gekaapt"}, {"gezien": seen})
    assert (answer.status_code, played.block.values) == (422, {"vraag_hoe": "Eerst"})


def test_fields_that_arent_there_are_left_alone(played: Played) -> None:
    save(
        played,
        {"vraag_hoe": "Eerst", "vraag_van_een_ander": "x", "status": "afgerond", "a-9999999-b": "x", "a-²-b": ""},
    )
    assert played.block.values == {"vraag_hoe": "Eerst"}


def test_nothing_is_kept_by_asking(played: Played) -> None:
    from webob import Request  # noqa: PLC0415 only here

    for handler in ("keep", "autosave", "undo", "wipe"):
        asked = Request.blank(f"/handler/{handler}?vraag_hoe=x", method="GET")
        assert played.runtime.handle(played.block, handler, asked).status_code == 405
    assert played.block.values == {}


# --- private


def test_what_is_written_is_private_and_in_no_event(played: Played) -> None:
    save(played, {**ALL, "vraag_hoe": SECRET})
    assert SECRET not in json.dumps(played.runtime.events)
    for name, value in played.fields.items():
        if SECRET in json.dumps(value, default=str):
            assert Worksheet.fields[name].runtime_options.get("private") is True


def test_words_are_shown_as_words(played: Played) -> None:
    page = save(played, {"vraag_hoe": "<script>alert(1)</script>"}).text
    assert "<script>" not in page


def test_it_speaks_english_around_the_dutch(played: Played) -> None:
    english = Played(Worksheet, sheet(), language="en")
    page = save(english, {"vraag_hoe": "Zacht"}).text
    assert "Saved at" in page
    assert re.search(r'<label[^>]*lang="nl"[^>]*>Hoe klinkt het\?', page)


# --- rules


@given(st.sets(st.sampled_from(["kies_wie", "vraag_eerste", "vraag_hoe", "kies_plek"])), st.integers(1, 3))
def test_more_answers_never_make_more_to_do(given_: set[str], least: int) -> None:
    data = sheet(regel={"minstens": least, "van": ["wie", "toon", "plek"]})
    values = {name: ALL[name] for name in given_}
    missing, open_ = rules.short(data, values)
    assert 0 <= missing <= len(open_)
    for name, value in ALL.items():
        assert rules.short(data, {**values, name: value})[0] <= missing


# --- what an author can get wrong


def part(**more: Any) -> dict[str, Any]:
    return {"delen": [{"id": "a", "kop": "A", "vragen": [{"id": "v", "vraag": "V"}], **more}]}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"titel": ""}, ("titel",)),
        ({"privacyklasse": "A"}, ("privacyklasse",)),
        ({"inleiding": 3}, ("inleiding",)),
        ({"delen": []}, ("delen",)),
        ({"delen": "x"}, ("delen",)),
        ({"delen": [3]}, ("delen", 0)),
        (part(kop=""), ("delen", 0, "kop")),
        (part(vragen=[]), ("delen", 0)),
        (part(vragen=3), ("delen", 0, "vragen")),
        (part(vragen=[3]), ("delen", 0, "vragen", 0)),
        (part(vragen=[{"id": "v"}]), ("delen", 0, "vragen", 0)),
        (part(vragen=[{"id": "v", "vraag": "V", "regels": 7}]), ("delen", 0, "vragen", 0, "regels")),
        (part(vragen=[{"id": "v", "vraag": "V", "regels": "3"}]), ("delen", 0, "vragen", 0, "regels")),
        (part(vragen=[{"id": "v", "vraag": "V", "verplicht": "ja"}]), ("delen", 0, "vragen", 0, "verplicht")),
        (part(vragen=[{"id": "v", "vraag": "V"}] * 2), ("delen", 0, "vragen", 1, "id")),
        (part(kies=[{"id": "k", "tekst": "K"}]), ("delen", 0, "kies")),
        (part(kies=[{"id": "k"}, {"id": "l", "tekst": "L"}]), ("delen", 0, "kies", 0)),
        (part(meer="ja"), ("delen", 0, "meer")),
        ({"regel": 2}, ("regel",)),
        ({"regel": {"minstens": 4, "van": ["wie"]}}, ("regel", "minstens")),
        ({"regel": {"minstens": 1, "van": ["weg"]}}, ("regel", "van")),
        ({"model": "x"}, ("model",)),
        ({"model": {"titel": "x"}}, ("model",)),
    ],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in Worksheet.check(sheet(**change))]


def test_a_good_sheet_may_be_published() -> None:
    assert Worksheet.check(sheet()) == []
