"""Nobody gets there without reading: no answer that is always the same is enough, in any activity of any module."""

from __future__ import annotations

import functools

import pytest

from modules.blocks.conversationsim.rules import OPEN_FROM
from modules.blocks.decisiontask.rules import ENOUGH
from modules.blocks.itembyitem import THRESHOLD
from modules.coverage import Source, source_of
from modules.olx import ActivitySource, checked_module
from tests.modules.content import constant
from tests.modules.content.written import CONTENT, MODULES


@functools.cache
def activities(module: str) -> tuple[ActivitySource, ...]:
    """Each file once: Startpunt, Eindpunt and Herhaalmoment share theirs."""
    found, problems = checked_module(CONTENT / module)
    assert found is not None, problems
    return tuple({(each.file, each.block.block_type): each for each in found.activities()}.values())


def asked(activity: ActivitySource) -> float:
    """What somebody must reach here, 0 to 1."""
    match activity.block.block_type:
        case "decisiontask":
            return min(ENOUGH.values())
        case "conversationsim":
            return OPEN_FROM
    return float(activity.authored.data.get("drempel", THRESHOLD))


@pytest.mark.parametrize("module", MODULES)
def test_no_answer_that_is_always_the_same_is_enough(module: str) -> None:
    enough = {
        f"{activity.key}, {way}": round(worth, 3)
        for activity in activities(module)
        for way, worth in constant.ways(activity.block.block_type, activity.authored.data)
        if worth >= asked(activity)
    }
    assert enough == {}


def test_every_type_that_is_evidence_of_knowing_or_deciding_is_tried() -> None:
    everything = [activity for module in MODULES for activity in activities(module)]
    # What these score is how a plan is made up: nothing there is chosen from a list.
    plans = {"tabledesign", "walkplanner", "qualityplanner"}
    scored = {each.block.block_type for each in everything if source_of(each) not in (None, Source.PRACTICE)}
    assert scored - plans <= constant.KNOWN
    for kind in constant.KNOWN:
        of_it = [each.authored.data for each in everything if each.block.block_type == kind]
        assert any(list(constant.ways(kind, data)) for data in of_it), kind


def test_an_answer_that_is_always_right_would_be_found() -> None:
    items = [
        {"id": f"a{n}", "opties": [{"tekst": "een heel lang antwoord", "goed": True}, {"tekst": "b"}]} for n in "12"
    ]
    assert dict(constant.ways("quiz", {"items": items}))["longest"] == 1
    promises = {"bakken": {"doen": "", "agenderen": "", "niet": ""}, "rollen": {"a": "A"}}
    always = [{"sleutel": {"a": "agenderen"}}]
    assert dict(constant.ways("promisecheck", {**promises, "items": always}))["agenderen, as a"] == 1
