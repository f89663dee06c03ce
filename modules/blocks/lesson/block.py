"""Lesson text (curriculum 2.5: a text per unit with an audio reading). Class A; nothing but "read" is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from webob.multidict import MultiDict

from modules.authoring import Authored, AuthoringError, Path, Problem, read_yaml
from modules.blocks.base import COMPLETED, DONE, ActivityBlock, form_handler
from modules.blocks.lesson import text as markdown

# Curriculum 2.5 asks 400 to 700; a short text with a drawing and a long one with sources may still be good.
MIN_WORDS, MAX_WORDS = 250, 900
# The title of the activity is an h2.
FIRST_HEADING = 3
DIFFERENCES = ["Inhoud", "Taal", "Doel", "Redenatie", "Tempo", "Resultaat"]

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<head>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


class Lesson(ActivityBlock):
    """A text to read or to hear."""

    block_type = "lesson"
    verbs = frozenset({COMPLETED})
    stylesheets = ("tekening.css", "lesson.css")
    same_at_first = frozenset({"student_view"})

    @classmethod
    def read(cls, text: str) -> Authored:
        """Markdown under YAML front matter. Raises AuthoringError with the line in the whole file.

        Besides the author's fields: `delen` (safe HTML, see `text.part`), `woorden`, `leestijd` in minutes, and
        `opbouw`: what `check` judges, {"koppen": [levels], "html": [pieces], "citaten": [pieces]}.
        """
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        front = _FRONT_MATTER.match(text)
        if not front:
            raise AuthoringError("het bestand begint met velden tussen twee regels ---")
        try:
            head = read_yaml(front["head"])
        except AuthoringError as error:
            raise AuthoringError(error.reason, error.line + 1) from error
        body_line = text.count("\n", 0, front.end()) + 1
        segments = markdown.segments(text[front.end() :], body_line)
        lines: dict[Path, int] = {path: line + 1 for path, line in head.lines.items()}
        lines["delen",] = body_line
        outline = _outline(segments, lines)
        count = sum(markdown.words(segment.text) for segment in segments)
        return Authored(
            {
                **head.data,
                "delen": [markdown.part(segment) for segment in segments],
                "woorden": count,
                "leestijd": markdown.reading_minutes(count),
                "opbouw": outline,
            },
            lines,
        )

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return [*_words(data), *_outline_problems(data["opbouw"]), *_sources(data), *_sound(data), *_streams(data)]

    @classmethod
    def assets(cls, data: Mapping[str, Any]) -> list[str]:
        return [path for path in (data.get("audio") or {}).values() if path]

    @form_handler
    def finished(self, form: MultiDict) -> None:
        """Read, by the learner's own word."""
        if self.status != DONE:
            self.begin()
            self.finish()

    def body_context(self) -> dict[str, Any]:
        return {}


def _outline(segments: list[markdown.Segment], lines: dict[Path, int]) -> dict[str, list[Any]]:
    """What the gates look at; puts the line of each in `lines`."""
    levels = [found for segment in segments for found in markdown.headings(segment)]
    found: dict[str, list[tuple[Any, int]]] = {
        "koppen": [(level, heading.line) for level, heading in levels],
        "html": [(piece.what, piece.line) for segment in segments for piece in markdown.raw_html(segment)],
        "citaten": [(piece.what, piece.line) for segment in segments for piece in markdown.quotes(segment)],
    }
    for name, pieces in found.items():
        for index, (_, line) in enumerate(pieces):
            lines["opbouw", name, index] = line
    return {name: [what for what, _ in pieces] for name, pieces in found.items()}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _words(data: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("titel", "inleiding"):
        if not _is_text(data.get(name)):
            yield Problem((name,), f"'{name}' ontbreekt")
    if not data["delen"]:
        yield Problem(("delen",), "er staat geen tekst onder de velden")
    elif not MIN_WORDS <= data["woorden"] <= MAX_WORDS:
        yield Problem(("delen",), f"een les telt {MIN_WORDS} tot {MAX_WORDS} woorden, deze {data['woorden']}")


def _outline_problems(outline: Mapping[str, Any]) -> Iterator[Problem]:
    for index, piece in enumerate(outline["html"]):
        yield Problem(("opbouw", "html", index), f"HTML in de tekst mag niet: {piece[:40]}")
    for index, (before, level) in enumerate(pairwise([FIRST_HEADING - 1, *outline["koppen"]])):
        if level < FIRST_HEADING or level > before + 1:
            yield Problem(("opbouw", "koppen", index), "koppen beginnen bij ### en slaan geen niveau over")


def _sources(data: Mapping[str, Any]) -> Iterator[Problem]:
    sources = data.get("bronnen") or []
    if not isinstance(sources, list) or not all(map(_is_text, sources)):
        yield Problem(("bronnen",), "bronnen zijn een lijst van regels tekst")
    elif data["opbouw"]["citaten"] and not sources:
        yield Problem(("opbouw", "citaten", 0), "wie citeert, noemt een bron bij 'bronnen'")
    if "herkomst" in data and data["herkomst"] not in ("geconstrueerd", "toestemming"):
        yield Problem(("herkomst",), "kies 'geconstrueerd' of 'toestemming'")


def _sound(data: Mapping[str, Any]) -> Iterator[Problem]:
    audio = data.get("audio")
    if audio is None:
        return
    for form in ("opus", "mp3"):
        path = audio.get(form) if isinstance(audio, Mapping) else None
        if not (_is_text(path) and str(path).endswith(f".{form}")):
            yield Problem(("audio", form), f"noem het geluid als .{form}")


def _streams(data: Mapping[str, Any]) -> Iterator[Problem]:
    for index, part in enumerate(data["delen"]):
        if part["soort"] == markdown.STREAMS:
            named = [re.sub(r"<[^>]+>", "", row[1]) for row in part["rijen"]]
            if named != DIFFERENCES:
                yield Problem(("delen", index), "de zes verschillen zijn, in deze orde: " + ", ".join(DIFFERENCES))
