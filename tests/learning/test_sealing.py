"""What is private can't be read from the database, nor moved."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as site
from hypothesis import given
from hypothesis import strategies as st

from learning import sealing
from learning.sealing import WontOpen, names_first_key, opened_by, seal, unseal


@given(st.text(), st.text(min_size=1))
def test_what_is_sealed_opens_in_its_place_only(text: str, place: str) -> None:
    sealed = seal(text, place)
    assert unseal(sealed, place) == text
    with pytest.raises(WontOpen):
        unseal(sealed, place + "|elders")


def test_a_changed_byte_does_not_open() -> None:
    sealed = bytearray(seal("stil", "hier"))
    sealed[-1] ^= 1
    with pytest.raises(WontOpen):
        unseal(bytes(sealed), "hier")


def test_an_older_key_still_opens_and_the_newest_seals(settings: Any) -> None:
    settings.SEALING_KEYS = ("oud",)
    old = seal("brief", "la")
    settings.SEALING_KEYS = ("nieuw", "oud")
    assert unseal(old, "la") == "brief"
    new = seal("brief", "la")
    settings.SEALING_KEYS = ("nieuw",)
    assert unseal(new, "la") == "brief"
    with pytest.raises(WontOpen):
        unseal(old, "la")


def nameless(text: str, place: str) -> bytes:
    """As values were sealed before they said by which key."""
    return seal(text, place)[4:]


def test_what_was_sealed_before_keys_had_names_still_opens(settings: Any) -> None:
    settings.SEALING_KEYS = ("oud",)
    old = nameless("brief", "la")
    settings.SEALING_KEYS = ("nieuw", "oud")
    assert opened_by(old, "la") == (1, b"brief")
    assert not names_first_key(old)
    with pytest.raises(WontOpen):
        unseal(old, "elders")


def test_a_nonce_that_begins_as_the_name_of_a_key_opens_all_the_same(settings: Any) -> None:
    settings.SEALING_KEYS = ("nieuw", "oud")
    first, second = sealing._keys(settings.SEALING_KEYS)
    nonce = first.name + b"12345678"
    assert opened_by(nonce + second.cipher.encrypt(nonce, b"brief", b"la"), "la") == (1, b"brief")


class Counting:
    def __init__(self, key: Any) -> None:
        self.key, self.tries = key, 0

    def decrypt(self, *args: Any) -> bytes:
        self.tries += 1
        return bytes(self.key.decrypt(*args))


@given(st.integers(1, 6), st.data())
def test_only_the_key_that_sealed_it_is_tried_wherever_it_stands(n: int, data: st.DataObject) -> None:
    keys = tuple(f"sleutel-{number}" for number in range(n))
    at = data.draw(st.integers(0, n - 1))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(site, "SEALING_KEYS", (keys[at],))
        sealed = seal("brief", "la")
        patched.setattr(site, "SEALING_KEYS", keys)
        counting = [Counting(key.cipher) for key in sealing._keys(keys)]
        names = [key.name for key in sealing._keys(keys)]
        watched: list[Any] = [
            SimpleNamespace(name=each[0], cipher=each[1]) for each in zip(names, counting, strict=True)
        ]
        patched.setattr(sealing, "_keys", lambda _: watched)
        assert opened_by(sealed, "la") == (at, b"brief")
        assert [each.tries for each in counting] == [int(number == at) for number in range(n)]


@pytest.mark.parametrize("sealed", [b"", b"kort", b"x" * 15, b"x" * 31])
def test_what_is_too_short_to_be_anything_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(WontOpen):
        unseal(sealed, "la")
