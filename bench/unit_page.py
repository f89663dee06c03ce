"""A unit page with ten activities: those of three units of module 1, drawn together.

Each is measured for somebody who comes in for the first time and for somebody who has been at all of it: to the first
is shown what was drawn for others before (`same_at_first` of an activity), to the second hardly anything. The budget
beside wagtail-lms is that of the first: its page shows nothing of what a learner did.

And of all units of all modules the one that takes most to draw, as it is.

Beside it the lesson page of wagtail-lms with as much in it (`bench/peers/wagtail_lms`). Both are asked as whole
requests of the WSGI application, signed in, on SQLite as durable and with the connection kept, with what production
has on: no debugging, templates and the names of static files kept in memory. What isn't alike speaks for the other
side: its exercises are a title and an address that the browser fetches the exercise from in a next request, ours are
drawn whole, with what the learner did; and it has no menu, no second language and no policy for scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree
from xblock.fields import ScopeIds
from xblock.runtime import DictKeyValueStore, KvsFieldData, MemoryIdManager, Runtime

from bench.measuring.cost import MICROSECONDS, Peer, here, interleaved
from bench.measuring.page import asking
from bench.measuring.rows import Row, compared, limited
from learning.journal.services import write
from learning.people.models import Person
from learning.runtime import queries as stored
from learning.runtime.blocks import I18n, LearnerRuntime, Resources, State, resource_address
from learning.runtime.models import BlockState
from learning.runtime.publishing import publish_folder
from learning.tracks import queries
from learning.tracks.content import Activity, Edition
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition, Status
from modules.olx import CONTENT
from tests.factories import PersonFactory, enrolled, published
from tests.journeys.three_units import three_units

HREF = {"href": "/leren/"}
JOURNAL = """
journal:
  id: {key}
  titel: Even stil
  prompt: Wat bleef hangen?
  minuten: 5
  herkomst: geconstrueerd
  privacyklasse: C
  versie: 1
  taal: nl
