"""What docs/authors.md shows can be copied: each example passes the gates of its type."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from xblock.core import XBlock

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "authors.md").read_text()
HEAD = """\
id: voorbeeld
titel: Een voorbeeld
inleiding: Zo ziet het eruit.
minuten: 5
herkomst: geconstrueerd
competenties: [{code: C1, gewicht: 1}]
leerniveaus: [individueel]
versie: 1
taal: nl
"""
NO_EVIDENCE = {"journal", "exitcard", "lookback"}
EXAMPLES = re.findall(r"^```(?:yaml|markdown) (\w+)\n(.*?)^```$", GUIDE, re.M | re.S)
TYPES = sorted(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["xblock.v1"])


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_may_be_published(name: str, text: str) -> None:
    block = XBlock.load_class(name)
    if name == "lesson":
        text += "\n" + "En nog wat woorden om aan de maat te komen. " * 30
    else:
        head = HEAD.replace("competenties: [{code: C1, gewicht: 1}]\n", "") if name in NO_EVIDENCE else HEAD
        text = head + text
    assert block.check(block.read(text).data) == []


@pytest.mark.parametrize("name", TYPES)
def test_every_type_is_explained_with_an_example_or_where_to_find_one(name: str) -> None:
    section = re.search(rf"^### [^\n]*\(`{name}`\)\n(.*?)(?=^### |\Z)", GUIDE, re.M | re.S)
    assert section
    assert "```" in section[1] or re.search(r"`[\w.-]+/[\w./-]+`|`\w+\.yaml`", section[1])


def test_the_files_the_guide_points_to_are_there() -> None:
    content = ROOT / "modules" / "content"
    for path in re.findall(r"[Kk]ijk bij `([^`]+)`", GUIDE):
        assert list(content.glob(f"*/{path}")), path
