from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from learning.notices import kinds
from learning.notices.kinds import Facts, Line
from learning.people.models import Person

ADDRESS = "sanne@land-en-water.example"
GONE = "weg"


def about_cases(person: Person, facts: Sequence[Facts]) -> list[Line | None]:
    """What a room might say; `{"case": "weg"}` is gone."""
    return [
        None
        if each["case"] == GONE
        else Line(
            f"Er is iets met {each['case']}.", f"/leren/?case={each['case']}", mailed=f"Nieuws over {each['case']}."
        )
        for each in facts
    ]


def about_rounds(person: Person, facts: Sequence[Facts]) -> list[Line | None]:
    return [Line(f"Ronde {each['round']} is binnen.", "/leren/") for each in facts]


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.kind("proef.case", label="Er is iets met een case")(about_cases)
    kinds.kind("proef.ronde", label="Er is een ronde binnen")(about_rounds)


@pytest.fixture
def can_mail(settings: Any) -> None:
    settings.MAIL_FROM = "leren@tussenruimte.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
