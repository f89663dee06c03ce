"""What is drawn once for everybody: it is what each would have got, and nothing of anybody is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation
from lxml import etree
from pytest_django import DjangoAssertNumQueries
from xblock.runtime import Runtime

from learning.journal.services import share, write
from learning.people.models import Person
from learning.runtime import blocks
from learning.runtime.blocks import LearnerRuntime, State, read_handler_token
from learning.runtime.publishing import asset_paths, document_of, publish_folder
from learning.tracks import content, queries
from learning.tracks.content import Activity, Edition
from modules.olx import read_module
from tests.factories import PersonFactory, enrolled
from tests.journeys.three_units import three_units

HANDLER = re.compile(r"/[^/\"]+:[^/\"]+:[^/\"]+/")
HREF = {"href": "/leren/hier/"}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Three units of module 1, without a database."""
    module, _ = read_module(three_units(tmp_path_factory.mktemp("drie-units")))
    assert module
    return content.read("f" * 64, document_of(module, dict.fromkeys(asset_paths(module), f"{'0' * 40}.mp3")))


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    blocks._drawings.clear()
    yield
    blocks._drawings.clear()


def view(activity: Activity) -> str:
    return "summary_view" if activity.own_page else "student_view"


def drawn(person: Person, edition: Edition, activity: Activity, *, state: State | None = None) -> str:
    runtime = LearnerRuntime(person, edition)
    block = runtime.block(activity, state or State(person.pk, activity.usage))
    return str(runtime.render(block, view(activity), HREF).content)


def drawn_for_them_alone(person: Person, edition: Edition, activity: Activity) -> str:
    runtime = LearnerRuntime(person, edition)
    block = runtime.block(activity, State(person.pk, activity.usage))
    return str(Runtime.render(runtime, block, view(activity), HREF).content)


def without_addresses(html: str) -> str:
    return HANDLER.sub("/…/", html)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_kept_is_what_each_would_have_got(db: None, edition: Edition, language: str) -> None:
    """Holds each activity to what it says (`is_same_at_first`): what is mixed or made up per learner would differ."""
    people = PersonFactory.create_batch(4)
    runtime = LearnerRuntime(people[0], edition)
    kept = [
        activity
        for _, activity in edition.activities()
        if runtime.block(activity, State(people[0].pk, activity.usage)).is_same_at_first(view(activity))
    ]
    assert {activity.type for activity in kept} == {"lesson", "streamlens", "dialoguefragment", "conversationsim"}
    with translation.override(language):
        for activity in kept:
            seen = {without_addresses(drawn(person, edition, activity)) for person in people}
            alone = {without_addresses(drawn_for_them_alone(person, edition, activity)) for person in people}
            assert seen == alone
            assert len(seen) == 1


def test_each_language_has_its_own(db: None, edition: Edition) -> None:
    _, activity = edition.by_key["lens-twee-stromen"]
    person = PersonFactory.create()
    seen = []
    for language in ("nl", "en", "nl"):
        with translation.override(language):
            seen.append(without_addresses(drawn(person, edition, activity)))
    assert seen[0] == seen[2] != seen[1]


def test_the_addresses_in_it_are_of_whoever_looks(db: None, edition: Edition) -> None:
    _, activity = edition.by_key["lens-twee-stromen"]
    for person in PersonFactory.create_batch(3):
        addresses = re.findall(r'action="([^"]+)"', drawn(person, edition, activity))
        assert addresses
        for address in addresses:
            assert read_handler_token(address.split("/")[-3], person) == activity.usage


def test_who_did_something_gets_their_own_and_leaves_nothing_behind(db: None, edition: Edition) -> None:
    _, activity = edition.by_key["lens-twee-stromen"]
    someone, other = PersonFactory.create_batch(2)
    first = without_addresses(drawn(other, edition, activity))
    item = activity.fields["authored"]["items"][0]["id"]
    begun = State(someone.pk, activity.usage, {"answers": {item: ["onder", "Taal"]}, "status": "bezig"}, version=1)
    before = dict(blocks._drawings)
    assert without_addresses(drawn(someone, edition, activity, state=begun)) != first
    assert blocks._drawings == before
    assert without_addresses(drawn(other, edition, activity)) == first


def test_nothing_of_anybody_is_kept(db: None, edition: Edition, client: Client, tmp_path: Path) -> None:
    person = PersonFactory.create(name="Wietske Zonderland", email="wietske@voorbeeld.nl")
    published = publish_folder(three_units(tmp_path / "drie-units"))
    enrolled(person, published)
    write(person, text="Alleen voor mij.", tags=[], token="vorm-0001", usage="dialoogprincipes/journaal-thuisstroom")
    client.force_login(person)
    for unit in edition.units:
        assert client.get(f"/leren/{edition.module}/{unit.key}/").status_code == 200
    kept = repr([getattr(held, "content", held) for held in blocks._drawings.values()])
    assert "Boven en onder" in kept
    for own in ("Wietske", "wietske@", "Alleen voor mij", str(person.pseudonym), "vorm-0001"):
        assert own not in kept
    assert "/antwoord/" not in kept


def test_no_more_is_kept_than_agreed(db: None, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_DRAWINGS_KEPT", 2)
    person = PersonFactory.create()
    for _, activity in edition.activities():
        assert drawn(person, edition, activity)
        assert len(blocks._drawings) <= 2


# --- what a page asks of the database


TYPES = ("lesson", "streamlens", "cardsort", "journal", "quiz", "dialoguefragment", "conversationsim")


def one_unit(folder: Path, activities: int) -> Path:
    """A module of one unit in which the types of activity take turns; each is one of module 1."""
    three_units(folder)
    course = etree.parse(folder / "course.xml").getroot()
    sources = {kind: next(course.iter(kind)).attrib["src"] for kind in TYPES}
    first, *others = course.findall("chapter")
    for chapter in others:
        course.remove(chapter)
    vertical = next(first.iter("vertical"))
    for sequential in list(first):
        first.remove(sequential)
    sequential = etree.SubElement(first, "sequential", url_name="s")
    sequential.append(vertical)
    vertical[:] = []
    for number in range(activities):
        kind = TYPES[number % len(TYPES)]
        etree.SubElement(vertical, kind, url_name=f"{kind}-{number}", src=sources[kind])
    (folder / "course.xml").write_bytes(etree.tostring(course))
    return folder


@pytest.mark.parametrize("activities", [1, 5, 20])
def test_a_unit_page_takes_as_many_queries_whatever_is_in_it(
    db: None, client: Client, tmp_path: Path, activities: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, enrolment, progress, states; one more for all journals, one for who may read what is in them."""
    person = PersonFactory.create()
    reader = PersonFactory.create(organisation=person.organisation)
    edition = publish_folder(one_unit(tmp_path / "veel", activities))
    enrolled(person, edition)
    unit = queries.edition(edition.pk, edition.content_hash).units[0]
    journals = [activity for activity in unit.activities if activity.type == "journal"]
    for number, activity in enumerate(journals):
        write(person, text=f"Tekst {number}.", tags=[], token=f"vorm-{number:04}", usage=activity.usage)
    for entry in person.journal.all():
        share(person, entry_id=entry.pk, reader=reader, last_day=timezone.localdate())
    client.force_login(person)
    address = f"/leren/{edition.module.slug}/{unit.key}/"
    client.get(address)
    with django_assert_num_queries(7 if journals else 5):
        page = client.get(address).text
    assert page.count("data-activity=") == activities
    assert [f"Tekst {number}." in page for number in range(len(journals))] == [True] * len(journals)
