"""Files of people, as programs make them and as nobody does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Blad1" sheetId="1" r:id="rId7"/><sheet name="Blad2" sheetId="2" r:id="rId8"/></sheets>'
    "</workbook>"
)
LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId8" Target="worksheets/sheet2.xml"/><Relationship Id="rId7" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(rows: str) -> str:
    return f'<?xml version="1.0"?><worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """With what every workbook has, unless `parts` says otherwise."""
    every: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES, "xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": LINKS, **parts,
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in every.items():
            made.writestr(name, content)
    return file.getvalue()


def xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """As Excel does: texts apart, cells that point at them, and an empty cell left out."""
    texts = sorted({text for row in rows for text in row if text})
    place = {text: n for n, text in enumerate(texts)}
    strings = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    lines = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{"ABCDEF"[n]}{number}" s="1" t="s"><v>{place[text]}</v></c>' for n, text in enumerate(row) if text
        )
        lines += f'<row r="{number}" spans="1:3">{cells}</row>'
    return package({"xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>", "xl/worksheets/sheet1.xml": sheet(lines)})
