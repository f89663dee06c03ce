"""What is shown of teams that follow a leerlijn, from day to day: everybody once, and of five or more."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jobs.runner import drain
from learning.competences import tasks
from learning.competences.models import Reached, ShownFigure, ShownOf, TrackForTeam
from learning.competences.services import effect, hr, showing, tables
from learning.competences.services.tables import progress_in, stuck_in
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.tracks.models import Enrolment, Track
from learning.tracks.services import enrol, set_track
from tests.factories import OrganisationFactory, PersonFactory, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_competences")]


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def teams(organisation: Organisation) -> list[Team]:
    """A directorate with three teams in it."""
    above = Team.objects.create(organisation=organisation, name="Directie")
    inside = [Team.objects.create(organisation=organisation, name=name, parent=above) for name in ("A", "B", "C")]
    return [above, *inside]


@pytest.fixture
def track(organisation: Organisation, tmp_path: Path) -> Track:
    edition = published(tmp_path / "proefmodule")
    return set_track(organisation, slug="leerlijn", title="Leerlijn", modules=[edition.module])


@pytest.fixture
def followed(track: Track, teams: list[Team]) -> Track:
    """By the whole directorate."""
    follow(track, teams[0])
    return track


def follow(track: Track, team: Team, *, since: date = date(2026, 1, 1), until: date | None = None) -> TrackForTeam:
    return TrackForTeam.objects.create(track=track, team=team, starts_on=since, ends_on=until)


def table_of(organisation: Organisation, name: str) -> tables.Table:
    found = tables.of(tables.population(organisation))
    return next(table for table in found if table.name == name)


def people_in(team: Team | None, organisation: Organisation, levels: Iterable[int]) -> list[Person]:
    wanted = list(levels)
    people = Person.objects.bulk_create(PersonFactory.build_batch(len(wanted), organisation=organisation))
    if team:
        TeamMembership.objects.bulk_create(TeamMembership(team=team, person=each) for each in people)
    _reach(zip(people, wanted, strict=True))
    return people


def counted() -> tuple[str, ...]:
    """The competences of which figures are made: two where `two_competences` holds."""
    return tuple(vars(tables)["CODES"])


def reach(person: Person, level: int) -> None:
    _reach([(person, level)])


def _reach(levels: Iterable[tuple[Person, int]]) -> None:
    """Of C1; of what else is counted, nothing."""
    now = timezone.now()
    rows = [
        Reached(
            person=person, competence=code, level=level if code == "C1" else 0, learning_levels="i", rule_version=1,
            worked_out_at=now,
        )
        for person, level in levels
        for code in counted()
    ]  # fmt: skip
    Reached.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "competence"], update_fields=["level", "worked_out_at"]
    )


def shown(organisation: Organisation, **which: object) -> dict[str, list[list[object]]]:
    """{name of the team, "" for all or the rest: bins} of C1's levels."""
    rows = ShownFigure.objects.filter(organisation=organisation, competence="C1", kind="niveau", **which)
    return {row.name or ("rest" if row.row < 0 else "alles"): row.bins for row in rows.order_by("row")}


def recorded(organisation: Organisation) -> None:
    by, today = PersonFactory.create(organisation=organisation), timezone.localdate()
    hr.record_basis(by, legal_basis="Artikel 6", dpia_on=today, agreement_on=today)


