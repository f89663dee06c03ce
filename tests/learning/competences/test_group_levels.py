"""A trainer reads the levels in their own group, at the competences of its module, and nothing else of anybody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.competences import seedlings
from learning.competences.models import EvidenceItem, EvidenceObjection, Look
from learning.competences.queries import group as queries
from learning.competences.services import evidence, objecting
from learning.people.models import Group, GroupMember, Person, Role, RoleGrant
from learning.practice.models import Verdict
from learning.tracks.groups.queries import PAGE
from learning.tracks.models import Enrolment, ModuleEdition
from tests.factories import OrganisationFactory, PersonFactory, enrolled, published
from tests.factories.practice import assignment_in, case_of, group_of, handed_in, judged, trainer_in, work_of
from tests.learning.competences.test_deelkaart import browser_of
from tests.learning.competences.test_pages import html

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def lotte(edition: ModuleEdition) -> Person:
    person = PersonFactory.create(name="Lotte de Haan")
    enrolled(person, edition)
    return person


@pytest.fixture
def trainer(lotte: Person) -> Person:
    return trainer_in(lotte.organisation, name="Tine")


@pytest.fixture
def group(lotte: Person, trainer: Person) -> Group:
    return group_of(lotte, trainer=trainer, name="Leergroep voorjaar")


@pytest.fixture
def desk(trainer: Person) -> Client:
    return browser_of(trainer)


def page(group: Group, rest: str = "") -> str:
    return f"/groepen/{group.pk}/competenties/{rest}"


def showed(person: Person, key: str, code: str = "C1", **facts: Any) -> EvidenceItem:
    """A piece of evidence, as it is kept."""
    said = {
        "source": "kennis",
        "activity": f"proefmodule/{key}",
        "attempt": 1,
        "score": 1.0,
        "on": timezone.localdate(),
    }
    return EvidenceItem.objects.create(
        person=person, key=f"k:{key}:{code}", competence=code, learning_level="individueel", made_at=timezone.now(),
        **{**said, **facts},
    )  # fmt: skip


def reached_n1(person: Person, code: str = "C1", **facts: Any) -> None:
    for key in ("quiz-1-1", "quiz-1-2"):
        showed(person, key, code, **facts)


def row_of(text: str, name: str) -> str:
    rows = [each for each in text.split("<tr>") if f">{name}<" in each]
    assert len(rows) == 1, name
    return rows[0]


# --- what is there


def test_a_trainer_reads_by_name_how_deep_and_how_broad(desk: Client, group: Group, lotte: Person) -> None:
    other = PersonFactory.create(organisation=lotte.organisation, name="Bo")
    GroupMember.objects.create(group=group, person=other)
    reached_n1(lotte)
    text = html(desk, page(group))
    assert "<strong>N1</strong>" in row_of(text, "Lotte de Haan")
    assert "breedte 0" in row_of(text, "Lotte de Haan")
    assert ">nog niet<" in row_of(text, "Bo")
    assert text.index(">Bo<") < text.index(">Lotte de Haan<")
    assert page(group) in html(desk, f"/groepen/{group.pk}/")


def test_only_competences_of_which_the_module_may_yield_evidence_are_there(
    desk: Client, group: Group, lotte: Person
) -> None:
    reached_n1(lotte, "C1")
    reached_n1(lotte, "C7")
    for rest in ("", f"{lotte.pk}/"):
        text = main(desk, page(group, rest))
        assert "C1" in text
        assert "C7" not in text
    assert "C7" not in desk.get(page(group, "competenties.csv")).content.decode()


def test_a_module_is_the_groups_when_at_least_half_of_it_follows_it(
    group: Group, lotte: Person, edition: ModuleEdition
) -> None:
    assert list(queries.own(group).modules) == ["proefmodule"]
    second, third = PersonFactory.create_batch(2, organisation=lotte.organisation)
    GroupMember.objects.create(group=group, person=second)
    assert list(queries.own(group).modules) == ["proefmodule"]
    GroupMember.objects.create(group=group, person=third)
    assert queries.own(group) == queries.Own({}, ())
    enrolled(third, edition)
    assert queries.own(group) == queries.Own({"proefmodule": ("M9", "Proefmodule")}, ("C1",))


def test_a_group_without_a_module_says_so_and_nobody_looked(desk: Client, group: Group) -> None:
    Enrolment.objects.all().delete()
    assert "Deze groep heeft nog geen module" in html(desk, page(group))
    html(desk, page(group, "competenties.csv"), status=404)
    assert not Look.objects.exists()


def test_the_page_of_a_learner_names_what_a_level_rests_on_with_its_day_and_what_is_missing(
    desk: Client, group: Group, lotte: Person
) -> None:
    reached_n1(lotte, on=date(2026, 3, 4))
    text = html(desk, page(group, f"{lotte.pk}/"))
    assert "Waar de niveaus van Lotte de Haan op rusten" in text
    assert text.count('datetime="2026-03-04"') == 2
    assert text.count("Een kleine quiz") == 2
    assert "Voor N2 ontbreekt, in de woorden die de deelnemer leest:" in text


def test_what_is_shown_is_what_the_learner_reads_of_themselves(desk: Client, group: Group, lotte: Person) -> None:
    reached_n1(lotte, on=timezone.localdate() - timedelta(days=900))
    year = (timezone.localdate() - timedelta(days=900)).year
    own = html(browser_of(lotte), "/groei/")
    assert "<strong>N1</strong>" in own
    assert f"aangetoond in {year}, nog niet opnieuw" in own
    assert f"in {year}" in row_of(html(desk, page(group)), "Lotte de Haan")
    assert f"N1, aangetoond in {year}, nog niet opnieuw" in desk.get(page(group, "competenties.csv")).content.decode()


# --- what isn't


def test_of_what_was_shown_elsewhere_only_the_day_is_there(
    desk: Client, group: Group, lotte: Person, trainer: Person
) -> None:
    """A practice case that was given in another group, and what came from a module that isn't this group's."""
    other = group_of(lotte, trainer=trainer_in(lotte.organisation), name="Andere groep")
    mine = work_of(lotte, assignment_in(group, case_of(lotte.organisation, titel="Gesprek in deze groep")))
    theirs = work_of(lotte, assignment_in(other, case_of(lotte.organisation, titel="Geheim gesprek elders")))
    for number, work in enumerate((mine, theirs)):
        showed(
            lotte, f"werk-{number}", source="praktijk", activity="", situation=f"praktijk:{work.pk}", confirmed=True,
            prior=True,
        )  # fmt: skip
    text = html(desk, page(group, f"{lotte.pk}/"))
    assert "Gesprek in deze groep" in text
    assert "Geheim gesprek elders" not in text
    assert text.count("Iets buiten deze groep") == 1
    assert "<strong>N3</strong>" in text


def test_how_somebody_saw_themselves_and_colleagues_did_is_no_part_of_it(
    desk: Client, group: Group, lotte: Person, trainer: Person
) -> None:
    judged(handed_in(work_of(lotte, assignment_in(group))), trainer, Verdict.ENOUGH, level=3)
    evidence.work_out(lotte.pk)
    showed(lotte, "collega", source="peer", score=0.5)
    assert EvidenceItem.objects.filter(source="zelf").exists()
    text = html(desk, page(group, f"{lotte.pk}/"))
    assert "je eigen beeld" not in text
    assert "het beeld van een collega" not in text
    assert "niveau 3 van 4" not in text.replace("op niveau 3 van 4 of hoger", "")


def test_an_objection_is_not_told_and_what_was_struck_out_does_not_count(
    desk: Client, group: Group, lotte: Person
) -> None:
    reached_n1(lotte)
    trainer_in(lotte.organisation)
    item = EvidenceItem.objects.filter(person=lotte).order_by("pk")[0]
    before = main(desk, page(group, f"{lotte.pk}/"))
    objecting.object_to(item, words="Dit heb ik zo niet gedaan, en dat wil ik kwijt.")
    assert main(desk, page(group, f"{lotte.pk}/")) == before
    EvidenceObjection.objects.update(stands=False, decided_at=timezone.now())
    assert "<strong>N1</strong>" not in html(desk, page(group))
    assert html(desk, page(group, f"{lotte.pk}/")).count("Een kleine quiz") == 0


def main(browser: Client, path: str) -> str:
    """Without what is another at each look."""
    return html(browser, path).partition("<main")[2].partition("</main>")[0]


# --- for whom


@contextmanager
def shut(browser: Client, group: Group, learner: Person) -> Iterator[None]:
    """It was open, and after the block it isn't there."""
    paths = [page(group), page(group, "competenties.csv"), page(group, f"{learner.pk}/")]
    for path in paths:
        assert browser.get(path).status_code == 200, path
    looks = Look.objects.count()
    yield
    for path in paths:
        assert browser.get(path).status_code == 404, path
    assert Look.objects.count() == looks


