"""A module travels as one archive, and comes out as it went in; an archive from elsewhere can do no harm."""

from __future__ import annotations

import io
import tarfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from modules import packing
from modules.olx import CONTENT, check_module, read_module
from modules.packing import CantBePacked, CantBeUnpacked, pack, unpack

MODULES = sorted(file.parent.name for file in CONTENT.glob("*/course.xml"))


def archived(tmp_path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    file = tmp_path / "module.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file


def into(tmp_path: Path) -> Path:
    folder = tmp_path / "uitgepakt"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("name", MODULES)
def test_a_module_comes_out_of_its_archive_as_it_went_in(name: str, tmp_path: Path) -> None:
    file = tmp_path / "module.tar.gz"
    file.write_bytes(pack(CONTENT / name))
    folder = unpack(file, into(tmp_path))
    assert check_module(folder) == check_module(CONTENT / name)
    (out, _), (there, _) = read_module(folder), read_module(CONTENT / name)
    assert out is not None
    assert there is not None
    assert [(a.key, a.authored.data) for a in out.activities()] == [
        (a.key, a.authored.data) for a in there.activities()
    ]
    assert pack(folder) == pack(CONTENT / name)


@pytest.mark.parametrize("name", MODULES)
def test_open_edx_finds_a_course_its_policy_and_the_blocks_it_must_allow(name: str, tmp_path: Path) -> None:
    file = tmp_path / "module.tar.gz"
    file.write_bytes(pack(CONTENT / name))
    folder = unpack(file, into(tmp_path))
    root = etree.parse(folder / "course.xml").getroot()
    run = root.attrib["url_name"]
    assert (folder / "policies" / run / "grading_policy.json").is_file()
    policy = (folder / "policies" / run / "policy.json").read_text()
    used = {leaf.tag for leaf in root.iterfind("chapter/sequential/vertical/*") if isinstance(leaf.tag, str)}
    assert f'"course/{run}"' in policy
    assert all(f'"{tag}"' in policy for tag in used)


def test_a_folder_that_cant_be_read_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "course.xml").write_text("<course/>")
    with pytest.raises(CantBePacked) as refused:
        pack(tmp_path)
    assert refused.value.findings


@pytest.mark.parametrize("name", ["../buiten/course.xml", "/etc/course.xml", "m/../../course.xml", "m\\..\\course.xml"])
def test_nothing_is_written_outside_the_folder(name: str, tmp_path: Path) -> None:
    file = archived(tmp_path, [(tarfile.TarInfo(name), b"<course/>")])
    with pytest.raises(CantBeUnpacked, match="buiten de map"):
        unpack(file, into(tmp_path))
    assert not list(into(tmp_path).rglob("*"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_only_plain_files_are_taken(kind: bytes, tmp_path: Path) -> None:
    member = tarfile.TarInfo("m/course.xml")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(CantBeUnpacked, match="geen gewoon bestand"):
        unpack(archived(tmp_path, [(member, b"")]), into(tmp_path))


@pytest.mark.parametrize(("limit", "least"), [("MOST_FILES", 2), ("LARGEST_FILE", 10), ("LARGEST_ARCHIVE", 15)])
def test_more_than_a_module_can_be_is_refused(
    limit: str, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, limit, least)
    members = [(tarfile.TarInfo(f"m/{n}.yaml"), b"twaalf teken") for n in range(3)]
    with pytest.raises(CantBeUnpacked, match="meer in dan een module"):
        unpack(archived(tmp_path, members), into(tmp_path))


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_a_head_that_grows_is_not_taken_into_memory(kind: bytes, tmp_path: Path) -> None:
    head = tarfile.TarInfo("m/naam")
    head.type = kind
    file = archived(tmp_path, [(head, b"1" * 20_000_000), (tarfile.TarInfo("m/course.xml"), b"<course/>")])
    tracemalloc.start()
    try:
        with pytest.raises(CantBeUnpacked, match="meer in dan een module"):
            unpack(file, into(tmp_path))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_heads_upon_heads_and_files_with_holes_are_refused_in_words(tmp_path: Path) -> None:
    names = [tarfile.TarInfo(f"m/{n}") for n in range(3000)]
    for name in names:
        name.type = tarfile.GNUTYPE_LONGNAME
    with pytest.raises(CantBeUnpacked):
        unpack(archived(tmp_path, [(name, b"") for name in names]), into(tmp_path))
    holes = tarfile.TarInfo("m/course.xml")
    holes.type = tarfile.GNUTYPE_SPARSE
    with pytest.raises(CantBeUnpacked, match="geen gewoon bestand"):
        unpack(archived(tmp_path, [(holes, b"")]), into(tmp_path))


def test_long_names_and_large_files_come_out_whole(tmp_path: Path) -> None:
    content, name = bytes(range(256)) * 4096, f"m/{'é' * 120}/{'a' * 200}.bin"
    unpack(
        archived(tmp_path, [(tarfile.TarInfo(name), content), (tarfile.TarInfo("m/course.xml"), b"")]), into(tmp_path)
    )
    assert (into(tmp_path) / name).read_bytes() == content


def test_an_archive_without_a_course_says_so(tmp_path: Path) -> None:
    file = archived(tmp_path, [(tarfile.TarInfo("m/les.md"), b"tekst")])
    with pytest.raises(CantBeUnpacked, match=r"geen course\.xml"):
        unpack(file, into(tmp_path))


@given(st.binary(max_size=400), st.integers(0, 400))
def test_what_is_no_archive_or_half_of_one_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, cut: int
) -> None:
    tmp_path = tmp_path_factory.mktemp("pak")
    whole = archived(tmp_path, [(tarfile.TarInfo("m/les.md"), bytes(range(256)) * 8)]).read_bytes()
    for content in (noise, whole[: cut % len(whole)], whole[:cut] + noise):
        file = tmp_path / "kapot.tar.gz"
        file.write_bytes(content)
        with pytest.raises(CantBeUnpacked):
            unpack(file, into(tmp_path))
