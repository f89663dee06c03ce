"""A learner takes back all they said in the twelve statements (curriculum 3.t, class C), in every module at once."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.test import Client

from jobs.models import Job
from learning.people.models import Person
from learning.runtime import tasks
from learning.runtime.models import Attempt, BlockState, CohortFigures
from learning.runtime.publishing import publish_folder
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition
from modules.blocks.selfcheck import block as selfcheck
from tests.factories import PersonFactory, enrolled, module_folder
from tests.forms import answer_form
from tests.modules.blocks.test_selfcheck import alike, authored

X = {"X-Fragment": "1"}


@pytest.fixture
def modules(tmp_path: Path) -> list[Any]:
    """Two modules: the statements at the start of the first, at the end of the second."""
    editions = []
    for key, moment in (("eerste", "start"), ("tweede", "eind")):
        folder = module_folder(
            tmp_path / key, units=1, quizzes=1, key=key,
            extra='<selfcheck url_name="zelf" src="zelf.yaml"/>',
        )  # fmt: skip
        (folder / "zelf.yaml").write_text(yaml.safe_dump({"activiteit": authored(moment=moment)}, sort_keys=False))
        editions.append(publish_folder(folder))
    return editions


@pytest.fixture
def signed_in(client: Client, person: Person, modules: list[Any]) -> Client:
    for edition in modules:
        enrolled(person, edition)
    client.force_login(person)
    return client


def post(client: Client, module: str, handler: str, **form: str) -> Any:
    page = f"/leren/{module}/u1/zelf/"
    action, _ = answer_form(client.get(page).text)
    return client.post(re.sub(r"/[a-z_]+/(#.*)?$", f"/{handler}/", action), form, headers=X)


def say(client: Client, module: str, *times: str) -> None:
    for time in times:
        assert post(client, module, "answer", keer=time, **alike("4")).status_code == 200


def erase(client: Client, module: str = "tweede") -> Any:
    return post(client, module, "erase", zeker="ja")


def test_nothing_of_it_is_left_in_any_table(signed_in: Client, person: Person) -> None:
    say(signed_in, "eerste", "start")
    say(signed_in, "tweede", "nu", "terug")
    assert Attempt.objects.filter(person=person).count() == 2
    assert erase(signed_in).status_code == 200
    assert not Attempt.objects.exists()
    assert not BlockState.objects.filter(usage="*/selfcheck").exists()
    for row in BlockState.objects.all():
        assert row.sealed is None
        assert set(json.loads(row.data)) == {"status"}
    for model in set(apps.get_models()) - {ModuleEdition}:  # where the statements themselves stand
        for values in model._base_manager.values():
            said = str(values)
            assert not any(word in said for word in ("verzegeld", "antwoorden", "z12")), model


def test_progress_that_is_done_stays_done(signed_in: Client) -> None:
    say(signed_in, "eerste", "start")
    say(signed_in, "tweede", "nu", "terug")
    before = list(Enrolment.objects.order_by("pk").values_list("done", "completed_at"))
    erase(signed_in)
    assert list(Enrolment.objects.order_by("pk").values_list("done", "completed_at")) == before
    assert set(ActivityProgress.objects.values_list("status", flat=True)) == {"afgerond"}
    for module in ("eerste", "tweede"):
        page = signed_in.get(f"/leren/{module}/u1/zelf/").text
        assert "Deze stap blijft rond" in page
        assert "radar" not in page


def test_half_of_an_end_goes_too_and_is_asked_again(signed_in: Client) -> None:
    say(signed_in, "tweede", "nu")
    erase(signed_in)
    assert BlockState.objects.get().sealed is None
    assert "Eén: hoe is het nu?" in signed_in.get("/leren/tweede/u1/zelf/").text


def test_who_says_it_anew_counts_as_the_first_time(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selfcheck, "today", lambda: date(2027, 3, 1))
    say(signed_in, "eerste", "start")
    erase(signed_in, "eerste")
    say(signed_in, "eerste", "start")
    assert list(Attempt.objects.values_list("usage", "number")) == [("eerste/zelf", 1)]


def test_it_asks_twice_and_a_second_press_does_nothing_more(signed_in: Client) -> None:
    say(signed_in, "eerste", "start")
    refused = post(signed_in, "eerste", "erase")
    assert refused.status_code == 422
    assert "Ja, wis mijn antwoorden" in refused.text
    assert Attempt.objects.exists()
    Job.objects.all().delete()
    erase(signed_in, "eerste")
    erase(signed_in, "eerste")
    assert Job.objects.filter(kind="cohort.count").count() == 1


def test_what_is_of_another_type_or_somebody_else_stays(signed_in: Client, modules: list[Any], person: Person) -> None:
    other, client = PersonFactory.create(organisation=person.organisation), Client()
    enrolled(other, modules[0])
    client.force_login(other)
    say(client, "eerste", "start")
    say(signed_in, "eerste", "start")
    kept = Attempt.objects.get(person=person)
    Attempt.objects.create(
        person=person, usage="eerste/u1-q1", edition=modules[0], number=1, answers={"a": 1}, score=1,
        created_at=kept.created_at,
    )  # fmt: skip
    BlockState.objects.create(person=person, usage="eerste/x", data="{}", sealed=b"x", updated_at=kept.created_at)
    erase(signed_in)
    assert set(Attempt.objects.values_list("person", "usage")) == {
        (other.pk, "eerste/zelf"), (person.pk, "eerste/u1-q1"),
    }  # fmt: skip
    assert BlockState.objects.get(usage="eerste/x").sealed
    assert "radar" in client.get("/leren/eerste/u1/zelf/").text


def test_a_figure_of_five_people_is_gone_when_one_takes_it_back(
    signed_in: Client, modules: list[Any], person: Person
) -> None:
    say(signed_in, "eerste", "start")
    for other in PersonFactory.create_batch(4, organisation=person.organisation):
        client = Client()
        enrolled(other, modules[0])
        client.force_login(other)
        say(client, "eerste", "start")
    count = {"organisation": person.organisation_id, "usage": "eerste/zelf"}
    tasks.count_cohort(count)
    assert CohortFigures.objects.get().n == 5
    Job.objects.all().delete()
    erase(signed_in, "eerste")
    (job,) = Job.objects.filter(kind="cohort.count")
    assert json.loads(job.payload) == count
    tasks.count_cohort(json.loads(job.payload))
    assert not CohortFigures.objects.exists()
