"""What comes in from anybody: believed is what the bytes say, kept is sound alone."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.recordings import sound as sounds
from learning.recordings.sound import KINDS, MOST_BYTES, Busy, NotSound, measured
from learning.sound import run
from tests.learning.recordings.conftest import TITLE, sound


@pytest.mark.parametrize("kind", KINDS)
def test_what_browsers_and_phones_make_is_measured(kind: str) -> None:
    take = measured(sound(kind))
    assert take.kind == kind
    assert take.seconds == pytest.approx(2, abs=0.15)
    assert take.size == len(sound(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_file_says_of_itself_is_not_kept(kind: str) -> None:
    assert TITLE in sound(kind)
    assert TITLE not in measured(sound(kind)).data


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_cleaned_is_still_the_same_sound(kind: str) -> None:
    once = measured(sound(kind))
    again = measured(once.data)
    assert again.kind == kind
    assert again.seconds == pytest.approx(once.seconds, abs=0.05)


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"\x1aE\xdf\xa3 and then nothing of the kind",
        b"OggS",
        b"ID3\x04\x00\x00\x00\x00\x00\x00",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypM4A <html>",
    ],
)
def test_what_is_no_sound_is_refused_whatever_it_calls_itself(data: bytes) -> None:
    with pytest.raises(NotSound) as refused:
        measured(data)
    assert refused.value.reason in {"soort", "leeg"}


def test_half_a_recording_is_measured_by_what_is_there() -> None:
    whole = sound("webm", 10)
    assert measured(whole[: len(whole) // 2]).seconds < 6


def test_nothing_and_too_much_are_refused_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "run", lambda *_: pytest.fail("it was looked into"))
    for data, reason in ((b"", "leeg"), (sound() + bytes(MOST_BYTES), "groot")):
        with pytest.raises(NotSound) as refused:
            measured(data)
        assert refused.value.reason == reason


def test_more_than_a_few_at_once_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "_AT_ONCE", threading.BoundedSemaphore(1))
    monkeypatch.setattr(sounds, "_WAIT", 0.01)
    with sounds._AT_ONCE, pytest.raises(Busy):
        measured(sound())


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sound()
    monkeypatch.setattr(sounds, "run", partial(run, seconds=0.0001))
    with pytest.raises(NotSound):
        measured(data)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(data: bytes) -> None:
    kind = sounds.kind_of(data)
    assert kind is None or kind in KINDS


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.integers(0, 4_000), st.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_sound_or_refused(kind: str, place: int, damage: bytes) -> None:
    data = sound(kind)
    place %= len(data)
    try:
        take = measured(data[:place] + damage + data[place + len(damage) :])
    except NotSound:
        return
    assert 0 < take.seconds < 60 * 60 * 24 * 365 * 200
