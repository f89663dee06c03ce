"""The table of what still has to happen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Status(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = Q(status__in=[Status.WAITING, Status.RUNNING])


class Job(models.Model):
    """One thing that must happen, known by its kind and key. There is one row a key: recording it again opens it again.

    `payload` is JSON, ids and numbers only. `due` is the moment a runner may take it; for a running job that is when
    its lease ends and it is taken back. `lease` is the token of the runner that has it: whoever finishes must hold it.
    `again_at` is set when the job was recorded anew while it ran: it then runs once more, from that moment.
    `held_until` is the pause a receiver asked for (Retry-After): recording anew doesn't shorten it. `turn` orders jobs
    of one `serial`, which never run two at once; it is the moment of recording in microseconds, by one clock.

    Personal data: numbers of rows about people in `payload`, `key` and `serial`; no names, no texts.
    Kept: done ones 7 days, failed ones until they are retried or recorded anew.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    serial = models.CharField(max_length=200, blank=True)
    payload = models.TextField()
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    due = models.DateTimeField()
    turn = models.BigIntegerField()
    tries = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    again_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    receiver = models.CharField(max_length=200, blank=True)
    last_reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_job_a_key"),
            models.UniqueConstraint(
                fields=["serial"],
                condition=Q(status=Status.RUNNING) & ~Q(serial=""),
                name="never_two_of_a_serial_at_once",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="a_job_status_we_know"),
            models.CheckConstraint(
                condition=~Q(status=Status.RUNNING) | ~Q(lease=""), name="a_running_job_has_a_lease"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.DONE) | Q(finished_at__isnull=False), name="a_done_job_has_a_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["due", "turn"], condition=OPEN, name="jobs_to_do"),
            models.Index(fields=["serial", "turn"], condition=OPEN, name="jobs_of_a_serial"),
            models.Index(fields=["finished_at"], condition=Q(status=Status.DONE), name="jobs_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Receiver(models.Model):
    """Somebody outside who doesn't answer well: how often in a row, and until when they are left alone.

    A receiver that answers has no row.

    Personal data: none; `name` is the address of a system.
    Kept: until it answers again.
    """

    name = models.CharField(max_length=200, unique=True)
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """The last sign of life of any runner: one row.

    Personal data: none.
    Kept: for good.
    """

    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_heartbeat")]

    def __str__(self) -> str:
        return self.seen_at.isoformat()
