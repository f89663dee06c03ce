"""The learner's pages: one next thing, nothing typed lost, and nobody else's eyes on a draft."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.people.models import Group, GroupMember, Person, Role, RoleGrant
from learning.practice.feedback import Words
from learning.practice.models import Assessment, Form, Part, Round, Stage, State, Verdict, Work
from learning.practice.services import commenting, doing, hiding, passing, reading
from learning.practice.services.commenting import Passage
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import (
    CRITERIA,
    PREPARATION,
    REPORT,
    assignment_in,
    case_of,
    group_of,
    handed_in,
    held_talk,
    judged,
    trainer_in,
    work_of,
)

pytestmark = pytest.mark.django_db
SECRET = "Een melkveehouder bij de beek."


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create(), name="Tineke Bos")


@pytest.fixture
def group(trainer: Person) -> Group:
    learners = [PersonFactory.create(organisation=trainer.organisation, name=name) for name in ("Sanne W", "Emre A")]
    return group_of(*learners, trainer=trainer)


@pytest.fixture
def learners(group: Group) -> list[Person]:
    return [member.person for member in group.members.filter(is_trainer=False).select_related("person").order_by("pk")]


@pytest.fixture
def work(group: Group, learners: list[Person]) -> Work:
    return work_of(learners[0], assignment_in(group))


@pytest.fixture
def browser_of(client: Client) -> Any:
    def signed_in(person: Person) -> Client:
        fresh = Client()
        fresh.force_login(person)
        return fresh

    return signed_in


@pytest.fixture
def me(client: Client, work: Work) -> Client:
    client.force_login(work.person)
    return client


def address(work: Work, name: str = "work", **more: Any) -> str:
    return reverse(f"practice:{name}", kwargs={"work_key": work.key, **more})


def send(client: Client, work: Work, name: str = "work", **fields: str) -> Any:
    version = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    return client.post(address(work, name), {"versie": str(version), **fields})


def state(work: Work) -> str:
    return Work.objects.values_list("state", flat=True).get(pk=work.pk)


def given_by_peer(work: Work) -> Assessment:
    assessment = Assessment.objects.get(work=work, part=Part.PEER)
    assert assessment.person is not None
    reading.give(
        assessment.pk, by=assessment.person, levels=dict.fromkeys(CRITERIA, 4),
        words=Words(saw="Peerwoorden van Emre.", asks="Wat deed de stilte?"), based_on=0, verdict=None,
    )  # fmt: skip
    return assessment


# --- the way through


def test_a_case_goes_from_given_to_handed_in_by_plain_forms(me: Client, work: Work) -> None:
    page = me.get(address(work)).content.decode()
    assert "Bereid je gesprek voor" in page
    assert "Ik ben voorbereid" in page
    assert send(me, work, doe="voorbereid", **PREPARATION).status_code == 302
    assert state(work) == State.PREPARED
    assert "Ik heb het gesprek gevoerd" in me.get(address(work)).content.decode()
    send(me, work, doe="gevoerd", gevoerd=timezone.localdate().isoformat())
    assert state(work) == State.HELD
    seen = send(me, work, doe="nakijken", vormen="1", **{"vorm-tekst": "ja"}, **REPORT)
    assert seen.headers["Location"] == address(work, "hand-in")
    preview = me.get(address(work, "hand-in")).content.decode()
    assert REPORT["verslag-2"] in preview
    assert SECRET in preview
    send(me, work, "hand-in")
    assert state(work) == State.HANDED_IN
    assert "Ingeleverd. Anderen lezen het" in me.get(address(work)).content.decode()


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(me: Client, work: Work) -> None:
    answer = send(me, work, doe="voorbereid", **{"voorbereiding-0": "Een imker"})
    assert answer.status_code == 422
    assert b"Kies een antwoord. Twijfel je, overleg dan eerst." in answer.content
    assert b"Een imker" in answer.content
    assert doing.draft_of(Work.objects.get()).fields["voorbereiding-0"] == "Een imker"
    assert state(work) == State.GIVEN


def test_too_much_is_refused_and_is_still_in_the_field(me: Client, work: Work) -> None:
    long = "a" * 5_001
    answer = send(me, work, doe="bewaar", **{"voorbereiding-0": long})
    assert answer.status_code == 422
    assert long.encode() in answer.content
    assert doing.draft_of(Work.objects.get()).fields == {}


def test_a_second_press_does_nothing_twice(me: Client, work: Work) -> None:
    for _ in range(2):
        assert send(me, work, doe="voorbereid", **PREPARATION).status_code == 302
    assert state(work) == State.PREPARED
    held_on = timezone.localdate().isoformat()
    for _ in range(2):
        assert send(me, work, doe="gevoerd", gevoerd=held_on).status_code == 302
    version = str(doing.save(work.pk, REPORT, based_on=9).draft.version)
    for _ in range(2):
        assert me.post(address(work, "hand-in"), {"versie": version}).status_code == 302
    assert Round.objects.count() == 1
    assert [step.event for step in Work.objects.get().steps.order_by("pk")] == [
        "geven", "voorbereiden", "voeren", "indienen",
    ]  # fmt: skip


def test_a_talk_that_was_put_off_goes_a_step_back_with_all_that_was_written(me: Client, work: Work) -> None:
    held_talk(work)
    send(me, work, doe="niet_gevoerd", vormen="1", **REPORT)
    assert state(work) == State.PREPARED
    assert doing.draft_of(Work.objects.get()).fields["verslag-0"] == REPORT["verslag-0"]


def test_a_talk_can_not_have_been_tomorrow(me: Client, work: Work) -> None:
    send(me, work, doe="voorbereid", **PREPARATION)
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = send(me, work, doe="gevoerd", gevoerd=tomorrow.isoformat())
    assert answer.status_code == 422
    assert b"Die dag moet nog komen" in answer.content


# --- drafts


def autosave(client: Client, work: Work, based_on: int, **fields: str) -> Any:
    return client.post(address(work, "save"), {"versie": str(based_on), **fields}, headers={"X-Fragment": "1"})


def test_a_window_hears_what_another_wrote_since(me: Client, work: Work) -> None:
    first = autosave(me, work, 0, **{"voorbereiding-0": "Een boer"}).json()
    second = autosave(me, work, 0, **{"voorbereiding-1": "Een afspraak"}).json()
    assert second["newer"] == {"voorbereiding-0": "Een boer"}
    assert second["version"] == first["version"] + 1
    assert second["said"].startswith("Bewaard om ")


def test_what_two_windows_changed_is_asked_with_both_texts(me: Client, work: Work) -> None:
    autosave(me, work, 0, **{"voorbereiding-0": "Een boer"})
    clash = autosave(me, work, 0, **{"voorbereiding-0": "Een imker"}).json()
    assert clash["clashes"] == {"voorbereiding-0": "Een boer"}

    plain = me.post(address(work), {"versie": "0", "doe": "bewaar", "voorbereiding-0": "Een imker"})
    assert plain.status_code == 422
    page = plain.content.decode()
    assert "Een imker</textarea>" in page
    assert "<blockquote>Een boer</blockquote>" in page

    undecided = send(me, work, doe="bewaar", botst="voorbereiding-0", **{"voorbereiding-0": "Een imker"})
    assert undecided.status_code == 422
    choice = {"botst": "voorbereiding-0", "kies-voorbereiding-0": "ander", "voorbereiding-0": "Een imker"}
    send(me, work, doe="bewaar", **choice)
    assert doing.draft_of(Work.objects.get()).fields["voorbereiding-0"] == "Een boer"
    send(me, work, doe="bewaar", **{**choice, "kies-voorbereiding-0": "hier"})
    assert doing.draft_of(Work.objects.get()).fields["voorbereiding-0"] == "Een imker"


def test_what_was_typed_after_it_was_handed_in_elsewhere_is_shown_and_not_lost(me: Client, work: Work) -> None:
    handed_in(work)
    answer = send(me, work, doe="bewaar", **{"verslag-0": "Nog iets dat ik vergat."})
    assert answer.status_code == 409
    assert b"Nog iets dat ik vergat." in answer.content
    assert autosave(me, work, 9, **{"verslag-0": "x"}).status_code == 409


def test_a_preview_that_is_older_than_the_draft_hands_nothing_in(me: Client, work: Work) -> None:
    held_talk(work)
    version = doing.save(work.pk, REPORT, based_on=9).draft.version
    doing.save(work.pk, {"verslag-0": "Iets heel anders."}, based_on=version)
    answer = me.post(address(work, "hand-in"), {"versie": str(version)}, follow=True)
    assert state(work) == State.HELD
    assert "in een ander venster. Kijk nog één keer" in answer.content.decode()


def test_ticks_and_fields_that_the_case_has_not_got_are_left_out(me: Client, work: Work) -> None:
    held_talk(work)
    send(me, work, doe="bewaar", vormen="1", **{"vorm-observatie": "ja", "vorm-raar": "ja", "niveau-geheim": "4"})
    fields = doing.draft_of(Work.objects.get()).fields
    assert fields["vorm-observatie"] == "ja"
    assert "vorm-raar" not in fields
    assert "niveau-geheim" not in fields
    send(me, work, doe="bewaar", vormen="1")
    assert "vorm-observatie" not in doing.draft_of(Work.objects.get()).fields


@pytest.mark.parametrize("version", ["", "-1", "abc", "9" * 40, "1e3"])
def test_a_version_nobody_made_is_as_old_as_can_be(me: Client, work: Work, version: str) -> None:
    doing.save(work.pk, {"voorbereiding-0": "Een boer"}, based_on=0)
    answer = me.post(address(work, "save"), {"versie": version, "voorbereiding-0": "Een imker"})
    assert answer.json()["clashes"] == {"voorbereiding-0": "Een boer"}


def test_markup_in_what_somebody_wrote_is_text(me: Client, work: Work) -> None:
    send(me, work, doe="bewaar", **{"voorbereiding-0": "</textarea><script>alert(1)</script>\x00"})
    page = me.get(address(work)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# --- who sees what


@pytest.mark.parametrize(
    "name", ["work", "save", "hand-in", "take-back", "extend", "observations", "spoken", "recorded", "file", "pdf"]
)
@pytest.mark.parametrize("who", ["colleague", "trainer", "hr", "stranger"])
def test_a_case_is_its_learners_alone(
    browser_of: Any, work: Work, learners: list[Person], trainer: Person, name: str, who: str
) -> None:
    doing.save(work.pk, PREPARATION, based_on=0)
    hr = PersonFactory.create(organisation=trainer.organisation)
    for role in (Role.HR, Role.BEHEER):
        RoleGrant.objects.create(person=hr, organisation=hr.organisation, role=role)
    people = {"colleague": learners[1], "trainer": trainer, "hr": hr, "stranger": PersonFactory.create()}
    client = browser_of(people[who])
    for answer in (client.get(address(work, name)), client.post(address(work, name), {"doe": "voorbereid"})):
        assert answer.status_code in (404, 405)
        assert SECRET not in answer.content.decode()
    assert state(work) == State.GIVEN


def test_nothing_of_others_is_seen_before_the_own_look(me: Client, group: Group, work: Work) -> None:
    page = me.get(address(held_talk(work))).content.decode()
    assert "Eerst jij, dan pas de anderen" in page
    assert "Hoe ieder het ziet" not in page


def test_what_was_given_stands_beside_each_other_and_far_apart_is_marked(
    browser_of: Any, group: Group, learners: list[Person], trainer: Person
) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    given_by_peer(mine)
    judged(Work.objects.get(pk=mine.pk), trainer, Verdict.RETURN, level=3)
    page = browser_of(learners[0]).get(address(mine)).content.decode()
    assert "Peerwoorden van Emre." in page
    assert "Je liet een stilte bestaan." in page
    assert "Emre las met je mee" in page
    assert "Wat Tineke je teruggeeft" in page
    assert page.count("bespreek dit") == len(CRITERIA)  # the peer's 4 beside the own 2
    assert "Vul aan of schrijf opnieuw" in page
    assert REPORT["verslag-1"] in page


def test_words_a_trainer_hid_are_not_there_but_that_they_are_is_said(
    browser_of: Any, group: Group, learners: list[Person], trainer: Person
) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    peers = given_by_peer(mine)
    hiding.hide(peers.pk, by=trainer, reason="Dit kwetst.")
    page = browser_of(learners[0]).get(address(mine)).content.decode()
    assert "Peerwoorden" not in page
    assert "Een trainer heeft deze feedback verborgen" in page
    assert "bespreek dit" not in page
    own = browser_of(learners[1]).get(address(mine, "peer")).content.decode()
    assert "Dit kwetst." in own


def test_a_remark_stands_at_its_passage(me: Client, work: Work, trainer: Person) -> None:
    taken = reading.take_up(handed_in(work).pk, by=trainer)
    text = REPORT["verslag-0"]
    commenting.add(taken.pk, by=trainer, at=Passage("verslag-0", 0, 12), words="Hier kantelde het.")
    assert "Hier kantelde het." not in me.get(address(work)).content.decode()  # not given yet
    reading.give(
        taken.pk, by=trainer, levels=dict.fromkeys(CRITERIA, 3), words=Words(asks="Wat nu?"), based_on=0,
        verdict=Verdict.ENOUGH, learning_level="individueel",
    )  # fmt: skip
    page = me.get(address(work)).content.decode()
    assert f"<mark>{text[:12]}</mark>" in page
    assert "Hier kantelde het." in page
    assert "Rond: je praktijkcase is voldoende" in page


def test_all_rounds_stay_to_be_read(me: Client, work: Work, trainer: Person) -> None:
    judged(handed_in(work), trainer, Verdict.RETURN, level=2)
    version = Work.objects.get().draft_version
    doing.save(work.pk, {"verslag-0": "Het tweede verslag, met meer erin."}, based_on=version)
    doing.hand_in(work.pk, by=work.person)
    page = me.get(address(work)).content.decode()
    assert "Ronde 1, ingeleverd op" in page
    assert REPORT["verslag-0"] in page
    assert "Het tweede verslag, met meer erin." in page


# --- taking back, putting off


def test_what_nobody_read_is_taken_back_with_one_press(me: Client, work: Work, trainer: Person) -> None:
    handed_in(work)
    assert "Haal terug" in me.get(address(work)).content.decode()
    me.post(address(work, "take-back"))
    assert state(work) == State.HELD
    handed_in(Work.objects.get())
    reading.take_up(work.pk, by=trainer)
    answer = me.post(address(work, "take-back"), follow=True)
    assert state(work) == State.READING
    assert "Iemand is al begonnen met lezen" in answer.content.decode()


def test_a_peer_who_said_no_does_not_stand_in_the_way_of_taking_back(group: Group, learners: list[Person]) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    Assessment.objects.update(stage=Stage.DECLINED)
    assert doing.take_back(mine.pk, by=mine.person).after is State.HELD


def test_a_date_is_put_off_in_two_clicks(me: Client, work: Work) -> None:
    week = (work.due_on + timedelta(weeks=1)).isoformat()
    assert f'value="{week}"' in me.get(address(work)).content.decode()
    me.post(address(work, "extend"), {"voorstel": week})
    assert Work.objects.get().due_on.isoformat() == week


@pytest.mark.parametrize("day", ["", "gisteren", "2020-01-01", "9999-12-31", "2026-13-45"])
def test_a_day_that_can_not_be_is_said_beside_the_field(me: Client, work: Work, day: str) -> None:
    answer = me.post(address(work, "extend"), {"tot": day})
    assert answer.status_code == 422
    assert "Kies een dag vanaf vandaag" in answer.content.decode()
    assert Work.objects.get().due_on == work.due_on


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_last_day_ends_at_midnight_here_also_when_the_clock_changes(
    me: Client, work: Work, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one has 23 hours, the other 25."""
    here = ZoneInfo("Europe/Amsterdam")
    Work.objects.update(due_on=day)
    for moment, is_late in (
        (datetime.combine(day, time(23, 59, 59), here), False),
        (datetime.combine(day + timedelta(days=1), time(), here), True),
    ):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert ("na de datum" in me.get(address(work)).content.decode()) is is_late
        assert passing.tell_late() == int(is_late)


