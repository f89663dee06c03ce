"""Sentences that a trainer uses more often, kept for themselves."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from learning.people.models import Person
from learning.practice.models import Phrase
from learning.practice.services.doing import Incomplete

LONGEST = 500
MOST = 100


def add(trainer: Person, *, text: str) -> Phrase:
    """The same sentence again is the one that is there. Raises Incomplete: "leeg", "lang", or "veel" of them."""
    text = " ".join(text.replace("\x00", "").split())
    if not text or len(text) > LONGEST:
        raise Incomplete({"zin": "lang" if text else "leeg"})
    there = Phrase.objects.filter(trainer=trainer, text=text).first()
    if there:
        return there
    if Phrase.objects.filter(trainer=trainer).count() >= MOST:
        raise Incomplete({"zin": "veel"})
    return Phrase.objects.create(trainer=trainer, text=text, made_at=timezone.now())


def remove(trainer: Person, number: int) -> None:
    Phrase.objects.filter(trainer=trainer, pk=number).delete()


def use(trainer: Person, number: int) -> Phrase | None:
    """It was put in a text: what is used often stands first. None for one that isn't theirs, or gone."""
    Phrase.objects.filter(trainer=trainer, pk=number).update(used=F("used") + 1)
    return Phrase.objects.filter(trainer=trainer, pk=number).first()
