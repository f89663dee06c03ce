"""Encryption of what is private (curriculum 3.0, classes C and D). The keys live outside the database.

AES-256-GCM; the place of a value (its table, person and name) is bound in as associated data, so that a row copied
to another place doesn't open. The first of SEALING_KEYS seals; the others still open what they sealed, until it was all
sealed anew (`learning.resealing`).

A sealed value is the name of its key (4 bytes that say nothing of the key), a nonce (12) and what is encrypted, so one
key is tried, wherever it stands in the list. What was sealed before values had that name begins with the nonce: then
each key is.
"""

from __future__ import annotations

import functools
import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NAME, _NONCE = 4, 12


class WontOpen(Exception):
    """Sealed for another place, changed, or with a key that is gone."""


@dataclass(frozen=True)
class _Key:
    name: bytes
    cipher: AESGCM


def seal(text: str, place: str) -> bytes:
    return seal_file(text.encode(), place)


def unseal(sealed: bytes | memoryview, place: str) -> str:
    """Raises WontOpen."""
    return unseal_file(sealed, place).decode()


def seal_file(data: bytes, place: str) -> bytes:
    nonce, first = os.urandom(_NONCE), _keys(settings.SEALING_KEYS)[0]
    return first.name + nonce + first.cipher.encrypt(nonce, data, place.encode())


def unseal_file(sealed: bytes | memoryview, place: str) -> bytes:
    """Raises WontOpen."""
    return opened_by(sealed, place)[1]


def opened_by(sealed: bytes | memoryview, place: str) -> tuple[int, bytes]:
    """(which of SEALING_KEYS opens it, from 0; what is in it). Raises WontOpen."""
    whole, keys = memoryview(sealed), _keys(settings.SEALING_KEYS)
    tries = [(number, whole[_NAME:]) for number, key in enumerate(keys) if whole[:_NAME] == key.name]
    # A nonce may happen to begin as a name does, so a value without a name is still tried after those.
    for number, rest in [*tries, *((number, whole) for number in range(len(keys)))]:
        try:
            return number, keys[number].cipher.decrypt(rest[:_NONCE], rest[_NONCE:], place.encode())
        except (InvalidTag, ValueError):  # the second: too short to be anything sealed
            continue
    raise WontOpen


def names_first_key(sealed: bytes | memoryview) -> bool:
    """Whether it says that it was sealed with the key that seals now. Opens nothing."""
    return bool(memoryview(sealed)[:_NAME] == _keys(settings.SEALING_KEYS)[0].name)


def names_of_keys() -> list[str]:
    """Of SEALING_KEYS, in their order: for an operator, who can't tell from them what the keys are."""
    return [key.name.hex() for key in _keys(settings.SEALING_KEYS)]


@functools.cache
def _keys(keys: tuple[str, ...]) -> tuple[_Key, ...]:
    return tuple(
        _Key(
            hashlib.sha256(b"tussenruimte.sealing.name|" + key.encode()).digest()[:_NAME],
            AESGCM(hashlib.sha256(b"tussenruimte.sealing|" + key.encode()).digest()),
        )
        for key in keys
    )
