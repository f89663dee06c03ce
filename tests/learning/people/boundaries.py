"""For each rule that wipes: a row whose age is exactly some moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from certificates.models import Certificate, Kind
from learning.competences.models import Deelkaart, Look
from learning.files.models import StoredFile
from learning.notices.models import Notice
from learning.notices.silence import SILENCE
from learning.people.models import Person
from learning.practice.models import Assignment, Consent, Evidence, Form, Work
from learning.runtime.blocks import State
from learning.runtime.models import BlockState
from learning.runtime.notices import MODULE_GOES
from learning.tracks.models import Enrolment, LinkProgress, Module, ModuleEdition, Track
from learning.tracks.services import add_link
from lti.platform.models import Course, LineItem, Result, Tool
from tests.factories import PersonFactory
from tests.factories.practice import assignment_in, group_of, work_of


@dataclass(frozen=True)
class Maker:
    """`step`: the least time that makes a difference. `always`: it has no age, and is due at once. `goes`: the row
    itself goes; else only what is in it."""

    make: Callable[[datetime], models.Model]
    step: timedelta = timedelta(seconds=1)
    always: bool = False
    goes: bool = True


DAY = timedelta(days=1)
_made: dict[tuple[type[models.Model], int], int] = {}


def organisation_of(row: models.Model) -> int:
    return _made[type(row), row.pk]


def _of[M: models.Model](person: Person, row: M) -> M:
    _made[type(row), row.pk] = person.organisation_id
    return row


def _left(at: datetime) -> Person:
    person = PersonFactory.create(is_active=False, left_at=at)
    return _of(person, person)


def _silent(at: datetime) -> Person:
    person = PersonFactory.create(seen_on=timezone.localdate(at))
    Notice.objects.create(person=person, kind=SILENCE, key="stil", facts={"on": "2026-01-01"}, made_at=_long_ago())
    return _of(person, person)


def _long_ago() -> datetime:
    return timezone.now() - timedelta(days=30, seconds=1)


def _notice(at: datetime) -> Notice:
    person = PersonFactory.create()
    return _of(person, Notice.objects.create(person=person, kind="proef", key="k", made_at=at))


def _file(at: datetime) -> StoredFile:
    person, now = PersonFactory.create(), timezone.now()
    return _of(
        person,
        StoredFile.objects.create(
            person=person, purpose="proef", expected=1, wipe_on=timezone.localdate(at), made_at=now, changed_at=now
        ),
    )


def _link(at: datetime) -> LinkProgress:
    person = PersonFactory.create()
    track = Track.objects.create(organisation=person.organisation, slug="t", title="Leerlijn")
    row = LinkProgress.objects.create(link=add_link(track, title="Elders", address="/elders/"), person=person)
    LinkProgress.objects.filter(pk=row.pk).update(changed_at=at)
    return _of(person, row)


def _enrolment(at: datetime) -> Enrolment:
    person = PersonFactory.create()
    module = Module.objects.create(slug=f"m{person.pk}", number="M9", title="Proef")
    edition = ModuleEdition.objects.create(module=module, content_hash=f"h{person.pk}", document={}, required=1)
    row = Enrolment.objects.create(person=person, module=module, edition=edition, touched_at=at)
    Notice.objects.create(person=person, kind=MODULE_GOES, key=str(row.pk), made_at=_long_ago())
    return _of(person, row)


def _state(**data: Any) -> BlockState:
    person = PersonFactory.create()
    state = State(person.pk, "proef/verhalen", data)
    state.private["stories"] = [{"id": "a", "tekst": "Geheim", "einddatum": data.get("expires_on", "")}]
    state.private_changed = True
    kept, sealed = state.to_save()
    row = BlockState.objects.create(
        person=person, usage=state.usage, data=kept, sealed=sealed, updated_at=timezone.now()
    )
    return _of(person, row)


def _map(at: datetime) -> BlockState:
    return _state(wipe_on=timezone.localdate(at).isoformat())


def _stories(at: datetime) -> BlockState:
    return _state(expires_on=timezone.localdate(at).isoformat())


def _work(at: datetime) -> Work:
    person = PersonFactory.create()
    row = work_of(person, assignment_in(group_of(person)))
    Work.objects.filter(pk=row.pk).update(changed_at=at)
    return _of(person, row)


def _assignment(at: datetime) -> Assignment:
    person = PersonFactory.create()
    row = assignment_in(group_of(person))
    Assignment.objects.filter(pk=row.pk).update(given_at=at)
    return _of(person, row)


def _written_down(at: datetime) -> Evidence:
    work = _work(timezone.now())
    return _of(work.person, Evidence.objects.create(work=work, form=Form.RECORDED, file=None, made_at=at))


def _consent(at: datetime) -> Consent:
    work = _work(timezone.now())
    Work.objects.filter(pk=work.pk).update(state="voldoende", judged_at=at)
    row = Consent.objects.create(
        work=work, sealed=b"x", given_on=timezone.localdate(at), made_at=at - timedelta(days=10)
    )
    return _of(work.person, row)


def _card(at: datetime) -> Deelkaart:
    """It holds on its last day."""
    person = PersonFactory.create()
    recipient = PersonFactory.create(organisation=person.organisation)
    row = Deelkaart.objects.create(
        person=person,
        recipient=recipient,
        sealed_purpose=b"x",
        shows={},
        made_at=at,
        ends_on=timezone.localdate(at) - DAY,
    )
    return _of(person, row)


def _look(at: datetime) -> Look:
    person = PersonFactory.create()
    row = Look.objects.create(person=person, organisation=person.organisation, page="hr:tracks", choices={}, at=at)
    return _of(person, row)


def _result(at: datetime) -> Result:
    person = PersonFactory.create()
    course = Course.objects.create(organisation=person.organisation, slug=f"c{person.pk}", title="Cursus")
    tool = Tool.objects.create(
        organisation=person.organisation, name="Elders", client_id=f"c{person.pk}", deployment_id="1",
        login_url="https://tool.example/l", jwks_url="https://tool.example/j",
    )  # fmt: skip
    item = LineItem.objects.create(course=course, tool=tool, label="Nog een")
    row = Result.objects.create(line_item=item, person=person, stamped_at=at)
    Result.objects.filter(pk=row.pk).update(changed_at=at)
    return _of(person, row)


def _certificate(at: datetime) -> Certificate:
    person = PersonFactory.create()
    row = Certificate.objects.create(
        code=f"K{person.pk:013d}", kind=Kind.ATTENDANCE, person=person, subject="proef", facts={}, language="nl",
        issued_on=timezone.localdate(at),
    )  # fmt: skip
    return _of(person, row)


MAKERS = {
    "learning.people.leaving._left": Maker(_left),
    "learning.notices.silence._due": Maker(_silent, DAY),
    "learning.notices.terms._old": Maker(_notice),
    "learning.files.terms._on_its_day": Maker(_file, DAY, goes=False),
    "learning.tracks.terms._long_unchanged": Maker(_link),
    "learning.runtime.forgetting.due": Maker(_enrolment),
    "learning.runtime.wiping.due": Maker(_map, DAY, goes=False),
    "learning.runtime.expiring.due": Maker(_stories, DAY, goes=False),
    "learning.practice.services.evidence.without_sound": Maker(_written_down, always=True),
    "learning.practice.services.evidence.consents_settled": Maker(_consent),
    "learning.practice.services.keeping.old_works": Maker(_work),
    "learning.practice.services.keeping.left_without_work": Maker(_assignment),
    "learning.competences.terms._over": Maker(_card, DAY),
    "learning.competences.terms._long_ago": Maker(_look),
    "lti.platform.terms._long_unchanged": Maker(_result),
    "certificates.terms._long_ago": Maker(_certificate, DAY),
}
