"""What was sent is looked into, scanned, and made playable; what isn't sound is refused with why, and its bytes go."""

from __future__ import annotations

import json
import subprocess
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jobs import leases, runner
from jobs.models import Job, Receiver, Status
from jobs.registry import TryLater
from learning.files import converting, queries, services, tasks
from learning.files.models import FileState, StoredFile
from learning.files.pieces import Blob
from learning.files.store import store
from learning.people.models import Person
from tests.learning.files.clamd import EICAR, clamd
from tests.learning.files.conftest import all_bytes, ready, sent
from tests.learning.recordings.conftest import TITLE, sound


def prepared(file: StoredFile) -> StoredFile:
    runner.drain()
    file.refresh_from_db()
    return file


def probed(file: StoredFile, part: str) -> Any:
    blob = Blob(file.key, file.parts[part]["blob"], file.parts[part]["size"])
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", "-"],
        input=b"".join(blob.whole()), capture_output=True, check=True,
    )  # fmt: skip
    return json.loads(told.stdout)


@cache
def made(*how: str, container: str) -> bytes:
    """A file as ffmpeg makes it: an odd one."""
    file = Path(f"/dev/shm/proef-{abs(hash((how, container)))}")  # noqa: S108 gone again below
    try:
        subprocess.run(["ffmpeg", "-v", "error", "-y", *how, "-f", container, str(file)], check=True)
        return file.read_bytes()
    finally:
        file.unlink(missing_ok=True)


def film(seconds: int) -> bytes:
    """A picture that stands still, with a tone under it."""
    return made(
        "-f", "lavfi", "-i", f"color=s=16x16:r=1:d={seconds}", "-f", "lavfi", "-i", f"sine=d={seconds}:r=8000",
        "-c:v", "mpeg4", "-c:a", "aac", "-b:a", "8k", container="mp4",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["webm", "ogg", "mp4", "mp3", "wav"])
def test_what_browsers_and_phones_make_plays_everywhere_and_says_nothing_of_itself(
    person: Person, kind: str, folder: Path
) -> None:
    assert TITLE in sound(kind)
    file = ready(person, sound(kind))
    assert (file.state, file.progress, file.reason) == (FileState.READY, 100, "")
    assert file.seconds == pytest.approx(2, abs=0.2)
    for part, codec, container in (("opus", "opus", "webm"), ("aac", "aac", "mp4")):
        told = probed(file, part)
        (stream,) = told["streams"]
        assert (stream["codec_name"], stream["channels"], stream["sample_rate"]) == (codec, 1, "48000")
        assert container in told["format"]["format_name"]
        assert TITLE.decode() not in json.dumps(told)
        assert float(told["format"]["duration"]) == pytest.approx(2, abs=0.2)


def test_a_phones_file_with_its_table_of_contents_at_the_end_is_made_playable(person: Person) -> None:
    data = made("-f", "lavfi", "-i", "sine=d=3:r=16000", "-c:a", "aac", container="mp4")
    assert data.index(b"moov") > data.index(b"mdat")
    assert ready(person, data).seconds == pytest.approx(3, abs=0.2)


def test_what_was_sent_is_gone_once_it_can_be_played(person: Person) -> None:
    file = ready(person)
    blobs = {name.split("/")[1] for name in store().names(f"{file.key}/")}
    assert blobs == {part["blob"] for part in file.parts.values()}


def test_two_channels_become_one_and_a_picture_is_dropped(person: Person) -> None:
    file = ready(person, film(5))
    assert file.seconds == pytest.approx(5, abs=0.3)
    assert [stream["codec_type"] for stream in probed(file, "aac")["streams"]] == ["audio"]


def _zip(name: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("geluid.mp3", b"niets")
    return name + file.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"ID3" + _zip(b""), "soort"),
        (b"OggS" + b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "soort"),
        (b"\x1aE\xdf\xa3 #EXTM3U\nfile:///etc/passwd\n", "soort"),
        (b"\x00\x00\x00\x18ftypM4A <!doctype html>", "soort"),
        (sound("webm")[:200], "soort"),
    ],
)
def test_what_only_begins_like_sound_is_refused_and_wiped(
    person: Person, folder: Path, data: bytes, reason: str
) -> None:
    file = ready(person, data)
    assert file.state == FileState.REFUSED
    assert file.reason in {reason, "leeg"}
    assert queries.standing(file)["wrong"]
    assert not all_bytes(folder)


def test_a_film_that_lasts_too_long_is_refused_without_being_listened_to(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converting, "_convert", lambda *_, **__: pytest.fail("it was listened to"))
    file = ready(person, film(600))
    assert (file.state, file.reason) == (FileState.REFUSED, "lang")
    assert "1 minuut" in queries.standing(file)["wrong"]


def test_one_that_doesnt_say_how_long_it_is_is_listened_to_no_longer_than_may_be(person: Person) -> None:
    file = ready(person, sound("webm", 70))
    assert (file.state, file.reason) == (FileState.REFUSED, "lang")


def test_a_film_without_sound_is_empty(person: Person) -> None:
    data = made("-f", "lavfi", "-i", "color=s=16x16:r=1:d=2", "-c:v", "mpeg4", container="mp4")
    assert ready(person, data).reason == "leeg"


