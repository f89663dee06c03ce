"""How long what there is of people is kept, in kinds with a term of this installation, and that it goes then
(curriculum 4.5).

Each room says in a module `terms` of every model that holds something of people under which kind it falls; and of a
kind whose term runs there, which rows are past it and how they go:

    falls_under(LEARNING, Enrolment, ActivityProgress)

    @wipes(LEARNING, due=_untouched)
    def _forget(rows: QuerySet[Enrolment]) -> Counts:
        return rows.delete()[1]

A test holds this against the tables, as it does for `personal`. `wipe_all` is done daily: a few rows at a time, each
time in one transaction with the line that says so (`Destruction`), so that it may be broken off anywhere and begun
again.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jobs.leases import going_on
from learning.people.models import Destruction, Organisation

type Words = str | Promise
type Counts = Mapping[str, int]
"""{table ("learning.Enrolment"): rows that went}"""
type Due = Callable[[int, datetime], QuerySet[Any]]
"""(number of an organisation, cut-off) to its rows that are past the term"""
type Wipe = Callable[[QuerySet[Any]], Counts]
type Warn = Callable[[int, datetime], None]

AT_ONCE = 100  # so that whoever is answering at that moment hardly waits for the database
AHEAD = timedelta(days=30)
"""Whose work goes is told so this long before."""


class Unit(StrEnum):
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Kind:
    """What is kept equally long. `setting`: where the length stands, in `unit`; "" where it is none of this
    installation's choosing. `said`: how long in words, to the person it is about, with %(term)s in it."""

    name: str
    title: Words
    said: Words
    setting: str = ""
    unit: Unit = Unit.DAYS

    @property
    def number(self) -> int:
        """0: switched off, or no term of its own."""
        return int(getattr(settings, self.setting)) if self.setting else 0

    @property
    def runs(self) -> bool:
        return not self.setting or self.number > 0

    @property
    def term(self) -> str:
        """ "24 maanden"; "" without one."""
        if not self.number:
            return ""
        match self.unit:
            case Unit.YEARS:
                return ngettext("%(n)s jaar", "%(n)s jaar", self.number) % {"n": self.number}
            case Unit.MONTHS:
                return ngettext("%(n)s maand", "%(n)s maanden", self.number) % {"n": self.number}
        return ngettext("%(n)s dag", "%(n)s dagen", self.number) % {"n": self.number}

    @property
    def words(self) -> str:
        return str(self.said) % {"term": self.term}

    def before(self, now: datetime) -> datetime:
        """What is from this moment or earlier is past its term. Months and years end on the same day, or the last of
        that month."""
        match self.unit:
            case Unit.YEARS:
                return _months_back(now, 12 * self.number)
            case Unit.MONTHS:
                return _months_back(now, self.number)
        return now - timedelta(days=self.number)


def _months_back(moment: datetime, months: int) -> datetime:
    here = timezone.localtime(moment)
    year, month = divmod(here.year * 12 + here.month - 1 - months, 12)
    day = min(here.day, calendar.monthrange(year, month + 1)[1])
    return here.replace(year=year, month=month + 1, day=day)


LEARNING = Kind(
    "leren", _("Wat iemand deed in modules"), _("%(term)s nadat je er voor het laatst iets mee deed"),
    "RETENTION_ANALYTICS_MONTHS", Unit.MONTHS,
)  # fmt: skip
PRACTICE = Kind(
    "praktijk", _("Praktijkcases"), _("%(term)s na het oordeel of de laatste verandering"),
    "RETENTION_PRACTICE_MONTHS", Unit.MONTHS,
)  # fmt: skip
SOUND = Kind(
    "geluid", _("Geluid bij praktijkcases"), _("%(term)s na het oordeel; zonder oordeel een jaar"),
    "RETENTION_SOUND_DAYS",
)  # fmt: skip
CERTIFICATES = Kind(
    "certificaten", _("Bewijzen en certificaten"),
    _("%(term)s na de uitgifte; als je hier weg bent, blijven alleen het nummer en de datum"),
    "RETENTION_CERTIFICATES_YEARS", Unit.YEARS,
)  # fmt: skip
LOOKS = Kind(
    "blikken", _("Wie naar cijfers keek"), _("%(term)s nadat er gekeken werd"), "RETENTION_LOOKS_MONTHS", Unit.MONTHS
)
NOTICES = Kind("berichten", _("Berichten"), _("%(term)s nadat het bericht kwam"), "RETENTION_NOTICES_DAYS")
CARDS = Kind(
    "deelkaarten", _("Deelkaarten"), _("tot de einddatum of tot iemand hem intrekt, en dan nog %(term)s"),
    "RETENTION_CARDS_DAYS",
)  # fmt: skip
GONE = Kind(
    "vertrokken", _("Wie iemand is, het journaal en wat iemand kan"),
    _("zolang je hier bent, en dan nog %(term)s"), "RETENTION_GONE_DAYS",
)  # fmt: skip
SILENT = Kind(
    "stil", _("Alles van wie niets meer laat horen"), _("%(term)s nadat je hier voor het laatst was"),
    "RETENTION_SILENT_MONTHS", Unit.MONTHS,
)  # fmt: skip
OWN_DAY = Kind("eigen_dag", _("Wat op een afgesproken dag gaat"), _("tot de dag die erbij staat"))
SHORT = Kind("kort", _("Wat maar even bestaat"), _("hooguit een paar dagen"))
HOUSE = Kind(
    "huis", _("Wat van de organisatie is"), _("zolang de organisatie hier is; jouw naam gaat eraf als je gaat")
)

