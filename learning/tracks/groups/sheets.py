"""Reads a list of people from a file that somebody else made: CSV, or the first sheet of an XLSX.

Nothing in it is trusted. An XLSX is a zip of XML: only the parts we need are opened, each up to a bound that what comes
out is held to (not what the zip says of itself), read as it passes by, without a DTD and so without entities. What a
cell computes isn't read: who opens the file sees one thing, we might see another.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from xml.parsers import expat

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 50
MOST_LETTERS = 300  # of a cell
_MOST_XML = 40_000_000  # of one part of an XLSX, once it is unpacked
_MOST_ELEMENTS = 600_000  # in one part: a second of reading
_PIECE = 65_536

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # XLS, and an XLSX with a password
_DELIMITERS = ",;\t|"
_STRINGS = "xl/sharedStrings.xml"


class Unreadable(Exception):
    """Why, as one of the words below."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


EMPTY, TOO_LARGE, TOO_MANY_ROWS, OLD, NO_SHEET, NO_TEXT = "empty", "too-large", "too-many-rows", "old", "sheet", "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """`formula`: it computes something; its text is then empty."""

    text: str
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`number`: as the program that made the file counts them, from 1."""

    number: int
    cells: tuple[Cell, ...]


def rows_of(data: bytes) -> list[Row]:
    """All rows in which anything stands, the first of them the heads. Raises Unreadable."""
    if not data.strip():
        raise Unreadable(EMPTY)
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    if data.startswith(_OLD_OFFICE):
        raise Unreadable(OLD)
    found = _of_xlsx(data) if data.startswith(_ZIP) else _of_csv(_decoded(data))
    filled = (row for row in found if any(cell.text or cell.formula for cell in row.cells))
    rows = list(islice(filled, MOST_ROWS + 2))  # with the heads, and one too many
    if not rows:
        raise Unreadable(EMPTY)
    if len(rows) > MOST_ROWS + 1:
        raise Unreadable(TOO_MANY_ROWS)
    return rows


# --- CSV


def _decoded(data: bytes) -> str:
    """UTF-8, what Excel calls Unicode (UTF-16 that says so), else what Windows writes here."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise Unreadable(NO_TEXT)
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(NO_TEXT)


def _of_csv(text: str) -> Iterator[Row]:
    """Formulas are text that a spreadsheet would compute."""
    said, _, rest = text.partition("\n")
    if said.strip().lower().startswith("sep=") and len(said.strip()) == 5:  # as Excel writes it
        delimiter, text, skipped = said.strip()[4], rest, 1
    else:
        delimiter, skipped = _delimiter(said), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a field of more than 128 kB: a quote that was never closed
            raise Unreadable(NO_TEXT) from None
        cells = (_typed(value) for value in values[:MOST_COLUMNS])
        yield Row(reader.line_num + skipped, tuple(cells))


def _delimiter(heads: str) -> str:
    """What stands in the first line most; a comma where nothing does."""
    return max(_DELIMITERS, key=heads.count)


def _typed(value: str) -> Cell:
    value = value.strip()
    return Cell("", formula=True) if value.startswith(("=", "+", "@")) else Cell(value[:MOST_LETTERS])


# --- XLSX


def _of_xlsx(data: bytes) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            sheet = _first_sheet(package)
            shared = _SharedStrings()
            if _STRINGS in package.namelist():
                for _ in _fed(shared, package, _STRINGS):
                    pass
            cells = _SheetCells(shared.texts)
            for _ in _fed(cells, package, sheet):
                yield from cells.taken()
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, RuntimeError, ValueError):
        # Broken, packed in a way nobody packs, with a password, or no XML.
        raise Unreadable(NO_SHEET) from None


def _first_sheet(package: zipfile.ZipFile) -> str:
    """Its name in the package."""
    book, links = _Attributes("sheet"), _Attributes("Relationship")
    for part, name in ((book, "xl/workbook.xml"), (links, "xl/_rels/workbook.xml.rels")):
        for _ in _fed(part, package, name):
            pass
    key = next((value for each in book.found[:1] for name, value in each.items() if name.endswith(" id")), "")
    target = next((each.get("Target", "") for each in links.found if each.get("Id") == key), "")
    if not target:
        raise Unreadable(NO_SHEET)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _fed(part: _Part, package: zipfile.ZipFile, name: str) -> Iterator[None]:
    """Reads a part of the package into `part`; comes back after every piece. Raises Unreadable where it isn't there,
    comes out too large, or says what its words mean (a DTD)."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = part.begun, part.ended
    parser.CharacterDataHandler = part.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        source = package.open(name)
    except KeyError:
        raise Unreadable(NO_SHEET) from None
    with source:
        size = 0
        while piece := source.read(_PIECE):
            size += len(piece)
            if size > _MOST_XML:
                raise Unreadable(TOO_LARGE)
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
    yield


