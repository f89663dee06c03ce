"""A change of keys: all that is sealed is known, sealed anew, and never undone or lost on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import BinaryField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import resealing
from learning.files import services as files
from learning.files.models import FileState, StoredFile
from learning.files.pieces import PIECE, Blob
from learning.files.store import StoreTrouble, folder, store
from learning.journal.models import JournalEntry, JournalExport
from learning.people.models import Person
from learning.people.personal import all_held
from learning.practice.models import Assessment, Work, WorkFile
from learning.practice.sealed import place
from learning.runtime.blocks import State, attempt_place, lent_place, opened_answers, sealed_answers
from learning.runtime.models import Attempt, BlockState
from learning.sealing import WontOpen, seal, seal_file, unseal
from lti.models import SigningKey
from tests.factories import PersonFactory
from tests.learning.people.everything import did_everything, kept

pytestmark = pytest.mark.django_db

OLD, BOTH, NEW = ("oud",), ("nieuw", "oud"), ("nieuw",)


@pytest.fixture(autouse=True)
def _keys(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.SEALING_KEYS = tmp_path, OLD


@pytest.fixture
def person() -> Person:
    return PersonFactory.create()


def command(*, rotate: bool = False) -> tuple[int, str]:
    """(how it ends, what it says)"""
    out = StringIO()
    try:
        call_command("sealing", rotate=rotate, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def line(said: str, source: str) -> str:
    return next(each for each in said.splitlines() if each.startswith(f"{source}:")).partition(": ")[2]


def written(person: Person, n: int, text: str = "stil") -> list[JournalEntry]:
    now = timezone.now()
    return JournalEntry.objects.bulk_create(
        JournalEntry(
            person=person, token=f"vorm-{at}", written_at=now, changed_at=now,
            sealed=seal(json.dumps({"text": text, "tags": []}), f"journal|{person.pk}|vorm-{at}"),
        )
        for at in range(n)
    )  # fmt: skip


def text_of(entry: JournalEntry) -> Any:
    entry.refresh_from_db()
    return json.loads(unseal(entry.sealed, f"journal|{entry.person_id}|{entry.token}"))["text"]


def test_every_column_that_can_hold_something_sealed_is_known() -> None:
    there = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField)
    }
    assert there == resealing.columns()


def test_everything_of_somebody_who_did_everything_opens_with_the_new_key_alone(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what lies inside JSON and in the store; and they get all of it as they did before."""
    monkeypatch.setattr("learning.practice.services.seconding.is_drawn", lambda kept: False)
    everything = did_everything(tmp_path)
    _rest(everything.person, everything.own)
    before = _told(everything.person)
    settings.SEALING_KEYS = BOTH
    ends, said = command()
    assert ends == 1
    for source in resealing.sources():
        assert line(said, source).endswith("of key 2"), source
    ends, said = command(rotate=True)
    assert ends == 0, said
    settings.SEALING_KEYS = NEW
    ends, said = command()
    assert ends == 0, said
    for source in resealing.sources():
        assert line(said, source).endswith("of key 1"), source
    assert _told(everything.person) == before


def _rest(person: Person, work: Work) -> None:
    """What nobody did there: files that jobs make, what a colleague hid, an answer, an attempt that is only counted."""
    export = JournalExport.objects.get(person=person)
    made = {"made_at": timezone.now(), "sealed": seal_file(b"pdf", f"journal.export|{export.pk}")}
    JournalExport.objects.filter(pk=export.pk).update(**made)
    WorkFile.objects.create(
        work=work, asked_at=timezone.now(), made_at=timezone.now(), sealed=seal_file(b"pdf", place("file", work.pk))
    )
    reading = Assessment.objects.filter(work=work)[0]
    hidden = seal(json.dumps("reden"), place("hidden", reading.pk))
    Assessment.objects.filter(pk=reading.pk).update(sealed_hidden_reason=hidden)
    for item in apps.get_model("learning", "EvidenceObjection").objects.all():
        answer = seal("WEG-antwoord-op-bezwaar", f"competences|answer|{item.item_id}")
        type(item).objects.filter(pk=item.pk).update(sealed_answer=answer)
    attempt = Attempt.objects.filter(person=person)[0]
    Attempt.objects.filter(pk=attempt.pk).update(
        answers=sealed_answers({"v": "WEG-geteld"}, attempt_place(person.pk, attempt.usage, attempt.number))
    )
    lent(person)
    SigningKey.objects.create(purpose="tool", kid="k", sealed=seal("pem", "lti.signing_key|k"), public={})


def lent(person: Person, usage: str = "proefmodule/zin") -> BlockState:
    state = State(person.pk, usage)
    words = {name: sealed_answers(f"WEG-{name}", lent_place(state, name)) for name in ("handed_in", "nog_iets")}
    data = json.dumps({"status": "bezig", **words})
    return BlockState.objects.create(person=person, usage=usage, data=data, updated_at=timezone.now())


def _told(person: Person) -> list[Any]:
    """All that is kept of somebody, opened."""
    return [(str(held.title), held.say(row)) for held in all_held() if held.say for row in held.rows(person)]


