"""A journal to read and keep. Loads WeasyPrint: import it only where the job is done, never in a web process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from design import paper
from learning.journal.envelope import Entry
from learning.people.models import Person
from learning.tracks.queries import Place

# About a minute of drawing; a job that runs longer than its lease is taken for dead. Who writes 600 pages has the JSON.
MOST_LETTERS = 1_500_000

STYLE = Path(__file__).with_name("document.css").read_text()


def render(person: Person, entries: Iterable[Entry], places: Mapping[str, Place]) -> bytes:
    """PDF/UA, in the language of the person, the oldest first as in a diary. `entries` come newest first.

    Past MOST_LETTERS the oldest are left out, and it says so.
    """
    room = MOST_LETTERS
    lines: list[dict[str, Any]] = []
    for entry in entries:
        room -= len(entry.text)
        if room < 0:
            break
        lines.append({"entry": entry, "place": places.get(entry.usage)})
    context = {"person": person, "lines": lines[::-1], "left_out": room < 0, "made_at": timezone.now()}
    with translation.override(person.language):
        html = render_to_string("journal/pdf.html", {**context, "language": person.language})
    return paper.pdf(html, STYLE)