def test_who_stands_in_sees_it_until_their_last_day(group: Group, lotte: Person) -> None:
    stand_in = trainer_in(lotte.organisation)
    seat = GroupMember.objects.create(group=group, person=stand_in, is_trainer=True, until=timezone.localdate())
    with shut(browser_of(stand_in), group, lotte):
        GroupMember.objects.filter(pk=seat.pk).update(until=timezone.localdate() - timedelta(days=1))


def test_who_is_no_trainer_any_more_sees_nothing(desk: Client, group: Group, lotte: Person, trainer: Person) -> None:
    with shut(desk, group, lotte):
        RoleGrant.objects.filter(person=trainer).delete()


def test_who_went_to_another_organisation_sees_nothing(
    desk: Client, group: Group, lotte: Person, trainer: Person
) -> None:
    with shut(desk, group, lotte):
        elsewhere = OrganisationFactory.create()
        Person.objects.filter(pk=trainer.pk).update(organisation=elsewhere)
        RoleGrant.objects.create(person=trainer, organisation=elsewhere, role=Role.TRAINER)


@pytest.mark.parametrize("role", [None, *Role])
def test_to_anybody_who_does_not_train_it_it_is_not_there(group: Group, lotte: Person, role: Role | None) -> None:
    colleague = PersonFactory.create(organisation=lotte.organisation)
    if role:
        RoleGrant.objects.create(person=colleague, organisation=colleague.organisation, role=role)
    for browser in (browser_of(colleague), browser_of(lotte)):
        for path in (page(group), page(group, "competenties.csv"), page(group, f"{lotte.pk}/")):
            assert browser.get(path).status_code == 404, path
    assert not Look.objects.exists()


