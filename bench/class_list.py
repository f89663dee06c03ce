"""A class list of 5,000 people read and applied in one pass: how much memory it takes, and how long.

The LMS is a process of its own on the loopback. Memory is what the process holds from the system at most, beside what
it held before; the pass is done by a process that has read a small list already, so that loading code isn't counted.
"""

from __future__ import annotations

import time
from pathlib import Path

from bench.measuring.beside import an_lms
from bench.measuring.rows import Row, limited
from learning.people.models import Person
from lti.tool import rosters
from lti.tool.models import Context, Participation
from tests.factories import OrganisationFactory
from tests.lti.hostile import connected

MANY = 5000
MIB = 1024 * 1024


def rows() -> list[Row]:
    with an_lms("bench.measuring.class_list", str(MANY)) as address:
        return measured(address)


def measured(address: str) -> list[Row]:
    small, large = (course(address, name) for name in ("small", "large"))
    rosters.update({"context": small.pk})
    before, start = held("VmRSS"), time.perf_counter()
    forget_peak()
    rosters.update({"context": large.pk})
    grown, took = max(held("VmHWM") - before, 0), time.perf_counter() - start
    assert Participation.objects.filter(context=large).count() == MANY
    return [
        limited(
            f"a class list of {MANY:,} people, read and applied: growth of memory ({took:.1f} s)",
            value=grown / MIB,
            reference=before / MIB,
            unit="MiB",
            at_most=60,
        )
    ]


def course(address: str, name: str) -> Context:
    platform = connected(OrganisationFactory.create(), issuer=address, client_id=name).platform
    assert Person.objects.count() < MANY
    return Context.objects.create(
        deployment=platform.deployments.get(), context_id=name, title=name, memberships_url=f"{address}/{name}"
    )


def held(what: str) -> int:
    """Bytes that the process has: now (VmRSS), or the most since `forget_peak` (VmHWM). proc(5)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(what)


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")
