"""Beside the draft: a colleague with a link, an objection, the file, the late day, the door in a unit."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs import runner
from jobs.models import Job, Status
from learning.notices.models import Notice
from learning.people.models import Group, Person
from learning.practice import notices
from learning.practice.feedback import Words
from learning.practice.models import Assessment, Objection, Observation, Part, State, Verdict, Work, WorkFile
from learning.practice.passages import cut, sentences
from learning.practice.services import doing, evidence, exporting, objecting, observing, passing
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow
from learning.practice.services.observing import LIVES, Shut, TooMany
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import (
    CRITERIA,
    PREPARATION,
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

pytestmark = pytest.mark.django_db
SEEN = {"zag": "Hij vatte twee keer samen.", "moment": "", "vraag": "Wat deed dat met je?"}


@pytest.fixture(autouse=True)
def no_misses() -> None:
    cache.clear()


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create(), name="Tineke Bos")


@pytest.fixture
def group(trainer: Person) -> Group:
    learners = [PersonFactory.create(organisation=trainer.organisation, name=name) for name in ("Sanne W", "Emre A")]
    return group_of(*learners, trainer=trainer)


@pytest.fixture
def work(group: Group) -> Work:
    first = group.members.filter(is_trainer=False).order_by("pk").first()
    assert first is not None
    return work_of(first.person, assignment_in(group))


@pytest.fixture
def me(client: Client, work: Work) -> Client:
    client.force_login(work.person)
    return client


def address(work: Work, name: str, **more: Any) -> str:
    return reverse(f"practice:{name}", kwargs={"work_key": work.key, **more})


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


# --- passages


def test_a_text_is_cut_where_remarks_begin_and_end_and_stays_whole() -> None:
    pieces = cut("Ik zweeg. Hij ook.", [(1, 0, 9), (2, 3, 14), (3, 7, 7), (4, -5, 2), (5, 16, 99)])
    assert "".join(piece.text for piece in pieces) == "Ik zweeg. Hij ook."
    assert [(piece.text, piece.numbers) for piece in pieces] == [
        ("Ik", (1, 4)), (" ", (1,)), ("zweeg.", (1, 2)), (" Hij ", (2,)), ("oo", ()), ("k.", (5,)),
    ]  # fmt: skip


def test_sentences_are_found_where_they_end() -> None:
    text = "Hij zei: “Nee!” Toen… stilte\nEn verder"
    assert [text[start:end] for start, end in sentences(text)] == ["Hij zei: “Nee!”", "Toen…", "stilte", "En verder"]


# --- a colleague with a link


def test_a_colleague_without_an_account_answers_once(me: Client, work: Work) -> None:
    page = me.post(address(work, "observations"), {"woorden": "Let op mijn stiltes."})
    assert page.status_code == 201
    token = page.context["address"].rstrip("/").rpartition("/")[2]
    kept = Observation.objects.get()
    assert token not in repr(Observation.objects.values())
    assert b"stiltes" not in bytes(kept.sealed_asked)
    assert token not in me.get(address(work, "observations")).content.decode()

    guest, link = Client(), f"/observatie/{token}/"
    form = guest.get(link)
    assert "Let op mijn stiltes." in form.content.decode()
    assert "Sanne" in form.content.decode()
    assert (form["Referrer-Policy"], form["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "sessionid" not in guest.cookies
    assert "Dank je wel" in guest.post(link, SEEN).content.decode()
    assert "al beantwoord" in guest.post(link, {**SEEN, "zag": "Iets anders"}).content.decode()
    assert observing.words_of(Observation.objects.get()) == SEEN
    assert told(work.person) == [notices.OBSERVED]
    assert "Hij vatte twee keer samen." in me.get(address(work, "observations")).content.decode()


def test_a_guest_sees_one_thing_and_nothing_of_the_case(work: Work) -> None:
    doing.save(work.pk, PREPARATION, based_on=0)
    _made, token = observing.ask(work.pk, words="")
    page = Client().get(f"/observatie/{token}/").content.decode()
    assert "melkveehouder" not in page
    assert work.assignment.version.case.title not in page
    assert "Sanne W" not in page  # first names only


def test_what_a_guest_left_empty_is_asked_and_what_was_typed_stays(work: Work) -> None:
    _made, token = observing.ask(work.pk, words="")
    answer = Client().post(f"/observatie/{token}/", {"zag": " ", "moment": "Bij het hek."})
    assert answer.status_code == 422
    assert b"Bij het hek." in answer.content


@pytest.mark.parametrize("change", ["expired", "withdrawn", "case_withdrawn"])
def test_a_link_that_is_over_shows_nothing_and_takes_nothing(work: Work, change: str) -> None:
    made, token = observing.ask(work.pk, words="Let op mijn stiltes.")
    if change == "expired":
        Observation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif change == "withdrawn":
        observing.withdraw(work.pk, made.pk)
    else:
        Work.objects.update(state=State.WITHDRAWN)
    for answer in (Client().get(f"/observatie/{token}/"), Client().post(f"/observatie/{token}/", SEEN)):
        assert answer.status_code == 410
        assert b"stiltes" not in answer.content
    assert b"Hij vatte" in answer.content  # what was typed is shown to who typed it
    with pytest.raises(Shut):
        observing.answer(made.pk, SEEN)
    assert Observation.objects.get().sealed is None


def test_a_link_lives_two_weeks(work: Work) -> None:
    made, _token = observing.ask(work.pk, words="")
    assert made.expires_at - made.made_at == LIVES == timedelta(days=14)


def test_a_link_is_in_no_log(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    made, token = observing.ask(work.pk, words="")
    observing.withdraw(work.pk, made.pk)
    with caplog.at_level(logging.DEBUG):
        assert Client().get(f"/observatie/{token}/").status_code == 410
        assert Client().get(f"/observatie/{token}x/").status_code == 404
    assert token not in caplog.text


def test_who_guesses_links_must_wait(work: Work) -> None:
    guesser = Client()
    codes = {guesser.get(f"/observatie/raad-{number}/").status_code for number in range(20)}
    assert codes == {404}
    answer = guesser.get("/observatie/raad/")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_not_more_links_are_open_than_people_can_watch(work: Work) -> None:
    for _ in range(observing.MOST_OPEN):
        observing.ask(work.pk, words="")
    with pytest.raises(TooMany):
        observing.ask(work.pk, words="")


def test_a_case_that_does_not_ask_it_makes_no_links(group: Group) -> None:
    member = group.members.filter(is_trainer=False).first()
    assert member is not None
    only_text = work_of(member.person, assignment_in(group, case_of(group.organisation, bewijsvormen=["tekst"])))
    with pytest.raises(NotNow):
        observing.ask(only_text.pk, words="")
    client = Client()
    client.force_login(member.person)
    assert client.get(address(only_text, "observations")).status_code == 404


def test_an_observation_is_evidence_of_its_own(me: Client, work: Work) -> None:
    held_talk(work)
    made, _token = observing.ask(work.pk, words="")
    observing.answer(made.pk, SEEN)
    version = Work.objects.get().draft_version
    own_look = {name: text for name, text in REPORT.items() if not name.startswith("verslag")}
    doing.save(work.pk, {**own_look, "vorm-observatie": "ja"}, based_on=version)
    preview = me.get(address(work, "hand-in")).content.decode()
    assert "Hij vatte twee keer samen." in preview
    assert doing.hand_in(work.pk, by=work.person).work.rounds.get().forms == ["observatie"]


# --- consent


def test_a_recording_needs_somebody_who_said_yes_and_goes_when_they_take_it_back(me: Client, work: Work) -> None:
    page = me.get(address(work, "recorded")).content.decode()
    assert "Pas daarna kan er een opname bij" in page
    assert "Zet deze opname bij mijn case" not in page
    today = timezone.localdate().isoformat()
    answer = me.post(address(work, "recorded"), {"doe": "ja", "wie": "", "hoe": "hardop", "op": today})
    assert answer.status_code == 422
    assert b"Noem een functie, geen naam." in answer.content
    for _ in range(2):
        me.post(address(work, "recorded"), {"doe": "ja", "wie": "de melkveehouder", "hoe": "hardop", "op": today})
    consent = work.consents.get()
    assert b"melkveehouder" not in bytes(consent.sealed)
    assert evidence.said(consent) == {"wie": "de melkveehouder", "hoe": "hardop"}
    me.post(address(work, "recorded"), {"doe": "nee", "nummer": str(consent.pk)})
    assert not work.consents.exists()


# --- "dit klopt niet"


def contested(work: Work, trainer: Person) -> Assessment:
    judged(handed_in(work), trainer, Verdict.RETURN, level=2)
    return Assessment.objects.get(work=work, part=Part.TRAINER)


def test_an_objection_goes_to_another_trainer_of_the_group(me: Client, work: Work, trainer: Person) -> None:
    other = trainer_in(trainer.organisation)
    work.group.members.create(person=other, is_trainer=True)
    elsewhere = trainer_in(trainer.organisation)
    assessment = contested(work, trainer)
    where = address(work, "object", assessment=assessment.pk)
    assert me.post(where, {"bezwaar": " "}).status_code == 422
    for _ in range(2):
        me.post(where, {"bezwaar": "Ik vatte wél samen, bij het hek."})
    objection = Objection.objects.get()
    assert b"hek" not in bytes(objection.sealed)
    assert told(other).count(notices.OBJECTED) == 1
    assert notices.OBJECTED not in told(trainer) + told(elsewhere)
    page = me.get(address(work, "work")).content.decode()
    assert "Ik vatte wél samen, bij het hek." in page
    assert "Een tweede beoordelaar leest je ronde opnieuw" in page


def test_without_another_trainer_in_the_group_it_goes_to_one_of_the_organisation(work: Work, trainer: Person) -> None:
    elsewhere, stranger = trainer_in(trainer.organisation), trainer_in(OrganisationFactory.create())
    objecting.object_to(contested(work, trainer), words="Dit klopt niet.", by=work.person)
    assert told(elsewhere) == [notices.OBJECTED]
    assert told(stranger) == []


def answered(
    objection: Objection, by: Person, words: Words, *, level: int, overturn: bool = False, reach: str = "individueel"
) -> None:
    levels = dict.fromkeys(CRITERIA, level)
    objecting.answer(objection.pk, by=by, levels=levels, words=words, overturn=overturn, learning_level=reach)


def test_who_is_right_gets_voldoende_after_all(me: Client, work: Work, trainer: Person) -> None:
    other = trainer_in(trainer.organisation)
    objection = objecting.object_to(contested(work, trainer), words="Dit klopt niet.", by=work.person)
    words = Words(saw="Ik lees een samenvatting.", asks="Wat neem je mee?")
    with pytest.raises(Incomplete) as refused:
        answered(objection, other, words, level=2, overturn=True)
    assert refused.value.missing == {"verdict": "te_laag"}
    answered(objection, other, words, level=3, overturn=True)
    row = Work.objects.get()
    assert (row.state, row.score) == (State.ENOUGH, 0.75)
    assert told(work.person)[-2:] == [notices.OVERTURNED, notices.ANSWERED]
    page = me.get(address(work, "work")).content.decode()
    assert "Je kreeg gelijk" in page
    assert "Ik lees een samenvatting." in page
    with pytest.raises(NotNow):
        answered(objection, other, words, level=3)


def test_a_judgement_that_stands_changes_nothing(work: Work, trainer: Person) -> None:
    other = trainer_in(trainer.organisation)
    objection = objecting.object_to(contested(work, trainer), words="Dit klopt niet.", by=work.person)
    words = Words(asks="Wat neem je mee?")
    answered(objection, other, words, level=1)
    row = Work.objects.get()
    assert (row.state, row.score) == (State.RETURNED, 0.5)


def test_nobody_objects_for_another_or_to_a_peer(work: Work, trainer: Person) -> None:
    assessment = contested(work, trainer)
    with pytest.raises(NotNow):
        objecting.object_to(assessment, words="Dit klopt niet.", by=trainer)
    client = Client()
    client.force_login(trainer)
    assert client.post(address(work, "object", assessment=assessment.pk), {"bezwaar": "Nee."}).status_code == 404


# --- the date that passes


def test_learner_and_trainer_hear_once_that_the_date_has_passed(work: Work, trainer: Person) -> None:
    passing.tell_late()
    assert told(work.person) == []
    Work.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    for _ in range(2):
        passing.tell_late()
    assert told(work.person) == told(trainer) == [notices.LATE]
    doing.extend(work.pk, until=timezone.localdate(), by=work.person)
    Work.objects.update(due_on=timezone.localdate() - timedelta(days=2))
    passing.tell_late()
    assert told(work.person).count(notices.LATE) == 2  # another date


def test_who_handed_in_or_is_through_hears_nothing_of_a_date(work: Work) -> None:
    handed_in(work)
    Work.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert passing.tell_late() == 0


# --- the file


def test_a_whole_case_is_a_pdf_for_its_learner_alone(me: Client, work: Work, trainer: Person) -> None:
    judged(handed_in(work), trainer, Verdict.ENOUGH)
    assert me.get(address(work, "pdf")).status_code == 404
    for _ in range(2):
        me.post(address(work, "file"))
    assert "data-busy" in me.get(address(work, "file"), headers={"X-Fragment": "1"}).content.decode()
    runner.drain()
    file = me.get(address(work, "pdf"))
    assert file.content.startswith(b"%PDF-")
    assert not bytes(WorkFile.objects.get().sealed or b"").startswith(b"%PDF")
    client = Client()
    client.force_login(trainer)
    assert client.get(address(work, "pdf")).status_code == 404
    WorkFile.objects.update(made_at=timezone.now() - exporting.KEPT)
    assert me.get(address(work, "pdf")).status_code == 404
    exporting.forget(WorkFile.objects.get().pk)
    assert not WorkFile.objects.exists()


def test_a_pdf_that_came_to_nothing_can_be_asked_again(work: Work) -> None:
    exporting.ask(work)
    Job.objects.update(status=Status.FAILED)
    exporting.ask(work)
    assert Job.objects.get(kind=exporting.MAKE).status == Status.FAILED  # it may be busy still
    WorkFile.objects.update(asked_at=timezone.now() - exporting.MAKES_FOR)
    exporting.ask(work)
    assert Job.objects.get(kind=exporting.MAKE).status == Status.WAITING
    assert WorkFile.objects.get().asked_at > timezone.now() - exporting.MAKES_FOR
