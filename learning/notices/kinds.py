"""The kinds of notice there are. The room that sends one registers it, in what it imports at the start (`receivers`):

    @kind("praktijk.teruggegeven", label=gettext_lazy("Je begeleider gaf je werk terug"))
    def given_back(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
        works = queries.works_of(person, [each["work"] for each in facts])  # one query, however many notices
        return [work and Line(_("…") % {…}, reverse(…), mailed=_("…")) for work in …]

The function gets all the facts of that kind on a page, or in a mail, at once, so that its queries don't grow with them;
it gives as many lines, in that order, in the language that is on, for that person; None where what it was about is gone
or isn't theirs to see any more. Titles and first names, never what anybody wrote. E-mail is read by more than its
reader, so there nobody is named: it says `mailed`, or the label where that is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from learning.people.models import Person

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """`text`: one sentence. `href`: what it is about, an address of ours that begins with "/". `mailed`: the sentence
    for e-mail, with titles and without anybody's name."""

    text: str
    href: str
    mailed: str = ""


Tell = Callable[[Person, Sequence[Facts]], Sequence[Line | None]]


@dataclass(frozen=True)
class Kind:
    """`label`: as somebody chooses it on their page of settings. `role`: who alone are told it, "" for everybody."""

    name: str
    label: str | Promise
    tell: Tell
    role: str = ""


_kinds: dict[str, Kind] = {}


def kind(name: str, *, label: str | Promise, role: str = "") -> Callable[[Tell], Tell]:
    """Registers the decorated function for notices of this kind."""

    def register(tell: Tell) -> Tell:
        there = _kinds.get(name)
        if there and (there.tell.__module__, there.tell.__qualname__) != (tell.__module__, tell.__qualname__):
            raise ValueError(f"two functions for notices of kind {name}")
        _kinds[name] = Kind(name, label, tell, role)
        return tell

    return register


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def kinds_for(roles: Collection[str]) -> list[Kind]:
    """What somebody with these roles may be told, in the order in which it was registered."""
    return [kind for kind in _kinds.values() if not kind.role or kind.role in roles]
