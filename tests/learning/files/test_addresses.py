"""/bestanden/ as a script on a bad line asks it (tus 1.0), a form without script, and who hears what."""

from __future__ import annotations

import base64
import io
import re
import time
import tracemalloc
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs import runner
from learning.files import hearing, queries, services, views
from learning.files.models import FileState, StoredFile
from learning.files.pieces import PIECE, Blob
from learning.files.purposes import Purpose
from learning.files.store import StoreTrouble
from learning.files.store.folder import Folder
from learning.people.models import Person
from tests.factories import PersonFactory
from tests.learning.files.conftest import CHUNK, PURPOSE, all_bytes, ready
from tests.learning.files.urls import page
from tests.learning.recordings.conftest import sound

PATH = "/bestanden/"
BIG = b"OggS" + bytes(range(256)) * 5000


@pytest.fixture
def sender(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def create(client: Client, size: int, purpose: str = PURPOSE, **heads: str) -> Any:
    metadata = f"purpose {base64.b64encode(purpose.encode()).decode()}, filename {base64.b64encode(b'x').decode()}"
    return client.post(PATH, headers={"Upload-Length": str(size), "Upload-Metadata": metadata, **heads})


def patch(client: Client, location: str, at: int, data: bytes, **heads: str) -> Any:
    return client.generic("PATCH", location, data, CHUNK, headers={"Upload-Offset": str(at), **heads})


def test_a_file_comes_in_and_says_how_it_does(sender: Client, person: Person) -> None:
    made = create(sender, len(BIG))
    assert made.status_code == HTTPStatus.CREATED
    assert made["Tus-Resumable"] == "1.0.0"
    location = made["Location"]
    for at in range(0, len(BIG), PIECE):
        head = sender.head(location)
        assert (head["Upload-Offset"], head["Upload-Length"]) == (str(at), str(len(BIG)))
        assert "no-store" in head["Cache-Control"]
        assert sender.get(location).json()["state"] == FileState.ARRIVING
        answer = patch(sender, location, at, BIG[at : at + PIECE])
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(min(at + PIECE, len(BIG))))
    assert sender.get(location).json()["state"] == FileState.CHECKING
    runner.drain()
    refused = sender.get(location).json()
    assert refused["state"] == FileState.REFUSED
    assert refused["wrong"]


def test_what_it_speaks(sender: Client) -> None:
    said = sender.options(PATH)
    assert (said["Tus-Version"], said["Tus-Extension"]) == ("1.0.0", "creation,termination")
    location = create(sender, 10)["Location"]
    other = patch(sender, location, 0, b"OggS012345", **{"Tus-Resumable": "0.2.2"})
    assert (other.status_code, other["Tus-Version"]) == (412, "1.0.0")


def test_what_doesnt_fit_is_said_and_changes_nothing(sender: Client, person: Person) -> None:
    location = create(sender, len(BIG))["Location"]
    wrong = patch(sender, location, PIECE, BIG[:PIECE])
    assert (wrong.status_code, wrong["Upload-Offset"]) == (409, "0")
    assert patch(sender, location, 0, BIG[: PIECE - 1]).status_code == 400
    assert patch(sender, location, 0, BIG[: PIECE + 1]).status_code == 400
    for at in ("", "-1", "1e3", "٣", "9" * 30):
        headers = {"Upload-Offset": at} if at else {}
        assert sender.generic("PATCH", location, BIG[:PIECE], CHUNK, headers=headers).status_code == 400
    heads = {"Upload-Offset": "0"}
    assert sender.generic("PATCH", location, BIG[:PIECE], "text/plain", headers=heads).status_code == 415
    assert sender.head(location)["Upload-Offset"] == "0"
    refused = patch(sender, location, 0, b"<svg" + BIG[4:PIECE])
    assert refused.status_code == 422
    assert "geluidsbestand" in refused.json()["wrong"]
    assert sender.head(location).status_code == 404


@pytest.mark.parametrize("size", ["", "-5", "tien", "9" * 40])
def test_a_length_that_is_none_begins_nothing(sender: Client, size: str) -> None:
    assert create(sender, size).status_code == 400  # type: ignore[arg-type]
    assert sender.post(PATH, headers={"Upload-Length": "10", "Upload-Metadata": "purpose ***"}).status_code == 400
    assert create(sender, 10, purpose="iets.anders").status_code == 400
    assert not StoredFile.objects.exists()


def test_too_much_is_said_with_how_much_may_be(sender: Client, settings: Any) -> None:
    settings.UPLOAD_MOST_BYTES = 2_000_000
    answer = create(sender, 2_000_001)
    assert answer.status_code == 413
    assert "2 MB" in answer.json()["wrong"]


