"""What an operation costs: processor time, for a clock on the wall says more about the neighbours than about us.

What is compared is measured in turn, round after round, so that a machine that slows down slows both.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

# Do an operation so many times; the processor seconds that took.
Case = Callable[[int], float]
MICROSECONDS = "µs CPU"


def here(operation: Callable[[], object]) -> Case:
    """An operation of this thread."""

    def case(times: int) -> float:
        start = time.thread_time()
        for _ in range(times):
            operation()
        return time.thread_time() - start

    return case


def interleaved(cases: Mapping[str, Case], *, rounds: int = 21, times: int = 20) -> dict[str, float]:
    """Microseconds an operation, the median of the rounds, per case."""
    for case in cases.values():
        case(times)
    took: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            gc.collect()
            took[name].append(case(times) / times * 1_000_000)
    return {name: statistics.median(seconds) for name, seconds in took.items()}


class Peer:
    """The same in another process, with settings and a database of its own; it runs `serve` below."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 our own module
            [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._read()

    def case(self, times: int) -> float:
        assert self._process.stdin
        self._process.stdin.write(f"{times}\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> float:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} stopped: it said why above")
        return float(line)

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *exception: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


def serve(case: Case) -> None:
    """Measure `case` for a Peer, until it hangs up."""
    sys.stdout.write("0\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(f"{case(int(line))!r}\n")
        sys.stdout.flush()
