"""Who looked at figures about others is written down, for the works council to read (curriculum 4.5).

Written in the request that shows them, before they are shown: a look that can't be written down shows nothing. So these
are GETs that write. A reload is a second look, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from learning.competences.models import Look
from learning.people.models import Person


def write_down(person: Person, *, page: str, choices: Mapping[str, str]) -> None:
    """`page`: the name of its address. `choices`: what was chosen, by the name it has in
    the address, and as it was called then. One statement."""
    Look.objects.create(
        person=person, organisation_id=person.organisation_id, page=page, choices=dict(choices), at=timezone.now()
    )