def test_a_store_that_is_full_or_away_says_when_to_come_back(sender: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    location = create(sender, len(BIG))["Location"]
    for full, status in ((True, 507), (False, 503)):

        def trouble(*_: object, full: bool = full) -> None:
            raise StoreTrouble("x", full=full)

        with monkeypatch.context() as patched:
            patched.setattr(Folder, "put", trouble)
            answer = patch(sender, location, 0, BIG[:PIECE])
        assert answer.status_code == status
        assert answer["Retry-After"]
        assert answer.json()["wrong"]
    assert patch(sender, location, 0, BIG[:PIECE]).status_code == 204


def test_a_file_of_another_isnt_there_for_anything(sender: Client, person: Person) -> None:
    location = create(sender, len(BIG))["Location"]
    other = Client()
    other.force_login(PersonFactory.create(organisation=person.organisation))
    for answer in (
        other.get(location), other.head(location), other.delete(location), patch(other, location, 0, BIG[:PIECE])
    ):  # fmt: skip
        assert answer.status_code == 404
    for answer in (Client().get(location), Client().post(PATH), patch(Client(), location, 0, BIG[:PIECE])):
        assert answer.status_code == 403
    assert sender.head(location)["Upload-Offset"] == "0"


def test_a_page_of_another_site_sends_nothing_in_somebodys_name(person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert create(client, 10).status_code == 403
    file = services.begin(person, purpose=PURPOSE, size=10)
    location = f"{PATH}{file.key}/"
    assert patch(client, location, 0, b"OggS012345").status_code == 403
    assert client.delete(location).status_code == 403
    assert queries.of(person, file.key)


def test_who_throws_it_away_sees_it_no_more_and_its_bytes_go(sender: Client, person: Person, folder: Any) -> None:
    location = create(sender, len(BIG))["Location"]
    patch(sender, location, 0, BIG[:PIECE])
    assert sender.delete(location).status_code == 204
    assert sender.head(location).status_code == 404
    runner.drain()
    assert not all_bytes(folder)


def test_a_piece_costs_as_many_queries_whatever_there_is(
    sender: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    location = create(sender, len(BIG))["Location"]
    with django_assert_num_queries(6):  # session, person, file; count it, between savepoints
        patch(sender, location, 0, BIG[:PIECE])
    with django_assert_num_queries(3):
        sender.get(location)


# --- with a form


@pytest.fixture
def form(sender: Client, settings: Any) -> Client:
    settings.ROOT_URLCONF = "tests.learning.files.urls"
    return sender


def named(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("../../opname.webm", data, content_type="text/html")


def test_without_script_the_file_goes_along_with_the_form(form: Client, person: Person) -> None:
    answer = form.post("/proef/", {"woorden": "Dag", "opname": named(sound())})
    assert answer.status_code == 302
    file = StoredFile.objects.get(person=person)
    assert file.state == FileState.CHECKING
    assert b"".join(services.arriving(file).whole()) == sound()
    page = form.get(answer["Location"]).content.decode()
    assert "nog niet klaar om te beluisteren" in page
    runner.drain()
    assert "<audio controls" in form.get(answer["Location"]).content.decode()


def test_a_form_that_is_refused_keeps_the_file_and_the_words(form: Client, person: Person) -> None:
    answer = form.post("/proef/", {"woorden": "", "opname": named(sound())})
    file = StoredFile.objects.get(person=person)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'name="opname_sleutel" value="{file.key}"' in page
    assert "We kijken je opname na." in page
    again = form.post("/proef/", {"woorden": "Dag", "opname_sleutel": str(file.key)})
    assert again["Location"].endswith(str(file.key))
    file.refresh_from_db()
    assert file.wipe_on == timezone.localdate() + timedelta(days=30)


def test_of_a_large_form_no_more_than_a_few_pieces_are_held(form: Client, person: Person) -> None:
    """Twenty megabytes of sound, as they come over a line."""
    size = 20_000_000
    head = (
        b'--grens\r\nContent-Disposition: form-data; name="woorden"\r\n\r\nDag\r\n'
        b'--grens\r\nContent-Disposition: form-data; name="opname"; filename="lang.ogg"\r\n\r\nOggS'
    )
    tail = b"\r\n--grens--\r\n"
    request = RequestFactory().post("/proef/", content_type="multipart/form-data; boundary=grens")
    request.META["CONTENT_LENGTH"] = str(len(head) + size - 4 + len(tail))
    request._stream = io.BufferedReader(Line([head, *[bytes(50_000)] * 399, bytes(49_996), tail]))
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    request.user, request.session = person, form.session
    tracemalloc.start()
    try:
        answer = page(request)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 302
    assert StoredFile.objects.get(person=person).arrived == size
    assert most < 8 * PIECE


class Line(io.RawIOBase):
    """What a connection gives, a bit at a time."""

    def __init__(self, bits: list[bytes]) -> None:
        self._bits, self._left = bits, b""

    def readable(self) -> bool:
        return True

    def readinto(self, place: Any) -> int:
        bit = self._left or (self._bits.pop(0) if self._bits else b"")
        size = min(len(bit), len(place))
        place[:size], self._left = bit[:size], bit[size:]
        return size


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "geen geluid"), (b"PK\x03\x04" * 500_000, "kunnen we niet afspelen")]
)
def test_a_wrong_file_is_said_at_the_field_and_the_words_stay(
    form: Client, person: Person, data: bytes, words: str
) -> None:
    answer = form.post("/proef/", {"opname": named(data), "woorden": "Dit typte ik"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="Dit typte ik"' in page
    assert not StoredFile.objects.filter(person=person).exists()


def test_a_form_without_our_token_leaves_nothing_behind(person: Person, settings: Any, folder: Any) -> None:
    settings.ROOT_URLCONF = "tests.learning.files.urls"
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post("/proef/", {"woorden": "Dag", "opname": named(sound())}).status_code == 403
    assert not StoredFile.objects.filter(person=person).exists()
    runner.drain()
    assert not all_bytes(folder)


def test_what_a_view_doesnt_ask_for_is_erased(form: Client, person: Person) -> None:
    form.post("/slordig/", {"woorden": "Dag", "opname": named(sound())})
    assert not StoredFile.objects.filter(person=person).exists()


def test_who_isnt_signed_in_leaves_no_file(settings: Any, db: None) -> None:
    settings.ROOT_URLCONF = "tests.learning.files.urls"
    assert Client().post("/proef/", {"woorden": "Dag", "opname": named(sound())}).status_code == 302
    assert not StoredFile.objects.exists()


def test_a_key_of_another_or_for_something_else_is_no_file(form: Client, person: Person) -> None:
    theirs = services.begin(PersonFactory.create(), purpose=PURPOSE, size=10)
    other = services._begun(person, Purpose("anders", 1, 1, 1, lambda *_: False), 10)
    for key in (theirs.key, other.key, "iets"):
        assert form.post("/proef/", {"woorden": "Dag", "opname_sleutel": str(key)}).status_code == 422


# --- hearing


@pytest.fixture
def heard(person: Person) -> StoredFile:
    return ready(person, sound("webm", 40))


def address(file: StoredFile, listener: Person, part: str = "aac") -> str:
    return hearing.address(file, listener, part)


def test_what_is_heard_is_an_attachment_that_runs_nothing_and_stays_nowhere(
    sender: Client, heard: StoredFile, person: Person
) -> None:
    for source in hearing.sound(heard, person).sources:
        answer = sender.get(source.url)
        data = answer.getvalue()
        assert len(data) == int(answer["Content-Length"])
        assert answer["Content-Type"] == source.media_type
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]


@pytest.fixture
def long(person: Person) -> StoredFile:
    """Of a few pieces: as if it was made playable."""
    file = ready(person)
    blob = Blob(file.key, "lang", len(BIG))
    for number in range(blob.count):
        blob.put(number, BIG[number * PIECE : (number + 1) * PIECE], last=number == blob.count - 1)
    file.parts["aac"] = {"blob": "lang", "size": len(BIG), "media_type": "audio/mp4"}
    file.save()
    return file


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, PIECE - 1),
        ("bytes=0-1", 0, 1),
        (f"bytes={PIECE - 10}-{PIECE + 9}", PIECE - 10, PIECE + 9),
        (f"bytes={2 * PIECE}-", 2 * PIECE, len(BIG) - 1),
        ("bytes=-500", len(BIG) - 500, len(BIG) - 1),
        (f"bytes=0-{len(BIG) * 9}", 0, PIECE - 1),
    ],
)
def test_a_player_gets_the_part_it_asks_for_never_more_than_a_piece_of_it(
    sender: Client, person: Person, long: StoredFile, asked: str, first: int, last: int
) -> None:
    answer = sender.get(address(long, person), headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(BIG)}"
    assert answer.content == BIG[first : last + 1]


