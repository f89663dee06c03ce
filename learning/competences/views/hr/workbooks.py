"""Lines of cells as an XLSX or an ODS: one sheet, text and whole numbers, nothing that computes.

Each is a zip of a few XML files. Text is put down as text, so that nothing of it is taken for a formula. However many
lines there are, only some are in memory: what is written stays there until it is IN_MEMORY bytes, and goes on in a file
that has no name and is gone when it is closed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from tempfile import SpooledTemporaryFile
from typing import IO
from xml.sax.saxutils import escape

Line = Sequence[str | int]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
IN_MEMORY = 4 * 1024 * 1024

_AT_ONCE = 1_000

_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# "_x0041_" is read as A (ISO/IEC 29500-1, 22.9.2.19).
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(lines: Iterable[Line]) -> IO[bytes]:
    """At its beginning. A program reads 1,048,576 lines of one."""
    rows = (f"<row>{''.join(map(_xlsx_cell, line))}</row>" for line in lines)
    kinds = (("workbook", "/xl/workbook.xml", "sheet.main"), ("worksheet", "/xl/worksheets/sheet1.xml", "worksheet"))
    types = "".join(
        f'<Override PartName="{part}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for _name, part, kind in kinds
    )
    return _zipped({
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Tussenruimte" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{_SHEET}"><sheetData>', rows, "</sheetData></worksheet>",
        ),
    })  # fmt: skip


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _xlsx_cell(value: str | int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    said = _CODE.sub("_x005F_", value)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{_text(said)}</t></is></c>'


def ods(lines: Iterable[Line]) -> IO[bytes]:
    """As above."""
    rows = (f"<table:table-row>{''.join(map(_ods_cell, line))}</table:table-row>" for line in lines)
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    before = (
        f'<office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>'
        '<table:table table:name="Tussenruimte">'
    )
    return _zipped({
        "mimetype": ODS,
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_MANIFEST}" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        "content.xml": (before, rows, "</table:table></office:spreadsheet></office:body></office:document-content>"),
    })  # fmt: skip


def _ods_cell(value: str | int) -> str:
    kind = f'float" office:value="{value}' if isinstance(value, int) else "string"
    return f'<table:table-cell office:value-type="{kind}"><text:p>{_text(str(value))}</text:p></table:table-cell>'


def _text(value: str) -> str:
    return escape(_NOT_IN_XML.sub("", value))


Part = str | tuple[str, Iterator[str], str]
"""What a file in the zip says: as a whole, or its rows between what stands before and after them."""


def _zipped(parts: Mapping[str, Part]) -> IO[bytes]:
    """An ODS wants its `mimetype` first and as it is."""
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 whoever sends it closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            if isinstance(content, tuple):
                _write_rows(package, name, *content)
            elif name == "mimetype":
                package.writestr(name, content, zipfile.ZIP_STORED)
            else:
                package.writestr(name, _XML + content)
    out.seek(0)
    return out


def _write_rows(package: zipfile.ZipFile, name: str, before: str, rows: Iterator[str], after: str) -> None:
    with package.open(name, "w") as part:
        part.write((_XML + before).encode())
        for some in batched(rows, _AT_ONCE):
            part.write("".join(some).encode())
        part.write(after.encode())
