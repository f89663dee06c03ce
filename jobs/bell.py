"""Tells runners that there is something to do. Only a hint: they look by themselves every few seconds.

In this process that is an event; where workers run apart (BROKER_URL), also a message to them, sent from a thread of
its own, so that a broker that is slow or gone never keeps anybody waiting.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from celery import Celery
from django.conf import settings

log = logging.getLogger(__name__)

_here = threading.Event()
_elsewhere = threading.Event()
_guard = threading.Lock()
_sender: int | None = None  # the process that has the thread: a fork doesn't take it along


def ring() -> None:
    """Never raises, never waits."""
    _here.set()
    if settings.CELERY_BROKER_URL:
        _elsewhere.set()
        _see_to_sender()


def wait(seconds: float) -> bool:
    """Until somebody rings, or so many seconds. One listener a process."""
    rung = _here.wait(max(0.0, seconds))
    _here.clear()
    return rung


def _see_to_sender() -> None:
    global _sender  # noqa: PLW0603
    if _sender == os.getpid():
        return
    with _guard:
        if _sender != os.getpid():
            threading.Thread(target=_send_for_ever, name="jobs-bell", daemon=True).start()
            _sender = os.getpid()


def _send_for_ever() -> None:
    app = _sending_app()
    while True:
        _elsewhere.wait()
        _elsewhere.clear()
        _send(app)


def _sending_app() -> Any:
    app = Celery("bell", broker=settings.CELERY_BROKER_URL, set_as_current=False)
    app.conf.update(broker_connection_timeout=2, task_ignore_result=True)
    return app


def _send(app: Any) -> None:
    """Twice at most: the first may find a connection that a restarted broker has dropped."""
    for last in (False, True):
        try:
            # An old hint is worth nothing: by then the workers have looked by themselves.
            app.send_task("jobs.drain", retry=False, expires=30, ignore_result=True)
        except Exception as error:
            if last:
                log.warning("no wake-up for the workers: %s", type(error).__name__)
        else:
            return
