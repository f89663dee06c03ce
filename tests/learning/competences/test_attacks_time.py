"""Whoever looks before and after somebody was erased, HR was shut or teams changed, learns nothing of anybody."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jobs.runner import drain
from learning.competences import tasks
from learning.competences.models import ShownFigure
from learning.competences.privacy import rest_of
from learning.competences.services import hr, showing, tables
from learning.competences.services.tables import progress_in
from learning.people.erasing import erase
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.people.services import suspend
from learning.tracks.models import ModuleEdition, Track
from learning.tracks.services import enrol, set_track
from tests.factories import OrganisationFactory, published
from tests.learning.competences.test_figures import follow, people_in, reach, recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_competences")]

type Bins = list[Any]


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def tracks(organisation: Organisation, edition: ModuleEdition) -> list[Track]:
    """Two, with the same module."""
    return [
        set_track(organisation, slug=f"leerlijn-{n}", title=f"Leerlijn {n}", modules=[edition.module]) for n in (1, 2)
    ]


def team(organisation: Organisation, name: str, many: int, *, parent: Team | None = None) -> Team:
    """Half of them at N1."""
    made = Team.objects.create(organisation=organisation, name=name, parent=parent)
    people_in(made, organisation, [n % 2 for n in range(many)])
    return made


def all_of(organisation: Organisation) -> dict[tuple[str, str, int], Bins]:
    rows = ShownFigure.objects.filter(organisation=organisation)
    return {(row.kind, row.competence, row.row): row.bins for row in rows}


def progress(track: Track) -> Bins | None:
    row = ShownFigure.objects.filter(kind=progress_in(track.pk), row=tables.TOP).first()
    return row.bins if row else None


# --- erased


@pytest.mark.parametrize("when", ["asked for it", "left, and the term is over"])
def test_who_was_erased_is_not_what_a_leerlijn_had_more_than_one_that_was_given_after(
    when: str, organisation: Organisation, tracks: list[Track], edition: ModuleEdition
) -> None:
    people = people_in(Team.objects.create(organisation=organisation, name="A"), organisation, [0] * 17)
    for person in people[:9]:
        enrol(person, module=edition.module)
    follow(tracks[0], Team.objects.get())
    showing.show(organisation)
    assert progress(tracks[0]) == [[[0], 8], [[1, 2, 3], 9]]
    if when != "asked for it":
        suspend(people[0])
        showing.show(organisation)
    erase(people[0].pk)
    follow(tracks[1], Team.objects.get())
    showing.show(organisation)
    assert progress(tracks[0]) == [[[0], 8], [[1, 2, 3], 9]]
    assert progress(tracks[1]) is None


def test_a_leerlijn_that_is_given_to_the_same_people_shows_the_same_where_nobody_was_erased(
    organisation: Organisation, tracks: list[Track], edition: ModuleEdition
) -> None:
    people = people_in(Team.objects.create(organisation=organisation, name="A"), organisation, [0] * 17)
    for person in people[:9]:
        enrol(person, module=edition.module)
    for track in tracks:
        follow(track, Team.objects.get())
        showing.show(organisation)
    assert progress(tracks[0]) == progress(tracks[1]) == [[[0], 8], [[1, 2, 3], 9]]


def test_whoever_is_erased_one_by_one_changes_no_row_until_there_are_five(
    organisation: Organisation, tracks: list[Track]
) -> None:
    one, two = team(organisation, "A", 24), team(organisation, "B", 24)
    for each in (one, two):
        follow(tracks[0], each)
    showing.show(organisation)
    before = all_of(organisation)
    going = list(Person.objects.filter(team_memberships__team=one).order_by("pk")[:4])
    for person in going:
        erase(person.pk)
        showing.show(organisation)
        assert all_of(organisation) == before


# --- who left, or came


@pytest.mark.parametrize("how", ["left", "was erased", "came"])
def test_where_people_stand_still_in_a_module_that_is_given_after_doesnt_tell_who_had_begun_with_another(
    how: str, organisation: Organisation, edition: ModuleEdition, tmp_path: Path
) -> None:
    """How many began nothing of a leerlijn stands there too."""
    later = published(tmp_path / "later", key="later")
    one = set_track(organisation, slug="een", title="Een", modules=[edition.module])
    two = set_track(organisation, slug="twee", title="Twee", modules=[edition.module, later.module])
    a = Team.objects.create(organisation=organisation, name="A")
    people = people_in(a, organisation, [0] * 17)
    for person in people[:9]:
        enrol(person, module=edition.module)
    follow(one, a)
    showing.show(organisation)
    assert progress(one) == [[[0], 8], [[1, 2, 3], 9]]
    match how:
        case "left":
            suspend(people[0])
        case "was erased":
            erase(people[0].pk)
        case "came":
            enrol(people_in(a, organisation, [0])[0], module=edition.module)
    follow(two, a)
    showing.show(organisation)
    assert not ShownFigure.objects.filter(kind=tables.stuck_in(later.module_id)).exists()


def test_where_people_stand_still_in_a_module_that_is_given_to_the_same_people_is_shown(
    organisation: Organisation, edition: ModuleEdition, tmp_path: Path
) -> None:
    later = published(tmp_path / "later", key="later")
    one = set_track(organisation, slug="een", title="Een", modules=[edition.module])
    two = set_track(organisation, slug="twee", title="Twee", modules=[edition.module, later.module])
    a = Team.objects.create(organisation=organisation, name="A")
    for person in people_in(a, organisation, [0] * 17)[:9]:
        enrol(person, module=edition.module)
    for track in (one, two):
        follow(track, a)
        showing.show(organisation)
    row = ShownFigure.objects.get(kind=tables.stuck_in(later.module_id), row=0)
    assert [n for _values, n in row.bins] == [8, 9]


@pytest.mark.parametrize(("went", "kept"), [(4, False), (5, True)])
def test_who_was_in_a_row_stays_remembered_from_five_who_went_on(went: int, kept: bool) -> None:
    """Where fewer did, what is shown since differs by more than them."""
    before = dict.fromkeys(range(16), "0")
    now = {person: value for person, value in before.items() if person >= went}
    assert showing._is_kept({0: before}, 0, now, 5) == kept
    assert not showing._is_kept({0: before, showing._EARLIER - 1: before}, 0, now, 5)


# --- the first day, and a second one


def first_day(organisation: Organisation) -> None:
    recorded(organisation)
    drain()


def first_day_of_three_teams(organisation: Organisation, track: Track) -> list[Team]:
    teams = [team(organisation, name, many) for name, many in (("A", 5), ("B", 5), ("C", 4))]
    for each in teams:
        follow(track, each)
    first_day(organisation)
    return teams


def test_on_the_first_day_a_team_of_four_is_taken_together_with_one_of_five(
    organisation: Organisation, tracks: list[Track]
) -> None:
    teams = first_day_of_three_teams(organisation, tracks[0])
    shown = all_of(organisation)
    assert {row for _kind, _code, row in shown} <= {0, teams[1].pk, rest_of(0)}
    assert all(n >= 5 for bins in shown.values() for _values, n in bins)
    assert shown


def test_shut_changed_by_a_few_and_opened_again_it_shows_what_stood_there(
    organisation: Organisation, tracks: list[Track]
) -> None:
    teams = first_day_of_three_teams(organisation, tracks[0])
    before = all_of(organisation)
    for n, each in enumerate(teams):
        hr.withdraw_basis(organisation.pk)
        people_in(each, organisation, [1])
        reach(Person.objects.filter(team_memberships__team=teams[0]).order_by("pk")[n], 2)
        tasks.show({})
        first_day(organisation)
        assert all_of(organisation) == before


def test_a_lock_that_was_shut_over_a_half_year_doesnt_forget_what_was_seen(
    organisation: Organisation, tracks: list[Track]
) -> None:
    a = team(organisation, "A", 20)
    follow(tracks[0], a)
    showing.show(organisation, on=date(2026, 5, 1))
    before = {key: bins for key, bins in all_of(organisation).items() if key[0] == "niveau"}
    people_in(a, organisation, [1, 1])
    showing.show(organisation, on=date(2027, 8, 1))
    latest = ShownFigure.objects.filter(organisation=organisation, period="2027H2", kind="niveau")
    assert {(row.kind, row.competence, row.row): row.bins for row in latest} == before


# --- teams


def test_a_team_that_would_be_its_own_ancestor_counts_for_nobody_and_holds_nobody_up(
    organisation: Organisation, tracks: list[Track]
) -> None:
    """No page or list makes one; should one come into being, its people count nowhere."""
    good, one = team(organisation, "A", 12), team(organisation, "B", 12)
    two = team(organisation, "C", 12, parent=one)
    Team.objects.filter(pk=one.pk).update(parent=two)
    for each in (good, one):
        follow(tracks[0], each)
    showing.show(organisation)
    shown = all_of(organisation)
    assert shown["niveau", "C1", 0] == [[[0], 6], [[1, 2, 3, 4], 6]]


def test_six_teams_in_each_other_tell_no_more_than_the_smallest_that_may_stand_alone(
    organisation: Organisation, tracks: list[Track]
) -> None:
    deep: list[Team] = []
    for n in range(6):
        deep.append(team(organisation, f"T{n}", 3, parent=deep[-1] if deep else None))
    follow(tracks[0], deep[0])
    showing.show(organisation)
    rows = {
        row.row: row for row in ShownFigure.objects.filter(organisation=organisation, kind="niveau", competence="C1")
    }
    assert rows[0].n == 18
    for row in rows.values():
        inside = [rows[each.row] for each in rows.values() if each.parent == row.row]
        assert not inside or row.n - sum(each.n for each in inside) == 0
        assert row.n >= 5


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_teams_that_merge_and_part_again_within_a_half_year_tell_of_no_few(
    organisation: Organisation, tracks: list[Track], order: tuple[int, int]
) -> None:
    above = Team.objects.create(organisation=organisation, name="Directie")
    teams = [team(organisation, name, many, parent=above) for name, many in (("A", 14), ("B", 8))]
    follow(tracks[0], above)
    totals: set[int] = set()
    few = list(TeamMembership.objects.filter(team=teams[order[0]]).order_by("pk").values_list("person", flat=True)[:3])
    day = timezone.localdate()
    for step in range(4):
        TeamMembership.objects.filter(person__in=few).update(team=teams[order[step % 2]])
        showing.show(organisation, on=day + timedelta(days=step))
        totals |= {sum(n for _values, n in bins) for bins in all_of(organisation).values()}
    assert all(one == two or abs(one - two) >= 5 for one in totals for two in totals)
    assert len(totals) > 1
