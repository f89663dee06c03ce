"""Sound beside a draft: whose it is, who may hear it when, and that it goes when it should."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.files import services as files
from learning.files.models import FileState, StoredFile
from learning.people.models import Group, Person, Role, RoleGrant
from learning.people.retention import SOUND
from learning.practice.flow import Event
from learning.practice.hearing import may_hear
from learning.practice.models import Assessment, Evidence, Form, Part, Verdict, Work
from learning.practice.services import doing, evidence, peers
from learning.practice.services.doing import Incomplete
from learning.practice.services.evidence import RECORDED, SPOKEN
from learning.practice.services.moving import move
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.nights import night
from tests.factories.practice import REPORT, assignment_in, group_of, held_talk, judged, trainer_in, work_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create())


@pytest.fixture
def group(trainer: Person) -> Group:
    return group_of(*PersonFactory.create_batch(3, organisation=trainer.organisation), trainer=trainer)


@pytest.fixture
def learners(group: Group) -> list[Person]:
    return [member.person for member in group.members.filter(is_trainer=False).select_related("person").order_by("pk")]


@pytest.fixture
def work(group: Group, learners: list[Person]) -> Work:
    assignment = assignment_in(group, peers=1)
    for learner in learners[1:]:
        work_of(learner, assignment)
    return held_talk(work_of(learners[0], assignment))


def said_by(person: Person, purpose: str = SPOKEN, **named: Any) -> StoredFile:
    now = timezone.now()
    values = {"state": FileState.READY, "seconds": 42.0, "expected": 10, "arrived": 10, **named}
    return StoredFile.objects.create(person=person, purpose=purpose, made_at=now, changed_at=now, **values)


def handed_in_spoken(work: Work) -> Evidence:
    spoken = evidence.attach(work.pk, file=said_by(work.person), form=Form.SPOKEN)
    version = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    own_look = {name: text for name, text in REPORT.items() if not name.startswith("verslag")}
    doing.save(work.pk, {**own_look, "vorm-gesproken": "ja"}, based_on=version)
    doing.hand_in(work.pk, by=work.person)
    return Evidence.objects.select_related("file").get(pk=spoken.pk)


def test_what_is_said_anew_takes_the_place_of_what_was_said(work: Work) -> None:
    first, second = said_by(work.person), said_by(work.person)
    evidence.attach(work.pk, file=first, form=Form.SPOKEN)
    for _ in range(2):
        evidence.attach(work.pk, file=second, form=Form.SPOKEN)
    assert Evidence.objects.get().file == second
    first.refresh_from_db()
    assert first.person is None  # nobody's any more: it is wiped


@pytest.mark.parametrize("wrong", ["another's", "another purpose", "refused", "of another case"])
def test_a_file_that_does_not_belong_here_is_not_taken(work: Work, group: Group, wrong: str) -> None:
    file = {
        "another's": lambda: said_by(PersonFactory.create()),
        "another purpose": lambda: said_by(work.person, RECORDED),
        "refused": lambda: said_by(work.person, state=FileState.REFUSED, seconds=None),
        "of another case": lambda: said_by(work.person),
    }[wrong]()
    if wrong == "of another case":
        evidence.attach(work_of(work.person, assignment_in(group)).pk, file=file, form=Form.SPOKEN)
    with pytest.raises(Incomplete):
        evidence.attach(work.pk, file=file, form=Form.SPOKEN)
    assert not Evidence.objects.filter(work=work).exists()


def test_nothing_of_a_talk_is_added_before_somebody_said_yes_and_it_goes_with_one_no(work: Work) -> None:
    file = said_by(work.person, RECORDED)
    with pytest.raises(Incomplete) as refused:
        evidence.attach(work.pk, file=file, form=Form.RECORDED)
    assert refused.value.missing == {"toestemming": "toestemming"}
    today = timezone.localdate()
    first = evidence.consent(work.pk, who="de boer", how="hardop", given_on=today)
    evidence.consent(work.pk, who="een buurvrouw", how="per mail", given_on=today)
    evidence.attach(work.pk, file=file, form=Form.RECORDED)
    evidence.withdraw_consent(work.pk, first.pk)
    file.refresh_from_db()
    assert file.person is None
    assert not Evidence.objects.exists()


def test_before_it_is_handed_in_only_its_maker_hears_it(work: Work, trainer: Person, learners: list[Person]) -> None:
    file = said_by(work.person)
    evidence.attach(work.pk, file=file, form=Form.SPOKEN)
    assert not any(may_hear(person, file) for person in (trainer, *learners[1:]))


def test_once_handed_in_trainers_hear_it_and_the_colleague_who_was_asked(
    work: Work, trainer: Person, learners: list[Person]
) -> None:
    file = handed_in_spoken(work).file
    assert file is not None
    asked = Assessment.objects.get(part=Part.PEER)
    hr = PersonFactory.create(organisation=trainer.organisation)
    RoleGrant.objects.create(person=hr, organisation=hr.organisation, role=Role.HR)
    others = [person for person in learners[1:] if person != asked.person]
    hear = {person.pk: may_hear(person, file) for person in (trainer, *learners[1:], hr, PersonFactory.create())}
    assert [pk for pk, may in hear.items() if may] == sorted([trainer.pk, asked.person_id or 0])
    assert asked.person is not None
    peers.decline(asked.pk, by=asked.person)
    assert not may_hear(asked.person, file)
    assert may_hear(others[0], file)  # who is asked instead
    RoleGrant.objects.filter(person=trainer).delete()
    assert not may_hear(trainer, file)


def test_what_was_said_but_not_chosen_is_not_handed_in(work: Work, trainer: Person) -> None:
    file = said_by(work.person)
    evidence.attach(work.pk, file=file, form=Form.SPOKEN)
    doing.save(work.pk, REPORT, based_on=9)
    doing.hand_in(work.pk, by=work.person)
    assert Evidence.objects.get().round is None
    assert not may_hear(trainer, file)


def test_sound_goes_thirty_days_after_it_was_judged_and_what_was_written_of_it_stays(
    client: Client, work: Work, trainer: Person
) -> None:
    spoken = evidence.attach(work.pk, file=said_by(work.person), form=Form.SPOKEN)
    evidence.caption(work.pk, spoken.pk, words="Ik vertelde over het hek.")
    spoken.refresh_from_db()
    assert b"hek" not in bytes(spoken.sealed_captions or b"")
    version = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    doing.save(work.pk, {**REPORT, "vorm-gesproken": "ja"}, based_on=version)
    judged(doing.hand_in(work.pk, by=work.person).work, trainer, Verdict.ENOUGH)
    file = StoredFile.objects.get()
    assert file.wipe_on == timezone.localdate() + timedelta(days=30)
    files.wiped(file.key, "dag")
    client.force_login(work.person)
    page = client.get(reverse("practice:work", args=[work.key])).content.decode()
    assert "Ik vertelde over het hek." in page
    assert "Het geluid is gewist, zoals afgesproken." in page


def test_sound_of_a_case_that_was_withdrawn_goes_after_thirty_days_too(work: Work, trainer: Person) -> None:
    evidence.attach(work.pk, file=said_by(work.person), form=Form.SPOKEN)
    move(work.pk, Event.WITHDRAW, by=trainer)
    assert StoredFile.objects.get().wipe_on == timezone.localdate() + timedelta(days=30)


def test_who_said_yes_today_stays_for_a_recording_that_is_still_to_come(work: Work) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    Work.objects.update(state="teruggegeven", judged_at=long_ago)
    evidence.consent(work.pk, who="de boer", how="hardop", given_on=timezone.localdate())
    assert not night(SOUND)
    work.consents.update(made_at=long_ago)
    Work.objects.update(state="ingetrokken", changed_at=long_ago)
    assert night(SOUND) == {"learning.Consent": 1}


def test_what_is_handed_in_anew_does_not_go_before_it_is_read(work: Work, trainer: Person) -> None:
    work = judged(handed_in_spoken(work).work, trainer, Verdict.RETURN)
    assert StoredFile.objects.get().wipe_on == timezone.localdate() + timedelta(days=30)
    doing.hand_in(work.pk, by=work.person)
    assert StoredFile.objects.get().wipe_on == timezone.localdate() + timedelta(days=365)


def test_of_a_talk_nothing_stays_when_its_recording_is_wiped(work: Work) -> None:
    evidence.consent(work.pk, who="de boer", how="hardop", given_on=timezone.localdate())
    recorded = evidence.attach(work.pk, file=said_by(work.person, RECORDED), form=Form.RECORDED)
    evidence.caption(work.pk, recorded.pk, words="Wat hij zei.")
    assert not night(SOUND)
    files.wiped(StoredFile.objects.get().key, "dag")
    long_ago = timezone.now() - timedelta(days=31)
    Work.objects.update(state="voldoende", judged_at=long_ago)
    work.consents.update(made_at=long_ago)
    assert night(SOUND) == {"learning.Consent": 1, "learning.Evidence": 1}
    assert not Evidence.objects.exists()
    assert not work.consents.exists()


def test_its_maker_wipes_it_whenever_they_like(client: Client, work: Work, trainer: Person) -> None:
    spoken = handed_in_spoken(work)
    client.force_login(work.person)
    client.post(reverse("practice:spoken", args=[work.key]), {"doe": "weg", "nummer": str(spoken.pk)})
    assert StoredFile.objects.get().person is None
    assert not Evidence.objects.exists()


def test_a_form_without_sound_says_so(client: Client, work: Work) -> None:
    client.force_login(work.person)
    answer = client.post(reverse("practice:spoken", args=[work.key]), {"opname_sleutel": "geen-sleutel"})
    assert answer.status_code == 422
    assert "Neem eerst iets op, of kies een bestand." in answer.content.decode()


def test_the_recording_of_a_talk_is_for_trainers_and_never_for_a_colleague(
    client: Client, work: Work, trainer: Person
) -> None:
    evidence.consent(work.pk, who="de boer", how="hardop", given_on=timezone.localdate())
    spoken = evidence.attach(work.pk, file=said_by(work.person), form=Form.SPOKEN)
    recorded = evidence.attach(work.pk, file=said_by(work.person, RECORDED), form=Form.RECORDED)
    version = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    doing.save(work.pk, {**REPORT, "vorm-gesproken": "ja", "vorm-opname": "ja"}, based_on=version)
    client.force_login(work.person)
    others, trainers = (
        client.get(reverse("practice:hand-in", args=[work.key])).content.decode().split('id="trainer"')
    )  # fmt: skip
    assert f"geluid-{spoken.pk}" in others
    assert f"geluid-{recorded.pk}" not in others
    assert f"geluid-{recorded.pk}" in trainers
    doing.hand_in(work.pk, by=work.person)
    peer = Assessment.objects.get(part=Part.PEER).person
    assert peer is not None
    assert spoken.file is not None
    assert recorded.file is not None
    assert [may_hear(peer, file) for file in (spoken.file, recorded.file)] == [True, False]
    assert may_hear(trainer, recorded.file)
    client.force_login(peer)
    page = client.get(reverse("practice:peer", args=[work.key])).content.decode()
    assert f"geluid-{spoken.pk}" in page
    assert f"geluid-{recorded.pk}" not in page