def test_after_the_date_there_is_a_label_and_nothing_else(me: Client, work: Work) -> None:
    Work.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    page = me.get(address(work)).content.decode()
    assert "na de datum" in page
    assert handed_in(Work.objects.get()).state == State.HANDED_IN


# --- when things change around it


def test_a_case_that_was_withdrawn_says_so_and_keeps_what_was_written(me: Client, work: Work) -> None:
    doing.save(work.pk, PREPARATION, based_on=0)
    Work.objects.update(state=State.WITHDRAWN)
    page = me.get(address(work)).content.decode()
    assert "Deze case is ingetrokken" in page
    assert SECRET in page
    assert "Ik ben voorbereid" not in page


def test_who_is_not_in_the_group_any_more_is_told(me: Client, work: Work, group: Group) -> None:
    GroupMember.objects.filter(group=group, person=work.person).delete()
    assert "Je zit niet meer in de groep van deze case" in me.get(address(work)).content.decode()


def test_a_group_without_a_trainer_is_told(me: Client, work: Work, group: Group) -> None:
    GroupMember.objects.filter(group=group, is_trainer=True).delete()
    assert "Er is nu geen trainer in je groep" in me.get(address(work)).content.decode()


def test_somebody_who_is_erased_leaves_nothing_of_a_case_behind(work: Work, trainer: Person) -> None:
    handed_in(work)
    work.person.delete()
    assert not Work.objects.exists()
    assert not Round.objects.exists()


