"""`script/bench`: what it prints, what it writes and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.measuring import runner
from bench.measuring.rows import Row, compared, limited

BENCHES = "tests.bench.benches"


@pytest.fixture(autouse=True)
def _only_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results.json"


def written(results: Path) -> list[Row]:
    rows: list[Row] = json.loads(results.read_text())
    return rows


def test_a_table_and_the_same_rows_as_json(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["keeping"], package=BENCHES, results=results) == 0
    rows = written(results)
    assert [(row["name"], row["value"], row["reference"], row["ratio"], row["ok"]) for row in rows] == [
        ("ours beside theirs", 1, 4, 0.25, True),
        ("queries", 7, 2, 3.5, True),
        ("only shown", 9, 3, 3, True),
    ]
    assert capsys.readouterr().out == runner.table(rows)


def test_a_budget_that_is_not_kept_ends_with_1(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["keeping", "exceeding"], package=BENCHES, results=results) == 1
    assert [row["ok"] for row in written(results)] == [True, True, True, False]
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "too heavy" in line)
    assert line.endswith("NOT KEPT")


def test_a_bench_that_stops_ends_with_1_and_the_others_are_told(
    results: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert runner.main(["stopping", "keeping"], package=BENCHES, results=results) == 1
    assert len(written(results)) == 3
    told = capfd.readouterr()
    assert "Didn't finish: stopping" in told.out
    assert "nothing to measure" in told.err


def test_a_name_that_is_not_there_ends_with_2_and_measures_nothing(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert runner.main(["keeping", "nergens"], package=BENCHES, results=results) == 2
    assert "no such bench: nergens. There are: exceeding, keeping, stopping" in capsys.readouterr().err
    assert not results.exists()


def test_without_a_name_it_runs_them_all(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def run(module: str, database: str) -> list[Row]:
        ran.append((module, database))
        return []

    monkeypatch.setattr(runner, "run", run)
    assert runner.main([], package=BENCHES, results=results) == 0
    assert ran == [(f"{BENCHES}.{name}", "SQLite") for name in ("exceeding", "keeping", "stopping")]


def test_our_own_benches_are_all_found() -> None:
    assert {"ags", "answer", "certificates", "first_load", "lti_launch", "unit_page"} <= set(runner.benches("bench"))


def test_with_a_database_each_runs_on_that_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://iemand@ergens/iets")
    assert runner.databases() == ["SQLite", "PostgreSQL"]


@pytest.mark.parametrize(("value", "ok"), [(1, True), (2, True), (2.001, False)])
def test_a_budget_holds_up_to_and_including_its_limit(value: float, ok: bool) -> None:
    assert compared("a", value=value, reference=4, unit="µs", at_most=1 / 2)["ok"] is ok
    assert limited("a", value=value, reference=4, unit="µs", at_most=2)["ok"] is ok


def test_without_a_budget_there_is_nothing_to_exceed() -> None:
    row = compared("a", value=1_000, reference=1, unit="µs")
    assert (row["ok"], row["budget"], runner.table([row]).splitlines()[1].endswith("×")) == (True, None, True)
