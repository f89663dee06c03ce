"""Collecting stories, own part: curriculum 3.n. Nothing without permission or longer than that, all of it private."""

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
from modules.blocks import formfields as f
from modules.blocks.storycollection import block, rules
from modules.blocks.storycollection.block import StoryCollection
from tests.modules.toy import Played

SECRET = "Wij durven de notaris niet te bellen."
TODAY = date(2027, 3, 1)
KNOTS = {"beleid": "Dit beleid zegt", "verhaal": "Dit verhaal zegt", "samen": "Samen betekent dat"}
STORY = {
    "schuilnaam": "Wilg", "groep": "jongeren", "tekst": SECRET, "labels": "beweegt", "gebruik": "leren",
    "bereik": "jij", "einddatum": "2027-06-01", "goedgekeurd": "ja",
}  # fmt: skip


def authored(**more: Any) -> dict[str, Any]:
    return {
        "id": "sc", "titel": "Verhalen van stille mensen", "inleiding": "Vraag twee mensen.", "privacyklasse": "D",
        "openingen": ["Vertel eens over een moment dat je bleef."], "toestemming": "Ik bewaar jouw verhaal.",
        "gebruik": {"leren": "Om van te leren", "team": "In mijn team"},
        "labels": {"beweegt": "Wat beweegt", "houdt_tegen": "Wat tegenhoudt"},
        "groepen": ["jongeren", "boeren", "ouderen"],
        "patroon": {"prompt": "Hoe noem je dit?", "verknoop": KNOTS},
        "minstens": 2,
        **more,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block, "today", lambda: TODAY)


@pytest.fixture
def played() -> Played:
    return Played(StoryCollection, authored())


def add(played: Played, number: int = 1, **more: str) -> Response:
    return played.post("add", token=f"token-{number:06}", **{**STORY, **more})


def three(played: Played) -> list[str]:
    """Three stories; their ids."""
    for number in (1, 2, 3):
        add(played, number, schuilnaam=f"Wilg {number}", einddatum=f"2027-0{3 + number}-01")
    return [story["id"] for story in played.block.stories]


def post_pattern(played: Played, ids: list[str], key: str = "", **more: str) -> Response:
    """A form with several boxes of one name."""
    from urllib.parse import urlencode  # noqa: PLC0415 only here

    from webob import Request  # noqa: PLC0415 only here

    form = {f"naam{key}": "Wachten op elkaar", "token": "token-patroon", **more}
    pairs = [*form.items(), *((f"verhalen{key}", id_) for id_ in ids)]
    return played.runtime.handle(played.block, "name_pattern", Request.blank("/", POST=urlencode(pairs)))


def mean(played: Played, note: str = "Ze wachten op een teken.") -> Response:
    return played.post("give_meaning", betekenis=note, gezien=f.mark(played.block.meaning))


# --- permission


def test_a_story_is_kept_with_its_permission(played: Played) -> None:
    page = add(played).text
    (story,) = played.block.stories
    assert {name: story[name] for name in ("schuilnaam", "gebruik", "bereik", "einddatum")} == {
        "schuilnaam": "Wilg", "gebruik": ["leren"], "bereik": "jij", "einddatum": "2027-06-01",
    }  # fmt: skip
    for words in (SECRET, "Om van te leren", "tot en met 01-06-2027", "Wat beweegt"):
        assert words in page
    assert (played.block.status, played.block.expires_on) == ("bezig", "2027-06-02")


@pytest.mark.parametrize("missing", ["schuilnaam", "groep", "tekst", "gebruik", "bereik", "einddatum", "goedgekeurd"])
def test_without_all_of_the_permission_nothing_is_kept_and_nothing_lost(played: Played, missing: str) -> None:
    answer = played.post("add", token="token-000001", **{**STORY, missing: ""})
    assert answer.status_code == 422
    assert f"#{played.block.anchor}-{missing}" in answer.text
    assert (SECRET in answer.text) == (missing != "tekst")
    assert (played.block.stories, played.block.status) == ([], "niet_gestart")


