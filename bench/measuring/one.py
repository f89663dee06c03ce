"""One bench, in this process: `python -m bench.measuring.one PACKAGE.NAME FILE` writes its rows to FILE."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import django
from django.conf import settings

from config.environment import ROOT


def main(name: str, file: str) -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 needs settings
    from django.db import connection  # noqa: PLC0415 needs settings

    bench = importlib.import_module(name)
    on_both = getattr(bench, "POSTGRESQL", False)
    rows = []
    if on_both or connection.vendor == "sqlite":
        _collected_static_files()
        if getattr(bench, "DATABASE", True):
            call_command("migrate", verbosity=0)
        rows = list(bench.rows())
    if on_both:
        for row in rows:
            row["name"] += f" ({connection.display_name})"
    Path(file).write_text(json.dumps(rows))


def _collected_static_files() -> None:
    """Those of this checkout, which `script/bootstrap` has collected."""
    collected = ROOT / "var" / "static"
    if not settings.STATIC_ROOT.exists():
        settings.STATIC_ROOT.symlink_to(collected)


if __name__ == "__main__":
    main(*sys.argv[1:])
