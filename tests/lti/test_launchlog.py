"""What became of the last launches, for who looks after a connection."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from lti import claims as words
from lti.tool import launchlog
from lti.tool.launchlog import KEPT, PRUNE_EVERY, REFUSALS_A_MINUTE, Refusal
from lti.tool.models import LaunchRecord
from tests.lti.hostile import Claims, Lms


class Clock:
    """`time.monotonic`, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("lti.tool.launchlog.time.monotonic", clock)
    launchlog._minutes.clear()
    launchlog._went_well.clear()
    return clock


def codes() -> list[str]:
    return list(LaunchRecord.objects.order_by("pk").values_list("code", flat=True))


def test_a_launch_that_goes_well_is_one_line(lms: Lms, claims: Claims, browser: Client) -> None:
    lms.launch(browser, claims)

    row = LaunchRecord.objects.get()
    assert (row.platform, row.code, row.reference, row.message) == (lms.platform, "", "", words.RESOURCE_LINK_REQUEST)


def test_a_class_that_comes_in_at_once_is_one_line_and_later_comers_another(
    lms: Lms, claims: Claims, clock: Clock
) -> None:
    for _ in range(5):
        lms.launch(Client(), claims)
    clock.now += launchlog.BETWEEN
    lms.launch(Client(), claims)

    assert codes() == ["", ""]


def test_a_refusal_is_one_line_with_the_number_the_visitor_reads(lms: Lms, claims: Claims, browser: Client) -> None:
    claims["aud"] = "somebody else"
    page = lms.launch(browser, claims).content.decode()

    row = LaunchRecord.objects.get()
    assert row.code == "claim-aud"
    assert row.reference in page
    assert len(row.reference) == 9


def test_nothing_of_who_it_was_is_in_a_line(lms: Lms, claims: Claims, browser: Client) -> None:
    claims[words.DEPLOYMENT_ID] = "another"
    for changes in ({}, {words.DEPLOYMENT_ID: "deployment-1"}):
        lms.launch(Client(), {**claims, **changes})

    said = str(list(LaunchRecord.objects.values_list()))
    assert not any(word in said for word in ("person-7", "Aydın", "aydin@example.org", "course-1", "link-1"))


def test_the_deployment_is_kept_where_that_alone_is_unknown(lms: Lms, claims: Claims, browser: Client) -> None:
    lms.launch(browser, {**claims, words.DEPLOYMENT_ID: "another"})

    assert LaunchRecord.objects.get().deployment_id == "another"


def test_a_deployment_somebody_made_up_without_the_key_is_not_kept(lms: Lms, claims: Claims, browser: Client) -> None:
    begun = lms.login(browser)
    token = lms.sign({**claims, words.DEPLOYMENT_ID: "another", "nonce": begun.nonce})
    lms.post(browser, token[:-8] + "AAAAAAAA", begun.state)

    row = LaunchRecord.objects.get()
    assert (row.code, row.deployment_id) == ("token-signature", "")


def test_where_the_platform_is_not_known_nothing_is_written(lms: Lms, browser: Client) -> None:
    lms.login(browser, iss="https://elsewhere.example")
    lms.login(browser, target_link_uri="https://elsewhere.example/")
    browser.get("/lti/launch")
    browser.post("/lti/launch", {"state": "made up", "id_token": "x"})

    assert not LaunchRecord.objects.exists()


def test_a_few_a_minute_are_written_and_the_rest_counted(lms: Lms, clock: Clock) -> None:
    for number in range(REFUSALS_A_MINUTE + 5):
        launchlog.refused(Refusal(lms.platform.pk, "token-missing", f"{number:09}"))
    assert len(codes()) == REFUSALS_A_MINUTE

    clock.now += 61
    launchlog.refused(Refusal(lms.platform.pk, "token-missing", "later"))

    assert LaunchRecord.objects.get(reference="later").unwritten == 5
    assert LaunchRecord.objects.exclude(reference="later").filter(unwritten__gt=0).count() == 0


def test_many_refusals_of_one_platform_leave_room_for_another(lms: Lms, browser: Client) -> None:
    for _ in range(REFUSALS_A_MINUTE + 1):
        launchlog.refused(Refusal(lms.platform.pk + 1000, "x", "y"))
    LaunchRecord.objects.all().delete()
    launchlog.refused(Refusal(lms.platform.pk, "token-missing", "mine"))

    assert codes() == ["token-missing"]


def test_ten_thousand_bad_launches_leave_a_bounded_log(lms: Lms, clock: Clock) -> None:
    """Spread over hours, so that the bound of a minute isn't what keeps it small."""
    for _ in range(10_000):
        clock.now += 3
        launchlog.refused(Refusal(lms.platform.pk, "token-signature", "ABCD-1234"))

    assert KEPT <= LaunchRecord.objects.count() <= KEPT + PRUNE_EVERY
    assert len(launchlog._minutes) == 1


def test_bad_launches_themselves_leave_a_bounded_log(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)
    for _ in range(50):
        browser.post("/lti/launch", {"state": begun.state, "id_token": "a.b.c"})

    assert len(codes()) == REFUSALS_A_MINUTE


def test_the_newest_are_kept(lms: Lms) -> None:
    LaunchRecord.objects.all().delete()
    for number in range(KEPT + 30):
        launchlog.came_in(lms.platform.pk, message=f"{number}")
    launchlog.prune(lms.platform.pk)

    kept = list(LaunchRecord.objects.order_by("pk").values_list("message", flat=True))
    assert kept == [f"{number}" for number in range(30, KEPT + 30)]


def test_a_log_that_cannot_be_written_does_not_stand_in_the_way(
    lms: Lms, claims: Claims, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launchlog, "_INSERT", "INSERT INTO no_such_table VALUES (%s, %s, %s, %s, %s, %s, %s)")
    claims["aud"] = "somebody else"

    assert lms.launch(browser, claims).status_code == 401


def test_a_launch_that_is_rolled_back_is_not_in_the_log(
    lms: Lms, claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any, **named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("lti.tool.views.begin_session", broken)
    with pytest.raises(RuntimeError):
        lms.launch(Client(), claims)

    assert connection.in_atomic_block
    assert not LaunchRecord.objects.exists()
