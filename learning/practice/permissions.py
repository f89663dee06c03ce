"""Who may do what with somebody's work. Each asks at most one query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from learning.people.models import GroupMember, Person, Role
from learning.people.queries import holds
from learning.tracks.groups.queries import groups_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from learning.practice.models import Work


def assesses(person: Person, work: Work) -> bool:
    """A trainer of the group the work belongs to, today, who isn't its maker."""
    return work.person_id != person.pk and groups_of(person).filter(pk=work.group_id).exists()


def assessors_of(group_id: int) -> QuerySet[Person]:
    """The trainers of a group, today: the role still held, a substitute's last day not past."""
    members = GroupMember.objects.filter(
        Q(until__isnull=True) | Q(until__gte=timezone.localdate()),
        group=group_id, is_trainer=True,
    )  # fmt: skip
    return Person.objects.filter(
        holds([Role.TRAINER]), is_active=True, organisation__groups=group_id, pk__in=members.values("person")
    ).order_by("pk")


def learns_beside(person: Person, work: Work) -> bool:
    """In the same group, learning: who may be asked to read along."""
    members = GroupMember.objects.filter(group=work.group_id, person=person, is_trainer=False)
    return work.person_id != person.pk and members.exists()
