"""From an author's Markdown to parts that are safe to show, once, at import.

A text is a row of parts: running text, or one of our own containers:

    ::: geconstrueerd          a made-up scene, set apart and labelled
    ::: probeer                something small to try today
    ::: stromen                a Markdown table of the six differences, drawn around the lens
    ::: tafels                 a Markdown list of two captions, under a debate and a dialogue seen from above
    ::: beeld                  the name of a drawing of ours on a line of its own, then the words under it
    ::: straks                 what comes later, with a trainer or at a table, and when
    …
    :::

Raw HTML never passes: Markdown is read without it, and what comes out goes through an allow-list all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from modules.authoring import AuthoringError
from modules.blocks.drawings import DRAWINGS

TEXT, SCENE, TRY, STREAMS, TABLES = "tekst", "geconstrueerd", "probeer", "stromen", "tafels"
DRAWING, LATER = "beeld", "straks"
CONTAINERS = (SCENE, TRY, STREAMS, TABLES, DRAWING, LATER)


WORDS_A_MINUTE = 200

_TAGS = {
    "p",
    "em",
    "strong",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h3",
    "h4",
    "h5",
    "a",
    "br",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_FENCE = re.compile(r":::\s*(?P<name>\S*)\s*$")
# A Dutch elision ('s nachts, 't) opens no quotation.
_ELISION = re.compile(r"(?<![\w’'])'(?=(?:s|t|n|k|m|r|ns)\b)")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")

_markdown = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": "“”‘’"})
_markdown.enable(["table", "smartquotes"]).disable("image")
# Only to find what an author may not write; its output is never used.
_raw = MarkdownIt("commonmark", {"html": True})


@dataclass(frozen=True)
class Segment:
    """A stretch of lines of one kind. `line` is that of its first line of text, counted from 1."""

    kind: str
    line: int
    text: str


@dataclass(frozen=True)
class Found:
    """Something the publish gates look at, and the line it stands on."""

    line: int
    what: str


def segments(text: str, first_line: int = 1) -> list[Segment]:
    """Cut the text at its containers. Raises AuthoringError at a container that isn't ours or isn't closed."""
    found, kind, start, lines = [], TEXT, first_line, list[str]()
    for number, line in enumerate(text.split("\n"), first_line):
        fence = _FENCE.match(line)
        if not fence:
            lines.append(line)
            continue
        name = fence["name"]
        if name and (kind != TEXT or name not in CONTAINERS):
            reason = f"een kader in een kader: sluit '{kind}' eerst" if kind != TEXT else f"onbekend kader '{name}'"
            raise AuthoringError(reason, number)
        if not name and kind == TEXT:
            raise AuthoringError("hier sluit een kader dat niet geopend is", number)
        found.append(Segment(kind, start, "\n".join(lines)))
        kind, start, lines = name or TEXT, number + 1, []
    if kind != TEXT:
        raise AuthoringError(f"het kader '{kind}' is niet gesloten met :::", start - 1)
    found.append(Segment(kind, start, "\n".join(lines)))
    return [segment for segment in found if segment.kind != TEXT or segment.text.strip()]


def part(segment: Segment) -> dict[str, Any]:
    """What the page shows of a segment: {"soort", "html"}, for the streams "kop" and "rijen" as well, for a drawing
    "tekening"."""
    if segment.kind == DRAWING:
        return _drawing(segment)
    tokens = _markdown.parse(_ELISION.sub("’", segment.text))
    if segment.kind == TABLES and [token.type for token in tokens].count("list_item_open") != 2:
        raise AuthoringError("het kader 'tafels' is een lijst met twee bijschriften", segment.line)
    if segment.kind != STREAMS:
        return {"soort": segment.kind, "html": _html(tokens)}
    end = next((index for index, token in enumerate(tokens) if token.type == "table_close"), None)
    if end is None or tokens[0].type != "table_open":
        raise AuthoringError("het kader 'stromen' begint met een tabel", segment.line)
    rows = list(_rows(tokens[: end + 1]))
    below, above = _column(rows[0], "onder"), _column(rows[0], "boven")
    if {below, above} != {1, 2} or any(len(row) != 3 for row in rows):
        raise AuthoringError("de tabel heeft drie kolommen: het verschil, 'bovenstroom' en 'onderstroom'", segment.line)
    ordered = [[row[below], row[0], row[above]] for row in rows]
    return {"soort": STREAMS, "kop": ordered[0], "rijen": ordered[1:], "html": _html(tokens[end + 1 :])}


def _drawing(segment: Segment) -> dict[str, Any]:
    name, _, caption = segment.text.strip().partition("\n")
    if name not in DRAWINGS:
        raise AuthoringError(f"onbekende tekening '{name}': kies {', '.join(DRAWINGS)}", segment.line)
    return {"soort": DRAWING, "tekening": name, "html": _html(_markdown.parse(_ELISION.sub("’", caption)))}


def words(text: str) -> int:
    """Words a reader reads, without the marks of Markdown."""
    return sum(len(_WORD.findall(content)) for content in _contents(_markdown.parse(text)))


def reading_minutes(count: int) -> int:
    """Whole minutes at 200 words a minute, at least one."""
    return max(1, (count + WORDS_A_MINUTE // 2) // WORDS_A_MINUTE)


def headings(segment: Segment) -> list[tuple[int, Found]]:
    """[(level, where and what), …]"""
    tokens = _markdown.parse(segment.text)
    return [
        (int(token.tag[1]), Found(_line(segment, token), tokens[index + 1].content))
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def raw_html(segment: Segment) -> list[Found]:
    """Every piece of HTML an author put in."""
    found = []
    for token in _raw.parse(segment.text):
        if token.type == "html_block":
            found.append(Found(_line(segment, token), token.content.strip()))
        found += [
            Found(_line(segment, token), child.content) for child in token.children or [] if child.type == "html_inline"
        ]
    return found


def quotes(segment: Segment) -> list[Found]:
    """Every quotation (`>`). What people say in a made-up scene is nobody's words."""
    if segment.kind == SCENE:
        return []
    return [
        Found(_line(segment, token), "citaat")
        for token in _markdown.parse(segment.text)
        if token.type == "blockquote_open"
    ]


def _line(segment: Segment, token: Token) -> int:
    return segment.line + (token.map[0] if token.map else 0)


def _html(tokens: Sequence[Token]) -> str:
    return nh3.clean(
        _markdown.renderer.render(tokens, _markdown.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    ).strip()


def _rows(tokens: Sequence[Token]) -> Iterator[list[str]]:
    """The cells of each row as inline HTML, the head row first."""
    cells: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(_html([token]))
        elif token.type == "tr_close":
            yield cells


def _column(head: Sequence[str], name: str) -> int:
    return next((index for index, cell in enumerate(head) if name in cell.lower()), -1)


def _contents(tokens: Sequence[Token]) -> Iterator[str]:
    """The plain text of each paragraph, heading and cell."""
    for token in tokens:
        if token.type == "inline":
            yield "".join(
                " " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or []
            )