def _refuse(*_: object) -> None:
    raise Unreadable(NO_SHEET)


class _Part:
    """Hears what stands in a part of an XLSX, and keeps what it wants; names without their name space."""

    def __init__(self) -> None:
        self._elements = 0

    def begun(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise Unreadable(TOO_LARGE)
        self.begin(name.rpartition(" ")[2], attributes)

    def ended(self, name: str) -> None:
        self.end(name.rpartition(" ")[2])

    def begin(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Attributes(_Part):
    """Of every element of a name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.found: list[dict[str, str]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._name:
            self.found.append(attributes)


class _Texts(_Part):
    """Collects the text in `t`, also of a string whose parts look otherwise; how it is spoken (`rPh`) isn't text."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self._inside = self._spoken = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._spoken = True
        self._inside = name == "t" and not self._spoken

    def end(self, name: str) -> None:
        if name == "rPh":
            self._spoken = False
        self._inside = False

    def text(self, text: str) -> None:
        if self._inside and len(self._words) <= MOST_LETTERS:
            self._words += text[: MOST_LETTERS + 1]

    def take(self) -> str:
        words, self._words = self._words, ""
        return words


class _SharedStrings(_Texts):
    """The texts that cells point at."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.texts.append(self.take())


class _SheetCells(_Texts):
    """The cells of a sheet, a row at a time: `taken` gives those that are whole."""

    def __init__(self, shared: list[str]) -> None:
        super().__init__()
        self._shared = shared
        self._rows: list[Row] = []
        self._number = self._column = 0
        self._kind = ""
        self._formula = False
        self._cells: dict[int, Cell] = {}

    def taken(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        super().begin(name, attributes)
        if name == "row":
            said = attributes.get("r", "")
            self._number = int(said[:9]) if said.isascii() and said.isdigit() else self._number + 1
            self._cells, self._column = {}, -1
        elif name == "c":
            self._column = _column(attributes.get("r", ""), self._column + 1)
            self._kind, self._formula, self._words = attributes.get("t", ""), False, ""
        elif name == "f":
            self._formula = True
        elif name == "v":
            self._inside = True

    def end(self, name: str) -> None:
        super().end(name)
        if name == "c" and self._column < MOST_COLUMNS:
            self._cells[self._column] = Cell("", formula=True) if self._formula else _typed(self._value())
        elif name == "row":
            cells = self._cells
            self._rows.append(
                Row(self._number, tuple(cells.get(n, Cell("")) for n in range(max(cells, default=-1) + 1)))
            )

    def _value(self) -> str:
        said = self.take()
        if self._kind != "s":
            return said
        number = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else len(self._shared)
        if number >= len(self._shared):
            raise Unreadable(NO_SHEET)
        return self._shared[number]


def _column(reference: str, after: int) -> int:
    """From 0: "C12" is 2. Without a reference it is the one after the last."""
    number = 0
    for letter in reference[:4].upper():
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1 if number else after
