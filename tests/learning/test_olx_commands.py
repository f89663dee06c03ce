"""`export_olx` and `import_olx`: a module out as an archive, and in as an edition."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from learning.runtime.publishing import publish_folder
from learning.tracks.models import ModuleEdition
from modules.olx import CONTENT

pytestmark = pytest.mark.django_db

NAME = "dialoogprincipes"


def said(command: str, *args: object) -> str:
    out = io.StringIO()
    call_command(command, *map(str, args), stdout=out)
    return out.getvalue()


def test_what_is_exported_and_imported_again_is_the_same_edition(tmp_path: Path) -> None:
    file = tmp_path / "m.tar.gz"
    said("export_olx", NAME, file)
    answer = said("import_olx", file)
    edition = publish_folder(CONTENT / NAME)
    assert ModuleEdition.objects.count() == 1
    assert edition.content_hash[:12] in answer
    assert answer.rstrip().endswith(f"/leren/{NAME}/")


def test_a_folder_is_imported_as_it_is() -> None:
    assert publish_folder(CONTENT / NAME).content_hash[:12] in said("import_olx", CONTENT / NAME)


def test_what_cant_be_run_is_refused_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "course.xml").write_text(
        '<course url_name="m" nummer="9" display_name="M" inleiding="M">\n<chapter url_name="u" nummer="9.1"'
        ' display_name="U" inleiding="U" minuten="5"><sequential><vertical>\n<onbekend url_name="x" src="x.yaml"/>\n'
        "</vertical></sequential></chapter></course>"
    )
    with pytest.raises(CommandError, match=r"course.xml:3: <onbekend> is geen blok"):
        said("import_olx", tmp_path)
    assert not ModuleEdition.objects.exists()


def test_a_broken_archive_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "m.tar.gz"
    file.write_bytes(b"geen archief")
    with pytest.raises(CommandError, match=r"geen heel \.tar\.gz-bestand"):
        said("import_olx", file)


@pytest.mark.parametrize(("command", "args"), [("import_olx", ["/er/is/niets"]), ("export_olx", ["bestaat-niet"])])
def test_what_isnt_there_is_said(command: str, args: list[str]) -> None:
    with pytest.raises(CommandError, match="not"):
        said(command, *args)
