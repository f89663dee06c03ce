"""What an operator sees and asks at the command line, and what a learner is told."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from jobs import runner
from learning.people.models import Person
from learning.tracks.models import Enrolment
from tests.xapi.lrs import SECRET, Store
from tests.xapi.test_delivery import tell
from xapi.queries import account


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("xapi", *arguments, stdout=out)
    return out.getvalue()


def test_without_a_store_it_says_so(db: None) -> None:
    assert "XAPI_URL isn't set" in said()


def test_where_it_goes_what_waits_and_why_and_never_the_secret(lrs: Store, enrolment: Enrolment) -> None:
    assert "nothing recorded yet" in said()
    lrs.bad = {"placed"}
    for verb in ("placed", "answered"):
        tell(enrolment.person, verb)
        runner.drain()
    text = said()
    assert f"to {lrs.address} as tussenruimte" in text
    assert "1 done, 1 failed" in text
    assert "last reason: the LRS answered 400" in text
    assert SECRET not in text


def test_trying_it_says_whether_the_store_knows_us(lrs: Store, db: None, settings: Any) -> None:
    assert "answers and knows us" in said("--try")
    settings.XAPI_SECRET = "verkeerd"
    with pytest.raises(CommandError, match="answered 401"):
        said("--try")
    settings.XAPI_URL = f"{lrs.address}/elders"
    with pytest.raises(CommandError, match="answered 404"):
        said("--try")
    assert lrs.requests == []


def test_the_account_of_somebody_is_found_for_a_request_to_see_or_erase(person: Person) -> None:
    for who in (str(person.pk), str(person.username)):
        assert said("--account", who).strip() == account(person.pseudonym)
    with pytest.raises(CommandError, match="nobody here"):
        said("--account", "999999")


def test_a_learner_reads_on_the_page_of_a_module_that_it_is_told(learner: Client, settings: Any) -> None:
    words = "onder een schuilnaam"
    assert words not in learner.get("/leren/proefmodule/").text
    settings.XAPI_URL = "https://lrs.example.nl/xapi"
    assert words in learner.get("/leren/proefmodule/").text
