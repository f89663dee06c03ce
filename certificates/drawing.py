"""From frozen facts to a PDF. Loads WeasyPrint: import it only where documents are drawn.

The file is PDF/A-3a (to be kept) and says it is PDF/UA-1 (to be heard): tagged, with language, title and a text for
each picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from weasyprint.pdf.metadata import DocumentMetadata

from certificates import facts, loops, words
from certificates.models import Certificate, Kind
from design import paper

STYLE = Path(__file__).with_name("document.css").read_text()

# ISO 14289-1, clause 5: the identification. PDF/A (ISO 19005-3, 6.6.2.3) asks that the schema of it is described.
_PDF_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


class _Metadata(DocumentMetadata):  # type: ignore[misc]
    """One RDF that names both standards; WeasyPrint writes one of them."""

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        data: bytes = super().generate_rdf_metadata(variant, version, conformance)
        return data.replace(b"</rdf:RDF>", _PDF_UA + b"</rdf:RDF>")


def pdf(certificate: Certificate) -> bytes:
    """The same certificate gives the same document, whenever it is drawn. In large letters if they fit on the sheet."""
    with paper.one_at_a_time:
        drawn = paper.laid_out(document(certificate), STYLE)
        if len(drawn.pages) > 1:
            drawn = paper.laid_out(document(certificate, roomy=False), STYLE)
        drawn.metadata = _Metadata(**vars(drawn.metadata))
        content: bytes = drawn.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=certificate.code.encode())
    return content


def document(certificate: Certificate, *, roomy: bool = True) -> str:
    """What is printed, as HTML, in the language of the certificate. `roomy`: larger letters, where little is said."""
    frozen = facts.read(certificate.facts)
    with translation.override(certificate.language):
        return render_to_string("certificates/document.html", {**_context(certificate, frozen), "roomy": roomy})


def _context(certificate: Certificate, frozen: facts.Facts) -> dict[str, Any]:
    address = verification_address(certificate.code)
    return {
        "language": certificate.language,
        "kind": Kind(certificate.kind).label,
        "showed": certificate.kind == Kind.MODULE,
        "facts": frozen,
        "name_size": _size(frozen.name, roomy=28, long=60),
        "title_size": _size(frozen.title, roomy=34, long=80),
        "issued_on": certificate.issued_on,
        "hours": words.hours(frozen.minutes),
        "version": words.version(frozen.number, frozen.edition),
        "code": certificate.code,
        "address": address,
        "address_shown": address.partition("://")[2],
        "loops": loops.loops([number for number, _title in frozen.units]),
        "frame": loops.frame(len(frozen.units)),
        "qr": qr(address),
    }


def verification_address(code: str) -> str:
    return str(settings.BASE_URL) + reverse("certificates:verify", args=[code])


def _size(text: str, *, roomy: int, long: int) -> str:
    """A name or title gets the room it needs: nobody's is cut off, and all stays on one page."""
    if len(text) <= roomy:
        return "ruim"
    return "lang" if len(text) <= long else "zeer-lang"


@dataclass(frozen=True)
class Qr:
    """`path` draws the dark modules, each 1 by 1, in a square of `size` with the quiet border of 4 around."""

    size: int
    path: str


def qr(address: str) -> Qr:
    code = segno.make(address, error="m", micro=False)
    rows = list(code.matrix_iter(border=4))
    runs = [
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _dark_runs(list(row))
    ]
    return Qr(len(rows), "".join(runs))


def _dark_runs(row: list[int]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules: far fewer steps to paint than a square each."""
    runs: list[tuple[int, int]] = []
    start = None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            runs.append((start, x - start))
            start = None
    return runs