def test_a_colleague_is_not_led_to_a_round_that_was_taken_back(
    browser_of: Any, group: Group, learners: list[Person]
) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    theirs = browser_of(learners[1])
    assert "Sanne vraagt je mee te lezen" in theirs.get("/berichten/").content.decode()
    doing.take_back(mine.pk, by=mine.person)
    assert "Sanne vraagt je mee te lezen" not in theirs.get("/berichten/").content.decode()
    assert theirs.get(address(mine, "peer")).status_code == 404


# --- reading along


def test_a_colleague_reads_the_report_and_nothing_of_what_is_the_trainers(
    browser_of: Any, group: Group, learners: list[Person], trainer: Person
) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    client = browser_of(learners[1])
    page = client.get(address(mine, "peer")).content.decode()
    assert REPORT["verslag-0"] in page
    assert SECRET not in page
    assert REPORT["bewijs-luisteren"] not in page
    judged(Work.objects.get(pk=mine.pk), trainer, Verdict.RETURN, level=3)
    assert "Je liet een stilte bestaan." not in client.get(address(mine, "peer")).content.decode()


def test_reading_along_is_kept_remarked_and_given_once(browser_of: Any, group: Group, learners: list[Person]) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    client, where = browser_of(learners[1]), address(mine, "peer")
    levels = {f"niveau-{criterion}": "3" for criterion in CRITERIA}
    client.post(where, {"doe": "bewaar", "versie": "0", "zag": "Je wachtte.", **levels})
    stale = client.post(where, {"doe": "bewaar", "versie": "0", "zag": "Iets anders."})
    assert stale.status_code == 409
    assert "Je wachtte." in stale.content.decode()
    assert "Iets anders." in stale.content.decode()
    for _ in range(2):
        remark = {"plek-verslag-0": "0-12", "opmerking-verslag-0": "Hier kantelde het."}
        client.post(where, {"doe": "zet:verslag-0", **remark})
    missing = client.post(where, {"doe": "geef", "versie": "1", "zag": "Je wachtte.", **levels})
    assert missing.status_code == 422
    assert "Stel minstens één vraag" in missing.content.decode()
    whole = {"doe": "geef", "versie": "1", "zag": "Je wachtte.", "vraag": "Wat deed dat?", **levels}
    for _ in range(2):
        assert client.post(where, whole).status_code == 302
    given = Assessment.objects.get(part=Part.PEER)
    assert given.stage == Stage.GIVEN
    assert "Gegeven. Dank je wel" in client.get(where).content.decode()
    page = browser_of(learners[0]).get(address(mine)).content.decode()
    assert "Hier kantelde het." in page
    assert "Wat deed dat?" in page


