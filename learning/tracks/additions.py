"""What rooms above have to say on pages of ours. They register it at the start, so that we needn't know them.

@additions.on_module
def note(person: Person, module: str) -> str: …      # a sentence for the learner, or ""

@additions.on_way
def asked(way: Way) -> list[Asked]: …                # what else a certificate asks for, beside what must be done

@additions.judges_practice
def verdict(person_id: int, module: str) -> bool | None: …  # whether a practice case is voldoende; None: none yet

@additions.on_group
def aside(request: HttpRequest, group: Group) -> str: …  # a piece of page beside a group, for its trainer, or ""

@additions.on_learners
def column(group: Group, people: Sequence[Person]) -> Column | None: …  # beside who learn on a page of a group

@additions.on_certificates
def having(track: str) -> QuerySet[Any]: …           # certificates of a leerlijn that hold, each with its `person`

@additions.attests
def attested(enrolment_id: int) -> bool: …           # whether whose it is has a bewijs of that module that holds
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from design.components import Asked
from learning.people.models import Group, Person

if TYPE_CHECKING:
    from learning.tracks.queries import Way

Note = Callable[[Person, str], str]
Asking = Callable[["Way"], list[Asked]]
Aside = Callable[[HttpRequest, Group], str]

_notes: dict[str, Note] = {}
_askings: dict[str, Asking] = {}
Judge = Callable[[int, str], bool | None]

_judges: dict[str, Judge] = {}
_asides: dict[str, Aside] = {}


@dataclass(frozen=True)
class Column:
    """In the table of who learn in a group. `notes`: text, or HTML that is safe, by the number of a person."""

    title: str
    notes: Mapping[int, str]


Columning = Callable[[Group, Sequence[Person]], Column | None]

_columns: dict[str, Columning] = {}


def on_module(note: Note) -> Note:
    return _notes.setdefault(f"{note.__module__}.{note.__qualname__}", note)


def on_way(asking: Asking) -> Asking:
    return _askings.setdefault(f"{asking.__module__}.{asking.__qualname__}", asking)


def judges_practice(judge: Judge) -> Judge:
    """The room that has practice cases; it also sends `events.practice_judged`."""
    return _judges.setdefault(f"{judge.__module__}.{judge.__qualname__}", judge)


def practice_of(person_id: int, module: str) -> bool | None:
    """Whether somebody's practice case of a module is voldoende (curriculum 2.0); None while none was judged. One query
    where there is a room that has them."""
    verdicts = [judge(person_id, module) for judge in _judges.values()]
    return True if True in verdicts else next((verdict for verdict in verdicts if verdict is not None), None)


def on_group(aside: Aside) -> Aside:
    return _asides.setdefault(f"{aside.__module__}.{aside.__qualname__}", aside)


def notes_on_module(person: Person, module: str) -> list[str]:
    """One query for each room that has something to say."""
    return [text for note in _notes.values() if (text := note(person, module))]


def asked_on_way(way: Way) -> list[Asked]:
    """No query, but for what a room must ask elsewhere."""
    return [asked for asking in _askings.values() for asked in asking(way)]


def asides_of_group(request: HttpRequest, group: Group) -> list[str]:
    """As above. Each is HTML that is safe."""
    return [piece for aside in _asides.values() if (piece := aside(request, group))]


def on_learners(column: Columning) -> Columning:
    return _columns.setdefault(f"{column.__module__}.{column.__qualname__}", column)


def columns_of_learners(group: Group, people: Sequence[Person]) -> list[Column]:
    """As many queries as the rooms ask, whatever the number of people."""
    return [column for make in _columns.values() if (column := make(group, people))]


Having = Callable[[str], QuerySet[Any]]

_havings: dict[str, Having] = {}
_AT_ONCE = 1_000


def on_certificates(having: Having) -> Having:
    """The room that has the register of certificates."""
    return _havings.setdefault(f"{having.__module__}.{having.__qualname__}", having)


def certified(track: str, person_ids: Sequence[int]) -> frozenset[int]:
    """Of these people who have the certificate of a leerlijn, by its slug. One query for each thousand people where
    there is a register: SQLite takes some tens of thousands of numbers at once, and no more."""
    return frozenset(
        person
        for those in batched(person_ids, _AT_ONCE)
        for having in _havings.values()
        for person in having(track).filter(person__in=those).values_list("person", flat=True)
    )


def is_certified(track: str) -> Q:
    """The same as a condition on a query of people. No query by itself."""
    found = Q(pk__in=())
    for having in _havings.values():
        found |= Q(Exists(having(track).filter(person=OuterRef("pk"))))
    return found


Attested = Callable[[int], bool]

_attested: dict[str, Attested] = {}


def attests(attested: Attested) -> Attested:
    """The room that has the register of certificates."""
    return _attested.setdefault(f"{attested.__module__}.{attested.__qualname__}", attested)


def was_done_before(enrolment_id: int) -> bool:
    """Whether whose enrolment it is did this module before, in work that was wiped since. One query where there is a
    register."""
    return any(attested(enrolment_id) for attested in _attested.values())
