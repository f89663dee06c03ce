"""What the journal's own pages tell: that somebody reflected, shared and took back; nothing of what, or with whom."""

from __future__ import annotations

import json
from datetime import timedelta

from django.utils import timezone

from jobs.models import Job
from learning.journal import services
from learning.journal.models import JournalEntry, JournalShare
from learning.people.models import Person
from tests.factories import PersonFactory
from xapi.services import KIND

SECRET = "kraaienveer"


def told() -> list[str]:
    payloads = [json.loads(job.payload) for job in Job.objects.filter(kind=KIND).order_by("turn")]
    assert SECRET not in json.dumps(payloads)
    assert all(payload["usage"] == "" and fact.keys() == {"verb"} for payload in payloads for fact in payload["told"])
    return [fact["verb"] for payload in payloads for fact in payload["told"]]


def written(person: Person, token: str = "vorm-0001", usage: str = "") -> JournalEntry:
    services.write(person, text=SECRET, tags=[SECRET], token=token, usage=usage)
    return JournalEntry.objects.get(person=person, token=token)


def test_a_text_is_told_once_however_often_its_form_comes(person: Person, on: None) -> None:
    for _ in range(2):
        written(person)
    assert told() == ["reflected"]
    written(person, token="vorm-0002")
    assert told() == ["reflected", "reflected"]


def test_one_at_an_activity_is_left_to_the_activity(person: Person, on: None) -> None:
    written(person, usage="proefmodule/journaal")
    assert told() == []


def test_sharing_and_taking_back_are_told_each_time_it_changes(person: Person, on: None) -> None:
    entry, reader = written(person), PersonFactory.create(organisation=person.organisation)
    until = timezone.localdate() + timedelta(days=7)
    for day in (until, until + timedelta(days=1)):
        services.share(person, entry_id=entry.pk, reader=reader, last_day=day)
    share = JournalShare.objects.get(entry=entry)
    for _ in range(2):
        services.withdraw(person, entry_id=entry.pk, share_id=share.pk)
    services.share(person, entry_id=entry.pk, reader=reader, last_day=until)
    assert told() == ["reflected", "shared-with", "withdrew", "shared-with"]


def test_changing_and_deleting_are_nobody_s_business(person: Person, on: None) -> None:
    entry = written(person)
    services.replace(person, entry_id=entry.pk, text="anders", tags=[])
    services.delete(person, entry_id=entry.pk)
    assert told() == ["reflected"]


def test_without_an_lrs_nothing_is_recorded(person: Person) -> None:
    written(person)
    assert told() == []
