"""What may be shown of the effect of modules (curriculum 6.2), worked out once a day by the rules of
`learning.competences.effect.whom`.

The page of HR reads what is kept here, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from learning.competences import privacy
from learning.competences.effect import asking, measures
from learning.competences.effect.asking import People
from learning.competences.effect.measures import MEASURES, Facts, called, shown_anew
from learning.competences.effect.whom import Seen, is_new
from learning.competences.models import ShownFigure, ShownMeasure, ShownOf
from learning.competences.services.remembering import forget, remember
from learning.competences.services.showing import carry_on, period_of
from learning.competences.services.tables import NOT_STUCK, TOP, UNDER_WAY, places_in, progress_in, stuck_in
from learning.people.models import Organisation
from learning.practice.agreement import FEWEST_ROUNDS, kappa
from learning.tracks.content import Edition
from learning.tracks.models import Module, TrackModule
from learning.tracks.queries import edition, newest_in_tracks


def show(organisation: Organisation, *, on: date | None = None) -> int:
    """Show what may be shown now; how many measures are new. What may not be shown anew stays as it was, also in a new
    half-year. Done again on the same day nothing changes. Comes after `showing.show`: whose team follows a module is
    who was counted there."""
    period, k = period_of(on or timezone.localdate()), privacy.least(settings.FIGURES_K)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one after the other
        carry_on(ShownMeasure.objects.filter(organisation=organisation), period)
        said, new = asking.said(organisation.pk), 0
        for slug, (module, newest) in newest_in_tracks(organisation.pk).items():
            shown = _shown(organisation, period, module, edition(*newest))
            if shown:
                new += _show_module(shown, module, said.pop(slug, {}), k)
        return new + _show_agreement(organisation, period, k)


@dataclass
class _Shown:
    """What stands of a module now, and what is to be written. `seen`: {measure: its people}. `told`: {measure: how many
    people other pages tell it of}."""

    organisation: Organisation
    period: str
    module: str
    seen: dict[str, Seen]
    told: dict[str, int]
    rows: list[ShownMeasure] = field(default_factory=list)

    def put(self, name: str, facts: Facts, *, n: int, of: int, at: datetime) -> None:
        self.rows.append(
            ShownMeasure(
                organisation=self.organisation, period=self.period, name=name, module=self.module, facts=facts, n=n,
                of=of, shown_at=at,
            )
        )  # fmt: skip

    def write(self) -> None:
        ShownMeasure.objects.bulk_create(
            self.rows, update_conflicts=True, unique_fields=["organisation", "period", "name", "module"],
            update_fields=["facts", "n", "of", "shown_at"],
        )  # fmt: skip


def _shown(organisation: Organisation, period: str, module: Module, newest: Edition) -> _Shown | None:
    """None where it isn't known of enough people that they follow it."""
    follow = ShownFigure.objects.filter(
        organisation=organisation, period=period, kind=stuck_in(module.pk), row=TOP
    ).first()
    if follow is None:
        return None
    seen = _seen(organisation, period, module)
    shown = _Shown(organisation, period, module.slug, seen, _told(organisation, period, module, follow))
    shown.put(measures.FOLLOWS, _followed(module, newest, follow), n=follow.n, of=follow.n, at=follow.shown_at)
    return shown


def _show_module(shown: _Shown, module: Module, said: Mapping[str, People], k: int) -> int:
    new, all_said = 0, {**asking.of(shown.organisation, module), **said}
    for measure, people, of in shown_anew(shown.seen, all_said, told=shown.told, k=k):
        facts = measure.facts(list(people.values()), k)
        shown.put(measure.name, facts, n=len(people), of=of, at=timezone.now())
        _remember(called(measure.name, module.pk), shown.seen.get(measure.name), people)
        new += 1
    shown.write()
    return new


