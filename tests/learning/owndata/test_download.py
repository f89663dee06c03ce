"""Taking along all that is kept of oneself."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job, Status
from jobs.runner import drain
from jobs.services import record
from learning.files import making
from learning.files.making import Gone, Writer
from learning.files.models import FileState, StoredFile, WipedFile
from learning.files.pieces import PIECE
from learning.files.store import StoreTrouble, folder
from learning.files.tasks import wipe_due
from learning.notices.models import Notice
from learning.notices.queries import shown
from learning.owndata import queries, services
from learning.owndata.addresses import address
from learning.owndata.models import OwnExport
from learning.people import erasing, exporting, retention
from learning.people.models import Person, Role
from learning.people.services import set_roles_from, suspend
from tests.factories import PersonFactory
from tests.learning.owndata.conftest import SECRET

ASK, MINE = "/mijn-gegevens/download/", "/mijn-gegevens/"


def link_on(page: str) -> str:
    return re.search(r'href="(/mijn-gegevens/download/[^"]+)"', page)[1]  # type: ignore[index]


def body(response: Any) -> bytes:
    return bytes(response.getvalue() if response.streaming else response.content)


def stored(root: Path) -> list[Path]:
    return [each for each in (root / "files").rglob("*") if each.is_file()]


@pytest.fixture
def made(me: Person) -> OwnExport:
    services.ask(me)
    drain()
    return OwnExport.objects.select_related("file").get(person=me)


def test_it_is_asked_for_made_in_the_background_and_downloaded_as_a_zip(mine: Client, me: Person) -> None:
    assert "Maak het bestand" in mine.get(MINE).text
    for _ in range(2):
        assert mine.post(ASK).status_code == 302
    assert Job.objects.filter(kind=queries.EXPORT).count() == 1
    for _ in range(2):
        page = mine.get(MINE)
        assert "data-busy" in page.text
        assert "<progress" in page.text
    drain()
    part = mine.get(MINE, headers={"X-Fragment": "1"}).text
    assert "<html" not in part
    response = mine.get(link_on(part))
    day = timezone.localdate().isoformat()
    assert response.headers["Content-Disposition"] == f'attachment; filename="mijn-gegevens-{day}.zip"'
    assert "no-store" in response.headers["Cache-Control"]
    archive = ZipFile(io.BytesIO(body(response)))
    assert archive.testzip() is None
    assert SECRET in archive.read(exporting.JSON).decode()
    assert SECRET in archive.read(exporting.PAGE).decode()


def test_a_part_of_it_is_given_as_asked_so_that_a_download_goes_on_where_it_broke_off(
    mine: Client, made: OwnExport
) -> None:
    where = link_on(mine.get(MINE).text)
    whole = body(mine.get(where))
    rest = mine.get(where, headers={"Range": "bytes=100-"})
    assert rest.status_code == 206
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    assert rest.headers["Content-Length"] == str(len(whole) - 100)
    assert body(rest) == whole[100:]
    assert mine.get(where, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


def test_it_lies_sealed_where_it_is_kept(made: OwnExport, tmp_path: Path) -> None:
    kept = b"".join(each.read_bytes() for each in stored(tmp_path))
    assert len(kept) > 1000
    assert b"PK\x03\x04" not in kept


def test_a_file_of_many_pieces_comes_out_as_it_went_in_and_is_never_in_memory_as_a_whole(me: Person) -> None:
    file = making.begin(me, purpose=services.PURPOSE)
    writer = Writer(file)
    data = bytes(range(256)) * (PIECE // 100)
    held = 0
    for start in range(0, len(data), 70_001):
        writer.write(data[start : start + 70_001])
        held = max(held, len(writer._held))
    blob = writer.end()
    assert held <= PIECE + 70_001
    assert blob.count > 2
    assert b"".join(blob.whole()) == data


def test_whose_it_is_is_told_once_and_knows_it_when_they_saw_the_page(
    mine: Client, me: Person, made: OwnExport
) -> None:
    notice = Notice.objects.get(person=me)
    assert "Het bestand met al je gegevens is klaar" in mine.get("/berichten/").text
    response = mine.get(f"/berichten/{notice.pk}/")
    assert response.headers["Location"] == "/mijn-gegevens/#download"
    Notice.objects.update(seen_at=None)
    mine.get(MINE)
    assert not Notice.objects.filter(seen_at=None).exists()
    OwnExport.objects.all().delete()
    assert [each.line for each in shown(me, [notice])] == [None]


@pytest.mark.parametrize("role", [*Role.values, ""])
@pytest.mark.parametrize("same_organisation", [True, False])
def test_nobody_else_gets_it_whatever_their_role(
    made: OwnExport, me: Person, role: str, same_organisation: bool
) -> None:
    other = PersonFactory.create(**({"organisation": me.organisation} if same_organisation else {}))
    set_roles_from(other, organisation=other.organisation, source="local", roles=[role] if role else [])
    client = Client()
    client.force_login(other)
    assert made.file
    key = made.file.key
    for where in (address(key, me), address(key, other)):
        assert client.get(where).status_code == 404
    assert client.get(f"/bestanden/{key}/").status_code == 404
    assert "Maak het bestand" in client.get(MINE).text
    assert Client().get(address(key, me)).status_code == 302


def test_an_address_that_was_changed_or_is_of_another_file_opens_nothing(
    mine: Client, me: Person, made: OwnExport
) -> None:
    assert made.file
    where = address(made.file.key, me)
    assert mine.get(where[:-3] + "xx/").status_code == 404
    other = StoredFile.objects.create(
        person=me, purpose="praktijk.gesproken", state=FileState.READY, expected=1, seconds=1,
        parts=made.file.parts, made_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    assert mine.get(address(other.key, me)).status_code == 404


def test_asked_again_it_takes_the_place_of_what_was_there_a_few_times_a_day(
    mine: Client, me: Person, made: OwnExport
) -> None:
    assert made.file
    soon = mine.post(ASK)
    assert soon.status_code == 429
    assert "Je vroeg er pas om" in soon.text
    assert "Download je gegevens" in soon.text
    OwnExport.objects.update(asked_at=timezone.now() - queries.APART)
    old = link_on(mine.get(MINE).text)
    assert mine.post(ASK).status_code == 302
    assert mine.get(old).status_code == 404
    drain()
    assert mine.get(old).status_code == 404
    assert mine.get(link_on(mine.get(MINE).text)).status_code == 200
    assert WipedFile.objects.filter(key=made.file.key).exists()
    assert StoredFile.objects.count() == 1


def test_after_seven_days_it_is_wiped_with_a_proof_and_not_before(
    mine: Client, me: Person, made: OwnExport, tmp_path: Path
) -> None:
    assert made.file
    services.forget(me.pk)
    assert OwnExport.objects.exists()
    [forget] = Job.objects.filter(kind=queries.FORGET)
    assert forget.due == made.made_at + timedelta(days=7)  # type: ignore[operator]
    where = address(made.file.key, me)
    OwnExport.objects.update(made_at=timezone.now() - timedelta(days=7))
    assert mine.get(where).status_code == 404
    services.forget(me.pk)
    services.forget(me.pk)
    drain()
    assert not OwnExport.objects.exists()
    assert not StoredFile.objects.exists()
    assert stored(tmp_path) == []
    proof = WipedFile.objects.get(key=made.file.key)
    assert (proof.purpose, proof.reason) == ("persoon.gegevens", "dag")


@pytest.mark.django_db(transaction=True)
def test_who_asks_anew_in_the_moment_in_which_the_old_one_goes_gets_a_new_one(
    me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.ask(me)
    drain()
    OwnExport.objects.update(made_at=timezone.now() - timedelta(days=7), asked_at=timezone.now() - timedelta(days=7))
    threads: list[Thread] = []

    def recorded_slowly(kind: str, *args: Any, **more: Any) -> None:
        record(kind, *args, **more)
        threads.append(Thread(target=_forgets, args=[me.pk]))
        threads[0].start()
        threads[0].join(1)

    monkeypatch.setattr(services, "record", recorded_slowly)
    services.ask(me)
    threads[0].join()
    monkeypatch.undo()
    drain()
    assert queries.standing(me).status == "klaar"


def _forgets(person_id: int) -> None:
    try:
        services.forget(person_id)
    finally:
        connection.close()


def test_a_file_whose_job_of_wiping_got_lost_goes_in_the_daily_round(made: OwnExport, mine: Client) -> None:
    Job.objects.filter(kind=queries.FORGET).delete()
    StoredFile.objects.update(wipe_on=timezone.localdate())
    wipe_due({})
    retention.wipe_all()
    drain()
    assert not StoredFile.objects.exists()
    assert "Een nieuw bestand kan vanaf" in mine.get(MINE).text


# --- what can go wrong


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    def put(self: object, name: str, data: bytes) -> None:
        raise StoreTrouble("ENOSPC", full=True)

    with monkeypatch.context() as broken:
        broken.setattr(folder.Folder, "put", put)
        yield broken


def test_a_store_that_is_full_is_tried_again_and_then_it_is_there(
    mine: Client, me: Person, full: pytest.MonkeyPatch
) -> None:
    services.ask(me)
    drain()
    job = Job.objects.get(kind=queries.EXPORT)
    assert (job.status, job.last_reason) == (Status.WAITING, "the store of files: ENOSPC")
    assert "data-busy" in mine.get(MINE).text
    full.undo()
    Job.objects.update(due=timezone.now(), held_until=None)
    drain()
    assert "Download je gegevens" in mine.get(MINE).text


def test_what_failed_for_good_says_what_to_do_and_can_be_asked_again(
    mine: Client, me: Person, full: pytest.MonkeyPatch
) -> None:
    services.ask(me)
    Job.objects.filter(kind=queries.EXPORT).update(tries=7)
    drain()
    page = mine.get(MINE).text
    assert "Het maken van je bestand lukte niet" in page
    assert "Maak het bestand" in page
    full.undo()
    assert mine.post(ASK).status_code == 302
    drain()
    assert "Download je gegevens" in mine.get(MINE).text
    assert StoredFile.objects.count() == 1


def test_killed_half_way_another_makes_it_and_nothing_half_is_left(
    me: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def killed(self: Writer) -> None:
        self._put(b"half", last=False)
        raise SystemExit

    services.ask(me)
    with monkeypatch.context() as broken:
        broken.setattr(Writer, "end", killed)
        with pytest.raises(SystemExit):
            services.make(me.pk)
    assert len(stored(tmp_path)) == 1
    drain()
    export = OwnExport.objects.get()
    assert export.made_at
    assert export.file
    assert {each.parent.name for each in stored(tmp_path)} == {export.file.parts["file"]["blob"]}


def test_two_runners_at_one_file_keep_one(me: Person, tmp_path: Path) -> None:
    services.ask(me)
    first, second = services.make(me.pk), services.make(me.pk)
    assert first
    assert second
    first()
    kept = OwnExport.objects.get()
    second()
    assert OwnExport.objects.get().made_at == kept.made_at
    assert Notice.objects.count() == 1
    drain()
    assert len({each.parent.name for each in stored(tmp_path)}) == 1


def test_who_is_erased_while_it_waits_leaves_nothing(me: Person, tmp_path: Path) -> None:
    services.ask(me)
    assert erasing.erase(me.pk)
    assert services.make(me.pk) is None
    drain()
    assert not Job.objects.filter(kind=queries.EXPORT).exists()
    assert not StoredFile.objects.exists()
    assert stored(tmp_path) == []


def test_who_goes_while_it_is_being_made_leaves_nothing(
    me: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = exporting.write

    def leaves(person: Person, to: Writer, **how: Any) -> object:
        to._put(b"half", last=False)
        suspend(person)
        return write(person, to, **how)

    monkeypatch.setattr(exporting, "write", leaves)
    services.ask(me)
    assert services.make(me.pk) is None
    assert not StoredFile.objects.exists()
    assert stored(tmp_path) == []
    assert erasing.erase(me.pk)


def test_a_writer_for_whom_nobody_waits_says_so_at_each_piece(me: Person) -> None:
    writer = Writer(making.begin(me, purpose=services.PURPOSE))
    writer.say(40)
    assert StoredFile.objects.get().progress == 40
    suspend(me)
    with pytest.raises(Gone):
        writer.say(50)
    with pytest.raises(Gone):
        writer.write(bytes(PIECE + 1))


def test_a_store_that_is_down_when_it_is_fetched_is_said_on_the_page(
    mine: Client, made: OwnExport, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get(self: object, name: str) -> bytes:
        raise StoreTrouble("EIO")

    where = link_on(mine.get(MINE).text)
    monkeypatch.setattr(folder.Folder, "get", get)
    response = mine.get(where, follow=True)
    assert "We kunnen nu niet bij je bestand" in response.text


def test_somebody_without_a_name_an_address_or_a_role_gets_theirs_too(db: None) -> None:
    nobody = PersonFactory.create(name="", email="", username=None)
    services.ask(nobody)
    drain()
    client = Client()
    client.force_login(nobody)
    assert ZipFile(io.BytesIO(body(client.get(link_on(client.get(MINE).text))))).testzip() is None


def test_the_page_asks_no_more_the_more_there_is(mine: Client, me: Person, made: OwnExport) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert mine.get(MINE).status_code == 200
        return len(seen)

    asked()  # sees the notice
    few = asked()
    set_roles_from(me, organisation=me.organisation, source="local", roles=Role.values)
    assert asked() == few <= 8


def test_sound_of_which_a_piece_is_gone_ends_there_and_holds_nothing_up(mine: Client, me: Person) -> None:
    file = StoredFile.objects.create(
        person=me, purpose="praktijk.gesproken", state=FileState.READY, expected=9, arrived=9, seconds=1,
        parts={"opus": {"blob": "weg", "size": 9, "media_type": "audio/webm"}}, made_at=timezone.now(),
        changed_at=timezone.now(),
    )  # fmt: skip
    services.ask(me)
    drain()
    archive = ZipFile(io.BytesIO(body(mine.get(link_on(mine.get(MINE).text)))))
    assert archive.testzip() is None
    assert archive.read(f"geluid/storedfile-{file.pk}.webm") == b""
