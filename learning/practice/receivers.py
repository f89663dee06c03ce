"""What this room hears of others, and what it says on their pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from learning.people import carried
from learning.people.events import left_group
from learning.people.models import Person
from learning.practice import hearing, notices  # noqa: F401 kinds of notices make themselves known
from learning.practice.door import Door
from learning.practice.queries import groups  # noqa: F401 so does what stands on a group's page
from learning.practice.services import handed_in, leaving, library, outcome
from learning.runtime.services import offer, offer_to_all
from learning.tracks import additions
from learning.tracks.events import edition_published, enrolled

additions.judges_practice(outcome.verdict)
# The door in a unit: an activity that asks `cases` gets it for its learner.
offer("cases", Door)
# There is somebody who reads what is handed in at activities.
offer_to_all("practice", handed_in.readers_of)
# "Praktijk" in the menu, for who has anything there.
carried.add("works", "SELECT EXISTS (SELECT 1 FROM learning_work w WHERE w.person_id = p.id)")
hearing.register()


@receiver(enrolled, dispatch_uid="practice.catch_up")
def _catch_up(*, enrolment_id: int, **kwargs: Any) -> None:
    outcome.catch_up(enrolment_id)


@receiver(edition_published, dispatch_uid="practice.follow_module")
def _follow_module(*, module: str, document: Mapping[str, Any], **kwargs: Any) -> None:
    library.hear_of_edition(module, document)


@receiver(left_group, dispatch_uid="practice.left_group")
def _left_group(*, group_id: int, person_ids: Collection[int], **kwargs: Any) -> None:
    leaving.out_of_group(group_id, person_ids)


@receiver(pre_delete, sender=Person, dispatch_uid="practice.erased")
def _erased(*, instance: Person, **kwargs: Any) -> None:
    leaving.for_good(instance.pk)
