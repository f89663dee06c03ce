"""Taking one's own journal along, as JSON and as PDF."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone

from design import paper
from jobs.models import Job, Status
from jobs.runner import drain
from learning.journal import pdf, queries, services
from learning.journal.envelope import Entry
from learning.journal.models import JournalExport, JournalExportDay
from learning.people.models import Person
from learning.tracks.models import Enrolment
from tests.factories import PersonFactory
from tests.learning.journal.conftest import SECRET, signed_in


def words_of(file: bytes, folder: Path) -> str:
    """As a reader program hears them."""
    (folder / "journaal.pdf").write_bytes(file)
    run = subprocess.run(["pdftotext", str(folder / "journaal.pdf"), "-"], capture_output=True, text=True, check=True)
    return run.stdout


def test_json_holds_every_text_with_where_and_when(learner: Client, person: Person, entry: Entry) -> None:
    services.write(person, text="Los, met een ë.", tags=[], token="vorm-0002")
    response = learner.get("/journaal/bewaren/journaal.json")
    today = timezone.localdate().isoformat()
    assert response.headers["Content-Disposition"] == f'attachment; filename="journaal-{today}.json"'
    newest, first = json.loads(response.getvalue())["notities"]
    assert (newest["tekst"], newest["activiteit"], newest["labels"]) == ("Los, met een ë.", None, [])
    assert (first["tekst"], first["activiteit"], first["labels"]) == (SECRET, "Even stil", ["werk"])
    assert first["geschreven"] == timezone.localtime(entry.written_at).isoformat(timespec="seconds")


def test_a_pdf_is_asked_for_made_in_the_background_and_downloaded(
    learner: Client, person: Person, entry: Entry, tmp_path: Path
) -> None:
    services.write(person, text="Šarić en Aydın zwegen.", tags=[], token="vorm-0002")
    assert "Maak een PDF" in learner.get("/journaal/bewaren/").text
    for _ in range(2):
        assert learner.post("/journaal/bewaren/").status_code == 302
    for _ in range(2):
        assert "data-busy" in learner.get("/journaal/bewaren/").text
    assert learner.get("/journaal/bewaren/journaal.pdf").status_code == 404
    drain()
    part = learner.get("/journaal/bewaren/", headers={"X-Fragment": "1"}).text
    assert "Download je PDF" in part
    assert "<html" not in part
    response = learner.get("/journaal/bewaren/journaal.pdf")
    text = words_of(response.content, tmp_path)
    assert text.index(SECRET) < text.index("Šarić en Aydın zwegen.")
    assert "Bij: Even stil" in text


def test_the_pdf_can_be_heard(person: Person, entry: Entry) -> None:
    with pikepdf.open(BytesIO(pdf.render(person, [entry], {}))) as file:
        assert str(file.Root.Lang) == "nl"
        assert bool(file.Root.MarkInfo.Marked)
        assert file.docinfo["/Title"] == "Mijn journaal"


def test_a_text_never_makes_us_fetch_anything(person: Person) -> None:
    now = timezone.now()
    text = '<img src="http://127.0.0.1:9/"><link rel="stylesheet" href="file:///etc/passwd">'
    made = pdf.render(person, [Entry(1, "", text, (), now, now)], {})
    assert made.startswith(b"%PDF")
    for url in ("http://127.0.0.1:9/", "file:///etc/passwd", "ftp://127.0.0.1:9/x"):
        with pytest.raises(ValueError, match="disallowed"):
            paper.NOTHING.fetch(url)


def test_a_journal_longer_than_a_pdf_says_what_it_leaves_out(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = timezone.now()
    monkeypatch.setattr(pdf, "MOST_LETTERS", 12)
    entries = [Entry(2, "", "Nieuw.", (), now, now), Entry(1, "", "Heel oud.", (), now, now)]
    text = words_of(pdf.render(person, entries, {}), tmp_path)
    assert "Nieuw." in text
    assert "Heel oud." not in text
    assert "Je oudste teksten passen niet in één PDF." in text.replace("\n", " ")


@pytest.fixture
def made(learner: Client, person: Person, entry: Entry) -> JournalExport:
    services.ask_export(person)
    drain()
    return JournalExport.objects.get()


def test_the_file_is_sealed_where_it_is_kept(made: JournalExport) -> None:
    assert made.sealed is not None
    assert b"%PDF" not in bytes(made.sealed)


def test_nobody_else_gets_the_file(made: JournalExport, person: Person) -> None:
    other = PersonFactory.create(organisation=person.organisation)
    assert signed_in(other).get("/journaal/bewaren/journaal.pdf").status_code == 404


def test_a_day_later_it_is_gone(learner: Client, made: JournalExport, person: Person) -> None:
    services.forget_export(made.pk)
    assert JournalExport.objects.exists(), "not before its time"
    [forget] = Job.objects.filter(kind="journal.forget_export")
    assert forget.due == made.made_at + timedelta(hours=24)  # type: ignore[operator]
    JournalExport.objects.update(made_at=timezone.now() - timedelta(hours=24))
    assert learner.get("/journaal/bewaren/journaal.pdf").status_code == 404
    assert queries.export_state(person).status == "geen"
    Job.objects.filter(pk=forget.pk).update(due=timezone.now())
    drain()
    assert not JournalExport.objects.exists()


def test_forgetting_an_older_file_leaves_a_newer_one(made: JournalExport, person: Person) -> None:
    services.ask_export(person)
    drain()
    services.forget_export(made.pk)
    assert queries.export_state(person).status == "klaar"


@pytest.mark.parametrize("change", ["delete", "replace"])
def test_a_file_does_not_outlive_a_text_in_it(made: JournalExport, person: Person, entry: Entry, change: str) -> None:
    if change == "delete":
        services.delete(person, entry_id=entry.id)
    else:
        services.replace(person, entry_id=entry.id, text="Anders.", tags=[])
    assert not JournalExport.objects.exists()


def test_a_text_deleted_while_the_file_is_made_is_not_in_it(
    person: Person, entry: Entry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services.write(person, text="Dit blijft.", tags=[], token="vorm-0002")
    services.ask_export(person)
    render = pdf.render
    moments: list[int] = []

    def render_while_deleting(*args: Any) -> bytes:
        if not moments:
            services.delete(person, entry_id=entry.id)
        moments.append(1)
        return render(*args)

    monkeypatch.setattr(pdf, "render", render_while_deleting)
    drain()
    file = queries.export_file(person)
    assert file is not None
    text = words_of(file, tmp_path)
    assert "Dit blijft." in text
    assert SECRET not in text
    assert len(moments) == 2


def test_a_job_that_runs_twice_makes_one_file(made: JournalExport, person: Person) -> None:
    services.make_export(person.pk)
    assert JournalExport.objects.get().made_at == made.made_at


def test_a_job_for_what_nobody_waits_for_does_nothing(person: Person) -> None:
    services.make_export(person.pk)
    assert not JournalExport.objects.exists()


def test_when_making_it_fails_for_good_the_page_says_so_and_lets_try_again(
    learner: Client, person: Person, entry: Entry
) -> None:
    learner.post("/journaal/bewaren/")
    Job.objects.filter(kind="journal.export").update(status=Status.FAILED, finished_at=timezone.now())
    assert "Het maken van je PDF lukte niet" in learner.get("/journaal/bewaren/").text
    learner.post("/journaal/bewaren/")
    drain()
    assert queries.export_state(person).status == "klaar"


def test_its_job_holds_numbers_only(person: Person, entry: Entry) -> None:
    services.ask_export(person)
    job = Job.objects.get(kind="journal.export")
    assert json.loads(job.payload) == {"person": person.pk}


def test_the_web_process_starts_without_weasyprint() -> None:
    code = "import django; django.setup(); import learning.journal.urls, sys; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_long_journal_is_whole_in_both_files(
    learner: Client, person: Person, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(queries, "READ_AT_ONCE", 2)
    for n in range(5):
        services.write(person, text=f"Tekst {n}.", tags=[], token=f"vorm-{n:04}", usage="proefmodule/stil")
    notes = json.loads(learner.get("/journaal/bewaren/journaal.json").getvalue())["notities"]
    assert [note["tekst"] for note in notes] == [f"Tekst {n}." for n in (4, 3, 2, 1, 0)]
    services.ask_export(person)
    drain()
    text = words_of(queries.export_file(person) or b"", tmp_path)
    assert [n for n in range(5) if f"Tekst {n}." in text] == [0, 1, 2, 3, 4]


def test_an_empty_journal_is_a_file_too(learner: Client, enrolment: Enrolment) -> None:
    assert json.loads(learner.get("/journaal/bewaren/journaal.json").getvalue())["notities"] == []


@pytest.fixture
def twice_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_EXPORTS_A_DAY", 2)
    monkeypatch.setattr(pdf, "render", lambda *args: b"%PDF")


@pytest.mark.usefixtures("twice_a_day")
def test_so_many_pdfs_a_day_and_then_a_word_about_it(learner: Client, person: Person, entry: Entry) -> None:
    for _ in range(2):
        assert learner.post("/journaal/bewaren/").status_code == 302
        drain()
    refused = learner.post("/journaal/bewaren/")
    assert refused.status_code == 429
    assert "Je maakte vandaag al 2 keer een PDF" in refused.text
    assert "Download je PDF" in refused.text, "the last one is still there"
    assert not Job.objects.filter(kind="journal.export", status=Status.WAITING).exists()
    other = PersonFactory.create(organisation=person.organisation)
    assert signed_in(other).post("/journaal/bewaren/").status_code == 302
    JournalExportDay.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert learner.post("/journaal/bewaren/").status_code == 302


@pytest.mark.usefixtures("twice_a_day")
def test_asking_while_it_is_made_counts_for_nothing(learner: Client, person: Person, entry: Entry) -> None:
    for _ in range(5):
        assert learner.post("/journaal/bewaren/").status_code == 302
    assert JournalExportDay.objects.get().times == 1


@pytest.mark.usefixtures("twice_a_day")
def test_a_journal_that_keeps_changing_is_not_made_anew_for_ever(
    person: Person, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[int] = []

    def change(*args: Any) -> bytes:
        rendered.append(1)
        services.replace(person, entry_id=entry.id, text=f"Versie {len(rendered)}.", tags=[])
        return b"%PDF"

    monkeypatch.setattr(pdf, "render", change)
    services.ask_export(person)
    drain()
    assert len(rendered) == 2
    assert queries.export_state(person).status == "geen"
