"""Reading a round at the desk: kept while it is written, given once, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from learning.notices.models import Notice
from learning.people.models import Group, GroupMember, Person
from learning.practice import notices
from learning.practice.feedback import Words
from learning.practice.flow import Event
from learning.practice.models import Assessment, Note, Objection, Part, Stage, State, Step, Verdict, Work
from learning.practice.services import handing_over, hiding, moving, objecting, reading, second_reader
from learning.practice.services.moving import NotNow
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import (
    CRITERIA,
    REPORT,
    assignment_in,
    handed_in,
    held_talk,
    judged,
    trainer_in,
    work_of,
)
from tests.learning.practice.desk import QUEUE, address, filled_in, read, send, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(group: Group, learner: Person) -> Work:
    return handed_in(work_of(learner, assignment_in(group)))


def now(work: Work) -> Work:
    return Work.objects.get(pk=work.pk)


# --- what is seen


def test_a_trainer_reads_what_was_handed_in_with_how_somebody_saw_themselves(work: Work, trainer: Person) -> None:
    page = text(read(trainer, address(work)))
    assert "Dit gebeurde er bij stap 2 van het gesprek." in page
    assert "Een melkveehouder bij de beek." in page
    assert page.count("zo schatte Sanne zichzelf in</span>") == len(CRITERIA)
    assert "Geef terug aan Sanne" in page


def test_what_is_not_handed_in_is_nobodys_to_read(group: Group, learner: Person, trainer: Person) -> None:
    work = held_talk(work_of(learner, assignment_in(group)))
    page = text(read(trainer, address(work)))
    assert "Wat iemand nog niet inleverde, zie je niet." in page
    assert "melkveehouder" not in page


def test_a_round_costs_the_same_however_many_there_are(
    group: Group, learner: Person, trainer: Person, django_assert_max_num_queries: Any
) -> None:
    work = handed_in(work_of(learner, assignment_in(group, rounds_max=5)))
    client = signed_in(trainer)
    for _ in range(2):
        with django_assert_max_num_queries(30):
            assert client.get(address(work)).status_code == 200
        work = handed_in(judged(work, trainer, Verdict.RETURN, level=2))
    page = text(client.get(address(work)))
    assert "De rondes naast elkaar" in page
    assert "Ronde 2, ingeleverd op" in page


# --- writing


def test_writing_takes_it_up_and_keeps_it(work: Work, trainer: Person) -> None:
    answer = send(trainer, work, doe="bewaar", niveau__luisteren="3", zag="Je wachtte.", versie="0")
    assert answer.status_code == 302
    assert now(work).state == State.READING
    assert now(work).assessor == trainer
    page = text(read(trainer, address(work)))
    assert "Je wachtte." in page
    kept = Assessment.objects.get()
    assert kept.levels == {"luisteren": 3}
    assert b"wachtte" not in bytes(kept.sealed or b"")


def test_a_note_for_oneself_takes_nothing_up_and_is_nobody_elses(
    work: Work, trainer: Person, colleague: Person
) -> None:
    send(trainer, work, doe="bewaar", notitie="Let op de toon.", notitie__versie="0")
    assert now(work).state == State.HANDED_IN
    assert b"toon" not in bytes(Note.objects.get().sealed)
    assert "Let op de toon." in text(read(trainer, address(work)))
    for other in (colleague, work.person):
        assert "Let op de toon." not in text(read(other, address(work)))


def test_the_script_gets_an_answer_it_can_go_on_with(work: Work, trainer: Person) -> None:
    client = signed_in(trainer)
    sent = {"doe": "bewaar", "zag": "Je wachtte.", "versie": "0", "notitie": "x", "notitie-versie": "0"}
    first = client.post(address(work), sent, headers={"X-Fragment": "1"}).json()
    assert first["version"] == 1
    assert first["note"] == 1
    assert first["said"].startswith("Bewaard om")
    again = client.post(
        address(work), {**sent, "versie": "1", "notitie-versie": "1"}, headers={"X-Fragment": "1"}
    ).json()
    assert (again["version"], again["note"]) == (1, 1)


def test_a_window_that_is_behind_asks_and_a_second_press_is_meant(work: Work, trainer: Person) -> None:
    send(trainer, work, doe="bewaar", zag="In het ene venster.", versie="0")
    client = signed_in(trainer)
    stale = client.post(address(work), {"doe": "bewaar", "zag": "In het andere.", "versie": "0"})
    assert stale.status_code == 409
    page = text(stale)
    assert "In het andere.</textarea>" in page
    assert "In het ene venster." in page
    assert 'name="versie" value="1"' in page
    client.post(address(work), {"doe": "bewaar", "zag": "In het andere.", "versie": "1"})
    assert reading.words_of(Assessment.objects.get()).saw == "In het andere."
    script = client.post(address(work), {"zag": "Nog later.", "versie": "0"}, headers={"X-Fragment": "1"})
    assert (script.status_code, script.json()["stop"]) == (409, True)


def test_two_windows_with_a_note_are_asked_too(work: Work, trainer: Person) -> None:
    send(trainer, work, notitie="Eerst.", notitie__versie="0")
    stale = send(trainer, work, notitie="Later.", notitie__versie="0", zag="Je wachtte.", versie="0")
    assert stale.status_code == 409
    assert "Later.</textarea>" in text(stale)
    assert "Eerst." in text(stale)
    assert 'name="versie" value="1"' in text(stale)


def test_two_trainers_at_once_the_second_is_told_and_keeps_what_they_typed(
    work: Work, trainer: Person, colleague: Person
) -> None:
    send(trainer, work, doe="bewaar", zag="Ik was eerst.", versie="0")
    late = send(colleague, work, **filled_in())
    assert late.status_code == 409
    assert "Trui leest dit nu." in text(late)
    assert now(work).state == State.READING
    assert not Assessment.objects.filter(person=colleague).exists()
    assert "Dit ligt bij Trui Trainer." in text(read(colleague, address(work)))


def test_what_was_handed_over_can_not_be_given_by_who_had_it(work: Work, trainer: Person, colleague: Person) -> None:
    taken = reading.take_up(work.pk, by=trainer)
    handing_over.hand_over(work.pk, to=colleague, by=trainer)
    reading.take_up(work.pk, by=colleague)
    with pytest.raises(reading.InOtherHands):
        reading.give(
            taken.pk, by=trainer, levels=dict.fromkeys(CRITERIA, 3), words=Words(asks="Wat nu?"), based_on=0,
            verdict=Verdict.ENOUGH,
        )  # fmt: skip
    assert now(work).state == State.READING


# --- giving


def test_giving_moves_the_work_tells_the_learner_and_goes_on_with_who_waits_longest(
    work: Work, trainer: Person, group: Group
) -> None:
    other = PersonFactory.create(organisation=group.organisation)
    GroupMember.objects.create(group=group, person=other)
    waits = handed_in(work_of(other, work.assignment))
    answer = send(trainer, work, **filled_in())
    assert answer["Location"] == address(waits)
    assert now(work).state == State.RETURNED
    assert Notice.objects.filter(person=work.person, kind=notices.RETURNED).count() == 1
    assert send(trainer, work, **filled_in()).status_code == 409
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"vraag": ""}, "Stel minstens één vraag."),
        ({"niveau__stem": ""}, "Kies een niveau."),
        ({"niveau__stem": "5"}, "Kies een niveau."),
        ({"niveau__stem": "١"}, "Kies een niveau."),
        ({"verdict": ""}, "Kies wat je teruggeeft."),
        ({"verdict": "prima"}, "Kies wat je teruggeeft."),
        ({"verdict": "voldoende", "niveau__stem": "1"}, "Voldoende kan vanaf gemiddeld 2,5"),
        ({"zag": "a" * 4001}, "Houd het bij 4000 tekens."),
        ({"zag-luisteren": "a" * 4001}, "Houd het bij 4000 tekens."),
    ],
)
def test_what_is_not_complete_is_not_given_and_stays_on_the_page(
    work: Work, trainer: Person, fields: dict[str, str], said: str
) -> None:
    answer = send(trainer, work, **{**filled_in(), **fields})
    assert answer.status_code == 422
    page = text(answer)
    assert said in page
    assert fields.get("zag", "Je liet een stilte bestaan.") in page
    assert now(work).state != State.RETURNED


def test_in_the_last_round_there_is_no_way_back(group: Group, learner: Person, trainer: Person) -> None:
    work = handed_in(work_of(learner, assignment_in(group, rounds_max=1)))
    assert 'value="terug"' not in text(read(trainer, address(work)))
    refused = send(trainer, work, **filled_in())
    assert refused.status_code == 422
    assert "Dit was de laatste ronde" in text(refused)
    send(trainer, work, **filled_in(level=2, verdict="loopt_door", versie="1"))
    assert now(work).state == State.GOES_ON


def test_one_press_of_a_button_keeps_a_phrase_at_the_end_without_script(work: Work, trainer: Person) -> None:
    client = signed_in(trainer)
    client.post(f"{QUEUE}zinnen/", {"zin": "Waaraan merkte je dat?"})
    phrase = trainer.phrases.get()
    client.post(address(work), {"doe": "erbij-vraag", "zin": phrase.pk, "vraag": "Ja.", "versie": "0"})
    assert reading.words_of(Assessment.objects.get()).asks == "Ja. Waaraan merkte je dat?"
    phrase.refresh_from_db()
    assert phrase.used == 1


# --- a second reader


@pytest.fixture
def asked_for(group: Group, learner: Person, colleague: Person) -> Work:
    return handed_in(work_of(learner, assignment_in(group, second_reader=True)))


def test_where_the_case_asks_it_a_colleague_reads_it_first(asked_for: Work, trainer: Person, colleague: Person) -> None:
    refused = send(trainer, asked_for, **filled_in())
    assert refused.status_code == 422
    assert "Kies wie er meeleest" in text(refused)
    send(trainer, asked_for, **filled_in(versie="1", lezer=str(colleague.pk)))
    assert now(asked_for).state == State.READING
    assert Notice.objects.filter(person=colleague, kind=notices.TO_READ).exists()
    assert "tweede lezer" in text(read(colleague))
    page = text(read(colleague, address(asked_for)))
    assert "Je liet een stilte bestaan." in page
    send(colleague, asked_for, doe="akkoord")
    assert now(asked_for).state == State.RETURNED
    assert Notice.objects.filter(person=trainer, kind=notices.READ_ALONG).exists()


def test_what_lies_with_a_reader_is_not_changed_or_given_until_it_is_called_back(
    asked_for: Work, trainer: Person, colleague: Person
) -> None:
    send(trainer, asked_for, **filled_in(lezer=str(colleague.pk)))
    assert send(trainer, asked_for, **filled_in(versie="2", lezer=str(colleague.pk))).status_code == 409
    assert "Dit ligt bij Bo Bakker" in text(read(trainer, address(asked_for)))
    send(trainer, asked_for, doe="terughalen")
    assert Assessment.objects.get().stage == Stage.BUSY
    late = send(colleague, asked_for, doe="akkoord")
    assert late.status_code in (302, 409)
    assert now(asked_for).state == State.READING


def test_a_reader_gives_it_back_with_a_remark_that_the_learner_never_sees(
    asked_for: Work, trainer: Person, colleague: Person
) -> None:
    send(trainer, asked_for, **filled_in(lezer=str(colleague.pk)))
    empty = send(colleague, asked_for, doe="terug")
    assert empty.status_code == 422
    send(colleague, asked_for, doe="terug", lezer__opmerking="Je vraag is een advies.")
    page = text(read(trainer, address(asked_for)))
    assert "Je vraag is een advies." in page
    version = Assessment.objects.get().version
    send(trainer, asked_for, **filled_in(vraag="Wat zag je?", versie=str(version), lezer=str(colleague.pk)))
    send(colleague, asked_for, doe="akkoord")
    given = Assessment.objects.get()
    assert given.stage == Stage.GIVEN
    assert reading.words_of(given).remark == ""


def test_a_reader_of_elsewhere_is_not_chosen(asked_for: Work, trainer: Person) -> None:
    stranger = trainer_in(OrganisationFactory.create())
    for reader in (stranger, trainer, asked_for.person):
        assert send(trainer, asked_for, **filled_in(lezer=str(reader.pk), versie="1")).status_code in (422, 409)
    assert Assessment.objects.get().stage == Stage.BUSY


def test_where_nobody_else_is_there_a_learner_does_not_wait_for_a_reader(
    group: Group, learner: Person, trainer: Person
) -> None:
    work = handed_in(work_of(learner, assignment_in(group, second_reader=True)))
    send(trainer, work, **filled_in())
    assert now(work).state == State.RETURNED


def test_handing_over_takes_it_back_from_the_reader(asked_for: Work, trainer: Person, colleague: Person) -> None:
    send(trainer, asked_for, **filled_in(lezer=str(colleague.pk)))
    handing_over.hand_over(asked_for.pk, to=colleague, by=trainer)
    lying = Assessment.objects.get(person=trainer)
    assert (lying.stage, lying.reader) == (Stage.BUSY, None)
    with pytest.raises(NotNow):
        second_reader.agree(lying.pk, by=colleague)


# --- steps beside reading


def test_a_case_is_put_off_in_two_clicks(group: Group, learner: Person, trainer: Person) -> None:
    work = work_of(learner, assignment_in(group))
    page = text(read(trainer, address(work)))
    assert 'name="weken" value="2"' in page
    send(trainer, work, "stap/verzetten/", weken="2")
    assert now(work).due_on == work.due_on + timedelta(weeks=2)
    assert Notice.objects.filter(person=learner, kind=notices.EXTENDED).exists()
    send(trainer, work, "stap/verzetten/", weken="52")
    assert now(work).due_on == work.due_on + timedelta(weeks=2)


def test_taking_up_and_letting_go_keep_the_place_in_the_queue(work: Work, trainer: Person) -> None:
    before = now(work).waiting_since
    send(trainer, work, "stap/oppakken/")
    assert now(work).state == State.READING
    send(trainer, work, "stap/loslaten/")
    assert (now(work).state, now(work).assessor, now(work).waiting_since) == (State.HANDED_IN, None, before)


def test_handing_over_and_taking_over_are_told(work: Work, trainer: Person, colleague: Person) -> None:
    send(trainer, work, "stap/oppakken/")
    send(colleague, work, "stap/overdragen/", aan=str(colleague.pk))
    assert now(work).assessor == colleague
    assert Notice.objects.filter(person=trainer, kind=notices.TAKEN_OVER).exists()
    assert not Notice.objects.filter(person=colleague, kind=notices.HANDED_OVER).exists()
    stranger = trainer_in(trainer.organisation)
    send(colleague, work, "stap/overdragen/", aan=str(stranger.pk))
    assert now(work).assessor == colleague


def test_withdrawing_is_ticked_first_and_reopening_gives_a_round(work: Work, group: Group, trainer: Person) -> None:
    send(trainer, work, "stap/intrekken/")
    assert now(work).state == State.HANDED_IN
    other = PersonFactory.create(organisation=group.organisation)
    GroupMember.objects.create(group=group, person=other)
    goes_on = judged(handed_in(work_of(other, work.assignment)), trainer, Verdict.GO_ON, level=2)
    send(trainer, goes_on, "stap/heropenen/")
    assert now(goes_on).state == State.RETURNED
    send(trainer, work, "stap/intrekken/", zeker="ja")
    assert now(work).state == State.WITHDRAWN
    assert send(trainer, work, "stap/opeten/").status_code == 404


# --- harmful words


def test_a_peers_words_are_hidden_with_a_reason_that_the_peer_reads(work: Work, group: Group, trainer: Person) -> None:
    peer = PersonFactory.create(organisation=group.organisation, name="Mehmet")
    kept = work.rounds.get()
    said = Assessment.objects.create(
        round=kept, work=work, person=peer, part=Part.PEER, stage=Stage.ASKED, asked_at=timezone.now()
    )
    reading.give(
        said.pk,
        by=peer,
        levels=dict.fromkeys(CRITERIA, 1),
        words=Words("Dom.", "Waarom zo dom?"),
        based_on=0,
        verdict=None,
    )
    assert "Dom." in text(read(trainer, address(work)))
    assert send(trainer, work, f"verberg/{said.pk}/", reden=" ").status_code == 422
    refused = send(trainer, work, f"verberg/{said.pk}/", reden="Te lang. " * 200)
    assert (refused.status_code, "Te lang. Te lang." in text(refused)) == (422, True)
    said.refresh_from_db()
    assert said.hidden_at is None
    send(trainer, work, f"verberg/{said.pk}/", reden="Dit gaat over de persoon.")
    said.refresh_from_db()
    assert said.hidden_by == trainer
    assert hiding.reason_of(said) == "Dit gaat over de persoon."
    assert Notice.objects.filter(person=peer, kind=notices.HIDDEN).count() == 1
    assert Step.objects.filter(work=work, event=hiding.HID, by=trainer).count() == 1
    assert "woorden van een collega verborgen" in text(read(trainer, address(work)))
    send(trainer, work, f"verberg/{said.pk}/", doe="toon")
    said.refresh_from_db()
    assert said.hidden_at is None
    mine = reading.take_up(work.pk, by=trainer)
    assert send(trainer, work, f"verberg/{mine.pk}/", reden="x").status_code == 302
    mine.refresh_from_db()
    assert mine.hidden_at is None


# --- objections


@pytest.fixture
def objection(work: Work, trainer: Person, colleague: Person) -> Objection:
    judged(work, trainer, Verdict.GO_ON, level=2)
    given = Assessment.objects.select_related("round", "work__person").get(part=Part.TRAINER)
    return objecting.object_to(given, words="Ik vatte wél samen.", by=work.person)


def test_an_objection_is_answered_by_another_who_reads_the_round_and_the_words(
    objection: Objection, work: Work, trainer: Person, colleague: Person
) -> None:
    assert "bezwaar" in text(read(colleague))
    assert "bezwaar" not in text(read(trainer))
    page = text(read(colleague, address(work)))
    assert "Ik vatte wél samen." in page
    assert "Zet een opmerking" not in page  # the answer is what they say
    assert "data-reading" not in page  # nothing keeps itself: it is given at once
    assert "Wat er gebeurde" in text(read(colleague, address(work, "?als=trainer")))
    unfinished = send(colleague, work, **filled_in(verdict=""))
    assert unfinished.status_code == 422
    assert "Kies wat je besluit." in text(unfinished)
    low = send(colleague, work, **filled_in(level=2, uitkomst="anders"))
    assert low.status_code == 422
    assert "Voldoende kan vanaf gemiddeld 2,5" in text(low)
    send(colleague, work, **filled_in(uitkomst="anders"))
    assert now(work).state == State.ENOUGH
    assert send(colleague, work, **filled_in(uitkomst="anders")).status_code in (302, 409)
    objection.refresh_from_db()
    assert objection.changed is True


def test_who_gave_it_does_not_answer_and_an_outsider_sees_nothing(
    objection: Objection, work: Work, trainer: Person
) -> None:
    assert "Ik vatte wél samen." not in text(read(trainer, address(work)))
    send(trainer, work, **filled_in(uitkomst="anders"))
    assert now(work).state == State.GOES_ON
    outsider = trainer_in(trainer.organisation)  # there is another in the group
    assert read(outsider, address(work)).status_code == 404


def test_where_the_group_has_no_other_trainer_one_of_the_organisation_is_asked(work: Work, trainer: Person) -> None:
    judged(work, trainer, Verdict.GO_ON, level=2)
    given = Assessment.objects.select_related("round", "work__person").get(part=Part.TRAINER)
    outsider = trainer_in(trainer.organisation)
    assert read(outsider, address(work)).status_code == 404
    objecting.object_to(given, words="Ik vatte wél samen.", by=work.person)
    assert read(outsider, address(work)).status_code == 200
    send(outsider, work, **filled_in(uitkomst="blijft"))
    assert now(work).state == State.GOES_ON
    assert read(outsider, address(work)).status_code == 404


# --- what goes away meanwhile


def test_a_learner_who_is_erased_leaves_nothing_and_the_page_says_so(work: Work, trainer: Person) -> None:
    reading.take_up(work.pk, by=trainer)
    Work.objects.filter(pk=work.pk).delete()
    assert send(trainer, work, **filled_in()).status_code == 404
    assert not Assessment.objects.exists()
    assert read(trainer).status_code == 200


def test_a_trainer_who_leaves_the_group_while_writing_loses_nothing(work: Work, group: Group, trainer: Person) -> None:
    send(trainer, work, doe="bewaar", zag="Je wachtte.", versie="0")
    member = group.members.get(person=trainer)
    member.delete()
    assert send(trainer, work, doe="bewaar", zag="Je wachtte langer.", versie="1").status_code == 404
    GroupMember.objects.create(group=group, person=trainer, is_trainer=True)
    assert "Je wachtte." in text(read(trainer, address(work)))


def test_what_was_withdrawn_while_somebody_wrote_is_said_and_what_they_typed_stays(work: Work, trainer: Person) -> None:
    reading.take_up(work.pk, by=trainer)
    moving.move(work.pk, Event.WITHDRAW, by=trainer)
    answer = send(trainer, work, **filled_in())
    assert answer.status_code == 409
    assert "Dit kan nu niet meer" in text(answer)


# --- who may


@pytest.mark.parametrize(
    "rest", ["", "voorbeelden/", "stap/oppakken/", "stap/overdragen/", "stap/intrekken/", "verberg/1/"]
)
def test_nobody_but_its_trainers_gets_anywhere_with_a_work(work: Work, trainer: Person, rest: str) -> None:
    past = trainer_in(trainer.organisation)
    yesterday = timezone.localdate() - timedelta(days=1)
    GroupMember.objects.create(group=work.group, person=past, is_trainer=True, until=yesterday)
    others = [
        trainer_in(OrganisationFactory.create()),  # of another organisation
        trainer_in(trainer.organisation),  # of another group
        past,  # stood in until yesterday
        work.person,
        PersonFactory.create(organisation=trainer.organisation),
    ]
    for person in others:
        client = signed_in(person)
        assert client.get(address(work, rest)).status_code in (404, 405), person
        answer = client.post(address(work, rest), {**filled_in(), "zeker": "ja", "aan": str(person.pk), "reden": "x"})
        assert answer.status_code == 404, person
    assert now(work).state == State.HANDED_IN
    assert not Assessment.objects.exists()


def test_a_trainer_does_not_judge_themselves(trainer: Person, colleague: Person, group: Group) -> None:
    group.members.filter(person=trainer).update(is_trainer=True)
    work = handed_in(work_of(trainer, assignment_in(group)))
    assert read(trainer, address(work)).status_code == 404
    assert read(colleague, address(work)).status_code == 200


def test_words_that_are_no_words_do_no_harm(work: Work, trainer: Person) -> None:
    nasty = "<script>alert(1)</script>\x00\ud83d\ude00 " + "\r\n" * 3 + "{{ 7|add:7 }}"
    nasty = nasty.encode("utf-16", "surrogatepass").decode("utf-16")
    send(trainer, work, doe="bewaar", zag=nasty, versie="0")
    page = text(read(trainer, address(work)))
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;" in page
    for versie in ("-1", "x", "9" * 400, "١"):
        assert send(trainer, work, doe="bewaar", zag="y", versie=versie).status_code == 409
    assert REPORT["verslag-0"] in page
