"""A trainer's own bank of comments."""

from __future__ import annotations

from collections.abc import Sequence

from learning.people.models import Person
from learning.practice.models import Phrase


def phrases_of(trainer: Person) -> Sequence[Phrase]:
    """What is used most first. One query."""
    return list(Phrase.objects.filter(trainer=trainer).order_by("-used", "-pk"))
