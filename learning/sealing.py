"""Encryption of what is private (curriculum 3.0, classes C and D). The keys live outside the database.

AES-256-GCM; the place of a value (its table, person and name) is bound in as associated data, so that a row copied
to another place doesn't open. The first of SEALING_KEYS seals; the others still open what they sealed.
"""

from __future__ import annotations

import functools
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class WontOpen(Exception):
    """Sealed for another place, changed, or with a key that is gone."""


def seal(text: str, place: str) -> bytes:
    return seal_file(text.encode(), place)


def unseal(sealed: bytes | memoryview, place: str) -> str:
    """Raises WontOpen."""
    return unseal_file(sealed, place).decode()


def seal_file(data: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _ciphers(settings.SEALING_KEYS)[0].encrypt(nonce, data, place.encode())


def unseal_file(sealed: bytes | memoryview, place: str) -> bytes:
    """Raises WontOpen."""
    sealed = bytes(sealed)
    for cipher in _ciphers(settings.SEALING_KEYS):
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except (InvalidTag, ValueError):  # the second: too short to be anything sealed
            continue
    raise WontOpen


@functools.cache
def _ciphers(keys: tuple[str, ...]) -> tuple[AESGCM, ...]:
    return tuple(AESGCM(hashlib.sha256(b"tussenruimte.sealing|" + key.encode()).digest()) for key in keys)
