"""Cuts Newsreader down to what Dutch and English need, and keeps its optical sizes. Run when the package changes.

    .venv/bin/python design/cut_letters.py

With optical sizes a heading is drawn finer and closer than a line of text: half of how our pages look. The whole file
is 132 kB, and a first visit may cost 150 KiB in all; these letters, the weights 400 to 600 and the sizes from 18 point
on are 50 kB. What isn't in here comes from the package's own file when a page needs it (unicode-range in tokens.css).
Needs fontTools, which WeasyPrint brings. The result is in git, so that building needs none of this.
Newsreader: OFL-1.1, no reserved font name; the licence lies beside the result.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "@fontsource-variable" / "newsreader"
RESULT = ROOT / "design" / "static" / "design" / "letters" / "newsreader-nl.woff2"

AXES = {"wght": (400, 400, 600), "opsz": (18, 18, 72)}
# A line break in the HTML is drawn as a space, and without a glyph for it Chromium fetches another letter file.
BREAKS = "\t\n\r"
LETTERS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "\u00a0\u00ad"
    + ("ÀÁÄÇÈÉÊËÍÏÓÖÚÜàáâäçèéêëìíîïñòóôöùúûüß" + "‘’‚“”„–—…•·×€«»°½")
)


def main() -> None:
    font = instancer.instantiateVariableFont(TTFont(PACKAGE / "files" / "newsreader-latin-opsz-normal.woff2"), AXES)
    options = Options(layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "tnum", "pnum", "rvrn"])
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(text=LETTERS)
    subsetter.subset(font)
    for characters in font["cmap"].tables:
        characters.cmap |= {ord(character): characters.cmap[0x20] for character in BREAKS}
    font.flavor = "woff2"
    font.save(RESULT)
    (RESULT.parent / "newsreader-OFL.txt").write_text((PACKAGE / "LICENSE").read_text())
    print(f"{RESULT.relative_to(ROOT)}: {RESULT.stat().st_size} bytes; unicode-range: {ranges()}")


def ranges() -> str:
    """LETTERS as CSS writes them, for tokens.css."""
    points = sorted(map(ord, set(LETTERS + BREAKS)))
    runs: list[list[int]] = []
    for point in points:
        if runs and point == runs[-1][-1] + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return ", ".join(f"U+{run[0]:04X}-{run[-1]:04X}" if len(run) > 1 else f"U+{run[0]:04X}" for run in runs)


if __name__ == "__main__":
    main()
