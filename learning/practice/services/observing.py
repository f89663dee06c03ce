"""A colleague without an account writes down what they saw (curriculum 3.g): one link, for one thing, for two weeks.

The link is made up here and shown once; only what it makes when hashed is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from learning.notices.services import tell
from learning.practice import notices
from learning.practice.models import Form, Observation, State
from learning.practice.sealed import closed, opened
from learning.practice.services.doing import WRITING, Incomplete, document_of
from learning.practice.services.moving import NotNow, held

LIVES = timedelta(days=14)
LONGEST = 2_000
# Of one work: more people than this don't watch one talk.
MOST_OPEN = 5
QUESTIONS = ("zag", "moment", "vraag")


class Standing(StrEnum):
    """What a link does now."""

    OPEN = "open"
    ANSWERED = "beantwoord"
    WITHDRAWN = "ingetrokken"
    EXPIRED = "verlopen"


class TooMany(Exception):
    """So many links are open already."""


class Shut(Exception):
    """The link doesn't take an answer any more: `standing` says why."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing)
        self.standing = standing


def standing(observation: Observation) -> Standing:
    if observation.answered_at:
        return Standing.ANSWERED
    if observation.withdrawn_at or observation.work.state == State.WITHDRAWN:
        return Standing.WITHDRAWN
    return Standing.OPEN if timezone.now() < observation.expires_at else Standing.EXPIRED


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def ask(work_id: int, *, words: str) -> tuple[Observation, str]:
    """A link for one colleague, with what the learner says to them (may be empty). Returns what makes the link: it is
    nowhere else. Raises NotNow, Incomplete, TooMany."""
    work = held(work_id)
    if work.state not in WRITING or Form.OBSERVED not in document_of(work).forms:
        raise NotNow(work.state)
    if len(words) > LONGEST:
        raise Incomplete({"woorden": "lang"})
    now = timezone.now()
    if work.observations.filter(answered_at=None, withdrawn_at=None, expires_at__gt=now).count() >= MOST_OPEN:
        raise TooMany
    token = secrets.token_urlsafe(32)
    made = Observation.objects.create(
        work=work,
        token_hash=hash_of(token),
        sealed_asked=closed(words, "observation_asked", hash_of(token)),
        made_at=now,
        expires_at=now + LIVES,
    )
    return made, token


def words_with(observation: Observation) -> str:
    """What the learner wrote with the link."""
    return str(opened(observation.sealed_asked, "observation_asked", observation.token_hash))


def words_of(observation: Observation) -> dict[str, str]:
    """{question: answer}, for who may read the work; empty until it is answered."""
    return opened(observation.sealed, "observation", observation.pk) or {}


def withdraw(work_id: int, observation_id: int) -> None:
    """From now on the link shows nothing. What was answered stays: the learner leaves it out by not choosing it."""
    Observation.objects.filter(pk=observation_id, work=work_id, answered_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )


@transaction.atomic
def answer(observation_id: int, sent: Mapping[str, str]) -> Observation:
    """What somebody saw, once and for good. Raises Shut, Incomplete."""
    observation = (
        Observation.objects.select_for_update(of=("self",)).select_related("work__person").get(pk=observation_id)
    )
    if (now := standing(observation)) is not Standing.OPEN:
        raise Shut(now)
    texts = {name: sent.get(name, "").strip() for name in QUESTIONS}
    missing = {name: "lang" for name, text in texts.items() if len(text) > LONGEST}
    if not texts["zag"]:
        missing["zag"] = "leeg"
    if missing:
        raise Incomplete(missing)
    observation.sealed, observation.answered_at = closed(texts, "observation", observation.pk), timezone.now()
    observation.save(update_fields=["sealed", "answered_at"])
    work = observation.work
    tell(work.person_id, notices.OBSERVED, key=str(observation.pk), facts={"work": work.pk, "round": work.round})
    return observation
