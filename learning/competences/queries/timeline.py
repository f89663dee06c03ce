"""Everything somebody learned here, for themselves alone: what they finished and practised, by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.competences.queries.growth import address, title_of
from learning.people.models import Person
from learning.practice.queries.evidence import moments_of
from learning.tracks.addresses import module_address
from learning.tracks.content import Edition
from learning.tracks.models import ActivityProgress, Enrolment
from learning.tracks.queries import followed_by

ON_A_PAGE = 40


@dataclass(frozen=True)
class Moment:
    """`what`: what happened, `title`: with what."""

    at: datetime
    what: str
    title: str
    href: str

    @property
    def month(self) -> date:
        """Its first day."""
        return timezone.localdate(self.at).replace(day=1)


def timeline(person: Person, page: str) -> Page[Moment]:
    """The newest first. Five queries, however much it is."""
    editions = followed_by(person.pk)
    moments = [*_done(person, editions), *_modules(person, editions), *_practised(person)]
    moments.sort(key=lambda moment: moment.at, reverse=True)
    return Paginator(moments, ON_A_PAGE).get_page(page)


def _done(person: Person, editions: dict[str, Edition]) -> Sequence[Moment]:
    found = []
    done = ActivityProgress.objects.filter(enrolment__person=person, completed_at__isnull=False)
    for module, key, at in done.values_list("enrolment__module__slug", "activity", "completed_at"):
        place = editions[module].by_key.get(key) if module in editions else None
        if at and place:
            found.append(Moment(at, _("Gedaan"), title_of(*place), address(module, *place)))
    return found


def _modules(person: Person, editions: dict[str, Edition]) -> Sequence[Moment]:
    rounded = Enrolment.objects.filter(person=person, completed_at__isnull=False)
    return [
        Moment(at, _("Module rond"), editions[slug].title, module_address(slug))
        for slug, at in rounded.values_list("module__slug", "completed_at")
        if at and slug in editions
    ]


def _practised(person: Person) -> Sequence[Moment]:
    said = {
        "": _("Praktijkcase ingeleverd"),
        "terug": _("Praktijkcase terug, met een vraag"),
        "voldoende": _("Praktijkcase voldoende"),
        "loopt_door": _("Praktijkcase loopt door"),
    }
    return [
        Moment(each.at, said.get(each.judged, said[""]), each.title, reverse("practice:work", args=[each.key]))
        for each in moments_of(person.pk)
    ]
