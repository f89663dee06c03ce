"""All content read from its folders and put to every publish gate, beside the same files read by PyYAML alone.

And "De inloopavond", the largest conversation: every state it can get into is looked at for its gates.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from bench.measuring.cost import here, interleaved
from bench.measuring.rows import Row, limited
from modules.blocks.conversationsim.block import ConversationSim
from modules.olx import CONTENT, check_module

EVENING = CONTENT / "depolarisatie" / "2.4" / "inloopavond.yaml"


def rows() -> list[Row]:
    folders = sorted(course.parent for course in CONTENT.glob("*/course.xml"))
    files = sorted(CONTENT.rglob("*.yaml"))
    took = interleaved(
        {
            "content": here(checking(folders)),
            "yaml": here(reading(files)),
            "evening": here(evening),
            "evening-yaml": here(reading([EVENING])),
        },
        rounds=3,
        times=1,
    )
    return [
        limited(
            f"all content ({len(folders)} modules, {len(files)} files) read and put to every gate, beside PyYAML alone",
            value=took["content"] / 1000,
            reference=took["yaml"] / 1000,
            unit="ms",
            at_most=5_000,
        ),
        limited(
            "De inloopavond read and put to its gates, beside PyYAML alone",
            value=took["evening"] / 1000,
            reference=took["evening-yaml"] / 1000,
            unit="ms",
            at_most=2_000,
        ),
    ]


def checking(folders: list[Path]) -> Callable[[], None]:
    def check() -> None:
        for folder in folders:
            findings = check_module(folder)
            assert not findings, findings

    return check


def evening() -> None:
    problems = ConversationSim.check(ConversationSim.read(EVENING.read_text(encoding="utf-8")).data)
    assert not problems, problems


def reading(files: list[Path]) -> Callable[[], None]:
    """Of the same package, the safe loader that is written in Python too."""

    def read() -> None:
        for file in files:
            assert yaml.safe_load(file.read_text(encoding="utf-8"))

    return read
