"""What the colours, letters and style sheets promise, computed from the files themselves."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from design import build, cut_letters

STATIC = build.STATIC
SHEETS = ("vendor/components.css", "tokens.css", "base.css", "components.css", "pages.css")
KIB = 1024


def run_build(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(build.ROOT / "design" / "build.py")]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | environment)


def colours(theme: str) -> dict[str, str]:
    pairs = re.findall(r"(--[\w-]+)\s*:\s*light-dark\((#\w{6}), (#\w{6})\)", build.TOKENS.read_text())
    return {name.removeprefix("--"): light if theme == "licht" else dark for name, light, dark in pairs}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("papier", "vel", "vlak", "wouw-licht")
# 1.4.3: text. 1.4.11: what has to be seen to use or understand something.
PAIRS = (
    [
        (text, ground, 4.5)
        for text in ("inkt", "inkt-zacht", "fout", "rond")
        for ground in ("papier", "vel", "wouw-licht")
    ]
    + [("inkt", "vlak", 4.5), ("inkt-zacht", "vlak", 4.5), ("op-wouw", "wouw", 4.5), ("op-wouw", "wouw-fel", 4.5)]
    + [("onder", ground, 4.5) for ground in ("papier", "vel", "onder-licht")]
    + [("boven", ground, 4.5) for ground in ("papier", "vel", "boven-licht")]
    + [(line, ground, 3.0) for line in ("rand", "onder", "boven", "inkt") for ground in GROUNDS]
    + [("papier", "inkt", 4.5), ("inkt", "buiten", 4.5)]
)


@pytest.mark.parametrize("theme", ["licht", "donker"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_what_is_read_stands_out_from_its_ground(theme: str, front: str, ground: str, least: float) -> None:
    tokens = colours(theme)
    assert contrast(tokens[front], tokens[ground]) >= least


@pytest.mark.parametrize("theme", ["licht", "donker"])
def test_neither_stream_stands_out_more_than_the_other(theme: str) -> None:
    tokens = colours(theme)
    under, upper = (contrast(tokens[name], tokens["papier"]) for name in ("onder", "boven"))
    assert max(under, upper) / min(under, upper) < 1.1


def test_a_browser_without_light_dark_gets_each_colour_twice() -> None:
    fallback = (STATIC / "vendor" / "components.css").read_text().split("@supports not", 1)[1]
    for theme, times in (("licht", 1), ("donker", 2)):
        for name, value in colours(theme).items():
            assert fallback.count(f"--{name}:{value}") >= times, name


def test_every_colour_stands_only_in_the_tokens() -> None:
    for sheet in ("base.css", "components.css", "pages.css"):
        text = re.sub(r"url\([^)]*\)", "", (STATIC / sheet).read_text())
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-])", text) == [], sheet


def test_every_token_that_is_used_is_set() -> None:
    text = "".join((STATIC / sheet).read_text() for sheet in SHEETS)
    ours = "".join((STATIC / sheet).read_text() for sheet in SHEETS[1:])
    names = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert {name for name in re.findall(r"var\((--[\w-]+)\)", ours) if name not in names} == set()


def test_the_styles_of_a_page_cost_at_most_thirty_kibibytes() -> None:
    assert sum(len(gzip.compress((STATIC / sheet).read_bytes(), 9)) for sheet in SHEETS) <= 30 * KIB


def test_the_letters_of_a_first_visit_cost_at_most_ninety_kibibytes() -> None:
    page = (build.ROOT / "design" / "templates" / "design" / "page.html").read_text()
    preloaded = re.findall(r'preload" href="{% static "([^"]+)"', page)
    assert len(preloaded) == 2
    assert sum((STATIC.parent / name).stat().st_size for name in preloaded) <= 90 * KIB


def test_every_letter_file_the_tokens_name_exists_and_names_its_licence() -> None:
    for name in re.findall(r'url\("([^"]+\.woff2)"\)', build.TOKENS.read_text()):
        assert (STATIC / name).is_file(), name
    assert "SIL Open Font License" in (STATIC / "letters" / "newsreader-OFL.txt").read_text()


def test_our_cut_holds_every_letter_its_range_promises() -> None:
    font = TTFont(cut_letters.RESULT)
    assert set(map(ord, cut_letters.LETTERS + cut_letters.BREAKS)) <= set(font.getBestCmap())
    assert {
        axis.axisTag: (axis.minValue, axis.defaultValue, axis.maxValue) for axis in font["fvar"].axes
    } == cut_letters.AXES
    face = next(line for line in build.TOKENS.read_text().splitlines() if "letters/newsreader-nl.woff2" in line)
    assert f"unicode-range: {cut_letters.ranges()};" in face


def test_each_package_something_was_taken_from_keeps_its_licence() -> None:
    licences = STATIC / "vendor" / "licences"
    for package in (*build.COMPONENTS, *build.LETTERS, build.VOORBEELD):
        text = (licences / f"{package.strip('@').replace('/', '-')}.txt").read_text().lower()
        assert "european union public licence" in text or "sil open font license" in text, package


def test_a_second_build_says_and_changes_nothing() -> None:
    before = {
        file: (file.stat().st_mtime_ns, file.read_bytes()) for file in sorted(build.VENDOR.rglob("*")) if file.is_file()
    }
    done = run_build()
    assert (done.stdout, done.stderr) == ("", "")
    assert before == {
        file: (file.stat().st_mtime_ns, file.read_bytes()) for file in sorted(build.VENDOR.rglob("*")) if file.is_file()
    }


def test_a_build_makes_the_same_files_again(tmp_path: Path) -> None:
    build.write(tmp_path / "vendor")
    for file in (tmp_path / "vendor").rglob("*"):
        if file.is_file():
            assert file.read_bytes() == (build.VENDOR / file.relative_to(tmp_path / "vendor")).read_bytes()


def test_without_packages_the_build_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MODULES", tmp_path / "nowhere")
    with pytest.raises(SystemExit, match="npm ci"):
        build.main()


def test_a_package_without_a_licence_is_not_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MODULES", tmp_path)
    with pytest.raises(SystemExit, match="no licence"):
        build.licence_of("@somebody/nice-css")


def test_pruning_keeps_only_rules_our_html_can_match() -> None:
    css = (
        ".utrecht-button{a:b}.utrecht-button--hover,.utrecht-button:hover:not(.utrecht-button--disabled){c:d}"
        ".utrecht-button .utrecht-icon{e:f}@media print{.utrecht-icon{g:h}}@media print{.utrecht-table{i:j}}button{k:l}"
    )
    assert build.pruned(css) == (
        ".utrecht-button{a:b}.utrecht-button:hover:not(.utrecht-button--disabled){c:d}@media print{.utrecht-table{i:j}}"
    )


def test_the_lock_file_holds_no_registry_addresses() -> None:
    lock = (build.ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "registry" not in (build.ROOT / ".npmrc").read_text().replace("omit-lockfile-registry-resolved", "")
