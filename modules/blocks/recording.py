"""Saying something instead of writing it: what the recorder of `templates/opname.html` sends, as a block sees it.

A block that may record asks for the service with `wants("recordings")` and draws the recorder only where it is there
(not in the workbench or Open edX). The sound itself never passes through a block or its state.
"""

from __future__ import annotations

import functools
from typing import Protocol, TypedDict

from markupsafe import Markup

from modules.blocks.base import ActivityBlock, AnswerRefused, alone, said

FIELD = "opname"
# A recorder stops by a clock of its own; what it made may be a little longer than that.
LENIENCE = 2


class NotSound(Protocol):
    """What `taken` raises: `reason` is "groot", "soort" or "leeg"."""

    reason: str


class Take(Protocol):
    """Sound that came with a form, measured. `size` in bytes as it was sent; `mark` tells it from any other."""

    @property
    def seconds(self) -> float: ...
    @property
    def size(self) -> int: ...
    @property
    def mark(self) -> str: ...


class Kept(TypedDict):
    """What an activity remembers of a recording, in a private field."""

    id: int
    seconds: int
    mark: str


class RecordingsService(Protocol):
    """The XBlock service `recordings`: already bound to one learner and one activity, as `journal` is.

    Recordings are encrypted at rest and have no read path but that of their owner.
    """

    def taken(self) -> Take | None:
        """What was recorded for this form, or None. Raises something like NotSound when it can't be kept."""

    def keep(self, take: Take, token: str) -> Kept:
        """Keep it. A second call with the same token gives what was kept."""

    def erase(self, number: int) -> None:
        """Gone at once."""

    def url(self, number: int) -> str:
        """Where its owner hears it."""


def service(block: ActivityBlock) -> RecordingsService | None:
    found: RecordingsService | None = block.runtime.service(block, "recordings")
    return found


def taken(block: ActivityBlock, *, seconds: int, size: int) -> Take | None:
    """What came with this form. Raises AnswerRefused when it isn't sound, or is longer or larger than it may be."""
    studio = service(block)
    if studio is None:
        return None
    try:
        take = studio.taken()
    except Exception as refused:
        raise AnswerRefused({FIELD: sentence(block.language, getattr(refused, "reason", ""))}) from refused
    if take and (wrong := too_much(take, seconds=seconds, size=size)):
        raise AnswerRefused({FIELD: sentence(block.language, wrong, seconds)})
    return take


def too_much(take: Take, *, seconds: int, size: int) -> str:
    """ "groot", "lang", or "" when it is neither."""
    if take.size > size:
        return "groot"
    return "lang" if take.seconds > seconds + LENIENCE else ""


def sentence(language: str, reason: str, seconds: int = 0) -> str:
    """Why what was sent isn't kept, for who sent it."""
    _ = functools.partial(said, language)
    if reason == "lang":
        return _("Deze opname duurt langer dan %(tijd)s. Neem een korter stuk op.", tijd=clock(seconds))
    if reason == "groot":
        return _("Dit bestand is te groot. Kies een korter stuk.")
    if reason == "leeg":
        return _("In dit bestand zit geen geluid. Neem het opnieuw op.")
    return _("Dit bestand kunnen we niet afspelen. Kies een geluidsbestand: webm, ogg, mp3, m4a of wav.")


def drawn(language: str, anchor: str, *, seconds: int, size: int, wrong: str = "", legend: str = "") -> Markup:
    """The recorder for a page outside any activity. With a `legend` it stands for itself, beside no text, and what it
    records goes to us at once: its words then don't say that it still must be kept."""
    return alone("opname_los.html", language, anchor, recorder=bounds(seconds, size), wrong=wrong, legend=legend)


def clock(seconds: int) -> str:
    """83 → "1:23"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def bounds(seconds: int, size: int) -> dict[str, int]:
    """What the template of the recorder needs."""
    return {"longest": seconds, "largest": size}
