"""The library: cases, their versions, and what was given out."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.tracks.models import OrderedJSON

__all__ = ["Assignment", "Case", "CaseVersion", "GivenTo"]


class Case(models.Model):
    """A practice case in the library: one of a module (no `organisation`; made when a module is published), or one
    that a trainer made their own.

    `usage`: the activity in a module that it counts for ("dialoogprincipes/praktijkcase-m1"); "" counts for none.
    `draft`: what its trainer is still writing (see `learning.practice.documents`), None when nothing is.

    Personal data: who made it.
    Kept: until the organisation leaves.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, null=True, related_name="cases")
    usage = models.CharField(max_length=160, blank=True)
    title = models.CharField(max_length=200)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="copies")
    made_by = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    draft = OrderedJSON(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["usage"], condition=Q(organisation__isnull=True), name="one_case_of_a_module_activity"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CaseVersion(models.Model):
    """A case as it was given out: never changed. `document`: see `learning.practice.documents`.

    Personal data: who made it; nobody for one that came with a module.
    Kept: as long as the case.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = OrderedJSON()
    content_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_version_of_a_number"),
            models.UniqueConstraint(fields=["case", "content_hash"], name="a_text_is_one_version"),
        ]


class GivenTo(models.TextChoices):
    PERSON = "persoon", _("één persoon")
    SELECTION = "keuze", _("een aantal mensen")
    GROUP = "groep", _("een groep")
    TRACK = "leerlijn", _("een hele leerlijn")
    LAUNCH = "lms", _("wie het in de leeromgeving opent")


class Assignment(models.Model):
    """A case that was given out: by whom, to whom, from when, until when.

    `people`: numbers of people, for one person or a selection. `track` and `group` otherwise; the work of a whole
    track belongs to a group of its own that follows the track. `total` and `done` count people while a job makes their
    work; `ready_at`: all of it is there. Until `undo_until` it can be undone, and then leaves nothing behind.

    Personal data: who gave it, to whom; the trainer's message.
    Kept: RETENTION_PRACTICE_MONTHS, and until its last work is gone (curriculum 4.5).
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    version = models.ForeignKey(CaseVersion, models.PROTECT, related_name="assignments")
    given_by = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    given_to = models.CharField(max_length=10, choices=GivenTo)
    group = models.ForeignKey("learning.Group", models.PROTECT, null=True, related_name="+")
    track = models.ForeignKey("learning.Track", models.SET_NULL, null=True, related_name="+")
    people = models.JSONField(default=list)
    variant = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    starts_on = models.DateField()
    due_on = models.DateField()
    rounds_max = models.PositiveSmallIntegerField(default=3)
    peers = models.PositiveSmallIntegerField(default=0)
    second_reader = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    undo_until = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(given_to__in=GivenTo.values), name="a_way_to_give"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("starts_on")), name="due_after_it_starts"),
            models.CheckConstraint(condition=Q(peers__lte=2), name="two_peers_at_most"),
            models.CheckConstraint(condition=Q(rounds_max__gte=1), name="a_round_at_least"),
        ]
