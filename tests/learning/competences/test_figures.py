"""What is shown of teams from day to day: everybody once, and of five or more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from learning.competences import tasks
from learning.competences.models import Reached, ShownFigure, ShownOf, TrackForTeam
from learning.competences.rules import CODES
from learning.competences.services import showing, tables
from learning.competences.services.tables import progress_in
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.tracks.models import Enrolment
from learning.tracks.services import enrol, set_track
from tests.factories import OrganisationFactory, PersonFactory, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def teams(organisation: Organisation) -> list[Team]:
    """A directorate with three teams in it."""
    above = Team.objects.create(organisation=organisation, name="Directie")
    inside = [Team.objects.create(organisation=organisation, name=name, parent=above) for name in ("A", "B", "C")]
    return [above, *inside]


def people_in(team: Team | None, organisation: Organisation, levels: Iterable[int]) -> list[Person]:
    people = []
    for level in levels:
        person = PersonFactory.create(organisation=organisation)
        if team:
            TeamMembership.objects.create(team=team, person=person)
        reach(person, level)
        people.append(person)
    return people


def reach(person: Person, level: int) -> None:
    now = timezone.now()
    for code in CODES:
        Reached.objects.update_or_create(
            person=person, competence=code,
            defaults={"level": level if code == "C1" else 0, "rule_version": 1, "worked_out_at": now},
        )  # fmt: skip


def shown(organisation: Organisation, **which: object) -> dict[str, list[list[object]]]:
    """{name of the team, "" for all or the rest: bins} of C1's levels."""
    rows = ShownFigure.objects.filter(organisation=organisation, competence="C1", kind="niveau", **which)
    return {row.name or ("rest" if row.row < 0 else "alles"): row.bins for row in rows.order_by("row")}


def test_who_is_in_two_teams_counts_once_in_the_first(teams: list[Team], organisation: Organisation) -> None:
    (person,) = people_in(teams[1], organisation, [2])
    TeamMembership.objects.create(team=teams[2], person=person)
    levels = next(table for table in tables.of(organisation) if table.name == tables.LEVEL)
    assert levels.people == {person.pk: (teams[1].pk, "2" + "0" * (len(CODES) - 1))}


