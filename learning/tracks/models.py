"""Learning tracks and the way through them."""

from __future__ import annotations

import json
import math
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.tracks.content import Kind

__all__ = [
    "ActivityProgress",
    "Enrolment",
    "LinkProgress",
    "Module",
    "ModuleEdition",
    "NoReminders",
    "Reminder",
    "Status",
    "Track",
    "TrackLink",
    "TrackModule",
]


class Status(models.TextChoices):
    """The states of curriculum 3.0 that a type without an assessor knows."""

    NOT_STARTED = "niet_gestart", _("niet gestart")
    BUSY = "bezig", _("bezig")
    SUBMITTED = "ingediend", _("ingediend")
    DONE = "afgerond", _("afgerond")


class Module(models.Model):
    """One of the modules, across all its editions. `slug` is in addresses, LTI `custom` and state keys: never changed.

    `medians`: {unit: minutes} as they were measured, for units that enough people have done (`learning.tracks.pace`).

    Personal data: none; a median is of twenty people or more.
    Kept: for good.
    """

    slug = models.SlugField(unique=True)
    number = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    medians = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.title


class OrderedJSON(models.TextField):  # type: ignore[type-arg] # whatever JSON holds, see below
    """JSON as it was written, its keys in their order. PostgreSQL's `jsonb`, which a JSONField is there, sorts them by
    their length; the order of bins, roles and variants of a text says something."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value)

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value


class ModuleEdition(models.Model):
    """The content of a module as it was published: immutable, known by its hash.

    `document` is what `learning.tracks.content` reads; `required` counts the activities that must be done; `returns`:
    there is a Herhaalmoment. `looks_back`: there is something to fill in after three months (curriculum 6.2).

    Personal data: none.
    Kept: as long as somebody is enrolled in it or a certificate names it.
    """

    module = models.ForeignKey(Module, models.PROTECT, related_name="editions")
    content_hash = models.CharField(max_length=64, unique=True)
    document = OrderedJSON()
    required = models.PositiveSmallIntegerField()
    returns = models.BooleanField(default=False)
    looks_back = models.BooleanField(default=False)
    published_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.module_id} {self.content_hash[:12]}"


class Track(models.Model):
    """A leerlijn: modules in an order.

    Personal data: none.
    Kept: until the organisation leaves.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="tracks")
    slug = models.SlugField()
    title = models.CharField(max_length=200)
    modules = models.ManyToManyField(Module, through="TrackModule", related_name="tracks")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="one_track_of_a_slug")]

    def __str__(self) -> str:
        return self.title


class TrackModule(models.Model):
    """A module's place in a track.

    Personal data: none.
    Kept: as long as the track.
    """

    track = models.ForeignKey(Track, models.CASCADE, related_name="places")
    module = models.ForeignKey(Module, models.PROTECT, related_name="places")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["track", "module"], name="a_module_once_in_a_track"),
            models.UniqueConstraint(fields=["track", "position"], name="one_module_in_a_position"),
        ]


class TrackLink(models.Model):
    """Something of others in a track: it opens at `address`, and whoever runs it says how far somebody is.

    It stands after the module in position `after` (0: before the first), among its like by `position`. Taken out of
    the track (`withdrawn_at`) it is no longer shown; what people did there stays.

    Personal data: none.
    Kept: as long as the track.
    """

    track = models.ForeignKey(Track, models.CASCADE, related_name="links")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    after = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    # A path on this host, without who opens it.
    address = models.CharField(max_length=200)
    new_window = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["after", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(address__startswith="/"), name="a_link_opens_on_this_host"),
        ]

    def __str__(self) -> str:
        return self.title


class LinkProgress(models.Model):
    """How far somebody is in something of others in a track, as that says itself. Once done, always done.

    `score` is from 0 to 1; None where none was given.

    Personal data: what somebody did and the score that others gave.
    Kept: RETENTION_ANALYTICS_MONTHS after it last changed (curriculum 4.5).
    """

    link = models.ForeignKey(TrackLink, models.CASCADE, related_name="progress")
    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="link_progress")
    status = models.CharField(max_length=12, choices=Status, default=Status.BUSY)
    score = models.FloatField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "person"], name="one_progress_in_a_link"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="a_link_score_from_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DONE, completed_at__isnull=False) | ~Q(status=Status.DONE),
                name="a_done_link_has_a_moment",
            ),
        ]

    @property
    def percent(self) -> int:
        """Whole percents, downwards: 100 is only said of all of it."""
        return math.floor((self.score or 0.0) * 100)


class Enrolment(models.Model):
    """A person follows a module, in the edition they started with.

    `done` counts required activities that are done; the module is complete when it reaches the edition's `required`.
    `place` is the activity they last touched: where they resume, on any device. `completed_at`: the module was done,
    for the first time, in whichever edition; `finished_at`: all that this edition asks was done, from which the
    Herhaalmoment counts; `returned_at`: that was done; `looked_back_at`: what comes after three months was. `pace`:
    {unit: seconds they were busy with it}, for the median of many.

    Personal data: what somebody learns, how far they are, and how long they took.
    Kept: RETENTION_ANALYTICS_MONTHS after the last activity (curriculum 4.5, analytics).
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="enrolments")
    module = models.ForeignKey(Module, models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(ModuleEdition, models.PROTECT, related_name="enrolments")
    done = models.PositiveSmallIntegerField(default=0)
    place = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    looked_back_at = models.DateTimeField(null=True, blank=True)
    pace = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "module"], name="enrolled_once_in_a_module")]


class Reminder(models.Model):
    """Somebody was told by e-mail that a Herhaalmoment or a Terugblik is open: once of each. `moment`: which kind of
    unit (`learning.tracks.content.Kind`).

    Personal data: that they were told, and when.
    Kept: with the enrolment.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="reminders")
    moment = models.CharField(max_length=20, default=Kind.RETURN.value)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "moment"], name="one_reminder_of_a_moment")]


class NoReminders(models.Model):
    """Somebody wants no reminders by e-mail.

    Personal data: that wish.
    Kept: until they want them again.
    """

    person = models.OneToOneField("learning.Person", models.CASCADE, related_name="no_reminders")
    since = models.DateTimeField(auto_now_add=True)


class ActivityProgress(models.Model):
    """How far somebody is in one activity. `activity` is its key in the edition. Once done, always done.

    Personal data: what somebody did and the score of a decision or of knowledge, never of a feeling.
    Kept: with the enrolment.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="activities")
    activity = models.CharField(max_length=100)
    status = models.CharField(max_length=12, choices=Status, default=Status.BUSY)
    score = models.FloatField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity"], name="one_progress_an_activity"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="a_score_from_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DONE, completed_at__isnull=False) | ~Q(status=Status.DONE),
                name="done_has_a_moment",
            ),
        ]
