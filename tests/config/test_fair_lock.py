"""Writers on SQLite are served in the order in which they came."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from config.sqlite.base import FairLock
from learning.people.models import Organisation


def test_turns_come_in_the_order_of_asking() -> None:
    lock, order, asked = FairLock(), [], []
    lock.acquire()

    def take(number: int) -> None:
        asked.append(number)
        lock.acquire()
        order.append(number)
        lock.release()

    threads = []
    for number in range(8):
        thread = threading.Thread(target=take, args=[number])
        thread.start()
        threads.append(thread)
        while len(lock._waiting) <= number:
            time.sleep(0.001)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == asked == list(range(8))


def fail_half_way(slug: str) -> None:
    with transaction.atomic():
        Organisation.objects.create(slug=slug, name="x")
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_many_threads_write_without_one_failing() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such queue")
    wrong: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(5):
                with transaction.atomic():
                    Organisation.objects.create(slug=f"o-{number}-{turn}", name="x")
                with pytest.raises(ZeroDivisionError):
                    fail_half_way(f"fout-{number}-{turn}")
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []
    assert Organisation.objects.count() == 80
