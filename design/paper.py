"""Documents to print and to keep. Loads WeasyPrint: import it only where documents are drawn, never in a web process.

What costs is kept for the life of the process: letters, style sheets and fetchers (measured for a certificate: 101 →
43 ms, and without a kept FontConfiguration each document leaks 0.26 MiB).
"""

from __future__ import annotations

import functools
import logging
import threading
from dataclasses import dataclass

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from design import paper_letters

# At lower levels they log which letters a text holds.
for _name in ("weasyprint", "weasyprint.progress", "fontTools"):
    logging.getLogger(_name).setLevel(logging.ERROR)

# Pango's font map is one for the process.
one_at_a_time = threading.Lock()

# No word that somebody wrote makes this process fetch anything, from the network or from its disk.
NOTHING = URLFetcher(allowed_protocols={"data"})


@dataclass(frozen=True)
class _Kept:
    fonts: FontConfiguration
    style: CSS


@functools.cache
def _kept(style: str) -> _Kept:
    """A style sheet needs our own letters and what stands in itself."""
    fonts, fetcher = FontConfiguration(), URLFetcher(allowed_protocols={"file", "data"})
    text = paper_letters.face_rules() + style
    return _Kept(fonts, CSS(string=text, font_config=fonts, url_fetcher=fetcher))


def laid_out(html: str, style: str) -> Document:
    """In pages, for whoever holds `one_at_a_time` until all of it is written. `style`: CSS, the same text each time."""
    kept = _kept(style)
    return HTML(string=html, url_fetcher=NOTHING).render(font_config=kept.fonts, stylesheets=[kept.style])


def pdf(html: str, style: str) -> bytes:
    """PDF/UA-1."""
    with one_at_a_time:
        made: bytes = laid_out(html, style).write_pdf(pdf_variant="pdf/ua-1")
    return made
