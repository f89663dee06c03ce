"""Who asks gets all there is of them, and who wants to go is gone: from every table, every file, every job."""

from __future__ import annotations

import io
import json
import re
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates import store
from certificates.models import Certificate
from jobs import runner
from jobs.models import Job, Status
from learning import sealing
from learning.files.models import StoredFile, WipedFile
from learning.files.pieces import PIECE, Blob
from learning.files.store import StoreTrouble, folder
from learning.journal import services as journal
from learning.people import erasing, exporting, personal
from learning.people.models import Person
from learning.practice.models import Assessment, Assignment, Comment, State, Work
from learning.practice.sealed import opened
from learning.runtime.models import BlockState
from tests.factories import PersonFactory
from tests.learning.people.everything import EMAIL, NAME, SOUND, SUBJECT, Everything, did_everything, kept

pytestmark = pytest.mark.django_db

MARKER = re.compile(r"WEG-[\w-]+\w")


class _Glass:
    """Seals nothing, so that what is left over can be seen."""

    def encrypt(self, nonce: bytes, data: bytes, place: bytes) -> bytes:
        return data

    def decrypt(self, nonce: bytes, data: memoryview, place: bytes) -> bytes:
        return bytes(data)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def glass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_keys", lambda keys: (sealing._Key(b"glas", _Glass()),))  # type: ignore[arg-type]


@pytest.fixture
def everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Everything:
    monkeypatch.setattr("learning.practice.services.seconding.is_drawn", lambda kept: False)
    return did_everything(tmp_path)


def rows() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        for values in model._base_manager.values():
            readable = {name: bytes(v) if isinstance(v, memoryview) else v for name, v in values.items()}
            yield model._meta.label, str(readable)


def left(*words: str) -> list[tuple[str, str]]:
    return [(table, word) for table, row in rows() for word in words if word in row]


def all_bytes(folder: Path) -> bytes:
    files = (file for part in ("files", "certificates") for file in (folder / part).rglob("*"))
    return b"".join(file.read_bytes() for file in files if file.is_file())


def exported(person: Person) -> ZipFile:
    target = io.BytesIO()
    exporting.write(person, target)
    return ZipFile(target)


# --- getting it


def test_all_that_somebody_wrote_is_in_their_export_twice_and_what_they_said_as_sound(everything: Everything) -> None:
    archive = exported(everything.person)
    assert archive.testzip() is None
    told, page = archive.read(exporting.JSON).decode(), archive.read(exporting.PAGE).decode()
    written = {
        "WEG-eigen-kaart", "WEG-antwoord", "WEG-dagboek", "WEG-label", "WEG-ondertitels", "WEG-melkveehouder",
        "WEG-vraag-aan-collega", "WEG-geobserveerd", "WEG-gezien-door-trainer", "WEG-opmerking", "WEG-bezwaar",
        "WEG-concept-daarna", "WEG-eigen-notitie", "WEG-eigen-zin", "WEG-klopt-niet", "WEG-doel-van-deelkaart",
        "BLIJFT-gezien", "BLIJFT-opmerking", NAME, EMAIL, SUBJECT, "K7XF-49MD-X4TG",
    }  # fmt: skip
    for word in written:
        assert word in told, word
        assert word in page, word
    sounds = {name: archive.read(name) for name in archive.namelist() if name.startswith("geluid/")}
    assert sorted(sounds.values()) == sorted([SOUND, SOUND, b"WEG-gesproken-feedback"])
    assert all(name in told and name in page for name in sounds)
    named = {kind["tabel"] for kind in json.loads(told)["soorten"] if kind["rijen"]}
    assert {"lti_tool.Account", "lti_tool.Participation", "learning.Step", "jobs.Job"} <= named


def test_what_others_keep_for_themselves_and_secrets_of_ours_are_not_in_it(everything: Everything) -> None:
    everything.person.set_password("een-wachtwoord")
    everything.person.save()
    told = exported(everything.person).read(exporting.JSON).decode()
    assert "WEG-notitie-van-trainer" not in told
    assert everything.person.password not in told
    others = exported(everything.colleague)
    assert not MARKER.search(others.read(exporting.JSON).decode())
    assert not [name for name in others.namelist() if name.startswith("geluid/")]


def test_it_is_in_the_language_of_whose_it_is(everything: Everything) -> None:
    Person.objects.filter(pk=everything.person.pk).update(language="en")
    everything.person.refresh_from_db()
    page = exported(everything.person).read(exporting.PAGE).decode()
    assert '<html lang="en">' in page
    assert "What you wrote in your journal" in page


