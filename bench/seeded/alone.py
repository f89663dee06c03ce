"""What an operation takes in a process of its own: `python -m bench.seeded.alone MODULE:FUNCTION [ARGUMENT]` prints the
milliseconds it took, as `house.took` counts them, and the MiB by which the process grew at most.

In our own process memory that was taken before stays taken, and hides what is asked.
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys

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

    before, start = _most(), clock()()
    operation()
    sys.stdout.write(json.dumps([(clock()() - start) * 1_000, (_most() - before) / 1024]))


def _most() -> int:
    """KiB of memory that this process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(*sys.argv[1:])
