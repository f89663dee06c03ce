"""Saying it instead of writing it, as a block has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks import recording
from modules.blocks.dialoguefragment.block import MAX_SECONDS, MAX_SOUND
from modules.blocks.journal import rules
from modules.blocks.journal.block import Journal
from modules.blocks.recording import Kept
from tests.modules.blocks.test_dialoguefragment import CHECKED, SECRET, play, revealed
from tests.modules.blocks.test_journal import AUTHORED, TOKEN, Shelf
from tests.modules.toy import Played


@dataclass(frozen=True)
class Take:
    seconds: float = 4
    size: int = 20_000
    mark: str = "a"


class Refused(Exception):
    reason = "soort"


class Studio:
    """A recordings service in memory. `came`: what comes with the next form."""

    def __init__(self) -> None:
        self.came: Take | Exception | None = None
        self.kept: dict[int, Take] = {}
        self.tokens: dict[str, int] = {}

    def taken(self) -> Take | None:
        if isinstance(self.came, Exception):
            raise self.came
        return self.came

    def keep(self, take: Any, token: str) -> Kept:
        number = self.tokens.setdefault(token + take.mark, len(self.tokens) + 1)
        self.kept[number] = take
        return Kept(id=number, seconds=round(take.seconds), mark=take.mark)

    def erase(self, number: int) -> None:
        del self.kept[number]

    def url(self, number: int) -> str:
        return f"/opname/{number}/"


@pytest.fixture
def studio() -> Studio:
    return Studio()


@pytest.fixture
def lab(studio: Studio) -> Played:
    """A fragment that is revealed, in a runtime where one may speak."""
    return revealed(recordings=studio)


def speak(lab: Played, studio: Studio, take: Take | Exception | None, **form: str) -> Any:
    studio.came = take
    answer = lab.post("speak", **{"versie": str(lab.block.version), "beurt": "t3", "tekst": "", **form})
    studio.came = None
    return answer


# --- where one can


def test_the_recorder_is_drawn_only_where_recordings_can_be_kept(lab: Played) -> None:
    assert "data-recorder" in lab.view()
    assert "data-recorder" not in revealed().view()
    assert "data-recorder" not in Played(Journal, AUTHORED).view()
    assert "data-recorder" not in Played(Journal, AUTHORED, recordings=Studio()).view(), "texts stay in a field there"
    assert "data-recorder" in Played(Journal, AUTHORED, journal=Shelf(), recordings=Studio()).view()


def test_it_says_how_long_and_speaks_english_too() -> None:
    assert "Hoogstens 30 seconden." in revealed(recordings=Studio()).view()
    assert "Hoogstens 3 minuten." in Played(Journal, AUTHORED, journal=Shelf(), recordings=Studio()).view()
    english = Played(Journal, AUTHORED, language="en", journal=Shelf(), recordings=Studio()).view()
    assert "At most 3 minutes." in english
    assert "spreek" not in english


def test_its_script_comes_only_with_the_activity_itself(lab: Played) -> None:
    def scripts(view: str, **context: str) -> set[str]:
        return {resource.data for resource in lab.runtime.render(lab.block, view, context).resources}

    assert any("recorder.js" in script for script in scripts("student_view"))
    assert not any("recorder.js" in script for script in scripts("summary_view", href="/x"))


# --- a sentence that was said


def test_a_sentence_may_be_said_and_then_comes_the_same_way_on(lab: Played, studio: Studio) -> None:
    answer = speak(lab, studio, Take())
    assert answer.status_code == 200
    assert 'src="/opname/1/"' in answer.text
    assert "Kijk nog eens naar je zin" in answer.text
    assert "Ik ga te snel" not in answer.text
    assert "Ik ga te snel" in lab.post("self_check", versie="1", **CHECKED).text


def test_saying_it_changes_no_score_and_tells_nobody(lab: Played, studio: Studio) -> None:
    before = lab.block.score, list(lab.runtime.events)
    speak(lab, studio, Take(), tekst=SECRET)
    assert (lab.block.score, lab.runtime.events) == before


def test_words_may_stand_beside_what_was_said(lab: Played, studio: Studio) -> None:
    page = speak(lab, studio, Take(), tekst=SECRET).text
    assert SECRET in page
    assert "<audio" in page[page.index("lab__eigen") :]


def test_neither_words_nor_voice_is_refused(lab: Played, studio: Studio) -> None:
    assert speak(lab, studio, None).status_code == 422


@pytest.mark.parametrize(
    ("take", "words"),
    [
        (Take(seconds=MAX_SECONDS + 3), "langer dan 0:30"),
        (Take(size=MAX_SOUND + 1), "te groot"),
        (Refused(), "kunnen we niet afspelen"),
    ],
)
def test_what_cant_be_kept_is_said_at_the_recorder(lab: Played, studio: Studio, take: Any, words: str) -> None:
    refused = speak(lab, studio, take, tekst=SECRET)
    assert refused.status_code == 422
    assert words in refused.text
    assert SECRET in refused.text
    assert (studio.kept, lab.block.sentence) == ({}, {})


def test_a_recorder_that_stops_a_little_late_is_forgiven(lab: Played, studio: Studio) -> None:
    assert speak(lab, studio, Take(seconds=MAX_SECONDS + 1)).status_code == 200


def test_the_same_form_twice_keeps_one_and_says_nothing_of_it(lab: Played, studio: Studio) -> None:
    speak(lab, studio, Take(), versie="0")
    again = speak(lab, studio, Take(), versie="0")
    assert again.status_code == 200
    assert list(studio.kept) == [1]


def test_another_recording_from_an_old_tab_is_handed_back(lab: Played, studio: Studio) -> None:
    speak(lab, studio, Take(), versie="0")
    stale = speak(lab, studio, Take(mark="b"), versie="0")
    assert stale.status_code == 422
    assert "In een ander venster" in stale.text
    assert list(studio.kept) == [1]


def test_wiping_the_sentence_wipes_the_voice(lab: Played, studio: Studio) -> None:
    speak(lab, studio, Take())
    lab.post("erase", versie="1")
    assert (studio.kept, lab.block.sentence) == ({}, {})


def test_a_new_sentence_takes_the_place_of_the_voice_before(lab: Played, studio: Studio) -> None:
    speak(lab, studio, Take())
    speak(lab, studio, Take(mark="b"))
    assert [take.mark for take in studio.kept.values()] == ["b"]


def test_a_voice_is_never_handed_in(studio: Studio) -> None:
    lab = revealed(recordings=studio, practice=object())
    page = speak(lab, studio, Take()).text
    assert "Lever in" not in page
    lab.post("hand_in", versie="1", inleveren="ja")
    assert lab.block.handed_in == {}
    speak(lab, studio, Take(), tekst=SECRET)
    lab.post("hand_in", versie="2", inleveren="ja")
    assert lab.block.handed_in == {"beurt": "t3", "tekst": SECRET}


def test_before_the_reveal_nothing_is_kept(studio: Studio) -> None:
    early = play(recordings=studio)
    speak(early, studio, Take())
    assert studio.kept == {}


# --- the journal


def test_the_journal_keeps_what_was_said_without_words(studio: Studio) -> None:
    shelf = Shelf()
    played = Played(Journal, AUTHORED, journal=shelf, recordings=studio)
    studio.came = Take(seconds=83)
    answer = played.post("write", tekst="", labels="", token=TOKEN)
    assert answer.status_code == 200
    assert "Ingesproken, 1:23" in answer.text
    assert [(entry["text"], entry["seconds"]) for entry in shelf.kept] == [("", 83)]
    studio.came = None
    entry = shelf.kept[0]
    assert played.post("replace", id=entry["id"], gezien=rules.seal(entry), tekst="", labels="stil").status_code == 200


def test_at_the_journal_more_than_three_minutes_is_refused(studio: Studio) -> None:
    played = Played(Journal, AUTHORED, journal=Shelf(), recordings=studio)
    studio.came = Take(seconds=190)
    assert "langer dan 3:00" in played.post("write", tekst="", labels="", token=TOKEN).text


@given(st.integers(0, 100_000))
def test_a_clock_can_be_read_back(seconds: int) -> None:
    minutes, _, rest = recording.clock(seconds).partition(":")
    assert int(minutes) * 60 + int(rest) == seconds
    assert len(rest) == 2


@given(st.floats(0, 1000), st.integers(0, 10_000_000), st.integers(1, 300), st.integers(1, 5_000_000))
def test_what_fits_both_bounds_is_never_too_much(seconds: float, size: int, longest: int, largest: int) -> None:
    reason = recording.too_much(Take(seconds, size), seconds=longest, size=largest)
    assert (reason == "") == (seconds <= longest + recording.LENIENCE and size <= largest)
