"""Something said in the journal: class C, as what is written there (curriculum 3.f, 4.5)."""

from __future__ import annotations

import base64
import json
import logging
import re
import subprocess
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs.runner import drain
from learning.journal import queries, services
from learning.journal.models import JournalEntry, JournalShareView
from learning.people.models import Person
from learning.recordings import sound as sounds
from learning.recordings.models import Recording
from learning.recordings.sound import measured
from learning.runtime import storage
from learning.sealing import WontOpen
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition
from tests.factories import PersonFactory
from tests.forms import answer_form
from tests.learning.journal.conftest import edition, reader, signed_in
from tests.learning.recordings.conftest import sound

__all__ = ["edition", "reader"]

UNIT = "/leren/proefmodule/u1/"
FORM = 2  # after the two quizzes of the unit
WORDS = "Een olifantenpaadje."


def file(data: bytes, name: str = "opname.webm", kind: str = "audio/webm") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=kind)


def drawn(client: Client) -> tuple[str, dict[str, str]]:
    return answer_form(client.get(UNIT).text, FORM)


def say(client: Client, data: bytes | None = None, form: tuple[str, dict[str, str]] | None = None, **extra: Any) -> Any:
    """Send the form of the journal as script does, with a recording."""
    action, hidden = form or drawn(client)
    words = {"tekst": "", "labels": "", **extra.pop("words", {})}
    given = {**hidden, **words, "opname": file(sound() if data is None else data, **extra)}
    return client.post(action, given, headers={"X-Fragment": "1"})


@pytest.fixture
def spoken(learner: Client) -> JournalEntry:
    assert say(learner).status_code == 200
    return JournalEntry.objects.get()


# --- kept


def test_something_said_is_an_entry_and_completes_the_activity(learner: Client, person: Person) -> None:
    answer = say(learner)
    assert "Bewaard in je journaal" in answer.text
    entry = next(queries.entries(person))
    assert (entry.text, entry.seconds, entry.clock) == ("", 2, "0:02")
    assert ActivityProgress.objects.get().status == "afgerond"
    assert f"/journaal/{entry.id}/opname/" in learner.get(UNIT).text


def test_own_words_may_stand_beside_it_and_are_found(learner: Client, person: Person) -> None:
    say(learner, words={"tekst": WORDS, "labels": "paadje"})
    entry = next(queries.entries(person))
    assert (entry.text, entry.tags, entry.seconds) == (WORDS, ("paadje",), 2)
    assert "<audio" in learner.post("/journaal/zoeken/", {"words": "olifant"}).text


def test_what_was_sent_twice_is_kept_once(learner: Client) -> None:
    form = drawn(learner)
    say(learner, form=form)
    say(learner, form=form)
    assert (JournalEntry.objects.count(), Recording.objects.count()) == (1, 1)


def test_an_old_form_sent_again_with_something_else_changes_nothing(learner: Client, person: Person) -> None:
    action, hidden = drawn(learner)
    learner.post(action, {**hidden, "tekst": WORDS, "labels": ""}, headers={"X-Fragment": "1"})
    say(learner, form=(action, hidden))
    assert next(queries.entries(person)).seconds == 0
    assert not Recording.objects.exists()


def test_a_late_second_post_doesnt_bring_back_what_was_erased(learner: Client, person: Person) -> None:
    form = drawn(learner)
    say(learner, form=form)
    services.delete(person, entry_id=JournalEntry.objects.get().pk)
    say(learner, form=form)
    assert (JournalEntry.objects.count(), Recording.objects.count()) == (0, 0)


def test_other_words_leave_what_was_said(learner: Client, person: Person, spoken: JournalEntry) -> None:
    page = learner.get(f"/journaal/{spoken.pk}/")
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen
    sent = {"text": WORDS, "labels": "", "token": "vorm-0009", "seen": seen[1]}
    assert learner.post(f"/journaal/{spoken.pk}/", sent).status_code == 302
    entry = next(queries.entries(person))
    assert (entry.text, entry.seconds) == (WORDS, 2)
    assert learner.get(f"/journaal/{spoken.pk}/opname/").status_code == 200


def test_without_script_it_is_a_file_and_the_page_goes_on(learner: Client) -> None:
    action, hidden = drawn(learner)
    answer = learner.post(action, {**hidden, "tekst": "", "labels": "", "opname": file(sound("mp4"), "memo.m4a")})
    assert answer.status_code == 302
    assert "/opname/" in learner.get(UNIT).text
    assert Recording.objects.get().kind == "mp4"


