"""Reads of what activities remember."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from learning.people.models import Person
from learning.runtime.blocks import State
from learning.runtime.storage import state_of

_STATES = "SELECT usage, data, sealed, version FROM learning_blockstate WHERE person_id = %s AND usage IN ({})"


def states(person: Person, usages: Sequence[str]) -> dict[str, State]:
    """The states of these activities by usage, for their owner. One query, by hand, however many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES.format(", ".join(["%s"] * len(usages))), [person.pk, *usages])
        return {usage: state_of(person.pk, usage, *row) for usage, *row in cursor.fetchall()}