def test_whichever_button_a_colleague_presses_nothing_they_typed_is_lost(
    browser_of: Any, group: Group, learners: list[Person]
) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    client, where = browser_of(learners[1]), address(mine, "peer")
    levels = {f"niveau-{criterion}": "3" for criterion in CRITERIA}
    typed = {"versie": "0", "zag": "Je wachtte.", "vraag": "Wat deed dat?", **levels}
    remark = {"plek-verslag-0": "0-12", "opmerking-verslag-0": "Hier kantelde het."}
    wrong = client.post(where, {"doe": "zet:verslag-0", **typed, **remark, "plek-verslag-0": "straks"})
    assert wrong.status_code == 422
    assert "Hier kantelde het." in wrong.content.decode()
    assert "Wat deed dat?" in wrong.content.decode()
    assert client.post(where, {"doe": "zet:verslag-0", **typed, **remark}).status_code == 302
    assert "Wat deed dat?" in client.get(where).content.decode()
    more = {"plek-verslag-1": "0-9", "opmerking-verslag-1": "En hier ook."}
    client.post(where, {"doe": "geef", **typed, "versie": "1", **more})
    given = Assessment.objects.get(part=Part.PEER)
    assert (given.stage, given.comments.count()) == (Stage.GIVEN, 2)


@pytest.mark.parametrize("field", ["voorbereiding-0", "bewijs-luisteren", "gevoerd", "verslag-99", "geluid-1", ""])
def test_a_colleague_can_not_fish_for_what_is_not_shown(
    browser_of: Any, group: Group, learners: list[Person], field: str
) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    client = browser_of(learners[1])
    for place in ("0-10", "1:00", "x", "-"):
        remark = {f"plek-{field}": place, f"opmerking-{field}": "Wat staat hier?"}
        answer = client.post(address(mine, "peer"), {"doe": f"zet:{field}", **remark})
        assert answer.status_code == 422
        assert SECRET[:10] not in answer.content.decode()
    assert not Assessment.objects.get(part=Part.PEER).comments.exists()


