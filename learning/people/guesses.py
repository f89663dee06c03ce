"""A brake on guessing what opens a public page: so many misses from an address, and it waits. Who has the real thing
never notices."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from learning.people.visitors import address_of

MISSES, WINDOW = 20, 300


def too_many(request: HttpRequest, what: str) -> bool:
    """`what` is guessed: each has a count of its own."""
    return int(cache.get(_key(request, what), 0)) >= MISSES


def missed(request: HttpRequest, what: str) -> None:
    key = _key(request, what)
    cache.add(key, 0, WINDOW)
    try:
        cache.incr(key)
    except ValueError:
        # It ran out in between: the window begins anew.
        cache.set(key, 1, WINDOW)


def _key(request: HttpRequest, what: str) -> str:
    """The address itself isn't kept."""
    return f"guesses.{what}." + salted_hmac(f"people.guesses.{what}", address_of(request) or "").hexdigest()
