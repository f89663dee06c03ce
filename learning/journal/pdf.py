"""A journal to read and keep. Loads WeasyPrint: import it only where the job is done, never in a web process."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from learning.journal.envelope import Entry
from learning.people.models import Person
from learning.tracks.queries import Place

# At lower levels they log which letters a text holds.
for _name in ("weasyprint", "weasyprint.progress", "fontTools"):
    logging.getLogger(_name).setLevel(logging.ERROR)

# About a minute of drawing; a job that runs longer than its lease is taken for dead. Who writes 600 pages has the JSON.
MOST_LETTERS = 1_500_000

LETTERS = {
    "Newsreader": "newsreader-latin-wght-normal.woff2",
    "Newsreader Ext": "newsreader-latin-ext-wght-normal.woff2",
    "Atkinson Next": "atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "Atkinson Next Ext": "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
}


class OwnLetters(URLFetcher):  # type: ignore[misc]
    """Our letters and nothing else: no word of an entry makes this process fetch anything."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix("letters:")
        path = finders.find(f"design/vendor/fonts/{name}") if name in LETTERS.values() else None
        if not isinstance(path, str):
            raise ValueError("not one of our letters")
        return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": "font/woff2"})


def render(person: Person, entries: Iterable[Entry], places: Mapping[str, Place]) -> bytes:
    """PDF/UA, in the language of the person, the oldest first as in a diary. `entries` come newest first.

    Past MOST_LETTERS the oldest are left out, and it says so.
    """
    room = MOST_LETTERS
    lines: list[dict[str, Any]] = []
    left_out = False
    for entry in entries:
        room -= len(entry.text)
        left_out = left_out or room < 0
        if not left_out:
            lines.insert(0, {"entry": entry, "place": places.get(entry.usage)})
    context = {"person": person, "lines": lines, "left_out": left_out, "made_at": timezone.now(), "letters": LETTERS}
    with translation.override(person.language):
        html = render_to_string("journal/pdf.html", {**context, "language": person.language})
    made: bytes = HTML(string=html, url_fetcher=OwnLetters()).write_pdf(pdf_variant="pdf/ua-1")
    return made