@pytest.mark.parametrize("end", ["2027-03-01", "2026-01-01", "2029-03-01", "ooit", "2027-02-30"])
def test_an_end_date_lies_after_today_and_within_two_years(played: Played, end: str) -> None:
    assert add(played, einddatum=end).status_code == 422
    assert played.block.stories == []


def test_labels_may_wait(played: Played) -> None:
    assert add(played, labels="").status_code == 422 or played.block.stories[0]["labels"] in ([], [""])


def test_a_double_click_keeps_one_story(played: Played) -> None:
    add(played)
    add(played)
    assert len(played.block.stories) == 1


def test_a_late_second_post_doesnt_bring_back_what_was_withdrawn(played: Played) -> None:
    add(played)
    played.post("withdraw", id=played.block.stories[0]["id"])
    add(played)
    assert played.block.stories == []


def changing(played: Played, story: dict[str, Any] | None = None, **more: str) -> Response:
    story = story or played.block.stories[0]
    key = f"-{story['id']}"
    form = {name + key: value for name, value in {**STORY, **more}.items()}
    return played.post("change", id=story["id"], gezien=rules.seal(story), **form)


def test_other_words_are_read_back_again(played: Played) -> None:
    add(played)
    assert changing(played, tekst="Korter.", goedgekeurd="").status_code == 422
    assert played.block.stories[0]["tekst"] == SECRET
    changing(played, tekst="Korter.")
    assert played.block.stories[0]["tekst"] == "Korter."


def test_a_story_changed_in_another_window_isnt_overwritten_unseen(played: Played) -> None:
    add(played)
    old = played.block.stories[0]
    changing(played, tekst="Nieuwer.")
    answer = changing(played, old, tekst="Ouder venster.")
    assert (answer.status_code, "Ouder venster." in answer.text) == (422, True)
    assert played.block.stories[0]["tekst"] == "Nieuwer."


# --- gone


def test_a_withdrawn_story_is_gone_and_its_patterns_are_looked_at_again(played: Played) -> None:
    ids = three(played)
    post_pattern(played, ids)
    page = played.post("withdraw", id=ids[0]).text
    assert "Opnieuw bekijken." in page
    (pattern,) = played.block.patterns
    assert (pattern["opnieuw"], pattern["verhalen"]) == (True, ids[1:])
    assert ids[0] not in json.dumps(played.fields, default=str)


