"""Who waits for a trainer: longest first, across their groups, and nobody else's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from learning.notices.models import Notice
from learning.people.models import Group, GroupMember, Person, Role, RoleGrant
from learning.practice import notices
from learning.practice.models import Assessment, Part, Phrase, Stage, State, Verdict, Work
from learning.practice.services import reading
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import assignment_in, case_of, group_of, handed_in, held_talk, judged, trainer_in, work_of
from tests.learning.practice.desk import QUEUE, address, read, signed_in, text

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create(), name="Trui Trainer")


@pytest.fixture
def group(trainer: Person) -> Group:
    people = [
        PersonFactory.create(organisation=trainer.organisation, name=name) for name in ("Sanne", "Mehmet", "Joris")
    ]
    return group_of(*people, trainer=trainer)


def learners(group: Group) -> list[Person]:
    return [member.person for member in group.members.filter(is_trainer=False).select_related("person").order_by("pk")]


def waiting_since(work: Work, since: datetime) -> None:
    Work.objects.filter(pk=work.pk).update(waiting_since=since)


@pytest.fixture
def works(group: Group, monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """Handed in by three; the last has waited longest."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    assignment = assignment_in(group)
    made = [handed_in(work_of(person, assignment)) for person in learners(group)]
    for days, work in enumerate(made):
        waiting_since(work, MONDAY - timedelta(days=days * 5))
    return made


def test_who_waits_longest_is_on_top_and_the_days_are_working_days(works: list[Work], trainer: Person) -> None:
    page = text(read(trainer))
    assert [page.index(f">{name}<") for name in ("Joris", "Mehmet", "Sanne")] == sorted(
        page.index(f">{name}<") for name in ("Joris", "Mehmet", "Sanne")
    )
    assert "Drie mensen wachten op je" in page
    # Ten days ago was a Friday, five days ago a Wednesday.
    assert "<strong>6 werkdagen</strong>" in page
    assert "<strong>3 werkdagen</strong>" in page
    assert "<strong>vandaag</strong>" in page


def test_a_trainer_sees_nobody_of_another_group(works: list[Work], trainer: Person) -> None:
    other = trainer_in(trainer.organisation)
    group_of(PersonFactory.create(organisation=trainer.organisation), trainer=other)
    page = text(read(other))
    assert "Niemand wacht op je" in page
    assert "Sanne" not in page


def test_what_a_colleague_has_taken_up_is_marked_and_does_not_wait_for_me(
    works: list[Work], group: Group, trainer: Person
) -> None:
    other = trainer_in(trainer.organisation, name="Bo Bakker")
    GroupMember.objects.create(group=group, person=other, is_trainer=True)
    reading.take_up(works[0].pk, by=other)
    page = text(read(trainer))
    assert "bij Bo" in page
    assert "Twee mensen wachten op je" in page


@pytest.mark.parametrize("how", ["out of the group", "past their last day", "without the role", "suspended"])
def test_what_lies_with_who_does_not_train_the_group_any_more_waits_like_any_other(
    works: list[Work], group: Group, trainer: Person, how: str
) -> None:
    """They were taking it up when it happened: nothing they wrote is lost, and nobody waits for who doesn't come."""
    other = trainer_in(trainer.organisation, name="Bo Bakker")
    member = GroupMember.objects.create(group=group, person=other, is_trainer=True)
    taken = reading.take_up(works[0].pk, by=other)
    match how:
        case "out of the group":
            member.delete()
        case "past their last day":
            GroupMember.objects.filter(pk=member.pk).update(until=timezone.localdate() - timedelta(days=1))
        case "without the role":
            RoleGrant.objects.filter(person=other).delete()
        case "suspended":
            Person.objects.filter(pk=other.pk).update(is_active=False)
    page = text(read(trainer))
    assert "bij Bo" not in page
    assert "Drie mensen wachten op je" in page
    mine = reading.take_up(works[0].pk, by=trainer)
    assert mine.pk != taken.pk
    taken.refresh_from_db()
    assert taken.stage == Stage.BUSY
    assert read(other, address(works[0])).status_code in (302, 404)


def test_marks_say_late_second_round_and_peers(works: list[Work], trainer: Person) -> None:
    late, peer, again = works
    Work.objects.filter(pk=late.pk).update(due_on=MONDAY.date() - timedelta(days=3))
    kept = peer.rounds.get()
    for stage in (Stage.GIVEN, Stage.ASKED):
        Assessment.objects.create(
            round=kept, work=peer, person=PersonFactory.create(), part=Part.PEER, stage=stage, asked_at=MONDAY,
            given_at=MONDAY if stage == Stage.GIVEN else None,
        )  # fmt: skip
    handed_in(judged(again, trainer, Verdict.RETURN, level=2))
    page = text(read(trainer))
    assert "na de datum" in page
    assert "1 van 2 collega’s las mee" in page
    assert "ronde 2" in page
    assert page.count("na de datum") == 1


