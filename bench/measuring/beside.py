"""What is measured against stands in a process of its own, so that only our side is counted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def an_lms(*module: str) -> Iterator[str]:
    """Its address, while the block runs. `module` prints its port, with its own words behind its name."""
    command = [sys.executable, "-m", *module]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lms:  # noqa: S603 our own module
        assert lms.stdout
        try:
            yield f"http://127.0.0.1:{int(lms.stdout.readline())}"
        finally:
            lms.terminate()
