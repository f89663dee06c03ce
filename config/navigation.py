"""The main menu: what this person can open, and nothing that isn't there. It asks nothing: see `people.carried`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learning.notices.queries import MOST_COUNTED, unseen
from learning.people import carried
from learning.people.models import Person, Role


@dataclass(frozen=True)
class Entry:
    """`role`: for whom it is, "" for everybody. `having`: for who carries that (`people.carried`), "" for everybody.
    `counts`: with how many notices are new."""

    label: str | Promise
    name: str
    role: str = ""
    having: str = ""
    counts: bool = False


@dataclass(frozen=True)
class Item:
    """`current`: "page" for the page itself, "true" for one below it, "" elsewhere. `count`: "" for nothing new."""

    label: str
    href: str
    current: str
    count: str = ""


# What isn't in `config.urls` yet has no entry.
ENTRIES = (
    Entry(_("Leren"), "tracks:home"),
    Entry(_("Praktijk"), "practice:mine", having="works"),
    Entry(_("Begeleiden"), "desk:queue", role=Role.TRAINER),
    Entry(_("Groepen"), "groups:mine", role=Role.TRAINER),
    Entry(_("Leeradvies"), "hr:tracks", role=Role.HR),
    Entry(_("Wie keek"), "hr:log", role=Role.OR),
    Entry(_("Groei"), "growth:growth"),
    Entry(_("Journaal"), "journal:entries"),
    Entry(_("Berichten"), "notices:mine", counts=True),
)


# At the foot of every page of who is signed in.
BELOW = (Entry(_("Je gegevens"), "owndata:mine"),)


def navigation(request: HttpRequest) -> dict[str, tuple[Item, ...]]:
    user = getattr(request, "user", None)
    if getattr(request, "is_platform", False) or user is None or not user.is_authenticated:
        return {"navigation": ()}
    new = unseen(user)
    return {
        "navigation": tuple(
            Item(label, href, _current(request.path, href), _few(new) if counts else "")
            for label, href, counts in _entries(get_language(), carried.roles(user), _carried(user))
        ),
        "footer_navigation": _below(get_language()),
    }


@cache
def _below(language: str | None) -> tuple[Item, ...]:
    return tuple(Item(str(entry.label), reverse(entry.name), "") for entry in BELOW)


@cache
def _entries(language: str | None, roles: frozenset[str], having: frozenset[str]) -> tuple[tuple[str, str, bool], ...]:
    """(label, address, whether it counts) in the language that is on now, for who has these roles and carries that."""
    return tuple(
        (str(entry.label), reverse(entry.name), entry.counts)
        for entry in ENTRIES
        if (not entry.role or entry.role in roles) and (not entry.having or entry.having in having)
    )


def _carried(user: Person) -> frozenset[str]:
    return frozenset(entry.having for entry in ENTRIES if entry.having and carried.of(user, entry.having))


def _few(number: int) -> str:
    if not number:
        return ""
    return f"{number - 1}+" if number == MOST_COUNTED else str(number)


def _current(path: str, href: str) -> str:
    if path == href:
        return "page"
    return "true" if path.startswith(href) else ""
