"""The LMS's tables: which tools it knows, what stands in which course, who takes part and how far they are."""

from __future__ import annotations

import math
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

__all__ = [
    "Choice",
    "Course",
    "CourseMember",
    "CourseRole",
    "LineItem",
    "Placement",
    "Presentation",
    "Result",
    "SpentToken",
    "Tool",
    "ToolInvitation",
]


class Tool(models.Model):
    """A tool this platform launches. What it may do is in this row and can be taken back at any moment.

    `redirect_uris` is the whole list an id_token may be sent to, compared as text. `keys` is what `jwks_url` answered
    the last time, `keys_asked_at` when we last asked, answered or not.

    `asks` is what it asked for when it registered itself ({"scopes": […], "claims": […]}); `scopes` and the two
    `shares_` are what the organisation gives. `choosing_url` is where its content is chosen (LTI Deep Linking); empty
    when it offers none. While `awaits_approval` it isn't active either.

    Personal data: none.
    Kept: until the registration is removed.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    client_id = models.CharField(max_length=100, unique=True)
    deployment_id = models.CharField(max_length=100)
    login_url = models.URLField(max_length=1000)
    description = models.TextField(blank=True)
    target_link_uris = models.JSONField(default=list)
    choosing_url = models.URLField(max_length=1000, blank=True)
    custom = models.JSONField(default=dict)
    asks = models.JSONField(default=dict)
    redirect_uris = models.JSONField(default=list)
    jwks_url = models.URLField(max_length=1000)
    keys = models.JSONField(default=list)
    keys_asked_at = models.DateTimeField(null=True, blank=True)
    scopes = models.JSONField(default=list)
    shares_name = models.BooleanField(default=False)
    shares_email = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    awaits_approval = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(awaits_approval=False) | Q(active=False), name="what_awaits_approval_is_not_active"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ToolInvitation(models.Model):
    """One time, within the hour, a tool may register itself. Only a digest of its token is kept.

    `tool` is what came of it.

    Personal data: who invited the tool.
    Kept: a day after it expired, as long as no tool came of it; else as long as the tool.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    invited_by = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    tool = models.OneToOneField(Tool, models.CASCADE, related_name="invitation", null=True, blank=True)


class Course(models.Model):
    """A leerlijn as the LMS offers it: the LTI context of everything in it.

    With a `track` it is that leerlijn of our own, and who takes part is decided there.

    Personal data: none.
    Kept: until the organisation leaves.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    track = models.OneToOneField("learning.Track", models.CASCADE, related_name="+", null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class CourseRole(models.TextChoices):
    """What somebody is in a course; `lti.platform.adapter` says how a tool hears it."""

    LEARNER = "learner", _("Deelnemer")
    INSTRUCTOR = "instructor", _("Trainer")
    DEVELOPER = "developer", _("Redacteur")
    ADMINISTRATOR = "administrator", _("Beheerder")


class CourseMember(models.Model):
    """Who takes part in a course, as what.

    Personal data: what somebody learns or teaches.
    Kept: as long as they take part.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="members")
    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=CourseRole)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="once_a_member_of_a_course"),
            models.CheckConstraint(condition=Q(role__in=CourseRole.values), name="a_course_role_we_know"),
        ]


class Presentation(models.TextChoices):
    FRAME = "frame", _("In deze pagina")
    WINDOW = "window", _("In een nieuw venster")


class Placement(models.Model):
    """A line in a course. With a tool it is an LTI resource link, known to the tool by `key`; without one it is only
    announced.

    Personal data: none.
    Kept: as long as the course.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="placements")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    tool = models.ForeignKey(Tool, models.PROTECT, related_name="placements", null=True, blank=True)
    target_link_uri = models.URLField(max_length=1000, blank=True)
    custom = models.JSONField(default=dict)
    presentation = models.CharField(max_length=10, choices=Presentation, default=Presentation.FRAME)
    # Where it stands in a track of our own; people see it as long as it isn't withdrawn there.
    link = models.OneToOneField("learning.TrackLink", models.CASCADE, related_name="+", null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "position"], name="one_placement_in_a_position"),
            models.CheckConstraint(
                condition=Q(tool__isnull=True, target_link_uri="") | (Q(tool__isnull=False) & ~Q(target_link_uri="")),
                name="a_placed_tool_has_a_target",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LineItem(models.Model):
    """A column of the gradebook. It belongs to one tool: no other tool can see or fill it. `by_tool`: made by it too.

    Personal data: none.
    Kept: as long as the course.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="line_items")
    tool = models.ForeignKey(Tool, models.CASCADE, related_name="line_items")
    placement = models.ForeignKey(Placement, models.CASCADE, related_name="line_items", null=True, blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(max_length=200)
    maximum = models.FloatField(default=1.0)
    resource_id = models.CharField(max_length=200, blank=True)
    tag = models.CharField(max_length=200, blank=True)
    by_tool = models.BooleanField(default=False)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(maximum__gt=0), name="a_positive_maximum")]

    def __str__(self) -> str:
        return self.label


class Result(models.Model):
    """How far somebody is in a line item, as its tool last said.

    `stamped_at` is the tool's own time in whole seconds: a score that isn't newer is refused. `score` is out of
    `maximum`, which is the tool's and may differ from the line item's.

    Personal data: progress and results.
    Kept: RETENTION_ANALYTICS_MONTHS after it last changed; no longer than the course.
    """

    line_item = models.ForeignKey(LineItem, models.CASCADE, related_name="results")
    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    score = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    activity_progress = models.CharField(max_length=20)
    grading_progress = models.CharField(max_length=20)
    stamped_at = models.DateTimeField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line_item", "person"], name="one_result_in_a_line_item"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, maximum__gt=0), name="a_score_has_a_maximum"
            ),
        ]

    @property
    def is_final(self) -> bool:
        return self.grading_progress == "FullyGraded"

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when there is no score."""
        return None if self.score is None or not self.maximum else min(self.score / self.maximum, 1.0)

    @property
    def percent(self) -> int:
        """Whole percents, downwards: 100 is only said of all of it. 0 when there is no score."""
        return math.floor((self.share or 0.0) * 100)


class Choice(models.Model):
    """What somebody chose at a tool to put in a course (LTI Deep Linking), checked, until they have looked at it.

    `items` is what `lti.platform.deeplinks` read in the tool's answer.

    Personal data: who chose.
    Kept: a day, or until it is placed.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    tool = models.ForeignKey(Tool, models.CASCADE, related_name="+")
    items = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    message = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)


class SpentToken(models.Model):
    """What may be used only once and was: launch hints, client assertions, choices, demo tickets. `digest` hides it.

    Only what carried a good signature gets here, so bad requests leave nothing behind.

    Personal data: none.
    Kept: until the token would have expired anyway.
    """

    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