def test_the_queue_can_be_narrowed_and_what_is_made_up_narrows_nothing(
    works: list[Work], group: Group, trainer: Person
) -> None:
    another = group_of(PersonFactory.create(organisation=trainer.organisation, name="Anouk"), trainer=trainer, name="B")
    other_case = case_of(trainer.organisation, titel="Boos aan de telefoon")
    handed_in(work_of(learners(another)[0], assignment_in(another, other_case)))
    held_talk(work_of(learners(group)[0], assignment_in(another, other_case)))
    by_group, by_case = (
        text(read(trainer, f"{QUEUE}?groep={another.pk}")),
        text(read(trainer, f"{QUEUE}?case={other_case.case_id}")),
    )
    for page in (by_group, by_case):
        assert ">Anouk<" in page
        assert ">Mehmet<" not in page
    assert ">Mehmet<" not in text(read(trainer, f"{QUEUE}?staat=bezig"))
    assert ">Sanne<" in text(read(trainer, f"{QUEUE}?staat=bezig"))
    reading.take_up(works[1].pk, by=trainer)
    mine = text(read(trainer, f"{QUEUE}?van=mij"))
    assert ">Mehmet<" in mine
    assert ">Joris<" not in mine
    for made_up in ("?staat=alles", "?groep=999999999999999999999", "?groep=x", "?page=-1", "?case=0", "?van=jou"):
        assert ">Mehmet<" in text(read(trainer, QUEUE + made_up)), made_up


def test_a_queue_costs_the_same_however_long_it_is(
    works: list[Work], group: Group, trainer: Person, django_assert_max_num_queries: Any
) -> None:
    people = PersonFactory.create_batch(40, organisation=trainer.organisation)
    assignment = works[0].assignment
    now = timezone.now()
    Work.objects.bulk_create(
        Work(assignment=assignment, person=person, group=group, state=State.HANDED_IN, round=1, due_on=now.date(),
             waiting_since=now, made_at=now, changed_at=now)
        for person in people
    )  # fmt: skip
    client = signed_in(trainer)
    client.get(QUEUE)
    with django_assert_max_num_queries(10):
        page = client.get(QUEUE)
    assert "43 mensen wachten op je" in text(page)
    assert 'rel="next"' in text(page)


def test_several_are_handed_over_at_once_and_what_can_not_is_said(
    works: list[Work], group: Group, trainer: Person
) -> None:
    other = trainer_in(trainer.organisation, name="Bo Bakker")
    GroupMember.objects.create(group=group, person=other, is_trainer=True)
    alone = group_of(PersonFactory.create(organisation=trainer.organisation, name="Anouk"), trainer=trainer, name="B")
    not_theirs = handed_in(work_of(learners(alone)[0], assignment_in(alone)))
    client = signed_in(trainer)
    chosen = [works[0].key, works[1].key, not_theirs.key]
    answer = client.post(f"{QUEUE}meer/", {"werk": chosen, "doe": "overdragen", "aan": other.pk}, follow=True)
    assert "Overgedragen aan Bo Bakker. 2 cases." in text(answer)
    assert "Dit kon niet bij: Anouk." in text(answer)
    assert set(Work.objects.filter(assessor=other)) == {works[0], works[1]}
    told = Notice.objects.filter(person=other, kind=notices.HANDED_OVER)
    assert told.count() == 2


def test_several_are_extended_at_once_and_nobody_loses_days(group: Group, trainer: Person) -> None:
    today = timezone.localdate()
    assignment = assignment_in(group, due_on=today)
    near, far = (work_of(person, assignment) for person in learners(group)[:2])
    Work.objects.filter(pk=far.pk).update(due_on=today + timedelta(weeks=6))
    done = signed_in(trainer).post(f"{QUEUE}meer/", {"werk": [near.key, far.key], "doe": "week-2"}, follow=True)
    assert "1 case." in text(done)
    assert "1 case had die dag of een latere al, en houdt die." in text(done)
    near.refresh_from_db()
    far.refresh_from_db()
    assert (near.due_on, far.due_on) == (today + timedelta(weeks=2), today + timedelta(weeks=6))