def test_without_script_an_empty_file_field_is_no_recording(learner: Client) -> None:
    action, hidden = drawn(learner)
    body = "".join(
        f'--grens\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**hidden, "tekst": WORDS, "labels": ""}.items()
    )
    body += '--grens\r\nContent-Disposition: form-data; name="opname"; filename=""\r\n'
    body += "Content-Type: application/octet-stream\r\n\r\n\r\n--grens--\r\n"
    assert learner.post(action, body.encode(), content_type="multipart/form-data; boundary=grens").status_code == 302
    assert (JournalEntry.objects.count(), Recording.objects.count()) == (1, 0)


def test_on_a_page_of_its_own_one_can_say_something_too(learner: Client, person: Person) -> None:
    page = learner.get("/journaal/nieuw/").text
    assert "data-recorder" in page
    sent = {"text": "", "labels": "", "token": "vorm-0001", "opname": file(sound("ogg"))}
    assert learner.post("/journaal/nieuw/", sent).status_code == 302
    assert next(queries.entries(person)).seconds == 2


# --- refused


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<html>geen geluid</html>", "kunnen we niet afspelen"),
        (sound()[:40], "kunnen we niet afspelen"),
        (sound("mp3", 190), "langer dan 3:00"),
        (sound() + bytes(4_000_000), "te groot"),
    ],
    ids=["wrong type", "broken", "too long", "too large"],
)
def test_what_cant_be_kept_is_refused_with_a_sentence(learner: Client, data: bytes, sentence: str) -> None:
    refused = say(learner, data, words={"tekst": WORDS})
    assert refused.status_code == 422
    assert sentence in refused.text
    assert WORDS in refused.text
    assert not JournalEntry.objects.exists()
    own = learner.post("/journaal/nieuw/", {"text": WORDS, "token": "vorm-0001", "opname": file(data)})
    assert own.status_code == 422
    assert sentence in own.text
    assert WORDS in own.text
    assert (JournalEntry.objects.count(), Recording.objects.count()) == (0, 0)


def test_the_sender_decides_nothing_about_the_type(learner: Client) -> None:
    say(learner, sound("ogg"), name="../../etc/x.html", kind="text/html")
    heard = learner.get(f"/journaal/{JournalEntry.objects.get().pk}/opname/")
    assert heard.headers["Content-Type"] == "audio/ogg"
    assert heard.headers["Content-Disposition"] == 'inline; filename="opname.ogg"'


def test_thinking_outside_doesnt_throw_away_what_was_said(learner: Client) -> None:
    action, hidden = drawn(learner)
    outside = action.replace("/write/", "/outside/")
    refused = learner.post(
        outside, {**hidden, "tekst": "", "labels": "", "opname": file(sound())}, headers={"X-Fragment": "1"}
    )
    assert refused.status_code == 422
    assert "Je sprak ook iets in" in refused.text


@pytest.mark.parametrize("address", ["/journaal/zoeken/", "/inloggen/", "/journaal/bewaren/"])
def test_nowhere_else_is_more_than_a_form_taken(learner: Client, address: str) -> None:
    assert learner.post(address, {"opname": file(bytes(1_500_000))}).status_code == 413


def test_no_recording_is_larger_than_the_largest(learner: Client) -> None:
    assert say(learner, bytes(5_000_000)).status_code == 413
    assert "hoogstens 4 MB" in say(learner, bytes(5_000_000)).text


def test_a_large_form_without_a_file_is_still_too_large(learner: Client) -> None:
    action, _ = drawn(learner)
    body = "tekst=" + "a" * 1_500_000
    assert learner.post(action, body, content_type="application/x-www-form-urlencoded").status_code == 413