def test_who_is_in_two_teams_counts_once_in_the_first(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    person, *_others = people_in(teams[1], organisation, [2] * 5)
    TeamMembership.objects.create(team=teams[2], person=person)
    levels = table_of(organisation, tables.LEVEL)
    assert len(levels.people) == 5
    assert levels.people[person.pk] == (teams[1].pk, "2" + "0" * (len(counted()) - 1))


def test_an_organisation_that_cannot_be_counted_keeps_no_other_from_being_shown(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = OrganisationFactory.create()
    team = Team.objects.create(organisation=after, name="A")
    follow(set_track(after, slug="leerlijn", title="Leerlijn", modules=[]), team)
    people_in(team, after, [0] * 6 + [1] * 6)
    count = tables.of

    def counts(found: tables.Population) -> Iterable[tables.Table]:
        if found.organisation == organisation:
            raise KeyError(found.organisation.pk)
        return count(found)

    monkeypatch.setattr(tables, "of", counts)
    for each in (organisation, after):
        recorded(each)
    with pytest.raises(KeyError):
        tasks.show({})
    assert shown(after) == {name: [[[0], 6], [[1, 2, 3, 4], 6]] for name in ("alles", "A")}


def test_nobody_is_counted_for_hr_before_it_was_recorded_on_what_ground_nor_after_that_was_taken_back(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    people_in(teams[1], organisation, [0] * 6 + [2] * 6)
    tasks.show({})
    assert not ShownOf.objects.exists()
    recorded(organisation)
    hr.withdraw_basis(organisation.pk)
    tasks.show({})
    drain()
    assert not ShownOf.objects.exists()
    recorded(organisation)
    drain()
    assert shown(organisation)


def test_a_team_of_four_is_taken_together_and_its_levels_are_nowhere(
    teams: list[Team], organisation: Organisation, followed: Track
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


def test_a_change_of_one_person_waits_until_there_are_five(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
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


def test_shown_again_on_the_same_day_nothing_changes(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    people_in(teams[1], organisation, [0] * 7 + [2] * 7)
    showing.show(organisation)
    before = list(ShownFigure.objects.order_by("pk").values_list("row", "bins", "kind", "competence"))
    remembered = ShownOf.objects.count()
    showing.show(organisation)
    assert list(ShownFigure.objects.order_by("pk").values_list("row", "bins", "kind", "competence")) == before
    assert ShownOf.objects.count() == remembered


def test_a_figure_that_says_the_same_keeps_the_day_on_which_it_came(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    people = people_in(teams[1], organisation, [0] * 10 + [1] * 10)
    showing.show(organisation)
    long_ago = timezone.now() - timedelta(days=9)
    assert ShownFigure.objects.update(shown_at=long_ago) > len(counted())
    showing.show(organisation)
    assert not ShownFigure.objects.exclude(shown_at=long_ago).exists()
    for person in people[:5]:
        reach(person, 1)
    showing.show(organisation)
    new = ShownFigure.objects.exclude(shown_at=long_ago)
    assert {(row.kind, row.competence) for row in new} == {("niveau", "C1")}


def test_a_reorganisation_leaves_the_half_year_before_as_it_was(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
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


def test_a_new_half_year_begins_with_what_was_shown_last(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    people = people_in(teams[1], organisation, [0] * 8)
    showing.show(organisation, on=date(2026, 6, 30))
    reach(people[0], 3)
    showing.show(organisation, on=date(2026, 7, 1))
    assert shown(organisation, period="2026H2") == shown(organisation, period="2026H1")


def test_another_organisation_is_not_in_the_figures(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    people_in(None, OrganisationFactory.create(), [1] * 30)
    people_in(teams[1], organisation, [1] * 6)
    showing.show(organisation)
    assert {row.n for row in ShownFigure.objects.filter(row=0)} == {6}


def test_how_far_people_are_in_a_leerlijn_is_shown_of_whose_team_follows_it_and_of_nobody_else(
    teams: list[Team], organisation: Organisation, track: Track
) -> None:
    people = people_in(teams[1], organisation, [0] * 12)
    others = people_in(teams[2], organisation, [0] * 6)
    follow(track, teams[1])
    module = track.places.get().module
    for person in [*people[:6], *others]:
        enrol(person, module=module)
    Enrolment.objects.filter(person__in=people[:5]).update(completed_at=timezone.now())
    showing.show(organisation)
    for kind in (progress_in(track.pk), stuck_in(module.pk), "niveau", "breedte"):
        assert set(ShownFigure.objects.filter(kind=kind, row=0).values_list("n", flat=True)) == {12}
    whole = ShownFigure.objects.get(kind=progress_in(track.pk), row=0)
    assert whole.bins == [[[0], 6], [[1, 2, 3], 6]]


def test_where_no_team_follows_anything_nothing_is_shown(
    teams: list[Team], organisation: Organisation, track: Track
) -> None:
    for person in people_in(teams[1], organisation, [0] * 9 + [2] * 9):
        enrol(person, module=track.places.get().module)
    follow(track, teams[1], since=date(2099, 1, 1))
    showing.show(organisation)
    assert not ShownFigure.objects.exists()


# --- a leerlijn that ends, or is taken away


def test_what_ended_is_counted_until_its_half_year_is_over_and_then_stays_as_history(
    teams: list[Team], organisation: Organisation, track: Track
) -> None:
    people_in(teams[1], organisation, [0] * 8 + [1] * 8)
    follow(track, teams[1], until=date(2026, 3, 31))
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)):
        showing.show(organisation, on=day)
    periods = ShownFigure.objects.filter(kind=progress_in(track.pk)).values_list("period", flat=True)
    assert set(periods) == {"2026H1"}
    assert shown(organisation, period="2026H1")["A"] == [[[0], 8], [[1, 2, 3, 4], 8]]
    assert not shown(organisation, period="2026H2")


def test_a_leerlijn_that_is_given_to_a_few_to_look_at_them_shows_nothing_new(
    teams: list[Team], organisation: Organisation, followed: Track, tmp_path: Path
) -> None:
    """Assign, look, take away, look."""
    people_in(teams[1], organisation, [0] * 8 + [1] * 8)
    people_in(teams[2], organisation, [0] * 8 + [1] * 8)
    people_in(teams[3], organisation, [4, 4, 3])
    showing.show(organisation)
    before = everything(organisation)
    other = set_track(organisation, slug="ander", title="Ander", modules=[published(tmp_path / "ander").module])
    given = follow(other, teams[3])
    showing.show(organisation)
    assert everything(organisation) == before
    given.delete()
    showing.show(organisation)
    assert everything(organisation) == before


@pytest.mark.parametrize("few", [[4, 4, 3], [0, 0, 0, 0, 0, 3], [0] * 9])
def test_a_team_that_follows_for_a_day_cannot_be_taken_off_the_rest(
    teams: list[Team], organisation: Organisation, track: Track, few: list[int]
) -> None:
    """Whatever is worked out from yesterday and today is nothing, or of as many as may be shown."""
    for team in teams[1:3]:
        people_in(team, organisation, [0] * 8 + [1] * 8)
        follow(track, team)
    people_in(teams[3], organisation, few)
    showing.show(organisation)
    before = shown(organisation)
    given = follow(track, teams[3])
    showing.show(organisation)
    assert shown(organisation)["alles"] == before["alles"]
    given.delete()
    showing.show(organisation)
    assert shown(organisation)["alles"] == before["alles"]


def test_a_team_that_comes_back_is_compared_with_what_was_last_shown_of_it(
    teams: list[Team], organisation: Organisation, track: Track
) -> None:
    people_in(teams[2], organisation, [0] * 8 + [1] * 8)
    follow(track, teams[2])
    one, *_others = people_in(teams[1], organisation, [0] * 8 + [1] * 8)
    given = follow(track, teams[1])
    showing.show(organisation)
    before = shown(organisation)
    given.delete()
    showing.show(organisation)
    only_b = [[[0], 8], [[1, 2, 3, 4], 8]]
    assert shown(organisation) == {"alles": only_b, "Directie": only_b, "B": only_b}
    reach(one, 1)
    follow(track, teams[1])
    showing.show(organisation)
    # Else A of today would be what today has more than yesterday, and A of before what yesterday had less.
    assert shown(organisation) == {"alles": only_b, "Directie": only_b, "B": only_b}
    reach(one, 0)
    showing.show(organisation)
    assert shown(organisation) == before


def test_somebody_who_is_erased_cannot_be_taken_off_what_was_shown(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    one, *others = people_in(teams[1], organisation, [0] * 14 + [1] * 10)
    showing.show(organisation)
    before = shown(organisation)
    one.delete()
    showing.show(organisation)
    assert shown(organisation) == before
    for person in others[:6]:
        reach(person, 1)
    showing.show(organisation)
    assert shown(organisation)["alles"] != before["alles"]


def everything(organisation: Organisation) -> list[tuple[object, ...]]:
    rows = ShownFigure.objects.filter(organisation=organisation).order_by("period", "kind", "competence", "row")
    return list(rows.values_list("period", "kind", "competence", "row", "parent", "bins"))


# --- reorganisations in the middle of a year


def test_somebody_who_is_placed_in_a_team_to_look_and_put_back_changes_nothing(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    person, *_others = people_in(teams[1], organisation, [0] * 8 + [1] * 8)
    people_in(teams[2], organisation, [0] * 8 + [1] * 8)
    showing.show(organisation)
    before = everything(organisation)
    for team in (teams[2], teams[1]):
        person.team_memberships.update(team=team)
        showing.show(organisation)
        assert everything(organisation) == before


def test_teams_that_merge_keep_their_history_and_stand_as_one_when_that_tells_of_nobody(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    people_in(teams[1], organisation, [0] * 8 + [1] * 8)
    people_in(teams[2], organisation, [0] * 6 + [1] * 6)
    people_in(teams[3], organisation, [0] * 6 + [1] * 6)
    showing.show(organisation, on=date(2026, 6, 30))
    before = shown(organisation, period="2026H1")
    assert set(before) == {"alles", "Directie", "A", "B", "C"}
    teams[2].memberships.update(team=teams[3])
    teams[2].delete()
    showing.show(organisation, on=date(2026, 9, 1))
    assert shown(organisation, period="2026H1") == before
    after = shown(organisation, period="2026H2")
    assert set(after) == {"alles", "Directie", "A", "C"}
    assert after["C"] == [[[0], 12], [[1, 2, 3, 4], 12]]
    assert after["alles"] == before["alles"]
    assert not ShownOf.objects.filter(row=teams[2].pk or 0).exclude(row=0).exists()


def test_a_team_that_is_split_into_two_waits_until_that_tells_of_nobody(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    people = people_in(teams[1], organisation, [0] * 10 + [1] * 10)
    people_in(teams[2], organisation, [0] * 6 + [1] * 6)
    showing.show(organisation, on=date(2026, 6, 30))
    new = Team.objects.create(organisation=organisation, name="Nieuw", parent=teams[0])
    halves = [*people[:7], *people[10:13]]  # seven of N0, three of N1
    TeamMembership.objects.filter(person__in=halves).update(team=new)
    showing.show(organisation, on=date(2026, 9, 1))
    assert "Nieuw" not in shown(organisation, period="2026H2")
    for person in [*people[7:10], *people[13:17]]:  # and of those who stayed enough moved since
        reach(person, 1 if person in people[7:10] else 2)
    for person in people[:7]:
        reach(person, 1)
    showing.show(organisation, on=date(2026, 9, 2))
    assert set(shown(organisation, period="2026H1")) == {"alles", "Directie", "A", "B"}


def test_a_team_that_moves_to_another_directorate_takes_its_history_along(
    teams: list[Team], organisation: Organisation, followed: Track
) -> None:
    other = Team.objects.create(organisation=organisation, name="Andere directie")
    follow(followed, other)
    people_in(teams[1], organisation, [0] * 8 + [1] * 8)
    people_in(teams[2], organisation, [0] * 8 + [1] * 8)
    people_in(other, organisation, [0] * 8 + [1] * 8)
    showing.show(organisation, on=date(2026, 6, 30))
    before = everything(organisation)
    teams[1].parent = other
    teams[1].save()
    showing.show(organisation, on=date(2026, 9, 1))
    assert [each for each in everything(organisation) if each[0] == "2026H1"] == before
    row = ShownFigure.objects.get(period="2026H2", kind="niveau", competence="C1", row=teams[1].pk)
    assert row.parent == other.pk
    assert shown(organisation, period="2026H2")["Andere directie"] == [[[0], 16], [[1, 2, 3, 4], 16]]


def test_who_is_in_no_team_counts_nowhere(teams: list[Team], organisation: Organisation, followed: Track) -> None:
    people_in(teams[1], organisation, [0] * 8 + [1] * 8)
    people_in(None, organisation, [2] * 30)
    showing.show(organisation)
    assert shown(organisation)["alles"] == [[[0], 8], [[1, 2, 3, 4], 8]]


def test_figures_of_before_this_rule_cannot_be_taken_off_what_is_shown_now(
    teams: list[Team], organisation: Organisation, track: Track
) -> None:
    """Then three people who began without their team counted too."""
    people = people_in(teams[1], organisation, [0] * 8 + [1] * 8)
    alone = people_in(teams[2], organisation, [0, 1, 1])
    follow(track, teams[1])
    ShownOf.objects.bulk_create(
        ShownOf(
            person=person,
            table="niveau",
            row=0,
            values=("0" if at < 8 or person == alone[0] else "1") + "0" * (len(counted()) - 1),
        )
        for at, person in enumerate([*people, *alone])
    )
    ShownFigure.objects.create(
        organisation=organisation, row=0, period=showing.period_of(timezone.localdate()), kind="niveau",
        competence="C1", bins=[[[0], 9], [[1, 2, 3, 4], 10]], n=19, k=5, shown_at=timezone.now(),
    )  # fmt: skip
    showing.show(organisation)
    assert shown(organisation)["alles"] == [[[0], 9], [[1, 2, 3, 4], 10]]
    for person in people[:6]:
        reach(person, 1)
    showing.show(organisation)
    assert shown(organisation)["alles"] == [[[0, 1, 2, 3, 4], 16]] or shown(organisation)["alles"][0][1] == 9


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite one after the other writes")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("night", [showing, effect])
def test_who_comes_in_during_the_night_doesnt_wait_for_it(
    night: ModuleType, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = night.carry_on

    def comes_in() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        PersonFactory.create(organisation=organisation)
        connection.close()

    def meanwhile(*args: Any) -> bool:
        with ThreadPoolExecutor(1) as threads:
            threads.submit(comes_in).result()
        return bool(counted(*args))

    monkeypatch.setattr(night, "carry_on", meanwhile)
    night.show(organisation)
    assert Person.objects.filter(organisation=organisation).exists()
