"""Receivers that keep failing get a rest, so that their jobs don't take the place of others'."""

from __future__ import annotations

import random
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection

from jobs import backoff, clock
from jobs.models import Receiver
from jobs.registry import TryLater

_reached_for: ContextVar[str] = ContextVar("reached_for", default="")
_known_awake: ContextVar[str] = ContextVar("known_awake", default="")


def toward(receiver: str) -> None:
    """Called by a handler before it reaches for `receiver` (the address of a system).

    Raises TryLater when that receiver has a rest. What comes of the job then counts for the receiver.
    """
    _reached_for.set(receiver)
    if receiver != _known_awake.get():
        refuse_when_paused(receiver)
    _known_awake.set("")


_PAUSED = f"SELECT 1 FROM {Receiver._meta.db_table} WHERE name = %s AND paused_until IS NOT NULL"  # noqa: S608


def refuse_when_paused(receiver: str) -> None:
    """Nearly always nobody has a rest: that is found out by hand, at a fifth of the cost."""
    with connection.cursor() as cursor:
        cursor.execute(_PAUSED, [receiver])
        if cursor.fetchone() is None:
            return
    now = clock.now()
    until = Receiver.objects.filter(name=receiver, paused_until__gt=now).values_list("paused_until", flat=True).first()
    if until:
        wait = backoff.after_pause((until - now).total_seconds(), random.random())  # noqa: S311 spreads, hides nothing
        raise TryLater("the receiver has a rest", wait, receiver=receiver, counted=False)


def forget_whom(*, known_awake: str = "") -> None:
    """A job begins. `known_awake` is a receiver that had no rest when it was leased, a moment ago: a handler that
    reaches for that one needn't ask again, the first time."""
    _reached_for.set("")
    _known_awake.set(known_awake)


def whom() -> str:
    """The receiver the job that runs now reached for, or ''."""
    return _reached_for.get()


def failed(receiver: str, after: float | None) -> None:
    """Inside the transaction that finishes the job."""
    now = clock.now()
    row, _ = Receiver.objects.select_for_update().get_or_create(name=receiver)
    row.failures += 1
    wait = max(after or 0.0, backoff.pause(row.failures, random.random()))  # noqa: S311
    if wait:
        until = now + timedelta(seconds=wait)
        row.paused_until = max(row.paused_until or until, until)
    row.save(update_fields=["failures", "paused_until"])


ANSWERED = f"DELETE FROM {Receiver._meta.db_table} WHERE name = %s"  # noqa: S608


def answered(receiver: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, [receiver])