def test_who_can_not_read_along_says_so_and_it_is_gone(browser_of: Any, group: Group, learners: list[Person]) -> None:
    assignment = assignment_in(group, peers=1)
    mine, _theirs = work_of(learners[0], assignment), work_of(learners[1], assignment)
    handed_in(mine)
    client = browser_of(learners[1])
    assert client.post(address(mine, "peer"), {"doe": "weg"}).headers["Location"] == "/praktijk/"
    assert client.get(address(mine, "peer")).status_code == 404


# --- lists


def test_what_asks_something_of_me_stands_first(
    browser_of: Any, group: Group, learners: list[Person], trainer: Person
) -> None:
    assignment = assignment_in(group, peers=1)
    theirs, waits = work_of(learners[1], assignment), work_of(learners[0], assignment)
    handed_in(theirs)
    handed_in(waits)
    work_of(learners[0], assignment_in(group, case_of(group.organisation, titel="Een nieuwe case")))
    page = browser_of(learners[0]).get(reverse("practice:mine")).content.decode()
    assert page.index("Een nieuwe case") < page.index("Emre A vraagt je om mee te lezen") < page.index("Bij anderen")


def test_who_has_nothing_reads_what_will_come(browser_of: Any, trainer: Person) -> None:
    page = browser_of(trainer).get(reverse("practice:mine")).content.decode()
    assert "Nog geen praktijkcase" in page


