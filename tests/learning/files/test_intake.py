"""A file comes in piece by piece: each counted once, sealed, and no piece lost or doubled."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jobs.models import Job
from learning.files import queries, services
from learning.files.checks import Refused
from learning.files.models import FileState, StoredFile
from learning.files.pieces import PIECE, Blob, Damaged
from learning.files.services import WrongOffset, WrongPiece
from learning.files.store import StoreTrouble, store
from learning.people.models import Person
from tests.factories import PersonFactory
from tests.learning.files.conftest import PURPOSE, all_bytes, sent

BIG = b"OggS" + bytes(range(256)) * 5000  # a bit over two pieces


def reason(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.reason


def test_what_comes_in_pieces_is_whole_again(person: Person) -> None:
    file = sent(person, BIG)
    assert (file.state, file.arrived) == (FileState.CHECKING, len(BIG))
    assert b"".join(services.arriving(file).whole()) == BIG
    assert Job.objects.get().kind == services.PREPARE


def test_nothing_of_it_lies_unsealed_on_a_disk_and_it_is_for_this_account_alone(person: Person, folder: Path) -> None:
    sent(person, BIG)
    kept = all_bytes(folder)
    assert len(kept) > len(BIG)
    assert bytes(range(40)) not in kept
    for each in folder.rglob("*"):
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600)


def test_a_piece_goes_where_the_last_one_ended_and_nowhere_else(person: Person) -> None:
    file = services.begin(person, purpose=PURPOSE, size=len(BIG))
    services.append(file, offset=0, data=BIG[:PIECE])
    file.refresh_from_db()
    for offset in (0, 1, PIECE - 1, 2 * PIECE):
        with pytest.raises(WrongOffset) as wrong:
            services.append(file, offset=offset, data=BIG[:PIECE])
        assert wrong.value.at == PIECE


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE + 1])
def test_half_a_piece_is_no_piece(person: Person, size: int) -> None:
    file = services.begin(person, purpose=PURPOSE, size=len(BIG))
    with pytest.raises(WrongPiece):
        services.append(file, offset=0, data=BIG[:size])
    assert queries.of(person, file.key).arrived == 0  # type: ignore[union-attr]


def test_no_more_comes_than_was_said(person: Person) -> None:
    file = services.begin(person, purpose=PURPOSE, size=10)
    with pytest.raises(WrongPiece):
        services.append(file, offset=0, data=BIG[:11])


def test_what_begins_like_nothing_we_play_is_refused_at_its_first_piece(person: Person) -> None:
    file = services.begin(person, purpose=PURPOSE, size=len(BIG))
    with pytest.raises(Refused) as refused:
        services.append(file, offset=0, data=b"PK\x03\x04" + BIG[4:PIECE])
    assert reason(refused) == "soort"
    assert queries.of(person, file.key) is None


def test_bounds_are_said_before_anything_is_sent(person: Person, settings: Any) -> None:
    settings.UPLOAD_MOST_BYTES = 2_000_000
    settings.UPLOAD_DAY_BYTES = 3_000_000
    for size, why in ((0, "leeg"), (2_000_001, "groot")):
        with pytest.raises(Refused) as refused:
            services.begin(person, purpose=PURPOSE, size=size)
        assert reason(refused) == why
    services.begin(person, purpose=PURPOSE, size=1_500_000)
    with pytest.raises(Refused) as refused:
        services.begin(person, purpose=PURPOSE, size=1_500_001)
    assert reason(refused) == "vol"
    services.begin(PersonFactory.create(), purpose=PURPOSE, size=1_500_001)  # another has a day of their own


def test_somebody_has_a_few_files_on_the_way_and_no_more(person: Person) -> None:
    files = [services.begin(person, purpose=PURPOSE, size=10) for _ in range(services.MOST_OPEN)]
    with pytest.raises(Refused) as refused:
        services.begin(person, purpose=PURPOSE, size=10)
    assert reason(refused) == "vol"
    services.erase(files[0])
    assert services.begin(person, purpose=PURPOSE, size=10)


def test_a_purpose_that_nobody_registered_takes_nothing(person: Person) -> None:
    with pytest.raises(LookupError):
        services.begin(person, purpose="iets.anders", size=10)


def test_it_goes_soon_until_its_form_came_then_as_its_purpose_says_until_somebody_says_another(person: Person) -> None:
    file = services.begin(person, purpose=PURPOSE, size=10)
    assert file.wipe_on == timezone.localdate() + timedelta(days=2)
    services.keep(file)
    file.refresh_from_db()
    assert file.wipe_on == timezone.localdate() + timedelta(days=30)
    services.due_to_wipe_on(file, timezone.localdate())
    file.refresh_from_db()
    assert file.wipe_on == timezone.localdate()


def test_a_store_that_is_full_or_away_loses_nothing(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    file = services.begin(person, purpose=PURPOSE, size=len(BIG))
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", _no_room)
        with pytest.raises(StoreTrouble) as trouble:
            services.append(file, offset=0, data=BIG[:PIECE])
    assert trouble.value.full
    assert not list(store().names(f"{file.key}/")), "half a piece was left behind"
    file.refresh_from_db()
    assert file.arrived == 0
    assert services.append(file, offset=0, data=BIG[:PIECE]) == PIECE


def _no_room(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_who_erases_it_sees_it_no_more_and_a_late_piece_is_dropped(person: Person) -> None:
    file = services.begin(person, purpose=PURPOSE, size=len(BIG))
    services.erase(file)
    assert queries.of(person, file.key) is None
    with pytest.raises(WrongOffset):
        services.append(file, offset=0, data=BIG[:PIECE])
    assert not list(store().names(f"{file.key}/"))


def test_a_file_of_another_is_not_found_nor_one_with_a_made_up_key(person: Person) -> None:
    file = services.begin(person, purpose=PURPOSE, size=10)
    assert queries.of(PersonFactory.create(), file.key) is None
    assert queries.of(person, "../../etc") is None
    assert queries.of(person, str(file.key)) == file


# --- in one go, from a form


@given(sizes=st.lists(st.integers(0, 3 * PIECE), max_size=5))
def test_however_it_is_cut_the_pieces_are_whole(sizes: list[int]) -> None:
    """Without a database: what `Intake` hands on."""
    taken: list[tuple[int, bool]] = []
    intake = services.Intake.__new__(services.Intake)
    intake._held, intake._at = bytearray(), 0
    intake._keep = lambda data, *, last: taken.append((len(data), last))  # type: ignore[method-assign]
    for size in sizes:
        intake.push(bytes(size))
    assert all(size == PIECE and not last for size, last in taken)
    assert len(intake._held) <= PIECE
    assert sum(size for size, _ in taken) + len(intake._held) == sum(sizes)


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_what_comes_in_one_go_is_the_same_file(person: Person, size: int) -> None:
    data = (BIG * 2)[:size]
    if size < 4:
        data = b"\xff\xfb"[:size]
    chunks = [data[at : at + 65_536] for at in range(0, size, 65_536)]
    if size == 1:
        with pytest.raises(Refused):
            services.receive(person, purpose=PURPOSE, chunks=chunks, most=10 * PIECE)
        return
    file = services.receive(person, purpose=PURPOSE, chunks=chunks, most=10 * PIECE)
    assert (file.state, file.expected, file.arrived) == (FileState.CHECKING, size, size)
    assert b"".join(services.arriving(file).whole()) == data


def test_what_is_larger_than_it_may_be_or_empty_is_erased(person: Person) -> None:
    for chunks, why in (([BIG, BIG], "groot"), ([], "leeg")):
        with pytest.raises(Refused) as refused:
            services.receive(person, purpose=PURPOSE, chunks=chunks, most=len(BIG))
        assert reason(refused) == why
    assert not StoredFile.objects.filter(person=person).exists()


# --- sealed pieces


def test_a_piece_that_was_moved_swapped_changed_or_cut_off_doesnt_open(person: Person, folder: Path) -> None:
    file, other = sent(person, BIG), sent(person, BIG)
    blob = services.arriving(file)
    names = sorted(store().names(f"{file.key}/"))
    first, second = (store().get(name) for name in names[:2])
    foreign = store().get(f"{other.key}/komt/000000")
    for wrong in (second, foreign, first[:-1], first[:-1] + bytes([first[-1] ^ 1]), b""):
        store().put(names[0], wrong)
        with pytest.raises(Damaged):
            blob.get(0)
    store().put(names[0], first)
    shorter = Blob(file.key, blob.name, 2 * PIECE)  # somebody who can write rows leaves out the end
    with pytest.raises(Damaged):
        list(shorter.whole())
    store().delete(names[2])
    with pytest.raises(Damaged):
        list(blob.whole())


@given(start=st.integers(0, len(BIG) - 1), length=st.integers(1, len(BIG)))
def test_any_part_is_that_part(start: int, length: int) -> None:
    end = min(start + length, len(BIG)) - 1
    blob = Blob.__new__(Blob)
    object.__setattr__(blob, "size", len(BIG))
    asked: list[int] = []

    def get(number: int) -> bytes:
        asked.append(number)
        return BIG[number * PIECE : (number + 1) * PIECE]

    object.__setattr__(blob, "get", get)
    assert b"".join(blob.read(start, end)) == BIG[start : end + 1]
    assert asked == list(range(start // PIECE, end // PIECE + 1)), "more was opened than was asked"


# --- two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_send_the_same_piece_one_wins(folder: Path) -> None:
    person = PersonFactory.create()
    file = services.begin(person, purpose=PURPOSE, size=len(BIG))
    outcomes: list[object] = []
    together = threading.Barrier(4)

    def tab() -> None:
        mine = StoredFile.objects.get(pk=file.pk)
        together.wait()
        try:
            outcomes.append(services.append(mine, offset=0, data=BIG[:PIECE]))
        except WrongOffset as wrong:
            outcomes.append(f"at {wrong.at}")
        finally:
            connection.close()

    tabs = [threading.Thread(target=tab) for _ in range(4)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()
    assert sorted(map(str, outcomes)) == sorted([str(PIECE), *[f"at {PIECE}"] * 3])
    file.refresh_from_db()
    assert file.arrived == PIECE
    assert services.arriving(file).get(0) == BIG[:PIECE]


@pytest.mark.django_db(transaction=True)
def test_two_beginnings_at_once_count_each_other(folder: Path, settings: Any) -> None:
    settings.UPLOAD_DAY_BYTES = 1000
    person = PersonFactory.create()
    outcomes: list[str] = []
    together = threading.Barrier(3)

    def tab() -> None:
        together.wait()
        try:
            services.begin(person, purpose=PURPOSE, size=600)
            outcomes.append("begun")
        except Refused as refused:
            outcomes.append(refused.reason)
        finally:
            connection.close()

    tabs = [threading.Thread(target=tab) for _ in range(3)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()
    assert sorted(outcomes) == ["begun", "vol", "vol"]
