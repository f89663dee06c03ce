"""What somebody with bad intentions tries at the doors of practice cases."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.files import hearing as hearing_files
from learning.files.fields import KEY
from learning.files.models import StoredFile
from learning.people.models import Group, Person, RoleGrant
from learning.practice.flow import Event
from learning.practice.hearing import FEEDBACK
from learning.practice.models import Assessment, Form, Part, Stage, Verdict, Work
from learning.practice.permissions import reads_round
from learning.practice.services import doing, evidence, moving, observing, peers, reading
from learning.practice.services.evidence import RECORDED
from learning.practice.services.library import mark
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import (
    REPORT,
    assignment_in,
    case_of,
    group_of,
    handed_in,
    held_talk,
    judged,
    trainer_in,
    work_of,
)
from tests.learning.practice.desk import send, signed_in
from tests.learning.practice.test_learner_sound import said_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_misses() -> None:
    cache.clear()


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create(), name="Tineke Bos")


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


@pytest.mark.parametrize("how", ["other method", "something behind it", "far too large", "too many fields"])
def test_a_link_of_a_guest_is_in_no_log_whatever_is_asked_of_it(
    work: Work, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, link = observing.ask(work.pk, words="")
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.DEBUG):
        page = f"/observatie/{link}/"
        if how == "other method":
            response = client.generic("PROPFIND", page)
        elif how == "something behind it":
            response = client.get(f"{page}.")
        elif how == "far too large":
            response = client.post(page, {"zag": "x" * 3_000_000})
        else:
            response = client.post(page, {f"veld{n}": "x" for n in range(1500)})
    assert response.status_code >= 400
    assert link not in caplog.text


def test_a_recording_of_a_talk_that_goes_on_a_day_stays_no_longer_because_its_key_is_sent_again(
    work: Work, trainer: Person
) -> None:
    evidence.consent(work.pk, who="Een boer", how="hardop", given_on=timezone.localdate())
    file = said_by(work.person, RECORDED)
    evidence.attach(work.pk, file=file, form=Form.RECORDED)
    work = handed_in(work)
    judged(work, trainer, Verdict.RETURN, level=2)
    day = timezone.localdate() + timedelta(days=30)
    StoredFile.objects.filter(pk=file.pk).update(wipe_on=day)
    for _ in range(2):
        signed_in(work.person).post(reverse("practice:recorded", args=[work.key]), {KEY: str(file.key)})
    file.refresh_from_db()
    assert file.wipe_on == day


def test_what_was_said_at_one_work_cannot_be_said_at_another(
    group: Group, trainer: Person, learners: list[Person]
) -> None:
    assignment = assignment_in(group)
    first, second = handed_in(work_of(learners[0], assignment)), handed_in(work_of(learners[1], assignment))
    file = said_by(trainer, FEEDBACK)
    for work in (first, second):
        response = send(trainer, work, **{KEY: str(file.key)}, doe="spreek", versie="0", zag="Ja.")
    assert response.status_code in (302, 409, 422)
    assert Assessment.objects.get(file=file).work == first


def test_a_reader_who_lost_their_role_hears_nothing_more(group: Group, trainer: Person, learners: list[Person]) -> None:
    colleague = trainer_in(trainer.organisation)
    work = handed_in(work_of(learners[0], assignment_in(group, second_reader=True)))
    file = said_by(trainer, FEEDBACK, parts={"opus": {"blob": "x", "size": 3, "media_type": "audio/webm"}})
    mine = reading.take_up(work.pk, by=trainer)
    reading.speak(mine.pk, file=file)
    Assessment.objects.filter(pk=mine.pk).update(stage=Stage.TO_READ, reader=colleague)
    there = hearing_files.address(file, colleague, "opus")
    signature = there.rstrip("/").rsplit("/", 1)[1]
    assert hearing_files.may_hear(file, colleague, "opus", signature)
    RoleGrant.objects.filter(person=colleague).delete()
    assert not hearing_files.may_hear(file, colleague, "opus", signature)


def test_a_colleague_reads_and_hears_nothing_of_what_was_withdrawn(work: Work, trainer: Person) -> None:
    work = handed_in(work)
    asked = Assessment.objects.select_related("round", "person").get(work=work, part=Part.PEER)
    assert asked.person
    client = signed_in(asked.person)
    page = reverse("practice:peer", args=[work.key])
    assert "Dit gebeurde er" in client.get(page).content.decode()
    moving.move(work.pk, Event.WITHDRAW, by=trainer)
    assert "Dit gebeurde er" not in client.get(page).content.decode()
    asked.refresh_from_db()
    assert not reads_round(asked.person, asked.round)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_too_large_for_a_database_is_nothing(group: Group, trainer: Person, work: Work, number: int) -> None:
    client = signed_in(trainer)
    work = handed_in(work)
    own = signed_in(work.person)
    for path in (
        f"/begeleiden/uitzetten/case/{number}/",
        f"/begeleiden/cases/{number}/",
        f"/begeleiden/cases/{number}/bewerk/",
        f"/groepen/{number}/",
        f"/groepen/{group.pk}/mensen/{number}/weg/",
        f"/berichten/{number}/",
    ):
        assert client.get(path).status_code == 404, path
    for path in (f"/begeleiden/{work.key}/verberg/{number}/", f"/begeleiden/cases/{number}/eigen/"):
        assert client.post(path).status_code == 404, path
    assert client.get(reverse("groups:take-out", args=[group.pk, number])).status_code == 404
    assert client.post(f"/begeleiden/zinnen/{number}/weg/").status_code in (302, 404)
    assert own.post(reverse("practice:object", args=[work.key, number])).status_code == 404
    assert own.post(reverse("practice:withdraw", args=[work.key, number])).status_code in (302, 404)
    for path in (f"/groei/bezwaren/{number}/", f"/groei/C1/{number}/klopt-niet/"):
        assert own.get(path).status_code == 404, path


def test_signs_that_a_database_cannot_keep_do_no_harm(trainer: Person, group: Group, work: Work) -> None:
    client = signed_in(trainer)
    assert client.post("/begeleiden/zinnen/", {"zin": "a\x00b", "doe": "bewaar"}).status_code < 500
    work = handed_in(work)
    for fields in (
        {
            "zag": "a\x00b",
            "vraag": "c\x00d?",
            "versie": "0",
            "notitie": "e\x00f",
            "notitie-versie": "0",
            "doe": "bewaar",
        },
        {"doe": "opm-verslag-0", "zin-verslag-0": "0-4", "opmerking-verslag-0": "x\x00y", "versie": "1"},
    ):
        assert client.post(f"/begeleiden/{work.key}/", fields).status_code < 500

    version = case_of(trainer.organisation)
    edit = reverse("desk:case-edit", args=[version.case_id])

    typed = {
        "was-titel": mark(version.document["titel"]),
        "titel": "een\x00twee",
        "was-opdracht": mark(version.document["opdracht"]),
        "opdracht": "drie\x00vier",
    }
    assert client.post(edit, typed).status_code < 500
    assert client.get(edit).status_code == 200
    client.post(edit, {**typed, "maak": "ja"})
    assert client.get("/begeleiden/cases/").status_code == 200


@pytest.mark.parametrize("data", ["e-mail\nik\0@voorbeeld.nl\n".encode("utf-16"), b"e-mail\nik\0@voorbeeld.nl\n"])
def test_a_list_with_signs_that_a_database_cannot_keep_is_no_list(trainer: Person, group: Group, data: bytes) -> None:
    file = SimpleUploadedFile("lijst.csv", data)
    response = signed_in(trainer).post(reverse("groups:import", args=[group.pk]), {"file": file})
    assert response.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_cannot_at_once_do_not_ask_the_same_other(
    trainer: Person, django_db_serialized_rollback: None
) -> None:
    learners = PersonFactory.create_batch(5, organisation=trainer.organisation)
    assignment = assignment_in(group_of(*learners, trainer=trainer), peers=2)
    works = [work_of(learner, assignment) for learner in learners]
    handed_in(works[0])
    asked = list(Assessment.objects.filter(part=Part.PEER).select_related("person"))
    assert len(asked) == 2
    start = threading.Barrier(2)

    def decline(one: Assessment) -> None:
        start.wait(timeout=10)
        try:
            assert one.person
            peers.decline(one.pk, by=one.person)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(decline, asked))
    going = Assessment.objects.filter(part=Part.PEER, stage=Stage.ASKED)
    assert len(set(going.values_list("person", flat=True))) == 2


def test_what_was_written_but_not_chosen_is_not_handed_in(work: Work, trainer: Person) -> None:
    evidence.attach(work.pk, file=said_by(work.person), form=Form.SPOKEN)
    version = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    written = {**REPORT, "verslag-0": "Dit houd ik voor mezelf.", "vorm-gesproken": "ja"}
    doing.save(work.pk, written, based_on=version)
    work = doing.hand_in(work.pk, by=work.person).work
    peer = Assessment.objects.select_related("person").get(work=work, part=Part.PEER).person
    assert peer
    for person, path in ((trainer, f"/begeleiden/{work.key}/"), (peer, reverse("practice:peer", args=[work.key]))):
        assert "voor mezelf" not in signed_in(person).get(path).content.decode()
    judged(work, trainer, Verdict.RETURN, level=1)
    assert "voor mezelf" in signed_in(work.person).get(reverse("practice:work", args=[work.key])).content.decode()
