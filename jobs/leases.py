"""How a runner that lives keeps what it works on, and one that died lets go of it.

A job is leased for a short while, LEASE. The process that works on it renews that a few times within each LEASE, so a
lease that ended means that the process is gone (killed, power cut, cut off from the database), whatever the cause and
wherever it ran; another runner then takes the job back. So:

- what a dead process worked on is taken up within LEASE and a moment, on any database, by any runner;
- a job that lasts longer than LEASE isn't taken from a process that lives and reaches the database;
- a handler that hangs is given up after LONGEST and LEASE: another runner does the job again. One that can tell that
  it gets somewhere may say so (`going_on`), and has LONGEST anew from there. The first may still wake
  up; it can't finish the job any more (`runner` checks the lease), but what it does outside can't be called back.

That last, and a process that stands still for longer than LEASE, are the only ways in which two handlers of one
`serial` can be at work at once. A handler that reaches outside the database sends something by which its receiver sees
what is older (a score carries a timestamp, chosen before it is sent). The clocks of hosts with runners may differ a few
seconds, no more.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import connection, transaction

from jobs import clock
from jobs.models import Job, Status

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
LONGEST = timedelta(seconds=120)
_TIMES_A_LEASE = 4  # so that three renewals in a row may fail

_guard = threading.Lock()
_held: dict[tuple[int, str], datetime] = {}  # number and lease of a job: until when we renew it
_some = threading.Event()
_pause = threading.Event()  # never set: only waited for
_mine: ContextVar[tuple[int, str] | None] = ContextVar("mine", default=None)
_keeper: int | None = None  # the process that has the thread: a fork doesn't take it along


@contextmanager
def held(number: int, lease: str) -> Iterator[None]:
    """While the block runs, and at most LONGEST, this process renews the lease."""
    _see_to_keeper()
    with _guard:
        _held[number, lease] = clock.now() + LONGEST
    _some.set()
    token = _mine.set((number, lease))
    try:
        yield
    finally:
        _mine.reset(token)
        with _guard:
            _held.pop((number, lease), None)


def going_on() -> None:
    """Called by a handler that works on something long, in its own thread, each time it sees that it gets somewhere."""
    mine = _mine.get()
    with _guard:
        if mine in _held:
            _held[mine] = clock.now() + LONGEST


def renew() -> None:
    """All that this process holds. A lease that went to another meanwhile stays with that other."""
    now = clock.now()
    with _guard:
        mine = [which for which, until in _held.items() if until > now]
    if not mine:
        return
    with transaction.atomic():
        for number, lease in mine:
            Job.objects.filter(id=number, lease=lease, status=Status.RUNNING).update(due=now + LEASE)


def _see_to_keeper() -> None:
    global _keeper  # noqa: PLW0603
    if _keeper == os.getpid():
        return
    with _guard:
        if _keeper != os.getpid():
            _held.clear()
            threading.Thread(target=_keep_for_ever, name="jobs-leases", daemon=True).start()
            _keeper = os.getpid()


def _keep_for_ever() -> None:
    """Most jobs are done before the first look; then this costs nothing."""
    while True:
        _some.wait()
        _pause.wait(LEASE.total_seconds() / _TIMES_A_LEASE)
        _some.clear()
        if not _held:
            continue
        _some.set()
        try:
            renew()
        except Exception as error:
            # A full disk, a database that is restarted: there is time for a next one. No message: it may quote a row.
            log.warning("jobs: a lease can't be renewed: %s", type(error).__name__)
        finally:
            # The next may be hours away, and a connection is somebody else's meanwhile.
            connection.close()