@pytest.mark.parametrize("how", ["out", "moved", "gone", "trains"])
def test_who_is_no_learner_here_any_more_is_not_there(desk: Client, group: Group, lotte: Person, how: str) -> None:
    other = PersonFactory.create(organisation=lotte.organisation, name="Blijver")
    enrolled(other, Enrolment.objects.get(person=lotte).edition)
    GroupMember.objects.create(group=group, person=other)
    reached_n1(lotte)
    assert "Lotte" in html(desk, page(group))
    match how:
        case "out":
            GroupMember.objects.filter(person=lotte).delete()
        case "moved":
            Person.objects.filter(pk=lotte.pk).update(organisation=OrganisationFactory.create())
        case "gone":
            Person.objects.filter(pk=lotte.pk).update(is_active=False)
        case _:
            GroupMember.objects.filter(person=lotte).update(is_trainer=True)
    assert "Lotte" not in html(desk, page(group))
    assert "Lotte" not in desk.get(page(group, "competenties.csv")).content.decode()
    html(desk, page(group, f"{lotte.pk}/"), status=404)


def test_a_learner_of_another_group_of_the_same_trainer_is_not_in_this_one(
    desk: Client, group: Group, lotte: Person, trainer: Person
) -> None:
    other = PersonFactory.create(organisation=lotte.organisation, name="Elders")
    group_of(other, trainer=trainer, name="Tweede groep")
    html(desk, page(group, f"{other.pk}/"), status=404)


# --- looks


def test_each_look_is_written_down_by_group_and_the_works_council_reads_it_without_names(
    desk: Client, group: Group, lotte: Person
) -> None:
    reached_n1(lotte)
    for rest in ("", "competenties.csv", f"{lotte.pk}/"):
        assert desk.get(page(group, rest)).status_code == 200
    assert list(Look.objects.order_by("pk").values_list("page", flat=True)) == [
        "group-levels:list", "group-levels:csv", "group-levels:learner",
    ]  # fmt: skip
    assert all(str(lotte.pk) not in look.choices.values() or lotte.pk == group.pk for look in Look.objects.all())
    council = browser_of(holder(lotte, Role.OR))
    text = html(council, "/hr/logboek/")
    assert text.count("groep: Leergroep voorjaar") == 3
    assert "Niveaus van een groep, opgehaald als bestand" in text
    assert "Lotte" not in text
    assert "Leergroep voorjaar" not in html(browser_of(holder(lotte, Role.HR)), "/hr/logboek/")


def holder(beside: Person, role: Role) -> Person:
    person = PersonFactory.create(organisation=beside.organisation)
    RoleGrant.objects.create(person=person, organisation=beside.organisation, role=role)
    return person


