"""/beheer/bewaren/: the terms that hold, what was wiped, and a verklaring van vernietiging to print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from learning.notices.models import Notice
from learning.people import retention
from learning.people.labels import TABLES
from learning.people.models import Destruction, Organisation, Person, Role, RoleGrant
from learning.people.retention import NOTICES, SHORT, Rule
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory.create(name="Waterschap De Proef")


@pytest.fixture
def browser(organisation: Organisation) -> Callable[[str], Client]:
    def signed_in(role: str) -> Client:
        person = PersonFactory.create(organisation=organisation)
        RoleGrant.objects.create(person=person, organisation=organisation, role=role)
        client = Client()
        client.force_login(person)
        return client

    return signed_in


def wiped(
    organisation: Organisation, *, days_ago: int = 0, kind: str = "berichten", counts: dict[str, int] | None = None
) -> Destruction:
    at = timezone.now() - timedelta(days=days_ago)
    return Destruction.objects.create(
        organisation=organisation, kind=kind, days=90, before=at - timedelta(days=90), made_at=at,
        counts=counts if counts else {"learning.Notice": 12, "learning.Person": 3},
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.BEHEER, Role.OR, Role.HR])
def test_beheer_the_works_council_and_hr_read_the_terms_and_what_went(
    browser: Callable[[str], Client], organisation: Organisation, role: Role
) -> None:
    line = wiped(organisation)
    page = browser(role).get("/beheer/bewaren/").text
    assert "24 maanden nadat je er voor het laatst iets mee deed" in page
    assert "RETENTION_LOOKS_MONTHS" in page
    assert f"/beheer/bewaren/{line.pk}/" in page
    assert f"Berichten: {'minstens 13' if role == Role.HR else 15}</td>" in page


@pytest.mark.parametrize("role", [Role.TRAINER, Role.DEELNEMER, Role.REDACTEUR])
def test_to_others_it_is_not_there(browser: Callable[[str], Client], organisation: Organisation, role: Role) -> None:
    line = wiped(organisation)
    for address in ("/beheer/bewaren/", f"/beheer/bewaren/{line.pk}/"):
        assert browser(role).get(address).status_code == 404


def test_of_another_organisation_nothing_is_there(browser: Callable[[str], Client]) -> None:
    line = wiped(OrganisationFactory.create(), kind="deelkaarten")
    client = browser(Role.BEHEER)
    assert "Nog niets gewist" in client.get("/beheer/bewaren/").text
    assert client.get(f"/beheer/bewaren/{line.pk}/").status_code == 404
    assert client.get("/beheer/bewaren/999999/").status_code == 404


def test_the_verklaring_says_what_when_how_long_and_what_it_does_not_reach(
    browser: Callable[[str], Client], organisation: Organisation
) -> None:
    line = wiped(organisation)
    other = wiped(organisation, kind="eigen_dag")
    Destruction.objects.filter(pk=other.pk).update(made_at=line.made_at, days=0, counts={"learning.BlockState": 7})
    page = browser(Role.BEHEER).get(f"/beheer/bewaren/{other.pk}/").text
    for words in (
        "Waterschap De Proef",
        "Bewaard: 90 dagen",
        "Elk had een eigen dag",
        "Reservekopieën",
        "Handtekening",
    ):
        assert words in page
    assert ">12<" in page
    assert ">7<" in page


def test_hr_reads_no_small_number_that_figures_could_be_undone_with(
    browser: Callable[[str], Client], organisation: Organisation
) -> None:
    line = wiped(organisation, counts={"learning.Person": 3})
    for address in ("/beheer/bewaren/", f"/beheer/bewaren/{line.pk}/"):
        hr, council = browser(Role.HR).get(address).text, browser(Role.OR).get(address).text
        assert "minder dan 5" in hr
        assert ": 3<" not in hr
        assert "minder dan 5" not in council


def test_hr_cannot_take_what_is_said_from_a_total_to_find_what_is_not(
    browser: Callable[[str], Client], organisation: Organisation
) -> None:
    wiped(organisation, counts={"learning.Attempt": 9, "learning.Enrolment": 3})
    assert "minstens 10<" in browser(Role.HR).get("/beheer/bewaren/").text
    assert ": 12<" in browser(Role.OR).get("/beheer/bewaren/").text
    wiped(organisation, counts={"learning.Attempt": 4, "learning.Enrolment": 3})
    assert "minstens 2<" in browser(Role.HR).get("/beheer/bewaren/").text


def test_the_list_costs_as_many_queries_for_many_runs_as_for_one(
    browser: Callable[[str], Client], organisation: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(Role.OR)
    wiped(organisation)
    client.get("/beheer/bewaren/")
    for days_ago in (0, 30):
        with django_assert_num_queries(7):
            assert client.get("/beheer/bewaren/").status_code == 200
        for more in range(1, 30):
            wiped(organisation, days_ago=days_ago + more)
    assert "page=2" in client.get("/beheer/bewaren/").text


def test_every_table_of_which_rows_can_go_has_words() -> None:
    """By what a wiped row takes along in the database."""
    found: set[str] = set()
    for rule in retention.rules():
        model = rule.due(0, timezone.now()).model
        found |= {model._meta.label} if model is Person else {each._meta.label for each in _along(model)}
    assert found - TABLES.keys() - {"learning.Notice"} == set()
    assert TABLES.keys() <= {model._meta.label for model in retention.declared()}


def _along(model: type[models.Model]) -> set[type[models.Model]]:
    found, new = {model}, {model}
    while new:
        new = {
            relation.related_model
            for each in new
            for relation in each._meta.related_objects
            if relation.on_delete is models.CASCADE
        } - found
        found |= new
    return found


# --- the command


def told(person: Person, days: int) -> None:
    at = timezone.now() - timedelta(days=days)
    Notice.objects.create(person=person, kind="proef", key=f"{days}", made_at=at)


def said(*options: str) -> str:
    out = StringIO()
    call_command("retention", *options, stdout=out)
    return out.getvalue()


def test_the_command_says_what_would_go_and_with_run_it_goes(organisation: Organisation) -> None:
    person = PersonFactory.create(organisation=organisation)
    told(person, 91)
    told(person, 3)
    shown = said()
    assert "Waterschap De Proef" in shown
    assert "        1  learning.Notice — " in shown
    assert "Nothing was changed" in shown
    assert Notice.objects.count() == 2
    done = said("--run")
    assert "        1  learning.Notice — berichten, Waterschap De Proef" in done
    assert Notice.objects.count() == 1
    assert "learning.Notice" not in said("--run")


def test_the_command_says_when_something_would_not_go(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = PersonFactory.create(organisation=organisation)
    told(person, 91)
    name = "learning.notices.terms._old"
    rule = retention._rules[name]

    def broken(rows: models.QuerySet[Notice]) -> retention.Counts:
        raise RuntimeError("broken")

    monkeypatch.setitem(retention._rules, name, Rule(NOTICES, rule.due, broken))
    with pytest.raises(CommandError, match="Not all of it went: RuntimeError"):
        said("--run")
    assert SHORT not in retention.wiped_kinds()