def test_a_sound_of_a_kind_we_dont_decode_is_refused(person: Person) -> None:
    data = made("-f", "lavfi", "-i", "sine=d=2:r=16000", "-c:a", "adpcm_ms", container="wav")
    assert ready(person, data).reason == "soort"


def test_an_operator_may_let_a_purpose_last_longer(person: Person, settings: Any) -> None:
    settings.UPLOAD_SECONDS = {"proef.gesproken": 90}
    assert ready(person, sound("webm", 70)).state == FileState.READY


def test_progress_stands_in_the_row_and_grows(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "_TIMED", 0)
    told: list[int] = []
    say = services.say_progress

    def noted(file: StoredFile, percentage: int) -> bool:
        told.append(percentage)
        return say(file, percentage)

    monkeypatch.setattr(services, "say_progress", noted)
    data = made("-f", "lavfi", "-i", "sine=d=55:r=44100", "-c:a", "pcm_s16le", container="wav")
    file = ready(person, data)
    assert file.state == FileState.READY
    assert told == sorted(told)
    assert told
    assert max(told) <= 99


def test_a_long_one_keeps_its_lease_as_long_as_it_gets_somewhere(
    person: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converting, "_TIMED", 0)
    held: list[int] = []
    monkeypatch.setattr(tasks, "going_on", lambda: held.append(len(leases._held)))
    with clamd() as daemon:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{daemon.port}"
        ready(person, sound("wav", 40))
    assert len(held) > 2 * 3, "three pieces are scanned and read, and what is made is kept"
    assert all(held)


def test_killed_half_way_it_begins_again_and_nothing_half_stays(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent(person, sound())
    with monkeypatch.context() as patch:
        patch.setattr(services, "keep_playable", _killed)
        with pytest.raises(MemoryError):  # it comes when all is stored and nothing is written down
            runner.drain()
    assert (
        len({name.split("/")[1] for name in store().names(f"{file.key}/")}) == 3
    )  # sent, and two that nobody knows of
    Job.objects.update(due=timezone.now(), held_until=None)
    assert prepared(file).state == FileState.READY
    assert {name.split("/")[1] for name in store().names(f"{file.key}/")} == {
        part["blob"] for part in file.parts.values()
    }


def _killed(*_: object, **__: object) -> None:
    raise MemoryError


def test_done_twice_it_is_the_same_file(person: Person) -> None:
    file = ready(person)
    before = (file.parts, file.seconds)
    assert tasks.prepare({"file": file.pk}) is None
    file.refresh_from_db()
    assert (file.parts, file.seconds) == before


def test_who_erases_it_meanwhile_isnt_asked_again(
    person: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converting, "_TIMED", 0)
    file = sent(person, sound("wav", 30))
    say = services.say_progress

    def erased(file: StoredFile, percentage: int) -> bool:
        services.erase(file)
        return say(file, percentage)

    monkeypatch.setattr(services, "say_progress", erased)
    runner.drain()
    runner.drain()
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    assert not all_bytes(folder)


def test_a_piece_that_is_gone_is_said_and_not_half_a_file_kept(person: Person) -> None:
    data = made("-f", "lavfi", "-i", "sine=d=20:r=44100", "-c:a", "pcm_s16le", container="wav")
    file = sent(person, data)
    store().delete(f"{file.key}/komt/000001")
    assert prepared(file).reason == "stuk"


def test_a_store_that_is_away_is_waited_for(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sent(person, sound())

    def away(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", away)
        assert prepared(file).state == FileState.CHECKING
    job = Job.objects.get()
    assert (job.status, job.last_reason) == (Status.WAITING, "the store of files: EIO")
    Job.objects.update(due=timezone.now(), held_until=None)
    Receiver.objects.all().delete()
    assert prepared(file).state == FileState.READY


# --- the scanner


def test_the_scanner_gets_every_byte_unsealed_and_what_it_likes_goes_on(person: Person, settings: Any) -> None:
    with clamd() as daemon:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{daemon.port}"
        file = ready(person, sound("wav", 20))
        assert file.state == FileState.READY
        assert daemon.seen == [sound("wav", 20)]


def test_what_the_scanner_finds_is_refused_and_wiped(
    person: Person, settings: Any, folder: Path, tmp_path: Path
) -> None:
    with clamd(str(tmp_path / "clamd.ctl")):
        settings.CLAMD_URL = f"unix:{tmp_path}/clamd.ctl"
        file = ready(person, sound() + EICAR)
    assert (file.state, file.reason) == (FileState.REFUSED, "besmet")
    assert not all_bytes(folder)


def test_without_the_scanner_nothing_goes_on_until_it_is_back(person: Person, settings: Any) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    file = ready(person)
    assert file.state == FileState.CHECKING
    assert Job.objects.get().last_reason == "clamd: ConnectionRefusedError"
    with clamd() as daemon:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{daemon.port}"
        Job.objects.update(due=timezone.now(), held_until=None)
        assert prepared(file).state == FileState.READY


def test_a_scanner_that_takes_less_than_we_do_is_told_to_the_operator(person: Person, settings: Any) -> None:
    file = sent(person, sound("wav", 30))
    with clamd(most=100_000) as daemon:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{daemon.port}"
        with pytest.raises(TryLater, match="StreamMaxLength"):
            tasks.prepare({"file": file.pk})
