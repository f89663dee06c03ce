"""A brake on guessing codes: so many misses from an address, and it waits. Who has a real code never notices."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from learning.people.visitors import address_of

MISSES, WINDOW = 20, 300


def too_many(request: HttpRequest) -> bool:
    return int(cache.get(_key(request), 0)) >= MISSES


def missed(request: HttpRequest) -> None:
    key = _key(request)
    cache.add(key, 0, WINDOW)
    try:
        cache.incr(key)
    except ValueError:
        # It ran out in between: the window begins anew.
        cache.set(key, 1, WINDOW)


def _key(request: HttpRequest) -> str:
    """The address itself isn't kept."""
    address = address_of(request) or ""
    return "certificates.misses." + salted_hmac("certificates.guesses", address).hexdigest()
