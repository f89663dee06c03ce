"""A process of its own that works on the test's database: `python -m tests.jobs.drainer MODE LOG`.

The first line on stdin is its settings in JSON. Modes: `work` forks a worker for each further line and says its number;
a worker works until it is killed, or with the line "finish" until nothing is open. `thread` starts the web process's
thread, which only the bell can wake, records one job and waits until that is done. `broker` records one job with a
broker that isn't there.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

import django
from django.conf import settings

mode, log = sys.argv[1:]
given = json.loads(sys.stdin.readline())
settings.configure(
    INSTALLED_APPS=["jobs"],
    DATABASES={"default": given["database"]},
    DATA_DIR=Path(given["data"]),
    CELERY_BROKER_URL="amqp://127.0.0.1:9" if mode == "broker" else "",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from datetime import timedelta  # noqa: E402

from django.db import transaction  # noqa: E402

from jobs import embedded, leases, registry, runner, services  # noqa: E402
from jobs.models import Job, Status  # noqa: E402

done = threading.Event()


@registry.job("toy")
def write(payload: dict[str, list[object]]) -> None:
    """One line a job, on the disk before it returns; slow enough to be killed half-way."""
    time.sleep(0.003)
    with Path(log).open("a") as file:
        file.write(json.dumps(payload["n"]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    done.set()


def record() -> None:
    with transaction.atomic():
        services.record("toy", "woken", {"n": ["woken", 1]})


def work(*, finish: bool) -> None:
    # On PostgreSQL only the lease tells that a runner died.
    leases.LEASE = timedelta(seconds=0.5)
    loop = embedded.Loop()
    while not finish or Job.objects.exclude(status=Status.DONE).exists():
        loop.round()


if mode == "work":
    # One start of Python and Django for all that are killed: there is no connection yet that a fork could share.
    for line in sys.stdin:
        number = os.fork()
        if not number:
            work(finish=line == "finish\n")
            os._exit(0)
        print(number, flush=True)
        os.waitpid(number, 0)
elif mode == "thread":
    runner.POLL = 3600.0
    assert embedded.start()
    assert not embedded.start()
    record()
    sys.exit(0 if done.wait(60) else 1)
else:
    assert not embedded.start()
    record()
