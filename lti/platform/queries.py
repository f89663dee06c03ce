"""Reads of the platform side. Each says how many queries it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q, QuerySet

from lti.platform import membership
from lti.platform.models import Course, CourseMember, CourseRole, LineItem, Placement, Result, Tool, ToolInvitation

if TYPE_CHECKING:
    from learning.people.models import Person

SEES_RESULTS = (CourseRole.INSTRUCTOR, CourseRole.ADMINISTRATOR)


def active_tool(client_id: Any) -> Tool | None:
    """The tool somebody says to be. At most one query; whatever can't be a client_id is nobody's."""
    if not isinstance(client_id, str) or not client_id.isprintable():
        return None  # PostgreSQL would refuse to look for a NUL
    return Tool.objects.filter(client_id=client_id, active=True).first()


def courses_of(person: Person) -> QuerySet[CourseMember]:
    """The memberships of a person with their courses. One query."""
    return CourseMember.objects.filter(person=person).select_related("course").order_by("course__title")


def membership_in(person: Person, slug: str) -> CourseMember | None:
    """One query. None for who isn't a member: to them the course doesn't exist."""
    return CourseMember.objects.filter(person=person, course__slug=slug).select_related("course").first()


def placement_for(person: Person, key: Any) -> Placement | None:
    """None for who doesn't take part in its course, and for what was taken out of it. One query, two in a track."""
    found = standing().filter(key=key).select_related("course", "tool", "link").first()
    return found if found and membership.role_in(found.course, person) else None


def standing() -> QuerySet[Placement]:
    """What stands in a course, and wasn't taken out of its track."""
    return Placement.objects.filter(link__withdrawn_at=None)


def tools_of(organisation_id: int) -> QuerySet[Tool]:
    """With how many places each has. One query."""
    places = Count("placements", filter=Q(placements__link__withdrawn_at=None))
    return Tool.objects.filter(organisation=organisation_id).annotate(places=places).order_by("name", "pk")


def tool_of(organisation_id: int, pk: int) -> Tool | None:
    """One query."""
    return Tool.objects.filter(organisation=organisation_id, pk=pk).first()


def places_of(tool: Tool) -> QuerySet[Placement]:
    """Where the tool stands now, by course. One query."""
    return standing().filter(tool=tool).select_related("course", "link").order_by("course__title", "position")


def runs_lms(person: Person) -> bool:
    """Whether somebody is administrator of a course of the LMS. One query."""
    return CourseMember.objects.filter(person=person, role=CourseRole.ADMINISTRATOR).exists()


def place_in_track(organisation_id: int, key: Any) -> Placement | None:
    """One query. What stands in a track of the organisation."""
    found = standing().filter(key=key, link__isnull=False, course__organisation=organisation_id)
    return found.select_related("course__track", "tool", "link").first()


def invitation_of(person: Person, key: Any) -> ToolInvitation | None:
    """Somebody's own. One query."""
    return ToolInvitation.objects.filter(invited_by=person, key=key).select_related("tool").first()


@dataclass(frozen=True)
class Line:
    """A line of a course as somebody sees it, with their own results in it."""

    placement: Placement
    can_launch: bool
    results: tuple[Result, ...]


def lines_of(course: Course, person: Person) -> list[Line]:
    """Two queries."""
    own: dict[int, list[Result]] = {}
    results = Result.objects.filter(person=person, line_item__course=course).select_related("line_item")
    for result in results.order_by("line_item_id"):
        if result.line_item.placement_id is not None:
            own.setdefault(result.line_item.placement_id, []).append(result)
    return [
        Line(placement, placement.tool is not None and placement.tool.active, tuple(own.get(placement.pk, ())))
        for placement in course.placements.select_related("tool")
    ]


@dataclass(frozen=True)
class Row:
    """A learner's line in the gradebook: a result or None for each column."""

    person_id: int
    name: str
    results: tuple[Result | None, ...]


@dataclass(frozen=True)
class Gradebook:
    columns: tuple[LineItem, ...]
    rows: tuple[Row, ...]


def gradebook(course: Course) -> Gradebook:
    """Every learner against every line item. Three queries, whatever the size."""
    columns = tuple(course.line_items.order_by("placement__position", "pk"))
    found = {
        (result.person_id, result.line_item_id): result for result in Result.objects.filter(line_item__course=course)
    }
    learners = (
        CourseMember.objects.filter(course=course, role=CourseRole.LEARNER)
        .select_related("person")
        .order_by("person__name", "person_id")
    )
    return Gradebook(
        columns,
        tuple(
            Row(
                member.person_id,
                member.person.name,
                tuple(found.get((member.person_id, column.pk)) for column in columns),
            )
            for member in learners
        ),
    )


def gradebook_version(course: Course) -> str:
    """Another text whenever somebody's progress, the columns or the learners changed. Three queries."""
    results = Result.objects.filter(line_item__course=course).aggregate(count=Count("pk"), newest=Max("changed_at"))
    learners = CourseMember.objects.filter(course=course, role=CourseRole.LEARNER).count()
    newest: datetime | None = results["newest"]
    return f"{learners}-{course.line_items.count()}-{results['count']}-{newest.timestamp() if newest else 0:.6f}"


def tool_is_in(tool: Tool, course: Course) -> bool:
    """Whether the tool stands in the course. One query."""
    return standing().filter(course=course, tool=tool).exists()


def own_placement(tool: Tool, course: Course, key: Any) -> Placement | None:
    """A place of the tool in the course. One query."""
    return standing().filter(course=course, tool=tool, key=key).first()


def line_items_of(tool: Tool, course: Course) -> QuerySet[LineItem]:
    """The tool's own line items in a course, with what tells them apart."""
    return LineItem.objects.filter(tool=tool, course=course).select_related("placement").order_by("pk")


def results_of(item: LineItem) -> QuerySet[Result]:
    """The grades there are in a line item, of who still takes part."""
    return (
        Result.objects.filter(line_item=item, score__isnull=False)
        .filter(person__in=membership.participants(item.course).order_by().values("pk"))
        .select_related("person")
        .order_by("pk")
    )


def who_can_step_in() -> list[tuple[Person, str]]:
    """The members with an account of their own, and what they are: for the demo's sign-in. One query."""
    members = (
        CourseMember.objects.filter(person__username__isnull=False, person__is_active=True)
        .select_related("person")
        .order_by("pk")
    )
    return list({member.person_id: (member.person, member.get_role_display()) for member in members}.values())