def test_no_more_is_opened_than_is_asked_for(
    sender: Client, person: Person, long: StoredFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    get = Folder.get

    def noted(self: Folder, name: str) -> bytes:
        opened.append(name[-1])
        return get(self, name)

    monkeypatch.setattr(Folder, "get", noted)
    sender.get(address(long, person), headers={"Range": f"bytes={PIECE + 5}-{PIECE + 6}"})
    assert opened == ["1"]


def test_a_part_that_isnt_there_is_said(sender: Client, person: Person, long: StoredFile) -> None:
    answer = sender.get(address(long, person), headers={"Range": f"bytes={len(BIG)}-"})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(BIG)}")


def test_an_address_is_for_one_listener_one_part_and_one_file(
    sender: Client, person: Person, heard: StoredFile, listeners: set[int]
) -> None:
    colleague = PersonFactory.create(organisation=person.organisation)
    listeners.add(colleague.pk)
    theirs = Client()
    theirs.force_login(colleague)
    assert theirs.get(address(heard, colleague)).status_code == 200
    assert theirs.get(address(heard, person)).status_code == 404
    assert sender.get(address(heard, colleague)).status_code == 404
    assert Client().get(address(heard, person)).status_code == 404
    mine = address(heard, person)
    assert sender.get(mine.replace("/aac/", "/opus/")).status_code == 404
    assert sender.get(mine.replace("/aac/", "/mp3/")).status_code == 404
    other = ready(person)
    assert sender.get(mine.replace(str(heard.key), str(other.key))).status_code == 404
    assert sender.get(mine[:-3] + "aa/").status_code == 404
    assert str(person.pk) not in re.sub(r"[0-9a-f-]{36}", "", mine).split("/")


