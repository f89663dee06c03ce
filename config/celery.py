"""Workers: `celery -A config worker`. The broker only wakes them; what there is to do is in the database.

Each process of a worker also looks by itself (`jobs.embedded`), so no beat is needed and a broker that is gone stops
nothing.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, worker_process_init, worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("tussenruimte", include=["jobs.tasks"])
app.config_from_object("django.conf:settings", namespace="CELERY")
# The jobs table says what workers do. Without remote control a worker that was killed starts again at once: the broker
# still holds the control queue of the dead one, and would refuse another of that name.
app.conf.worker_enable_remote_control = False


@celeryd_init.connect
def _for_this_account_alone(**kwargs: Any) -> None:
    """As config/gunicorn.py: the files a worker writes are people's documents."""
    os.umask(0o077)


@celeryd_init.connect
def _a_connection_each(**kwargs: Any) -> None:
    """A worker has a thread or two, which keep their connection. Celery closes a pool around each of its tasks, under
    the hands of the thread that also uses it."""
    for database in settings.DATABASES.values():
        if database.get("OPTIONS", {}).pop("pool", None):
            database.update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)


@worker_process_init.connect
def _look_in_each_process(**kwargs: Any) -> None:
    from jobs import embedded  # noqa: PLC0415 needs Django's apps, which Celery has loaded by now

    embedded.start_thread()


@worker_ready.connect
def _look_where_tasks_are_threads(sender: Any, **kwargs: Any) -> None:
    """A pool of threads has no processes to start in; one of processes must not have a connection to pass on."""
    from celery.concurrency.prefork import TaskPool as Processes  # noqa: PLC0415

    from jobs import embedded  # noqa: PLC0415

    if not issubclass(sender.pool_cls if hasattr(sender, "pool_cls") else sender.controller.pool_cls, Processes):
        embedded.start_thread()
