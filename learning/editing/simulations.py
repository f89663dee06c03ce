"""Conversations as their author sees them: drawn, counted and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modules.blocks.conversationsim.drawing import graph_svg
from modules.blocks.conversationsim.gates import Report, report
from modules.olx import ActivitySource


@dataclass(frozen=True)
class Drawn:
    """`lines`: how many turns, ways and endings, whether the longest choice is the best, what is wrong."""

    title: str
    lines: tuple[str, ...]
    report: Report

    @property
    def svg(self) -> str:
        return graph_svg(self.report.simulation, self.report.problems) if self.report.simulation else ""


def conversations(source: ActivitySource) -> list[Mapping[str, Any]]:
    """What an activity has of them: one, the parallel ones of a decision task, or none."""
    match source.block.block_type:
        case "conversationsim":
            return [source.authored.data]
        case "decisiontask":
            tasks = source.authored.data.get("taken")
            return [task for task in tasks if isinstance(task, Mapping)] if isinstance(tasks, list) else []
    return []


def drawn(source: ActivitySource) -> list[Drawn]:
    made = [(data, report(data)) for data in conversations(source)]
    return [Drawn(str(data.get("titel", "")), tuple(one.lines()), one) for data, one in made]
