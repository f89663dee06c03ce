"""`script/manage seed`: an organisation of any size that nobody can tell from one that grew."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from certificates.models import Certificate
from config.seeding import past, services
from learning.competences.models import EvidenceItem, Reached, ShownFigure
from learning.competences.services import rebuilding, showing, tables
from learning.people.models import Organisation, Person, Role, Team, TeamMembership
from learning.practice import rules
from learning.practice.models import Assessment, Part, Round, State, Verdict, Work
from learning.practice.queries.evidence import fields_of
from learning.practice.services import library
from learning.runtime.models import Attempt
from learning.runtime.queries import exit_cards, looked_back
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition, Status
from tests.playing.conftest import editions

__all__ = ["editions"]
LEARNERS = 200


def quiet(_words: str) -> None:
    pass


def test_without_a_module_there_is_nothing_to_seed(db: None) -> None:
    """The first of this file: those after it have modules."""

    with pytest.raises(CommandError, match="prepare"):
        call_command("seed", "--learners=5", stdout=StringIO())
    assert not Organisation.objects.filter(slug=services.SLUG).exists()


@pytest.fixture(scope="module")
def seeded(editions: dict[str, ModuleEdition]) -> Organisation:
    """Taken back with the editions, after the last test of this file."""
    library.follow_modules()
    return services.seed(LEARNERS, tell=quiet)


@pytest.fixture
def organisation(db: None, seeded: Organisation) -> Organisation:
    return seeded


def learners(organisation: Organisation) -> list[Person]:
    return list(Person.objects.filter(organisation=organisation, username=None).order_by("pk"))


def test_as_many_people_learn_as_were_asked_in_a_tree_of_teams(organisation: Organisation) -> None:
    assert len(learners(organisation)) == LEARNERS
    depths = {team.pk: team.parent_id for team in Team.objects.filter(organisation=organisation)}
    assert any(parent and depths[parent] for parent in depths.values())
    sizes = Team.objects.filter(organisation=organisation).annotate(size=Count("memberships"))
    assert 0 < len(TeamMembership.objects.filter(team__organisation=organisation)) <= LEARNERS * 1.1
    assert len({team.size for team in sizes}) > 3


def test_whoever_is_worked_out_anew_stays_as_they_were_seeded(organisation: Organisation) -> None:
    people = learners(organisation)
    assert EvidenceItem.objects.filter(person__in=people).count() > LEARNERS
    assert [each for person in people for each in rebuilding.differences(person.pk)] == []


def test_levels_spread_and_some_reached_practice(organisation: Organisation) -> None:
    spread = dict(Reached.objects.filter(person__organisation=organisation).values_list("level").annotate(Count("pk")))
    assert {0, 1, 2, 3} <= set(spread)
    assert spread[3] < spread[1]


def test_what_was_done_says_what_the_enrolment_counts(organisation: Organisation) -> None:
    enrolments = Enrolment.objects.filter(person__organisation=organisation)
    rows = list(enrolments.values_list("completed_at", "done", "edition__required", "started_at", "touched_at"))
    assert {completed_at is None for completed_at, *_rest in rows} == {True, False}
    for completed_at, done, required, started_at, touched_at in rows:
        assert (completed_at is not None) == (done == required)
        assert touched_at is not None
        assert started_at <= touched_at <= timezone.now()
    progress = ActivityProgress.objects.filter(enrolment__person__organisation=organisation)
    assert 20 * LEARNERS < progress.count() < 60 * LEARNERS
    assert progress.filter(status=Status.BUSY).exists()


def test_attempts_are_those_of_the_activities_that_were_done(organisation: Organisation) -> None:
    person = Attempt.objects.filter(person__organisation=organisation).earliest("pk").person
    tried = set(Attempt.objects.filter(person=person).exclude(score=None).values_list("usage", flat=True))
    scored = ActivityProgress.objects.filter(enrolment__person=person).exclude(score=None)
    judged = set(Work.objects.filter(person=person).values_list("assignment__version__case__usage", flat=True))
    assert tried == {f"{each.enrolment.module.slug}/{each.activity}" for each in scored} - judged


def test_what_was_said_in_private_opens_for_who_counts_it(organisation: Organisation) -> None:
    """And is sealed for each by themselves: many live the same life."""
    sealed = Attempt.objects.filter(person__organisation=organisation, usage__contains="slotkaart")
    assert all(answers.keys() == {"verzegeld"} for answers in sealed.values_list("answers", flat=True))
    cards = list(exit_cards(organisation.pk))
    assert len(cards) == sealed.count() > LEARNERS / 4
    looks = list(looked_back(organisation.pk))
    assert len(looks) > LEARNERS / 10
    assert any(worth for look in looks for worth in look[3].values())
    back = Enrolment.objects.filter(person__organisation=organisation).exclude(looked_back_at=None)
    assert {(person, module) for person, module, *_rest in looks} == set(back.values_list("person", "module__slug"))


def test_who_held_a_talk_had_it_judged_by_the_trainer_of_their_group(organisation: Organisation) -> None:
    works = Work.objects.filter(person__organisation=organisation).select_related("person", "group")
    assert works.count() > LEARNERS / 20
    for work in works:
        assert work.state == State.ENOUGH
        assert work.group.members.filter(person=work.person, is_trainer=False).exists()
        assert work.group.members.filter(person=work.assessor, is_trainer=True).exists()
        rounds = list(Round.objects.filter(work=work).order_by("number"))
        assert [kept.number for kept in rounds] == list(range(1, work.round + 1))
        assert fields_of(rounds[-1])["leerniveau"] == rounds[-1].learning_level
        given = list(Assessment.objects.filter(work=work, part=Part.TRAINER).order_by("round__number"))
        assert [each.verdict for each in given] == [*[Verdict.RETURN] * (work.round - 1), Verdict.ENOUGH]
        assert work.score == rules.score(given[-1].levels)


def test_a_certificate_is_of_a_module_that_was_done(organisation: Organisation) -> None:
    certificates = Certificate.objects.filter(person__organisation=organisation, kind="deelname")
    done = Enrolment.objects.filter(person__organisation=organisation).exclude(completed_at=None)
    assert set(certificates.values_list("person", "subject")) == set(done.values_list("person", "module__slug"))


def test_there_is_something_to_show_of_this_half_year_and_those_before(organisation: Organisation) -> None:
    periods = set(
        ShownFigure.objects.filter(organisation=organisation, row=tables.TOP).values_list("period", flat=True)
    )
    assert periods == {
        showing.period_of(day) for day in [*past.ends_before(timezone.localdate()), timezone.localdate()]
    }
    whole = ShownFigure.objects.filter(organisation=organisation, row=tables.TOP)
    grown = whole.filter(kind="niveau", competence="C1")
    people = list(grown.order_by("period").values_list("n", flat=True))
    assert people == sorted(people)


def test_the_next_day_nothing_new_is_shown(organisation: Organisation) -> None:
    figures = ShownFigure.objects.filter(organisation=organisation).order_by("pk")
    before = list(figures.values_list("pk", "name", "n", "bins"))
    showing.show(organisation)
    assert list(figures.values_list("pk", "name", "n", "bins")) == before


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.HR, "/hr/competenties/"), (Role.HR, "/hr/"), (Role.HR, "/hr/vast/"), (Role.HR, "/hr/certificaten/"),
        (Role.OR, "/hr/logboek/"), (Role.TRAINER, "/begeleiden/"), (Role.TRAINER, "/groepen/"),
    ],
)  # fmt: skip
def test_its_pages_open_for_its_staff(client: Client, organisation: Organisation, role: Role, address: str) -> None:
    client.force_login(Person.objects.get(username=f"{organisation.slug}-{role}-1"))
    assert client.get(address).status_code == 200


def test_somebody_finds_their_growth_as_if_they_grew(client: Client, organisation: Organisation) -> None:
    person = Reached.objects.filter(person__organisation=organisation, level=3).earliest("pk").person
    client.force_login(person)
    assert client.get("/groei/").status_code == 200


def test_the_same_number_gives_the_same_people(organisation: Organisation) -> None:
    def again(slug: str, number: int) -> list[tuple[str, int]]:
        with transaction.atomic():
            made = services.seed(40, slug=slug, number=number, tell=quiet)
            people = Person.objects.filter(organisation=made, username=None).annotate(shown=Count("evidence_items"))
            found = list(people.order_by("pk").values_list("name", "shown"))
            transaction.set_rollback(True)
        return found

    first = again("elders", 1)
    assert again("elders", 1) == first
    assert again("elders", 2) != first


def test_others_come_beside_those_who_are_there_only_when_asked(organisation: Organisation) -> None:
    def seed(*more: str) -> str:
        out = StringIO()
        call_command("seed", "--learners=30", f"--organisation={organisation.slug}", *more, stdout=out)
        return out.getvalue()

    with pytest.raises(CommandError, match="--add"):
        seed()
    assert len(learners(organisation)) == LEARNERS
    with transaction.atomic():
        assert organisation.name in seed("--add")
        people = learners(organisation)
        assert len(people) == LEARNERS + 30
        assert [each for person in people[-30:] for each in rebuilding.differences(person.pk)] == []
        transaction.set_rollback(True)


def test_an_organisation_of_one_is_one(editions: dict[str, ModuleEdition], db: None) -> None:
    made = services.seed(1, slug="klein", tell=quiet)
    assert len(learners(made)) == 1
    assert not ShownFigure.objects.filter(organisation=made).exists()


@pytest.mark.parametrize("learners", ["0", "-3"])
def test_nobody_is_no_organisation(db: None, learners: str) -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("seed", f"--learners={learners}", stdout=StringIO())
