"""Both stores keep what was put, whole or not at all, and say what is wrong without a secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.environment import WrongValue, read
from jobs import runner
from learning.files import services
from learning.files.models import FileState
from learning.files.pieces import PIECE
from learning.files.store import Missing, Store, StoreTrouble, store
from learning.files.store.bucket import Bucket
from learning.files.store.folder import Folder
from learning.people.models import Person
from tests.learning.files.conftest import ready, sent
from tests.learning.files.s3 import SECRET, Shop, shop
from tests.learning.recordings.conftest import sound


@pytest.fixture
def market() -> Iterator[Shop]:
    with shop() as here:
        yield here


@pytest.fixture
def bucket(market: Shop) -> Iterator[Bucket]:
    here = Bucket(market.url)
    yield here
    here.close()


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    found: Store = Folder(tmp_path / "s") if request.param == "folder" else request.getfixturevalue("bucket")
    return found


def test_what_was_put_is_there_until_it_is_deleted(place: Store) -> None:
    with pytest.raises(Missing):
        place.get("een/komt/000000")
    for number in range(8):
        place.put(f"een/komt/{number:06d}", bytes([number]) * 1000)
    place.put("een/komt/000000", b"anders")
    place.put("een/opus-1/000000", b"")
    place.put("twee/komt/000000", b"twee")
    assert place.get("een/komt/000000") == b"anders"
    assert place.get("een/opus-1/000000") == b""
    assert sorted(place.names("een/")) == [*(f"een/komt/{number:06d}" for number in range(8)), "een/opus-1/000000"]
    assert sorted(place.names("een/opus-1/")) == ["een/opus-1/000000"]
    assert sorted(place.files()) == ["een", "twee"]
    for name in list(place.names("een/")):
        place.delete(name)
        place.delete(name)
    assert list(place.names("een/")) == []
    assert list(place.files()) == ["twee"]


def test_names_with_signs_that_mean_something_elsewhere_are_signed_right(bucket: Bucket) -> None:
    for name in ("een twee/a+b/0", "é/ü&=?/0", "~x/-_./0"):
        bucket.put(name, b"x")
        assert bucket.get(name) == b"x"
        assert list(bucket.names(name[:3])) == [name]
        bucket.delete(name)


def test_who_has_another_secret_gets_nowhere_and_reads_no_secret(market: Shop) -> None:
    here = Bucket(market.url.replace("geheim", "gegokt"))
    with pytest.raises(StoreTrouble, match="answers 403") as trouble:
        here.put("een/komt/0", b"x")
    assert "gegokt" not in str(trouble.value)
    assert not market.objects
    here.close()


def test_the_signature_is_that_of_amazons_own_example() -> None:
    """The one of "GET bucket lifecycle" (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html)."""
    here = Bucket(
        "s3://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY@examplebucket.s3.amazonaws.com/?region=us-east-1"
    )
    heads = here._signed("GET", "/", "lifecycle=", b"", datetime(2013, 5, 24, tzinfo=UTC))
    assert heads["authorization"].endswith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    here.close()


@pytest.mark.parametrize(("status", "full"), [(500, False), (503, False), (507, True), (301, False)])
def test_a_store_that_isnt_well_is_trouble_and_never_nothing(
    market: Shop, bucket: Bucket, status: int, full: bool
) -> None:
    for ask in (lambda: bucket.put("een/a/0", b"x"), lambda: bucket.get("een/a/0"), lambda: list(bucket.names("een/"))):
        market.answers = [status]
        with pytest.raises(StoreTrouble) as trouble:
            ask()
        assert trouble.value.full is full
        assert SECRET not in str(trouble.value)


def test_a_bucket_that_isnt_there_is_trouble_and_not_a_missing_file(market: Shop) -> None:
    here = Bucket(market.url.replace("/geluid", "/anders"))
    with pytest.raises(StoreTrouble):
        here.get("een/a/0")
    here.close()


def test_nobody_at_the_address_is_trouble() -> None:
    here = Bucket("s3://a:b@127.0.0.1:9/geluid?tls=off")
    with pytest.raises(StoreTrouble, match="ConnectError"):
        here.get("een/a/0")
    here.close()


def test_a_folder_that_may_not_be_written_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("no folder")
    with pytest.raises(StoreTrouble, match=r"ENOTDIR|EEXIST"):
        Folder(tmp_path / "s").put("een/a/0", b"x")


@pytest.fixture
def elsewhere(market: Shop, settings: Any) -> Iterator[Shop]:
    """All files go to the bucket."""
    settings.STORAGE_URL = market.url
    yield market
    here = store()
    assert isinstance(here, Bucket)
    here.close()


def test_a_file_comes_in_is_made_playable_and_is_wiped_in_a_bucket_too(
    elsewhere: Shop, person: Person, folder: Path
) -> None:
    file = ready(person, sound("wav", 20))
    assert file.state == FileState.READY
    assert len(elsewhere.objects) == 2
    assert all(b"OpusHead" not in data for data in elsewhere.objects.values())
    assert not folder.exists()
    services.erase(file)

    runner.drain()
    assert not elsewhere.objects


def test_a_bucket_that_is_down_for_a_while_costs_a_piece_and_no_more(elsewhere: Shop, person: Person) -> None:
    data = sound("wav", 20)
    file = services.begin(person, purpose="proef.gesproken", size=len(data))
    elsewhere.answers = [503]
    with pytest.raises(StoreTrouble):
        services.append(file, offset=0, data=data[:PIECE])
    assert services.append(file, offset=0, data=data[:PIECE]) == PIECE
    assert sent(person, data).state == FileState.CHECKING


@pytest.mark.parametrize(
    "url",
    [
        "s3://sleutel@host/emmer",
        "s3://a:b@host",
        "s3://a:b@host/een/twee",
        "https://a:b@host/x",
        "s3://a:g/eheim@host/x",
    ],
)
def test_an_address_of_a_store_that_cant_be_meant_stops_the_start(url: str) -> None:
    with pytest.raises(WrongValue, match="STORAGE_URL") as wrong:
        read({"STORAGE_URL": url}, production=False)
    assert "eheim" not in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLAMD_URL", "tcp://host"), ("CLAMD_URL", "http://host:3310"), ("CLAMD_URL", "unix:relatief"),
        ("UPLOAD_MOST_BYTES", "200MB"), ("UPLOAD_MOST_BYTES", "0"), ("UPLOAD_DAY_BYTES", "-1"),
        ("UPLOAD_SECONDS", "praktijk.opname"), ("UPLOAD_SECONDS", "praktijk.opname=0"),
    ],
)  # fmt: skip
def test_a_bound_that_cant_be_meant_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(WrongValue, match=name):
        read({name: value}, production=False)


def test_what_is_set_is_read() -> None:
    environment = read(
        {"UPLOAD_SECONDS": "praktijk.opname=7200, praktijk.gesproken=300", "CLAMD_URL": "unix:/run/clamd.ctl",
         "STORAGE_URL": "s3://a:b%2Fc@host:9000/emmer?region=nl", "UPLOAD_MOST_BYTES": "50000000"},
        production=False,
    )  # fmt: skip
    assert environment.upload_seconds == {"praktijk.opname": 7200, "praktijk.gesproken": 300}
    assert environment.upload_most_bytes == 50_000_000
