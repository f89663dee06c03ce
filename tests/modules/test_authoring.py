"""Reading what authors write: values, lines, and what can't be read."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import Authored, AuthoringError, read_yaml

TEXT = """\
# Een les
lens:
  id: lens-1
  items:
    - id: L1
      tekst: >-
        Een zin
        op twee regels
    - id: L2
      tekst: Nog een
"""

words = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=8)
values = st.recursive(
    words | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


def test_a_wrapping_key_is_taken_off_and_lines_still_count_in_the_file() -> None:
    authored = read_yaml(TEXT)
    assert authored.data["items"][0]["tekst"] == "Een zin op twee regels"
    assert authored.line(("id",)) == 3
    assert authored.line(("items", 1)) == 9
    assert authored.line(("items", 1, "tekst")) == 10


def test_a_place_that_is_missing_has_the_line_of_what_is_around_it() -> None:
    authored = read_yaml(TEXT)
    assert authored.line(("items", 1, "uitleg", "diep")) == 9
    assert authored.line(("nergens",)) == authored.line(())


def test_without_lines_everything_is_on_the_first() -> None:
    assert Authored({"a": 1}).line(("a", 0)) == 1


@given(st.dictionaries(words, values, min_size=2, max_size=4))
def test_every_value_that_was_written_is_read_and_has_a_line(data: dict[str, Any]) -> None:
    text = yaml.safe_dump(data, sort_keys=False)
    authored = read_yaml(text)
    assert authored.data == data
    top = [authored.line((key,)) for key in data]
    assert top == sorted(set(top))
    for key in data:
        assert text.splitlines()[authored.line((key,)) - 1].strip("'\"").startswith(key)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "twee keer"),
        ("a:\n  b: 1\n  c: 2\n  b: 3\nd: 1\n", 4, "twee keer"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, ""),
        ("a: 1\n\tb: 2\n", 2, ""),
        ("- een\n- twee\n", 1, "velden"),
        ("zomaar tekst", 1, "velden"),
        ("", 1, "velden"),
        ("a: !!python/object/apply:os.system [ls]\nb: 1\n", 1, ""),
        ("a: \x07\n", 1, "YAML"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: str, line: int, reason: str) -> None:
    with pytest.raises(AuthoringError) as caught:
        read_yaml(text)
    assert caught.value.line == line
    assert reason in caught.value.reason


def doubling(times: int) -> str:
    """Each line stands for nine times the one before."""
    rows = ["a0: &a0 [x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, times)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (doubling(20), 2),
        ("a: &a [*a]\nb: 1", 1),
        ("a: &a {b: *a}\nb: 1", 1),
        ("b: 1\na: " + "[" * 5000, 2),
        ("b: 1\na: " + "{a: " * 5000, 2),
        ("b: 1\nwanneer: 2026-11-24", 2),
        ("b: 1\nwanneer: 2026-99-99", 2),
        ("b: 1\na: .nan", 2),
        ("b: 1\na: -.INF", 2),
        ("b: 1\na: !!binary aGFsbG8=", 2),
        ("b: 1\na: !!set {x, y}", 2),
        ("b: 1\na: !!timestamp x", 2),
        ("b: 1\na: !!python/object/apply:os.system [ls]", 2),
        ("b: 1\n<<: {a: 1}", 2),
        ("b: 1\n? [x]\n: y", 2),
        ("a: !!int x\nb: 1", 1),
        ("a: 1" + "0" * 5000 + "\nb: 1", 1),
        ("a: \x00", 1),
    ],
)
def test_nothing_an_author_can_send_grows_or_breaks(text: str, line: int) -> None:
    with pytest.raises(AuthoringError) as refused:
        read_yaml(text)
    assert refused.value.line == line