# --- broken off, in the way of others, and what won't open


def test_broken_off_it_goes_on_where_it_was(settings: Any, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = written(person, 7)
    settings.SEALING_KEYS = BOTH
    swap, left = resealing._swap, [3]

    def dies(*args: Any) -> bool:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return swap(*args)

    monkeypatch.setattr(resealing, "_swap", dies)
    with pytest.raises(KeyboardInterrupt):
        resealing.rotate("learning.JournalEntry.sealed")
    assert [text_of(each) for each in entries] == ["stil"] * 7
    seen = resealing.look("learning.JournalEntry.sealed")
    assert seen.of_key == {0: 3, 1: 4}
    monkeypatch.undo()
    settings.SEALING_KEYS = BOTH
    assert resealing.rotate("learning.JournalEntry.sealed").anew == 4
    settings.SEALING_KEYS = NEW
    assert [text_of(each) for each in entries] == ["stil"] * 7


def test_what_is_of_the_first_key_is_not_written_again(settings: Any, person: Person) -> None:
    settings.SEALING_KEYS = BOTH
    entries = written(person, 3)
    before = [bytes(each.sealed) for each in entries]
    seen = resealing.rotate("learning.JournalEntry.sealed")
    assert (seen.anew, seen.of_key, seen.remains) == (0, {0: 3}, 0)
    for each, sealed in zip(entries, before, strict=True):
        each.refresh_from_db()
        assert bytes(each.sealed) == sealed


def meanwhile(monkeypatch: pytest.MonkeyPatch, what: Callable[[], object]) -> None:
    """Somebody does this after a value was opened and before it is put back."""
    seal_anew = seal_file

    def late(data: bytes, at: str) -> bytes:
        what()
        return seal_anew(data, at)

    monkeypatch.setattr(resealing, "seal_file", late)


def test_who_writes_meanwhile_is_not_undone(settings: Any, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = written(person, 1)
    settings.SEALING_KEYS = BOTH
    newer = seal(json.dumps({"text": "anders", "tags": []}), f"journal|{person.pk}|vorm-0")
    meanwhile(monkeypatch, lambda: JournalEntry.objects.update(sealed=newer))
    seen = resealing.rotate("learning.JournalEntry.sealed")
    assert (seen.anew, seen.changed, seen.remains) == (0, 1, 1)
    assert text_of(entry) == "anders"
    monkeypatch.undo()
    settings.SEALING_KEYS = BOTH
    assert resealing.rotate("learning.JournalEntry.sealed").remains == 0


def test_what_is_deleted_meanwhile_does_not_come_back(
    settings: Any, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(person, 1)
    settings.SEALING_KEYS = BOTH
    meanwhile(monkeypatch, JournalEntry.objects.all().delete)
    assert resealing.rotate("learning.JournalEntry.sealed").changed == 1
    assert not JournalEntry.objects.exists()


def test_who_hands_in_meanwhile_is_not_undone(settings: Any, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    row = lent(person)
    settings.SEALING_KEYS = BOTH
    newer = json.dumps({"status": "klaar"})
    meanwhile(monkeypatch, lambda: BlockState.objects.update(data=newer))
    assert resealing.rotate("learning.BlockState.data").anew == 0
    row.refresh_from_db()
    assert row.data == newer


def test_two_values_in_one_row_are_both_sealed_anew_and_the_rest_stays(settings: Any, person: Person) -> None:
    row = lent(person)
    settings.SEALING_KEYS = BOTH
    assert resealing.rotate("learning.BlockState.data").anew == 2
    settings.SEALING_KEYS = NEW
    row.refresh_from_db()
    data, state = json.loads(row.data), State(person.pk, row.usage)
    assert data["status"] == "bezig"
    for name in ("handed_in", "nog_iets"):
        assert opened_answers(data[name], lent_place(state, name)) == f"WEG-{name}"


def test_what_wont_open_is_said_and_left_as_it_is(settings: Any, person: Person) -> None:
    entries = written(person, 3)
    sealed = bytes(entries[1].sealed)
    broken = sealed[:-1] + bytes([sealed[-1] ^ 1])
    JournalEntry.objects.filter(pk=entries[1].pk).update(sealed=broken)
    settings.SEALING_KEYS = BOTH
    ends, said = command(rotate=True)
    assert ends == 1
    assert "2 of key 1, 2 of them sealed anew, 1 won't open" in line(said, "learning.JournalEntry.sealed")
    assert f"  won't open: {entries[1].pk}\n" in said
    assert "1 values remain: keep every key." in said
    entries[1].refresh_from_db()
    assert bytes(entries[1].sealed) == broken


def test_many_that_wont_open_are_counted_and_not_all_named(settings: Any, person: Person) -> None:
    written(person, resealing.MOST_NAMED + 3)
    settings.SEALING_KEYS = NEW
    ends, said = command()
    assert (ends, said.count("  won't open: ")) == (1, resealing.MOST_NAMED)
    assert "  and 3 more" in said


def test_a_key_that_nothing_needs_may_go_and_one_that_something_needs_may_not(settings: Any, person: Person) -> None:
    written(person, 2)
    assert command()[0] == 0
    settings.SEALING_KEYS = BOTH
    assert command()[0] == 1
    assert command(rotate=True)[0] == 0
    assert command()[0] == 0


def test_it_reads_many_rows_with_few_queries_and_writes_each_by_itself(settings: Any, person: Person) -> None:
    written(person, 30)
    settings.SEALING_KEYS = BOTH
    with CaptureQueriesContext(connection) as asked:
        resealing.rotate("learning.JournalEntry.sealed")
    assert len([each for each in asked if each["sql"].startswith("SELECT")]) == 2
    assert len(asked) == 32


def test_it_says_nothing_of_what_is_in_it(settings: Any, person: Person) -> None:
    written(person, 2, text="geheim-woord")
    settings.SEALING_KEYS = BOTH
    said = command(rotate=True)[1]
    assert "geheim" not in said
    assert "nieuw" not in said
    assert "oud" not in said


# --- pieces of files


def two_pieces(person: Person, state: FileState = FileState.READY) -> tuple[StoredFile, Blob]:
    file = kept(person, "proef", b"een")
    blob = Blob(file.key, "opus-1", PIECE + 3)
    blob.put(0, b"a" * PIECE, last=False)
    blob.put(1, b"eind"[:3], last=True)
    parts = {"opus": {"blob": "opus-1", "size": blob.size, "media_type": "audio/webm"}}
    StoredFile.objects.filter(pk=file.pk).update(state=state, parts=parts)
    return file, blob


FILES = "learning.StoredFile, in the store"


def test_each_piece_in_the_store_is_sealed_anew_in_its_own_place(settings: Any, person: Person) -> None:
    _file, blob = two_pieces(person)
    settings.SEALING_KEYS = BOTH
    seen = resealing.rotate(FILES)
    assert (seen.anew, seen.remains) == (2, 0)
    settings.SEALING_KEYS = NEW
    assert b"".join(blob.whole()) == b"a" * PIECE + b"ein"


@pytest.mark.parametrize("how", ["erased", "wiped", "tidied", "refused"])
def test_a_piece_of_a_file_that_goes_meanwhile_does_not_come_back(
    settings: Any, person: Person, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    file, blob = two_pieces(person)

    def goes() -> None:
        match how:
            case "erased":
                files.erase(file)
            case "wiped":
                files.wipe_now(file, "gewist")
            case "tidied":
                StoredFile.objects.filter(pk=file.pk).update(parts={})
            case "refused":
                StoredFile.objects.filter(pk=file.pk).update(state=FileState.REFUSED)
        for number in range(2):
            blob.drop(number)

    settings.SEALING_KEYS = BOTH
    meanwhile(monkeypatch, goes)
    assert resealing.rotate(FILES).anew == 0
    assert list(store().names(f"{file.key}/")) == []


@pytest.mark.parametrize("state", [FileState.ARRIVING, FileState.CHECKING, FileState.CONVERTING])
def test_what_is_still_on_its_way_is_sealed_anew_too(settings: Any, person: Person, state: FileState) -> None:
    _file, blob = two_pieces(person, state)
    settings.SEALING_KEYS = BOTH
    assert resealing.rotate(FILES).anew == 2
    settings.SEALING_KEYS = NEW
    assert len(b"".join(blob.whole())) == blob.size


def test_half_a_piece_from_when_somebody_pulled_the_plug_is_no_piece(settings: Any, person: Person) -> None:
    file, _blob = two_pieces(person)
    (settings.DATA_DIR / "files" / str(file.key) / "opus-1" / ".0123456789abcdef").write_bytes(b"half")
    assert resealing.look(FILES).of_key == {0: 2}


def test_a_store_that_is_away_is_said_after_all_others_were_done(
    settings: Any, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_pieces(person)
    entries = written(person, 1)
    settings.SEALING_KEYS = BOTH

    def away(self: folder.Folder, name: str) -> Iterator[str]:
        raise StoreTrouble("weg")

    monkeypatch.setattr(folder.Folder, "names", away)
    out = StringIO()
    with pytest.raises(StoreTrouble):
        call_command("sealing", rotate=True, stdout=out)
    assert f"{FILES}: stopped at StoreTrouble" in out.getvalue()
    settings.SEALING_KEYS = NEW
    assert text_of(entries[0]) == "stil"


def test_somebody_elses_value_in_its_place_is_not_made_theirs(settings: Any, person: Person) -> None:
    """What was moved to another row doesn't open, so it isn't sealed anew there either."""
    (mine,) = written(person, 1)
    (theirs,) = written(PersonFactory.create(), 1, text="van een ander")
    JournalEntry.objects.filter(pk=mine.pk).update(sealed=theirs.sealed)
    settings.SEALING_KEYS = BOTH
    assert resealing.rotate("learning.JournalEntry.sealed").shut == 1
    with pytest.raises(WontOpen):
        text_of(mine)
