"""What a login and a launch ask of the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lti import claims as words
from lti.tool import launchlog, nonces
from lti.tool.models import LaunchRecord, UsedNonce
from tests.lti.hostile import ISSUER, TARGET, Claims, Lms

# The nonce; the platform, who and what; the session; now and then the log. Two for the test's savepoint.
KNOWN = 2 if connection.vendor == "postgresql" else 3  # there the first two are one message


@pytest.fixture(autouse=True)
def no_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nonces, "SWEEP_ONE_IN", 10**9)
    monkeypatch.setattr(launchlog, "PRUNE_EVERY", 10**9)


def test_a_login_is_one_query(lms: Lms, browser: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    lms.login(browser)
    with django_assert_num_queries(1):
        browser.get(
            "/lti/login", {"iss": ISSUER, "client_id": "client-1", "login_hint": "h", "target_link_uri": TARGET}
        )


def test_a_launch_of_somebody_we_know_is_a_few_statements(
    lms: Lms, claims: Claims, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lms.launch(browser, claims)
    again = Client()
    begun = lms.login(again)
    token = lms.sign({**claims, "nonce": begun.nonce})

    with django_assert_num_queries(KNOWN + 2):
        assert lms.post(again, token, begun.state).status_code == 303


def test_a_launch_that_brings_news_writes_what_differs_and_next_time_nothing(
    lms: Lms, claims: Claims, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Whatever may differ is known after one launch: no claim makes every launch a first one."""
    claims.update({words.AGS_ENDPOINT: {"lineitem": f"{ISSUER}/line", "scope": [words.AGS_SCORE_SCOPE]}})
    claims[words.CUSTOM] = {"module": "proefmodule", "unit": "u1", "link_history": "a,b", "context_history": "c"}
    claims[words.ROLES] = [words.MEMBERSHIP + "#Instructor", words.MEMBERSHIP + "#Learner"]
    lms.launch(browser, claims)
    again = Client()
    begun = lms.login(again)
    token = lms.sign({**claims, "nonce": begun.nonce})

    with django_assert_num_queries(KNOWN + 2):
        lms.post(again, token, begun.state)


def test_beyond_the_few_a_minute_that_are_logged_a_bad_signature_costs_no_write(
    lms: Lms,
    claims: Claims,
    browser: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(launchlog, "REFUSALS_A_MINUTE", 0)
    begun = lms.login(browser)

    with django_assert_num_queries(1):
        browser.post("/lti/launch", {"state": begun.state, "id_token": lms.sign(claims, alg="HS256")})
    assert not UsedNonce.objects.exists()
    assert not LaunchRecord.objects.exists()