KINDS = (LEARNING, PRACTICE, SOUND, CERTIFICATES, LOOKS, NOTICES, CARDS, GONE, SILENT, OWN_DAY, SHORT, HOUSE)
BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Rule:
    """How rows of a kind go when their term is over. `first` comes before each time, outside any transaction, for what
    lies outside the database; like all of it it may be done twice."""

    kind: Kind
    due: Due
    wipe: Wipe
    first: Callable[[QuerySet[Any]], None] | None = None
    at_once: int = AT_ONCE


_falls: dict[type[models.Model], tuple[Kind, Words]] = {}
_rules: dict[str, Rule] = {}
_warnings: dict[str, tuple[Kind, Warn]] = {}


def falls_under(kind: Kind, *tables: type[models.Model], said: Words = "") -> None:
    """`said`: how long, where that is otherwise than the kind says; %(term)s in it is the kind's."""
    for table in tables:
        if table in _falls:
            raise ValueError(f"{table._meta.label} falls under {_falls[table][0].name} already")
        _falls[table] = (kind, said)


def wipes(
    kind: Kind, *, due: Due, first: Callable[[QuerySet[Any]], None] | None = None, at_once: int = AT_ONCE
) -> Callable[[Wipe], Wipe]:
    """Registers the decorated function: it wipes the rows it gets, inside a transaction, and returns what went. `due`
    is asked anew in that transaction, so who came back a moment ago keeps what is theirs."""

    def register(wipe: Wipe) -> Wipe:
        _rules[f"{due.__module__}.{due.__qualname__}"] = Rule(kind, due, wipe, first, at_once)
        return wipe

    return register


def warns(kind: Kind) -> Callable[[Warn], Warn]:
    """Registers the decorated function: it gets the number of an organisation and the moment of now, each day before
    anything is wiped. Told twice is told once: that is its own care."""

    def register(warn: Warn) -> Warn:
        _warnings[f"{warn.__module__}.{warn.__qualname__}"] = (kind, warn)
        return warn

    return register


def kind_of(model: type[models.Model]) -> Kind:
    """Raises LookupError for a table that nobody declared."""
    return _falls[model][0]


def term_of(model: type[models.Model]) -> str:
    """How long rows of it are kept, in words to whom they are about, in the language that is on: "24 maanden nadat je
    er voor het laatst iets mee deed". Raises LookupError for a table that nobody declared."""
    kind, said = _falls[model]
    return str(said) % {"term": kind.term} if said else kind.words


def declared() -> Mapping[type[models.Model], Kind]:
    return {model: kind for model, (kind, _said) in _falls.items()}


def rules() -> Sequence[Rule]:
    return tuple(_rules.values())


def wiped_kinds() -> Sequence[Kind]:
    """Whose term runs here now, in the order of KINDS."""
    with_code = {rule.kind for rule in rules()}
    return [kind for kind in KINDS if kind in with_code and kind.runs]


# --- what would go, and that it goes


def waiting(organisation_id: int, now: datetime) -> dict[Kind, Counts]:
    """{kind: {table: rows whose term is over}}; what goes along with such a row isn't counted. A query a rule."""
    found: dict[Kind, Counter[str]] = {kind: Counter() for kind in wiped_kinds()}
    for rule in rules():
        if rule.kind.runs:
            rows = rule.due(organisation_id, rule.kind.before(now))
            found[rule.kind][rows.model._meta.label] += rows.count()
    return {kind: +counts for kind, counts in found.items()}


def wipe_all(now: datetime | None = None) -> None:
    """Of every organisation all whose term is over; whom it concerns soon is told. `now` is the moment that the run is
    known by. Raises what went wrong, after all else was done."""
    now, wrong = now or timezone.now(), None
    for organisation_id in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        for step in _steps(organisation_id, now):
            try:
                step()
            except Exception as error:
                wrong = wrong or error
    if wrong:
        raise wrong


def _steps(organisation_id: int, now: datetime) -> Iterator[Callable[[], None]]:
    for kind, warn in _warnings.values():
        if kind.runs:
            yield lambda warn=warn: warn(organisation_id, now)  # type: ignore[misc]  # mypy can't infer a default
    for rule in rules():
        if rule.kind.runs:
            yield lambda rule=rule: wipe(rule, organisation_id, now)  # type: ignore[misc]


def wipe(rule: Rule, organisation_id: int, now: datetime) -> None:
    """One kind of rows of an organisation, some at a time. What can't go holds nothing else up, and is raised after."""
    due, last, wrong = rule.due(organisation_id, rule.kind.before(now)), 0, None
    while numbers := list(due.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[: rule.at_once]):
        going_on()
        try:
            _wipe_some(rule, due.filter(pk__in=numbers), organisation_id, now)
        except Exception as error:
            wrong = wrong or error
        last = numbers[-1]
    if wrong:
        raise wrong


def _wipe_some(rule: Rule, rows: QuerySet[Any], organisation_id: int, now: datetime) -> None:
    if rule.first:
        rule.first(rows)
    with transaction.atomic():
        counts = Counter(rule.wipe(rows))
        if +counts:
            _write_down(rule.kind, organisation_id, now, +counts)


def _write_down(kind: Kind, organisation_id: int, now: datetime, counts: Counter[str]) -> None:
    """A line an organisation, kind and run: the next rows of the same run are added to it."""
    before = kind.before(now)
    line, _new = Destruction.objects.select_for_update().get_or_create(
        organisation_id=organisation_id, kind=kind.name, made_at=now,
        defaults={"days": (now - before).days, "before": before, "counts": {}},
    )  # fmt: skip
    line.counts = dict(sorted((Counter(line.counts) + counts).items()))
    line.save(update_fields=["counts"])


def deleted(rows: QuerySet[Any]) -> Counts:
    """For a rule that only deletes rows, with all that hangs on them."""
    counts: Counts = rows.delete()[1]
    return counts