def _told(organisation: Organisation, period: str, module: Module, follow: ShownFigure) -> dict[str, int]:
    """How many began, and how many finished, anything of the leerlijnen with this module, where it stands there. Two
    queries."""
    tracks = TrackModule.objects.filter(track__organisation=organisation, module=module).values_list("track", flat=True)
    progress = ShownFigure.objects.filter(
        organisation=organisation, period=period, kind__in=[progress_in(track) for track in tracks], row=TOP
    )
    told = {measures.BEGUN: _from(NOT_STUCK, [follow]), measures.FINISHED: _from(UNDER_WAY, list(progress))}
    return {name: n for name, n in told.items() if n is not None}


def _from(value: int, figures: Sequence[ShownFigure]) -> int | None:
    """How many are at this value or a later one; None where it can't be told apart from those before it."""
    counted = []
    for figure in figures:
        firsts = [values[0] for values, _n in figure.bins]
        if value not in firsts:
            return None
        counted.append(sum(n for _values, n in figure.bins[firsts.index(value) :]))
    return sum(counted) if counted else None


def _seen(organisation: Organisation, period: str, module: Module) -> dict[str, Seen]:
    """With all who were ever counted as following it: a group only grows. Two queries."""
    tables = {stuck_in(module.pk): measures.FOLLOWS} | {called(each.name, module.pk): each.name for each in MEASURES}
    people = _people(organisation, list(tables))
    shown = ShownMeasure.objects.filter(organisation=organisation, period=period, module=module.slug)
    sizes = {**dict(shown.values_list("name", "n")), measures.FOLLOWS: len(people[stuck_in(module.pk)])}
    return {name: Seen(people[table], sizes[name]) for table, name in tables.items() if name in sizes}


def _people(organisation: Organisation, tables: Sequence[str]) -> Mapping[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    rows = ShownOf.objects.filter(person__organisation=organisation, table__in=tables, row=TOP)
    for table, person in rows.values_list("table", "person").iterator(chunk_size=5_000):
        found[table].add(person)
    return found


def _followed(module: Module, newest: Edition, follow: ShownFigure) -> Facts:
    """The units by name, with how many minutes they took (of twenty people or more, wherever they work) and should; the
    statements of the look back; and who stood still where, as that is shown already."""
    units = places_in(newest)
    checks = (activity.fields["authored"] for _unit, activity in newest.activities() if activity.type == "selfcheck")
    return {
        "titel": newest.title,
        "nummer": newest.number,
        "units": [[unit.name, module.medians.get(unit.key), unit.minutes] for unit in units],
        "zinnen": [each["tekst"] for each in next(checks, {"stellingen": []})["stellingen"]],
        "vakken": follow.bins,
    }


IN_IT = "1"
"""All that is remembered of somebody: what they said stays where they said it, sealed where it was."""


def _remember(table: str, before: Seen | None, now: Collection[int]) -> None:
    """Write down who came into a measure, and who isn't in it any more."""
    shown, here = set(before.people if before else ()), set(now)
    forget(table, TOP, shown - here)
    remember(table, ((person, TOP, IN_IT) for person in sorted(here - shown)))


def _show_agreement(organisation: Organisation, period: str, k: int) -> int:
    """Whether trainers see the same, of all cases together: of few rounds it says nothing, and of few trainers it would
    be about them."""
    read = asking.read_twice(organisation)
    agree = kappa(pair for pairs in read.pairs.values() for pair in pairs)
    n = len(read.pairs)
    if agree is None or n < k or read.readers < k or read.rounds < FEWEST_ROUNDS:
        return 0
    table = called(measures.AGREEMENT, TOP)
    sizes = ShownMeasure.objects.filter(organisation=organisation, period=period, name=measures.AGREEMENT)
    size = sizes.values_list("n", flat=True).first()
    before = Seen(_people(organisation, [table])[table], size) if size else None
    if not is_new(before, read.pairs, k=k):
        return 0
    shown = _Shown(organisation, period, "", {}, {})
    facts: dict[str, Any] = {"overeenstemming": round(agree, 1), "lezers": read.readers}
    shown.put(measures.AGREEMENT, facts, n=n, of=n, at=timezone.now())
    shown.write()
    _remember(table, before, read.pairs)
    return 1
