"""An exit card at the end of a module, and a Terugblik after three months (curriculum 6.2): for whom wants to, for
nothing, and for nobody else to read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from jobs import runner
from jobs.models import Job
from learning.people.models import Organisation, Person
from learning.runtime.blocks import handler_token
from learning.runtime.models import Attempt, BlockState, CohortFigures
from learning.runtime.publishing import publish_folder
from learning.runtime.queries import exit_cards, looked_back
from learning.tracks import queries, reminders, services
from learning.tracks.content import Kind
from learning.tracks.models import Enrolment, ModuleEdition, Reminder
from learning.tracks.moving import move_to_newest
from learning.tracks.queries import enrolment_facts
from learning.tracks.returning import TERMS, Phase, Term, window
from modules.blocks.exitcard.rules import QUESTIONS
from modules.blocks.selfcheck.rules import STATEMENTS
from modules.olx import check_module
from tests.factories import PersonFactory, enrolled
from tests.forms import answer_form
from tests.learning.frame import chapter, complete, finish, framed_folder, looking_back_folder
from tests.modules.blocks.test_exitcard import GOOD
from tests.modules.blocks.test_selfcheck import alike

MODULE = "/leren/proefmodule/"
X = {"X-Fragment": "1"}
ADDRESS = "sanne@land-en-water.example"
OPENS_AFTER = TERMS[Kind.LOOK_BACK].opens_after
SECRET = "Ik belde Truus en zweeg."


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    return publish_folder(looking_back_folder(tmp_path / "omlijst"))


@pytest.fixture
def can_mail(settings: Any) -> None:
    settings.MAIL_FROM = "leren@tussenruimte.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def send(person: Person, key: str, handler: str = "answer", *, module: str = "proefmodule", **form: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(f"/antwoord/{handler_token(person, f'{module}/{key}')}/{handler}/", form, headers=X)


def says(person: Person, form: dict[str, str] = GOOD, *, module: str = "proefmodule") -> None:
    assert send(person, "kaart", module=module, **form).status_code == 200


def looks_back(person: Person, answer: str = "4", talk: str = SECRET, *, module: str = "proefmodule") -> None:
    assert send(person, "zinnen", module=module, keer="later", **alike(answer)).status_code == 200
    form = {"gesprek": talk} if talk else {"geen": "ja"}
    assert send(person, "gesprek", module=module, **form).status_code == 200


# --- the course


def test_a_terugblik_comes_after_a_herhaalmoment_or_without_one_and_asks_for_an_eindpunt(tmp_path: Path) -> None:
    whole = looking_back_folder(tmp_path / "heel")
    assert check_module(whole) == []
    bare = framed_folder(tmp_path / "kaal")
    course = bare / "course.xml"
    course.write_text(course.read_text().replace('soort="herhaalmoment"', 'soort="terugblik"'))
    assert check_module(bare) == []
    course.write_text(course.read_text().replace(chapter(bare, "eindpunt"), ""))
    assert "een terugblik vraagt om een eindpunt" in {finding.reason for finding in check_module(bare)}


def test_a_herhaalmoment_after_a_terugblik_is_refused(tmp_path: Path) -> None:
    folder = looking_back_folder(tmp_path / "om")
    course = folder / "course.xml"
    text = course.read_text().replace(chapter(folder, "herhaalmoment"), "")
    course.write_text(text.replace("</course>", f"{chapter(folder, 'herhaalmoment')}</course>"))
    assert "een herhaalmoment komt niet na een terugblik" in {finding.reason for finding in check_module(folder)}


def test_a_module_asks_as_much_with_a_card_and_a_terugblik_as_without(edition: ModuleEdition) -> None:
    assert (edition.required, edition.returns, edition.looks_back) == (3, True, True)
    held = queries.edition(edition.pk, edition.content_hash)
    assert [unit.kind for unit in held.units][-2:] == [Kind.RETURN, Kind.LOOK_BACK]
    assert held.minutes == 30


# --- when


def test_it_opens_after_ninety_days_and_closes_at_the_end_of_the_sixtieth_after_that() -> None:
    done = timezone.now()
    term = TERMS[Kind.LOOK_BACK]
    assert term == Term(timedelta(days=90), timedelta(days=150))
    assert window(Kind.LOOK_BACK, None, done).phase is Phase.AHEAD
    assert window(Kind.LOOK_BACK, done, done + term.opens_after - timedelta(seconds=1)).phase is Phase.WAITS
    assert window(Kind.LOOK_BACK, done, done + term.opens_after).phase is Phase.OPEN
    assert window(Kind.LOOK_BACK, done, done + term.closes_after).phase is Phase.OPEN
    assert window(Kind.LOOK_BACK, done, done + term.closes_after + timedelta(days=1)).phase is Phase.OVER


def test_the_terms_of_what_comes_after_a_module_never_overlap() -> None:
    terms = list(TERMS.values())
    assert all(one.closes_after < other.opens_after for one, other in pairwise(terms))


def test_before_it_opens_pages_say_when_and_nothing_can_be_done(learner: Client, enrolment: Enrolment) -> None:
    assert "drie maanden na je laatste onderdeel" in learner.get(MODULE).text
    opens = timezone.localdate(complete(enrolment) + OPENS_AFTER)
    page = learner.get(MODULE).text
    assert "Drie maanden na je laatste onderdeel vragen we je nog één keer" in page
    assert f"<strong>{date_format(opens, 'j F Y')}</strong>" in page
    assert f"opent op {date_format(opens, 'j F')}" in page
    assert f"{MODULE}terug/" not in page
    assert "data-activity" not in learner.get(f"{MODULE}terug/").text
    assert learner.get(f"{MODULE}terug/zinnen/").headers["Location"] == f"{MODULE}terug/"
    assert send(enrolment.person, "gesprek", geen="ja").status_code == 409


def test_when_it_is_open_it_is_the_next_step_of_who_was_done(learner: Client, enrolment: Enrolment) -> None:
    complete(enrolment, ago=OPENS_AFTER)
    for page in (MODULE, "/leren/"):
        assert "De Terugblik is open" in learner.get(page).text
    assert "Herhaalmoment is open" not in learner.get(MODULE).text
    assert "Nog niet rond" not in learner.get(MODULE).text
    assert learner.get(f"{MODULE}verder/").headers["Location"] == f"{MODULE}terug/"
    unit = learner.get(f"{MODULE}terug/").text
    assert "Dit telt nergens voor mee." in unit
    assert "Voor je certificaat telt" not in unit
    last = timezone.localdate(timezone.now() + timedelta(days=60))
    assert f"Je kunt dit doen tot en met {date_format(last, 'j F Y')}." in unit


def test_whoever_is_busy_with_another_module_goes_on_there_first(
    learner: Client, enrolment: Enrolment, tmp_path: Path
) -> None:
    complete(enrolment, ago=OPENS_AFTER)
    other = enrolled(enrolment.person, publish_folder(framed_folder(tmp_path / "ander", key="ander")))
    services.set_track(
        enrolment.person.organisation, slug="lijn", title="Lijn", modules=[enrolment.module, other.module]
    )
    page = learner.get("/leren/").text
    assert "De Terugblik is open" not in page
    assert "Hier was je gebleven" in page
    assert "Terugblik open tot en met" in page


def test_when_it_is_over_pages_say_that_it_doesnt_matter(learner: Client, enrolment: Enrolment) -> None:
    complete(enrolment, ago=timedelta(days=152))
    assert "Dat geeft niets" in learner.get(MODULE).text
    assert send(enrolment.person, "gesprek", geen="ja").status_code == 409


def test_looking_back_changes_nothing_of_how_far_the_module_is(learner: Client, enrolment: Enrolment) -> None:
    complete(enrolment, ago=OPENS_AFTER)
    before = enrolment_facts(enrolment.pk)
    send(enrolment.person, "gesprek", gesprek=SECRET)
    enrolment.refresh_from_db()
    assert enrolment.looked_back_at is None
    send(enrolment.person, "zinnen", keer="later", **alike("4"))
    enrolment.refresh_from_db()
    assert enrolment.looked_back_at is not None
    assert (enrolment.returned_at, enrolment_facts(enrolment.pk)) == (None, before)
    assert "Je keek terug." in learner.get(MODULE).text
    assert all(attempt.score is None for attempt in Attempt.objects.all())


def test_the_module_page_asks_as_much_of_the_database_with_a_terugblik(
    learner: Client, enrolment: Enrolment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    learner.get(MODULE)
    with CaptureQueriesContext(connection) as before:
        learner.get(MODULE)
    complete(enrolment, ago=OPENS_AFTER)
    with django_assert_num_queries(len(before)):
        learner.get(MODULE)


# --- older editions


@pytest.mark.usefixtures("can_mail")
def test_who_stays_on_an_older_edition_sees_nothing_new_until_they_go_over(
    client: Client, person: Person, tmp_path: Path
) -> None:
    Person.objects.filter(pk=person.pk).update(email=ADDRESS)
    old = enrolled(person, publish_folder(framed_folder(tmp_path / "oud")))
    done = complete(old, ago=timedelta(days=30))
    publish_folder(looking_back_folder(tmp_path / "nieuw"))
    client.force_login(person)
    assert "Terugblik" not in client.get(MODULE).text
    move_to_newest(person, module="proefmodule")
    assert "Drie maanden na je laatste onderdeel vragen we je nog één keer" in client.get(MODULE).text
    job = Job.objects.get(kind=reminders.KIND, key__endswith=":terugblik")
    assert job.due == done + OPENS_AFTER
    old.refresh_from_db()
    assert (old.finished_at, old.completed_at) == (done, done)


# --- being told


def due(enrolment: Enrolment) -> None:
    Person.objects.filter(pk=enrolment.person_id).update(email=ADDRESS, name="Sanne de Wit")
    done = complete(enrolment, ago=OPENS_AFTER)
    reminders.ask_for(enrolment.pk, done)
    runner.drain()


@pytest.mark.usefixtures("can_mail")
def test_one_mail_says_that_it_is_open_with_a_note_and_a_way_to_switch_it_off(enrolment: Enrolment) -> None:
    due(enrolment)
    reminders.ask_for(enrolment.pk, timezone.now() - OPENS_AFTER)
    runner.drain()
    (message,) = mail.outbox
    with translation.override("nl"):
        last = date_format(timezone.localdate(timezone.now() + timedelta(days=60)), "j F Y")
    assert message.subject == "De Terugblik op “Proefmodule” is open"
    for words in ("Dag Sanne de Wit,", "telt nergens voor mee", f"tot en met {last}", f"{MODULE}terug/"):
        assert words in message.body
    assert "Herhaalmoment" not in message.body
    ((name, content, _kind),) = message.attachments
    assert name == "terugblik.ics"
    assert "SUMMARY:Terugblik: Proefmodule" in str(content)
    assert "List-Unsubscribe" in message.extra_headers
    assert Reminder.objects.get().moment == "terugblik"


@pytest.mark.usefixtures("can_mail")
def test_a_module_that_is_done_has_a_mail_waiting_for_each_moment(enrolment: Enrolment) -> None:
    Person.objects.filter(pk=enrolment.person_id).update(email=ADDRESS)
    done = complete(enrolment)
    reminders.ask_for(enrolment.pk, done)
    waiting = Job.objects.filter(kind=reminders.KIND).order_by("due").values_list("due", flat=True)
    assert list(waiting) == [done + term.opens_after for term in TERMS.values()]


@pytest.mark.usefixtures("can_mail")
def test_having_been_told_of_a_herhaalmoment_keeps_nobody_from_being_told_of_a_terugblik(enrolment: Enrolment) -> None:
    Reminder.objects.create(enrolment=enrolment, moment=Kind.RETURN, sent_at=timezone.now())
    due(enrolment)
    assert [message.subject for message in mail.outbox] == ["De Terugblik op “Proefmodule” is open"]


@pytest.mark.usefixtures("can_mail")
def test_who_looked_back_or_wants_no_reminders_gets_none(enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(looked_back_at=timezone.now())
    due(enrolment)
    Enrolment.objects.filter(pk=enrolment.pk).update(looked_back_at=None)
    reminders.want(enrolment.person_id, on=False)
    assert reminders.send(enrolment.pk, Kind.LOOK_BACK) is None
    assert mail.outbox == []


@pytest.mark.usefixtures("can_mail")
def test_a_reminder_from_before_there_were_two_is_of_the_herhaalmoment(enrolment: Enrolment) -> None:
    from learning.tracks.tasks import remind  # noqa: PLC0415 jobs make themselves known when they are imported

    Person.objects.filter(pk=enrolment.person_id).update(email=ADDRESS)
    complete(enrolment, ago=timedelta(days=8))
    then = remind({"enrolment": enrolment.pk})
    assert then
    then()
    assert Reminder.objects.get().moment == "herhaalmoment"


def test_the_note_for_the_calendar_is_another_than_that_of_the_herhaalmoment(
    learner: Client, enrolment: Enrolment
) -> None:
    assert learner.get(f"{MODULE}terugblik.ics").status_code == 404
    done = complete(enrolment)
    notes = [learner.get(f"{MODULE}{name}.ics").text.replace("\r\n ", "") for name in ("herhaalmoment", "terugblik")]
    assert f"DTSTART;VALUE=DATE:{timezone.localdate(done + OPENS_AFTER):%Y%m%d}\r\n" in notes[1]
    assert f"{MODULE}terug/" in notes[1]
    uids = {line for note in notes for line in note.splitlines() if line.startswith("UID:")}
    assert len(uids) == 2


# --- the exit card on the page of the Eindpunt


def test_the_card_lies_open_at_the_end_of_the_eindpunt_and_the_module_doesnt_wait_for_it(
    learner: Client, enrolment: Enrolment
) -> None:
    finish(enrolment, "quiz-start", "quiz-1-1")
    Enrolment.objects.filter(pk=enrolment.pk).update(done=2)
    unit = learner.get(f"{MODULE}eind/").text
    assert 'name="cijfer" value="10"' in unit
    says(enrolment.person)
    enrolment.refresh_from_db()
    assert (enrolment.done, enrolment.completed_at) == (2, None)


def test_without_script_the_card_is_sent_from_the_page_and_read_there(learner: Client, enrolment: Enrolment) -> None:
    page = learner.get(f"{MODULE}eind/").text
    action, hidden = answer_form(page[page.index("slotkaart") :])
    refused = learner.post(action, {**hidden, **GOOD, "zwaarte": ""})
    assert refused.status_code == 422
    assert refused.text.count(" checked") == 3
    answer = learner.post(action, {**hidden, **GOOD})
    assert answer.status_code == 302
    assert "Dank je wel" in learner.get(answer.headers["Location"]).text


def test_what_was_said_stands_sealed_and_nothing_of_it_outside(enrolment: Enrolment) -> None:
    complete(enrolment, ago=OPENS_AFTER)
    says(enrolment.person)
    looks_back(enrolment.person)
    assert {tuple(attempt.answers) for attempt in Attempt.objects.all()} == {("verzegeld",)}
    for row in BlockState.objects.all():
        assert not any(word in row.data for word in ("Truus", "z1", "precies", '"8"'))
        assert row.sealed is None or SECRET.encode() not in bytes(row.sealed)
    jobs = json.dumps(list(Job.objects.values_list("kind", "key", "payload")))
    assert not any(word in jobs for word in ("Truus", "cijfer", "anders"))


def test_no_figure_of_what_is_said_here_is_kept_for_who_says_it(edition: ModuleEdition, person: Person) -> None:
    for each in (person, *PersonFactory.create_batch(4, organisation=person.organisation)):
        complete(enrolled(each, edition), ago=OPENS_AFTER)
        says(each)
        send(each, "gesprek", gesprek=SECRET)
    runner.drain()
    assert not Job.objects.filter(status="failed").exists()
    assert not Job.objects.filter(kind="cohort.count").exclude(status="done").exists()
    assert not CohortFigures.objects.exists()


# --- for figures


def cards(organisation: Organisation) -> list[Any]:
    return list(exit_cards(organisation.pk))


@pytest.fixture
def people(person: Person, edition: ModuleEdition) -> Sequence[Person]:
    """Of one organisation, three months after the module."""
    made = [person, *PersonFactory.create_batch(2, organisation=person.organisation)]
    for each in made:
        complete(enrolled(each, edition), ago=OPENS_AFTER)
    return made


def test_cards_are_read_as_numbers_and_words_with_none_for_what_was_skipped(people: Sequence[Person]) -> None:
    says(people[0])
    says(people[1], {**GOOD, "cijfer": "over", "gebruikt": "over"})
    says(people[2], dict.fromkeys(QUESTIONS, "over"))
    today = timezone.localdate()
    assert cards(people[0].organisation) == [
        (people[0].pk, "proefmodule", {"cijfer": 8, "aanbeveling": 10, "gebruikt": "ja", "zwaarte": "goed"}, today),
        (people[1].pk, "proefmodule", {"cijfer": None, "aanbeveling": 10, "gebruikt": None, "zwaarte": "goed"}, today),
        (people[2].pk, "proefmodule", dict.fromkeys(QUESTIONS), today),
    ]


def test_only_cards_of_the_organisation_are_read(people: Sequence[Person], edition: ModuleEdition) -> None:
    stranger = PersonFactory.create()
    assert stranger.organisation_id != people[0].organisation_id
    enrolled(stranger, edition)
    says(stranger)
    assert cards(people[0].organisation) == []
    assert [row[0] for row in cards(stranger.organisation)] == [stranger.pk]


def test_a_card_that_was_taken_back_is_gone_and_a_new_one_counts(people: Sequence[Person]) -> None:
    says(people[0])
    assert send(people[0], "kaart", "erase", zeker="ja").status_code == 200
    assert cards(people[0].organisation) == []
    says(people[0], {**GOOD, "cijfer": "6"})
    assert [row[2]["cijfer"] for row in cards(people[0].organisation)] == [6]


def test_taking_back_one_card_takes_back_those_of_all_modules_and_nothing_else(
    people: Sequence[Person], tmp_path: Path
) -> None:
    mine = people[0]
    other = enrolled(mine, publish_folder(looking_back_folder(tmp_path / "twee", key="twee")))
    complete(other, ago=OPENS_AFTER)
    for module in ("proefmodule", "twee"):
        says(mine, module=module)
        looks_back(mine, module=module) if module == "proefmodule" else None
    assert [row[1] for row in cards(mine.organisation)] == ["proefmodule", "twee"]
    send(mine, "kaart", "erase", module="twee", zeker="ja")
    assert cards(mine.organisation) == []
    assert len(list(looked_back(mine.organisation_id))) == 1


def test_looking_back_is_read_as_yes_or_no_beside_the_statements_and_without_a_word(people: Sequence[Person]) -> None:
    looks_back(people[0], "4")
    looks_back(people[1], "nvt", talk="")
    send(people[2], "gesprek", gesprek=SECRET)
    today = timezone.localdate()
    assert list(looked_back(people[0].organisation_id)) == [
        (people[0].pk, "proefmodule", {"anders": True}, dict.fromkeys(STATEMENTS, 4), today),
        (people[1].pk, "proefmodule", {"anders": False}, dict.fromkeys(STATEMENTS), today),
        (people[2].pk, "proefmodule", {"anders": True}, dict.fromkeys(STATEMENTS), today),
    ]


def test_who_only_filled_in_the_statements_isnt_among_who_looked_back(people: Sequence[Person]) -> None:
    send(people[0], "zinnen", keer="later", **alike("4"))
    assert list(looked_back(people[0].organisation_id)) == []


def test_statements_that_were_taken_back_are_none(people: Sequence[Person]) -> None:
    looks_back(people[0])
    assert send(people[0], "zinnen", "erase", zeker="ja").status_code == 200
    ((_person, _module, _talk, statements, _day),) = looked_back(people[0].organisation_id)
    assert statements == dict.fromkeys(STATEMENTS)


def test_what_wont_open_is_left_out_and_stops_nothing(people: Sequence[Person]) -> None:
    says(people[0])
    says(people[1])
    Attempt.objects.filter(person=people[0]).update(answers={"verzegeld": "AAAA"})
    assert [row[0] for row in cards(people[0].organisation)] == [people[1].pk]


def test_reading_all_takes_as_many_queries_for_many_as_for_one(
    people: Sequence[Person], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    says(people[0])
    looks_back(people[0])
    for read in (exit_cards, looked_back):
        list(read(people[0].organisation_id))
        with django_assert_num_queries(2):
            assert len(list(read(people[0].organisation_id))) == 1
    for each in people[1:]:
        says(each)
        looks_back(each)
    for read in (exit_cards, looked_back):
        with django_assert_num_queries(2):
            assert len(list(read(people[0].organisation_id))) == 3
