"""An organisation with teams, a leerlijn and figures; and who may look at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from learning.competences.services import hr, showing
from learning.people.models import Organisation, Person, Role, RoleGrant, Team
from learning.tracks.models import Enrolment, Module, ModuleEdition, Track
from learning.tracks.services import enrol, set_track
from tests.factories import OrganisationFactory, PersonFactory, published
from tests.learning.competences.test_figures import people_in

FIGURES = ("/hr/", "/hr/competenties/", "/hr/vast/")
FILES = ("/hr/leerlijn.csv", "/hr/competenties.csv", "/hr/vast.csv")
OTHER_FORMS = ("/hr/leerlijn.xlsx", "/hr/competenties.ods", "/hr/vast.xlsx")
REGISTER = ("/hr/certificaten/", "/hr/certificaten.csv", "/hr/certificaten.xlsx", "/hr/certificaten.ods")
LOCKED = (*FIGURES, *FILES, *OTHER_FORMS, *REGISTER, "/hr/toewijzen/")


@dataclass
class House:
    """`people`: {team: those in it}."""

    organisation: Organisation
    teams: dict[str, Team]
    people: dict[str, list[Person]]
    track: Track
    module: Module
    edition: ModuleEdition

    def show(self) -> None:
        showing.show(self.organisation)


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def house(edition: ModuleEdition) -> House:
    """A directorate of 12, 12 and 3 people; nothing arranged, nothing shown."""
    organisation = OrganisationFactory.create()
    above = Team.objects.create(organisation=organisation, name="Directie")
    teams = {"Directie": above}
    for name in ("Zand", "Klei", "Klein"):
        teams[name] = Team.objects.create(organisation=organisation, name=name, parent=above)
    people = {
        "Zand": people_in(teams["Zand"], organisation, [0] * 6 + [2] * 6),
        "Klei": people_in(teams["Klei"], organisation, [0] * 6 + [1] * 6),
        "Klein": people_in(teams["Klein"], organisation, [3, 3, 4]),
    }
    track = set_track(organisation, slug="leerlijn", title="De leerlijn", modules=[edition.module])
    return House(organisation, teams, people, track, edition.module, edition)


@pytest.fixture
def browser(house: House) -> Callable[..., Client]:
    """Of somebody of the house (or of `organisation`) who holds these roles."""

    def made(*roles: Role, organisation: Organisation | None = None) -> Client:
        person = PersonFactory.create(organisation=organisation or house.organisation, name="Ruben Kuiper")
        for role in roles:
            RoleGrant.objects.create(person=person, organisation=person.organisation, role=role)
        client = Client()
        client.force_login(person)
        return client

    return made


@pytest.fixture
def arranged(house: House) -> House:
    """What beheer records is recorded, and what may be shown is shown."""
    begin(house, house.people["Zand"][:8])
    today = timezone.localdate()
    by = PersonFactory.create(organisation=house.organisation)
    hr.record_basis(by, legal_basis="Artikel 6", dpia_on=today, agreement_on=today)
    hr.assign(
        house.organisation.pk, track=house.track, team=house.teams["Directie"], starts_on=today, ends_on=None,
        required=False, announced_on=None,
    )  # fmt: skip
    house.show()
    return house


def begin(house: House, people: list[Person], *, unit: int = 1, days: int = 20) -> None:
    """They began the module and touched nothing for so many days."""
    for person in people:
        enrolment = enrol(person, module=house.module)
        Enrolment.objects.filter(pk=enrolment.pk).update(
            place=f"quiz-{unit}-1", touched_at=timezone.now() - timedelta(days=days)
        )


@pytest.fixture
def hr_browser(arranged: House, browser: Callable[..., Client]) -> Client:
    return browser(Role.HR)
