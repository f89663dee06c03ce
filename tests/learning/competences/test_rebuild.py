"""Everything anew from history gives the same answer, and a source that comes later needs one function."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.dispatch import Signal
from django.test import Client
from django.utils import timezone

from learning.competences import history
from learning.competences.history import Shown
from learning.competences.models import EvidenceItem, EvidenceObjection, Reached, Stale
from learning.competences.queries import growth
from learning.competences.rules import LearningLevel, Source
from learning.competences.services import evidence, rebuilding
from learning.people.models import Person
from learning.practice.models import Assessment, Round, Verdict, Work
from learning.practice.services import doing
from learning.sealing import WontOpen
from learning.tracks.models import ModuleEdition
from tests.factories import PersonFactory, enrolled, published
from tests.factories.practice import (
    REPORT,
    assignment_in,
    group_of,
    handed_in,
    held_talk,
    judged,
    trainer_in,
    work_of,
)
from tests.learning.competences.test_evidence import keys, levels, tried, without_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def person(edition: ModuleEdition) -> Person:
    person = PersonFactory.create()
    enrolled(person, edition)
    return person


@pytest.fixture
def work(person: Person) -> Work:
    return work_of(person, assignment_in(group_of(person, trainer=trainer_in(person.organisation, name="Tine"))))


def trainer() -> Person:
    return Person.objects.get(name="Tine")


def rebuilt(*options: str) -> tuple[int, str]:
    """(exit status, what was said)"""
    out = StringIO()
    try:
        call_command("competences", "rebuild", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_after_learning_and_practising_nothing_differs(person: Person, work: Work) -> None:
    tried(person, "quiz-1-1", 0.8)
    judged(handed_in(work), trainer(), Verdict.ENOUGH)
    evidence.work_out(person.pk)
    assert rebuilt("--check") == (0, "2 people, 0 differences.\n")


def test_what_was_lost_or_changed_is_said_and_mended(person: Person) -> None:
    tried(person, "quiz-1-1", 0.8)
    tried(person, "quiz-1-2", 0.8)
    evidence.work_out(person.pk)
    EvidenceItem.objects.filter(activity="proefmodule/quiz-1-1").delete()
    EvidenceItem.objects.filter(activity="proefmodule/quiz-1-2").update(score=0.1)
    Reached.objects.filter(competence="C1").update(level=4)
    status, said = rebuilt("--check")
    assert status == 1
    assert said.splitlines() == [
        f"#{person.pk} C1: anders",
        f"#{person.pk} kennis:proefmodule/quiz-1-2:1:C1: anders",
        f"#{person.pk} kennis:proefmodule/quiz-1-1:1:C1: ontbreekt",
        "1 people, 3 differences.",
    ]
    assert rebuilt()[0] == 0
    assert levels(person) == {"C1": 1}
    assert rebuilt("--check")[0] == 0


def test_who_is_still_to_be_worked_out_is_no_difference(person: Person) -> None:
    tried(person, "quiz-1-1", 0.8)
    assert Stale.objects.filter(person=person).exists()  # enrolling made it so
    status, said = rebuilt("--check")
    assert (status, "1 people are still to be worked out" in said) == (0, True)


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_somebody_whose_history_cannot_be_read_is_named_by_number_and_all_others_are_done(
    person: Person, edition: ModuleEdition, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    after = PersonFactory.create()
    enrolled(after, edition)
    tried(after, "quiz-1-1", 0.8)
    Stale.objects.all().delete()
    without_key(monkeypatch, of=person)
    out = StringIO()
    with pytest.raises(WontOpen):
        call_command("competences", "rebuild", *options, stdout=out)
    said = out.getvalue().splitlines()
    assert said[0] == f"#{person.pk}: WontOpen"
    assert f"#{after.pk} kennis:proefmodule/quiz-1-1:1:C1: ontbreekt" in said
    assert bool(keys(after)) == (not options)


def test_what_was_given_before_learning_levels_were_asked_is_as_it_was_kept(person: Person, work: Work) -> None:
    judged(handed_in(work, leerniveau="systemisch"), trainer(), Verdict.ENOUGH, learning_level="systemisch")
    Round.objects.update(learning_level="")
    Assessment.objects.update(learning_level="")
    evidence.work_out(person.pk)
    assert set(EvidenceItem.objects.values_list("learning_level", flat=True)) == {"individueel"}
    assert rebuilt("--check")[0] == 0


def test_a_confirmed_learning_level_is_rebuilt_as_it_was(person: Person, work: Work) -> None:
    judged(handed_in(work), trainer(), Verdict.ENOUGH, learning_level="interbestuurlijk")
    evidence.work_out(person.pk)
    assert rebuilt("--check")[0] == 0
    EvidenceItem.objects.filter(source="praktijk", competence="C1").update(learning_level="systemisch")
    assert rebuilt("--check")[0] == 1
    rebuilt()
    assert set(EvidenceItem.objects.filter(source="praktijk").values_list("learning_level", flat=True)) == {
        "interbestuurlijk"
    }


def test_what_its_history_was_wiped_of_was_still_shown(person: Person, work: Work) -> None:
    judged(handed_in(work), trainer(), Verdict.ENOUGH)
    evidence.work_out(person.pk)
    work.rounds.all().delete()
    rebuilt()
    assert set(EvidenceItem.objects.values_list("source", flat=True)) == {"praktijk"}
    assert rebuilt("--check")[0] == 0


def test_what_a_second_assessor_struck_out_stays_out(person: Person) -> None:
    for quiz in ("quiz-1-1", "quiz-1-2"):
        tried(person, quiz, 0.8)
    evidence.work_out(person.pk)
    item = EvidenceItem.objects.first()
    assert item
    EvidenceObjection.objects.create(item=item, sealed=b"", made_at=timezone.now(), stands=False)
    rebuilt()
    assert levels(person) == {}
    assert rebuilt("--check")[0] == 0


def test_a_round_that_was_taken_back_and_handed_in_anew_says_what_it_says_now(person: Person, work: Work) -> None:
    handed_in(work)
    evidence.work_out(person.pk)
    assert Reached.objects.get(competence="C1").series == {"zelf": 2.0}
    doing.take_back(work.pk, by=person)
    assert Stale.objects.filter(person=person).exists()
    evidence.work_out(person.pk)
    assert not EvidenceItem.objects.exists()
    version = Work.objects.get().draft_version
    doing.save(work.pk, {**REPORT, "niveau-luisteren": "4"}, based_on=version)
    doing.hand_in(work.pk, by=person)
    evidence.work_out(person.pk)
    assert Reached.objects.get(competence="C1").series == {"zelf": 4.0}
    assert rebuilt("--check")[0] == 0


def test_a_trainer_who_left_is_no_second_one(person: Person, work: Work) -> None:
    judged(handed_in(work), trainer(), Verdict.ENOUGH)
    evidence.work_out(person.pk)
    before = EvidenceItem.objects.count()
    work.assessments.update(person=None)
    evidence.work_out(person.pk)
    assert EvidenceItem.objects.count() == before


def test_two_cases_of_somebody_who_does_this_already_are_n3_directly(person: Person) -> None:
    tine = trainer_in(person.organisation)
    group = group_of(person, trainer=tine)
    for prior in ("ja", ""):
        for _situation in range(2):
            work = work_of(person, assignment_in(group))
            doing.save(work.pk, {"ervaring": prior}, based_on=0)
            judged(handed_in(work), tine, Verdict.ENOUGH, level=3)
            evidence.work_out(person.pk)
            there = EvidenceItem.objects.filter(situation=f"praktijk:{work.pk}", source="praktijk")
            assert set(there.values_list("prior", flat=True)) == {prior == "ja"}
        assert levels(person) == dict.fromkeys(("C1", "C2", "C3"), 3)
        if prior:
            assert rebuilt("--check")[0] == 0


def test_who_does_this_already_asks_so_on_the_form_sees_it_before_handing_in_and_the_trainer_reads_it(
    work: Work,
) -> None:
    held_talk(work)
    learner, desk = Client(headers={"Accept-Language": "nl"}), Client(headers={"Accept-Language": "nl"})
    learner.force_login(work.person)
    desk.force_login(trainer())
    page = f"/praktijk/{work.key}/"
    asked = "vraagt om deze case direct te laten meetellen"
    for tick in ("ja", None, "ja"):
        version = Work.objects.get().draft_version
        sent = {**REPORT, "vormen": "1", "versie": version, "doe": "bewaar", **({"ervaring": tick} if tick else {})}
        learner.post(page, sent)
        assert (asked in learner.get(f"{page}inleveren/").content.decode()) == bool(tick)
    learner.post(f"{page}inleveren/", {"versie": Work.objects.get().draft_version})
    assert asked in desk.get(f"/begeleiden/{work.key}/").content.decode()


def test_two_cases_without_asking_that_are_no_n3(person: Person) -> None:
    tine = trainer_in(person.organisation)
    group = group_of(person, trainer=tine)
    for _situation in range(2):
        judged(handed_in(work_of(person, assignment_in(group))), tine, Verdict.ENOUGH, level=3)
    evidence.work_out(person.pk)
    assert 3 not in levels(person).values()


# --- a source that comes later

sat_at_a_table = Signal()


@pytest.fixture
def tables() -> Iterator[list[Shown]]:
    """An invented room, of tables people sit at: one receiver, and one function with its line for the rules."""
    sat: list[Shown] = []

    def hear(*, person_id: int, **kwargs: object) -> None:
        evidence.make_stale(person_id)

    @history.source
    def of_tables(person_id: int) -> list[Shown]:
        return sat

    sat_at_a_table.connect(hear)
    yield sat
    sat_at_a_table.disconnect(hear)
    history._sources.pop(f"{of_tables.__module__}.{of_tables.__qualname__}")


def test_a_source_that_comes_later_needs_one_function_and_one_receiver(person: Person, tables: list[Shown]) -> None:
    tables.append(
        Shown(
            key="tafel:7:C7", competence="C7", source=Source.PRACTICE, activity="tafel/7", attempt=1, score=0.75,
            on=timezone.localdate(), situation="tafel:7", learning_level=LearningLevel.BETWEEN, confirmed=True,
        )
    )  # fmt: skip
    sat_at_a_table.send(None, person_id=person.pk)
    assert evidence.work_out_stale(person.pk % 16) == 1
    kept = EvidenceItem.objects.get(person=person)
    assert (kept.competence, kept.learning_level) == ("C7", "interbestuurlijk")
    assert Reached.objects.get(competence="C7").learning_levels == "b"
    assert rebuilding.differences(person.pk) == []


@pytest.mark.parametrize(
    ("confirmed", "level", "asks"),
    [("individueel", 4, []), ("interbestuurlijk", 3, ["op nog één leerniveau"])],
)
def test_an_evening_with_others_between_authorities_lifts_who_does_this_already_to_n4(
    person: Person, tables: list[Shown], confirmed: str, level: int, asks: list[str]
) -> None:
    """Curriculum 4.3: what practice adds to that, a trainer confirmed. What was only proposed makes nothing wider."""
    tine = trainer_in(person.organisation)
    group = group_of(person, trainer=tine)
    for _situation in range(2):
        work = work_of(person, assignment_in(group))
        doing.save(work.pk, {"ervaring": "ja"}, based_on=0)
        judged(handed_in(work, leerniveau="systemisch"), tine, Verdict.ENOUGH, level=3, learning_level=confirmed)
    evidence.work_out(person.pk)
    assert levels(person)["C1"] == 3
    tables.append(
        Shown(
            key="avond:3:C1", competence="C1", source=Source.OTHERS, activity="avond/3", attempt=1, score=0.75,
            on=timezone.localdate(), situation="avond:3", learning_level=LearningLevel.BETWEEN, confirmed=True,
        )
    )  # fmt: skip
    sat_at_a_table.send(None, person_id=person.pk)
    assert evidence.work_out_stale(person.pk % 16) == 1
    assert levels(person)["C1"] == level
    assert growth.why(person, growth.standing(person), "C1").asks == asks
    assert rebuilding.differences(person.pk) == []
