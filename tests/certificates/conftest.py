from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from certificates import services
from certificates.models import Certificate, Kind
from learning.people.models import Person
from learning.tracks.models import Enrolment

FACTS: dict[str, Any] = {
    "version": 1,
    "name": "Femke Hoekstra",
    "organisation": "Waterschap Lage Broeken",
    "number": "M1",
    "title": "Dialoog is een werkwoord",
    "edition": "a3f09b7c77aa",
    "units": [["1.1", "Twee stromen, één gesprek"], ["1.2", "Debat of dialoog?"], ["1.5", "Aan de keukentafel"]],
    "minutes": 100,
}


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path_factory: pytest.TempPathFactory, letters: Path) -> Path:
    """A store of its own."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "letters").symlink_to(letters)
    settings.DATA_DIR = folder
    return folder / "certificates"


def certificate(**changes: Any) -> Certificate:
    """Not in the register: enough to be drawn. `facts` are added to those above."""
    facts = FACTS | changes.pop("facts", {})
    fields = {
        "code": "K7XF-49MD-X4TG",
        "kind": Kind.ATTENDANCE,
        "subject": "proefmodule",
        "language": "nl",
        "issued_on": date(2026, 11, 24),
    }
    return Certificate(facts=facts, **(fields | changes))


def completed(enrolment: Enrolment) -> Enrolment:
    Enrolment.objects.filter(pk=enrolment.pk).update(
        done=enrolment.edition.required, completed_at=datetime(2026, 11, 24, 12, tzinfo=UTC)
    )
    enrolment.refresh_from_db()
    return enrolment


@pytest.fixture
def done(enrolment: Enrolment) -> Enrolment:
    return completed(enrolment)


@pytest.fixture
def issued(done: Enrolment) -> Certificate:
    """Of `person`, with its file."""
    given = services.issue_attendance(done.pk)
    services.draw(given.pk)
    given.refresh_from_db()
    return given


@pytest.fixture
def owner(person: Person) -> Person:
    return person
