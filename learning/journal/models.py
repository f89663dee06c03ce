"""Entries, and who may see which."""

from __future__ import annotations

from django.db import models

__all__ = ["JournalEntry"]


class JournalEntry(models.Model):
    """Something a learner wrote for themselves. Class C (curriculum 3.f): nobody else has a way to read it.

    `sealed` holds {"text", "tags", "title"} encrypted; `usage` is the activity it was written at, or "" for a free one.
    `token` comes with the form, so that the same form sent twice is one entry.

    Personal data: what somebody wrote about themselves, encrypted.
    Kept: until the learner deletes it, or 90 days after they leave, with an offer to export.
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
