"""A case in scenes with stops, watched or read: curriculum 3.k, units 1.2 and 2.5."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.base import MAX_TEXT
from modules.blocks.casevideo.block import LONGEST, CaseVideo
from modules.blocks.casevideo.rules import case_score, longest_is_right, paragraphs, parts, stop_points, tally
from tests.modules.blocks.hostile import junk_of
from tests.modules.toy import Played

OWN = "Ik zou vragen wie er nog niet aan het woord was, zegt Truus."


def option(text: str, good: Any) -> dict[str, Any]:
    return {"tekst": text, "goed": good, "feedback": f"Over {text} <i>"}


def case(**more: Any) -> dict[str, Any]:
    return {
        "id": "debat", "titel": "Debat of dialoog", "inleiding": "Vier scènes.",
        "scenes": [
            {"id": "s1", "titel": "De zaal", "tekst": "Het is acht uur.\n\nDe zaal is vol <b>."},
            {"id": "s2", "tekst": "Iemand staat op.", "beeld": {"src": "static/zaal.png", "alt": "Een volle zaal"}},
            {"id": "s3", "tekst": "Het wordt stil.", "geluid": {"opus": "static/s3.opus", "mp3": "static/s3.mp3"}},
            {"id": "s4", "tekst": "Ze drinken koffie.", "tekening": "keukentafel"},
        ],
        "stops": [
            {"id": "v1", "na": "s1", "tijd": 40, "vraag": "Wat gebeurt hier?", "soort": "enkel",
             "opties": [option("winnen", True), option("luisteren", False)]},
            {"id": "v2", "na": "s2", "tijd": 95, "vraag": "Wat zou jij doen?", "soort": "enkel",
             "opties": [option("blijven", None), option("weggaan", None)]},
            {"id": "v3", "na": "s2", "tijd": 95, "vraag": "Wat zou jij vragen?", "soort": "open",
             "model": "Model: wie nog niet?"},
            {"id": "v4", "na": "s3", "tijd": 180.5, "vraag": "En nu?", "soort": "enkel",
             "opties": [option("praten", False), option("stil", True)]},
        ],
        **more,
    }  # fmt: skip


VIDEO = {
    "mp4": "static/zaal.mp4", "webm": "static/zaal.webm", "captions": "static/zaal.vtt",
    "transcript": "Eerst zie je een zaal.\n\nDan staat iemand op.",
}  # fmt: skip


def here(played: Played) -> dict[str, str]:
    return {"ronde": str(played.block.round_number), "plek": str(played.block.place)}


def proceed(played: Played) -> str:
    return str(played.post("proceed", **here(played)).text)


def choose(played: Played, position: int) -> str:
    shown: dict[str, int] = played.block.shown(played.block.stop)
    place = next(place for place, at in shown.items() if at == position)
    return str(played.post("answer", **here(played), antwoord=place).text)


def through(played: Played, *positions: int) -> Played:
    """To the end: an option at each stop that has them, own words at the open one."""
    chosen = iter(positions)
    while played.block.place < len(played.block.steps):
        stop = played.block.stop
        if stop and stop["soort"] == "open":
            played.post("answer", **here(played), antwoord=OWN)
        elif stop:
            choose(played, next(chosen))
        proceed(played)
    return played


# --- rules


def test_without_a_video_each_scene_is_a_part() -> None:
    found = parts(case())
    assert [[scene["id"] for scene in part.scenes] for part in found] == [["s1"], ["s2"], ["s3"], ["s4"]]
    assert [[stop["id"] for stop in part.stops] for part in found] == [["v1"], ["v2", "v3"], ["v4"], []]
    assert {part.end for part in found} == {None}


def test_a_video_plays_on_to_the_next_stop() -> None:
    data = case(
        video=VIDEO, stops=[{**stop, "na": "s2" if stop["na"] == "s1" else stop["na"]} for stop in case()["stops"]]
    )
    found = parts(data)
    assert [[scene["id"] for scene in part.scenes] for part in found] == [["s1", "s2"], ["s3"], ["s4"]]
    assert [(part.start, part.end) for part in found] == [(0, 40), (40, 180.5), (180.5, None)]


@given(st.integers(-3, 5), st.integers(-3, 5))
def test_only_stops_with_a_right_answer_count(first: int, last: int) -> None:
    stops = case()["stops"]
    right = (first == 0) + (last == 1)
    assert case_score(stops, {"v1": first, "v2": 0, "v4": last}) == right / 2
    assert stop_points(stops[1], first) == 0


def test_where_nothing_is_scored_there_is_no_score() -> None:
    assert case_score(case()["stops"][1:3], {"v2": 0}) is None


@given(st.lists(st.text(alphabet="ab", min_size=1, max_size=5), max_size=5))
def test_a_blank_line_ends_a_paragraph(pieces: list[str]) -> None:
    assert paragraphs("\r\n\r\n".join(pieces)) == pieces
    assert paragraphs("\n\n\n\n".join(pieces)) == pieces


@given(st.lists(st.booleans(), max_size=6))
def test_the_share_in_which_the_right_option_is_the_longest(longest: list[bool]) -> None:
    stops = [
        {"soort": "enkel", "opties": [option("lang" if long else "k", True), option("mid", False)]} for long in longest
    ]
    assert longest_is_right(stops) == (sum(longest) / len(longest) if len(longest) >= 3 else 0)


def test_figures_of_a_group_leave_out_points_where_there_are_none() -> None:
    assert tally([{"v1": [0, 1.0], "v2": [1, None]}, {"v1": [1, 0.0]}, "x", None]) == {
        "v1": {"n": 2, "gekozen": {"0": 1, "1": 1}, "p": 0.5}, "v2": {"n": 1, "gekozen": {"1": 1}},
    }  # fmt: skip


# --- the flow


def test_a_scene_at_a_time_with_its_question_after_it() -> None:
    played = Played(CaseVideo, case())
    page = played.view()
    assert "<p>Het is acht uur.</p>" in page
    assert "Iemand staat op" not in page
    assert "Wat gebeurt hier?" not in page
    page = proceed(played)
    assert "Wat gebeurt hier?" in page
    assert "Over winnen" not in page
    assert "Lees dit deel terug" in page
    page = choose(played, 1)
    assert "Wij zien het anders." in page
    assert page.index("Over luisteren") < page.index("Over winnen")
    assert "Iemand staat op" in proceed(played)


def test_an_opinion_has_no_right_answer_and_says_so() -> None:
    played = Played(CaseVideo, case())
    proceed(played), choose(played, 0), proceed(played), proceed(played)
    page = choose(played, 1)
    assert "Hier is niet één goed antwoord." in page
    assert "past" not in re.sub(r"wat het best past", "", page)


def test_own_words_open_the_model() -> None:
    played = Played(CaseVideo, case())
    proceed(played), choose(played, 0), proceed(played), proceed(played), choose(played, 0), proceed(played)
    assert "Model:" not in played.view()
    page = played.post("answer", **here(played), antwoord=OWN).text
    assert OWN in page
    assert "Model: wie nog niet?" in page


def test_one_does_not_get_past_a_stop_without_an_answer() -> None:
    played = Played(CaseVideo, case())
    proceed(played)
    assert "Wat gebeurt hier?" in proceed(played)
    assert played.block.place == 1


def test_the_end_is_done_with_the_share_of_right_answers() -> None:
    played = through(Played(CaseVideo, case(let_op="Winnen mag ook.")), 0, 1, 0)
    assert (played.block.status, played.block.score) == ("afgerond", 0.5)
    page = played.view()
    assert "Bij 1 van de 2 vragen zag je het zoals wij." in page
    assert "Winnen mag ook." in page
    assert OWN in page
    assert "Ze drinken koffie." in page


def test_an_attempt_says_what_was_chosen_and_nothing_of_own_words() -> None:
    played = through(Played(CaseVideo, case()), 0, 1, 1)
    (attempt,) = played.published("attempt")
    assert attempt["answers"] == {"v1": [0, 1.0], "v2": [1, None], "v4": [1, 1.0]}
    assert OWN not in str(played.runtime.events)
    assert CaseVideo.fields["texts"].runtime_options == {"private": True}


def test_a_case_without_right_answers_is_done_without_a_score() -> None:
    stops = [{**case()["stops"][1], "id": f"v{n}"} for n in range(3)]
    played = through(Played(CaseVideo, case(stops=stops)), 0, 0, 1)
    assert (played.block.status, played.block.score) == ("afgerond", None)
    assert "vragen zag je het zoals wij" not in played.view()


def test_an_option_that_is_gone_in_a_new_edition_leaves_the_end_as_it_was() -> None:
    played = through(Played(CaseVideo, case()), 0, 1, 1)
    stops = deepcopy(case()["stops"])
    stops[1]["opties"].pop()
    stops[3] = {**stops[2], "id": "v4", "na": "s3"}
    played.fields["authored"] = case(stops=stops)
    page = played.view()
    assert "winnen" in page
    assert "weggaan" not in page


def test_once_more_keeps_own_words_and_stays_done() -> None:
    played = through(Played(CaseVideo, case()), 0, 1, 1)
    played.post("again", **here(played))
    assert "Het is acht uur." in played.view()
    assert (played.block.answers, played.block.status) == ({}, "afgerond")
    through(played, 1, 1, 0)
    assert [attempt["score"] for attempt in played.published("attempt")] == [1, 0]
    assert len(played.published("completion")) == 1


def test_a_scene_may_have_a_picture_and_a_voice() -> None:
    played = Played(CaseVideo, case())
    proceed(played), choose(played, 0)
    assert '<img src="/static/zaal.png" alt="Een volle zaal"' in proceed(played)
    assert CaseVideo.assets(case()) == ["static/zaal.png", "static/s3.opus", "static/s3.mp3"]


def test_a_video_plays_from_stop_to_stop_with_captions_and_all_of_it_as_text() -> None:
    data = case(video=VIDEO)
    assert CaseVideo.check(data) == []
    played = Played(CaseVideo, data)
    page = played.view()
    assert 'src="/static/zaal.mp4#t=0,40"' in page
    assert 'kind="captions" src="/static/zaal.vtt"' in page
    assert "Het is acht uur." in page
    assert "Dan staat iemand op." in page
    proceed(played), choose(played, 0)
    assert 'src="/static/zaal.webm#t=40,95"' in proceed(played)
    assert {"static/zaal.mp4", "static/zaal.webm", "static/zaal.vtt"} < set(CaseVideo.assets(data))


def test_a_transcript_may_be_a_file() -> None:
    data = case(video={**VIDEO, "transcript": "static/zaal.txt"})
    assert "static/zaal.txt" in CaseVideo.assets(data)
    assert '<a href="/static/zaal.txt">' in Played(CaseVideo, data).view()


def test_watching_and_reading_are_the_same_exercise() -> None:
    """The route by text gives the same evidence (curriculum 0.9)."""
    watched, read = (through(Played(CaseVideo, data), 0, 1, 1) for data in (case(video=VIDEO), case()))
    assert watched.published("attempt") == read.published("attempt")


def test_in_english_all_around_the_case_is_english() -> None:
    played = Played(CaseVideo, case(), language="en")
    assert "To the question" in played.view()
    assert '<p lang="nl">Het is acht uur.</p>' in played.view()


def test_the_first_page_is_the_same_for_everybody() -> None:
    assert "student_view" in CaseVideo.same_at_first
    assert len({Played(CaseVideo, case(), user=user).view() for user in "abcd"}) == 1


# --- what doesn't fit


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"antwoord": "3"}, "Kies een antwoord."),
        ({"antwoord": "0"}, "Kies een antwoord."),
        ({}, "Kies een antwoord."),
        ({"antwoord": "1", "plek": "-1"}, "Laad de pagina opnieuw."),
        ({"antwoord": "1", "ronde": "²"}, "Laad de pagina opnieuw."),
        ({"antwoord": "1" * (MAX_TEXT + 1)}, "Dit is te lang of geen tekst."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(form: dict[str, str], said: str) -> None:
    played = Played(CaseVideo, case())
    proceed(played)
    refused = played.post("answer", **{**here(played), **form})
    assert refused.status_int == 422
    assert said in refused.text
    assert not played.block.answers


@pytest.mark.parametrize("text", ["", " \n ", "x" * (LONGEST + 1)])
def test_empty_or_endless_words_are_refused_and_still_there(text: str) -> None:
    played = Played(CaseVideo, case())
    proceed(played), choose(played, 0), proceed(played), proceed(played), choose(played, 0), proceed(played)
    refused = played.post("answer", **here(played), antwoord=text)
    assert refused.status_int == 422
    assert text in refused.text
    assert not played.block.texts


def test_a_second_click_and_a_stale_tab_change_nothing() -> None:
    played = Played(CaseVideo, case())
    for handler in ("answer", "again"):
        before = deepcopy(played.fields)
        assert played.post(handler, **here(played), antwoord="1").status_int == 200
        assert played.fields == before
    proceed(played)
    choose(played, 0)
    before = deepcopy(played.fields)
    for handler, form in [
        ("answer", {"ronde": "1", "plek": "1", "antwoord": "2"}), ("proceed", {"ronde": "1", "plek": "0"}),
        ("proceed", {"ronde": "2", "plek": "1"}), ("again", {"ronde": "1", "plek": "1"}),
        ("answer", {"ronde": "1", "plek": "99999", "antwoord": "2"}),
    ]:  # fmt: skip
        assert played.post(handler, **form).status_int == 200
        assert played.fields == before, handler


def test_after_the_end_nothing_goes_on() -> None:
    played = through(Played(CaseVideo, case()), 0, 1, 1)
    before = deepcopy(played.fields)
    assert played.post("proceed", **here(played)).status_int == 200
    assert played.post("answer", **here(played), antwoord="1").status_int == 200
    assert played.fields == before
    assert len(played.published("attempt")) == 1


def test_html_stays_text() -> None:
    played = Played(CaseVideo, case())
    page = played.view() + proceed(played) + choose(played, 0)
    assert "De zaal is vol &lt;b&gt;." in page
    assert "Over winnen &lt;i&gt;" in page
    assert "<i>" not in page


# --- gates


def test_good_content_has_no_problems() -> None:
    assert CaseVideo.check(case()) == []


def _broken(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data: Any = deepcopy(case(video=dict(VIDEO)))
    at = data
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return dict(data)


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("scenes",), [], ("scenes",)),
        (("scenes", 0), "zaal", ("scenes", 0)),
        (("scenes", 0, "tekst"), "", ("scenes", 0, "tekst")),
        (("scenes", 0, "titel"), 3, ("scenes", 0, "titel")),
        (("scenes", 1, "beeld"), "zaal.svg", ("scenes", 1, "beeld")),
        (("scenes", 1, "beeld"), {"src": "static/zaal.png"}, ("scenes", 1, "beeld")),
        (("scenes", 2, "geluid"), {"opus": "s3.opus"}, ("scenes", 2, "geluid")),
        (("scenes", 2, "geluid", "captions"), "s3.txt", ("scenes", 2, "geluid", "captions")),
        (("stops",), case()["stops"][:2], ("stops",)),
        (("stops", 0, "na"), "s9", ("stops", 0, "na")),
        (("stops", 0, "na"), "s4", ("stops",)),
        (("stops", 0, "soort"), "meer", ("stops", 0, "soort")),
        (("stops", 0, "vraag"), "", ("stops", 0, "vraag")),
        (("stops", 0, "opties"), "ja", ("stops", 0, "opties")),
        (("stops", 0, "opties"), [option("een", True)], ("stops", 0, "opties")),
        (("stops", 0, "opties", 0, "goed"), "ja", ("stops", 0, "opties", 0)),
        (("stops", 0, "opties", 0, "goed"), None, ("stops", 0, "opties")),
        (("stops", 0, "opties", 0, "goed"), False, ("stops", 0, "opties")),
        (("stops", 0, "opties", 1, "goed"), True, ("stops", 0, "opties")),
        (("stops", 0, "opties", 1, "feedback"), "", ("stops", 0, "opties", 1, "feedback")),
        (("stops", 2, "model"), "", ("stops", 2, "model")),
        (("stops", 1, "tijd"), None, ("stops", 1, "tijd")),
        (("stops", 1, "tijd"), 20, ("stops",)),
        (("video",), "zaal.mp4", ("video",)),
        (("video", "captions"), "zaal.txt", ("video", "captions")),
        (("video", "transcript"), "", ("video", "transcript")),
    ],
)
def test_each_gate_names_the_place(place: tuple[Any, ...], value: Any, path: tuple[Any, ...]) -> None:
    assert path in [problem.path for problem in CaseVideo.check(_broken(place, value))]


def test_a_right_answer_that_is_always_the_longest_gives_itself_away() -> None:
    stops = [
        {**case()["stops"][0], "id": f"v{n}", "opties": [option("veel langer", True), option("kort", False)]}
        for n in range(3)
    ]
    assert [problem.path for problem in CaseVideo.check(case(stops=stops))] == [("stops",)]


@given(junk_of("scenes", "stops", "opties", "goed", "id", "na", "soort", "mp4"))
def test_whatever_an_author_wrote_is_answered_with_problems(value: Any) -> None:
    for name in ("scenes", "stops", "video"):
        data = {**case(), name: value}
        assert all(problem.reason for problem in CaseVideo.check(data))
        assert all(isinstance(path, str) for path in CaseVideo.assets(data))
    stop = {"id": "x", "na": value, "soort": "enkel", "opties": value, "vraag": "?"}
    assert CaseVideo.check({"stops": [stop] * 3, "scenes": [{"id": "x", "beeld": value, "geluid": value}]})


def test_a_scene_may_have_a_drawing_of_ours_that_says_what_it_shows() -> None:
    played = Played(CaseVideo, case(scenes=[{"id": "s1", "tekst": "Koffie.", "tekening": "keukentafel"}]))
    assert 'role="img" aria-label="Een keukentafel' in played.view()


@pytest.mark.parametrize(
    ("scene", "place"),
    [
        ({"tekening": "vuurtoren"}, ("scenes", 0, "tekening")),
        ({"beeld": {"src": "static/zaal.svg", "alt": "Een zaal"}}, ("scenes", 0, "beeld", "src")),
    ],
)
def test_a_picture_is_ours_by_name_or_a_file_no_browser_runs(scene: dict[str, Any], place: tuple[Any, ...]) -> None:
    data = deepcopy(case())
    data["scenes"][0] |= scene
    assert [problem.path for problem in CaseVideo.check(data)] == [place]
