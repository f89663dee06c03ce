"""How a transcript becomes sound: the parts of script/voices that need no voice."""

from __future__ import annotations

import importlib.util
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

FRAGMENT = Path("modules/content/dialoogprincipes/1.2/fragment-a.yaml")


def load() -> Any:
    spec = importlib.util.spec_from_file_location("voices", "script/voices.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up by its name
    sys.modules["voices"] = module
    spec.loader.exec_module(module)
    return module


voices = load()

lengths = st.floats(min_value=0.02, max_value=60)
pauses = st.floats(min_value=0.05, max_value=5)


def turn(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"t{number}", "spreker": "Wilma", "tekst": "Hoor je mij?", **more}


@given(st.lists(st.tuples(lengths, pauses), min_size=1, max_size=30))
def test_turns_follow_each_other_and_never_overlap(spoken: list[tuple[float, float]]) -> None:
    placed = voices.timeline(
        [turn(number, stilte=pause) for number, (_, pause) in enumerate(spoken)], [length for length, _ in spoken]
    )
    assert placed[0].start == 0
    assert all(before.end < after.start for before, after in pairwise(placed))
    assert all(abs(one.end - one.start - length) <= 0.011 for one, (length, _) in zip(placed, spoken, strict=True))


def test_a_turn_waits_as_long_as_its_author_asked() -> None:
    placed = voices.timeline([turn(1), turn(2, stilte=1.5), turn(3)], [2.0, 1.0, 1.0])
    assert [one.start for one in placed] == [0.0, 3.5, 4.5 + voices.PAUSE]


def test_writing_times_changes_nothing_else() -> None:
    before = FRAGMENT.read_text()
    turns = [
        voices.Turn(one["id"], one["spreker"], one["tekst"], 10.0 * number, 10.0 * number + 1)
        for number, one in enumerate(yaml.safe_load(before)["fragment"]["beurten"])
    ]
    after = voices.with_times(before, turns)
    changed = [new for old, new in zip(before.split("\n"), after.split("\n"), strict=True) if old != new]
    assert {line.split(":")[0].strip() for line in changed} == {"start", "eind"}
    found = yaml.safe_load(after)["fragment"]["beurten"]
    assert [(one["start"], one["eind"]) for one in found] == [(one.start, one.end) for one in turns]


def test_writing_the_times_that_are_there_changes_nothing() -> None:
    text = FRAGMENT.read_text()
    turns = [
        voices.Turn(one["id"], one["spreker"], one["tekst"], one["start"], one["eind"])
        for one in yaml.safe_load(text)["fragment"]["beurten"]
    ]
    assert voices.with_times(text, turns) == text


def test_captions_name_the_speaker_and_keep_marks_from_being_read_as_tags() -> None:
    made = voices.captions([voices.Turn("t1", "Bert", "Peil < bodem & klaar", 61.5, 63.25)], "Geconstrueerd")
    assert made == (
        "WEBVTT\n\nNOTE Geconstrueerd\n\nt1\n00:01:01.500 --> 00:01:03.250\n<v Bert>Peil &lt; bodem &amp; klaar\n"
    )


@pytest.mark.parametrize(
    ("moment", "written"), [(0.0, "00:00:00.000"), (59.99, "00:00:59.990"), (3661.5, "01:01:01.500")]
)
def test_moments_are_written_as_webvtt_wants_them(moment: float, written: str) -> None:
    assert voices.clock(moment) == written


def test_a_program_that_fails_stops_the_run_and_says_why() -> None:
    with pytest.raises(SystemExit, match="no-such-folder"):
        voices.run("ls", "/no-such-folder")
