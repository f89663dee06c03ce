"""Every address there is, tried by who isn't signed in and by somebody of another organisation with every role.

An address that is added is tried by itself: nothing here has to be written for it, unless anybody may see it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from certificates.models import Certificate
from certificates.services import issue_attendance
from learning.competences import cards
from learning.competences.mapping import Pair
from learning.competences.models import EvidenceItem, FrameworkMapping, TrackForTeam
from learning.competences.services import frameworks, hr, objecting, sharing
from learning.files import hearing
from learning.files import services as files
from learning.files.models import FileState, StoredFile
from learning.files.pieces import Blob
from learning.journal import queries as journal
from learning.journal import services as journals
from learning.notices.models import Notice
from learning.notices.services import tell
from learning.owndata import addresses as own_addresses
from learning.owndata import services as owndata
from learning.owndata.models import OwnExport
from learning.people import groups
from learning.people.models import Destruction, Group, Person, Role
from learning.people.services import create_team, place_in_team, set_roles_from
from learning.practice.services import doing, observing, phrasing
from learning.recordings.models import Recording
from learning.recordings.sound import Take
from learning.runtime.blocks import handler_token
from learning.tracks.models import Enrolment
from learning.tracks.queries import newest
from learning.tracks.services import set_track
from lti.platform import services as platform
from lti.platform.models import CourseRole
from tests.certificates.conftest import completed
from tests.factories import PersonFactory
from tests.factories.practice import assignment_in, case_of, trainer_in, work_of

TOOL, LMS = "localhost", "127.0.0.1"
URLCONFS = {TOOL: "config.urls", LMS: "config.urls_platform"}

# What anybody may open: the doors, how things look, what is public by its nature, and what proves itself.
PUBLIC = {
    "start", "healthz", "readyz", "people:sign-in", "lms:sign-in", "people:sign-out", "lms:sign-out",
    "demo:doors", "design:onderdelen", "design:theme", "design:language",
    "certificates:check", "certificates:verify",
    "observation:answer",  # the link itself is the proof, and shows one thing
    "lti:login", "lti:jwks", "lti:by-hand", "platform:configuration", "platform:jwks",
    "owndata:goodbye",  # the address is the proof, and names nobody
    # Pages that show nothing and only send the browser on, to where is looked who it is.
    "platform:auth", "tools:chosen", "lms:chosen",
}  # fmt: skip
SHOWS_NAMES = {"certificates:verify", "lms:sign-in"}  # to who has the code; in the demo, which has no real names
SAID_NO = {302, 303, 400, 401, 403, 404, 405}


KINDS = {"IntConverter": int, "UUIDConverter": uuid.UUID}
MADE_UP = {"IntConverter": 1, "UUIDConverter": uuid.UUID(int=1)}


@dataclass(frozen=True)
class Address:
    host: str
    name: str
    parameters: dict[str, Any]  # name → Django's converter

    def __str__(self) -> str:
        return f"{self.host} {self.name}"

    def path(self, values: dict[str, Any]) -> str:
        """`values` where it has one of that name and form, else something that may be there."""
        filled = {}
        for name, converter in self.parameters.items():
            kind = type(converter).__name__
            fits = name in values and isinstance(values[name], KINDS.get(kind, str))
            filled[name] = values[name] if fits else MADE_UP.get(kind, "iets")
        return reverse(self.name, urlconf=URLCONFS[self.host], kwargs=filled)


def addresses(
    host: str, resolver: URLResolver, space: str = "", outer: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[Address]:
    for each in resolver.url_patterns:
        parameters = {**outer, **each.pattern.converters}
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from addresses(host, each, inner, parameters)
        elif each.name:
            yield Address(host, f"{space}{each.name}", parameters)


EVERY = [address for host, urls in URLCONFS.items() for address in addresses(host, get_resolver(urls))]
NAMES = ("Geheim Persoontje", "Heimelijke woorden", "Verborgen leerlijn", "geheim@proef.example")


@pytest.fixture
def somebody(person: Person, enrolment: Enrolment) -> Person:
    """With something of everything we know how to make."""
    Person.objects.filter(pk=person.pk).update(name=NAMES[0], email=NAMES[3])
    person.refresh_from_db()
    set_track(person.organisation, slug="verborgen", title=NAMES[2], modules=[enrolment.edition.module])
    take = Take("webm", NAMES[1].encode(), 1, 1, "")
    journals.write(person, text=NAMES[1], tags=["verborgen"], token="vorm-0001", take=take)
    issue_attendance(completed(enrolment).pk)
    return person


@pytest.fixture
def values(somebody: Person, enrolment: Enrolment) -> dict[str, Any]:
    """What stands in the addresses of somebody's things, by the name it has there."""
    entry = next(journal.entries(somebody))
    reader = PersonFactory.create(organisation=somebody.organisation)
    journals.share(somebody, entry_id=entry.id, reader=reader, last_day=timezone.localdate())
    share = journal.own_shares(somebody, entry.id)[0]
    tool = platform.register_tool(
        somebody.organisation, client_id="tool-1", name="Gereedschap", deployment_id="1",
        login_url="http://localhost/lti/login", target_link_uris=["http://localhost/lti/launch"],
        redirect_uris=["http://localhost/lti/launch"], jwks_url="http://localhost/lti/jwks",
    )  # fmt: skip
    course = platform.set_course(somebody.organisation, slug="verborgen", title=NAMES[2])
    placement = platform.place(
        course, position=1, title="Een plek", tool=tool, target_link_uri="http://localhost/lti/launch", custom={}
    )
    item = platform.set_line_item(placement, label="Een cijfer")
    platform.add_member(course, person=somebody, role=CourseRole.LEARNER)
    content = newest(enrolment.edition.module.slug)
    assert content
    unit = content.units[0]
    group = handmade_group(somebody)
    tell(somebody.pk, "groep.leert", key=f"group:{group}", facts={"group": group})
    sound = spoken(somebody)
    case = case_of(somebody.organisation, titel=NAMES[2])
    given = assignment_in(Group.objects.get(pk=group), case)
    work = work_of(somebody, given)
    doing.save(work.pk, {"voorbereiding-0": NAMES[1]}, based_on=0)
    observation, link = observing.ask(work.pk, words="Let op mijn stiltes.")
    return {
        "module": enrolment.edition.module.slug, "unit": unit.key, "activity": unit.activities[0].key,
        "entry": entry.id, "share": share.id, "recording": Recording.objects.get().pk,
        "subject": enrolment.edition.module.slug,
        "code": Certificate.objects.get(person=somebody).code, "slug": course.slug, "track": "verborgen",
        "case_number": case.case_id, "assignment_key": given.key, "step": "oppakken",
        "phrase_number": phrasing.add(somebody, text=NAMES[1]).pk,
        "work_key": work.key, "observation": observation.pk, "link": link,
        "key": placement.key, "course": course.key, "item": item.key, "pk": tool.pk, "number": group,
        "person": somebody.pk, "notice": Notice.objects.get(person=somebody, kind="groep.leert").pk,
        "file": sound.key, "part": "opus", "signature": hearing.address(sound, somebody, "opus").split("/")[-2],
        **grown(somebody, reader), **taken_along(somebody), "wish": "niemand:" + "a" * 43, "name": "a" * 40 + ".opus",
        "token": handler_token(somebody, unit.activities[0].usage), "handler": "answer",
    }  # fmt: skip


