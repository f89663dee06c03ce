"""An LMS that is connected, and a module for it to open."""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from joserfc.jwk import RSAKey

from jobs import runner
from jobs.models import Job, Status
from learning.people.models import Organisation
from learning.tracks.models import ModuleEdition
from tests.factories import OrganisationFactory
from tests.lti.hostile import Claims, Lms, Server, connected, hang_up


@functools.cache
def _private_key(_number: int, **shape: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(**shape)


_imported_key = functools.cache(RSAKey.import_key)


@pytest.fixture(autouse=True)
def _keys_made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a key of ours and loading it take a tenth of a second: the first key of a test, its second and so on are
    those of the test before it."""
    numbers = itertools.count()
    made = SimpleNamespace(generate_private_key=lambda **shape: _private_key(next(numbers), **shape))
    monkeypatch.setattr("lti.keys.rsa", made)
    monkeypatch.setattr("lti.keys.RSAKey", SimpleNamespace(import_key=_imported_key))


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def lms(organisation: Organisation, edition: ModuleEdition) -> Lms:
    return connected(organisation)


@pytest.fixture
def claims(lms: Lms) -> Claims:
    """Those of a good launch by a learner; a test deletes or overwrites some."""
    return lms.claims()


@pytest.fixture
def browser() -> Client:
    return Client()


@pytest.fixture
def server() -> Iterator[Server]:
    cache.clear()
    server = Server()
    yield server
    hang_up()
    server.close()


class Worker:
    """Does what waits, as a runner does. Between two tries time goes by without anybody waiting for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0.0
        real = time.time
        monkeypatch.setattr("time.time", lambda: real() + self.ahead)
        monkeypatch.setattr("jobs.clock.now", lambda: timezone.now() + timedelta(seconds=self.ahead))

    def work(self, *, until: float = 48 * 3600.0) -> None:
        """Until nothing waits, or so many seconds have gone by."""
        end = self.ahead + until
        while True:
            runner.drain(limit=500)
            due = Job.objects.filter(status=Status.WAITING).order_by("due").values_list("due", flat=True).first()
            if due is None:
                return
            wait = (due - timezone.now()).total_seconds() - self.ahead
            if self.ahead + wait > end:
                return
            self.ahead += max(wait, 0.0) + 0.001

    def failed(self) -> list[str]:
        """Why jobs failed for good."""
        return list(Job.objects.filter(status=Status.FAILED).order_by("pk").values_list("last_reason", flat=True))


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(monkeypatch)
