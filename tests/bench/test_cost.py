"""How an operation is measured: in turns, here or in another process."""

from __future__ import annotations

import pytest

from bench.measuring.cost import Case, Peer, here, interleaved


def test_cases_take_turns_and_the_middle_round_counts() -> None:
    turns = []

    def case(name: str, seconds: list[float]) -> Case:
        took = iter([0.0, *seconds])  # the first time is to warm up

        def run(times: int) -> float:
            turns.append((name, times))
            return next(took)

        return run

    figures = interleaved(
        {"ours": case("ours", [9.0, 2.0, 4.0]), "theirs": case("theirs", [8.0, 8.0, 6.0])}, rounds=3, times=2
    )
    assert figures == {"ours": 2_000_000, "theirs": 4_000_000}
    assert turns == [("ours", 2), ("theirs", 2)] * 4


def test_an_operation_is_done_as_often_as_asked() -> None:
    done: list[None] = []
    assert here(lambda: done.append(None))(7) >= 0
    assert len(done) == 7


def test_another_process_measures_as_often_as_asked() -> None:
    with Peer("tests.bench.peer") as peer:
        assert [peer.case(times) for times in (3, 5)] == [3.0, 5.0]


def test_another_process_that_stops_is_told_of() -> None:
    with pytest.raises(RuntimeError, match=r"tests\.bench\.peer"), Peer("tests.bench.peer") as peer:
        peer.case(13)
