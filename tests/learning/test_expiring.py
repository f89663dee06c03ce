"""What was allowed until a day is gone after it, also when nobody looks (curriculum 3.n)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from learning.people.models import Person
from learning.people.retention import OWN_DAY
from learning.runtime.blocks import State
from learning.runtime.models import BlockState
from learning.sealing import WontOpen
from learning.tracks import queries
from tests.factories import PersonFactory
from tests.factories.nights import night

USAGE = "m2/verhalen"


def story(id_: str, days: int) -> dict[str, Any]:
    """Its permission ends in `days` days."""
    return {"id": id_, "tekst": f"Geheim {id_}", "einddatum": (date.today() + timedelta(days=days)).isoformat()}  # noqa: DTZ011


def kept(person: Person, *stories: dict[str, Any], usage: str = USAGE) -> BlockState:
    from modules.blocks.storycollection import rules  # noqa: PLC0415 only here

    state = State(person.pk, usage, {"status": "afgerond", "expires_on": rules.expires_on(stories)})
    pattern = {"id": "p", "verhalen": [each["id"] for each in stories], "opnieuw": False}
    state.private.update({"stories": list(stories), "patterns": [pattern], "meaning": "Blijft"})
    state.private_changed = True
    data, sealed = state.to_save()
    return BlockState.objects.create(person=person, usage=usage, data=data, sealed=sealed, updated_at=timezone.now())


def opened(row: BlockState) -> tuple[dict[str, Any], dict[str, Any]]:
    row.refresh_from_db()
    assert row.sealed is not None
    return json.loads(row.data), State(row.person_id, row.usage, {}, bytes(row.sealed)).private


@pytest.fixture(autouse=True)
def _types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "activity_type", lambda module, activity: "storycollection")


def test_a_story_whose_permission_ended_is_gone_and_the_rest_stays(person: Person) -> None:
    row = kept(person, story("a", -2), story("b", 30))
    assert night(OWN_DAY) == {"learning.BlockState": 1}
    data, private = opened(row)
    assert [each["id"] for each in private["stories"]] == ["b"]
    assert (private["patterns"][0]["opnieuw"], private["meaning"], data["status"]) == (True, "Blijft", "afgerond")
    assert date.fromisoformat(data["expires_on"]) > date.today()  # noqa: DTZ011
    assert row.version == 2
    assert not night(OWN_DAY)


def test_the_last_story_leaves_no_date_behind(person: Person) -> None:
    row = kept(person, story("a", -2))
    night(OWN_DAY)
    data, private = opened(row)
    assert (data["expires_on"], private["stories"]) == ("", [])


def test_what_isnt_due_isnt_even_opened(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    row = kept(person, story("a", 30))
    kept(PersonFactory.create(), usage="m2/leeg")
    monkeypatch.setattr("learning.runtime.blocks.unseal", None)
    assert not night(OWN_DAY)
    row.refresh_from_db()
    assert row.version == 1


def test_what_wont_open_is_said_after_all_others_are_gone(person: Person) -> None:
    broken = kept(PersonFactory.create(), story("a", -2))
    BlockState.objects.filter(pk=broken.pk).update(sealed=b"met een sleutel die er niet meer is")
    row = kept(person, story("a", -2))
    with pytest.raises(WontOpen):
        night(OWN_DAY)
    assert opened(row)[1]["stories"] == []


def test_an_activity_that_isnt_anywhere_any_more_holds_nothing_up(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(person, story("a", -2), usage="weg/verhalen")
    row = kept(person, story("a", -2))
    monkeypatch.setattr(
        queries, "activity_type", lambda module, activity: "storycollection" if module == "m2" else None
    )
    assert night(OWN_DAY) == {"learning.BlockState": 1}
    assert opened(row)[1]["stories"] == []
