"""Where things are: asked for many times a page, and the same as long as the process lives."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse

# Modules, units and activities there are; each has a short string.
_KEPT = 4_096


@lru_cache(_KEPT)
def module_address(module: str) -> str:
    return reverse("tracks:module", args=[module])


@lru_cache(_KEPT)
def unit_address(module: str, unit: str) -> str:
    return reverse("tracks:unit", args=[module, unit])


@lru_cache(_KEPT)
def page_address(module: str, unit: str, activity: str) -> str:
    """Of an activity with a page of its own."""
    return reverse("tracks:activity", args=[module, unit, activity])
