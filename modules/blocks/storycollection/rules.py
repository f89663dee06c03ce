"""Stories of others, with their permission (curriculum 3.n): what may be kept, for how long, and what follows when not.

Plain functions over a `Story` {"id", "schuilnaam", "groep", "tekst", "labels", "gebruik", "bereik", "einddatum",
"goedgekeurd", "opgeschreven"} and a `Pattern` {"id", "naam", "verhalen": [ids], "beleid", "verhaal", "samen",
"opnieuw"}.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from modules.blocks.days import HERE

Story = dict[str, Any]
Pattern = dict[str, Any]

# Curriculum 3.n: "no pattern on < 3 stories".
LEAST_FOR_PATTERN = 3
LEAST_STORIES = 2
# Nobody can oversee what they allow for longer.
LONGEST = timedelta(days=730)
# Nobody said yes to it yet: as long as raw notes of a table (curriculum 3.j).
HALF_KEPT = timedelta(days=30)
MOST_STORIES, MOST_PATTERNS = 40, 20
OTHER_GROUP = "anders"
KNOTS = ("beleid", "verhaal", "samen")


def allowed(story: Mapping[str, Any], today: date) -> bool:
    """Through its end date, and not a day longer."""
    return date.fromisoformat(story["einddatum"]) >= today


def end_allowed(written: str, today: date) -> bool:
    """A date that a permission may end on: after today, within two years."""
    return today < date.fromisoformat(written) <= today + LONGEST


def without(stories: Sequence[Story], patterns: Sequence[Pattern], gone: Iterable[str]) -> tuple[
    list[Story], list[Pattern]
]:  # fmt: skip
    """Without the stories that are gone. A pattern one of them was in is to be looked at again; nothing of it stays."""
    lost = set(gone)
    kept = [story for story in stories if story["id"] not in lost]
    looked = [
        {**p, "verhalen": [id_ for id_ in p["verhalen"] if id_ not in lost], "opnieuw": True}
        if lost & set(p["verhalen"])
        else p
        for p in patterns
    ]
    return kept, looked


def overdue(stories: Iterable[Story], today: date) -> list[str]:
    """The ids of the stories whose permission has ended."""
    return [story["id"] for story in stories if not allowed(story, today)]


def expires_on(stories: Iterable[Story], half_at: str = "") -> str:
    """The first day on which one of them, or what is half written, may no longer be here, or ""."""
    ends = [date.fromisoformat(story["einddatum"]) + timedelta(days=1) for story in stories]
    ends += [_half_end(half_at)] if half_at else []
    return min(ends).isoformat() if ends else ""


def half_over(half_at: str, today: date) -> bool:
    """Whether what was half written down is there too long. `half_at`: when it was kept last, or ""."""
    return bool(half_at) and today >= _half_end(half_at)


def _half_end(half_at: str) -> date:
    return datetime.fromisoformat(half_at).astimezone(HERE).date() + HALF_KEPT


def absent(groups: Iterable[str], stories: Iterable[Story]) -> list[str]:
    """The groups nobody told a story from yet."""
    heard = {story["groep"] for story in stories}
    return [group for group in groups if group not in heard]


def seal(thing: Mapping[str, Any]) -> str:
    """Tells whether a story or a pattern is still the one a form was drawn from."""
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode()).hexdigest()[:16]
