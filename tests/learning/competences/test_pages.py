"""What somebody reads of their own growth: the ten drawn and in figures, why each is where it is, and by month."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from learning.competences import drawing, words
from learning.competences.drawing import Grown
from learning.competences.models import EvidenceItem, Framework, Reached, Stale
from learning.competences.queries import growth as queries
from learning.competences.rules import CODES, Missing, Need
from learning.competences.services import evidence, frameworks
from learning.people.models import Person
from learning.practice.models import Verdict, Work
from learning.tracks import queries as tracks
from learning.tracks.models import Enrolment, ModuleEdition, Status
from tests.factories import PersonFactory, enrolled, published
from tests.factories.practice import assignment_in, group_of, handed_in, judged, trainer_in, work_of
from tests.learning.competences.test_evidence import tried

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def person(edition: ModuleEdition) -> Person:
    person = PersonFactory.create(name="Lotte de Haan")
    enrolled(person, edition)
    return person


@pytest.fixture
def learner(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def work(person: Person) -> Work:
    return work_of(person, assignment_in(group_of(person, trainer=trainer_in(person.organisation, name="Tine"))))


def html(client: Client, path: str, *, status: int = 200) -> str:
    response = client.get(path, headers={"Accept-Language": "nl"})
    assert response.status_code == status, path
    return response.content.decode()


def test_who_just_began_sees_ten_plants_that_have_yet_to_grow(learner: Client) -> None:
    page = html(learner, "/groei/")
    assert page.count('class="t t-dun kiem"') == 20  # once wide, once narrow
    assert page.count("nog geen niveau") == 10
    assert "jij en je trainer" in page
    assert "de trainer daarvan</a> je niveaus" in page


def test_the_drawing_and_the_table_say_the_same(learner: Client, person: Person, work: Work) -> None:
    tried(person, "quiz-1-1", 1.0)
    tried(person, "quiz-1-2", 1.0)
    judged(handed_in(work), Person.objects.get(name="Tine"), Verdict.ENOUGH, level=3)
    page = html(learner, "/groei/")
    (plant, *_others) = learner.get("/groei/").context["wide"].plants
    assert (plant.grown.level, plant.grown.breadth, plant.grown.series) == (1, 1, {"zelf": 2.0, "trainer": 3.0})
    row = page[page.index("/groei/C1/") : page.index("/groei/C2/")]
    for figure in ("<strong>N1</strong>", "1 van 4", "2,0", "3,0", "nog niet"):
        assert figure in row


def test_practice_that_a_trainer_saw_in_two_places_is_two_of_four_and_why_names_them(
    learner: Client, person: Person, work: Work
) -> None:
    tine = Person.objects.get(name="Tine")
    judged(handed_in(work, leerniveau="systemisch"), tine, Verdict.ENOUGH, learning_level="organisatorisch")
    other = handed_in(work_of(person, assignment_in(work.group)), leerniveau="interbestuurlijk")
    judged(other, tine, Verdict.ENOUGH, learning_level="interbestuurlijk")
    page = html(learner, "/groei/")
    assert "2 van 4" in page[page.index("/groei/C1/") : page.index("/groei/C2/")]
    why = html(learner, "/groei/C1/")
    assert "Breedte: 2 van 4, in je organisatie, tussen overheden." in why
    for said in ("praktijk, niveau 3 van 4, in je organisatie", "praktijk, niveau 3 van 4, tussen overheden"):
        assert said in why
    assert "je eigen beeld, niveau 2 van 4</p>" in why  # what counts for nothing is nowhere
    assert "in het systeem" not in why.partition("Op weg naar")[0].partition("Zo begin je")[0]


def test_what_was_done_a_moment_ago_is_there_without_waiting_for_a_job(learner: Client, person: Person) -> None:
    for quiz in ("quiz-1-1", "quiz-1-2"):
        tried(person, quiz, 1.0)
    assert Stale.objects.filter(person=person).exists()
    assert "<strong>N1</strong>" in html(learner, "/groei/")
    assert not Stale.objects.exists()


@pytest.mark.parametrize("attempts", [1, 9])
def test_the_ten_take_as_many_queries_however_much_was_shown(
    learner: Client, person: Person, attempts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, attempts + 1):
        tried(person, "quiz-1-1", number / 20, number=number)
    learner.get("/groei/")
    with django_assert_num_queries(4):  # session and person, how it stands, what was shown
        learner.get("/groei/")


@pytest.mark.parametrize("fresh", [False, True], ids=["met", "met no edition yet"])
def test_why_takes_four_queries_however_much_was_shown(
    person: Person,
    work: Work,
    fresh: bool,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Issue 7."""
    for number in range(1, 9):
        tried(person, "quiz-1-1", 0.5 + number / 20, number=number)
    judged(handed_in(work), Person.objects.get(name="Tine"), Verdict.ENOUGH, level=3)
    work_of(person, assignment_in(work.group))
    evidence.work_out(person.pk)
    if fresh:
        monkeypatch.setattr(tracks, "_editions", OrderedDict())
    with django_assert_num_queries(4):
        found = queries.why(person, queries.standing(person), "C1")
    assert len([*found.used, *found.beside]) == 10
    assert all(each.href for each in (*found.used, *found.beside))


