"""What came in as a file, and the proof that it is gone."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

__all__ = ["FileState", "StoredFile", "WipedFile"]


class FileState(models.TextChoices):
    ARRIVING = "komt", _("komt binnen")
    CHECKING = "nagekeken", _("wordt nagekeken")
    CONVERTING = "omgezet", _("wordt speelbaar gemaakt")
    READY = "klaar", _("klaar")
    REFUSED = "geweigerd", _("geweigerd")


class StoredFile(models.Model):
    """Sound that somebody sent, or a file that a job made for them (`learning.files.making`), whose bytes lie sealed in
    the store (`learning.files.store`), never in the database.

    `purpose` says for what ("praktijk.gesproken"), and with that how long and how large it may be. `expected` and
    `arrived` count bytes while it comes in; `progress` is a percentage while it is made playable. `parts` says what
    there is to play, each part a blob: {"opus": {"blob": str, "size": bytes, "media_type": str}, "aac": …}; of what was
    made there is one, "file". `reason` is a word of `learning.files.checks` when it was refused. `wipe_on`: the day on
    which the bytes go; without `person` they go at the next round.

    Personal data: a voice, sealed; how long it lasts; all that is kept of somebody who asks for it. Never the name that
    the file had.
    Kept: until `wipe_on`, or until the person deletes it or is erased.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    purpose = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=FileState, default=FileState.ARRIVING)
    reason = models.CharField(max_length=20, blank=True)
    expected = models.PositiveBigIntegerField()
    arrived = models.PositiveBigIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    seconds = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    wipe_on = models.DateField(null=True, db_index=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="a_state_of_a_file"),
            models.CheckConstraint(
                condition=Q(arrived__lte=models.F("expected")), name="no_more_arrives_than_expected"
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.READY) | Q(seconds__isnull=False), name="a_ready_file_has_a_length"
            ),
        ]


class WipedFile(models.Model):
    """Proof that the bytes of a file are gone: when, and why then. Says nothing of whose it was.

    Personal data: none.
    Kept: for good; it is what shows that we wipe.
    """

    key = models.UUIDField(unique=True)
    purpose = models.CharField(max_length=40)
    due_on = models.DateField(null=True)
    reason = models.CharField(max_length=20)
    wiped_at = models.DateTimeField()
