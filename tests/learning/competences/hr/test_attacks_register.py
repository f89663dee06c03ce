"""HR who says that people were told of a demand, to read their names: they hear of it from us, also when it is gone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from jobs.runner import drain
from learning.competences import notices, tasks
from learning.competences.models import ShownFigure
from learning.competences.services import hr
from learning.competences.services.tables import progress_in
from learning.notices.models import Notice
from learning.people.models import Person, TeamMembership
from learning.tracks.models import Enrolment
from tests.factories import PersonFactory
from tests.learning.competences.hr.conftest import House
from tests.learning.competences.hr.test_arranging import certificate, demanded, today
from tests.learning.competences.test_pages import html

pytestmark = pytest.mark.django_db


def heard(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return html(client, "/berichten/")


def who_heard() -> set[int]:
    return set(Notice.objects.filter(kind=notices.DEMANDED).values_list("person", flat=True))


def test_whose_names_hr_reads_from_a_day_on_are_told_so_also_when_it_was_for_a_moment(
    arranged: House, hr_browser: Client
) -> None:
    demand = demanded(arranged, announced=0)
    drain()
    assert "Naam" in html(hr_browser, "/hr/certificaten/")
    hr.take_away(arranged.organisation.pk, demand.pk)
    inside = {person.pk for people in arranged.people.values() for person in people}
    assert who_heard() == inside
    said = heard(arranged.people["Klein"][0])
    assert "Het certificaat van “De leerlijn” is een formele eis voor je werk. HR kan vanaf" in said


def test_a_leerlijn_that_is_no_demand_is_told_to_nobody(arranged: House) -> None:
    drain()
    assert not who_heard()


def test_the_same_demand_is_told_once_and_another_day_anew(arranged: House) -> None:
    for announced, many in ((0, 1), (0, 1), (3, 2)):
        demanded(arranged, announced=announced)
        drain()
        assert Notice.objects.filter(kind=notices.DEMANDED, person=arranged.people["Klein"][0]).count() == many


def test_who_comes_into_the_team_later_hears_it_the_next_night(arranged: House) -> None:
    demanded(arranged, announced=0)
    drain()
    new = PersonFactory.create(organisation=arranged.organisation)
    TeamMembership.objects.create(team=arranged.teams["Klei"], person=new)
    tasks.show({})
    assert new.pk in who_heard()


def test_a_demand_that_was_taken_away_before_it_was_told_was_no_demand(arranged: House) -> None:
    demand = demanded(arranged, announced=5)
    hr.take_away(arranged.organisation.pk, demand.pk)
    drain()
    assert not who_heard()


# --- names beside figures


@pytest.mark.parametrize("done", [3, 4, 8])
def test_names_of_who_is_done_leave_no_few_in_any_step_of_the_others(arranged: House, done: int) -> None:
    """Eight began. Whose certificate HR reads is known: of the others each number that is shown is of five or more."""
    demanded(arranged, announced=0)
    named = arranged.people["Zand"][:done]
    Enrolment.objects.filter(person__in=named).update(completed_at=timezone.now())
    for person in named:
        certificate(person)
    ShownFigure.objects.all().delete()
    arranged.show()
    row = ShownFigure.objects.get(kind=progress_in(arranged.track.pk), row=0)
    others = [n - (done if 3 in values else 0) for values, n in row.bins]
    assert len(row.bins) == (2 if done == 3 else 1)
    assert all(n >= 5 for n in others)


def test_the_day_on_which_a_demand_begins_to_hold_is_the_first_with_names(arranged: House, hr_browser: Client) -> None:
    demand = demanded(arranged, announced=1)
    assert "lijst" not in html(hr_browser, "/hr/certificaten/")
    type(demand).objects.filter(pk=demand.pk).update(announced_on=today())
    assert arranged.people["Klei"][0].name in html(hr_browser, "/hr/certificaten/")
