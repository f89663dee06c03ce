"""A redacteur tries what stands in a module's folder, before anybody gets it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from learning.people.models import Person, Role
from learning.people.services import set_roles_from
from learning.runtime.blocks import handler_token
from learning.runtime.models import Attempt, BlockState
from learning.tracks.models import ModuleEdition
from modules.olx import CONTENT, read_module
from tests.factories import PersonFactory
from tests.forms import answer_form
from tests.learning.journal.test_draft import cookie_of
from tests.learning.test_answers import go_through, press

HOME, MODULE = "/redactie/", "/redactie/voorbeeld/proefmodule/"
QUIZ = f"{MODULE}quiz-1-1/"


def test_the_modules_are_listed_with_what_is_to_mend(content: Path, editor: Client) -> None:
    assert "kan uitgegeven worden" in editor.get(HOME).text
    change(content / "proefmodule" / "quiz-1-1.yaml", "drempel: 0.5", "drempel: 7")
    assert "1 ding te herstellen" in editor.get(HOME).text


def test_what_is_to_mend_is_said_by_file_and_line(content: Path, editor: Client) -> None:
    file = content / "proefmodule" / "quiz-1-1.yaml"
    change(file, "drempel: 0.5", "drempel: 7")
    line = file.read_text().split("\n").index("  drempel: 7") + 1
    for path in (MODULE, QUIZ):
        assert f"<code>quiz-1-1.yaml:{line}</code>" in editor.get(path).text


def test_a_folder_that_is_no_module_yet_says_why(content: Path, editor: Client) -> None:
    (content / "proefmodule" / "course.xml").write_text("<course>\n<chapter></course>")
    assert "course.xml:2" in editor.get(MODULE).text
    assert editor.get(QUIZ).status_code == 404


def test_an_activity_works_as_for_a_learner_and_nothing_is_kept(content: Path, editor: Client) -> None:
    assert "Probeer opnieuw" in go_through(editor, editor.get(QUIZ).text)
    assert editor.get(QUIZ).text.count("data-activity-form") == 1  # at its end: once more
    assert not BlockState.objects.exists()
    assert not Attempt.objects.exists()


def test_what_is_tried_of_a_view_of_oneself_is_not_what_the_redacteur_said(editor: Client, person: Person) -> None:
    path = activity_of_type("selfcheck")
    action, hidden = answer_form(editor.get(path).text)
    answered = editor.post(action, {**hidden, **{f"z{number}": "3" for number in range(1, 13)}})
    assert answered.status_code == 302
    assert 'name="z1"' not in editor.get(path).text
    assert not BlockState.objects.exists()
    editor.post(f"{path}opnieuw/")
    assert 'name="z1"' in editor.get(path).text


def test_each_redacteur_gets_a_form_of_their_own_also_of_what_is_drawn_once(editor: Client, person: Person) -> None:
    other = PersonFactory.create(organisation=person.organisation)
    set_roles_from(other, organisation=other.organisation, source="local", roles=[Role.REDACTEUR])
    theirs = Client()
    theirs.force_login(other)
    path = activity_of_type("lesson")
    editor.get(path)
    action, hidden = answer_form(theirs.get(path).text)
    assert theirs.post(action, hidden).status_code == 302


def test_one_can_begin_again(content: Path, editor: Client) -> None:
    press(editor, editor.get(QUIZ).text, "Vier, meestal")
    assert "Ja, vier." in editor.get(QUIZ).text
    assert editor.post(f"{QUIZ}opnieuw/").headers["Location"] == QUIZ
    assert "Ja, vier." not in editor.get(QUIZ).text


def test_a_refused_form_says_so_with_and_without_script(content: Path, editor: Client) -> None:
    action, hidden = answer_form(editor.get(QUIZ).text)
    for headers in ({"X-Fragment": "1"}, {}):
        answered = editor.post(action, {**hidden, "antwoord": "weet-ik-niet"}, headers=headers)
        assert answered.status_code == 422
    assert "<!doctype html>" in answered.text


def test_a_changed_file_is_seen_at_once_and_changes_the_stamp(content: Path, editor: Client) -> None:
    before = editor.get(f"{MODULE}stand/").json()["stamp"]
    change(content / "proefmodule" / "quiz-1-1.yaml", "Hoeveel poten heeft een koe?", "Hoeveel horens heeft een koe?")
    assert "Hoeveel horens" in editor.get(QUIZ).text
    assert editor.get(f"{MODULE}stand/").json()["stamp"] != before


def test_a_lock_of_an_editor_in_the_folder_is_in_nobodys_way(content: Path, editor: Client) -> None:
    (content / "proefmodule" / ".#quiz-1-1.yaml").symlink_to("redacteur@werkplek.1234")
    for path in (HOME, QUIZ, f"{MODULE}stand/"):
        assert editor.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["../../secret.png", "course.xml", "quiz-1-1.yaml", "static/weg.png", "..%2f..%2fa.png"]
)
def test_only_pictures_and_sound_of_the_folder_are_given(path: str, content: Path, editor: Client) -> None:
    (content / "secret.png").write_bytes(b"geheim")
    assert editor.get(f"{MODULE}bestand/{path}").status_code == 404


def test_a_picture_of_the_folder_is_given(content: Path, editor: Client) -> None:
    (content / "proefmodule" / "static").mkdir()
    (content / "proefmodule" / "static" / "beeld.png").write_bytes(b"\x89PNG")
    given = editor.get(f"{MODULE}bestand/static/beeld.png")
    assert (given.content, given["Content-Type"]) == (b"\x89PNG", "image/png")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REDACTEUR])
@pytest.mark.parametrize("path", [HOME, MODULE, QUIZ, f"{MODULE}stand/", "/redactie/uitgaven/proefmodule/"])
def test_to_anybody_else_the_pages_arent_there(
    role: Role, path: str, content: Path, client: Client, person: Person, edition: ModuleEdition
) -> None:
    set_roles_from(person, organisation=person.organisation, source="local", roles=[role])
    client.force_login(person)
    assert client.get(path).status_code == 404


def test_a_form_of_a_preview_is_no_answer_of_a_learner_nor_the_other_way_around(
    content: Path, editor: Client, person: Person
) -> None:
    action, _ = answer_form(editor.get(QUIZ).text)
    token = action.split("/")[3]
    assert editor.post(f"/antwoord/{token}/answer/").status_code == 404
    learners = handler_token(person, "proefmodule/quiz-1-1")
    assert editor.post(f"/redactie/antwoord/{learners}/answer/").status_code == 404
    others = handler_token(PersonFactory.create(), "voorbeeld:proefmodule/quiz-1-1")
    assert editor.post(f"/redactie/antwoord/{others}/answer/").status_code == 404


def test_another_site_cant_answer(content: Path, editor: Client) -> None:
    action, hidden = answer_form(editor.get(QUIZ).text)
    assert editor.post(action, hidden, headers={"Origin": "https://elders.example"}).status_code == 403


def test_a_conversation_is_drawn_and_counted(editor: Client) -> None:
    page = editor.get("/redactie/voorbeeld/dialoogprincipes/sim-koffie-bij-ten-have/").text
    assert re.search(r"\d+ paden van \d+–\d+ keuzes", page)
    drawing = re.search(r'<img src="(/redactie/[^"]+\.svg)"', page)
    assert drawing
    given = editor.get(drawing[1])
    assert given["Content-Type"].startswith("image/svg+xml")
    assert given.content.startswith(b"<svg")
    assert editor.get(drawing[1].replace("0.svg", "9.svg")).status_code == 404


def test_every_activity_of_the_house_can_be_tried(editor: Client) -> None:
    for file in CONTENT.glob("*/course.xml"):
        listed = editor.get(f"/redactie/voorbeeld/{file.parent.name}/").text
        for path in re.findall(rf'href="(/redactie/voorbeeld/{file.parent.name}/[^/"]+/)"', listed):
            assert editor.get(path).status_code == 200, path


def test_the_page_loads_anew_when_a_file_changes_unless_something_was_typed(
    content: Path, editor: Client, person: Person, live_server: Any, page: Page
) -> None:
    page.context.add_cookies([cookie_of(person, live_server.url)])  # type: ignore[list-item]
    page.goto(live_server.url + QUIZ)
    file = content / "proefmodule" / "quiz-1-1.yaml"
    change(file, "Hoeveel poten heeft een koe?", "Hoeveel horens heeft een koe?")
    expect(page.get_by_text("Hoeveel horens")).to_be_visible()
    page.get_by_label("Vier, meestal").check()
    change(file, "Hoeveel horens", "Hoeveel staarten")
    expect(page.get_by_role("status").get_by_text("Een bestand is veranderd")).to_be_visible()
    assert page.get_by_label("Vier, meestal").is_checked()


def activity_of_type(block_type: str) -> str:
    """The address of the first one in our first module."""
    module, _ = read_module(CONTENT / "dialoogprincipes")
    assert module
    key = next(activity.key for activity in module.activities() if activity.block.block_type == block_type)
    return f"/redactie/voorbeeld/dialoogprincipes/{key}/"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    moment = file.stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(moment, moment))
