"""Where the activities of the four modules are."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from lxml import etree

from learning.people.models import Person
from learning.runtime.blocks import load_block
from learning.tracks.models import Enrolment, ModuleEdition
from modules.olx import CONTENT, read_module
from tests.factories import PersonFactory, enrolled

FOLDERS = {folder.name: folder for folder in sorted(CONTENT.iterdir()) if (folder / "course.xml").is_file()}

_LATER = {"-herhaal": 8, "-terugblik": 91}


@dataclass(frozen=True)
class Place:
    """An activity where it stands in a module."""

    module: str
    unit: str
    key: str
    type: str
    required: bool

    @property
    def data(self) -> Mapping[str, Any]:
        return _authored(self.module)[self.key]

    @property
    def own_page(self) -> bool:
        return bool(load_block(self.type).own_page)

    @property
    def page(self) -> str:
        """The address at which it can be done."""
        unit = f"/leren/{self.module}/{self.unit}/"
        return f"{unit}{self.key}/" if self.own_page else unit

    @property
    def usage(self) -> str:
        return f"{self.module}/{self.key}"

    @property
    def days_later(self) -> int:
        """After how many days the end of the module is long enough ago for this to be open; 0 for the module itself."""
        return next((days for end, days in _LATER.items() if self.unit.endswith(end)), 0)

    @property
    def comes_later(self) -> bool:
        return self.days_later > 0


@functools.cache
def _authored(module: str) -> dict[str, Mapping[str, Any]]:
    """{key of an activity: what its author wrote}"""
    source, findings = read_module(FOLDERS[module])
    assert source
    assert not findings
    return {activity.key: activity.authored.data for activity in source.activities()}


def places_of(module: str) -> list[Place]:
    """From the tree alone: whoever only collects tests needn't read all content."""
    return [
        Place(module, chapter.attrib["url_name"], leaf.attrib["url_name"], leaf.tag, leaf.get("verplicht") != "false")
        for chapter in etree.parse(FOLDERS[module] / "course.xml").iter("chapter")
        for leaf in chapter.iterfind("sequential/vertical/*")
        if isinstance(leaf.tag, str)
    ]


PLACES = [place for module in FOLDERS for place in places_of(module)]


def somebody(edition: ModuleEdition, place: Place) -> tuple[Client, Person]:
    """A new learner in the module, signed in; far enough for this activity to be open."""
    person = PersonFactory.create()
    enrolled(person, edition)
    if place.comes_later:
        then = timezone.now() - timedelta(days=place.days_later)
        Enrolment.objects.filter(person=person).update(completed_at=then, finished_at=then)
    client = Client()
    client.force_login(person)
    return client, person
