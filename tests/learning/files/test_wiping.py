"""What must go goes on its day: from the store first, then from the table, and the proof stays."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from jobs import periodic, runner
from jobs.models import Job, Receiver, Status
from learning.files import queries, services, tasks
from learning.files.models import FileState, StoredFile, WipedFile
from learning.files.pieces import PIECE, Blob
from learning.files.store import StoreTrouble, store
from learning.files.store.folder import Folder
from learning.people.models import Person
from learning.people.retention import OWN_DAY
from tests.factories import nights
from tests.learning.files.conftest import PURPOSE, all_bytes, ready, sent
from tests.learning.recordings.conftest import sound


def night() -> None:
    """The round of every day, and what it records."""
    nights.night(OWN_DAY)
    tasks.wipe_due({})
    runner.drain()


def proof(file: StoredFile) -> WipedFile:
    return WipedFile.objects.get(key=file.key)


def test_the_round_is_made_every_day(db: None) -> None:
    assert "files.wipe_due" in periodic.record_due()


def test_on_its_day_it_is_gone_and_there_is_proof(person: Person, folder: Path) -> None:
    file, later = ready(person), ready(person)
    services.due_to_wipe_on(file, timezone.localdate())
    services.due_to_wipe_on(later, timezone.localdate() + timedelta(days=1))
    night()
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    assert not list(store().names(f"{file.key}/"))
    assert (proof(file).reason, proof(file).purpose, proof(file).due_on) == ("dag", PURPOSE, timezone.localdate())
    assert list(store().names(f"{later.key}/"))
    services.due_to_wipe_on(later, None)
    night()
    assert StoredFile.objects.get().pk == later.pk
    assert WipedFile.objects.count() == 1


def test_the_proof_says_nothing_of_whose_it_was(person: Person) -> None:
    fields = {field.name for field in WipedFile._meta.fields}
    assert fields == {"id", "key", "purpose", "due_on", "reason", "wiped_at"}


def test_of_who_was_erased_everything_goes(person: Person, folder: Path) -> None:
    file = ready(person)
    person.delete()
    night()
    assert proof(file).reason == "gewist"
    assert not all_bytes(folder)


def test_what_was_left_behind_half_way_goes_after_two_days(person: Person, folder: Path) -> None:
    file = services.begin(person, purpose=PURPOSE, size=2 * PIECE)
    services.append(file, offset=0, data=b"OggS" + bytes(PIECE - 4))
    night()
    assert queries.of(person, file.key)
    StoredFile.objects.update(changed_at=timezone.now() - timedelta(days=2, seconds=1))
    night()
    assert proof(file).reason == "blijven_liggen"
    assert not all_bytes(folder)


def test_what_was_refused_can_be_read_for_a_week(person: Person) -> None:
    file = ready(person, b"OggS and nothing")
    assert file.state == FileState.REFUSED
    StoredFile.objects.update(changed_at=timezone.now() - timedelta(days=6))
    night()
    assert queries.of(person, file.key)
    StoredFile.objects.update(changed_at=timezone.now() - timedelta(days=8))
    night()
    assert proof(file).reason == "geweigerd"


def test_as_long_as_the_store_keeps_it_there_is_no_proof(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    file = ready(person)
    services.due_to_wipe_on(file, timezone.localdate())

    def away(*_: object) -> None:
        raise StoreTrouble("EIO")

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "delete", away)
        night()
    assert StoredFile.objects.filter(pk=file.pk).exists()
    assert not WipedFile.objects.exists()
    assert Job.objects.get(kind=services.WIPE).status == Status.WAITING
    Job.objects.update(due=timezone.now(), held_until=None)
    Receiver.objects.all().delete()
    runner.drain()
    assert proof(file)


def test_wiped_twice_there_is_one_proof(person: Person) -> None:
    file = ready(person)
    services.erase(file)
    then = tasks.wipe({"file": file.pk, "reason": "gewist"})
    again = tasks.wipe({"file": file.pk, "reason": "gewist"})
    assert then
    assert again
    then()
    again()
    assert WipedFile.objects.count() == 1
    assert tasks.wipe({"file": file.pk, "reason": "gewist"}) is None


def test_what_a_crash_left_in_the_store_is_swept_and_what_isnt_ours_is_left(person: Person, folder: Path) -> None:
    file = ready(person)
    orphan = uuid.uuid4()
    Blob(orphan, "komt", 5).put(0, b"OggSx", last=True)
    (folder / "README").write_text("van de beheerder")
    night()
    assert sorted(store().files()) == sorted(["README", str(file.key)])


def test_a_file_that_is_made_playable_isnt_wiped_under_its_hands(person: Person) -> None:
    """Jobs of one file have one serial."""
    file = sent(person, sound())
    services.erase(file)
    serials = set(Job.objects.values_list("serial", flat=True))
    assert serials == {f"file:{file.pk}"}
    runner.drain()
    assert proof(file)


def test_a_payload_says_nothing_but_a_number_and_a_word(person: Person) -> None:
    services.erase(ready(person))
    for job in Job.objects.all():
        assert person.name not in job.payload
        assert set(json.loads(job.payload)) <= {"file", "reason"}
