"""Entries, who may see which, and what keeps a deleted one deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

__all__ = [
    "JournalEntry",
    "JournalExport",
    "JournalExportDay",
    "JournalShare",
    "JournalShareView",
    "SpentJournalForm",
]


class JournalEntry(models.Model):
    """Something a learner wrote for themselves. Class C (curriculum 3.f): nobody else has a way to read it.

    `sealed` holds {"text", "tags"} encrypted, and "seconds" where something was said (`Recording.entry`); `usage` is
    the activity it was written at, or "" for a free one.
    `token` comes with the form, so that the same form sent twice is one entry.

    Personal data: what somebody wrote about themselves, encrypted.
    Kept: until the learner deletes it, or RETENTION_GONE_DAYS after they left, with an offer to export.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="journal")
    usage = models.CharField(max_length=160, blank=True)
    token = models.CharField(max_length=64)
    sealed = models.BinaryField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "token"], name="one_entry_a_form")]


class SpentJournalForm(models.Model):
    """The form of an entry that was deleted: sent once more, by a second tab or a late retry, it doesn't come back.

    Personal data: that somebody deleted an entry; nothing of what was in it.
    Kept: two days, then until the next entry of the same person is written or deleted.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    token = models.CharField(max_length=64)
    spent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "token"], name="a_form_is_spent_once")]


class JournalShareQuerySet(models.QuerySet["JournalShare"]):
    def live(self) -> JournalShareQuerySet:
        """What may be read today. Whoever leaves the organisation, on either side, takes no share along."""
        return self.filter(
            withdrawn_at=None,
            last_day__gte=timezone.localdate(),
            reader__is_active=True,
            entry__person__is_active=True,
            entry__person__organisation=F("reader__organisation"),
        )


class JournalShare(models.Model):
    """One named person may read one entry, as it is at that moment, up to and including `last_day`.

    A view, not a copy: nothing of the entry is in here. Withdrawn, it stays for its owner to see who looked.

    Personal data: who let whom read something, and until when.
    Kept: as long as the entry.
    """

    entry = models.ForeignKey(JournalEntry, models.CASCADE, related_name="shares")
    reader = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    shared_at = models.DateTimeField()
    first_day = models.DateField()
    last_day = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = JournalShareQuerySet.as_manager()

    class Meta:
        ordering = ["-shared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "reader"], name="an_entry_shared_once_with_a_reader"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="a_share_ends_after_it_begins"),
        ]
        indexes = [
            models.Index(fields=["reader", "last_day"], condition=Q(withdrawn_at=None), name="shares_with_a_reader")
        ]


class JournalShareView(models.Model):
    """The reader of a share looked. Its owner sees this.

    Personal data: when somebody read what was shared with them.
    Kept: as long as the entry.
    """

    share = models.ForeignKey(JournalShare, models.CASCADE, related_name="views")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "-pk"]


class JournalExport(models.Model):
    """Somebody's journal as a PDF: asked for, then made by a job. `sealed` is the file, encrypted.

    `version` goes up when the journal changes while the file is being made, so that what was deleted meanwhile isn't
    kept in it. `made_at` is empty until the file is there.

    Personal data: the whole journal, encrypted.
    Kept: a day after it was made, and never after an entry in it was changed or deleted.
    """

    person = models.OneToOneField("learning.Person", models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at=None, sealed=None) | Q(made_at__isnull=False, sealed__isnull=False),
                name="a_made_export_has_a_file",
            )
        ]


class JournalExportDay(models.Model):
    """How many times somebody's journal was made into a PDF on the last day it was: a minute of work each time.

    Personal data: on which day somebody last asked for their journal, and how many times.
    Kept: until they ask on another day.
    """

    person = models.OneToOneField("learning.Person", models.CASCADE, related_name="+")
    day = models.DateField()
    times = models.PositiveSmallIntegerField()