"""


def rows() -> list[Row]:
    edition = one_long_unit()
    new, seasoned = PersonFactory.create_batch(2)
    ask = {"new": asked_by(new, edition), "seasoned": asked_by(seasoned, edition)}
    be_everywhere(seasoned, edition)
    dearest, ask["dearest"] = most_expensive(PersonFactory.create())
    blocks = interleaved(
        {
            "new": here(drawn_by_us(new, edition)),
            "seasoned": here(drawn_by_us(seasoned, edition)),
            "default": here(drawn_by_default(edition)),
        },
        times=10,
        rounds=11,
    )
    with Peer("bench.peers.wagtail_lms") as peer:
        pages = interleaved({**{who: here(request) for who, request in ask.items()}, "wagtail-lms": peer.case})
    who_words = {"new": "for the first time", "seasoned": "by somebody who has been at all of it"}
    return [
        *(
            compared(
                f"ten activities drawn {words}, beside the default XBlock runtime",
                value=blocks[who],
                reference=blocks["default"],
                unit=MICROSECONDS,
                at_most=1 / 20,
            )
            for who, words in who_words.items()
        ),
        *(
            compared(
                f"the page of a unit with ten activities asked {words}, beside a lesson page of wagtail-lms",
                value=pages[who],
                reference=pages["wagtail-lms"],
                unit=MICROSECONDS,
                at_most=1 / 3 if who == "new" else None,
            )
            for who, words in who_words.items()
        ),
        compared(
            f"the page of {dearest}, the most expensive of all modules, for the first time, beside wagtail-lms",
            value=pages["dearest"],
            reference=pages["wagtail-lms"],
            unit=MICROSECONDS,
            at_most=1 / 3,
        ),
        limited(
            "queries for a unit page with twenty activities, beside one with two",
            value=queries_for(new, 10),
            reference=queries_for(new, 1),
            unit="queries",
            at_most=8,
        ),
    ]


def be_everywhere(person: Person, edition: Edition) -> None:
    """Each text read, each exercise under way, something written at each place to write."""
    enrolment = Enrolment.objects.get(person=person)
    for _, activity in edition.activities():
        status = Status.DONE if activity.type in ("lesson", "journal") else Status.BUSY
        now = timezone.now()
        BlockState.objects.create(
            person=person, usage=activity.usage, data=json.dumps({"status": status}), updated_at=now
        )
        ActivityProgress.objects.create(
            enrolment=enrolment,
            activity=activity.key,
            status=status,
            completed_at=now if status == Status.DONE else None,
        )
        if activity.type == "journal":
            write(person, text="Voor mij.", tags=["werk"], token=f"bench-{activity.key}", usage=activity.usage)


def asked_by(person: Person, edition: Edition) -> Callable[[], bytes]:
    """The whole request, by somebody who is signed in and was on this page before."""
    return asking_as(person, edition)(edition.units[0].key)


def asking_as(person: Person, edition: Edition) -> Callable[[str], Callable[[], bytes]]:
    """For any unit of a module that somebody is in."""
    enrolled(person, ModuleEdition.objects.get(content_hash=edition.content_hash))
    visitor = Client()
    visitor.force_login(person)
    cookie = f"{settings.SESSION_COOKIE_NAME}={visitor.session.session_key}"

    def ask_for(unit: str) -> Callable[[], bytes]:
        ask = asking(get_wsgi_application(), f"/leren/{edition.module}/{unit}/", cookie)
        ask()
        return ask

    return ask_for


def most_expensive(person: Person) -> tuple[str, Callable[[], bytes]]:
    """Of all units of the modules as they are: (which, a request for its page)."""
    pages: dict[str, Callable[[], bytes]] = {}
    for folder in sorted(course.parent for course in CONTENT.glob("*/course.xml")):
        published = publish_folder(folder)
        edition = queries.edition(published.pk, published.content_hash)
        ask = asking_as(person, edition)
        pages |= {f"unit {unit.number} of {folder.name}": ask(unit.key) for unit in edition.units if unit.counts}
    took = interleaved({name: here(page) for name, page in pages.items()}, times=3, rounds=5)
    dearest = max(took, key=took.__getitem__)
    return dearest, pages[dearest]


def queries_for(person: Person, pairs: int) -> int:
    """Of a unit with so many quizzes and journals, in each of which something was written."""
    key = f"module-{pairs}"
    folder = Path(settings.DATA_DIR) / key
    folder.mkdir()
    leaves = ""
    for n in range(pairs):
        (folder / f"journaal-{n}.yaml").write_text(JOURNAL.format(key=f"journaal-{n}"))
        leaves += f'<journal url_name="journaal-{n}" src="journaal-{n}.yaml"/>'
        write(person, text="Voor mij.", tags=[], token=f"{key}-{n:08}", usage=f"{key}/journaal-{n}")
    edition = published(folder, units=1, quizzes=pairs, key=key, extra=leaves)
    ask = asked_by(person, queries.edition(edition.pk, edition.content_hash))
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def one_long_unit() -> Edition:
    """Three units of module 1 in one."""
    folder = three_units(Path(settings.DATA_DIR) / "one-long-unit")
    course = etree.parse(folder / "course.xml")
    first, *others = course.iter("vertical")
    for vertical in others:
        first.extend(vertical)
    for chapter in course.findall("chapter")[1:]:
        course.getroot().remove(chapter)
    course.write(folder / "course.xml", encoding="utf-8")
    published = publish_folder(folder)
    return queries.edition(published.pk, published.content_hash)


def drawn_by_us(person: Person, edition: Edition) -> Callable[[], None]:
    (unit,) = edition.units
    usages = [activity.usage for activity in unit.activities]
    states = stored.states(person, usages)

    def draw() -> None:
        runtime = LearnerRuntime(person, edition)
        for activity in unit.activities:
            block = runtime.block(activity, states.get(activity.usage) or State(person.pk, activity.usage))
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