def test_a_full_database_keeps_nothing_by_halves(learner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("database or disk is full")

    form = drawn(learner)
    with monkeypatch.context() as broken:
        broken.setattr(storage, "keep", full)
        learner.raise_request_exception = False
        assert say(learner, form=form).status_code == 500
    assert (JournalEntry.objects.count(), Recording.objects.count()) == (0, 0)
    assert say(learner, form=form).status_code == 200
    assert Recording.objects.count() == 1


def test_when_too_many_come_at_once_it_is_asked_for_later(learner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def acquire(self, timeout: float) -> bool:
            return False

    monkeypatch.setattr(sounds, "_AT_ONCE", Full())
    assert say(learner).status_code == 503
    assert not JournalEntry.objects.exists()


def test_where_sound_cant_be_measured_none_is_taken(learner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("learning.runtime.services.can_measure", lambda: False)
    monkeypatch.setattr("learning.journal.views.entries.can_measure", lambda: False)
    assert "data-recorder" not in learner.get("/journaal/nieuw/").text
    assert say(learner).status_code == 422
    assert not Recording.objects.exists()


# --- heard


def test_its_owner_hears_it_whole_or_in_parts(learner: Client, spoken: JournalEntry) -> None:
    address = f"/journaal/{spoken.pk}/opname/"
    whole = learner.get(address)
    assert measured(whole.content).seconds == pytest.approx(2, abs=0.1)
    part = learner.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.content)}"


def test_what_is_heard_is_nothing_but_sound_and_in_no_cache(learner: Client, spoken: JournalEntry) -> None:
    headers = learner.get(f"/journaal/{spoken.pk}/opname/").headers
    assert headers["Content-Type"] == "audio/webm"
    assert {"no-store", "private"} <= set(headers["Cache-Control"].split(", "))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_nobody_else_hears_it(person: Person, spoken: JournalEntry, who: str) -> None:
    other = PersonFactory.create(**({"organisation": person.organisation} if who == "colleague" else {}))
    for address in (f"/journaal/{spoken.pk}/opname/", reverse("runtime:recording", args=[Recording.objects.get().pk])):
        assert signed_in(other).get(address).status_code == 404


def test_who_it_was_shared_with_hears_it_until_it_is_withdrawn(
    person: Person, spoken: JournalEntry, reader: Person
) -> None:
    services.share(person, entry_id=spoken.pk, reader=reader, last_day=timezone.localdate())
    (share,) = queries.own_shares(person, spoken.pk)
    address, client = f"/journaal/gedeeld/{share.id}/opname/", signed_in(reader)
    assert address in client.get(f"/journaal/gedeeld/{share.id}/").text
    assert client.get(address).status_code == 200
    assert client.get(f"/journaal/{spoken.pk}/opname/").status_code == 404
    services.withdraw(person, entry_id=spoken.pk, share_id=share.id)
    assert client.get(address).status_code == 404


def test_its_owner_sees_that_somebody_listened_once_however_often_a_player_asks(
    person: Person, spoken: JournalEntry, reader: Person
) -> None:
    services.share(person, entry_id=spoken.pk, reader=reader, last_day=timezone.localdate())
    (share,) = queries.own_shares(person, spoken.pk)
    client = signed_in(reader)
    for part in ("bytes=0-", "bytes=0-99", "bytes=100-"):
        client.get(f"/journaal/gedeeld/{share.id}/opname/", headers={"Range": part})
    assert JournalShareView.objects.count() == 1


# --- gone, taken along, and nowhere else


def test_it_is_gone_at_once_with_its_entry(learner: Client, spoken: JournalEntry) -> None:
    learner.post(f"/journaal/{spoken.pk}/wissen/")
    assert not Recording.objects.exists()
    assert learner.get(f"/journaal/{spoken.pk}/opname/").status_code == 404


def test_it_is_sealed_and_opens_nowhere_but_in_its_place(person: Person, learner: Client, spoken: JournalEntry) -> None:
    row = Recording.objects.get()
    kept = queries.own_sound(person, spoken.pk)
    assert kept
    assert kept.data[:4] == b"\x1aE\xdf\xa3"
    assert b"Opus" in kept.data
    assert b"Opus" not in bytes(row.sealed)
    Recording.objects.update(person=PersonFactory.create())
    with pytest.raises(WontOpen):
        queries.own_sound(person, spoken.pk)


def test_the_json_holds_the_sound_itself(learner: Client, person: Person, spoken: JournalEntry) -> None:
    services.write(person, text=WORDS, tags=[], token="vorm-0002")
    notes = json.loads(learner.get("/journaal/bewaren/journaal.json").getvalue())["notities"]
    assert [bool(note["opname"]) for note in notes] == [False, True]
    held = notes[1]["opname"]
    assert (held["seconden"], held["soort"]) == (2, "audio/webm")
    assert base64.b64decode(held["base64"]) == learner.get(f"/journaal/{spoken.pk}/opname/").content


def test_the_pdf_says_how_long_was_spoken(person: Person, spoken: JournalEntry) -> None:
    services.ask_export(person)
    drain()
    made = queries.export_file(person)
    assert made
    text = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    assert "Gesproken tekst (0:02)" in text


def test_nothing_of_it_is_in_a_log_a_job_or_an_event(
    learner: Client, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    say(learner, name="geheime-naam.webm")
    say(learner, b"geen geluid", name="geheime-naam.webm")
    tables = [str(list(model._default_manager.values())) for model in apps.get_models()]
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [place for place in (*tables, *logged) if "geheime-naam" in place]


def test_a_page_with_recordings_costs_as_many_questions_as_one_without(
    learner: Client, person: Person, enrolment: Enrolment, edition: ModuleEdition,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    learner.get(UNIT)
    for number in range(3):
        services.write(
            person, text="", tags=[], token=f"vorm-{number}", usage="proefmodule/stil", take=measured(sound())
        )
    with django_assert_max_num_queries(8):
        page = learner.get(UNIT).text
    assert page.count("/opname/") == 3
