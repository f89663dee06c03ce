"""What an operation takes in a process of its own: `python -m bench.seeded.alone MODULE:FUNCTION [ARGUMENT]` prints the
milliseconds it took, as `house.took` counts them, and the MiB by which the process grew at most.

In our own process memory that was taken before stays taken, and hides what is asked.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import subprocess
import sys
from pathlib import Path

import django


def alone(function: str, *arguments: str) -> tuple[float, float]:
    """(milliseconds, MiB) of `function`: "bench.seeded.exporting:fetch"."""
    command = [sys.executable, "-m", "bench.seeded.alone", function, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own module
    if done.returncode:
        raise RuntimeError(done.stderr)
    milliseconds, grown = json.loads(done.stdout)
    return milliseconds, grown


def main(function: str, *arguments: str) -> None:
    django.setup()
    module, _colon, name = function.partition(":")
    operation = getattr(importlib.import_module(module), name)(*arguments)
    from bench.seeded.house import clock  # noqa: PLC0415 needs settings

    before, start = _from_here(), clock()()
    operation()
    sys.stdout.write(json.dumps([(clock()() - start) * 1_000, (_memory("VmHWM") - before) / 1024]))


def _from_here() -> int:
    """KiB of memory that this process has, without what it could give back; the most it had is forgotten: starting
    takes more than most operations, and would hide them."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # proc_pid_clear_refs(5)
    return _memory("VmRSS")


def _memory(which: str) -> int:
    """KiB: "VmRSS", what there is now, or "VmHWM", the most there was."""
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in status if line.startswith(f"{which}:")))


if __name__ == "__main__":
    main(*sys.argv[1:])
