"""A certificate, beside the same drawn the naive way; and what the web process loads, beside what a worker loads."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from bench.measuring.cost import MICROSECONDS, here, interleaved
from bench.measuring.rows import Row, compared, limited
from certificates import drawing
from certificates.models import Certificate, Kind
from design import paper_letters

UNITS = [
    "Twee stromen, één gesprek",
    "Debat of dialoog?",
    "Luisteren dat iets losmaakt",
    "Wat zag ik?",
    "Aan tafel",
    "Jij",
]
STARTED = """
import sys
from config.wsgi import application
import jobs.embedded
{more}
print(sum(name.partition(".")[0] in ("weasyprint", "fontTools") for name in sys.modules))
"""


def rows() -> list[Row]:
    return [drawn(), *starting()]


def drawn() -> Row:
    certificate = one()
    took = interleaved({"kept": here(keeping(certificate)), "naive": here(naively(certificate))}, rounds=9, times=4)
    return compared(
        "a certificate drawn, beside WeasyPrint with letters, style and fetcher new each time",
        value=took["kept"],
        reference=took["naive"],
        unit=MICROSECONDS,
        at_most=0.7,
    )


def one() -> Certificate:
    facts = {
        "version": 1,
        "name": "Femke Hoekstra",
        "organisation": "Waterschap Lage Broeken",
        "number": "M1",
        "title": "Dialoog is een werkwoord",
        "edition": "a3f09b7c77aa",
        "units": [[f"1.{number}", title] for number, title in enumerate(UNITS, start=1)],
        "minutes": 230,
    }
    return Certificate(
        code="K7XF-49MD-X4TG",
        kind=Kind.ATTENDANCE,
        subject="m1",
        language="nl",
        issued_on=date(2026, 11, 24),
        facts=facts,
    )


def keeping(certificate: Certificate) -> Callable[[], bytes]:
    return lambda: drawing.pdf(certificate)


def naively(certificate: Certificate) -> Callable[[], bytes]:
    """As WeasyPrint's own first example does it, with the same HTML, letters, style and kind of PDF."""
    style = paper_letters.face_rules() + drawing.STYLE

    def draw() -> bytes:
        fonts = FontConfiguration()
        sheet = CSS(string=style, font_config=fonts)
        content: bytes = HTML(string=drawing.document(certificate)).write_pdf(
            font_config=fonts, stylesheets=[sheet], pdf_variant="pdf/a-3a"
        )
        return content

    return draw


def starting() -> list[Row]:
    web, web_seconds = started("")
    worker, worker_seconds = started("from certificates import drawing")
    return [
        limited(
            "modules of WeasyPrint and fontTools that the web process loads, beside what drawing loads",
            value=web,
            reference=worker,
            unit="modules",
            at_most=0,
        ),
        compared(
            "start-up of the web process, beside the same with WeasyPrint",
            value=web_seconds * 1000,
            reference=worker_seconds * 1000,
            unit="ms CPU",
        ),
    ]


def started(more: str) -> tuple[int, float]:
    """How many of those modules, and the processor time it took: the least of three."""
    counts, seconds = [], []
    for _ in range(3):
        before = _children()
        found = subprocess.run(  # noqa: S603 our own few lines
            [sys.executable, "-W", "ignore", "-c", STARTED.format(more=more)],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds.append(_children() - before)
        counts.append(int(found.stdout))
    return counts[-1], min(seconds)


def _children() -> float:
    """Processor seconds of the processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
