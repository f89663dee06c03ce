"""Going, by oneself: seeing first, saying it twice, and being gone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job, Status
from jobs.runner import drain
from learning.files.models import StoredFile
from learning.journal.models import JournalEntry
from learning.owndata import queries, services
from learning.people import groups
from learning.people.models import Group, Person, Role
from learning.people.services import set_roles_from
from lti.embedding import FRAME_ORIGINS
from tests.factories import PersonFactory
from tests.factories.practice import trainer_in

ERASE, SURE = "/mijn-gegevens/wissen/", "/mijn-gegevens/wissen/zeker/"


def form_on(client: Client) -> str:
    return re.search(r'name="vorm" value="([^"]+)"', client.get(SURE).text)[1]  # type: ignore[index]


def send(client: Client, form: str, word: str = "wissen") -> Any:
    return client.post(SURE, {"vorm": form, "word": word})


def test_first_they_see_per_kind_what_goes_and_what_stays(mine: Client, me: Person) -> None:
    page = mine.get(ERASE).text
    assert "Wat je in je journaal schreef" in page
    assert "Wat je zegt" not in page
    assert "zonder wat je eerder deed" in page
    assert "Neem eerst alles mee" in page
    assert Person.objects.filter(pk=me.pk, is_active=True).exists()


def test_what_becomes_of_certificates_is_said_as_it_is_set(mine: Client, settings: Any) -> None:
    assert "Je bewijzen gaan ook weg" in mine.get(ERASE).text
    settings.CERTIFICATES_SURVIVE_ERASURE = True
    assert "blijven het nummer en de datum" in mine.get(ERASE).text


def test_whoever_types_the_word_is_signed_out_erased_and_told_so(mine: Client, me: Person) -> None:
    elsewhere = Client()
    elsewhere.force_login(me)
    services.ask(me)
    drain()
    response = send(mine, form_on(mine))
    assert response.status_code == 302
    where = response.headers["Location"]
    assert me.pseudonym.hex not in where
    assert str(me.pseudonym) not in where
    assert "_auth_user_id" not in mine.session
    assert elsewhere.get("/mijn-gegevens/").status_code == 302, "before the job"
    stranger = Client()
    assert "We wissen nu alles van je" in stranger.get(where).text
    drain()
    assert not Person.objects.filter(pk=me.pk).exists()
    assert not JournalEntry.objects.exists()
    assert not StoredFile.objects.exists()
    assert not [each for each in Session.objects.all() if "_auth_user_id" in each.get_decoded()]
    assert not Job.objects.filter(kind__startswith="owndata").exists()
    page = stranger.get(where).text
    assert "Alles van jou is hier gewist" in page
    assert "data-busy" not in page
    assert "data-busy" not in stranger.get(where, headers={"X-Fragment": "1"}).text


def test_sent_twice_or_from_two_tabs_it_happens_once_and_says_so_each_time(mine: Client, me: Person) -> None:
    one, other = form_on(mine), form_on(mine)
    again = Client()
    again.cookies.load({name: cookie.value for name, cookie in mine.cookies.items()})
    assert "tot-ziens" in send(mine, one).headers["Location"]
    assert "tot-ziens" in send(again, one).headers["Location"]
    drain()
    assert "tot-ziens" in send(again, other).headers["Location"]
    assert "Alles van jou" in Client().get(send(again, other).headers["Location"]).text
    drain()


@pytest.mark.parametrize("word", ["", "ja", "wissen maar"])
def test_another_word_changes_nothing_and_keeps_what_was_typed(mine: Client, me: Person, word: str) -> None:
    response = send(mine, form_on(mine), word)
    assert response.status_code == 422
    assert f'value="{word}"' in response.text or not word
    assert "aria-invalid" in response.text
    drain()
    assert Person.objects.filter(pk=me.pk, is_active=True).exists()


@pytest.mark.parametrize("word", ["wissen", " Wissen ", "“wissen”", "WISSEN.", "erase"])
def test_the_word_is_taken_as_people_type_it(mine: Client, me: Person, word: str) -> None:
    assert send(mine, form_on(mine), word).status_code == 302
    assert not Person.objects.get(pk=me.pk).is_active


@pytest.mark.parametrize("form", ["", "verzonnen", "of-another", "old"])
def test_a_form_of_nobody_of_another_or_of_hours_ago_erases_nobody(
    mine: Client, me: Person, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = PersonFactory.create(organisation=me.organisation)
    if form == "of-another":
        form = services.form_for(other)
    if form == "old":
        form = services.form_for(me)
        monkeypatch.setattr(services, "FORM_HOLDS", -1)
    response = send(mine, form)
    assert response.status_code == 422
    assert "stond te lang open" in response.text
    drain()
    assert Person.objects.filter(is_active=True, pk__in=[me.pk, other.pk]).count() == 2
    assert Client().post(SURE, {"vorm": services.form_for(other), "word": "wissen"}).status_code == 302
    drain()
    assert Person.objects.filter(is_active=True, pk=other.pk).exists()


def test_a_form_is_of_use_for_nothing_else(me: Person) -> None:
    assert services.person_of(signing.TimestampSigner(salt="iets.anders").sign(me.pseudonym.hex)) is None
    assert services.person_of(services.form_for(me)) == me.pseudonym


def test_while_a_job_is_at_work_for_them_it_waits_says_so_and_goes_on_by_itself(mine: Client, me: Person) -> None:
    services.ask(me)
    Job.objects.filter(kind=queries.EXPORT).update(
        status=Status.RUNNING, lease="x", due=timezone.now() + timedelta(minutes=1)
    )
    where = send(mine, form_on(mine)).headers["Location"]
    drain()
    assert "We wissen nu alles van je" in Client().get(where).text
    job = Job.objects.get(kind=queries.ERASE)
    assert (job.status, job.last_reason) == (Status.WAITING, "a job is at work for this person")
    Job.objects.filter(kind=queries.EXPORT).update(status=Status.DONE, finished_at=timezone.now(), lease="")
    Job.objects.filter(pk=job.pk).update(due=timezone.now())
    drain()
    assert "Alles van jou is hier gewist" in Client().get(where).text


def test_what_stopped_for_good_is_said_and_an_operator_can_go_on_with_it(mine: Client, me: Person) -> None:
    where = send(mine, form_on(mine)).headers["Location"]
    Job.objects.filter(kind=queries.ERASE).update(status=Status.FAILED, finished_at=timezone.now())
    assert "Het wissen is blijven steken" in Client().get(where).text
    assert mine.get("/mijn-gegevens/").status_code == 302


@pytest.mark.parametrize("mark", ["x", "a" * 80, "é", "AAAA", "=" * 5])
def test_a_goodbye_that_is_nobodys_is_not_there(db: None, mark: str) -> None:
    assert Client().get(f"/mijn-gegevens/tot-ziens/{mark}/").status_code == 404


def test_the_goodbye_of_somebody_who_is_here_or_was_only_suspended_is_not_there(me: Person) -> None:
    where = f"/mijn-gegevens/tot-ziens/{services.mark_of(me.pseudonym)}/"
    assert Client().get(where).status_code == 404
    Person.objects.update(is_active=False)
    assert Client().get(where).status_code == 404


def test_in_the_frame_of_an_lms_one_stays_there_until_the_goodbye(mine: Client) -> None:
    session = mine.session
    session[FRAME_ORIGINS] = ["https://lms.example"]
    session.save()
    response = send(mine, form_on(mine))
    goodbye = mine.get(response.headers["Location"])
    assert "frame-ancestors https://lms.example" in goodbye.headers["Content-Security-Policy"]
    assert "_auth_user_id" not in mine.session


def test_who_signs_in_after_somebody_in_a_frame_stands_in_none(mine: Client, me: Person) -> None:
    session = mine.session
    session[FRAME_ORIGINS] = ["https://lms.example"]
    session.save()
    send(mine, form_on(mine))
    other = PersonFactory.create(organisation=me.organisation, username="an.der")
    other.set_password("een lang wachtwoord")
    other.save()
    mine.post("/inloggen/", {"username": "an.der", "password": "een lang wachtwoord"})
    page = mine.get("/mijn-gegevens/")
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_many_rows_cost_no_more_questions_than_few(mine: Client, me: Person) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert mine.get(ERASE).status_code == 200
        return len(seen)

    asked()  # what is remembered of a first time
    few = asked()
    for number in range(20):
        JournalEntry.objects.create(
            person=me, token=f"t{number}", sealed=b"x", written_at=timezone.now(), changed_at=timezone.now()
        )
    assert asked() == few


# --- who is still needed


@pytest.fixture
def trainer(me: Person) -> Person:
    set_roles_from(me, organisation=me.organisation, source="local", roles=[Role.TRAINER])
    return me


@pytest.fixture
def group(trainer: Person) -> Group:
    group = groups.make_group(trainer, name="Groep Waterland", ends_on=None)
    groups.add_people(group, [PersonFactory.create(organisation=trainer.organisation)])
    return group


def test_the_only_trainer_of_a_running_group_first_finds_another(mine: Client, trainer: Person, group: Group) -> None:
    page = mine.get(ERASE).text
    assert "enige trainer" in page
    assert "Groep Waterland" in page
    assert "Verder met wissen" not in page
    assert mine.get(SURE).headers["Location"] == ERASE
    assert send(mine, services.form_for(trainer)).headers["Location"] == ERASE
    assert Person.objects.get(pk=trainer.pk).is_active
    colleague = trainer_in(trainer.organisation)
    groups.add_trainer(group, colleague, until=timezone.localdate())
    assert queries.bound(trainer), "who only stands in goes too"
    groups.take_out(group, colleague)
    groups.add_trainer(group, colleague, until=None)
    assert not queries.bound(trainer)
    assert "tot-ziens" in send(mine, form_on(mine)).headers["Location"]


def test_of_two_trainers_only_one_can_go(trainer: Person, group: Group) -> None:
    colleague = trainer_in(trainer.organisation)
    groups.add_trainer(group, colleague, until=None)
    services.ask_erasing(trainer)
    with pytest.raises(services.StillBound):
        services.ask_erasing(colleague)


@pytest.mark.parametrize("how", ["ended", "empty", "no role any more"])
def test_a_group_that_needs_nobody_holds_nobody(trainer: Person, group: Group, how: str) -> None:
    assert queries.bound(trainer)
    if how == "ended":
        groups.close(group)
    elif how == "empty":
        group.members.filter(is_trainer=False).delete()
    else:
        trainer.roles.all().delete()
    assert not queries.bound(trainer)


def test_the_last_beheer_of_an_organisation_first_finds_another(mine: Client, me: Person) -> None:
    set_roles_from(me, organisation=me.organisation, source="local", roles=[Role.BEHEER])
    assert not queries.bound(me), "with nobody else there is nothing to look after"
    colleague = PersonFactory.create(organisation=me.organisation)
    PersonFactory.create()
    assert "enige beheerder" in mine.get(ERASE).text
    with pytest.raises(services.StillBound):
        services.ask_erasing(me)
    set_roles_from(colleague, organisation=me.organisation, source="local", roles=[Role.BEHEER])
    assert "enige beheerder" not in mine.get(ERASE).text
    services.ask_erasing(me)
