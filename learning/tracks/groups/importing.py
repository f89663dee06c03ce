"""From a file to people in a group made by hand: what each row asks, and what comes of it.

Only colleagues who are known here by exactly that e-mail address can be put in a group. Nobody is made from a file: an
LMS says later who somebody is by a number of its own, never by an address, for whoever may write an address in an LMS
could take over an account then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

from django.core import signing
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learning.people import groups
from learning.people.models import Group, GroupMember, Person, Role
from learning.people.queries import holds
from learning.tracks.groups import sheets, telling
from learning.tracks.groups.sheets import Cell, Row, Unreadable

SHOWN_FOR = 60 * 60  # seconds between what was shown and its confirmation
_AT_ONCE = 1_000
NO_ADDRESSES = "no-addresses"

_HEADS = {
    "name": {"naam", "name", "deelnemer", "volledigenaam", "fullname", "voorenachternaam", "weergavenaam"},
    "email": {"email", "emailadres", "mail", "mailadres", "emailaddress", "eadres"},
    "role": {"rol", "role", "functie", "inderol"},
}
_ROLES = {
    False: {"", "deelnemer", "deelneemster", "cursist", "student", "leerling", "learner", "participant", "member"},
    True: {"trainer", "docent", "begeleider", "leraar", "teacher", "instructor", "coach"},
}

PROBLEMS: dict[str, str | Promise] = {
    "formula": _("In deze regel staat een formule. Zet er neer wat eruit komt."),
    "no-address": _("Hier staat geen mailadres."),
    "not-an-address": _("Dit is geen mailadres."),
    "unknown-role": _("Deze rol kennen we niet. Schrijf “deelnemer” of “trainer”."),
    "twice": _("Dit adres staat al hoger in je lijst."),
    "nobody": _("Dit adres kennen we niet. Laat je collega eerst één keer een module openen in jullie leeromgeving."),
    "several": _("Bij dit adres horen meer mensen. Voeg deze collega toe vanuit een andere groep."),
    "no-trainer": _("Deze collega heeft hier niet de rol van trainer. Vraag beheer daarom."),
    "learns": _("Deze collega leert in deze groep. Haal die er eerst uit."),
    "trains": _("Deze collega traint deze groep al."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the file. `wrong`: what can be seen without knowing anybody, one of PROBLEMS, or ""."""

    number: int
    name: str
    email: str
    trainer: bool
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`person` comes in, unless `there` or with a `problem` (one of PROBLEMS)."""

    asked: Asked
    person: Person | None
    there: bool = False
    problem: str = ""

    @property
    def words(self) -> str | Promise:
        return PROBLEMS.get(self.problem, "")


@dataclass(frozen=True)
class Plan:
    outcomes: tuple[Outcome, ...]

    @property
    def wrong(self) -> list[Outcome]:
        return [each for each in self.outcomes if each.problem]

    @property
    def coming(self) -> list[Outcome]:
        return [each for each in self.outcomes if not each.problem and not each.there]

    @property
    def there(self) -> list[Outcome]:
        return [each for each in self.outcomes if each.there]


def asked_in(data: bytes) -> list[Asked]:
    """Raises Unreadable, also where no column holds addresses."""
    heads, *rows = sheets.rows_of(data)
    places = _places(heads.cells)
    if "email" not in places:
        raise Unreadable(NO_ADDRESSES)
    if not rows:
        raise Unreadable(sheets.EMPTY)
    seen: set[str] = set()
    return [_asked(row, places, seen) for row in rows]


def _places(heads: Sequence[Cell]) -> dict[str, int]:
    """Which column is what; of two that are called the same the first."""
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        word = _letters(head.text)
        for column, words in _HEADS.items():
            if word in words:
                found.setdefault(column, place)
    return found


def _letters(text: str) -> str:
    """So that "E-mail adres" and "emailadres" are one."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _asked(row: Row, places: dict[str, int], seen: set[str]) -> Asked:
    cells = {column: row.cells[place] if place < len(row.cells) else Cell("") for column, place in places.items()}
    email = cells["email"].text.removeprefix("mailto:").lower()
    role = _letters(cells["role"].text) if "role" in cells else ""
    wrong = ""
    if any(cell.formula for cell in cells.values()):
        wrong = "formula"
    elif not email:
        wrong = "no-address"
    elif email.count("@") != 1 or " " in email:
        wrong = "not-an-address"
    elif role not in _ROLES[False] | _ROLES[True]:
        wrong = "unknown-role"
    elif email in seen:
        wrong = "twice"
    seen.add(email)
    name = cells["name"].text if "name" in cells else ""
    return Asked(row.number, name, email, role in _ROLES[True], wrong)