def test_the_page_of_why_asks_no_more_than_the_session_beside_that(
    learner: Client, person: Person, work: Work, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    judged(handed_in(work), Person.objects.get(name="Tine"), Verdict.ENOUGH, level=3)
    learner.get("/groei/C1/")
    with django_assert_max_num_queries(6):
        learner.get("/groei/C1/")


def test_why_names_what_was_used_the_rule_and_what_is_missing(learner: Client, person: Person, work: Work) -> None:
    tried(person, "quiz-1-1", 0.88, days_ago=30)
    tried(person, "quiz-1-2", 0.71, days_ago=20)
    tried(person, "quiz-2-1", 0.2, days_ago=10)
    page = html(learner, "/groei/C1/")
    assert "Waarom staat hier N1?" in page
    assert "Herkent het verschil tussen luisteren en wachten op je beurt." in page
    used, _fold, beside = page.partition("Wat je nog meer liet zien")
    assert used.count("Een kleine quiz") >= 2
    assert "kennis, 0,88, bij jezelf" in used
    assert "kennis, 0,20, bij jezelf" in beside
    assert "met 0,6 of hoger, in twee activiteiten" in page
    assert "nog 3 beslissingen of praktijksituaties" in page
    assert "één daarvan minstens 7 dagen na de eerste" in page
    assert "Regelversie 1, kader versie 1" in page


def test_what_came_a_week_later_says_how_many_days(person: Person) -> None:
    for days, key in ((30, "a"), (29, "b"), (16, "c")):
        item(person, key, source="beslissing", days_ago=days)
    found = queries.why(person, queries.standing(person), "C1")
    assert {each.row.key: each.days_later for each in found.used} == {"a": 0, "b": 0, "c": 14}


def item(person: Person, key: str, *, days_ago: int = 1, **facts: object) -> EvidenceItem:
    now = timezone.now()
    return EvidenceItem.objects.create(
        person=person, key=key, made_at=now, on=timezone.localdate() - timedelta(days=days_ago),
        **{"competence": "C1", "source": "kennis", "activity": key, "attempt": 1, "score": 0.8,
           "learning_level": "individueel", **facts},
    )  # fmt: skip


def test_what_was_shown_longer_than_two_years_ago_turns_grey_and_stays(learner: Client, person: Person) -> None:
    for key in "ab":
        item(person, key, days_ago=800)
    Stale.objects.all().delete()
    evidence.work_out(person.pk)
    year = (timezone.localdate() - timedelta(days=800)).year
    for path in ("/groei/", "/groei/C1/"):
        assert f"aangetoond in {year}, nog niet opnieuw" in html(learner, path)
    assert "plant--eerder" in html(learner, "/groei/")
    assert Reached.objects.get(competence="C1").level == 1


def test_who_asked_for_it_reads_that_earlier_experience_counted(learner: Client, person: Person) -> None:
    for key in "ab":
        item(person, key, source="praktijk", situation=f"tafel:{key}", confirmed=True, prior=True)
    page = html(learner, "/groei/C1/")
    assert "Waarom staat hier N3?" in page
    assert "Je vroeg bij twee praktijkcases om ze direct te laten meetellen" in page


def test_what_would_bring_further_is_an_activity_they_can_open(learner: Client, person: Person) -> None:
    tried(person, "quiz-1-1", 1.0)
    page = html(learner, "/groei/C1/")
    assert "/leren/proefmodule/u1/#quiz-1-2" in page
    assert "/leren/proefmodule/u1/#quiz-1-1" not in page.partition("Op weg naar")[2].partition("Voor N1")[2]
    assert learner.get("/leren/proefmodule/u1/").status_code == 200


def test_for_n3_a_case_they_have_is_the_next_step(learner: Client, person: Person, work: Work) -> None:
    for days, key in ((30, "a"), (29, "b"), (16, "c")):
        item(person, key, source="beslissing", days_ago=days)
    page = html(learner, "/groei/C1/")
    assert "nog twee praktijksituaties op niveau 3 van 4 of hoger, minstens één beoordeeld door een trainer" in page
    assert f'href="/praktijk/{work.key}/"' in page


def test_where_no_content_yields_it_there_is_no_button_and_words_that_say_so(learner: Client) -> None:
    page = html(learner, "/groei/C7/")
    assert "In wat je nu volgt, is hier niets meer voor te vinden." in page
    assert "knop--verder" not in page


@pytest.mark.parametrize("code", ["C0", "C11", "c1", "iets"])
def test_a_competence_that_is_not_there_is_404(learner: Client, code: str) -> None:
    html(learner, f"/groei/{code}/", status=404)


def test_nobody_elses_is_on_the_pages(client: Client, person: Person, work: Work) -> None:
    """A trainer, HR and a colleague each see their own growth there, and nothing else."""
    tried(person, "quiz-1-1", 1.0)
    tried(person, "quiz-1-2", 1.0)
    evidence.work_out(person.pk)
    for other in (Person.objects.get(name="Tine"), PersonFactory.create(organisation=person.organisation)):
        client.force_login(other)
        assert "<strong>N1</strong>" not in html(client, "/groei/")
        assert "Een kleine quiz" not in html(client, "/groei/C1/")
        assert "Een kleine quiz" not in html(client, "/groei/tijdlijn/")


def test_a_new_version_of_the_framework_speaks_on_the_pages(learner: Client) -> None:
    frameworks.begin()
    row = Framework.objects.get()
    document = row.document
    document["competences"][0] |= {"naam": "Horen", "niveaus": ["Hoort iets.", "b", "c", "d"]}
    Framework.objects.create(number=2, document=document, content_hash="x", made_at=timezone.now())
    assert "Horen" in html(learner, "/groei/")
    page = html(learner, "/groei/C1/")
    assert "Hoort iets." in page
    assert "kader versie 2" in page


# --- by month


def test_the_timeline_has_all_that_was_done_by_month(learner: Client, person: Person, work: Work) -> None:
    enrolment = Enrolment.objects.get(person=person)
    when = timezone.now() - timedelta(days=70)
    enrolment.activities.create(activity="quiz-1-1", status=Status.DONE, completed_at=when)
    enrolment.activities.create(activity="weg", status=Status.DONE, completed_at=when)
    judged(handed_in(work), Person.objects.get(name="Tine"), Verdict.ENOUGH, level=3)
    page = html(learner, "/groei/tijdlijn/")
    assert page.count("<h2") == 2
    assert page.index("Praktijkcase voldoende") < page.index("Praktijkcase ingeleverd") < page.index("Een kleine quiz")


def test_a_long_timeline_has_pages_and_as_many_queries(
    learner: Client, person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    enrolment = Enrolment.objects.get(person=person)
    assert "Hier staat nog niets" in html(learner, "/groei/tijdlijn/")
    for round_ in (1, 30):
        for n in range(round_):
            enrolment.activities.create(
                activity=f"quiz-{1 + n % 2}-{1 + n % 2}" if n < 1 else f"x{n}", status=Status.DONE,
                completed_at=timezone.now(),
            )  # fmt: skip
        with django_assert_num_queries(7):
            learner.get("/groei/tijdlijn/?page=2")
        enrolment.activities.all().delete()


# --- rules of what is drawn and said


grown = st.builds(
    Grown,
    code=st.sampled_from(CODES),
    word=st.just("Woord"),
    level=st.integers(0, 4),
    breadth=st.integers(0, 4),
    series=st.dictionaries(st.sampled_from(["zelf", "peer", "trainer"]), st.floats(1, 4)),
)


@given(st.lists(grown, min_size=10, max_size=10))
def test_every_plant_stays_inside_its_drawing(plants: list[Grown]) -> None:
    for each in [drawing.wide(plants), *drawing.narrow(plants)]:
        assert len(each.plants) in (5, 10)
        for plant in each.plants:
            assert len(plant.leaves) == plant.grown.breadth
            assert plant.tip <= each.height
            assert bool(plant.root) == bool(plant.grown.level)
            for mark in plant.marks:
                assert 0 < mark.x < each.width
                assert mark.y < each.height


@given(st.dictionaries(st.sampled_from(Need), st.integers(1, 3)))
def test_whatever_is_missing_is_said(missing: dict[Need, int]) -> None:
    said = words.still_missing([Missing(need, n) for need, n in missing.items()])
    together = {Need.SITUATIONS, Need.CONFIRMED} <= set(missing)
    assert len(said) == len(missing) - together
    assert all(each and "%(" not in each for each in said)


def test_the_sentence_of_the_curriculum_is_there() -> None:
    assert words.still_missing([Missing(Need.SITUATIONS, 1), Missing(Need.CONFIRMED, 1)]) == [
        "nog één praktijksituatie, beoordeeld door een trainer"
    ]
