"""Another day, for what the demo's people did before today.

Only in the process that makes the demo, which does nothing else and has one thread. Databases keep their own time: what
they fill in by themselves is of today.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from django.utils import timezone


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Whoever asks what time it is hears that it is so many days ago, and that time goes on."""
    real, begun = timezone.now, monotonic()
    then = real() - timedelta(days=days)
    timezone.now = lambda: then + timedelta(seconds=monotonic() - begun)
    try:
        yield
    finally:
        timezone.now = real