def test_a_story_whose_time_is_over_isnt_shown_and_goes_with_the_next_post(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(played)
    monkeypatch.setattr(block, "today", lambda: date(2027, 6, 1))
    assert SECRET in played.view()
    monkeypatch.setattr(block, "today", lambda: date(2027, 6, 2))
    assert SECRET not in played.view()
    mean(played)
    assert SECRET not in json.dumps(played.fields, default=str)
    assert (played.block.stories, played.block.expires_on) == ([], "")


def test_what_is_due_is_taken_out_of_saved_fields() -> None:
    played = Played(StoryCollection, authored())
    ids = three(played)
    post_pattern(played, ids)
    fields: dict[str, Any] = {"stories": played.block.stories, "patterns": played.block.patterns, "meaning": "blijft"}
    StoryCollection.expired(fields, date(2027, 5, 2))
    assert [story["id"] for story in fields["stories"]] == ids[2:]
    assert (fields["patterns"][0]["opnieuw"], fields["expires_on"], fields["meaning"]) == (True, "2027-06-02", "blijft")


stories_ = st.lists(st.integers(-5, 5), max_size=6).map(
    lambda ends: [
        {"id": f"s{n}", "einddatum": (TODAY + timedelta(days=end)).isoformat(), "groep": f"g{n % 3}"}
        for n, end in enumerate(ends)
    ]
)


@given(stories_, st.lists(st.sets(st.sampled_from([f"s{n}" for n in range(6)])), max_size=3))
def test_nothing_of_what_is_gone_stays_behind(stories: list[Any], groups: list[set[str]]) -> None:
    patterns: list[rules.Pattern] = [
        {"id": f"p{n}", "verhalen": sorted(ids), "opnieuw": False} for n, ids in enumerate(groups)
    ]
    gone = set(rules.overdue(stories, TODAY))
    kept, looked = rules.without(stories, patterns, gone)
    assert all(rules.allowed(story, TODAY) for story in kept)
    for before, after in zip(patterns, looked, strict=True):
        assert not gone & set(after["verhalen"])
        assert after["opnieuw"] == bool(gone & set(before["verhalen"]))


@given(stories_)
def test_the_next_day_something_must_go_is_the_first_after_an_end(stories: list[Any]) -> None:
    on = rules.expires_on(stories)
    if not on:
        assert stories == []
        return
    day = date.fromisoformat(on)
    assert rules.overdue(stories, day) != []
    assert rules.overdue(stories, day - timedelta(days=1)) == []


@given(stories_)
def test_who_is_absent_told_nothing(stories: list[Any]) -> None:
    missing = rules.absent(["g0", "g1", "g2"], stories)
    assert set(missing) == {"g0", "g1", "g2"} - {story["groep"] for story in stories}


# --- patterns


def test_two_stories_make_no_pattern(played: Played) -> None:
    add(played, 1)
    add(played, 2)
    assert "Een patroon zie je pas in drie verhalen of meer. Je hebt er 2." in played.view()
    ids = [story["id"] for story in played.block.stories]
    assert post_pattern(played, ids).status_code == 422
    assert post_pattern(played, [*ids, ids[0]]).status_code == 422
    assert post_pattern(played, [*ids, "van-een-ander"]).status_code == 422
    assert played.block.patterns == []


def test_three_stories_make_one_and_it_is_laid_beside_policy(played: Played) -> None:
    page = post_pattern(played, three(played), beleid="Iedereen doet mee", samen="Wie wacht, telt ook").text
    for words in ("Wachten op elkaar", "Gehoord in 3 verhalen", "Iedereen doet mee", "Samen betekent dat"):
        assert words in page


def test_a_pattern_that_was_looked_at_again_is_whole_again(played: Played) -> None:
    ids = three(played)
    add(played, 4)
    ids.append(played.block.stories[3]["id"])
    post_pattern(played, ids[:3])
    played.post("withdraw", id=ids[0])
    pattern = played.block.patterns[0]
    answer = post_pattern(played, ids[1:], f"-{pattern['id']}", id=pattern["id"], gezien=rules.seal(pattern))
    assert (answer.status_code, played.block.patterns[0]["opnieuw"]) == (200, False)


def test_a_pattern_can_be_wiped_and_one_that_isnt_there_cant(played: Played) -> None:
    post_pattern(played, three(played))
    played.post("drop_pattern", id="weg")
    assert len(played.block.patterns) == 1
    played.post("drop_pattern", id=played.block.patterns[0]["id"])
    assert played.block.patterns == []


# --- done


def test_it_is_done_with_two_stories_and_a_note_in_either_order(played: Played) -> None:
    add(played, 1)
    mean(played)
    assert played.block.status == "bezig"
    add(played, 2)
    assert (played.block.status, len(played.published("completion"))) == ("afgerond", 1)


def test_what_is_done_stays_done_after_a_withdrawal(played: Played) -> None:
    add(played, 1)
    add(played, 2)
    mean(played)
    played.post("withdraw", id=played.block.stories[0]["id"])
    assert played.block.status == "afgerond"


def test_an_older_window_doesnt_write_over_a_newer_note(played: Played) -> None:
    mean(played, "Nieuw")
    answer = played.post("give_meaning", betekenis="Oud", gezien="")
    assert (answer.status_code, played.block.meaning) == (422, "Nieuw")
    assert "Nieuw" in answer.text
    assert ">\nOud<" in answer.text


def test_absent_voices_are_named(played: Played) -> None:
    page = add(played).text
    assert re.search(r"Nog niemand uit:\s*<strong[^>]*>boeren, ouderen</strong>", page)


# --- private and hostile


def test_nothing_of_it_leaves_the_private_fields(played: Played) -> None:
    post_pattern(played, three(played), beleid=SECRET)
    mean(played, SECRET)
    assert SECRET not in json.dumps(played.runtime.events)
    assert {event for event, _ in played.runtime.events} <= {"progress", "completion", "told"}
    assert played.published("told") == [{"verb": "harvested"}]
    for name, value in played.fields.items():
        if SECRET in json.dumps(value, default=str):
            assert StoryCollection.fields[name].runtime_options.get("private") is True


@pytest.mark.parametrize(
    ("handler", "form"),
    [
        ("add", {**STORY, "token": "<x>"}),
        ("add", {**STORY, "token": "token-000009", "groep": "mars"}),
        ("add", {**STORY, "token": "token-000009", "bereik": "heelal"}),
        ("add", {**STORY, "token": "token-000009", "gebruik": "verkopen"}),
        ("add", {**STORY, "token": "token-000009", "tekst": "x" * 4001}),
        ("add", {**STORY, "token": "token-000009", "tekst": "x" * 1_000_000}),
        ("change", {"id": "van-een-ander"}),
        ("name_pattern", {"id": "van-een-ander"}),
        ("name_pattern", {}),
        ("give_meaning", {"betekenis": ""}),
        ("give_meaning", {"betekenis": "x" * 2001}),
    ],
)
def test_a_refused_post_changes_nothing(played: Played, handler: str, form: dict[str, str]) -> None:
    add(played)
    before = json.dumps(played.fields, default=str)
    assert played.post(handler, **form).status_code == 422
    assert json.dumps(played.fields, default=str) == before


def test_withdrawing_what_isnt_there_changes_nothing(played: Played) -> None:
    add(played)
    before = json.dumps(played.fields, default=str)
    played.post("withdraw", id="van-een-ander")
    assert json.dumps(played.fields, default=str) == before


def test_words_are_shown_as_words(played: Played) -> None:
    assert "<script>" not in add(played, tekst="<script>alert(1)</script>", schuilnaam="<b>").text.replace(
        "<script ", ""
    )


def test_it_speaks_english_around_the_dutch() -> None:
    page = add(Played(StoryCollection, authored(), language="en")).text
    assert "The story is saved." in page
    assert re.search(r'lang="nl"[^>]*>Ik bewaar jouw verhaal', page)


# --- what an author can get wrong


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"titel": ""}, ("titel",)),
        ({"privacyklasse": "C"}, ("privacyklasse",)),
        ({"toestemming": ""}, ("toestemming",)),
        ({"openingen": []}, ("openingen",)),
        ({"openingen": [3]}, ("openingen", 0)),
        ({"groepen": ["een"]}, ("groepen",)),
        ({"groepen": ["een", "een"]}, ("groepen", 1)),
        ({"groepen": ["een", "anders"]}, ("groepen", 1)),
        ({"gebruik": []}, ("gebruik",)),
        ({"gebruik": {"a": "x", "b": ""}}, ("gebruik", "b")),
        ({"labels": {"a": "x"}}, ("labels",)),
        ({"patroon": 3}, ("patroon",)),
        ({"patroon": {"prompt": "x"}}, ("patroon", "verknoop")),
        ({"patroon": {"verknoop": authored()["patroon"]["verknoop"]}}, ("patroon",)),
        ({"patroon": {"prompt": "x", "verknoop": {"beleid": "x", "verhaal": "y"}}}, ("patroon", "verknoop")),
        ({"minstens": 0}, ("minstens",)),
        ({"minstens": "2"}, ("minstens",)),
        ({"eigen_deel": False}, ("eigen_deel",)),
    ],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in StoryCollection.check(authored(**change))]


def test_good_content_may_be_published() -> None:
    assert StoryCollection.check(authored()) == []
