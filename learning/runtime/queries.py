"""Reads of what activities remember."""

from __future__ import annotations

from collections.abc import Sequence

from learning.people.models import Person
from learning.runtime.blocks import State
from learning.runtime.models import BlockState
from learning.runtime.storage import state_of


def states(person: Person, usages: Sequence[str]) -> dict[str, State]:
    """The states of these activities by usage, for their owner. One query, however many there are."""
    rows = BlockState.objects.filter(person=person, usage__in=usages).values_list("usage", "data", "sealed", "version")
    return {usage: state_of(person.pk, usage, data, sealed, version) for usage, data, sealed, version in rows}
