"""A module's folder may come from anywhere: what is in it stays in it, and breaks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.olx import check_module, file_of, read_module
from tests.factories import QUIZ

COURSE = """
<course url_name="proef" nummer="M0" display_name="Proef" inleiding="Proef"><chapter url_name="u1" nummer="0.1"
display_name="Een" inleiding="Een" minuten="{minutes}"><sequential><vertical>
<quiz url_name="q" src="{source}"/></vertical></sequential></chapter></course>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "elders.yaml").write_text("titel: GEHEIM\nvan: elders\n")
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "eigen.yaml").write_text("titel: Eigen\nvan: hier\n")
    (folder / "eruit.yaml").symlink_to(tmp_path / "elders.yaml")
    (folder / "binnen.yaml").symlink_to(folder / "eigen.yaml")
    (folder / "map").symlink_to(tmp_path)
    return folder


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "../elders.yaml",
        "/etc/passwd",
        "map/../elders.yaml",
        "eruit.yaml",
        "map/elders.yaml",
        "a" * 5000,
        "a\0",
    ],
)
def test_no_path_leads_out_of_the_folder(folder: Path, path: str) -> None:
    assert file_of(folder, path) is None


@pytest.mark.parametrize("path", ["eigen.yaml", "./eigen.yaml", "binnen.yaml"])
def test_a_file_in_the_folder_is_found(folder: Path, path: str) -> None:
    assert file_of(folder, path) is not None


@pytest.mark.parametrize("source", ["eruit.yaml", "map/elders.yaml", "a" * 5000])
def test_what_lies_outside_is_not_read(folder: Path, source: str) -> None:
    (folder / "course.xml").write_text(COURSE.format(minutes=5, source=source))
    findings = check_module(folder)
    assert any("is geen bestand van deze module" in finding.reason for finding in findings)


def test_what_is_far_too_long_for_a_text_is_said_and_not_read(folder: Path) -> None:
    (folder / "eigen.yaml").write_text("titel: " + "a" * 1_000_001)
    (folder / "course.xml").write_text(COURSE.format(minutes=5, source="eigen.yaml"))
    assert [finding.file for finding in check_module(folder) if "te groot" in finding.reason] == ["eigen.yaml"]
    (folder / "course.xml").write_text("<course>" + "<a/>" * 300_000 + "</course>")
    assert [finding.file for finding in check_module(folder) if "te groot" in finding.reason] == ["course.xml"]


@pytest.mark.parametrize("minutes", ["²", "vijf", "-1", "9" * 5000, ""])
def test_minutes_that_are_no_number_are_said_so(folder: Path, minutes: str) -> None:
    (folder / "course.xml").write_text(COURSE.format(minutes=minutes, source="eigen.yaml"))
    assert any("mist minuten" in finding.reason for finding in check_module(folder))


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE course [<!ENTITY x SYSTEM "file:///etc/passwd">]><course display_name="&x;">&x;</course>',
        '<!DOCTYPE course SYSTEM "file:///etc/passwd"><course/>',
        '<!DOCTYPE c [<!ENTITY a0 "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        + ']><course display_name="&a9;"/>',
        "<a>" * 100_000,
        "<course>\x00</course>",
    ],
)
def test_xml_brings_nothing_in_from_outside_and_does_not_grow(folder: Path, text: str) -> None:
    (folder / "course.xml").write_text(text)
    findings = check_module(folder)
    assert findings
    assert not any("root:" in finding.reason for finding in findings)


def test_what_the_course_says_of_an_activity_counts_instead_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "kennis.yaml").write_text(QUIZ.format(key="kennis"))
    text = COURSE.format(minutes=5, source="kennis.yaml").replace("<quiz ", '<quiz trekking="10" drempel="0.7" ')
    (tmp_path / "course.xml").write_text(text)
    module, findings = read_module(tmp_path)
    assert module
    assert findings == []
    (quiz,) = module.activities()
    assert (quiz.authored.data["trekking"], quiz.authored.data["drempel"]) == (10, 0.7)
    assert any("minstens 25" in finding.reason for finding in check_module(tmp_path))


def test_a_number_in_the_course_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "kennis.yaml").write_text(QUIZ.format(key="kennis"))
    text = COURSE.format(minutes=5, source="kennis.yaml").replace("<quiz ", '<quiz trekking="tien" ')
    (tmp_path / "course.xml").write_text(text)
    assert any("trekking die niet te lezen is" in finding.reason for finding in check_module(tmp_path))
