"""That somebody's own file is ready."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.notices.kinds import Facts, Line, kind
from learning.owndata import queries
from learning.people.models import Person

READY = "gegevens.klaar"


def key_of(made_at: datetime) -> str:
    return made_at.isoformat()


@kind(READY, label=gettext_lazy("Het bestand met je gegevens is klaar"))
def _ready(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
    """Two queries."""
    there = queries.standing(person)
    now = key_of(there.made_at) if there.made_at else ""
    return [_line(there) if each["made"] == now else None for each in facts]


def _line(there: queries.Standing) -> Line:
    assert there.until
    until = date_format(timezone.localtime(there.until), "j F")
    words = _("Het bestand met al je gegevens is klaar. Je kunt het downloaden tot %(day)s.") % {"day": until}
    return Line(words, f"{reverse('owndata:mine')}#download", words)
