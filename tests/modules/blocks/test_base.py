"""What all blocks share: forms, the wrapper of activity.js, the macros."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from webob import Request
from xblock.exceptions import DisallowedFileError

from modules.blocks.base import BLOCKS, ActivityBlock
from modules.blocks.cardsort.block import Cardsort
from modules.blocks.quiz.block import Quiz
from modules.blocks.streamlens.block import Streamlens
from tests.modules.toy import Played

LENS: dict[str, Any] = {
    "id": "lens", "titel": "De lens",
    "items": [{"id": "L1", "tekst": "Zin", "stroom": "onder", "dimensie": "Taal", "uitleg": "u", "andersom": "a"}],
    "hertaal": [{"id": "H1", "tekst": "Bron", "naar": "onder", "modellen": ["a", "b"]}],
}  # fmt: skip


@pytest.fixture
def played() -> Played:
    return Played(Streamlens, LENS)


def soup(html: str) -> Any:
    """Parsed. A tag that is missing fails the test where it is used."""
    return BeautifulSoup(html, "html.parser")


def test_the_script_s_words_come_from_the_page(played: Played) -> None:
    root = soup(played.view()).find(attrs={"data-activity": "streamlens"})
    names = {name for name in root.attrs if name.startswith("data-word-")}
    assert names == {f"data-word-{n}" for n in ("waiting", "offline", "sent", "refused", "expired", "reload")}
    assert all(root[name].strip() for name in names)


def test_the_script_itself_holds_no_words_and_stays_small() -> None:
    script = (BLOCKS / "static" / "activity.js").read_bytes()
    assert len(script) < 8 * 1024
    assert b"innerText" not in script


def test_two_activities_on_one_page_share_no_id() -> None:
    pages = [soup(Played(Streamlens, LENS, usage=usage).view()) for usage in ("een", "twee")]
    first, second = ({tag["id"] for tag in page.find_all(id=True)} for page in pages)
    assert first
    assert not first & second


def test_an_error_is_tied_to_its_field_and_linked_from_the_summary(played: Played) -> None:
    page = soup(played.post("answer", ronde="1", item="L1").text)
    group = page.find("fieldset", attrs={"aria-invalid": "true"})
    assert page.find(id=group["aria-describedby"]).get_text(strip=True) == "Kies de stroom die je hoort."
    links = [link["href"] for link in page.find(role="alert").find_all("a")]
    assert len(links) == 2
    assert all(page.find(id=href[1:]).name == "input" for href in links)


def test_what_is_wrong_with_a_hidden_field_is_said_without_a_link(played: Played) -> None:
    summary = soup(played.post("answer", ronde="1", item="L9", stroom="onder", dimensie="Taal").text).find(role="alert")
    assert "hoort niet bij deze oefening" in summary.get_text()
    assert not summary.find_all("a")


def test_a_private_field_says_who_reads_it_to_a_screen_reader_too(played: Played) -> None:
    played.post("answer", ronde="1", item="L1", stroom="onder", dimensie="Taal")
    played.post("proceed", ronde="1", item="L1")
    page = soup(played.post("onward", ronde="1").text)
    field = page.find("textarea")
    described = [page.find(id=each).get_text(strip=True) for each in field["aria-describedby"].split()]
    assert described[-1] == "alleen voor jou"
    assert page.find("label", attrs={"for": field["id"]})


def test_a_text_that_starts_with_an_empty_line_keeps_it(played: Played) -> None:
    played.post("answer", ronde="1", item="L1", stroom="onder", dimensie="Taal")
    played.post("proceed", ronde="1", item="L1")
    played.post("onward", ronde="1")
    html = played.post("rewrite", item="H1", tekst="\n\nx" + "y" * 600).text
    # A browser drops the first line break after the tag.
    assert ">\n\n\nxy" in html.replace("\r\n", "\n")


def test_a_handler_answers_a_form_and_nothing_else(played: Played) -> None:
    response = played.runtime.handle(played.block, "answer", Request.blank("/", method="GET"))
    assert (response.status_int, response.headers["Allow"]) == (405, "POST")


def test_a_file_where_a_word_was_asked_is_refused(played: Played) -> None:
    form = {"ronde": "1", "item": "L1", "stroom": ("naam.txt", b"onder"), "dimensie": "Taal"}
    request = Request.blank("/", POST=form)
    response = played.runtime.handle(played.block, "answer", request)
    assert response.status_int == 422
    assert "geen tekst" in response.text


def test_nothing_on_a_page_needs_inline_style_or_script(played: Played) -> None:
    pages = [played.view(), played.post("answer", ronde="1", item="L1", stroom="boven", dimensie="Doel").text,
             played.post("proceed", ronde="1", item="L1").text]  # fmt: skip
    for page in pages:
        for tag in soup(page).find_all(True):
            assert not any(name == "style" or name.startswith("on") for name in tag.attrs), tag
            assert tag.name not in ("script", "style")


@pytest.mark.parametrize("block_type", ["streamlens", "cardsort", "quiz"])
def test_there_is_at_most_one_yellow_button_in_an_activity(block_type: str) -> None:
    """design/README.md rule 1, read from the templates: per screen file one `verder` outside if/else."""
    for template in sorted((BLOCKS / block_type / "templates").glob("*.html")):
        assert template.read_text().count('"verder"') + template.read_text().count("m.verder(") <= 2, template


def test_every_file_a_block_asks_for_is_there() -> None:
    for block in (Streamlens, Quiz):
        for name in (*block.stylesheets, "activity.js", *block.scripts):
            with block.open_local_resource(f"static/{name}") as file:
                assert file.read(1)


def test_no_file_outside_static_can_be_asked_for() -> None:
    for uri in ("templates/body.html", "static/../rules.py", "static/../../base.py"):
        with pytest.raises(DisallowedFileError):
            Streamlens.open_local_resource(uri)


CONTENT: list[tuple[type[ActivityBlock], dict[str, Any]]] = [
    (Streamlens, {**LENS, "mode": "alles", "herkomst": "geconstrueerd", "minuten": 5, "inleiding": "i",
                  "competenties": [{"code": "C4", "gewicht": 1}]}),
    (Cardsort, {"id": "c", "titel": "t", "vorm": "bakken", "drempel": 0.6, "bakken": {"nu": "Nu", "later": "Later"},
                "items": [{"id": "a", "tekst": "x", "bak": "nu", "half": {"later": 0.5}, "uitleg": "u"},
                          {"id": "b", "tekst": "x", "bak": "later", "uitleg": "u"}]}),
    (Quiz, {"id": "q", "titel": "t", "items": [
        {"id": "a", "soort": "enkel", "vraag": "v", "opties": [
            {"tekst": "ja", "goed": True, "feedback": "f"}, {"tekst": "nee", "goed": False, "feedback": "f"}]}]}),
]  # fmt: skip
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["", " ", "a", "nu", "volgorde", "kort", "boven"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "nu", "tekst"]) | st.integers(), inner)
    ),
    max_leaves=5,
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inside for place in places_in(each, (*path, key)))]


@given(st.sampled_from(CONTENT), st.data())
def test_content_that_passes_its_gates_can_be_shown_and_no_content_breaks_them(
    content: tuple[type[ActivityBlock], dict[str, Any]], data: st.DataObject
) -> None:
    """One place in good content is replaced by anything."""
    block, good = content
    changed = copy.deepcopy(good)
    *way, last = data.draw(st.sampled_from(places_in(good)[1:]))
    target: Any = changed
    for step in way:
        target = target[step]
    target[last] = data.draw(junk)
    if not block.check(changed):
        Played(block, changed).view()