def taken_along(somebody: Person) -> dict[str, Any]:
    """The file with all that is kept of them."""
    owndata.ask(somebody)
    keep = owndata.make(somebody.pk)
    assert keep
    keep()
    file = OwnExport.objects.select_related("file").get(person=somebody).file
    assert file
    return {
        "export": file.key,
        "seal": own_addresses.address(file.key, somebody).split("/")[-2],
        "mark": owndata.mark_of(somebody.pseudonym),
    }


def grown(somebody: Person, reader: Person) -> dict[str, Any]:
    """Evidence that somebody disagrees with, a deelkaart of theirs, and a line of their organisation's own."""
    shown = EvidenceItem.objects.create(
        person=somebody, key="tafel:1:C1", competence="C1", source="kennis", activity="tafel/1", attempt=1, score=1,
        learning_level="individueel", on=timezone.localdate(), made_at=timezone.now(),
    )  # fmt: skip
    trainer_in(somebody.organisation)
    card = sharing.share(
        somebody, key=uuid.uuid4(), recipient=reader, purpose=NAMES[1], shows=cards.written([]),
        ends_on=timezone.localdate(),
    )  # fmt: skip
    frameworks.put_beside(somebody.organisation, Pair("C1", NAMES[2], "", NAMES[2]))
    return {
        "assignment": demanded(somebody).pk, "evidence_item": shown.pk,
        "objection": objecting.object_to(shown, words=f"{NAMES[1]} is het niet.").pk,
        "card": card.key, "mapping": FrameworkMapping.objects.get().pk, "destruction": wiped(somebody).pk,
    }  # fmt: skip


def wiped(somebody: Person) -> Destruction:
    """That something of their organisation was wiped."""
    now = timezone.now()
    return Destruction.objects.create(
        organisation=somebody.organisation, kind="berichten", days=90, before=now, made_at=now, counts={NAMES[1]: 9}
    )


def arranged(person: Person) -> None:
    """HR's pages are open in their organisation."""
    today = timezone.localdate()
    hr.record_basis(person, legal_basis="Artikel 6", dpia_on=today, agreement_on=today)