def test_a_look_that_cannot_be_written_down_shows_nothing(
    desk: Client, group: Group, lotte: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **facts: Any) -> None:
        raise InterruptedError

    monkeypatch.setattr("learning.competences.services.looking.write_down", full)
    for rest in ("", "competenties.csv", f"{lotte.pk}/"):
        with pytest.raises(InterruptedError):
            desk.get(page(group, rest))


def test_the_dossier_tells_that_trainers_see_it(lotte: Person) -> None:
    text = html(browser_of(holder(lotte, Role.OR)), "/hr/dossier/")
    assert "Niveaus op naam bij de competenties van de module" in text
    assert "Trainer van de groep" in text


# --- many


def many(group: Group, edition: ModuleEdition, n: int) -> list[Person]:
    people = Person.objects.bulk_create(
        Person(organisation=group.organisation, name=f"Lerende {at:03}", username=f"l{at}") for at in range(n)
    )
    GroupMember.objects.bulk_create(GroupMember(group=group, person=each) for each in people)
    Enrolment.objects.bulk_create(Enrolment(person=each, module=edition.module, edition=edition) for each in people)
    EvidenceItem.objects.bulk_create(
        EvidenceItem(
            person=each, key=f"k:{key}", competence="C1", source="kennis", activity=f"proefmodule/{key}", attempt=1,
            score=1, learning_level="individueel", on=timezone.localdate(), made_at=timezone.now(),
        )
        for each in people
        for key in ("quiz-1-1", "quiz-1-2")
    )  # fmt: skip
    return people


@pytest.mark.parametrize(("rest", "most"), [("", 10), ("?page=2", 10), ("competenties.csv", 8)])
def test_a_group_of_hundreds_costs_as_many_queries_as_one_of_two(
    desk: Client, group: Group, edition: ModuleEdition, rest: str, most: int
) -> None:
    many(group, edition, 1)
    desk.get(page(group))
    counts = []
    for n in (0, 3 * PAGE):
        Person.objects.filter(username__startswith="l").delete()
        many(group, edition, n + 1)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(page(group, rest)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= most, counts


def test_the_page_of_a_learner_costs_as_many_queries_however_much_they_showed(
    desk: Client, group: Group, lotte: Person
) -> None:
    desk.get(page(group, f"{lotte.pk}/"))
    counts = []
    for n in (1, 40):
        for at in range(n):
            showed(lotte, f"quiz-{n}-{at}")
        with CaptureQueriesContext(connection) as asked:
            desk.get(page(group, f"{lotte.pk}/"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 11, counts


def test_a_long_group_goes_in_pages_and_the_file_holds_everybody(
    desk: Client, group: Group, edition: ModuleEdition, lotte: Person
) -> None:
    many(group, edition, PAGE + 5)
    first, second = html(desk, page(group)), html(desk, page(group, "?page=2"))
    assert first.count('scope="row"') == PAGE
    assert second.count('scope="row"') == 6
    rows = list(csv.reader(io.StringIO(desk.get(page(group, "competenties.csv")).content.decode())))
    assert rows[0] == ["Naam", "C1 niveau", "C1 breedte"]
    assert len(rows) == 1 + PAGE + 6
    assert rows[1] == ["Lerende 000", "N1", "0"]
    assert rows[-1] == ["Lotte de Haan", "N0", "0"]


def test_a_name_that_a_spreadsheet_would_compute_goes_out_harmless(desk: Client, group: Group, lotte: Person) -> None:
    Person.objects.filter(pk=lotte.pk).update(name="=1+1")
    response = desk.get(page(group, "competenties.csv"))
    assert "'=1+1" in response.content.decode()
    assert response["Content-Disposition"] == f'attachment; filename="competenties-groep-{group.pk}.csv"'


# --- the little plants


@given(st.integers(0, 4), st.integers(0, 4), st.booleans())
def test_a_seedling_is_as_deep_as_the_level_and_has_a_leaf_for_each_place(level: int, breadth: int, grey: bool) -> None:
    plant = seedlings.seedling(level, breadth, grey=grey)
    assert plant.root.count("c") == level
    assert len(plant.leaves) == breadth
    assert bool(plant.stem) == bool(level or breadth)
    assert plant.tip + 2 <= seedlings.HEIGHT
    assert plant.name == seedlings.seedling(level, breadth, grey=grey).name


def test_no_two_seedlings_that_differ_have_one_name() -> None:
    made = [
        seedlings.seedling(level, breadth, grey=grey)
        for level in range(5)
        for breadth in range(5)
        for grey in (False, True)
    ]
    assert len({each.name for each in made}) == len(made)
