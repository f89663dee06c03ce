"""A browser without script: forms load pages, and nobody loses their place or what they typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from learning.people.models import Person
from learning.runtime.publishing import publish_folder
from tests.factories import PersonFactory, enrolled, module_folder
from tests.forms import answer_form

UNIT = "/leren/proefmodule/u1/"
JOURNAL = """
journal:
  id: stil
  titel: Even stil
  prompt: Wat hoorde je?
  herkomst: geconstrueerd
  privacyklasse: C
  versie: 1
  taal: nl
"""


@pytest.fixture
def writer(client: Client, person: Person, tmp_path: Path) -> Client:
    """Somebody in a unit with two quizzes, a third that may be left out, and a journal."""
    spare = '<quiz url_name="erbij" src="quiz-1-1.yaml" verplicht="false"/>'
    folder = module_folder(tmp_path / "m", extra=f'{spare}<journal url_name="stil" src="stil.yaml"/>')
    (folder / "stil.yaml").write_text(JOURNAL)
    enrolled(person, publish_folder(folder))
    client.force_login(person)
    return client


def journal_form(client: Client) -> tuple[str, dict[str, str]]:
    html = client.get(UNIT).text
    return answer_form(html[html.index('id="stil"') :])


def test_a_form_leads_back_to_its_activity_whatever_comes_of_it(writer: Client) -> None:
    """A browser keeps the fragment of the address that it posted to, and shows the page that came from there on."""
    action, hidden = journal_form(writer)
    assert action.endswith("#stil")
    refused = writer.post(action, {**hidden, "tekst": "", "labels": "water"})
    assert refused.status_code == 422
    place = refused.text[refused.text.index('id="stil"') :]
    assert "Schrijf iets. Een paar woorden is genoeg." in place
    assert 'value="water"' in place
    kept = writer.post(action, {**hidden, "tekst": "De beek."})
    assert kept.headers["Location"] == f"{UNIT}#stil"


def test_what_was_kept_is_said_once_and_where_it_was_written(writer: Client) -> None:
    action, hidden = journal_form(writer)
    writer.post(action, {**hidden, "tekst": "De beek."})
    html = writer.get(UNIT).text
    assert html.count("Bewaard in je journaal") == 1
    assert html.index('id="stil"') < html.index("Bewaard in je journaal")
    assert "Bewaard in je journaal" not in writer.get(UNIT).text


def test_the_address_of_a_refused_form_leads_to_its_activity(writer: Client) -> None:
    action, _hidden = journal_form(writer)
    assert writer.get(action).headers["Location"] == f"{UNIT}#stil"


def test_the_address_of_somebody_elses_form_leads_nowhere(writer: Client, person: Person) -> None:
    action, _hidden = journal_form(writer)
    stranger = Client()
    assert stranger.get(action).status_code == 401
    stranger.force_login(PersonFactory.create(organisation=person.organisation))
    assert stranger.get(action).status_code == 403


def test_what_may_be_left_out_is_marked_so_that_it_gets_no_yellow_button(writer: Client) -> None:
    spare = re.findall(r'<div class="activiteit activiteit--erbij" id="([^"]+)"', writer.get(UNIT).text)
    assert spare == ["erbij"]
