"""At which of the four learning levels practice was (curriculum 4.2): its maker proposes it, who judges it confirms."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning.competences.rules import LearningLevel as OfEvidence
from learning.people.models import Group, GroupMember, Person
from learning.people.personal import all_held
from learning.practice import learning_levels
from learning.practice.feedback import Words
from learning.practice.models import Assessment, Objection, Part, Round, Stage, State, Verdict, Work
from learning.practice.queries import learner as queries
from learning.practice.rules import LearningLevel
from learning.practice.services import doing, objecting, reading
from tests.factories import PersonFactory
from tests.factories.practice import (
    CRITERIA,
    REPORT,
    assignment_in,
    handed_in,
    held_talk,
    judged,
    work_of,
)
from tests.learning.practice.desk import address, filled_in, read, send, signed_in, text

pytestmark = pytest.mark.django_db
BETWEEN, ORGANISATION = "interbestuurlijk", "organisatorisch"
WITHOUT = {name: words for name, words in REPORT.items() if name != "leerniveau"}


@pytest.fixture
def work(group: Group, learner: Person) -> Work:
    return work_of(learner, assignment_in(group))


@pytest.fixture
def me(learner: Person) -> Client:
    return signed_in(learner)


def mine(work: Work, rest: str = "") -> str:
    return f"/praktijk/{work.key}/{rest}"


def write(me: Client, work: Work, **fields: str) -> Any:
    version = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    return me.post(mine(work), {"versie": version, "vormen": "1", "doe": "nakijken", **fields})


def chosen(page: str) -> list[str]:
    """Of the radio buttons that ask it."""
    return [
        re.findall(r'value="(\w+)"', each)[0]
        for each in re.findall(r'<input type="radio" name="leerniveau"[^>]*>', page)
        if " checked" in each
    ]


def test_there_are_the_four_of_evidence_in_words_for_both() -> None:
    assert [level.value for level in LearningLevel] == [level.value for level in OfEvidence]
    for said in (learning_levels.to_maker(), learning_levels.to_reader()):
        assert list(said) == list(LearningLevel)


# --- proposed


def test_nothing_is_chosen_beforehand_and_without_it_nothing_is_handed_in(me: Client, work: Work) -> None:
    held_talk(work)
    assert chosen(me.get(mine(work)).content.decode()) == []
    refused = write(me, work, **WITHOUT)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'href="#veld-leerniveau-0"' in page
    assert "Kies waar het in je gesprek vooral om ging." in page.partition('data-veld="leerniveau"')[2][:700]
    assert REPORT["verslag-2"] in page
    assert Work.objects.get().state == State.HELD


@pytest.mark.parametrize("made_up", ["ergens", "Individueel", "bij jezelf"])
def test_only_one_of_the_four_can_be_handed_in(me: Client, work: Work, made_up: str) -> None:
    held_talk(work)
    assert write(me, work, **WITHOUT, leerniveau=made_up).status_code == 422
    assert not Round.objects.exists()


def test_what_was_chosen_stays_in_the_draft_and_is_seen_once_more_among_what_only_a_trainer_reads(
    me: Client, work: Work
) -> None:
    held_talk(work)
    me.post(mine(work), {"versie": "9", "vormen": "1", "doe": "bewaar", "leerniveau": BETWEEN})
    assert chosen(me.get(mine(work)).content.decode()) == [BETWEEN]
    write(me, work, **WITHOUT)
    for_all, _trainer, for_trainer = me.get(mine(work, "inleveren/")).content.decode().partition('id="trainer"')
    assert ("Tussen overheden" in for_all, "Tussen overheden" in for_trainer) == (False, True)


def test_two_windows_that_choose_differently_are_asked_in_words(me: Client, work: Work) -> None:
    version = held_talk(work).draft_version
    for level in (BETWEEN, ORGANISATION):
        sent = {"versie": str(version), "doe": "bewaar", "leerniveau": level}
        page = me.post(mine(work), sent).content.decode()
    assert "<blockquote>Tussen overheden</blockquote>" in page
    assert chosen(page) == [ORGANISATION]


def test_each_round_has_its_own_and_the_former_is_filled_in(me: Client, work: Work, trainer: Person) -> None:
    judged(handed_in(work, leerniveau=BETWEEN), trainer, Verdict.RETURN, learning_level=BETWEEN)
    assert chosen(me.get(mine(work)).content.decode()) == [BETWEEN]
    handed_in(Work.objects.get(), leerniveau=ORGANISATION)
    assert list(Round.objects.order_by("number").values_list("learning_level", flat=True)) == [BETWEEN, ORGANISATION]


# --- confirmed


def test_a_trainer_sees_the_proposal_marked_and_not_chosen(work: Work, trainer: Person) -> None:
    handed_in(work, leerniveau=BETWEEN)
    page = text(read(trainer, address(work)))
    assert chosen(page) == []
    proposed = page.partition('value="interbestuurlijk"')[2].partition("</label>")[0]
    assert (page.count("voorstel van Sanne"), "voorstel van Sanne" in proposed) == (1, True)
    assert "Leerniveau volgens Sanne: tussen overheden." in page


def test_no_verdict_is_given_without_it_and_what_was_typed_stays(work: Work, trainer: Person) -> None:
    handed_in(work, leerniveau=BETWEEN)
    for nothing in ("", "ergens"):
        version = getattr(Assessment.objects.first(), "version", 0)
        refused = send(trainer, work, **filled_in(leerniveau=nothing, versie=str(version)))
        page = text(refused)
        assert refused.status_code == 422
        assert "Kies op welk leerniveau het was" in page.partition('id="leerniveau-fout"')[2][:300]
        assert "Je liet een stilte bestaan." in page
        assert Work.objects.get().state == State.READING


def test_what_a_trainer_chose_is_kept_while_they_write(work: Work, trainer: Person) -> None:
    handed_in(work, leerniveau=BETWEEN)
    send(trainer, work, leerniveau=ORGANISATION, versie="0", doe="bewaar")
    assert Assessment.objects.get().learning_level == ORGANISATION
    assert chosen(text(read(trainer, address(work)))) == [ORGANISATION]


@pytest.mark.parametrize(
    ("proposed", "confirmed", "said"),
    [
        (BETWEEN, BETWEEN, "Jij koos ‘tussen overheden’, en Trui ziet dat ook zo."),
        (BETWEEN, ORGANISATION, "Jij koos ‘tussen overheden’. Trui zag vooral ‘in je organisatie’"),
        ("", ORGANISATION, "Trui zag dit vooral ‘in je organisatie’."),
    ],
)
def test_the_learner_reads_what_was_confirmed_beside_what_they_proposed(
    me: Client, work: Work, trainer: Person, proposed: str, confirmed: str, said: str
) -> None:
    handed_in(work, leerniveau=BETWEEN)
    Round.objects.update(learning_level=proposed)  # "" of before it was asked
    assert said not in me.get(mine(work)).content.decode()
    send(trainer, work, **filled_in(leerniveau=confirmed, verdict="voldoende"))
    assert Assessment.objects.get().learning_level == confirmed
    assert said in me.get(mine(work)).content.decode()


def test_of_a_round_from_before_it_was_asked_a_trainer_reads_so_and_chooses(work: Work, trainer: Person) -> None:
    handed_in(work)
    Round.objects.update(learning_level="")
    page = text(read(trainer, address(work)))
    assert "Toen Sanne inleverde, vroegen we dit nog niet." in page
    assert "voorstel van" not in page
    assert "Leerniveau volgens" not in page


def test_what_was_given_before_it_was_asked_says_nothing_of_it(me: Client, work: Work, trainer: Person) -> None:
    judged(handed_in(work), trainer, Verdict.ENOUGH)
    for rows in (Round, Assessment):
        rows.objects.update(learning_level="")
    page = me.get(mine(work)).content.decode()
    assert "Rond: je praktijkcase is voldoende" in page
    assert "Leerniveau" not in page


# --- by whom


def test_who_reads_it_before_it_is_given_sees_both(
    work: Work, group: Group, learner: Person, trainer: Person, colleague: Person
) -> None:
    work = handed_in(work_of(learner, assignment_in(group, second_reader=True)), leerniveau=BETWEEN)
    send(trainer, work, **filled_in(leerniveau=ORGANISATION, lezer=str(colleague.pk)))
    page = text(read(colleague, address(work)))
    assert "Leerniveau volgens Sanne: tussen overheden." in page
    assert "Leerniveau: <strong>in de organisatie</strong>" in page
    assert 'name="leerniveau"' not in page


def test_who_answers_an_objection_chooses_it_themselves(
    me: Client, work: Work, learner: Person, trainer: Person, colleague: Person
) -> None:
    work = judged(handed_in(work, leerniveau=BETWEEN), trainer, Verdict.RETURN, learning_level=ORGANISATION)
    objecting.object_to(Assessment.objects.get(), words="Het waterschap zat erbij.", by=learner)
    assert chosen(text(read(colleague, address(work)))) == []
    refused = send(colleague, work, **filled_in(uitkomst="blijft", leerniveau=""))
    assert (refused.status_code, "Kies op welk leerniveau het was" in text(refused)) == (422, True)
    assert send(colleague, work, **filled_in(uitkomst="blijft", leerniveau=BETWEEN)).status_code == 302
    answer = Objection.objects.get().answer
    assert answer
    assert answer.learning_level == BETWEEN
    page = me.get(mine(work)).content.decode()
    assert "en Bo ziet dat ook zo." in page
    assert "Trui zag vooral ‘in je organisatie’" in page


@pytest.mark.parametrize("part", [Part.PEER, Part.SECOND])
def test_a_peer_and_the_second_of_the_draw_are_not_asked_and_can_not_say_it(
    work: Work, trainer: Person, colleague: Person, part: str
) -> None:
    work = handed_in(work, leerniveau=BETWEEN)
    asked = Assessment.objects.create(
        round=work.rounds.get(), work=work, person=colleague, part=part, stage=Stage.ASKED, asked_at=timezone.now()
    )
    assert part == Part.PEER or 'name="leerniveau"' not in text(read(colleague, address(work)))
    reading.give(
        asked.pk, by=colleague, levels=dict.fromkeys(CRITERIA, 3), words=Words(asks="Wat nu?"), based_on=0,
        verdict=None, learning_level=BETWEEN,
    )  # fmt: skip
    asked.refresh_from_db()
    assert (asked.stage, asked.learning_level) == (Stage.GIVEN, "")


def test_a_peer_is_not_shown_what_was_proposed(group: Group, learner: Person) -> None:
    peer = PersonFactory.create(organisation=group.organisation, name="Emre A")
    GroupMember.objects.create(group=group, person=peer)
    assignment = assignment_in(group, peers=1)
    work_of(peer, assignment)
    work = handed_in(work_of(learner, assignment), leerniveau=BETWEEN)
    page = signed_in(peer).get(f"/praktijk/{work.key}/meelezen/")
    assert page.status_code == 200
    assert "Jouw lezing" in text(page)
    assert "overheden" not in text(page)
    assert "eerniveau" not in text(page)


# --- kept


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils isn't installed")
def test_the_whole_case_as_a_pdf_has_both(work: Work, learner: Person, trainer: Person) -> None:
    from learning.practice import pdf  # noqa: PLC0415 loads WeasyPrint

    judged(handed_in(work, leerniveau=BETWEEN), trainer, Verdict.ENOUGH, learning_level=ORGANISATION)
    learner.language = "nl"
    learner.save()
    made = pdf.render(Work.objects.get())
    found = subprocess.run(["pdftotext", "-raw", "-", "-"], input=made, capture_output=True, check=True)
    said = " ".join(found.stdout.decode().split())
    assert "Leerniveau dat je koos Tussen overheden" in said
    assert "Trui zag vooral ‘in je organisatie’" in said


def test_what_a_trainer_has_not_given_yet_is_in_no_copy_of_the_learners(
    work: Work, trainer: Person, learner: Person
) -> None:
    taken = reading.take_up(handed_in(work, leerniveau=BETWEEN).pk, by=trainer)
    reading.save(taken.pk, levels={}, words=Words(), based_on=0, learning_level="systemisch")
    told = str([held.say(row) for held in all_held() if held.say for row in held.rows(learner)])
    assert "systemisch" not in told
    assert BETWEEN in told


def test_taken_back_and_handed_in_anew_it_is_what_it_says_then(work: Work, learner: Person) -> None:
    handed_in(work, leerniveau=BETWEEN)
    doing.take_back(work.pk, by=learner)
    handed_in(Work.objects.get(), leerniveau=ORGANISATION)
    assert queries.whole(Work.objects.get()).turns[0].learning_level == "in je organisatie"
