"""Somebody who did everything there is to do here: learned, taught, shared, objected and was judged.

Words that begin with WEG are theirs and must be gone when they are; those with BLIJFT they wrote about others' work.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.test import Client
from django.utils import timezone

from certificates import store
from certificates.models import Certificate, Kind
from jobs.services import record
from learning.competences.models import EvidenceItem
from learning.competences.services import evidence as levels
from learning.competences.services import objecting as disagreeing
from learning.competences.services import sharing
from learning.files.models import FileState, StoredFile
from learning.files.pieces import Blob
from learning.journal import services as journal
from learning.journal.models import JournalEntry
from learning.people.models import Person, Role, RoleGrant, Team
from learning.people.services import place_in_team
from learning.practice.feedback import Words
from learning.practice.models import Assignment, Form, GivenTo, Verdict, Work
from learning.practice.services import commenting, doing, evidence, objecting, observing, phrasing, reading
from learning.practice.services.commenting import Passage
from learning.recordings.sound import Take
from learning.runtime.blocks import State
from learning.runtime.models import Attempt, BlockState
from learning.tracks.models import ModuleEdition
from lti.tool.models import Account, Context, Deployment, Participation, Platform
from tests.factories import PersonFactory, enrolled, published
from tests.factories.practice import (
    CRITERIA,
    assignment_in,
    case_of,
    group_of,
    handed_in,
    held_talk,
    trainer_in,
)
from tests.factories.practice import work_of as given_to
from xapi.services import record_told

NAME, EMAIL, SUBJECT = "Wegwijs Verdwijnt", "wegwijs@proef.example", "lms-wegwijs-77"
SOUND = b"WEG-stem-in-opname" * 10


@dataclass(frozen=True)
class Everything:
    person: Person
    trainer: Person
    colleague: Person
    learner: Person
    own: Work
    others: Work
    certificate: Certificate
    folder: Path


def kept(person: Person, purpose: str, data: bytes) -> StoredFile:
    """A file that was made playable."""
    now = timezone.now()
    file = StoredFile.objects.create(
        person=person, purpose=purpose, state=FileState.READY, expected=len(data), arrived=len(data), seconds=2,
        parts={"opus": {"blob": "opus-1", "size": len(data), "media_type": "audio/webm"}}, made_at=now, changed_at=now,
        wipe_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    Blob(file.key, "opus-1", len(data)).put(0, data, last=True)
    return file


def did_everything(folder: Path) -> Everything:
    edition = published(folder / "proefmodule")
    person = PersonFactory.create(name=NAME, email=EMAIL, username="wegwijs")
    organisation = person.organisation
    enrolled(person, edition)
    RoleGrant.objects.create(person=person, organisation=organisation, role=Role.TRAINER)
    place_in_team(person, team=Team.objects.create(organisation=organisation, name="Team Water"))
    trainer, second = trainer_in(organisation, name="Tine"), trainer_in(organisation, name="Sef")
    colleague, learner = PersonFactory.create_batch(2, organisation=organisation)
    _learned(person, edition)
    _wrote(person, colleague)
    own = _practised(person, trainer, second)
    others = _taught(person, learner)
    _shared(person, colleague)
    _launched(person)
    certificate = Certificate.objects.create(
        code="K7XF-49MD-X4TG", kind=Kind.ATTENDANCE, person=person, subject="proefmodule", language="nl",
        facts={"version": 1, "name": NAME, "organisation": "o", "number": "M9", "title": "Proef", "edition": "x",
               "units": [], "minutes": 60},
        issued_on=timezone.localdate(), digest="d",
    )  # fmt: skip
    store.write(certificate.code, NAME.encode())
    Client().force_login(person)
    return Everything(person, trainer, colleague, learner, own, others, certificate, folder)


def _learned(person: Person, edition: ModuleEdition) -> None:
    now = timezone.now()
    state = State(person.pk, "proefmodule/quiz-1-1", {"status": "afgerond"})
    state.private.update({"kaart": "WEG-eigen-kaart"})
    state.private_changed = True
    data, sealed = state.to_save()
    BlockState.objects.create(person=person, usage=state.usage, data=data, sealed=sealed, updated_at=now)
    Attempt.objects.create(
        person=person, usage=state.usage, edition=edition, number=1, answers={"v1": "WEG-antwoord"}, score=1,
        created_at=now,
    )  # fmt: skip


def _wrote(person: Person, colleague: Person) -> None:
    take = Take(kind="webm", data=SOUND, seconds=2.0, size=len(SOUND), mark="m")
    journal.write(person, text="WEG-dagboek", tags=["WEG-label"], token="vorm-1", take=take)
    entry = JournalEntry.objects.get(person=person)
    last_day = timezone.localdate() + timedelta(days=9)
    journal.share(person, entry_id=entry.pk, reader=colleague, last_day=last_day)
    journal.ask_export(person)


def _practised(person: Person, trainer: Person, second: Person) -> Work:
    group = group_of(person, trainer=trainer, name="Groep van Tine")
    group.members.create(person=second, is_trainer=True)
    version = case_of(person.organisation)
    assignment = assignment_in(group, version, people=[person.pk])
    Assignment.objects.filter(pk=assignment.pk).update(given_to=GivenTo.PERSON)
    work = given_to(person, assignment)
    work = held_talk(work)
    version_now = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    doing.save(work.pk, {"verslag-0": "WEG-verslag-over-het-gesprek"}, based_on=version_now)
    spoken = evidence.attach(work.pk, file=kept(person, evidence.SPOKEN, SOUND), form=Form.SPOKEN)
    evidence.caption(work.pk, spoken.pk, words="WEG-ondertitels")
    evidence.consent(work.pk, who="WEG-melkveehouder", how="aan tafel", given_on=timezone.localdate())
    observation, _token = observing.ask(work.pk, words="WEG-vraag-aan-collega")
    observing.answer(observation.pk, {"zag": "WEG-geobserveerd"})
    work = handed_in(work)
    taken = reading.take_up(work.pk, by=trainer)
    reading.speak(taken.pk, file=kept(trainer, "praktijk.feedback", b"WEG-gesproken-feedback"))
    reading.keep_note(work, by=trainer, text="WEG-notitie-van-trainer", based_on=0)
    _remarked(taken.pk, trainer, "WEG-opmerking")
    given = reading.give(
        taken.pk, by=trainer, levels=dict.fromkeys(CRITERIA, 2), based_on=taken.version, verdict=Verdict.RETURN,
        words=Words(saw="WEG-gezien-door-trainer", asks="Wat nu?"), learning_level="individueel",
    )  # fmt: skip
    objecting.object_to(given.assessment, words="WEG-bezwaar", by=person)
    draft = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    doing.save(work.pk, {"verslag-1": "WEG-concept-daarna"}, based_on=draft)
    return Work.objects.get(pk=work.pk)


def _remarked(reading_id: int, by: Person, words: str) -> None:
    commenting.add(reading_id, by=by, at=Passage("verslag-0", 0, 3), words=words, quote="Dit")


def _taught(person: Person, learner: Person) -> Work:
    group = group_of(learner, trainer=person, name="Groep van de trainer")
    version = case_of(person.organisation)
    type(version).objects.filter(pk=version.pk).update(made_by=person)
    assignment = assignment_in(group, version, given_by=person, message="Succes ermee")
    work = handed_in(given_to(learner, assignment))
    taken = reading.take_up(work.pk, by=person)
    reading.keep_note(work, by=person, text="WEG-eigen-notitie", based_on=0)
    _remarked(taken.pk, person, "BLIJFT-opmerking")
    reading.give(
        taken.pk, by=person, levels=dict.fromkeys(CRITERIA, 3), based_on=taken.version, verdict=Verdict.ENOUGH,
        words=Words(saw="BLIJFT-gezien", asks="Wat merkte je?"), learning_level="individueel",
    )  # fmt: skip
    BlockState.objects.create(
        person=learner, usage="proefmodule/eigen-zin", updated_at=timezone.now(),
        data=json.dumps({"rating": {"waarde": 2, "door": person.pk}}),
    )  # fmt: skip
    phrasing.add(person, text="WEG-eigen-zin")
    other = handed_in(given_to(learner, assignment_in(group, version)))
    reading.take_up(other.pk, by=person)  # and is erased half-way
    return work


def _shared(person: Person, colleague: Person) -> None:
    shown = EvidenceItem.objects.create(
        person=person, key="k:1", competence="C1", source="kennis", activity="proefmodule/quiz-1-1", attempt=1,
        score=0.9, learning_level="individueel", on=timezone.localdate(), made_at=timezone.now(),
    )  # fmt: skip
    disagreeing.object_to(shown, words="WEG-klopt-niet, want dit heb ik zo niet gedaan.")
    levels.work_out(person.pk)
    sharing.share(
        person, key=uuid.uuid4(), recipient=colleague, purpose="WEG-doel-van-deelkaart", shows={"competences": []},
        ends_on=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip


def _launched(person: Person) -> None:
    platform = Platform.objects.create(
        organisation=person.organisation, name="Leerplein", issuer="https://lms.example", client_id="c",
        auth_url="https://lms.example/a", token_url="https://lms.example/t", jwks_url="https://lms.example/j",
    )  # fmt: skip
    deployment = Deployment.objects.create(platform=platform, deployment_id="1")
    account = Account.objects.create(
        organisation=person.organisation, issuer=platform.issuer, subject=SUBJECT, person=person
    )
    context = Context.objects.create(deployment=deployment, context_id="cursus")
    Participation.objects.create(context=context, account=account, roles="deelnemer")
    with transaction.atomic():
        record_told(person.pk, usage="proefmodule/quiz-1-1", happened=[{"verb": "answered"}])
        record("notices.mail", f"notices.mail:{person.pk}", {"person": person.pk})
