"""Whoever keeps what they saw, and gives leerlijnen to teams and takes them away to see more, finds nobody."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from itertools import batched
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.competences.models import ShownFigure, TrackForTeam
from learning.competences.privacy import Change
from learning.competences.seen import kept_apart
from learning.competences.services import showing
from learning.competences.services.tables import progress_in, stuck_in
from learning.people.models import Organisation, Person, Team
from learning.tracks.models import Track
from learning.tracks.services import enrol, set_track
from tests.factories import OrganisationFactory, published
from tests.learning.competences.test_figures import follow, people_in, reach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_competences")]

BIG = [0] * 8 + [1] * 8


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def track(organisation: Organisation, tmp_path: Path) -> Track:
    edition = published(tmp_path / "proefmodule")
    return set_track(organisation, slug="leerlijn", title="Leerlijn", modules=[edition.module])


def team(organisation: Organisation, name: str, levels: list[int], *, parent: Team | None = None) -> Team:
    made = Team.objects.create(organisation=organisation, name=name, parent=parent)
    people_in(made, organisation, levels)
    return made


def shown(organisation: Organisation, kind: str = "niveau") -> dict[int, list[list[object]]]:
    code = "C1" if kind == "niveau" else ""
    rows = ShownFigure.objects.filter(organisation=organisation, kind=kind, competence=code)
    return {row.row: row.bins for row in rows}


def only(track: Track, *teams: Team) -> None:
    """These follow it from now on, and nobody else."""
    TrackForTeam.objects.filter(track=track).exclude(team__in=teams).delete()
    for each in teams:
        if not TrackForTeam.objects.filter(track=track, team=each).exists():
            follow(track, each)


def test_three_people_are_not_what_a_team_had_more_two_changes_ago(organisation: Organisation, track: Track) -> None:
    big, few = team(organisation, "A", BIG), team(organisation, "X", [0, 1, 1])
    other = team(organisation, "B", [0] * 7 + [1] * 10)
    seen = []
    for teams in ((big, few), (other,), (big,), (big, few)):
        only(track, *teams)
        showing.show(organisation)
        seen.append(shown(organisation)[0])
    together, by_itself, *after = seen
    assert (together, by_itself) == ([[[0], 9], [[1, 2, 3, 4], 10]], [[[0], 7], [[1, 2, 3, 4], 10]])
    # A alone would be three people less than at first. All of them as they were, tell nothing new.
    assert after == [by_itself, together]


def test_what_was_seen_of_a_team_that_went_isnt_taken_off_it_and_three_others(
    organisation: Organisation, track: Track
) -> None:
    big, few = team(organisation, "A", BIG), team(organisation, "X", [0, 1, 1])
    other = team(organisation, "B", [0] * 7 + [1] * 10)
    seen = []
    for teams in ((big,), (other,), (big, few), (big, few, other)):
        only(track, *teams)
        showing.show(organisation)
        seen.append(shown(organisation)[0])
    assert seen[2] == seen[1]


def test_one_person_is_not_what_was_more_before_a_bin_was_taken_together_for_a_while(
    organisation: Organisation, track: Track
) -> None:
    big = team(organisation, "A", [0] * 30 + [2] * 5 + [3] * 6)
    only(track, big)
    showing.show(organisation)
    before = shown(organisation)[0]
    assert before == [[[0], 30], [[1, 2], 5], [[3, 4], 6]]
    people = list(Person.objects.filter(team_memberships__team=big).order_by("pk"))
    for person, level in ((people[30], 3), (people[0], 2)):
        reach(person, level)
        showing.show(organisation)
        assert shown(organisation)[0] == before


def directorates(organisation: Organisation, track: Track) -> tuple[Team, Team, Team]:
    """The first, of which three people are in a team of their own; its large team; and the second."""
    one = Team.objects.create(organisation=organisation, name="Een")
    two = Team.objects.create(organisation=organisation, name="Twee")
    big = team(organisation, "A", BIG, parent=one)
    team(organisation, "X", [0, 1, 1], parent=one)
    for name in ("C", "D"):
        team(organisation, name, BIG, parent=two)
    for each in (one, two, team(organisation, "Drie", BIG), team(organisation, "Vier", [0] * 20 + [1] * 20)):
        follow(track, each)
    return one, big, two


def test_three_people_are_not_what_is_left_of_a_directorate_when_a_team_moves(
    organisation: Organisation, track: Track
) -> None:
    one, big, two = directorates(organisation, track)
    showing.show(organisation)
    before = shown(organisation)
    assert before[one.pk] == [[[0], 9], [[1, 2, 3, 4], 10]]
    big.parent = two
    big.save()
    showing.show(organisation)
    # Neither the team by itself, nor the three with the team that stood beside them.
    assert shown(organisation) == before


def test_a_reorganisation_is_shown_when_so_many_moved_that_it_tells_of_nobody(
    organisation: Organisation, track: Track
) -> None:
    one, big, two = directorates(organisation, track)
    beside = Team.objects.get(name="Drie")
    for each in (big, beside):
        people_in(each, organisation, [0] * 20)
    showing.show(organisation)
    big.parent = two
    big.save()
    showing.show(organisation)
    assert big.pk not in shown(organisation)
    for each in (big, beside):
        for person in Person.objects.filter(team_memberships__team=each).order_by("pk")[16:]:
            reach(person, 1)
    showing.show(organisation)
    assert shown(organisation)[big.pk] == [[[0], 8], [[1, 2, 3, 4], 28]]
    assert one.pk not in shown(organisation)


def test_who_leaves_a_team_of_five_is_not_what_its_directorate_has_less(
    organisation: Organisation, track: Track
) -> None:
    """The team is then taken together with another, of which is known what was shown of it alone."""
    above = Team.objects.create(organisation=organisation, name="Directie")
    five = team(organisation, "Vijf", [1] * 5, parent=above)
    for name in ("A", "B", "C"):
        team(organisation, name, BIG, parent=above)
    follow(track, above)
    showing.show(organisation)
    before = shown(organisation)
    assert before[five.pk] == [[[0, 1, 2, 3, 4], 5]]
    one = Person.objects.filter(team_memberships__team=five)[0]
    one.is_active = False
    one.save()
    others = Person.objects.filter(team_memberships__team__name="C")
    for person in others[:7]:
        reach(person, 1)
    showing.show(organisation)
    assert {row: bins for row, bins in shown(organisation).items() if row not in (0, above.pk)} == {
        row: bins for row, bins in before.items() if row not in (0, above.pk)
    }


def test_three_people_are_not_what_another_leerlijn_with_the_same_module_had_more(
    organisation: Organisation, track: Track
) -> None:
    big, few = team(organisation, "A", BIG), team(organisation, "X", [0, 1, 1])
    module = track.places.get().module
    other = set_track(organisation, slug="ander", title="Ander", modules=[module])
    for some, n in ((big, 8), (few, 1)):
        for person in Person.objects.filter(team_memberships__team=some)[:n]:
            enrol(person, module=module)
    only(track, big, few)
    showing.show(organisation)
    assert shown(organisation, progress_in(track.pk))[0] == [[[0], 10], [[1, 2, 3], 9]]
    TrackForTeam.objects.all().delete()
    only(other, big)
    showing.show(organisation)
    assert not shown(organisation, progress_in(other.pk))
    only(other, big, few)
    showing.show(organisation)
    assert shown(organisation, progress_in(other.pk))[0] == [[[0], 10], [[1, 2, 3], 9]]


@pytest.mark.parametrize(("few", "told"), [(2, False), (8, True)])
def test_who_began_with_a_module_of_one_of_two_leerlijnen_is_not_what_that_one_has_more(
    organisation: Organisation, track: Track, tmp_path: Path, few: int, told: bool
) -> None:
    module, another = track.places.get().module, published(tmp_path / "ander", key="ander").module
    longer = set_track(organisation, slug="langer", title="Langer", modules=[module, another])
    everybody = team(organisation, "A", [0] * 40)
    for each in (track, longer):
        only(each, everybody)
    people = list(Person.objects.filter(team_memberships__team=everybody))
    for person in people[:12]:
        enrol(person, module=module)
    for person in people[12 : 12 + few]:
        enrol(person, module=another)
    showing.show(organisation)
    assert shown(organisation, progress_in(track.pk))[0] == [[[0], 28], [[1, 2, 3], 12]]
    bins = shown(organisation, progress_in(longer.pk))[0]
    assert bins == ([[[0], 28 - few], [[1, 2, 3], 12 + few]] if told else [[[0, 1, 2, 3], 40]])
    # Where they stand still says how many began any of both, too.
    bins = shown(organisation, stuck_in(module.pk))[0]
    assert len(bins) == (2 if told else 1)


# --- the rule by itself


@st.composite
def moments(draw: st.DrawFn) -> tuple[Change, list[dict[int, str]], int]:
    """Rows that are shown for the first time, in rows, each of k people or more; and groups of which something was
    seen."""
    k = draw(st.integers(2, 3))
    sizes = draw(st.lists(st.integers(k, 5), min_size=4, max_size=4))
    at = [row for row, n in enumerate(sizes, 1) for _each in range(n)]
    now = {person: draw(st.sampled_from("01")) for person in range(len(at))}
    leaves = [_new(row, {who: value for who, value in now.items() if at[who] == row}) for row in (1, 2, 3, 4)]
    inside = [_new(10 + n, {**a.after, **b.after}, a, b) for n, (a, b) in enumerate(batched(leaves, 2))]
    groups = draw(st.lists(st.sets(st.sampled_from(sorted(now)), min_size=k), max_size=4))
    then = {person: draw(st.sampled_from(["0", "1", value])) for person, value in now.items()}
    return _new(20, now, *inside), [{who: then[who] for who in group} for group in groups], k


def _new(key: int, after: dict[int, str], *rows: Change) -> Change:
    return Change(key, {}, after, {}, frozenset("01"), "01", rows, is_new=True)


def _every(change: Change) -> Iterator[Change]:
    yield change
    for row in change.rows:
        yield from _every(row)


@settings(max_examples=100)
@given(moments())
def test_no_rows_that_are_shown_differ_from_what_was_seen_by_a_few(
    moment: tuple[Change, list[dict[int, str]], int],
) -> None:
    """Tried with every choice of up to three rows."""
    change, seen, k = moment
    rows = {row.key: row for row in _every(change) if row.after}
    new = kept_apart(change, rows, seen, k)
    for many in range(1, 4):
        for some in itertools.combinations([rows[key] for key in new], many):
            there: dict[int, str] = {}
            for row in some:
                there |= row.after
            if len(there) != sum(len(row.after) for row in some):
                continue  # one is inside another
            for people in seen:
                _differ_by_enough(there, people, k)


def _differ_by_enough(there: dict[int, str], people: dict[int, str], k: int) -> None:
    apart = len(there.keys() ^ people.keys())
    both = there.keys() & people.keys()
    by = Counter(there[who] for who in both)
    by.subtract(Counter(people[who] for who in both))
    moves = sum(abs(n) for n in by.values())
    assert apart >= k or moves >= 2 * k + apart or apart + moves == 0


def test_rows_that_differ_from_what_was_seen_by_many_are_shown() -> None:
    one, two = _new(1, dict.fromkeys(range(6), "0")), _new(2, dict.fromkeys(range(6, 12), "1"))
    whole = _new(0, {**one.after, **two.after}, one, two)
    assert kept_apart(whole, {0, 1, 2}, [dict(two.after)], 5) == {0, 1, 2}
    assert kept_apart(whole, {0, 1, 2}, [{**two.after, 0: "0"}], 5) == {0}


def test_rows_that_come_as_near_as_others_are_tried_beside_them() -> None:
    """Of nine and of seven people each is one more or one less than was seen; in the seven too few moved."""
    leaves = [_new(n, dict.fromkeys(who, "0")) for n, who in ((1, (0, 1, 2)), (2, (3, 4)), (3, (5, 6)), (4, (7, 8)))]
    inside = [_new(10 + n, {**a.after, **b.after}, a, b) for n, (a, b) in enumerate(batched(leaves, 2))]
    whole = _new(20, {**inside[0].after, **inside[1].after}, *inside)
    seen = {**dict.fromkeys((0, 1, 2), "0"), **dict.fromkeys((3, 5, 6), "1")}
    assert not {1, 3} <= kept_apart(whole, {row.key for row in _every(whole)}, [seen], 2)


def test_where_sixty_came_each_alone_from_a_row_that_is_gone_only_the_whole_is_new_and_the_night_goes_on() -> None:
    """Of all of them or all but a few there are half a million choices of rows."""
    rows = tuple(
        Change(n, there, {**there, n: "0"}, {"0": 10}, frozenset("01"), "01")
        for n in range(1, 61)
        for there in [dict.fromkeys(range(100 * n, 100 * n + 10), "0")]
    )
    gone = dict.fromkeys(range(1, 61), "0")
    before = {who: at for row in rows for who, at in row.before.items()} | gone
    whole = Change(0, before, before, {"0": 660}, frozenset("01"), "01", rows)
    begun = time.process_time()
    assert kept_apart(whole, {row.key for row in _every(whole)}, [gone], 5) == {0}
    assert time.process_time() - begun < 3
