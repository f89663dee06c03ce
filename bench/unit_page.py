"""A unit page with ten activities: all of module 1's, drawn together."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from lxml import etree
from xblock.fields import ScopeIds
from xblock.runtime import DictKeyValueStore, KvsFieldData, MemoryIdManager, Runtime

from bench.measuring.cost import MICROSECONDS, here, interleaved
from bench.measuring.rows import Row, compared
from learning.people.models import Person
from learning.runtime.blocks import I18n, LearnerRuntime, Resources, State, resource_address
from learning.runtime.publishing import publish_folder
from learning.tracks import queries
from learning.tracks.content import Activity, Edition
from modules.olx import CONTENT
from tests.factories import PersonFactory

HREF = {"href": "/leren/"}


def rows() -> list[Row]:
    person, edition = PersonFactory.create(), one_long_unit()
    took = interleaved({"ours": here(drawn_by_us(person, edition)), "default": here(drawn_by_default(edition))}, times=10, rounds=11)
    return [
        compared(
            "ten activities drawn, beside the default XBlock runtime",
            value=took["ours"],
            reference=took["default"],
            unit=MICROSECONDS,
            at_most=1 / 20,
        ),
    ]


def one_long_unit() -> Edition:
    """Module 1 with all its activities in one unit."""
    folder = Path(settings.DATA_DIR) / "one-long-unit"
    shutil.copytree(CONTENT / "dialoogprincipes", folder)
    course = etree.parse(folder / "course.xml")
    first, *others = course.iter("vertical")
    for vertical in others:
        first.extend(vertical)
    for chapter in course.findall("chapter")[1:]:
        chapter.getparent().remove(chapter)
    course.write(folder / "course.xml", encoding="utf-8")
    published = publish_folder(folder)
    return queries.edition(published.pk, published.content_hash)


def drawn_by_us(person: Person, edition: Edition) -> Callable[[], None]:
    (unit,) = edition.units

    def draw() -> None:
        runtime = LearnerRuntime(person, edition)
        for activity in unit.activities:
            block = runtime.block(activity, State(person.pk, activity.usage))
            assert runtime.render(block, _view(activity), HREF).content

    return draw


def drawn_by_default(edition: Edition) -> Callable[[], None]:
    """The runtime XBlock comes with, its key-value store in memory; only what is abstract there is ours."""
    (unit,) = edition.units
    fields = KvsFieldData(DictKeyValueStore())
    services = {"field-data": fields, "i18n": I18n(), "resources": Resources(edition)}
    for activity in unit.activities:
        block = DefaultRuntime(services).construct_xblock(activity.type, _ids(activity))
        for name, value in activity.fields.items():
            fields.set(block, name, value)

    def draw() -> None:
        runtime = DefaultRuntime(services)
        for activity in unit.activities:
            block = runtime.construct_xblock(activity.type, _ids(activity))
            assert runtime.render(block, _view(activity), HREF).content

    return draw


def _view(activity: Activity) -> str:
    return "summary_view" if activity.own_page else "student_view"


def _ids(activity: Activity) -> ScopeIds:
    return ScopeIds("somebody", activity.type, activity.usage, activity.usage)


class DefaultRuntime(Runtime):  # type: ignore[misc] # XBlock has no types
    def __init__(self, services: dict[str, Any]) -> None:
        ids = MemoryIdManager()
        super().__init__(ids, id_generator=ids, services=services)

    def handler_url(self, block: Any, handler_name: str, *rest: Any, **more: Any) -> str:
        return f"/{block.scope_ids.usage_id}/{handler_name}/"

    def local_resource_url(self, block: Any, uri: str) -> str:
        return resource_address(block.scope_ids.block_type, uri)

    def resource_url(self, resource: str) -> str:
        return resource

    def publish(self, block: Any, event_type: str, event_data: dict[str, Any]) -> None:
        pass
