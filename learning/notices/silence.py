"""Who wasn't seen for as long as RETENTION_SILENT_MONTHS says is told so; thirty days later what there is of them goes.
Signing in once is enough to stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import batched

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.notices.kinds import Facts, Line, kind
from learning.notices.models import Notice
from learning.notices.services import Telling, tell_many
from learning.people import leaving, sessions
from learning.people.models import Person
from learning.people.retention import AHEAD, AT_ONCE, SILENT, warns, wipes
from learning.people.services import readmit, suspend

SILENCE = "bewaren.stil"


@kind(SILENCE, label=gettext_lazy("Alles van jou gaat weg als je niet meer komt"))
def _silence(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
    """No query. Who reads it on a page is here, and stays: it is there for the mail."""
    words = _("Je was hier lang niet. Log vóór %(day)s een keer in en alles blijft. Anders wissen we wat er van je is.")
    days = (date_format(date.fromisoformat(each["on"]), "j F Y") for each in facts)
    return [Line(said := words % {"day": day}, reverse("notices:mine"), said) for day in days]


def _unseen(organisation_id: int, before: datetime) -> QuerySet[Person]:
    return Person.objects.filter(organisation=organisation_id, seen_on__lte=timezone.localdate(before))


def _due(organisation_id: int, before: datetime) -> QuerySet[Person]:
    """Not seen, and told so long enough ago."""
    told = Notice.objects.filter(person=OuterRef("pk"), kind=SILENCE, made_at__lte=timezone.now() - AHEAD)
    return _unseen(organisation_id, before).filter(Exists(told))


@warns(SILENT)
def warn(organisation_id: int, now: datetime) -> None:
    """Thirty days before; to who came back meanwhile it was never said."""
    soon = _unseen(organisation_id, SILENT.before(now + AHEAD)).filter(is_active=True)
    told = Notice.objects.filter(kind=SILENCE, person__organisation=organisation_id)
    told.filter(person__seen_on__gt=timezone.localdate(SILENT.before(now + AHEAD))).delete()
    day = timezone.localdate(now + AHEAD).isoformat()
    for some in batched(soon.values_list("pk", flat=True).iterator(), AT_ONCE):
        with transaction.atomic():
            tell_many(SILENCE, (Telling(person, "stil", {"on": day}) for person in some))


def _unless_here(rows: QuerySet[Person]) -> None:
    """Who is signed in this moment was seen, whatever the nights know, and stays: also who came just before nobody can
    come in as them any more. Raises NotNow."""
    for person in rows:
        is_here = sessions.is_here(person)
        if not is_here and person.is_active:
            suspend(person)
            if is_here := sessions.is_here(person):
                readmit(person)
        if is_here:
            sessions.saw([person.pk], on=timezone.localdate())
    leaving.make_ready(rows.all())  # asked anew, without who was seen


wipes(SILENT, due=_due, first=_unless_here, at_once=1)(leaving.erase)