def test_what_somebody_wrote_is_shown_as_they_wrote_it_and_never_run(person: Person) -> None:
    journal.write(person, text="<script>alert(1)</script>", tags=[], token="t")
    page = exported(person).read(exporting.PAGE).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_many_rows_cost_no_more_questions_than_few(person: Person) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            exported(person)
        return len(seen)

    journal.write(person, text="een", tags=[], token="t")
    few = asked()
    for number in range(30):
        journal.write(person, text="nog een", tags=[], token=f"t{number}")
    assert asked() == few


def test_an_hour_of_sound_is_never_in_memory_as_a_whole(person: Person, tmp_path: Path) -> None:
    size = 24 * PIECE
    file = kept(person, "praktijk.opname", b"x")
    StoredFile.objects.filter(pk=file.pk).update(
        parts={"opus": {"blob": "lang", "size": size, "media_type": "audio/webm"}}
    )
    for number in range(24):
        Blob(file.key, "lang", size).put(number, bytes(PIECE), last=number == 23)
    tracemalloc.start()
    try:
        with (tmp_path / "uit.zip").open("wb") as target:
            exporting.write(person, target)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "uit.zip").stat().st_size > size
    assert most < size / 2


def test_what_wont_open_any_more_is_said_and_holds_nothing_up(person: Person) -> None:
    journal.write(person, text="weg", tags=[], token="t")
    person.journal.update(sealed=b"met een sleutel die er niet meer is")
    page = exported(person).read(exporting.PAGE).decode()
    assert "De sleutel hiervan is weg" in page


# --- going