def demanded(somebody: Person) -> TrackForTeam:
    """Of their team: a leerlijn as a formal demand, so that HR of their organisation reads their name."""
    arranged(somebody)
    team = create_team(somebody.organisation, name=NAMES[2])
    place_in_team(somebody, team=team)
    track = set_track(somebody.organisation, slug="geeist", title=NAMES[2], modules=[])
    today = timezone.localdate()
    return hr.assign(
        somebody.organisation_id, track=track, team=team, starts_on=today, ends_on=None, required=True,
        announced_on=today,
    )  # fmt: skip


def spoken(somebody: Person) -> StoredFile:
    """Somebody's voice, as if it was made playable."""
    file = files.begin(somebody, purpose="praktijk.gesproken", size=len(NAMES[1]))
    Blob(file.key, "opus-1", file.expected).put(0, NAMES[1].encode(), last=True)
    file.parts = {"opus": {"blob": "opus-1", "size": file.expected, "media_type": "audio/webm"}}
    file.state, file.seconds, file.arrived = FileState.READY, 1, file.expected
    file.save()
    return file


def handmade_group(somebody: Person) -> int:
    """Somebody learns in it; a colleague trains it."""
    trainer = PersonFactory.create(organisation=somebody.organisation)
    group = groups.make_group(trainer, name=NAMES[2], ends_on=None)
    groups.add_people(group, [somebody])
    return group.pk


@pytest.fixture
def stranger(db: None) -> Person:
    """Somebody of another organisation, who may do there whatever can be done."""
    other = PersonFactory.create()
    set_roles_from(other, organisation=other.organisation, source="local", roles=set(Role.values))
    arranged(other)
    return other


def tried(client: Client, address: Address, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    path = address.path(values)
    for method in ("get", "post", "put", "delete"):
        yield method, getattr(client, method)(path, headers={"Host": address.host})


def rows(somebody: Person) -> dict[str, list[Any]]:
    """All that is kept of somebody, in every table that names them."""
    kept = {}
    for model in apps.get_models():
        for field in model._meta.fields:
            if field.related_model is Person:
                mine = model._default_manager.filter(**{field.name: somebody})
                kept[f"{model._meta.label}.{field.name}"] = sorted(map(repr, mine.values_list()))
    return kept


def words(response: Any) -> str:
    return bytes(response.getvalue() if response.streaming else response.content).decode(errors="replace")


def leaks(response: Any, address: Address) -> bool:
    return address.name not in SHOWS_NAMES and any(name in words(response) for name in NAMES)


def test_who_is_not_signed_in_gets_nowhere(values: dict[str, Any], somebody: Person) -> None:
    before = rows(somebody)
    for address in EVERY:
        for method, response in tried(Client(), address, values):
            assert address.name in PUBLIC or response.status_code in SAID_NO, f"{method} {address}"
            assert not leaks(response, address), f"{method} {address}"
        assert rows(somebody) == before, address


def test_somebody_of_another_organisation_sees_and_changes_nothing(
    values: dict[str, Any], somebody: Person, stranger: Person
) -> None:
    before = rows(somebody)
    for address in EVERY:
        client = Client()
        client.force_login(stranger)
        for method, response in tried(client, address, values):
            open_to_all = address.name in PUBLIC or not address.parameters
            assert open_to_all or response.status_code in SAID_NO, f"{method} {address}"
            assert not leaks(response, address), f"{method} {address}"
        assert rows(somebody) == before, address


PRIVATE = (
    "journal:",
    "growth:card",
    "growth:object",
    "group-levels:",
    "practice:",
    "desk:work",
    "desk:step",
    "desk:hide",
    "desk:calibrate",
    "certificates:pdf",
    "certificates:again",
    "runtime:answer",
    "runtime:recording",
    "files:",
    "owndata:",
)


def test_no_role_in_ones_own_organisation_opens_what_is_private(values: dict[str, Any], somebody: Person) -> None:
    colleague = PersonFactory.create(organisation=somebody.organisation)
    set_roles_from(colleague, organisation=colleague.organisation, source="local", roles=set(Role.values))
    before = rows(somebody)
    for address in (each for each in EVERY if each.name.startswith(PRIVATE)):
        client = Client()
        client.force_login(colleague)
        for method, response in tried(client, address, values):
            assert not address.parameters or response.status_code in SAID_NO, f"{method} {address}"
            assert not leaks(response, address), f"{method} {address}"
        assert rows(somebody) == before, address


def test_the_addresses_that_were_tried_are_those_of_somebodys_things(values: dict[str, Any], somebody: Person) -> None:
    """Else a refusal above would say nothing."""
    client = Client()
    client.force_login(somebody)
    own = {"tracks:module", "tracks:unit", "journal:edit", "journal:sharing", "journal:delete", "lms:course",
           "journal:recording", "runtime:recording", "files:file", "files:hear",
           "owndata:file",
           "practice:work", "practice:observations"}  # fmt: skip
    for address in EVERY:
        if address.name in own:
            path = address.path(values)
            assert client.get(path, headers={"Host": address.host}).status_code == 200, address
            own.remove(address.name)
    assert not own
