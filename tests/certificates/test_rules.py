"""When a module is rond (curriculum 2.0), what is missing until then, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from certificates import drawing, services
from certificates.models import Certificate, Kind
from certificates.rules import Condition, Facts, missing
from jobs import runner
from learning.people.models import Person
from learning.runtime.publishing import publish_folder
from learning.tracks import additions
from learning.tracks.events import practice_judged
from learning.tracks.models import Enrolment, ModuleEdition
from learning.tracks.queries import HowFar, way
from lti.tool.scores import score_of
from tests.certificates.conftest import certificate
from tests.factories import enrolled, published
from tests.learning.frame import finish, whole_folder

ALL = Facts(done=True, decision=0.65, knowledge=0.70, returned=True, later=0.60, practice=True)


def test_a_module_is_rond_when_all_five_hold() -> None:
    assert missing(ALL) == ()


@pytest.mark.parametrize(
    ("facts", "condition"),
    [
        (replace(ALL, done=False), Condition.DONE),
        (replace(ALL, decision=0.64), Condition.DECISION),
        (replace(ALL, decision=None), Condition.DECISION),
        (replace(ALL, knowledge=0.69), Condition.KNOWLEDGE),
        (replace(ALL, returned=False), Condition.RETURN),
        (replace(ALL, later=0.59), Condition.RETURN),
        (replace(ALL, practice=None), Condition.PRACTICE),
        (replace(ALL, practice=False), Condition.PRACTICE),
    ],
)
def test_of_each_that_does_not_hold_is_said_that_it_is_missing(facts: Facts, condition: Condition) -> None:
    assert missing(facts) == (condition,)


# --- in a module


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    return publish_folder(whole_folder(tmp_path / "heel"))


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A room with practice cases: {module: whether it is voldoende}."""
    found: dict[str, bool] = {}
    monkeypatch.setattr(additions, "_judges", {})
    additions.judges_practice(lambda _person_id, module: found.get(module))
    return found


def everything_but_practice(enrolment: Enrolment) -> None:
    finish(enrolment, "start-taak", score=0.1)
    finish(enrolment, "quiz-1-1", "eind-taak", "kennis", "herhaal-kennis", "herhaal-taak", score=0.8)
    long_ago = timezone.now() - timedelta(days=8)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        done=4, completed_at=long_ago, finished_at=long_ago, returned_at=timezone.now()
    )


def test_the_module_page_says_exactly_what_is_missing(learner: Client, enrolment: Enrolment) -> None:
    finish(enrolment, "start-taak", "quiz-1-1")
    finish(enrolment, "eind-taak", score=0.5)
    page = learner.get("/leren/proefmodule/").text
    assert "Je certificaat" in page
    assert "voer nog een ander gesprek" in page
    assert "komt met je trainer" in page
    assert "een week na je laatste onderdeel" in page


def test_without_a_practice_case_there_is_no_certificate_and_the_page_says_who_brings_it(
    learner: Client, enrolment: Enrolment
) -> None:
    everything_but_practice(enrolment)
    assert services.issue_module(enrolment.pk) is None
    page = learner.get("/leren/proefmodule/").text
    assert page.count("Klaar:") == 3 + 4  # Startpunt, unit and Eindpunt; all of the certificate but the practice case
    assert "komt met je trainer" in page


def test_a_practice_case_that_is_judged_last_brings_the_certificate(
    person: Person, enrolment: Enrolment, verdicts: dict[str, bool]
) -> None:
    everything_but_practice(enrolment)
    verdicts["proefmodule"] = False
    look(enrolment)
    assert not Certificate.objects.exists()
    verdicts["proefmodule"] = True
    look(enrolment)
    look(enrolment)
    (given,) = Certificate.objects.all()
    assert (given.kind, given.person, given.subject) == (Kind.MODULE, person, "proefmodule")
    assert given.digest
    assert services.issue_attendance(enrolment.pk) != given


def look(enrolment: Enrolment) -> None:
    with transaction.atomic():
        practice_judged.send(None, enrolment_id=enrolment.pk)
    runner.drain()


@pytest.mark.parametrize(("activity", "score"), [("eind-taak", 0.64), ("kennis", 0.69), ("herhaal-taak", 0.59)])
def test_a_score_below_what_is_asked_leaves_it_open(
    enrolment: Enrolment, verdicts: dict[str, bool], activity: str, score: float
) -> None:
    everything_but_practice(enrolment)
    verdicts["proefmodule"] = True
    enrolment.activities.filter(activity=activity).update(score=score)
    assert services.issue_module(enrolment.pk) is None


def test_the_start_counts_for_nothing(enrolment: Enrolment, verdicts: dict[str, bool]) -> None:
    everything_but_practice(enrolment)
    verdicts["proefmodule"] = True
    enrolment.activities.filter(activity="start-taak").update(score=0.0)
    assert services.issue_module(enrolment.pk) is not None


def test_an_lms_hears_one_out_of_one_when_the_module_is_done_certificate_or_not(enrolment: Enrolment) -> None:
    finish(enrolment, "start-taak", "quiz-1-1", "eind-taak", "kennis", score=0.1)
    Enrolment.objects.filter(pk=enrolment.pk).update(done=4, completed_at=timezone.now())
    known = way(enrolment.person, "proefmodule")
    assert known
    score = score_of(HowFar(known.done, known.required, known.complete))
    assert (score.given, score.final) == (1.0, True)


def test_the_document_says_that_something_was_shown_and_no_score() -> None:
    words = drawing.document(certificate(kind=Kind.MODULE))
    assert "Certificaat" in words
    assert "een gesprek in de praktijk dat een trainer voldoende vond" in words
    assert "Getoond" not in drawing.document(certificate())


@pytest.mark.django_db
def test_an_edition_from_before_speaks_of_no_certificate(client: Client, person: Person, tmp_path: Path) -> None:
    old = enrolled(person, published(tmp_path / "oud", key="oud"))
    client.force_login(person)
    assert "Je certificaat" not in client.get("/leren/oud/").text
    assert services.issue_module(old.pk) is None
    found = way(person, "oud")
    assert found
    assert found.edition.herhaalmoment is None
