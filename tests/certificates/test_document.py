from __future__ import annotations

import io
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import segno
from PIL import Image

from certificates import drawing, loops, words
from certificates.models import Certificate
from tests.certificates.conftest import certificate

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils isn't installed")


def opened(drawn: Certificate) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(drawing.pdf(drawn)))


def text_of(drawn: Certificate) -> str:
    """As it is read aloud: hyphenation and line ends undone."""
    found = subprocess.run(["pdftotext", "-raw", "-", "-"], input=drawing.pdf(drawn), capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


def tags_of(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    """(type, text for those who don't see it) of each element, in reading order."""
    found: list[tuple[str, str]] = []

    def walk(element: Any) -> None:
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            found.append((str(element.S), str(element.get("/Alt", ""))))
            inside: Any = element.get("/K", [])
            for child in inside if isinstance(inside, pikepdf.Array) else [inside]:
                walk(child)

    for element in pdf.Root.StructTreeRoot.K:
        walk(element)
    return found


@needs_poppler
def test_the_document_says_what_was_done() -> None:
    text = text_of(certificate())
    for expected in (
        "Bewijs van deelname",
        "Dialoog is een werkwoord",
        "op naam van Femke Hoekstra",
        "Waterschap Lage Broeken",
        "1.1 Twee stromen, één gesprek",
        "1.5 Aan de keukentafel",
        "1 uur en 40 minuten",
        "24 november 2026",
        "M1, editie a3f09b7c",
        "K7XF-49MD-X4TG",
        "geen cijfers en niets uit het journaal",
    ):
        assert expected in text


@needs_poppler
@pytest.mark.parametrize(
    "name",
    [
        "Aydın Şimşek-Đặng",
        "Łukasz Brzęczyszczykiewicz",
        "Σωκράτης Παπαδόπουλος",
        "Ирина Иванова",
        "O'Neill & <script>alert(1)</script>",
        "Wilhelmina Alexandra van der Grinten-Vossestein de Roo van Alderwerelt tot Rosenburgh " * 2,
    ],
)
def test_everybodys_name_is_printed_whole(name: str) -> None:
    name = " ".join(name.split())
    printed = text_of(certificate(facts={"name": name}))
    assert name.replace(" ", "").replace("-", "") in printed.replace(" ", "").replace("-", "")


def test_a_name_of_one_long_word_stays_on_the_page() -> None:
    assert len(opened(certificate(facts={"name": "Wolvenschoten" * 15, "organisation": "Ministerie" * 20})).pages) == 1


def test_the_fullest_document_is_one_page() -> None:
    units = [[f"1.{number}", "Een titel van een unit die wat langer is"] for number in range(1, 13)]
    full = {
        "name": "Van der Grinten-Vossestein " * 7,
        "organisation": "Ministerie van Lange Namen " * 7,
        "title": "Ongenoegen, onderstroom en wat er dan nog kan",
        "units": units,
    }
    assert len(opened(certificate(facts=full)).pages) == 1


def test_larger_letters_fill_the_sheet_only_where_they_fit_on_it() -> None:
    units = [[f"1.{number}", "Een titel van een unit die wat langer is"] for number in range(1, 13)]
    most = certificate(facts={"name": "Femke", "title": "Ongenoegen, en wat er dan nog kan", "units": units})
    assert "tekst--ruim" in drawing.document(most)
    assert len(opened(most).pages) == 1
    assert "tekst--ruim" not in drawing.document(certificate(facts={"title": "M" * 35}))


@needs_poppler
def test_without_a_name_it_says_whose_it_is_without_one() -> None:
    assert "op naam van een deelnemer van Waterschap Lage Broeken" in text_of(certificate(facts={"name": ""}))


def test_it_is_tagged_titled_and_in_its_language() -> None:
    pdf = opened(certificate())
    assert str(pdf.Root.Lang) == "nl"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo["/Title"]) == "Bewijs van deelname – Dialoog is een werkwoord"
    kinds = [kind for kind, _ in tags_of(pdf)]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 1
    assert kinds.count("/LI") == 3
    assert "/Link" in kinds


def test_every_picture_has_words() -> None:
    figures = [words for kind, words in tags_of(opened(certificate())) if kind == "/Figure"]
    assert figures == [
        "Twee lijnen die samen 3 gesloten lussen maken, een voor elke unit die gedaan is.",
        "QR-code die naar de controlepagina leidt",
    ]


def test_it_says_it_is_for_keeping_and_for_hearing_in_one_description() -> None:
    with opened(certificate()).open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert str(metadata).count("<rdf:RDF") == 1
    assert "/OutputIntents" in opened(certificate()).Root


def test_every_letter_is_in_the_file_and_is_ours() -> None:
    pdf = opened(certificate())
    names = set()
    for font in pdf.pages[0].Resources.Font.values():
        (inside,) = font.DescendantFonts
        assert "/FontFile2" in inside.FontDescriptor or "/FontFile3" in inside.FontDescriptor
        names.add(str(font.BaseFont).split("+")[1])
    assert {name.split("-")[0] for name in names} == {"Newsreader", "Atkinson"}


def test_drawn_twice_it_is_the_same_file() -> None:
    assert drawing.pdf(certificate()) == drawing.pdf(certificate())


@needs_poppler
def test_in_english_only_what_was_learned_stays_dutch() -> None:
    text = text_of(certificate(language="en"))
    for expected in ("Statement of participation", "1 hour and 40 minutes", "24 November 2026"):
        assert expected in text
    assert "Dialoog is een werkwoord" in text
    assert str(opened(certificate(language="en")).Root.Lang) == "en"


@needs_poppler
def test_the_qr_code_on_the_page_leads_to_the_verification_page(tmp_path: Path) -> None:
    drawn = certificate()
    address = drawing.verification_address(drawn.code)
    assert address.endswith("/certificates/verify/K7XF-49MD-X4TG")
    (tmp_path / "a.pdf").write_bytes(drawing.pdf(drawn))
    subprocess.run(["pdftoppm", "-r", "300", "-png", "a.pdf", "a"], cwd=tmp_path, check=True)
    page = Image.open(next(tmp_path.glob("a*.png"))).convert("L")
    expected = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=0)]
    assert _read_qr(page, opened(drawn), len(expected)) == expected


