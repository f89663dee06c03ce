"""Giving a case out: to whom, when, once; and taking it back."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jobs.models import Job
from learning.notices.models import Notice
from learning.people.models import Group, GroupMember, Organisation, Person, Role, RoleGrant
from learning.practice import notices
from learning.practice.models import Assignment, CaseVersion, GivenTo, State, Step, Work
from learning.practice.permissions import assesses
from learning.practice.queries import giving as queries
from learning.practice.queries.giving import To
from learning.practice.services import doing, giving, library
from learning.tracks import services as tracks
from learning.tracks.models import Enrolment, ModuleEdition, Track
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import case_of, group_of, handed_in, trainer_in


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def trainer(organisation: Organisation) -> Person:
    return trainer_in(organisation, name="Trui")


@pytest.fixture
def learners(organisation: Organisation) -> list[Person]:
    return [PersonFactory.create(organisation=organisation, name=name) for name in ("Aap", "Bo", "Cas")]


@pytest.fixture
def group(trainer: Person, learners: list[Person]) -> Group:
    return group_of(*learners, trainer=trainer)


@pytest.fixture
def version(organisation: Organisation) -> CaseVersion:
    return case_of(organisation)


def terms(**changed: Any) -> giving.Terms:
    today = timezone.localdate()
    usual = {"starts_on": today, "due_on": today + timedelta(days=28), "rounds_max": 3, "peers": 1,
             "second_reader": False}  # fmt: skip
    return giving.Terms(**{**usual, **changed})


def give(version: CaseVersion, trainer: Person, to: To, **changed: Any) -> Assignment:
    """Given, and the job done."""
    made = giving.give(version, to=to, terms=terms(**changed), by=trainer, key=uuid.uuid4())
    giving.make_works(made.pk)
    made.refresh_from_db()
    return made


def whole(group: Group) -> To:
    return To(GivenTo.GROUP, group=group)


def after_a_minute(assignment: Assignment) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(undo_until=timezone.now() - timedelta(seconds=1))


def test_everybody_who_learns_in_a_group_gets_it_and_is_told(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    made = give(version, trainer, whole(group))
    works = Work.objects.filter(assignment=made)
    assert {work.person for work in works} == set(learners)
    assert {(work.state, work.group, work.due_on) for work in works} == {(State.GIVEN, group, made.due_on)}
    assert Step.objects.filter(work__assignment=made, event="geven", by=trainer).count() == 3
    assert Notice.objects.filter(kind=notices.GIVEN).count() == 3
    assert (made.total, made.done, made.ready_at is not None) == (3, 3, True)


def test_some_of_a_group_get_it_and_nobody_from_outside(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    stranger = PersonFactory.create(organisation=group.organisation)
    made = give(version, trainer, To(GivenTo.SELECTION, group=group, people=(learners[0].pk, stranger.pk, trainer.pk)))
    assert [work.person for work in made.works.all()] == [learners[0]]


def test_who_has_the_case_open_does_not_get_it_twice_in_any_version(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    give(version, trainer, To(GivenTo.PERSON, group=group, people=(learners[0].pk,)))
    library.keep(version.case_id, {"doel": "Anders."}, drawn={"doel": library.mark(version.document["doel"])})
    newer = library.make_version(version.case_id, by=trainer)
    assert queries.reach(whole(group), case=version.case, giver=trainer) == queries.Reach(get=2, have=1)
    made = give(newer, trainer, whole(group))
    assert {work.person for work in made.works.all()} == set(learners[1:])


def test_who_is_through_with_a_case_can_get_it_again(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    first = give(version, trainer, whole(group))
    Work.objects.filter(assignment=first).update(state=State.ENOUGH)
    assert give(version, trainer, whole(group)).works.count() == 3


def test_a_second_press_is_the_first(group: Group, trainer: Person, version: CaseVersion) -> None:
    key = uuid.uuid4()
    made = [giving.give(version, to=whole(group), terms=terms(), by=trainer, key=key) for _ in range(2)]
    assert made[0] == made[1]
    assert Assignment.objects.count() == 1
    assert Job.objects.filter(kind=giving.GIVE).count() == 1


def test_the_job_may_run_twice_and_stop_anywhere(
    group: Group, trainer: Person, version: CaseVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "BATCH", 2)
    made = giving.give(version, to=whole(group), terms=terms(), by=trainer, key=uuid.uuid4())
    assert giving._make_some(made.pk)
    made.refresh_from_db()
    assert (made.total, made.done, made.ready_at) == (3, 2, None)
    giving.make_works(made.pk)
    giving.make_works(made.pk)
    made.refresh_from_db()
    assert (made.total, made.done, made.works.count()) == (3, 3, 3)
    assert made.ready_at


def test_on_a_date_it_waits_and_then_goes_to_who_is_there(
    group: Group, trainer: Person, version: CaseVersion, learners: list[Person]
) -> None:
    day = timezone.localdate() + timedelta(days=3)
    made = giving.give(version, to=whole(group), terms=terms(starts_on=day, due_on=day), by=trainer, key=uuid.uuid4())
    due = timezone.localtime(Job.objects.get(kind=giving.GIVE).due)
    assert (due.date(), due.hour, due.minute) == (day, 0, 0)
    assert not Work.objects.exists()
    GroupMember.objects.filter(person=learners[0]).delete()
    giving.make_works(made.pk)
    assert made.works.count() == 2


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_a_day_on_which_the_clock_changes_begins_at_midnight_here(day: date) -> None:
    start = timezone.localtime(giving._start(day, timezone.now().replace(year=2026)))
    assert (start.date(), start.hour) == (day, 0)


def test_nothing_is_given_out_in_a_group_that_ended(group: Group, trainer: Person, version: CaseVersion) -> None:
    group.ends_on = timezone.localdate() - timedelta(days=1)
    group.save()
    with pytest.raises(giving.GroupEnded):
        giving.give(version, to=whole(group), terms=terms(), by=trainer, key=uuid.uuid4())
    assert not Assignment.objects.exists()


@pytest.fixture
def track(organisation: Organisation, edition: ModuleEdition) -> Track:
    return tracks.set_track(organisation, slug="leerlijn", title="Leerlijn Proef", modules=[edition.module])


def begin(edition: ModuleEdition, *people: Person) -> None:
    for person in people:
        Enrolment.objects.create(person=person, module=edition.module, edition=edition)


def test_a_whole_track_learns_in_a_group_that_the_giver_trains(
    track: Track, edition: ModuleEdition, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    begin(edition, *learners, trainer, PersonFactory.create())
    made = give(version, trainer, To(GivenTo.TRACK, track=track))
    assert {work.person for work in made.works.all()} == set(learners)
    assert made.group
    assert (made.group.source, made.group.name) == ("track:leerlijn", "Leerlijn Proef")
    members = dict(made.group.members.values_list("person", "is_trainer"))
    assert members == {**{person.pk: False for person in learners}, trainer.pk: True}


def test_a_second_trainer_of_a_track_stays_its_trainer(
    track: Track, edition: ModuleEdition, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    colleague = trainer_in(trainer.organisation)
    begin(edition, *learners, colleague)
    give(case_of(trainer.organisation), colleague, To(GivenTo.TRACK, track=track))
    made = give(version, trainer, To(GivenTo.TRACK, track=track))
    assert made.group
    assert made.group.members.get(person=colleague).is_trainer
    assert not made.works.filter(person=colleague).exists()


@pytest.mark.parametrize("how", ["undone", "withdrawn", "still to come"])
def test_nobody_reads_what_others_gave_to_a_track_by_giving_there_what_nobody_keeps(
    track: Track, edition: ModuleEdition, trainer: Person, learners: list[Person], version: CaseVersion, how: str
) -> None:
    begin(edition, *learners)
    made = give(version, trainer, To(GivenTo.TRACK, track=track))
    work = handed_in(made.works.get(person=learners[0]))
    nosy = trainer_in(trainer.organisation)
    to, start = To(GivenTo.TRACK, track=track), timezone.localdate() + timedelta(days=300)
    other = case_of(trainer.organisation)
    if how == "still to come":
        later = terms(starts_on=start, due_on=start)
        of_theirs = giving.give(other, to=to, terms=later, by=nosy, key=uuid.uuid4())
    else:
        of_theirs = give(other, nosy, to)
    if how == "undone":
        giving.undo(of_theirs.pk, by=nosy)
    if how == "withdrawn":
        giving.withdraw(of_theirs.pk, by=nosy)
    if how != "still to come":
        giving.take_back_works(of_theirs.pk, wholly=how == "undone", by_id=nosy.pk)
    assert assesses(trainer, work)
    assert not assesses(nosy, work)


def test_undone_within_the_minute_nothing_is_left(
    track: Track, edition: ModuleEdition, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    begin(edition, *learners)
    made = give(version, trainer, To(GivenTo.TRACK, track=track))
    giving.undo(made.pk, by=trainer)
    giving.take_back_works(made.pk, wholly=True, by_id=trainer.pk)
    giving.take_back_works(made.pk, wholly=True, by_id=trainer.pk)
    for table in (Assignment, Work, Step, Group, GroupMember, Notice):
        assert not table._default_manager.exists(), table


def test_undone_before_the_job_ran_nobody_gets_it(group: Group, trainer: Person, version: CaseVersion) -> None:
    made = giving.give(version, to=whole(group), terms=terms(), by=trainer, key=uuid.uuid4())
    giving.undo(made.pk, by=trainer)
    giving.make_works(made.pk)
    giving.take_back_works(made.pk, wholly=True, by_id=trainer.pk)
    giving.make_works(made.pk)
    assert not Work.objects.exists()
    assert Group.objects.filter(pk=group.pk).exists()


def test_after_the_minute_it_can_only_be_withdrawn(group: Group, trainer: Person, version: CaseVersion) -> None:
    made = give(version, trainer, whole(group))
    after_a_minute(made)
    with pytest.raises(giving.TooLate):
        giving.undo(made.pk, by=trainer)
    assert made.works.count() == 3


def test_withdrawn_who_began_keeps_what_they_made_and_is_told(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    made = give(version, trainer, whole(group))
    begun, handed, untouched = (made.works.get(person=person) for person in learners)
    doing.save(begun.pk, {"voorbereiding-0": "Een boer."}, based_on=0)
    handed_in(handed)
    giving.withdraw(made.pk, by=trainer)
    giving.take_back_works(made.pk, wholly=False, by_id=trainer.pk)
    states = {work.person: work.state for work in made.works.all()}
    assert states == {begun.person: State.WITHDRAWN, handed.person: State.WITHDRAWN}
    begun.refresh_from_db()
    assert begun.sealed_draft
    told = set(Notice.objects.filter(kind=notices.WITHDRAWN).values_list("person", flat=True))
    assert told == {begun.person_id, handed.person_id}
    assert not Notice.objects.filter(person=untouched.person, kind=notices.GIVEN).exists()


def test_a_fellow_trainer_who_withdraws_is_written_down(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    made, fellow = give(version, trainer, whole(group)), trainer_in(group.organisation)
    doing.save(made.works.get(person=learners[0]).pk, {"voorbereiding-0": "Een boer."}, based_on=0)
    giving.withdraw(made.pk, by=fellow)
    assert Job.objects.get(kind=giving.TAKE_BACK).payload.endswith(f'"by":{fellow.pk}}}')
    giving.take_back_works(made.pk, wholly=False, by_id=fellow.pk)
    assert [step.by for step in Step.objects.filter(event="intrekken")] == [fellow]


def test_undoing_leaves_what_somebody_began_in_that_minute(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    made = give(version, trainer, whole(group))
    begun = made.works.get(person=learners[0])
    doing.save(begun.pk, {"voorbereiding-0": "Een boer."}, based_on=0)
    giving.undo(made.pk, by=trainer)
    giving.take_back_works(made.pk, wholly=True, by_id=trainer.pk)
    assert [(work.person, work.state) for work in Work.objects.all()] == [(learners[0], State.WITHDRAWN)]


def test_who_gave_it_was_erased_before_the_day_came_nobody_gets_it(
    group: Group, trainer: Person, version: CaseVersion
) -> None:
    made = giving.give(version, to=whole(group), terms=terms(), by=trainer, key=uuid.uuid4())
    Assignment.objects.filter(pk=made.pk).update(given_by=None)
    giving.make_works(made.pk)
    made.refresh_from_db()
    assert (made.ready_at is not None, made.works.count()) == (True, 0)


# --- the pages


def browser(person: Person) -> Client:
    """Signed in, and seen here before."""
    client = Client()
    client.force_login(person)
    client.get("/leren/")
    return client


def filled(to: str, **changed: Any) -> dict[str, Any]:
    today = timezone.localdate()
    usual = {"to": to, "starts_on": today.isoformat(), "due_on": (today + timedelta(days=28)).isoformat(),
             "rounds_max": "3", "peers": "1", "message": "Succes!", "key": str(uuid.uuid4())}  # fmt: skip
    return {**usual, **changed}


def test_a_trainer_sees_who_gets_it_before_anything_happens_and_then_gives(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    give(version, trainer, To(GivenTo.PERSON, group=group, people=(learners[0].pk,)))
    client, path = browser(trainer), f"/begeleiden/uitzetten/case/{version.case_id}/"
    assert "Leergroep" in client.get(path).content.decode()
    form = filled(f"groep:{group.pk}")
    text = client.post(path, form).content.decode()
    assert "Dit krijgen 2 mensen" in text
    assert "1 heeft de case al" in text
    assert Assignment.objects.count() == 1
    for _ in range(2):
        response = client.post(path, {**form, "geef": "ja"})
        assert response.headers["Location"] == f"/begeleiden/uitzetten/{form['key']}/"
    made = Assignment.objects.get(key=form["key"])
    assert (made.message, made.peers, made.given_by) == ("Succes!", 1, trainer)
    text = client.get(response.headers["Location"]).content.decode()
    assert "data-busy" in text
    assert "Maak ongedaan" in text
    giving.make_works(made.pk)
    piece = client.get(response.headers["Location"], headers={"X-Fragment": "1"}).content.decode()
    assert "2 mensen hebben de case." in piece
    assert "<html" not in piece


def test_a_variant_is_given_by_its_name(group: Group, trainer: Person) -> None:
    version = case_of(trainer.organisation, varianten=[{"naam": "Kust", "opdracht": "Ga naar zee."}])
    client, path = browser(trainer), f"/begeleiden/uitzetten/case/{version.case_id}/"
    assert "Kust" in client.get(path).content.decode()
    for number, name in (("1", "Kust"), ("0", "")):
        client.post(path, filled(f"groep:{group.pk}", variant=number, geef="ja"))
        assert Assignment.objects.order_by("-pk")[0].variant == name
    assert client.post(path, filled(f"groep:{group.pk}", variant="2", geef="ja")).status_code == 422


def test_a_trainer_chooses_people_from_a_group(
    group: Group, trainer: Person, learners: list[Person], version: CaseVersion
) -> None:
    client, path = browser(trainer), f"/begeleiden/uitzetten/case/{version.case_id}/"
    form = filled(f"keuze:{group.pk}")
    text = client.post(path, form).content.decode()
    assert all(person.name in text for person in learners)
    assert "klopt nog niet" not in text
    asked = {**form, "gevraagd": form["to"]}
    response = client.post(path, asked)
    assert response.status_code == 422
    assert "Kies minstens één mens." in response.content.decode()
    assert "Succes!" in response.content.decode()
    client.post(path, {**asked, "people": [learners[1].pk], "geef": "ja"})
    made = Assignment.objects.get()
    assert (made.given_to, made.people) == (GivenTo.PERSON, [learners[1].pk])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts_on": "2020-01-01"}, "een dag die nog komt"),
        ({"starts_on": "morgen"}, "geldige datum"),
        ({"due_on": "2020-01-01"}, "niet voor de begindatum"),
        ({"due_on": "2999-01-01"}, "binnen twee jaar"),
        ({"rounds_max": "0"}, "1"),
        ({"peers": "3"}, "2"),
        ({"message": "x" * 2001}, "2000"),
        ({"to": "groep:999999"}, "geldige keuze"),
        ({"to": "groep:²"}, "geldige keuze"),
        ({"to": "keuze:²"}, "geldige keuze"),
        ({"key": "x"}, "UUID"),
        ({}, ""),
    ],
)
def test_what_can_t_be_is_said_beside_the_field_and_nothing_typed_is_lost(
    changed: dict[str, str], said: str, group: Group, trainer: Person, version: CaseVersion
) -> None:
    client, path = browser(trainer), f"/begeleiden/uitzetten/case/{version.case_id}/"
    response = client.post(path, {**filled(f"groep:{group.pk}", message="Bewaar mij"), **changed, "geef": "ja"})
    if not changed:
        assert response.status_code == 302
        return
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "message" in changed or "Bewaar mij" in response.content.decode()
    assert not Assignment.objects.exists()


def test_a_group_that_will_have_ended_is_refused_with_words(
    group: Group, trainer: Person, version: CaseVersion
) -> None:
    group.ends_on = timezone.localdate() + timedelta(days=2)
    group.save()
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    client, path = browser(trainer), f"/begeleiden/uitzetten/case/{version.case_id}/"
    response = client.post(path, filled(f"groep:{group.pk}", starts_on=day))
    assert response.status_code == 422
    assert "Deze groep stopt op" in response.content.decode()


def test_a_group_of_somebody_else_can_t_be_chosen(group: Group, version: CaseVersion) -> None:
    other = trainer_in(group.organisation)
    path = f"/begeleiden/uitzetten/case/{version.case_id}/"
    assert browser(other).post(path, filled(f"groep:{group.pk}", geef="ja")).status_code == 422
    assert not Assignment.objects.exists()


def test_a_message_is_text_and_nothing_else(group: Group, trainer: Person, version: CaseVersion) -> None:
    path = f"/begeleiden/uitzetten/case/{version.case_id}/"
    text = browser(trainer).post(path, filled(f"groep:{group.pk}", message="<img src=x>")).content.decode()
    assert "<img src=x>" not in text


def test_undo_and_withdraw_by_the_page(group: Group, trainer: Person, version: CaseVersion) -> None:
    client = browser(trainer)
    made = give(version, trainer, whole(group))
    assert client.post(f"/begeleiden/uitzetten/{made.key}/ongedaan/").headers["Location"] == "/begeleiden/uitzetten/"
    made = give(case_of(trainer.organisation), trainer, whole(group))
    after_a_minute(made)
    client.post(f"/begeleiden/uitzetten/{made.key}/ongedaan/")
    made.refresh_from_db()
    assert made.withdrawn_at is None
    client.post(f"/begeleiden/uitzetten/{made.key}/intrekken/")
    made.refresh_from_db()
    assert made.withdrawn_at
    text = client.get(f"/begeleiden/uitzetten/{made.key}/").content.decode()
    assert "Ingetrokken" in text
    assert "Maak ongedaan" not in text


def test_a_fellow_trainer_of_the_group_sees_it_and_another_doesn_t(
    group: Group, trainer: Person, version: CaseVersion
) -> None:
    made = give(version, trainer, whole(group))
    fellow = trainer_in(group.organisation)
    GroupMember.objects.create(group=group, person=fellow, is_trainer=True)
    assert browser(fellow).get(f"/begeleiden/uitzetten/{made.key}/").status_code == 200
    for other in (trainer_in(group.organisation), trainer_in(OrganisationFactory.create())):
        for page in ("", "ongedaan/", "intrekken/"):
            ask = browser(other).post if page else browser(other).get
            assert ask(f"/begeleiden/uitzetten/{made.key}/{page}").status_code == 404
    made.refresh_from_db()
    assert made.withdrawn_at is None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TRAINER])
def test_no_other_role_gives_out(role: Role, organisation: Organisation, version: CaseVersion) -> None:
    person = PersonFactory.create(organisation=organisation)
    RoleGrant.objects.create(person=person, organisation=organisation, role=role)
    for path in ("", f"case/{version.case_id}/"):
        assert browser(person).get(f"/begeleiden/uitzetten/{path}").status_code == 404


def test_a_case_in_the_archive_or_without_a_version_can_t_be_given_out(trainer: Person, version: CaseVersion) -> None:
    bare = library.copy(version.case, by=trainer)
    library.archive(version.case_id)
    for case in (bare.pk, version.case_id):
        assert browser(trainer).get(f"/begeleiden/uitzetten/case/{case}/").status_code == 404


def test_the_list_of_what_was_given_asks_a_fixed_number_of_queries(
    group: Group, trainer: Person, django_assert_num_queries: Any
) -> None:
    client = browser(trainer)
    for _ in range(12):
        give(case_of(trainer.organisation), trainer, whole(group))
    with django_assert_num_queries(6):
        text = client.get("/begeleiden/uitzetten/").content.decode()
    assert text.count("3 mensen") == 12


def test_what_was_written_with_it_is_only_numbers_in_the_job(
    group: Group, trainer: Person, version: CaseVersion
) -> None:
    made = giving.give(version, to=whole(group), terms=terms(message="Geheim"), by=trainer, key=uuid.uuid4())
    assert Job.objects.get(kind=giving.GIVE).payload == f'{{"assignment":{made.pk}}}'
