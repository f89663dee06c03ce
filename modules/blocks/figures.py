"""What a trainer sees of what a group did: plain data that one template draws (curriculum 3.0, 3.u, 4.5).

A type that says something has a class method `figures(data, attempts, say)`: `data` is what the author wrote,
`attempts` the answers of the group's first complete attempts, oldest first, `say` the gettext of who looks. It gives
tables without names and without own words. The rules about small numbers stand here, so that no type can forget them:
everything is counted in whole fives, and what one person alone chose isn't named (docs/decisions/17).
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from modules.blocks.shares import Shares, ranked

# Nothing is said of fewer people, and nothing changes until as many more are there.
FIVE = 5
# A choice of fewer than this belongs to somebody, not to a group.
ALIKE = 2
# Per cent.
COARSE = 5
# Curriculum 3.a: below or above this an item says little.
HARD, EASY = 0.3, 0.95
# Of the words of a turn in a conversation, for who knows it.
LONGEST = 160

Say = Callable[..., str]


@dataclass(frozen=True)
class Part:
    """What was chosen, and by how much of the group: whole fives of per cents. Of experts per cents as the author
    gave them; None for what the author alone meant."""

    label: str
    share: int | None


@dataclass(frozen=True)
class Row:
    """`n` people, a whole number of fives. `share`: per cent of what could be right, or of the group, by the table's
    `heading`; None where nothing is right or wrong. `look`: this item says little and deserves a look."""

    label: str
    n: int
    share: int | None = None
    chosen: tuple[Part, ...] = ()
    experts: tuple[Part, ...] = ()
    note: str = ""
    look: bool = False

    @property
    def opacity(self) -> str:
        """Of its place in a strip: the more people, the darker."""
        return f"{(self.share or 0) / 100:.2f}"


@dataclass(frozen=True)
class Table:
    """`title` is "" where the activity has but one. `heading`, `asked` and `beside` are the words above `share`,
    `chosen` and `experts`; "" for what isn't there. `our_rows`, `our_parts`: those labels are words of ours, in the
    language of who looks, where others are the author's Dutch. `strip`: drawn as a strip too, a place a row.
    `few`: how many rows aren't there because fewer than five people met them."""

    title: str
    rows: tuple[Row, ...]
    heading: str = ""
    asked: str = ""
    beside: str = ""
    few: int = 0
    our_rows: bool = False
    our_parts: bool = False
    strip: bool = False

    @property
    def has_notes(self) -> bool:
        return any(row.note or row.look for row in self.rows)


class Telling(Protocol):
    """A type with figures for a trainer."""

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]: ...


def for_trainer(block: Any, data: Mapping[str, Any]) -> bool:
    """Whether a trainer may see figures of this activity: of class A only, so never of own work (curriculum 3.0), or of
    what is private while its figures aren't (`together`)."""
    own = data.get("vorm") == "eigen" or data.get("privacyklasse", "A") != "A"
    return hasattr(block, "figures") and (block.together or not (block.sealed_attempts or own))


def in_fives[T](people: Sequence[T]) -> Sequence[T]:
    """The first of them, as many as make whole fives."""
    return people[: len(people) - len(people) % FIVE]


def percent(part: float) -> int:
    """0..1 as per cent, to the nearest COARSE."""
    return COARSE * math.floor(100 * part / COARSE + 0.5)


def parts(chosen: Iterable[str], n: int) -> tuple[Part, ...]:
    """What `n` people chose, most first, without what one of them alone chose."""
    counts = Counter(chosen)
    alike = ((words, count) for words, count in counts.items() if words and count >= ALIKE)
    return tuple(
        Part(words, percent(count / n)) for words, count in sorted(alike, key=lambda each: (-each[1], each[0]))
    )


def by_experts(shares: Shares, names: Mapping[str, str]) -> tuple[Part, ...]:
    return tuple(Part(names.get(code, code), share) for code, share in ranked(shares))


def met(item: str, attempts: Sequence[Any]) -> list[Any]:
    """The answers to `item`, of those who had it."""
    return [attempt[item] for attempt in attempts if isinstance(attempt, Mapping) and item in attempt]


def items(
    labels: Mapping[str, str],
    attempts: Sequence[Any],
    mistakes: Callable[[str, list[Any]], Iterable[str]],
    say: Say,
    note: Callable[[str, Sequence[list[Any]]], str] = lambda _item, _records: "",
) -> Table:
    """Per item how well it went, and the wrong answer that was given most. An attempt is {item: [given, …, points]};
    `mistakes` says in words what is wrong in one of those."""
    _ = say
    rows = list[Row]()
    for item, label in labels.items():
        records = in_fives(met(item, attempts))
        if not records:
            continue
        right = sum(record[-1] for record in records) / len(records)
        wrong = parts((words for record in records for words in mistakes(item, record)), len(records))
        look = right < HARD or right > EASY
        rows.append(Row(label, len(records), percent(right), wrong[:1], (), note(item, records), look))
    asked = _("Vaakst gekozen fout")
    return Table("", tuple(rows), _("Goed beantwoord"), asked, few=len(labels) - len(rows))


def spread(
    labels: Mapping[str, str],
    chosen: Mapping[str, Sequence[str]],
    experts: Mapping[str, tuple[Part, ...]],
    say: Say,
) -> Table:
    """Per item what the group chose, beside what experts said or the author meant: for a talk, not a score."""
    _ = say
    rows = list[Row]()
    for item, label in labels.items():
        people = in_fives(chosen.get(item, ()))
        if people:
            rows.append(Row(label, len(people), None, parts(people, len(people)), experts.get(item, ())))
    beside = _("Experts") if experts else ""
    return Table("", tuple(rows), "", _("De groep"), beside, len(labels) - len(rows))


def short(text: str) -> str:
    return textwrap.shorten(text, LONGEST, placeholder=" …")
