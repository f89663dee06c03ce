"""Twelve statements about oneself: curriculum 3.t and 5.6. Never a grade, never evidence, nobody else's business."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webob import Response

from modules.authoring import Path
from modules.blocks.selfcheck import block, drawing, rules
from modules.blocks.selfcheck.block import SelfCheck
from tests.modules.toy import Played

CODES = [["C1"], ["C1"], ["C2"], ["C3"], ["C3", "C10"], ["C4"], ["C5"], ["C5"], ["C6"], ["C7"], ["C8"], ["C9", "C10"]]
EVERY = [f"C{n}" for n in range(1, 11)]
answers = st.fixed_dictionaries({id_: st.sampled_from([*rules.SCALE, rules.NOT]) for id_ in rules.STATEMENTS})


def authored(**more: Any) -> dict[str, Any]:
    statements = [
        {"id": id_, "tekst": f"Zin {id_} <b>", "competenties": codes, **({"omgekeerd": True} if id_ == "z8" else {})}
        for id_, codes in zip(rules.STATEMENTS, CODES, strict=True)
    ]
    return {
        "id": "zb", "titel": "Hoe gaat het nu?", "inleiding": "Denk aan de afgelopen maand.", "moment": "start",
        "stellingen": statements, "nvt": "niet van toepassing",
        "schaal": {1: "bijna nooit", 2: "zelden", 3: "soms", 4: "vaak", 5: "bijna altijd"},
        "verwijs": {code: f"Oefen {code}." for code in EVERY},
        **more,
    }  # fmt: skip


def say(played: Played, given_: dict[str, str], time: str = "start") -> Response:
    return played.post("answer", keer=time, **given_)


def alike(answer: str, **other: str) -> dict[str, str]:
    return {**dict.fromkeys(rules.STATEMENTS, answer), **other}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block, "today", lambda: date(2027, 3, 1))


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(block, "today", lambda: date(2027, 3, 1) + timedelta(days=days))


def elsewhere(played: Played, data: dict[str, Any]) -> Played:
    """The same learner in another module: nothing said there, and what they said anywhere."""
    other = Played(SelfCheck, data, usage="other")
    other.fields["moments"] = played.block.moments
    return other


# --- rules


@given(answers)
def test_a_competence_is_the_mean_of_what_applied(given_: dict[str, str]) -> None:
    found = rules.scores(authored()["stellingen"], given_)
    assert list(found) == EVERY
    applied = [int(given_[id_]) for id_ in ("z1", "z2") if given_[id_] != rules.NOT]
    assert found["C1"] == (sum(applied) / len(applied) if applied else None)
    assert all(score is None or 1 <= score <= 5 for score in found.values())


@given(st.sampled_from(rules.SCALE))
def test_a_reversed_statement_counts_the_other_way(answer: str) -> None:
    found = rules.scores(authored()["stellingen"], {"z8": answer})
    assert found["C5"] == 6 - int(answer)


@given(answers)
def test_the_extremes_are_the_most_and_the_least(given_: dict[str, str]) -> None:
    found = rules.scores(authored()["stellingen"], given_)
    known = [score for score in found.values() if score is not None]
    ends = rules.extremes(found)
    if ends is None:
        assert len(set(known)) <= 1
    else:
        assert (found[ends[0]], found[ends[1]]) == (max(known), min(known))


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_moment_holds_for_ninety_days(first: int, second: int) -> None:
    start = date(2027, 1, 1)
    moments = [
        {"soort": "start", "op": (start + timedelta(days=n)).isoformat(), "antwoorden": {}} for n in (first, second)
    ]
    found = rules.recent(moments, start + timedelta(days=200))
    newest = max(first, second)
    assert (found["op"] if found else None) == (
        (start + timedelta(days=newest)).isoformat() if 200 - newest < 90 else None
    )


def test_looking_back_is_no_moment_of_its_own() -> None:
    assert rules.recent([{"soort": "terug", "op": "2027-03-01", "antwoorden": {}}], date(2027, 3, 1)) is None


@given(st.lists(st.one_of(st.none(), st.floats(1, 5)), max_size=12))
def test_no_figure_of_fewer_than_five_people(scores: list[float | None]) -> None:
    figures = rules.tally([{"C1": score} for score in scores])
    known = [score for score in scores if score is not None]
    assert bool(figures) == (len(known) >= 5)
    if figures:
        assert figures["C1"]["n"] == len(known)
        assert abs(figures["C1"]["gemiddeld"] - sum(known) / len(known)) <= rules.STEP / 2 + 0.05


@given(answers)
def test_the_radar_has_a_dot_for_each_competence_that_is_known(given_: dict[str, str]) -> None:
    found = rules.scores(authored()["stellingen"], given_)
    line = drawing.line(EVERY, found)
    assert len(line.dots) == sum(score is not None for score in found.values())
    for x, y in line.dots:
        assert 0 <= x <= drawing.WIDTH
        assert 0 <= y <= drawing.HEIGHT


def test_a_line_breaks_where_nothing_applied() -> None:
    whole: rules.Scores = dict.fromkeys(EVERY, 3.0)
    broken: rules.Scores = {**whole, "C4": None}
    assert drawing.line(EVERY, whole).path.endswith("Z")
    assert not drawing.line(EVERY, broken).path.endswith("Z")


# --- the start


def test_it_says_what_somebody_said_and_never_a_grade() -> None:
    played = Played(SelfCheck, authored())
    page = say(played, alike("3", z1="5", z2="5", z12="1", z5="1")).text
    assert "Je zegt dat je vaker samenvat en doorvraagt, en minder vaak terugkomt op een verhaal." in page
    assert "Oefen C9." in page
    assert (played.block.status, played.block.score, played.published("grade")) == ("afgerond", None, [])


@pytest.mark.parametrize(
    ("given_", "words"),
    [(alike("nvt"), "niet van toepassing was"), (alike("3"), "ongeveer even vaak")],
)
def test_without_a_difference_there_is_nothing_to_point_at(given_: dict[str, str], words: str) -> None:
    page = say(Played(SelfCheck, authored()), given_).text
    assert words in page
    assert "Oefen C" not in page


def test_the_radar_stands_beside_the_same_in_words() -> None:
    page = say(Played(SelfCheck, authored()), alike("4", z10="nvt")).text
    assert 'class="radar"' in page
    row = re.search(r'<th scope="row">Tussenruimte maken en begeleiden</th><td>([^<]*)</td>', page)
    assert row
    assert row[1] == "niet van toepassing"


def test_a_statement_without_an_answer_is_asked_for_and_the_others_stay() -> None:
    played = Played(SelfCheck, authored())
    answer = say(played, {**alike("2"), "z3": ""})
    assert answer.status_code == 422
    assert 'id="' + played.block.anchor + '-z3-fout"' in answer.text
    assert answer.text.count(" checked") == 11
    assert (played.block.status, played.block.given) == ("niet_gestart", {})


def test_a_second_click_changes_nothing() -> None:
    played = Played(SelfCheck, authored())
    say(played, alike("2"))
    say(played, alike("5"))
    assert len(played.block.moments) == 1
    assert set(played.block.given["start"]["antwoorden"].values()) == {"2"}
    assert len(played.published("attempt")) == 1


@pytest.mark.parametrize(
    "form",
    [
        {**alike("2"), "z1": "6"},
        {**alike("2"), "z1": "x" * 1_000_000},
        {**alike("2"), "z1": "\x00"},
        {},
    ],
)
def test_what_isnt_an_answer_changes_nothing(form: dict[str, str]) -> None:
    played = Played(SelfCheck, authored())
    assert say(played, form).status_code == 422
    assert ("given" in played.fields, "moments" in played.fields, played.runtime.events) == (False, False, [])


@pytest.mark.parametrize("time", ["", "nu", "terug", "ooit"])
def test_a_time_that_isnt_asked_is_refused(time: str) -> None:
    played = Played(SelfCheck, authored())
    assert say(played, alike("2"), time).status_code == 422
    assert played.block.given == {}


# --- once in ninety days, in all modules


def test_another_module_shows_what_was_said_instead_of_asking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Played(SelfCheck, authored())
    say(first, alike("3", z1="5", z2="5"))
    later(monkeypatch, 89)
    other = elsewhere(first, authored())
    page = other.view()
    assert "Binnen 90 dagen" in page
    assert "samenvat en doorvraagt" in page
    assert 'type="radio"' not in page
    assert "Je vulde dit kort geleden al in" in other.view("summary_view", href="/x/")
    say(other, alike("1"))
    assert len(other.block.moments) == 1
    other.post("go_on")
    other.post("go_on")
    assert (other.block.status, len(other.published("completion"))) == ("afgerond", 1)


def test_after_ninety_days_it_is_asked_again_and_the_earlier_moment_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Played(SelfCheck, authored())
    say(first, alike("3"))
    later(monkeypatch, 90)
    other = elsewhere(first, authored())
    assert 'type="radio"' in other.view()
    other.post("go_on")
    assert other.block.status == "niet_gestart"
    page = say(other, alike("4")).text
    assert page.count("01-03-2027") == 2  # in the key and in the table
    assert page.count("30-05-2027") == 2


# --- the end


def test_the_end_asks_twice_and_lays_the_lines_on_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Played(SelfCheck, authored())
    say(first, alike("4"))
    later(monkeypatch, 30)
    end = elsewhere(first, authored(moment="eind"))
    assert "Eén: hoe is het nu?" in end.view()
    page = say(end, alike("4", z1="5", z2="5"), "nu").text
    assert ("Twee: kijk terug" in page, end.block.status) == (True, "bezig")
    say(end, alike("1"), "nu")
    page = say(end, alike("2"), "terug").text
    assert end.block.status == "afgerond"
    for words in ("Terugkijkend op het begin", "Op 01-03-2027", "Op 31-03-2027"):
        assert words in page
    assert [moment["soort"] for moment in end.block.moments] == ["start", "nu", "terug"]


def test_looking_back_comes_after_now() -> None:
    end = Played(SelfCheck, authored(moment="eind"))
    say(end, alike("2"), "terug")
    assert end.block.given == {}


# --- three months later


def test_three_months_later_it_is_asked_once_and_stands_beside_what_was_said_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = Played(SelfCheck, authored())
    say(first, alike("4"))
    later(monkeypatch, 120)
    back = elsewhere(first, authored(moment="later"))
    assert "Vul" not in back.view("summary_view", href="/x/")
    page = say(back, alike("2", z3="nvt"), "later").text
    for words in ("Op 01-03-2027", "Op 29-06-2027"):
        assert page.count(f"{words}</li>") == 1
    assert (back.block.status, [moment["soort"] for moment in back.block.moments]) == ("afgerond", ["start", "later"])
    (attempt,) = back.published("attempt")
    assert attempt["score"] is None
    assert attempt["answers"]["zinnen"] == {id_: None if id_ == "z3" else 2 for id_ in rules.STATEMENTS}
    assert SelfCheck.tally([attempt["answers"]] * 5)["later"]["C1"] == {"n": 5, "gemiddeld": 2.0}


def test_who_said_it_lately_may_say_that_it_is_still_so(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Played(SelfCheck, authored())
    say(first, alike("4"))
    later(monkeypatch, 40)
    back = elsewhere(first, authored(moment="later"))
    page = back.view()
    assert "Is het nog zo?" in page
    assert "Het is nu anders" in page
    back.post("autosave", half="later", z1="2")
    back.post("go_on")
    back.post("go_on")
    (attempt,) = back.published("attempt")
    assert attempt["answers"]["zinnen"] == dict.fromkeys(rules.STATEMENTS, 4)
    assert (back.block.status, back.block.half) == ("afgerond", {})
    assert back.block.moments[-1]["op"] == "2027-04-10"


def test_who_said_it_lately_may_also_say_that_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Played(SelfCheck, authored())
    say(first, alike("4"))
    later(monkeypatch, 40)
    back = elsewhere(first, authored(moment="later"))
    refused = say(back, {**alike("1"), "z3": ""}, "later")
    assert refused.status_code == 422
    assert refused.text.count(" checked") == 11
    say(back, alike("1"), "later")
    back.post("go_on")
    (attempt,) = back.published("attempt")
    assert attempt["answers"]["zinnen"] == dict.fromkeys(rules.STATEMENTS, 1)


def test_what_was_said_three_months_later_holds_elsewhere_for_ninety_days(monkeypatch: pytest.MonkeyPatch) -> None:
    back = Played(SelfCheck, authored(moment="later"))
    say(back, alike("3"), "later")
    later(monkeypatch, 89)
    assert "Binnen 90 dagen" in elsewhere(back, authored()).view()


# --- private


def test_all_of_it_is_private_and_its_attempt_is_sealed() -> None:
    for name in ("moments", "given"):
        assert SelfCheck.fields[name].runtime_options.get("private") is True
    assert SelfCheck.sealed_attempts is True


def test_an_attempt_holds_what_a_group_is_counted_from() -> None:
    played = Played(SelfCheck, authored())
    say(played, alike("4"))
    (attempt,) = played.published("attempt")
    assert attempt["score"] is None
    figures = SelfCheck.tally([attempt["answers"]] * 5)
    assert figures["start"]["C1"] == {"n": 5, "gemiddeld": 4.0}
    assert SelfCheck.tally([attempt["answers"]] * 4 + [None]) == {}


def test_a_group_of_an_end_is_counted_twice() -> None:
    attempt = {"nu": {"C1": 4.0}, "terug": {"C1": 2.0}}
    assert SelfCheck.tally([attempt] * 6) == {
        "nu": {"C1": {"n": 6, "gemiddeld": 4.0}},
        "terug": {"C1": {"n": 6, "gemiddeld": 2.0}},
    }


def test_it_speaks_english_around_the_dutch() -> None:
    page = say(Played(SelfCheck, authored(), language="en"), alike("3", z1="5", z2="5")).text
    assert "You say that you more often" in page
    assert '<td lang="nl">soms</td>' in page


# --- what an author can get wrong


def changed(index: int, **more: Any) -> dict[str, Any]:
    statements = authored()["stellingen"]
    statements[index] = {**statements[index], **more}
    return {"stellingen": statements}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"titel": ""}, ("titel",)),
        ({"moment": "midden"}, ("moment",)),
        ({"nvt": ""}, ("nvt",)),
        ({"inleiding": 3}, ("inleiding",)),
        ({"competenties": [{"code": "C1", "gewicht": 1}]}, ("competenties",)),
        ({"stellingen": []}, ("stellingen",)),
        ({"stellingen": [*authored()["stellingen"], authored()["stellingen"][0]]}, ("stellingen",)),
        (changed(0, id="z13"), ("stellingen", 0, "id")),
        (changed(1, id="z1"), ("stellingen", 1, "id")),
        (changed(0, tekst=""), ("stellingen", 0, "tekst")),
        (changed(0, competenties=["C11"]), ("stellingen", 0, "competenties")),
        (changed(0, competenties=[]), ("stellingen", 0)),
        (changed(0, omgekeerd="ja"), ("stellingen", 0, "omgekeerd")),
        ({"schaal": {1: "a"}}, ("schaal",)),
        ({"schaal": {**authored()["schaal"], 3: ""}}, ("schaal", 3)),
        ({"verwijs": 3}, ("verwijs",)),
        ({"verwijs": {}}, ("verwijs",)),
        ({"verwijs": {**authored()["verwijs"], "C1": ""}}, ("verwijs", "C1")),
        ({"verwijs": {**authored()["verwijs"], "C11": "x"}}, ("verwijs", "C11")),
    ],
)  # fmt: skip
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in SelfCheck.check(authored(**change))]


@pytest.mark.parametrize("moment", ["start", "eind", "later"])
def test_good_content_may_be_published(moment: str) -> None:
    assert SelfCheck.check(authored(moment=moment)) == []


def test_what_was_said_is_in_no_other_event() -> None:
    played = Played(SelfCheck, authored())
    say(played, alike("4"))
    others = [event for event in played.runtime.events if event[0] != "attempt"]
    assert "4" not in json.dumps(others)


# --- taken back


def test_it_can_be_taken_back_whole_after_asking_twice() -> None:
    played = Played(SelfCheck, authored())
    assert "Wis mijn antwoorden" not in played.view()
    played.post("erase", zeker="ja")
    assert (played.published("erase"), played.block.status) == ([], "niet_gestart")
    page = say(played, alike("4")).text
    assert "Ja, wis mijn antwoorden" in page
    assert played.post("erase").status_code == 422
    assert played.block.given
    page = played.post("erase", zeker="ja").text
    assert "Je antwoorden zijn gewist." in page
    assert (played.block.given, played.block.moments, played.block.attempts) == ({}, [], 0)
    assert (played.block.status, played.published("erase")) == ("afgerond", [{}])
    assert "Bekijk deze stap" in played.view("summary_view", href="/x/")
    assert 'class="radar"' in say(played, alike("2")).text


# --- lines of one day


def test_lines_of_one_day_have_names_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Played(SelfCheck, authored())
    say(first, alike("4"))
    end = elsewhere(first, authored(moment="eind"))
    say(end, alike("3"), "nu")
    page = say(end, alike("2"), "terug").text
    for name in ("Op 01-03-2027, Eindpunt", "Op 01-03-2027, Startpunt", "Terugkijkend op het begin"):
        assert page.count(f"{name}</li>") == 1
    third = elsewhere(end, authored(moment="eind"))
    say(third, alike("1"), "nu")
    page = say(third, alike("2"), "terug").text
    assert page.count("Op 01-03-2027, Eindpunt (2)</li>") == 1
    assert page.count("Op 01-03-2027, Eindpunt</li>") == 1
