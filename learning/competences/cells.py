"""Cells of a CSV, as they go out to a spreadsheet and come back from one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

# With what a spreadsheet lets a formula begin, wide ones too, and with a semicolon where a Dutch one parts our lines.
_BEGINS = re.compile("(^|[;\t\r\n])(?='*[=+\\-@\t\r＝＋－＠])")
_BEGAN = re.compile("(^|[;\t\r\n])'(?='*[=+\\-@\t\r＝＋－＠])")


def written(lines: Iterable[Iterable[str | int]]) -> str:
    """As CSV (RFC 4180); a spreadsheet takes none of it for a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_harmless(cell) if isinstance(cell, str) else cell for cell in line] for line in lines)
    return out.getvalue()


def _harmless(cell: str) -> str:
    return _BEGINS.sub(r"\1'", cell)


def lines_of(text: str, columns: int) -> list[list[str]]:
    """Of a CSV with so many columns; a Dutch spreadsheet writes semicolons. Raises csv.Error."""
    text = text.removeprefix("\ufeff")
    delimiter = ";" if text.partition("\n")[0].count(";") >= columns - 1 else ","
    return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))


def below_the_first(lines: list[list[str]]) -> list[tuple[int, list[str]]]:
    """[(which line it was, from 1, its cells as they were meant)], without empty ones."""
    return [(n, list(map(_as_meant, line))) for n, line in enumerate(lines[1:], 2) if any(map(str.strip, line))]


def _as_meant(cell: str) -> str:
    """Without what `written` put before it; an apostrophe of its own ("'s Ochtends") stays."""
    return _BEGAN.sub(r"\1", cell.strip())
