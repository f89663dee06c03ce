"""A journal to read and keep. Loads WeasyPrint: import it only where the job is done, never in a web process."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from learning.journal.envelope import Entry
from learning.people.models import Person
from learning.tracks.queries import Place

# At lower levels they log which letters a text holds.
for _name in ("weasyprint", "weasyprint.progress", "fontTools"):
    logging.getLogger(_name).setLevel(logging.ERROR)

# About a minute of drawing; a job that runs longer than its lease is taken for dead. Who writes 600 pages has the JSON.
MOST_LETTERS = 1_500_000

STYLE = Path(__file__).with_name("document.css").read_text()
LETTERS = frozenset(re.findall(r"letters:([a-z0-9-]+\.woff2)", STYLE))


class OwnLetters(URLFetcher):  # type: ignore[misc]
    """Our letters and nothing else: no word of an entry makes this process fetch anything."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix("letters:")
        path = finders.find(f"design/vendor/fonts/{name}") if name in LETTERS else None
        if not isinstance(path, str):
            raise ValueError("not one of our letters")
        return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": "font/woff2"})


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
    letters, fonts = OwnLetters(), FontConfiguration()
    style = CSS(string=STYLE, url_fetcher=letters, font_config=fonts)
    made: bytes = HTML(string=html, url_fetcher=letters).write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    return made
