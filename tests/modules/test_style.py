"""What could be said more plainly is found by file and line; what people say in quotation marks is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.olx import CONTENT, Finding, read_module
from modules.style import style_of_module
from tests.factories import module_folder

MODULES = sorted(file.parent.name for file in CONTENT.glob("*/course.xml"))
LONG = "Wie op een avond als deze wil weten wat er in de streek speelt " + "en wat er daarna nog komt " * 4
# Words that must stand as they are: the seed's own table, a title that scares people off, and the twelve statements of
# curriculum 5.6.
MEANT = {
    ("dialoogprincipes", "1.1/les.md", "draagvlak"),
    ("reflectietafel", "4.2/les.md", "Integrale"),
    ("", "", "zijn of haar"),
}


def findings(tmp_path: Path, old: str, new: str) -> list[Finding]:
    folder = module_folder(tmp_path / "m", units=1, quizzes=1)
    quiz = folder / "quiz-1-1.yaml"
    assert old in quiz.read_text()
    quiz.write_text(quiz.read_text().replace(old, new))
    module, _ = read_module(folder)
    assert module is not None
    return style_of_module(module)


QUESTION = "vraag: Hoeveel poten heeft een koe?"


def test_a_plain_text_has_nothing_to_mend(tmp_path: Path) -> None:
    assert findings(tmp_path, QUESTION, QUESTION) == []


@pytest.mark.parametrize("words", ["Hoe borgen we dit?", "Wat zegt de voorzitster?", f"{LONG}?"])
def test_jargon_gendered_words_and_long_sentences_are_found_on_their_line(words: str, tmp_path: Path) -> None:
    (found,) = findings(tmp_path, QUESTION, f"vraag: {words}")
    assert (found.file, found.line, found.rule) == ("quiz-1-1.yaml", 17, "stijl")


def test_what_somebody_says_is_left_alone(tmp_path: Path) -> None:
    assert findings(tmp_path, QUESTION, "vraag: Wat doe je bij “Hoe borgen we dit?”, denk je?") == []


def test_a_text_in_which_nobody_does_anything_is_pointed_out_once(tmp_path: Path) -> None:
    passive = "Er wordt gepraat. Er wordt gewacht. Er wordt besloten. Er wordt gezwegen. Er wordt gelopen. " * 3
    (found,) = findings(tmp_path, "inleiding: Twee vragen over niets bijzonders.", f"inleiding: {passive}")
    assert "lijdende zinnen" in found.reason


@pytest.mark.parametrize("name", MODULES)
def test_our_own_content_is_written_plainly(name: str) -> None:
    module, _ = read_module(CONTENT / name)
    assert module is not None
    left = [
        str(finding)
        for finding in style_of_module(module)
        if not any(
            where in ("", name) and file in ("", finding.file) and f"‘{word}’" in finding.reason
            for where, file, word in MEANT
        )
    ]
    assert left == []