def plan(group: Group, asked: Iterable[Asked]) -> Plan:
    """What would come of it now. Two queries, and two for each thousand rows."""
    asked = list(asked)
    addresses = sorted({each.email for each in asked if not each.wrong})
    people, trainers = _colleagues(group, addresses)
    members = dict(GroupMember.objects.filter(group=group).values_list("person", "is_trainer"))
    return Plan(tuple(_outcome(each, people.get(each.email, []), trainers, members) for each in asked))


def _colleagues(group: Group, addresses: Sequence[str]) -> tuple[dict[str, list[Person]], set[int]]:
    """Who can be reached at each address, and who of them hold the role of trainer."""
    people: dict[str, list[Person]] = defaultdict(list)
    trainers: set[int] = set()
    here = Person.objects.filter(organisation=group.organisation_id, is_active=True).annotate(
        address=Lower("email"), may_train=holds([Role.TRAINER])
    )
    for some in batched(addresses, _AT_ONCE):
        for person in here.filter(address__in=some).order_by("pk"):
            people[person.address].append(person)
            if person.may_train:
                trainers.add(person.pk)
    return people, trainers


def _outcome(asked: Asked, people: Sequence[Person], trainers: set[int], members: dict[int, bool]) -> Outcome:
    problem = asked.wrong or ("nobody" if not people else "several" if len(people) > 1 else "")
    if problem:
        return Outcome(asked, None, problem=problem)
    (person,) = people
    if person.pk in members:
        if members[person.pk] == asked.trainer:
            return Outcome(asked, person, there=True)
        return Outcome(asked, person, problem="trains" if members[person.pk] else "learns")
    if asked.trainer and person.pk not in trainers:
        return Outcome(asked, person, problem="no-trainer")
    return Outcome(asked, person)


class Changed(Exception):
    """What would come of it is something else by now than what was shown."""


def sealed(plan: Plan, group: Group, trainer: Person) -> str:
    """What was shown, for the form that confirms it: only this trainer can send it back, for this group."""
    rows = [
        [each.asked.number, each.asked.name, each.asked.email, each.asked.trainer, each.asked.wrong]
        for each in plan.outcomes
    ]
    coming = [each.person.pk for each in plan.coming if each.person]
    return signing.dumps([rows, coming], salt=_salt(group, trainer), compress=True)


def opened(token: str, group: Group, trainer: Person) -> tuple[list[Asked], list[int]] | None:
    """The rows that were shown and the people who would come in; None for what isn't ours or is too old."""
    try:
        rows, coming = signing.loads(token, salt=_salt(group, trainer), max_age=SHOWN_FOR)
    except signing.BadSignature:
        return None
    return [Asked(*row) for row in rows], coming


def _salt(group: Group, trainer: Person) -> str:
    return f"learning.tracks.groups.importing|{group.pk}|{trainer.pk}"


@transaction.atomic
def bring_in(trainer: Person, group: Group, asked: Sequence[Asked], *, coming: Sequence[int]) -> int:
    """All who were shown as coming in, or nobody. How many.

    Raises Changed where that would be others by now, and what `people.groups` raises.
    """
    now = plan(group, asked)
    people = [each.person for each in now.coming if each.person]
    if Counter(person.pk for person in people) != Counter(coming):
        raise Changed
    trainers = {each.person.pk for each in now.coming if each.person and each.asked.trainer}
    new = groups.add_people(group, people, trainers=trainers)
    telling.tell_learners(group, [person for person in new if person.pk not in trainers])
    telling.tell_trainers(group, [person for person in new if person.pk in trainers])
    return len(new)
