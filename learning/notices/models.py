"""Notices and who doesn't want which."""

from __future__ import annotations

from django.db import models

__all__ = ["Notice", "NoticeChoice"]


class Notice(models.Model):
    """One thing that somebody should know, said once.

    `kind` is registered in `learning.notices.kinds`, which makes the sentence when it is shown. `key` tells one notice
    of a kind from the next ("work:12:2"): the same again is nothing new. `facts` are ids, dates and numbers for that
    sentence, never words of people.

    Personal data: that something happened in somebody's learning, and when they saw it.
    Kept: RETENTION_NOTICES_DAYS after it was made.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="said_once")]
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notices_of_a_person"),
            models.Index(fields=["person"], condition=models.Q(seen_at=None), name="unseen_of_a_person"),
        ]


class NoticeChoice(models.Model):
    """A kind of notice that somebody wants otherwise than both ways; `kind` "" is all mail together.

    Personal data: that wish.
    Kept: until they want it otherwise.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=40)
    on_page = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_choice_a_kind")]
