"""See script/words. Django's sentences are in locale/, those of the blocks (which travel without us) in modules/."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
DJANGO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
BLOCKS = ROOT / "modules" / "blocks" / "locale" / "en" / "LC_MESSAGES" / "blocks.po"
ELSEWHERE = ["modules", "tests", "bench", "node_modules", ".venv", ".uv", "var", "script"]


def extract_django() -> Catalog:
    """By Django's own tool, which reads its templates; the file it makes is read back and removed."""
    ignore = [f"--ignore={name}" for name in ELSEWHERE]
    before = DJANGO.read_text() if DJANGO.exists() else None
    DJANGO.parent.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(
            [
                sys.executable,
                "manage.py",
                "makemessages",
                "-l",
                "en",
                "--no-obsolete",
                "--no-wrap",
                "--add-location=file",
                *ignore,
            ],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        with DJANGO.open("rb") as file:
            return read_po(file, locale="en")
    finally:
        if before is None:
            DJANGO.unlink(missing_ok=True)
        else:
            DJANGO.write_text(before)


def extract_blocks() -> Catalog:
    catalogue = Catalog()
    found = extract_from_dir(
        ROOT / "modules",
        method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2")],
        options_map={"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}},
        keywords={"_": None, "gettext": None, "ngettext": (1, 2)},
    )
    for file, _, message, _, context in found:
        catalogue.add(message, None, [(f"modules/{file}", 0)], context=context)
    return catalogue


def merged(path: Path, template: Catalog) -> Catalog:
    """The catalogue at `path`, with what the code says now. Nothing is guessed: a changed sentence starts anew."""
    catalogue = Catalog(locale="en", project="Tussenruimte", charset="utf-8", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en")
    fresh = Catalog(locale="en", project="Tussenruimte", charset="utf-8", fuzzy=False)
    for message in sorted((m for m in template if m.id), key=lambda m: str(m.id)):
        known = catalogue.get(message.id, message.context)
        translation = known.string if known and not known.fuzzy else ""
        files = sorted({name for name, _ in message.locations})
        flags = message.flags - {"fuzzy"}
        fresh.add(message.id, translation, [(name, 0) for name in files], flags, context=message.context)
    return fresh


def text_of(catalogue: Catalog) -> str:
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, include_lineno=False, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return header + buffer.getvalue().decode()


def missing(catalogue: Catalog) -> list[str]:
    def empty(message: object) -> bool:
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]  # type: ignore[attr-defined]
        return not all(strings)

    return [str(m.id) for m in catalogue if m.id and empty(m)]


def main() -> int:
    check, wrong = "--check" in sys.argv[1:], 0
    for path, template in ((DJANGO, extract_django()), (BLOCKS, extract_blocks())):
        catalogue = merged(path, template)
        text = text_of(catalogue)
        name = path.relative_to(ROOT)
        without = missing(catalogue)
        if check and (not path.exists() or path.read_text() != text):
            print(f"{name}: not up to date; run script/words")
            wrong += 1
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for sentence in without:
            print(f"{name}: no English yet: {sentence[:100]}")
        wrong += len(without) if check else 0
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
