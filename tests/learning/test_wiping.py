"""What was promised to go on a day goes: curriculum 3.d, an own map after 90 days."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning.people.models import Person
from learning.people.retention import OWN_DAY
from learning.runtime.models import BlockState
from learning.runtime.publishing import publish_folder
from learning.tracks.models import ActivityProgress
from tests.factories import enrolled, module_folder
from tests.factories.nights import night
from tests.forms import answer_form

MAP = """
kaart:
  {id: eigen, titel: Jouw casus, vorm: eigen, tekst_vooraf: Gedrag van nu.,
   prompts: {kwestie: Waarover, links: De ene kant, rechts: De andere, actor: Wie}}
"""
SECRET = "een melkveehouder die niet meer slaapt"
DRAWN = {
    "kwestie": "de uitkoop", "links": "blijf weg", "rechts": "geef terug",
    "naam-0": SECRET, "rol-0": "zondebok", "naam-1": "een buur", "rol-1": "stil midden",
    "naam-2": "een wethouder", "rol-2": "bruggenbouwer",
}  # fmt: skip


@pytest.fixture
def page(client: Client, person: Person, tmp_path: Path) -> str:
    """The address of a page with an own map, for a browser in which `person` is signed in."""
    folder = module_folder(tmp_path / "proefmodule", units=1, quizzes=1)
    (folder / "kaart.yaml").write_text(MAP)
    course = folder / "course.xml"
    leaf = '<polarisationmap url_name="kaart-1" src="kaart.yaml"/></vertical>'
    course.write_text(course.read_text().replace("</vertical>", leaf, 1))
    enrolled(person, publish_folder(folder))
    client.force_login(person)
    return "/leren/proefmodule/u1/kaart-1/"


def post(client: Client, page: str, handler: str, **form: str) -> Any:
    action, hidden = answer_form(client.get(page).text)
    base = action.partition("#")[0].rstrip("/").rpartition("/")[0]
    answer = client.post(f"{base}/{handler}/", {**hidden, **form}, headers={"X-Fragment": "1"})
    assert answer.status_code == 200, answer.text
    return answer


def state() -> BlockState:
    return BlockState.objects.get(usage="proefmodule/kaart-1")


def come(days: int) -> None:
    """So many days later: the promised day lies as much nearer."""
    row = state()
    data = json.loads(row.data)
    day = (timezone.localdate() + timedelta(days=90 - days)).isoformat()
    row.data = json.dumps({**data, "wipe_on": day})
    row.save()


def test_an_own_map_says_the_day_and_keeps_its_words_sealed(client: Client, page: str) -> None:
    post(client, page, "draw", **DRAWN)
    row = state()
    assert json.loads(row.data)["wipe_on"] == (timezone.localdate() + timedelta(days=90)).isoformat()
    assert SECRET not in row.data
    assert row.sealed is not None
    assert SECRET.encode() not in bytes(row.sealed)


def test_on_its_day_it_is_gone_from_the_database_whether_or_not_its_owner_comes_back(client: Client, page: str) -> None:
    post(client, page, "draw", **DRAWN)
    come(89)
    assert not night(OWN_DAY)
    assert SECRET in client.get(page).text
    come(90)
    night(OWN_DAY)
    assert state().sealed is None
    assert json.loads(state().data)["wipe_on"] == ""
    assert SECRET not in client.get(page).text
    assert ActivityProgress.objects.get(activity="kaart-1").status == "afgerond"
    assert not night(OWN_DAY)


def test_a_map_that_is_kept_stays(client: Client, page: str) -> None:
    post(client, page, "draw", **DRAWN)
    post(client, page, "hold", bewaren="ja")
    assert not night(OWN_DAY)
    assert SECRET in client.get(page).text


def test_a_new_map_can_be_drawn_after_the_old_one_went(client: Client, page: str) -> None:
    post(client, page, "draw", **DRAWN)
    come(91)
    night(OWN_DAY)
    post(client, page, "draw", **DRAWN)
    assert SECRET in client.get(page).text
    assert not night(OWN_DAY)


def test_what_somebody_else_wrote_stays(client: Client, page: str, person: Person) -> None:
    now = timezone.now()
    others = [
        BlockState.objects.create(person=person, usage=f"proefmodule/{name}", data=data, sealed=b"x", updated_at=now)
        for name, data in {
            "a": "{}", "b": '{"wipe_on": ""}', "c": '{"wipe_on": "2999-01-01"}', "d": '{"wipe_on": 2}',
        }.items()
    ]  # fmt: skip
    assert not night(OWN_DAY)
    assert all(BlockState.objects.get(pk=row.pk).sealed for row in others)