def test_an_organisation_that_cannot_be_counted_keeps_no_other_from_being_shown(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = OrganisationFactory.create()
    people_in(None, after, [0] * 6 + [1] * 6)
    count = tables.of

    def counts(row: Organisation) -> Iterable[tables.Table]:
        if row == organisation:
            raise KeyError(row.pk)
        return count(row)

    monkeypatch.setattr(tables, "of", counts)
    with pytest.raises(KeyError):
        tasks.show({})
    assert shown(after) == {"alles": [[[0], 6], [[1, 2, 3, 4], 6]]}


def test_a_team_of_four_is_taken_together_and_its_levels_are_nowhere(
    teams: list[Team], organisation: Organisation
) -> None:
    people_in(teams[1], organisation, [0] * 6 + [1] * 6)
    people_in(teams[2], organisation, [0] * 6 + [2] * 6)
    people_in(teams[3], organisation, [4, 4, 3, 3])
    people_in(None, organisation, [1, 1])
    showing.show(organisation)
    found = shown(organisation)
    assert "C" not in found
    # Who is in no team is left out; C and the smallest beside it are taken together, in bins that fit both.
    assert found["alles"] == [[[0], 12], [[1], 6], [[2, 3, 4], 10]]
    assert found["Directie"] == found["alles"]
    assert found["B"] == [[[0], 6], [[1, 2, 3, 4], 6]]
    assert found["rest"] == [[[0], 6], [[1, 2, 3, 4], 10]]


def test_a_change_of_one_person_waits_until_there_are_five(teams: list[Team], organisation: Organisation) -> None:
    people = people_in(teams[1], organisation, [0] * 10 + [1] * 10)
    showing.show(organisation)
    before = shown(organisation)
    reach(people[0], 1)
    assert showing.show(organisation) == 0 or shown(organisation) == before
    assert shown(organisation) == before
    for person in people[1:5]:
        reach(person, 1)
    showing.show(organisation)
    assert shown(organisation)["alles"] == [[[0], 5], [[1, 2, 3, 4], 15]]


def test_shown_again_on_the_same_day_nothing_changes(teams: list[Team], organisation: Organisation) -> None:
    people_in(teams[1], organisation, [0] * 7 + [2] * 7)
    showing.show(organisation)
    before = list(ShownFigure.objects.order_by("pk").values_list("row", "bins", "kind", "competence"))
    remembered = ShownOf.objects.count()
    showing.show(organisation)
    assert list(ShownFigure.objects.order_by("pk").values_list("row", "bins", "kind", "competence")) == before
    assert ShownOf.objects.count() == remembered


def test_a_reorganisation_leaves_the_half_year_before_as_it_was(teams: list[Team], organisation: Organisation) -> None:
    people_in(teams[1], organisation, [0] * 8)
    people_in(teams[2], organisation, [1] * 8)
    showing.show(organisation, on=date(2026, 6, 30))
    before = shown(organisation, period="2026H1")
    teams[1].memberships.update(team=teams[2])
    teams[1].name = "Opgeheven"
    teams[1].save()
    showing.show(organisation, on=date(2026, 7, 1))
    assert shown(organisation, period="2026H1") == before
    assert set(shown(organisation, period="2026H2")) >= {"alles", "B"}


def test_a_new_half_year_begins_with_what_was_shown_last(teams: list[Team], organisation: Organisation) -> None:
    people = people_in(teams[1], organisation, [0] * 8)
    showing.show(organisation, on=date(2026, 6, 30))
    reach(people[0], 3)
    showing.show(organisation, on=date(2026, 7, 1))
    assert shown(organisation, period="2026H2") == shown(organisation, period="2026H1")


def test_another_organisation_is_not_in_the_figures(teams: list[Team], organisation: Organisation) -> None:
    people_in(None, OrganisationFactory.create(), [1] * 30)
    people_in(teams[1], organisation, [1] * 6)
    showing.show(organisation)
    assert {row.n for row in ShownFigure.objects.filter(row=0)} == {6}


def test_how_far_people_are_in_a_leerlijn_is_shown_of_whose_team_follows_it_and_of_who_began(
    teams: list[Team], organisation: Organisation, tmp_path: Path
) -> None:
    edition = published(tmp_path / "proefmodule")
    track = set_track(organisation, slug="leerlijn", title="Leerlijn", modules=[edition.module])
    people = people_in(teams[1], organisation, [0] * 12)
    people_in(teams[2], organisation, [0] * 6)
    TrackForTeam.objects.create(track=track, team=teams[1], starts_on=timezone.localdate())
    for person in people[:6]:
        enrol(person, module=edition.module)
    Enrolment.objects.filter(person__in=people[:5]).update(completed_at=timezone.now())
    showing.show(organisation)
    whole = ShownFigure.objects.get(organisation=organisation, kind=progress_in(track.pk), row=0)
    assert whole.bins == [[[0], 6], [[1, 2, 3], 6]]


def test_who_began_nothing_is_not_what_progress_has_more_than_levels(
    teams: list[Team], organisation: Organisation, tmp_path: Path
) -> None:
    track = set_track(organisation, slug="leerlijn", title="Leerlijn", modules=[published(tmp_path / "m").module])
    people_in(teams[1], organisation, [0] * 12)
    late = PersonFactory.create(organisation=organisation)
    TeamMembership.objects.create(team=teams[1], person=late)
    TrackForTeam.objects.create(track=track, team=teams[1], starts_on=timezone.localdate())
    showing.show(organisation)
    n = dict(ShownFigure.objects.filter(row=0, competence__in=["", "C1"]).values_list("kind", "n"))
    assert n["niveau"] == n["breedte"] == n[progress_in(track.pk)] == 13
