"""What somebody recorded."""

from __future__ import annotations

from django.db import models

__all__ = ["Recording"]


class Recording(models.Model):
    """A learner's own voice, encrypted with the row's own place bound in (`learning.sealing`).

    Of a journal entry (`entry`; gone with it), or of the activity `usage`, which then remembers its number. `token` is
    that of the form it came with, so that the same form sent twice is one recording. `kind` is what its content was
    found to be, never what the sender called it. How long it is stands with the words it belongs to, sealed too.

    Personal data: a voice and what it says about somebody, encrypted; no words of it anywhere else.
    Kept: until the learner deletes it or its entry, else as long as the journal: RETENTION_GONE_DAYS after they left.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    entry = models.OneToOneField("learning.JournalEntry", models.CASCADE, null=True, related_name="+")
    usage = models.CharField(max_length=160, blank=True)
    token = models.CharField(max_length=64)
    kind = models.CharField(max_length=8)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "token"], name="one_recording_a_form")]