def test_after_erasing_no_word_and_no_number_of_theirs_is_left_anywhere(
    tmp_path: Path, glass: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learning.practice.services.seconding.is_drawn", lambda kept: False)
    all_of_it = did_everything(tmp_path)
    person, number = all_of_it.person, all_of_it.person.pk
    assert {word for _table, row in rows() for word in MARKER.findall(row)} > {"WEG-dagboek", "WEG-concept-daarna"}
    assert b"WEG-stem" in all_bytes(tmp_path)
    stays = {str(line.title): line.count for line in erasing.preview(person) if line.stays}
    stored = list(StoredFile.objects.values_list("key", flat=True))
    assert erasing.erase(number)
    assert left(NAME, EMAIL, SUBJECT, str(person.pseudonym), "WEG-", "K7XF-49MD-X4TG") == []
    assert all_bytes(tmp_path) == b""
    assert set(WipedFile.objects.values_list("key", flat=True)) == set(stored)
    assert not Session.objects.exists()
    assert all(held.rows(person).count() == 0 for held in personal.all_held())
    assert not [job for job in Job.objects.all() if json.loads(job.payload).get("person") == number]
    assert all(number not in assignment.people for assignment in Assignment.objects.all())
    assert left("BLIJFT-gezien", "BLIJFT-opmerking")
    assert stays["Je opmerkingen bij het werk van anderen"] == Comment.objects.count() == 1
    assert Assessment.objects.filter(person=None).count() == stays["Wat jij van het werk van anderen vond"] == 2
    assert Assignment.objects.get(message="Succes ermee").given_by is None
    assert json.loads(BlockState.objects.get().data) == {"rating": {"waarde": 2, "door": 0}}
    runner.drain()
    assert left(NAME, EMAIL, SUBJECT, "WEG-") == []


def test_who_waited_for_them_waits_for_nobody_and_keeps_what_they_were_told(everything: Everything) -> None:
    waiting = Work.objects.get(assessor=everything.person, state=State.READING)
    assert erasing.erase(everything.person.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.assessor) == (State.HANDED_IN, None)
    kept = Assessment.objects.get(work=everything.others)
    assert opened(kept.sealed, "assessment", kept.pk)["zag"] == "BLIJFT-gezien"
    assert Client().get("/").status_code in (200, 302)


def test_erased_twice_is_erased_once(everything: Everything) -> None:
    assert erasing.erase(everything.person.pk)
    assert not erasing.erase(everything.person.pk)


def test_broken_off_by_the_store_it_is_begun_again(everything: Everything, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, name: str) -> None:
        raise StoreTrouble("EIO")

    with monkeypatch.context() as broken:
        broken.setattr(folder.Folder, "delete", full)
        with pytest.raises(erasing.NotNow, match="the store of files: EIO"):
            erasing.erase(everything.person.pk)
    person = Person.objects.get(pk=everything.person.pk)
    assert not person.is_active
    assert not Session.objects.exists()
    assert erasing.erase(person.pk)
    runner.drain()
    assert not StoredFile.objects.exists()
    assert b"WEG" not in all_bytes(everything.folder)


def test_while_a_job_is_at_work_for_them_it_waits(everything: Everything) -> None:
    job = Job.objects.filter(kind="xapi.told")
    job.update(status=Status.RUNNING, lease="x", due=timezone.now() + timedelta(minutes=1))
    with pytest.raises(erasing.NotNow):
        erasing.erase(everything.person.pk)
    job.update(due=timezone.now() - timedelta(minutes=1))  # its runner is gone
    assert erasing.erase(everything.person.pk)


def test_a_certificate_can_leave_its_number_and_date_and_nothing_more(
    everything: Everything, settings: Any, client: Client
) -> None:
    settings.CERTIFICATES_SURVIVE_ERASURE = True
    assert "nummer en de datum" in "".join(str(line.stays) for line in erasing.preview(everything.person))
    code, day = everything.certificate.code, everything.certificate.issued_on
    assert erasing.erase(everything.person.pk)
    row: dict[str, Any] = dict(Certificate.objects.values().get())
    assert (row.pop("code"), row.pop("issued_on")) == (code, day)
    row.pop("id")
    assert {name for name, value in row.items() if value} == {"kind"}  # the same for all
    assert store.read(code) is None
    page = client.get(f"/certificates/verify/{code}", headers={"Accept-Language": "nl"})
    assert page.status_code == 200
    assert "heeft alle gegevens laten wissen" in page.text
    assert NAME not in page.text


def test_a_revoked_certificate_leaves_nothing(everything: Everything, settings: Any) -> None:
    settings.CERTIFICATES_SURVIVE_ERASURE = True
    Certificate.objects.update(revoked_at=timezone.now(), revoked_reason="vergissing")
    assert erasing.erase(everything.person.pk)
    assert not Certificate.objects.exists()


# --- the commands


def said(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_an_operator_exports_into_a_file_that_only_they_can_read(everything: Everything, tmp_path: Path) -> None:
    target = tmp_path / "uit.zip"
    assert "Give it to nobody else" in said("person_export", EMAIL, "--out", str(target))
    assert target.stat().st_mode & 0o777 == 0o600
    assert b"WEG-dagboek" in ZipFile(target).read(exporting.JSON)
    with pytest.raises(CommandError, match="is there already"):
        call_command("person_export", EMAIL, "--out", str(target))
    with pytest.raises(CommandError, match="can't be written: No such file"):
        call_command("person_export", EMAIL, "--out", str(tmp_path / "nergens" / "uit.zip"))
    assert not list(tmp_path.glob(".*half"))


def test_an_operator_sees_first_what_goes_and_what_stays(everything: Everything) -> None:
    preview = said("person_erase", EMAIL)
    assert "1  What you wrote in your journal — goes" in preview
    assert re.search(r"2  What you thought of the work of others — stays: .*your name comes off", preview)
    assert "Nothing was changed" in preview
    assert Person.objects.filter(pk=everything.person.pk, is_active=True).exists()
    assert "is erased" in said("person_erase", EMAIL, "--yes")
    assert not Person.objects.filter(pk=everything.person.pk).exists()
    with pytest.raises(CommandError, match="Nobody here has that e-mail address"):
        call_command("person_erase", EMAIL, "--yes")


def test_an_operator_hears_that_it_must_be_tried_again(everything: Everything) -> None:
    Job.objects.filter(kind="xapi.told").update(
        status=Status.RUNNING, lease="x", due=timezone.now() + timedelta(minutes=1)
    )
    with pytest.raises(CommandError, match="Run this again in a minute"):
        call_command("person_erase", EMAIL, "--yes")


@pytest.mark.parametrize("command", ["person_export", "person_erase"])
def test_of_two_with_one_address_a_number_is_asked(command: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = (PersonFactory.create(email="Samen@proef.example") for _ in range(2))
    with pytest.raises(CommandError, match=f"2 people have that e-mail address(?s:.*)--person {other.pk} "):
        call_command(command, "samen@proef.example")
    with pytest.raises(CommandError, match="doesn't have that e-mail address"):
        call_command(command, "samen@proef.example", "--person", str(other.pk + 1))
    assert str(one.pk) in said(command, "samen@proef.example", "--person", str(one.pk))


@pytest.mark.parametrize("command", ["person_export", "person_erase"])
def test_who_has_no_address_is_found_by_number(command: str, tmp_path: Path, monkeypatch: Any, person: Person) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(person.pk) in said(command, "--person", str(person.pk))
    with pytest.raises(CommandError, match="Say who"):
        call_command(command)
    with pytest.raises(CommandError, match="no person 999999"):
        call_command(command, "--person", "999999")