def test_what_is_not_mine_can_not_be_done_to_several(works: list[Work], trainer: Person) -> None:
    stranger = trainer_in(OrganisationFactory.create())
    group_of(PersonFactory.create(organisation=stranger.organisation), trainer=stranger)
    answer = signed_in(stranger).post(f"{QUEUE}meer/", {"werk": [works[0].key, "x", ""], "doe": "week-1"}, follow=True)
    assert "Kruis eerst aan om wie het gaat." in text(answer)
    assert works[0].due_on == Work.objects.get(pk=works[0].pk).due_on


def test_after_doing_something_one_is_never_sent_elsewhere(works: list[Work], trainer: Person) -> None:
    for back in ("https://kwaad.example/", "//kwaad.example", "/begeleiden/../", "javascript:1"):
        answer = signed_in(trainer).post(f"{QUEUE}meer/", {"werk": [works[0].key], "doe": "week-1", "terug": back})
        assert answer["Location"] == QUEUE
    back = f"{QUEUE}?groep={works[0].group_id}"
    assert signed_in(trainer).post(f"{QUEUE}meer/", {"terug": back})["Location"] == back


def test_a_trainer_without_a_group_reads_what_to_do(trainer: Person) -> None:
    page = read(trainer)
    assert page.status_code == 200
    assert "Je traint nog geen groep" in text(page)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TRAINER])
def test_to_any_other_role_there_is_no_desk(works: list[Work], trainer: Person, role: Role) -> None:
    person = PersonFactory.create(organisation=trainer.organisation)
    RoleGrant.objects.create(person=person, organisation=trainer.organisation, role=role)
    GroupMember.objects.create(group=works[0].group, person=person, is_trainer=True)
    for path in ("", "samen/", "zinnen/", f"{works[0].key}/"):
        assert read(person, QUEUE + path).status_code == 404, path


# --- who reads what, and one's own sentences


def test_trainers_see_by_name_what_each_has_and_took(works: list[Work], group: Group, trainer: Person) -> None:
    other = trainer_in(trainer.organisation, name="Aad")
    GroupMember.objects.create(group=group, person=other, is_trainer=True)
    judged(works[2], trainer, Verdict.RETURN)
    reading.take_up(works[0].pk, by=other)
    page = text(read(trainer, f"{QUEUE}samen/"))
    assert page.index(">Aad<") < page.index(">Trui Trainer<")
    assert "6 werkdagen" not in page  # of the round it is when it was handed in, today
    assert "0 werkdagen" in page


def test_a_trainer_keeps_sentences_of_their_own(trainer: Person, group: Group) -> None:
    client = signed_in(trainer)
    client.post(f"{QUEUE}zinnen/", {"zin": "  Waaraan   merkte je dat? "})
    client.post(f"{QUEUE}zinnen/", {"zin": "Waaraan merkte je dat?"})
    phrase = Phrase.objects.get()
    assert phrase.text == "Waaraan merkte je dat?"
    assert "Waaraan merkte je dat?" in text(client.get(f"{QUEUE}zinnen/"))
    other = trainer_in(trainer.organisation)
    assert "Waaraan" not in text(read(other, f"{QUEUE}zinnen/"))
    signed_in(other).post(f"{QUEUE}zinnen/{phrase.pk}/weg/")
    assert Phrase.objects.exists()
    client.post(f"{QUEUE}zinnen/{phrase.pk}/weg/")
    assert not Phrase.objects.exists()


@pytest.mark.parametrize(("zin", "said"), [("  ", "Schrijf hier een zin."), ("a" * 501, "Houd het bij 500 tekens.")])
def test_a_sentence_that_can_not_be_kept_stays_on_the_page(trainer: Person, zin: str, said: str) -> None:
    answer = signed_in(trainer).post(f"{QUEUE}zinnen/", {"zin": zin})
    assert answer.status_code == 422
    assert said in text(answer)
    assert zin.strip() in text(answer)


# --- on the page of a group


def test_the_page_of_a_group_says_where_everybody_is_without_levels(
    works: list[Work], group: Group, trainer: Person
) -> None:
    judged(works[0], trainer, Verdict.RETURN, level=2)
    page = text(read(trainer, f"/groepen/{group.pk}/"))
    assert "Praktijkcases" in page
    assert f'<a href="{address(works[0])}" lang="nl">Het gesprek bij de sloot</a>: teruggegeven met een vraag' in page
    assert page.count("</a>: ingeleverd") == 2
    assert page.index(">Joris<") < page.index(">Mehmet<") < page.index(">Sanne<")


def test_a_group_without_practice_cases_has_no_column_for_them(group: Group, trainer: Person) -> None:
    assert "Praktijkcases" not in text(read(trainer, f"/groepen/{group.pk}/"))