def test_a_right_that_is_withdrawn_counts_at_once(heard: StoredFile, listeners: set[int]) -> None:
    colleague = PersonFactory.create()
    client = Client()
    client.force_login(colleague)
    listeners.add(colleague.pk)
    theirs = address(heard, colleague)
    assert client.get(theirs, headers={"Range": "bytes=0-99"}).status_code == 206
    listeners.clear()
    assert client.get(theirs, headers={"Range": "bytes=100-199"}).status_code == 404


def test_an_address_lives_a_little_longer_than_what_is_heard(
    sender: Client, person: Person, heard: StoredFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, now = address(heard, person), time.time()
    lives = hearing.LIVES + 2 * int(heard.seconds or 0)
    monkeypatch.setattr(time, "time", lambda: now + lives - 2)
    assert hearing.may_hear(heard, person, "aac", mine.split("/")[-2])
    monkeypatch.setattr(time, "time", lambda: now + lives + 2)
    assert not hearing.may_hear(heard, person, "aac", mine.split("/")[-2])


def test_what_is_erased_or_not_ready_is_heard_by_nobody(sender: Client, person: Person, heard: StoredFile) -> None:
    mine = address(heard, person)
    StoredFile.objects.filter(pk=heard.pk).update(state=FileState.CONVERTING)
    heard.refresh_from_db()
    assert hearing.sound(heard, person).sources == []
    assert sender.get(mine).status_code == 404
    StoredFile.objects.filter(pk=heard.pk).update(state=FileState.READY)
    services.erase(heard)
    assert sender.get(mine).status_code == 404


def test_bytes_that_were_changed_are_never_played(
    sender: Client, person: Person, heard: StoredFile, folder: Any
) -> None:
    piece = folder / str(heard.key) / heard.parts["aac"]["blob"] / "000000"
    piece.write_bytes(piece.read_bytes()[:-1] + b"x")
    assert sender.get(address(heard, person), headers={"Range": "bytes=0-99"}).status_code == 404


def test_hearing_costs_three_queries(
    sender: Client, person: Person, heard: StoredFile, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mine = address(heard, person)
    with django_assert_num_queries(3):
        sender.get(mine, headers={"Range": "bytes=0-"})


def test_a_piece_that_comes_slowly_is_not_written_over_what_came_in_whole_meanwhile(person: Person) -> None:
    """What the scanner looks at must be what is made playable."""
    clean, other = BIG[:100], b"OggS" + b"x" * 96
    file = services.begin(person, purpose=PURPOSE, size=len(clean))

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if StoredFile.objects.get().state == FileState.ARRIVING:
                services.append(StoredFile.objects.get(), offset=0, data=clean)
            return super().read(size)

    request = RequestFactory().generic("PATCH", "/", other, CHUNK, headers={"Upload-Offset": "0"})
    request.user = person
    request._stream = Slow(other)
    assert views.one(request, file=file.key).status_code == HTTPStatus.CONFLICT
    file.refresh_from_db()
    assert file.state == FileState.CHECKING
    assert services.arriving(file).get(0) == clean
