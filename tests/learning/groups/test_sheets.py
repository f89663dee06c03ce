"""Files of people as programs make them are read; what nobody makes by accident is refused, soon and in little room."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.tracks.groups import sheets
from learning.tracks.groups.sheets import Unreadable, rows_of
from tests.learning.groups.files import MAIN, package, sheet, xlsx

LIST = [["naam", "e-mail", "rol"], ["Zoë de Wit", "zoe@w.example", "deelnemer"], ["Bo", "bo@w.example", ""]]


def texts(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows_of(data)]


def padded(rows: list[list[str]]) -> list[list[str]]:
    return [[*row, "", "", ""][:3] for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_however_it_was_written(delimiter: str, encoding: str, end: str) -> None:
    data = end.join(delimiter.join(row) for row in LIST).encode(encoding)
    assert padded(texts(data)) == LIST


def test_csv_may_say_its_delimiter_and_hold_line_ends_within_quotes() -> None:
    data = b'sep=;\r\nnaam;e-mail\r\n"de Wit;\r\nZoe";zoe@w.example\r\n\r\nBo;bo@w.example'
    rows = rows_of(data)
    assert [row.cells[0].text for row in rows] == ["naam", "de Wit;\r\nZoe", "Bo"]
    assert [row.number for row in rows] == [2, 4, 6]


def test_xlsx_is_read_from_its_first_sheet() -> None:
    assert padded(texts(xlsx(LIST))) == LIST


def test_xlsx_with_texts_in_the_cells_and_no_references_is_read_too() -> None:
    rows = "<row><c t='inlineStr'><is><r><t>e-</t></r><r><t>mail</t></r><rPh><t>zo klinkt het</t></rPh></is></c></row>"
    rows += "<row><c t='str'><v>bo@w.example</v></c></row>"
    assert texts(package({"xl/worksheets/sheet1.xml": sheet(rows)})) == [["e-mail"], ["bo@w.example"]]


def test_empty_rows_and_cells_keep_their_place() -> None:
    rows = "<row r='1'><c r='C1' t='str'><v>e-mail</v></c></row><row r='2'/>"
    rows += "<row r='7'><c r='A7'/><c r='C7' t='str'><v>bo@w.example</v></c></row>"
    found = rows_of(package({"xl/worksheets/sheet1.xml": sheet(rows)}))
    assert [(row.number, row.cells[2].text) for row in found] == [(1, "e-mail"), (7, "bo@w.example")]


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "@SUM(A1)"])
def test_a_formula_is_never_read_as_a_text(cell: str) -> None:
    (_, row) = rows_of(f"e-mail\n{cell}\n".encode())
    assert (row.cells[0].text, row.cells[0].formula) == ("", True)


def test_nor_is_what_it_came_to_the_last_time() -> None:
    rows = "<row><c t='str'><v>e-mail</v></c></row><row><c t='str'><f>A1</f><v>bo@w.example</v></c></row>"
    (_, row) = rows_of(package({"xl/worksheets/sheet1.xml": sheet(rows)}))
    assert (row.cells[0].text, row.cells[0].formula) == ("", True)


def test_five_thousand_rows_are_read_and_one_more_is_too_many() -> None:
    rows = [["e-mail"], *([f"p{n}@w.example"] for n in range(sheets.MOST_ROWS))]
    for data in ("\n".join(row[0] for row in rows).encode(), xlsx(rows)):
        assert len(rows_of(data)) == sheets.MOST_ROWS + 1
    for data in ("\n".join(row[0] for row in [*rows, ["x@w.example"]]).encode(), xlsx([*rows, ["x@w.example"]])):
        with pytest.raises(Unreadable, match="too-many-rows"):
            rows_of(data)


def with_size(data: bytes, size: int) -> bytes:
    """A zip that says every part comes out at `size` bytes."""
    file = bytearray(data)
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = file.find(mark)
        while start >= 0:
            file[start + place : start + place + 4] = struct.pack("<I", size)
            start = file.find(mark, start + 1)
    return bytes(file)


def bomb() -> bytes:
    """200 MB of text in 200 kB."""
    return package({"xl/sharedStrings.xml": f"<sst {MAIN}><si><t>{'A' * 200_000_000}</t></si></sst>",
                    "xl/worksheets/sheet1.xml": sheet("")})  # fmt: skip


def many_elements() -> bytes:
    return package({"xl/worksheets/sheet1.xml": sheet("<row><c/><c/></row>" * 600_000)})


def many_cells_in_a_row() -> bytes:
    return package({"xl/worksheets/sheet1.xml": sheet("<row>" + "<c t='str'><v>x</v></c>" * 250_000 + "</row>")})


def laughing() -> bytes:
    """A billion times "lol", by entities."""
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    words = f'<?xml version="1.0"?><!DOCTYPE sst [{entities}]><sst {MAIN}><si><t>&a9;</t></si></sst>'
    return package({"xl/sharedStrings.xml": words, "xl/worksheets/sheet1.xml": sheet("")})


def reading_files() -> bytes:
    words = (
        '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f"<sst {MAIN}><si><t>&x;</t></si></sst>"
    )
    rows = "<row><c t='s'><v>0</v></c></row>"
    return package({"xl/sharedStrings.xml": words, "xl/worksheets/sheet1.xml": sheet(rows)})


def in_utf16() -> bytes:
    words = reading_files()
    with zipfile.ZipFile(io.BytesIO(words)) as made:
        text = made.read("xl/sharedStrings.xml").decode().replace('"1.0"', '"1.0" encoding="utf-16"')
    return package({"xl/sharedStrings.xml": text.encode("utf-16"), "xl/worksheets/sheet1.xml": sheet("")})


def locked() -> bytes:
    file = bytearray(xlsx(LIST))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = file.find(mark)
        while start >= 0:
            file[start + place] |= 1
            start = file.find(mark, start + 1)
    return bytes(file)


HOSTILE: list[Callable[[], bytes]] = [
    bomb, many_elements, laughing, reading_files, in_utf16, locked,
    lambda: b"", lambda: b"  \n ", lambda: b"\xef\xbb\xbf",
    lambda: b"x" * (sheets.MOST_BYTES + 1),
    lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 512,
    lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    lambda: b"\xff\xfe\x00\xd8",
    lambda: xlsx(LIST)[:-40],
    lambda: xlsx(LIST).replace(b"xl/workbook.xml", b"xl/werkboek.xml"),
    lambda: with_size(xlsx(LIST), 10),
    lambda: package({}),
    lambda: package({"xl/workbook.xml": "<workbook/>"}),
    lambda: package({"xl/workbook.xml": "geen xml"}),
    lambda: package({"xl/worksheets/sheet1.xml": sheet("<row><c t='s'><v>9</v></c></row>")}),
    lambda: package({"xl/worksheets/sheet1.xml": sheet("<row><c t='s'><v>-1</v></c></row>")}),
    lambda: package({"xl/_rels/workbook.xml.rels": "<a><Relationship Id='rId7' Target='../../etc/passwd'/></a>"}),
    lambda: b'e-mail\n"' + b"x" * 200_000,
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_nobody_makes_by_accident_is_refused_soon(number: int) -> None:
    data = HOSTILE[number]()
    start = time.process_time()
    with pytest.raises(Unreadable):
        rows_of(data)
    assert time.process_time() - start < 5


def test_a_part_that_calls_itself_larger_is_read_as_far_as_it_goes() -> None:
    assert padded(texts(with_size(xlsx(LIST), 0xFFFFFFF0))) == LIST


def test_a_very_wide_row_is_read_as_far_as_anybody_looks() -> None:
    (row,) = rows_of(many_cells_in_a_row())
    assert len(row.cells) == sheets.MOST_COLUMNS


def test_a_far_away_cell_takes_no_room() -> None:
    rows = "<row r='999999999999'><c r='XFD1' t='str'><v>ver</v></c><c r='A1' t='str'><v>hier</v></c></row>"
    assert texts(package({"xl/worksheets/sheet1.xml": sheet(rows)})) == [["hier"]]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        rows = rows_of(data)
    except Unreadable:
        return
    assert rows
    assert all(len(cell.text) <= sheets.MOST_LETTERS for row in rows for cell in row.cells)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    file = bytearray(xlsx(LIST))
    for place in data.draw(st.lists(st.integers(0, len(file) - 1), min_size=1, max_size=8)):
        file[place] = data.draw(st.integers(0, 255))
    try:
        rows_of(bytes(file))
    except Unreadable:
        return
