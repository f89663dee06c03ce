"""Who takes part in a course, as what.

A course of the LMS has members of its own. In a course that is a track of ours everybody of the organisation may take
part, with the role they have here; whoever never came isn't told about (`learning.tracks.queries.people_in`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When

from learning.people import queries as people
from learning.people.models import Role
from learning.tracks import queries as tracks
from lti.platform.models import Course, CourseMember, CourseRole

if TYPE_CHECKING:
    from learning.people.models import Person

# Of several roles the first that fits.
_ROLES = (
    ({Role.TRAINER, Role.GESPREKSLEIDER}, CourseRole.INSTRUCTOR),
    ({Role.REDACTEUR}, CourseRole.DEVELOPER),
    ({Role.BEHEER}, CourseRole.ADMINISTRATOR),
)


def role_in(course: Course, person: Person) -> CourseRole | None:
    """None for who may not take part. One query."""
    if course.track_id is None:
        member = CourseMember.objects.filter(course=course, person=person).values_list("role", flat=True).first()
        return CourseRole(member) if member else None
    if person.organisation_id != course.organisation_id or not person.is_active:
        return None
    roles = people.roles_of(person)
    return next((ours for theirs, ours in _ROLES if roles & theirs), CourseRole.LEARNER)


def may_choose(course: Course, role: CourseRole | None) -> bool:
    """Whether somebody may put content of a tool in the course. In a track of ours a trainer may not."""
    if course.track_id is not None:
        return role is CourseRole.DEVELOPER
    return role in (CourseRole.INSTRUCTOR, CourseRole.DEVELOPER)


def participants(course: Course, *, role: str | None = None) -> QuerySet[Person]:
    """Everybody who takes part and isn't suspended, each with `course_role`, in a lasting order. `role`: only those."""
    if course.track_id is None:
        held = CourseMember.objects.filter(course=course, person=OuterRef("pk")).values("role")[:1]
        members = CourseMember.objects.filter(course=course).values("person_id")
        everybody = get_user_model().objects.filter(pk__in=members, is_active=True)
        found = everybody.annotate(course_role=Subquery(held))
    else:
        ours = [When(people.holds(theirs), then=Value(given.value)) for theirs, given in _ROLES]
        everybody = tracks.people_in(course.track_id)
        found = everybody.annotate(course_role=Case(*ours, default=Value(CourseRole.LEARNER.value)))
    return (found if role is None else found.filter(course_role=role)).order_by("pk")
