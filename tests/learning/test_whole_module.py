"""A module as the four modules are made, done from the Startpunt to the Herhaalmoment by the forms on its pages."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from learning.people.models import Person
from learning.runtime.models import Attempt
from learning.runtime.publishing import publish_folder
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition
from learning.tracks.queries import way
from modules.olx import check_module
from tests.learning.frame import whole_folder

MODULE = "/leren/proefmodule/"


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    assert check_module(whole_folder(tmp_path / "heel")) == []
    return publish_folder(tmp_path / "heel")


def press(client: Client, page: html.HtmlElement, handler: str, **chosen: str) -> html.HtmlElement:
    """Send the first form of this handler as a browser without script does; the page that comes then."""
    form = next(form for form in page.xpath("//form") if f"/{handler}/" in form.get("action"))
    fields = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    response = client.post(form.get("action").partition("#")[0], {**fields, **chosen}, follow=True)
    assert response.status_code == 200
    return html.fromstring(response.text)


def at(client: Client, address: str) -> html.HtmlElement:
    return html.fromstring(client.get(address).text)


def hold(client: Client, unit: str, key: str) -> str:
    """A whole conversation, whatever comes; its title."""
    page = press(client, at(client, f"{MODULE}{unit}/{key}/"), "start")
    title = str(page.xpath("//h1")[0].text_content()).strip()
    for _ in range(20):
        if not page.xpath("//button[@name='choice']"):
            return title
        page = press(client, page, "choose", choice="1")
    raise AssertionError("a conversation without an end")


def draw(client: Client, unit: str, key: str) -> list[str]:
    """A round of the pool, each rightly answered; the questions."""
    asked = []
    page = at(client, f"{MODULE}{unit}/")
    while page.xpath(f"//*[@id='{key}']//p[@class='vraag']"):
        part = page.get_element_by_id(key)
        question = str(part.xpath(".//p[@class='vraag']")[0].text).strip()
        number = re.sub(r"\D", "", question)
        asked.append(question)
        labels = {label.text_content().strip(): label for label in part.xpath(".//label")}
        label = labels[f"Goed {number}"]
        value = (label.xpath(".//input") or page.xpath(f"//*[@id='{label.get('for')}']"))[0].get("value")
        page = press(client, part, "answer", antwoord=value)
        page = press(client, page.get_element_by_id(key), "proceed")
    return asked


def do_small_quiz(enrolment: Enrolment) -> None:
    ActivityProgress.objects.create(
        enrolment=enrolment, activity="quiz-1-1", status="afgerond", score=1.0, completed_at=timezone.now()
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(done=1)


def test_the_eindpunt_says_how_the_startpunt_went(learner: Client, enrolment: Enrolment) -> None:
    hold(learner, "start", "start-taak")
    assert not at(learner, f"{MODULE}start/start-taak/").xpath("//dt[.='Bij het Startpunt']")
    hold(learner, "eind", "eind-taak")
    began, now = at(learner, f"{MODULE}eind/eind-taak/").xpath("//dl[@class='feiten']//dd/text()")[:2]
    assert {began, now} <= {"Stroef", "Onderweg", "Open"}


def test_without_a_startpunt_the_eindpunt_stands_alone(learner: Client, enrolment: Enrolment) -> None:
    hold(learner, "eind", "eind-taak")
    assert not at(learner, f"{MODULE}eind/eind-taak/").xpath("//dt[.='Bij het Startpunt']")


def test_from_the_startpunt_to_the_herhaalmoment(learner: Client, person: Person, enrolment: Enrolment) -> None:
    assert at(learner, MODULE).xpath("//ol[@class='lussen']/li")[0].get("class").startswith("lus-punt")
    do_small_quiz(enrolment)
    titles = [hold(learner, "start", "start-taak"), hold(learner, "eind", "eind-taak")]
    asked = draw(learner, "eind", "kennis")
    assert len(asked) == 10
    known = way(person, "proefmodule")
    assert known
    assert (known.done, known.required, known.complete) == (4, 4, True)

    assert learner.get(f"{MODULE}herhaal/herhaal-taak/").headers["Location"] == f"{MODULE}herhaal/"
    Enrolment.objects.update(finished_at=timezone.now() - timedelta(days=7))
    asked += draw(learner, "herhaal", "herhaal-kennis")
    titles.append(hold(learner, "herhaal", "herhaal-taak"))
    assert len(asked) == len(set(asked)) == 15
    assert len(set(titles)) == 3
    found = way(person, "proefmodule")
    assert found
    assert found.window.done
    moments = [attempt.answers["moment"] for attempt in Attempt.objects.order_by("pk") if "taak" in attempt.answers]
    assert moments == ["start", "eind", "herhaal"]


def test_an_eindpunt_costs_no_more_queries_than_any_unit(learner: Client, enrolment: Enrolment) -> None:
    for unit in ("u1", "eind"):
        learner.get(f"{MODULE}{unit}/")
    counts = []
    for unit in ("u1", "eind"):
        learner.get(f"{MODULE}{unit}/")
        with CaptureQueriesContext(connection) as asked:
            learner.get(f"{MODULE}{unit}/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6
