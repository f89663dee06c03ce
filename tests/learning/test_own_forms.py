"""Activities one works on over time, in our own runtime: drawn, kept by themselves, sealed, without script too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from learning.people.models import Person
from learning.runtime.models import Attempt, BlockState
from learning.runtime.publishing import publish_folder
from learning.tracks.models import ActivityProgress
from tests.factories import enrolled, module_folder
from tests.forms import answer_form
from tests.modules.blocks import (
    test_agreement,
    test_longline,
    test_qualityplanner,
    test_selfcheck,
    test_storycollection,
    test_tabledesign,
    test_walkplanner,
    test_worksheet,
)

CONTENT: dict[str, dict[str, Any]] = {
    "worksheet": test_worksheet.sheet(), "longline": test_longline.line(),
    "qualityplanner": test_qualityplanner.planner(), "walkplanner": test_walkplanner.planner(),
    "tabledesign": test_tabledesign.design(), "agreement": test_agreement.agreement(),
    "selfcheck": test_selfcheck.authored(), "storycollection": test_storycollection.authored(),
}  # fmt: skip
UNIT = "/leren/proefmodule/u1/"
SECRET = "Ik durf Truus niet te bellen."
X = {"X-Fragment": "1"}


@pytest.fixture
def signed_in(client: Client, person: Person, tmp_path: Path) -> Client:
    """In a module that has one of each type in its first unit."""
    folder = module_folder(
        tmp_path / "proefmodule",
        units=1,
        quizzes=1,
        extra="".join(f'<{name} url_name="a-{name}" src="{name}.yaml"/>' for name in CONTENT),
    )
    for name, data in CONTENT.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({"activiteit": data}, allow_unicode=True, sort_keys=False))
    enrolled(person, publish_folder(folder))
    client.force_login(person)
    return client


def page(name: str) -> str:
    return f"{UNIT}a-{name}/"


def send(client: Client, name: str, form: dict[str, str], handler: str = "", **extra: Any) -> Any:
    """The form as it is drawn now, to its own address or to another handler of the same activity."""
    action, hidden = answer_form(client.get(page(name)).text)
    if handler:
        action = re.sub(r"/[a-z_]+/(#.*)?$", f"/{handler}/", action)
    return client.post(action, {**hidden, **form}, **extra)


@pytest.mark.parametrize("name", CONTENT)
def test_each_type_has_a_page_of_its_own_and_a_way_in(signed_in: Client, name: str) -> None:
    unit = signed_in.get(UNIT)
    assert page(name) in unit.text
    drawn = signed_in.get(page(name))
    assert (drawn.status_code, drawn.text.count("<h1")) == (200, 1)
    assert CONTENT[name]["titel"] in drawn.text


def test_a_sheet_keeps_itself_and_what_is_in_it_is_sealed(signed_in: Client) -> None:
    answer = send(signed_in, "worksheet", {"vraag_hoe": SECRET}, "autosave", headers=X)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "application/json")
    assert answer.json()["said"].startswith("Bewaard om ")
    assert SECRET in signed_in.get(page("worksheet")).text
    row = BlockState.objects.get(usage="proefmodule/a-worksheet")
    assert SECRET not in row.data
    assert row.sealed is not None
    assert SECRET.encode() not in bytes(row.sealed)


def test_without_script_the_page_says_it_is_kept(signed_in: Client) -> None:
    answer = send(signed_in, "worksheet", {"vraag_hoe": SECRET})
    assert answer.status_code == 302
    assert "Bewaard om " in signed_in.get(answer.headers["Location"]).text


def test_two_windows_without_script_show_both_texts(signed_in: Client) -> None:
    send(signed_in, "worksheet", {"vraag_hoe": "Eerst"})
    action, hidden = answer_form(signed_in.get(page("worksheet")).text)
    send(signed_in, "worksheet", {"vraag_hoe": "Van daar"})
    answer = signed_in.post(action, {**hidden, "vraag_hoe": "Van mij"})
    assert answer.status_code == 422
    for words in ("<h1", "Van mij", "Van daar", "Welke tekst houd je?"):
        assert words in answer.text


def test_a_design_leaves_a_score_and_none_of_its_words(signed_in: Client) -> None:
    send(signed_in, "tabledesign", test_tabledesign.GOOD, headers=X)
    attempt = Attempt.objects.get(usage="proefmodule/a-tabledesign")
    assert (attempt.score, "Iets over" in json.dumps(attempt.answers)) == (1.0, False)
    assert ActivityProgress.objects.get(activity="a-tabledesign").status == "afgerond"


def test_a_self_check_leaves_an_attempt_that_says_nothing(signed_in: Client, person: Person) -> None:
    send(signed_in, "selfcheck", test_selfcheck.alike("4"), headers=X)
    attempt = Attempt.objects.get(usage="proefmodule/a-selfcheck")
    assert (list(attempt.answers), attempt.score) == (["verzegeld"], None)
    rows = BlockState.objects.filter(person=person, usage__endswith="selfcheck")
    assert {row.usage for row in rows} == {"proefmodule/a-selfcheck", "*/selfcheck"}
    assert all("z1" not in row.data for row in rows)


def test_a_refused_self_check_keeps_nothing_anywhere(signed_in: Client, person: Person) -> None:
    assert send(signed_in, "selfcheck", {"z1": "4"}, headers=X).status_code == 422
    assert not BlockState.objects.filter(usage="*/selfcheck").exists()


def test_a_story_says_outside_its_seal_only_when_it_goes(signed_in: Client) -> None:
    end = test_storycollection.rules.LONGEST  # some day from now on
    from django.utils import timezone  # noqa: PLC0415 only here

    day = (timezone.localdate() + end / 2).isoformat()
    answer = send(
        signed_in, "storycollection", {**test_storycollection.STORY, "einddatum": day, "token": "token-000001"}, "add",
        headers=X,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    row = BlockState.objects.get(usage="proefmodule/a-storycollection")
    assert set(json.loads(row.data)) == {"status", "expires_on", "begun_at"}
