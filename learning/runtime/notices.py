"""What people are told of modules: that what they did in one goes soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.notices.kinds import Facts, Line, kind
from learning.people.models import Person
from learning.people.retention import LEARNING
from learning.tracks.models import Enrolment

MODULE_GOES = "leren.vervalt"


@kind(MODULE_GOES, label=gettext_lazy("Wat je in een module deed, gaat binnenkort weg"))
def _goes(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
    """One query. It leads to where it can be downloaded; who goes on in the module is told nothing any more."""
    mine = Enrolment.objects.filter(pk__in=[each["enrolment"] for each in facts], person=person)
    known = {each.pk: each for each in mine.select_related("module")}
    return [_line(known.get(each["enrolment"]), each["on"]) for each in facts]


def _line(enrolment: Enrolment | None, day: str) -> Line | None:
    if enrolment is None or (enrolment.touched_at or enrolment.started_at) > LEARNING.before(_end(day)):
        return None
    words = _(
        "Wat je deed in “%(title)s” gaat na %(day)s weg. Ga verder in de module en alles blijft, of download het."
    )
    # It may go in the night with which that day begins: the day before is the last one whole.
    last = date.fromisoformat(day) - timedelta(days=1)
    said = words % {"title": enrolment.module.title, "day": date_format(last, "j F Y")}
    return Line(said, reverse("owndata:mine"), said)


def _end(day: str) -> datetime:
    """The last moment of it, here."""
    return timezone.make_aware(datetime.fromisoformat(f"{day}T23:59:59.999999"))
