""" "Dit klopt niet": another trainer looks at a piece of evidence, and says whether it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from learning.competences.models import EvidenceItem, EvidenceObjection, Reached
from learning.competences.services import evidence, objecting
from learning.files import services as files
from learning.files.models import FileState
from learning.notices.models import Notice
from learning.people.models import Person, Role, RoleGrant
from learning.people.services import set_roles_from
from learning.practice.hearing import may_hear
from learning.practice.models import Evidence, Round, Verdict, Work
from learning.practice.permissions import reads_round
from learning.practice.sealed import closed
from learning.tracks.models import ModuleEdition
from tests.factories import PersonFactory, enrolled, published
from tests.factories.practice import assignment_in, group_of, handed_in, judged, trainer_in, work_of
from tests.learning.competences.test_deelkaart import browser_of
from tests.learning.competences.test_evidence import levels, tried
from tests.learning.competences.test_pages import html, item

pytestmark = pytest.mark.django_db

WORDS = "Dit gesprek ging helemaal niet over luisteren."
ANSWER = "Ik lees hier ook vooral wat je zelf zei."


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def person(edition: ModuleEdition) -> Person:
    person = PersonFactory.create(name="Lotte de Haan")
    enrolled(person, edition)
    return person


@pytest.fixture
def tine(person: Person) -> Person:
    return trainer_in(person.organisation, name="Tine Bos")


@pytest.fixture
def wouter(person: Person) -> Person:
    return trainer_in(person.organisation, name="Wouter Prins")


@pytest.fixture
def work(person: Person, tine: Person) -> Work:
    work = judged(handed_in(work_of(person, assignment_in(group_of(person, trainer=tine)))), tine, Verdict.ENOUGH)
    evidence.work_out(person.pk)
    return work


@pytest.fixture
def contested(work: Work) -> EvidenceItem:
    return EvidenceItem.objects.get(source="praktijk", competence="C1")


def address(of: EvidenceItem) -> str:
    return f"/groei/{of.competence}/{of.pk}/klopt-niet/"


def objected(of: EvidenceItem) -> EvidenceObjection:
    response = browser_of(of.person).post(address(of), {"woorden": WORDS})
    assert response.status_code == 302
    return EvidenceObjection.objects.get(item=of)


def test_it_goes_to_another_trainer_than_who_judged_it(contested: EvidenceItem, wouter: Person, tine: Person) -> None:
    made = objected(contested)
    assert made.assessor == wouter
    assert WORDS.encode() not in bytes(made.sealed)
    assert Notice.objects.get(person=wouter, kind="groei.bezwaar").facts == {"objection": made.pk}
    assert not Notice.objects.filter(person=tine, kind="groei.bezwaar").exists()


def test_who_was_asked_least_is_asked(person: Person, tine: Person, wouter: Person) -> None:
    kept = [item(person, key) for key in "abcd"]
    asked = [objecting.object_to(each, words=WORDS).assessor for each in kept]
    assert sorted(each.pk for each in asked if each) == sorted([tine.pk, tine.pk, wouter.pk, wouter.pk])


def test_without_another_trainer_it_says_so_and_keeps_the_words(contested: EvidenceItem) -> None:
    response = browser_of(contested.person).post(
        address(contested), {"woorden": WORDS}, headers={"Accept-Language": "nl"}
    )
    page = response.content.decode()
    assert (response.status_code, "geen andere trainer" in page, WORDS in page) == (422, True, True)
    assert not EvidenceObjection.objects.exists()


@pytest.mark.parametrize(("words", "said"), [("", "minstens één zin"), ("x" * 2001, "2000 tekens")])
def test_a_sentence_is_asked(contested: EvidenceItem, wouter: Person, words: str, said: str) -> None:
    response = browser_of(contested.person).post(
        address(contested), {"woorden": words}, headers={"Accept-Language": "nl"}
    )
    assert (response.status_code, said in response.content.decode().replace("2.000", "2000")) == (422, True)


def test_only_ones_own_evidence_that_counts_can_be_disagreed_with(
    contested: EvidenceItem, wouter: Person, tine: Person
) -> None:
    own = EvidenceItem.objects.get(source="zelf", competence="C1")
    html(browser_of(contested.person), address(own), status=404)
    html(browser_of(contested.person), address(contested).replace("C1", "C2"), status=404)
    for other in (wouter, tine, PersonFactory.create(organisation=contested.person.organisation)):
        assert browser_of(other).post(address(contested), {"woorden": WORDS}).status_code == 404
    assert not EvidenceObjection.objects.exists()


def test_said_twice_it_is_the_same_objection(contested: EvidenceItem, wouter: Person) -> None:
    first = objected(contested)
    assert objected(contested) == first


def test_the_second_assessor_reads_what_was_handed_in_and_said_and_nothing_else(
    contested: EvidenceItem, wouter: Person, work: Work
) -> None:
    kept = Round.objects.get(work=work)
    assert not reads_round(wouter, kept)
    made = objected(contested)
    assert reads_round(wouter, kept)
    page = html(browser_of(wouter), f"/groei/bezwaren/{made.pk}/")
    for words in (WORDS, "Dit gebeurde er bij stap 0 van het gesprek.", "Beoordeeld als niveau 3 van 4",
                  "Je liet een stilte bestaan.", "Lotte de Haan"):  # fmt: skip
        assert words in page
    assert "Oordeel uitstellen" not in page  # another competence of the same round
    browser_of(wouter).post(f"/groei/bezwaren/{made.pk}/", {"woorden": ANSWER, "uitkomst": "blijft"})
    assert not reads_round(wouter, kept)
    html(browser_of(wouter), f"/groei/bezwaren/{made.pk}/", status=404)


def test_what_was_said_with_it_can_be_heard_and_read_as_long_as_it_is_there(
    contested: EvidenceItem, wouter: Person, work: Work
) -> None:
    kept = Round.objects.get(work=work)
    made = objected(contested)
    voice = files.begin(contested.person, purpose="praktijk.gesproken", size=1)
    voice.parts = {"opus": {"blob": "opus-1", "size": 1, "media_type": "audio/webm"}}
    voice.state, voice.seconds, voice.arrived = FileState.READY, 1, 1
    voice.save()
    sound = Evidence.objects.create(work=work, round=kept, form="gesproken", file=voice, made_at=kept.handed_in_at)
    sound.sealed_captions = closed("Ik vertelde wat ik hoorde.", "captions", sound.pk)
    sound.save()
    page = html(browser_of(wouter), f"/groei/bezwaren/{made.pk}/")
    assert "data-player" in page
    assert "Ik vertelde wat ik hoorde." in page
    assert may_hear(wouter, voice)
    Evidence.objects.update(file=None)
    assert "Het geluid is gewist" in html(browser_of(wouter), f"/groei/bezwaren/{made.pk}/")
    objecting.answer(made.pk, by=wouter, stands=True, words=ANSWER)
    Evidence.objects.update(file=voice)
    assert not may_hear(wouter, voice)


def test_nobody_else_reads_it_whatever_their_role(contested: EvidenceItem, wouter: Person, tine: Person) -> None:
    made = objected(contested)
    stranger = PersonFactory.create()
    beside = trainer_in(contested.person.organisation)
    for other in (stranger, beside):
        set_roles_from(other, organisation=other.organisation, source="local", roles=set(Role.values))
    for other in (contested.person, tine, beside, stranger):
        page = browser_of(other).post(f"/groei/bezwaren/{made.pk}/", {"woorden": ANSWER, "uitkomst": "vervalt"})
        assert page.status_code == 404
        assert WORDS not in html(browser_of(other), "/groei/bezwaren/")
    made.refresh_from_db()
    assert made.stands is None


def test_of_a_trainer_who_left_another_takes_over_but_never_who_judged(
    contested: EvidenceItem, wouter: Person, tine: Person
) -> None:
    made = objected(contested)
    beside = trainer_in(contested.person.organisation)
    RoleGrant.objects.filter(person=wouter).delete()
    html(browser_of(wouter), f"/groei/bezwaren/{made.pk}/", status=404)
    html(browser_of(tine), f"/groei/bezwaren/{made.pk}/", status=404)
    assert WORDS in html(browser_of(beside), f"/groei/bezwaren/{made.pk}/")


def test_struck_out_it_counts_no_more_and_levels_follow_at_once(person: Person, tine: Person) -> None:
    for quiz in ("quiz-1-1", "quiz-1-2"):
        tried(person, quiz, 0.8)
    evidence.work_out(person.pk)
    made = objected(EvidenceItem.objects.filter(person=person).earliest("key"))
    assert levels(person) == {"C1": 1}  # until somebody looked
    browser = browser_of(tine)
    page = browser.post(f"/groei/bezwaren/{made.pk}/", {"woorden": ANSWER, "uitkomst": "vervalt"})
    assert page.status_code == 302
    assert Reached.objects.get(person=person, competence="C1").level == 0
    assert Notice.objects.filter(person=person, kind="groei.bezwaar_beantwoord").exists()
    page_of = html(browser_of(person), "/groei/C1/")
    assert "het telt niet meer mee" in page_of
    assert ANSWER in page_of
    assert "Een tweede beoordelaar keek naar je bewijs bij C1." in html(browser_of(person), "/berichten/")
    made.refresh_from_db()
    assert ANSWER.encode() not in bytes(made.sealed_answer or b"")


def test_what_stands_stays_and_says_why(contested: EvidenceItem, wouter: Person) -> None:
    before = levels(contested.person)
    made = objected(contested)
    browser_of(wouter).post(f"/groei/bezwaren/{made.pk}/", {"woorden": ANSWER, "uitkomst": "blijft"})
    assert levels(contested.person) == before
    page = html(browser_of(contested.person), "/groei/C1/")
    assert "het blijft meetellen" in page
    assert f"/groei/C1/{contested.pk}/klopt-niet/" not in page


@pytest.mark.parametrize("sent", [{"woorden": ANSWER}, {"uitkomst": "blijft"}, {"woorden": ANSWER, "uitkomst": "x"}])
def test_an_answer_without_a_choice_or_a_reason_is_asked_again(
    contested: EvidenceItem, wouter: Person, sent: dict[str, str]
) -> None:
    made = objected(contested)
    response = browser_of(wouter).post(f"/groei/bezwaren/{made.pk}/", sent)
    assert response.status_code == 422
    assert sent.get("woorden", "") in response.content.decode()
    made.refresh_from_db()
    assert made.decided_at is None


def test_an_answer_is_for_good(contested: EvidenceItem, wouter: Person) -> None:
    made = objected(contested)
    objecting.answer(made.pk, by=wouter, stands=True, words=ANSWER)
    with pytest.raises(objecting.NotNow):
        objecting.answer(made.pk, by=wouter, stands=False, words=ANSWER)


def test_what_was_wiped_can_still_be_answered(contested: EvidenceItem, wouter: Person, work: Work) -> None:
    made = objected(contested)
    work.rounds.all().delete()
    assert "is gewist, zoals afgesproken" in html(browser_of(wouter), f"/groei/bezwaren/{made.pk}/")


def test_a_trainer_sees_that_something_lies_there_and_a_learner_reads_that_it_is_on_its_way(
    contested: EvidenceItem, wouter: Person
) -> None:
    objected(contested)
    assert "/groei/bezwaren/" in html(browser_of(wouter), "/groei/")
    assert "zegt bij een bewijs: dit klopt niet" in html(browser_of(wouter), "/berichten/")
    assert "Een tweede beoordelaar kijkt ernaar." in html(browser_of(contested.person), "/groei/C1/")
    assert "/groei/bezwaren/" not in html(browser_of(contested.person), "/groei/")


def test_the_list_takes_as_many_queries_however_long(
    person: Person, tine: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(tine)
    browser.get("/groei/bezwaren/")  # the session is written at its first page
    for key in "abc":
        objecting.object_to(item(person, key), words=WORDS)
        with django_assert_num_queries(4):
            browser.get("/groei/bezwaren/")
