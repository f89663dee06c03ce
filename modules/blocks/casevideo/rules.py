"""A case in parts: scenes with a stop after some, and what the answers are worth (curriculum 3.k)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SINGLE, OPEN = "enkel", "open"
KINDS = (SINGLE, OPEN)
STOPS = 3
LONGEST_IS_RIGHT_AT_MOST = 0.6
# Over fewer stops a share says nothing.
ENOUGH_STOPS = 3


@dataclass(frozen=True)
class Part:
    """What is read or watched in one go, and the stops after it. `start`, `end`: its seconds in the video, if any."""

    scenes: tuple[Mapping[str, Any], ...]
    stops: tuple[Mapping[str, Any], ...]
    start: float = 0.0
    end: float | None = None


def parts(data: Mapping[str, Any]) -> list[Part]:
    """A part a scene; with a video the scenes up to the next stop are one part, for there it plays on."""
    after: dict[str, list[Mapping[str, Any]]] = {}
    for stop in data["stops"]:
        after.setdefault(stop["na"], []).append(stop)
    found: list[Part] = []
    waiting: list[Mapping[str, Any]] = []
    start = 0.0
    for number, scene in enumerate(data["scenes"], 1):
        waiting.append(scene)
        stops = after.get(scene["id"], [])
        if data.get("video") and not stops and number < len(data["scenes"]):
            continue
        end = float(stops[0]["tijd"]) if data.get("video") and stops else None
        found.append(Part(tuple(waiting), tuple(stops), start, end))
        waiting, start = [], start if end is None else end
    return found


def is_scored(stop: Mapping[str, Any]) -> bool:
    """Whether a stop has a right answer; one that asks for an opinion, or for own words, hasn't."""
    return stop["soort"] == SINGLE and any(option.get("goed") is True for option in stop["opties"])


def stop_points(stop: Mapping[str, Any], chosen: int) -> float:
    options = stop["opties"]
    return float(0 <= chosen < len(options) and options[chosen].get("goed") is True)


def tally(attempts: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """{stop: {"n", "gekozen": {position: how often}}}, and for a scored stop "p", the mean of its points.

    An attempt is {stop: [position, points or None]}.
    """
    records: dict[str, list[list[Any]]] = {}
    for attempt in attempts:
        if isinstance(attempt, Mapping):
            for stop, record in attempt.items():
                records.setdefault(stop, []).append(record)
    return {stop: _figures(each) for stop, each in records.items()}


def _figures(records: list[list[Any]]) -> dict[str, Any]:
    points = [worth for _, worth in records if worth is not None]
    mean = {"p": round(sum(points) / len(points), 4)} if points else {}
    return {"n": len(records), "gekozen": dict(Counter(str(chosen) for chosen, _ in records)), **mean}


def case_score(stops: Sequence[Mapping[str, Any]], answers: Mapping[str, int]) -> float | None:
    """The share of scored stops answered right; None where nothing is scored."""
    scored = [stop for stop in stops if is_scored(stop)]
    if not scored:
        return None
    return round(sum(stop_points(stop, answers.get(stop["id"], -1)) for stop in scored) / len(scored), 4)


def longest_is_right(stops: Sequence[Mapping[str, Any]]) -> float:
    """Among scored stops with one right option: the share in which it is longer than all others."""
    longer = []
    for stop in stops:
        right = [option for option in stop.get("opties", []) if option.get("goed") is True]
        if stop["soort"] == SINGLE and len(right) == 1:
            others = [len(option["tekst"]) for option in stop["opties"] if option is not right[0]]
            longer.append(len(right[0]["tekst"]) > max(others))
    return sum(longer) / len(longer) if len(longer) >= ENOUGH_STOPS else 0.0


def paragraphs(text: str) -> list[str]:
    """Split by blank lines."""
    return [piece.strip() for piece in text.replace("\r\n", "\n").split("\n\n") if piece.strip()]