def test_the_menu_shows_practice_to_who_has_any(browser_of: Any, work: Work, trainer: Person) -> None:
    assert 'href="/praktijk/"' in browser_of(work.person).get("/journaal/").content.decode()
    assert 'href="/praktijk/"' not in browser_of(trainer).get("/journaal/").content.decode()


def test_pages_ask_the_same_few_things_however_much_there_is(
    browser_of: Any, group: Group, learners: list[Person], trainer: Person, django_assert_num_queries: Any
) -> None:
    for number in range(6):
        work_of(learners[0], assignment_in(group, case_of(group.organisation, titel=f"Case {number}")))
    client = browser_of(learners[0])
    client.get(reverse("practice:mine"))
    with django_assert_num_queries(4):
        client.get(reverse("practice:mine"))
    work = Work.objects.filter(person=learners[0]).first()
    assert work is not None
    for _ in range(2):
        judged(handed_in(Work.objects.get(pk=work.pk)), trainer, Verdict.RETURN, level=2)
        with django_assert_num_queries(12):
            client.get(address(work))


def test_only_what_is_chosen_is_handed_in(group: Group, learners: list[Person]) -> None:
    version = case_of(group.organisation, bewijsvormen=["tekst"])
    work = work_of(learners[0], assignment_in(group, version))
    assert handed_in(work).rounds.get().forms == [Form.TEXT]


def test_the_preview_names_all_that_a_trainer_gets_to_read(me: Client, work: Work) -> None:
    work = held_talk(work)
    version = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    doing.save(work.pk, {**REPORT, "veilig-0": "overlegd"}, based_on=version)
    trainers = me.get(address(work, "hand-in")).content.decode().split('id="trainer"')[1]
    assert "Is het veilig om dit alleen te doen?" in trainers
    assert "Ik twijfelde, en heb overlegd" in trainers
