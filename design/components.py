"""The shapes that components are filled with. A template gets a list of these and draws it; it computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Gedaan: behind you. Hier: where you are, the one yellow thing. Straks: ahead.
State = Literal["gedaan", "hier", "straks"]


@dataclass(frozen=True)
class Crumb:
    """A step in the breadcrumb; without `href` it is the page itself. `language`: where it isn't the page's own."""

    label: str
    href: str = ""
    language: str = ""


@dataclass(frozen=True)
class Step:
    """A step in a short row of steps, or a tab when it has an `href`."""

    label: str
    state: State = "straks"
    href: str = ""


@dataclass(frozen=True)
class Loop:
    """A unit on the way through a module: one loop of the two streams.

    Without `number` it is a point on the line (start, end, a later return). `href` empty: not open yet.
    `note`: how long, when. `done`: the words beside the tick, such as "afgerond".
    `loose`: a point that doesn't follow straight after the one before it. `language`: of `title`.
    """

    title: str
    state: State
    number: str = ""
    href: str = ""
    note: str = ""
    done: str = ""
    loose: bool = False
    language: str = ""


@dataclass(frozen=True)
class Asked:
    """Something a certificate asks for, and whether it is there. `note`: what is left. `language`: of `text`."""

    text: str
    done: bool
    href: str = ""
    note: str = ""
    language: str = ""
