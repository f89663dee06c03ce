"""Runs the benches one after another, each in a process with a database and a folder of its own, and tells."""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path

from bench.measuring.rows import Row
from tests.journeys.site import database_of_its_own

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results.json"


def main(names: Sequence[str], *, package: str = "bench", results: Path = RESULTS) -> int:
    """0 when every bench ran and kept to its budgets, 1 when not, 2 for a name that isn't there."""
    known = benches(package)
    unknown = set(names) - set(known)
    if unknown:
        sys.stderr.write(f"no such bench: {', '.join(sorted(unknown))}. There are: {', '.join(known)}\n")
        return 2
    rows: list[Row] = []
    broken = []
    for name in names or known:
        for database in databases():
            made = run(f"{package}.{name}", database)
            if made is None:
                broken.append(name)
            else:
                rows += made
    results.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.write(table(rows))
    if broken:
        sys.stdout.write(f"\nDidn't finish: {', '.join(broken)}\n")
    return int(bool(broken) or not all(row["ok"] for row in rows))


def benches(package: str) -> list[str]:
    """The modules of a package; what lies deeper is what they are made with."""
    found = pkgutil.iter_modules(import_module(package).__path__)
    return sorted(module.name for module in found if not module.ispkg and not module.name.startswith("_"))


def databases() -> list[str]:
    """PostgreSQL too where `script/bench` (or whoever calls) has one."""
    return ["SQLite", "PostgreSQL"] if os.environ.get("DATABASE_URL") else ["SQLite"]


def run(module: str, database: str) -> list[Row] | None:
    """The rows of one bench on one database; None when it broke (it has said why)."""
    sys.stderr.write(f"bench: {module}, {database}\n")
    with (
        tempfile.TemporaryDirectory(prefix="tussenruimte-bench-") as folder,
        database_of_its_own() if database == "PostgreSQL" else nullcontext({"DATABASE_URL": ""}) as environ,
    ):
        file = Path(folder) / "rows.json"
        done = subprocess.run(  # noqa: S603 our own module
            [sys.executable, "-m", "bench.measuring.one", module, str(file)],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": folder, "BROKER_URL": "", **environ},
            check=False,
        )
        rows: list[Row] | None = json.loads(file.read_text()) if done.returncode == 0 else None
        return rows


HEADINGS = ("", "measured", "beside", "ratio", "at most", "")


def table(rows: Sequence[Row]) -> str:
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        + "\n"
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    ratio, budget = row["ratio"], row["budget"]
    unit = " ×" if row["budget_on"] == "ratio" else f" {row['unit']}"
    return (
        row["name"],
        f"{row['value']:,.5g} {row['unit']}",
        f"{row['reference']:,.5g} {row['unit']}",
        "" if ratio is None else f"{ratio:.3g} ×",
        "" if budget is None else f"{budget:.3g}{unit}",
        "" if budget is None else "kept" if row["ok"] else "NOT KEPT",
    )