def _read_qr(page: Image.Image, pdf: pikepdf.Pdf, size: int) -> list[list[int]]:
    """What a camera sees: dark or light in the middle of each square, once the code is found (its link says where)."""
    dark = page.point(lambda value: 255 if value < 128 else 0)
    numbers = [float(number) * 300 / 72 for number in pdf.pages[0].Annots[0].Rect]
    (left, right), (bottom, top) = sorted(numbers[::2]), sorted(numbers[1::2])
    area = dark.crop((int(left), int(page.height - top), int(right), int(page.height - bottom)))
    box = area.getbbox()
    assert box
    code = area.crop((box[0], box[1], box[2], box[1] + box[2] - box[0]))
    step = code.width / size
    return [
        [1 if code.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) else 0 for x in range(size)]
        for y in range(size)
    ]


def test_links_lead_to_the_verification_page_and_nowhere_else() -> None:
    pdf = opened(certificate())
    links = {str(note.A.URI) for note in pdf.pages[0].Annots}
    assert links == {drawing.verification_address("K7XF-49MD-X4TG")}


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "0 minuten"),
        (1, "1 minuut"),
        (59, "59 minuten"),
        (60, "1 uur"),
        (100, "1 uur en 40 minuten"),
        (360, "6 uur"),
    ],
)
def test_hours_are_said_in_words(minutes: int, expected: str) -> None:
    assert words.hours(minutes) == expected


def test_a_loop_for_each_unit_and_the_sides_take_turns() -> None:
    drawn = loops.loops(["1.1", "1.2", "1.3"])
    assert [loop.number for loop in drawn] == ["1.1", "1.2", "1.3"]
    assert [loop.upper_left for loop in drawn] == [False, True, False]
    for above, below in itertools.pairwise(drawn):
        assert above.left.split(" ")[-1] == below.left.split("C")[0].split(" ")[1]
    assert loops.loops([]) == []


def test_the_web_process_starts_without_loading_what_draws() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = sys.argv[1];"
        "from django.core.wsgi import get_wsgi_application; get_wsgi_application();"
        "from django.urls import reverse; reverse('certificates:mine');"
        "import jobs.embedded, jobs.tasks;"
        "print(sorted({'weasyprint', 'fontTools', 'segno'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, os.environ["DJANGO_SETTINGS_MODULE"]],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"
