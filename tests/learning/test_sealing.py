"""What is private can't be read from the database, nor moved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.sealing import WontOpen, seal, unseal


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
