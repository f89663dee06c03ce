from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from certificates import facts, queries, services, store
from certificates.models import Certificate, Kind
from certificates.queries import Stage
from jobs import queries as jobs
from jobs import registry, runner
from learning.people import leaving
from learning.people import services as people
from learning.people.models import Organisation, Person
from learning.tracks.events import module_completed
from learning.tracks.models import Enrolment, Module

pytestmark = pytest.mark.django_db


def stage(person: Person) -> Stage:
    (document,) = queries.documents_of(person)
    return document.stage


def test_a_module_that_is_done_is_followed_by_its_document(person: Person, done: Enrolment) -> None:
    with transaction.atomic():
        module_completed.send(None, enrolment_id=done.pk, person_id=person.pk, module=done.module.slug)
    assert stage(person) == Stage.MAKING
    runner.drain()
    assert stage(person) == Stage.READY
    (certificate,) = Certificate.objects.all()
    assert certificate.kind == Kind.ATTENDANCE
    content = store.read(certificate.code)
    assert content is not None
    assert content.startswith(b"%PDF-")


def test_it_is_issued_once_however_often_it_is_asked(done: Enrolment) -> None:
    first = services.issue_attendance(done.pk)
    second = services.issue_attendance(done.pk)
    assert first == second
    assert Certificate.objects.count() == 1


def test_the_register_itself_refuses_a_second_living_one(issued: Certificate) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(
            code="other", kind=issued.kind, person=issued.person, subject=issued.subject, facts={}, language="nl",
            issued_on=issued.issued_on,
        )  # fmt: skip


def test_a_module_that_is_not_done_has_no_document(enrolment: Enrolment) -> None:
    with pytest.raises(services.NotComplete):
        services.issue_attendance(enrolment.pk)
    with transaction.atomic():
        services.ask_for(enrolment.pk)
    runner.drain()
    state = jobs.state_of(services.ISSUE, str(enrolment.pk))
    assert state is not None
    assert (state.status, state.reason) == ("failed", "the module isn't complete")
    assert not Certificate.objects.exists()


def test_an_enrolment_that_is_gone_has_no_document() -> None:
    with pytest.raises(services.NotComplete):
        services.issue_attendance(12345)


def test_what_happens_later_changes_nothing_on_it(issued: Certificate, person: Person, done: Enrolment) -> None:
    before = store.read(issued.code)
    facts_before = issued.facts
    Person.objects.filter(pk=person.pk).update(name="Een Andere Naam", language="en")
    Organisation.objects.filter(pk=person.organisation_id).update(name="Opgeheven")
    Module.objects.filter(pk=done.module_id).update(title="Een andere titel")
    again = services.issue_attendance(done.pk)
    services.draw(again.pk)
    again.refresh_from_db()
    assert again.facts == facts_before
    assert (again.language, again.issued_on, again.digest) == (issued.language, issued.issued_on, issued.digest)
    assert store.read(again.code) == before


def test_it_attests_what_was_true_when_it_was_issued(issued: Certificate, person: Person) -> None:
    frozen = facts.read(issued.facts)
    assert frozen.name == person.name
    assert frozen.organisation == person.organisation.name
    assert frozen.title == "Proefmodule"
    assert [number for number, _ in frozen.units] == ["1.1", "1.2"]
    assert frozen.minutes == 20
    assert set(issued.facts) == {"version", "name", "organisation", "number", "title", "edition", "units", "minutes"}


def test_the_date_is_stamped_once(done: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
    first = services.issue_attendance(done.pk)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2030, 1, 1))
    assert services.issue_attendance(done.pk).issued_on == first.issued_on


def test_it_is_in_the_language_of_the_person_and_in_dutch_when_that_is_not_one_of_ours(
    person: Person, done: Enrolment
) -> None:
    people.choose_language(person, language="fr")
    assert services.issue_attendance(done.pk).language == "nl"


def test_facts_of_another_time_are_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="version"):
        facts.read({"version": 99})


def test_a_person_who_is_erased_leaves_the_register_as_it_was(issued: Certificate, person: Person) -> None:
    Enrolment.objects.filter(person=person).delete()
    person.delete()
    issued.refresh_from_db()
    assert issued.person is None
    verified = queries.verify(issued.code)
    assert verified is not None
    assert verified.facts is not None
    assert verified.facts.name == issued.facts["name"]


def test_revoking_holds_for_good_and_keeps_the_first_reason(issued: Certificate, done: Enrolment) -> None:
    services.revoke(issued, reason="Op verzoek van de organisatie")
    moment = issued.revoked_at
    services.revoke(issued, reason="Iets anders")
    assert (issued.revoked_at, issued.revoked_reason) == (moment, "Op verzoek van de organisatie")
    assert services.issue_attendance(done.pk) == issued
    assert Certificate.objects.count() == 1


def test_nothing_is_revoked_without_a_reason(issued: Certificate) -> None:
    with pytest.raises(ValueError, match="reason"):
        services.revoke(issued, reason=" ")
    issued.refresh_from_db()
    assert issued.revoked_at is None


def test_a_drawing_that_fails_shows_and_can_be_asked_for_again(
    person: Person, done: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_try = {name: replace(kind, tries=1) for name, kind in registry._kinds.items()}
    monkeypatch.setattr(registry, "_kinds", one_try)

    def full(code: str, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    write = store.write
    monkeypatch.setattr(store, "write", full)
    with transaction.atomic():
        services.ask_for(done.pk)
    runner.drain()
    assert stage(person) == Stage.FAILED
    monkeypatch.setattr(store, "write", write)
    services.try_again(person, done.module.slug)
    assert stage(person) == Stage.MAKING
    runner.drain()
    assert stage(person) == Stage.READY


def test_a_full_disk_leaves_no_half_file(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write("A", b"whole")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.write("A", b"half")
    assert store.read("A") == b"whole"
    assert [path.name for path in files.iterdir()] == ["A.pdf"]


def test_a_file_that_is_gone_is_drawn_anew_and_says_the_same(issued: Certificate, person: Person) -> None:
    before = store.read(issued.code)
    store.path_of(issued.code).unlink()
    assert services.file_of(issued) is None
    assert stage(person) == Stage.MAKING
    runner.drain()
    assert stage(person) == Stage.READY
    assert store.read(issued.code) == before


def test_of_who_left_the_number_stays_and_of_who_asked_nothing(issued: Certificate) -> None:
    assert issued.person_id
    left = Person.objects.filter(pk=issued.person_id)
    left.update(is_active=False)
    assert leaving.erase(left) == {"learning.Person": 1}
    issued.refresh_from_db()
    assert (issued.person, issued.facts, issued.subject) == (None, {}, "")
    assert issued.issued_on
