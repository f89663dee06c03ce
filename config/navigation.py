"""The main menu: what this person can open, and nothing that isn't there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Item:
    """`current`: "page" for the page itself, "true" for one below it, "" elsewhere."""

    label: str
    href: str
    current: str


def navigation(request: HttpRequest) -> dict[str, tuple[Item, ...]]:
    user = getattr(request, "user", None)
    if getattr(request, "is_platform", False) or user is None or not user.is_authenticated:
        return {"navigation": ()}
    entries = _entries(get_language())
    return {"navigation": tuple(Item(label, href, _current(request.path, href)) for label, href in entries)}


@cache
def _entries(language: str | None) -> tuple[tuple[str, str], ...]:
    """(label, address) in the language that is on now."""
    return ((_("Leren"), reverse("tracks:home")), (_("Journaal"), reverse("journal:entries")))


def _current(path: str, href: str) -> str:
    if path == href:
        return "page"
    return "true" if path.startswith(href) else ""
