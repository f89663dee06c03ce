"""Verified is with the platform as this process knows it; what became of that platform since counts all the same.

Each test logs in first: by then the process knows the platform. What happens to it after that, another process does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from lti import claims as words
from lti import outbound
from lti.tool import frames, services, tokens
from lti.tool.models import LaunchRecord, Platform, UsedNonce, new_stamp
from tests.lti.certification.test_bad_payloads import refused
from tests.lti.hostile import ISSUER, Claims, Lms, public, rsa_key


def new_keys(lms: Lms, key: RSAKey) -> None:
    """As another process that fetched the key set: the same name, another key."""
    assert Platform.objects.filter(pk=lms.platform.pk).update(keys=[public(key, "one")], stamp=new_stamp())


@pytest.mark.parametrize("chooses", [False, True])
def test_who_logged_in_before_the_platform_was_switched_off_does_not_come_in(
    lms: Lms, browser: Client, chooses: bool
) -> None:
    claims = lms.choosing() if chooses else lms.claims()
    begun = lms.login(browser)
    services.switch(lms.platform, active=False)

    response = lms.launch(browser, claims, begun=begun)

    assert refused(response, 403)
    assert "De aansluiting van deze leeromgeving staat uit." in response.content.decode()
    assert ISSUER not in response.headers["Content-Security-Policy"]
    assert not UsedNonce.objects.exists()
    assert not LaunchRecord.objects.filter(code="").exists()


def test_a_launch_that_found_its_platform_changed_used_nothing_up(lms: Lms, claims: Claims, browser: Client) -> None:
    begun = lms.login(browser)
    services.switch(lms.platform, active=False)
    assert refused(lms.launch(browser, claims, begun=begun), 403)
    services.switch(lms.platform, active=True)

    assert lms.launch(browser, claims, begun=begun).status_code == 303


def test_a_platform_that_was_switched_off_and_on_again_lets_in(lms: Lms, claims: Claims, browser: Client) -> None:
    begun = lms.login(browser)
    services.switch(lms.platform, active=False)
    services.switch(lms.platform, active=True)

    assert lms.launch(browser, claims, begun=begun).status_code == 303
    assert UsedNonce.objects.count() == 1


def test_a_key_that_another_process_replaced_opens_nothing_any_more(lms: Lms, claims: Claims, browser: Client) -> None:
    """Though its signature fits the key that this process knows."""
    begun = lms.login(browser)
    new_keys(lms, rsa_key("second"))

    with patch.object(outbound, "request", side_effect=outbound.NoAnswer("nobody there")):
        assert refused(lms.launch(browser, claims, begun=begun), 401)
    assert not UsedNonce.objects.exists()


def test_the_key_it_was_replaced_by_opens_at_once(lms: Lms, claims: Claims, browser: Client) -> None:
    """And nobody asks the platform for it again."""
    begun = lms.login(browser)
    new_keys(lms, rsa_key("second"))
    lms.key = rsa_key("second")

    with patch.object(outbound, "request", side_effect=AssertionError):
        assert lms.launch(browser, claims, begun=begun).status_code == 303


def test_a_deployment_that_is_new_counts_at_once(lms: Lms, claims: Claims, browser: Client) -> None:
    begun = lms.login(browser)
    services.add_deployments(lms.platform, ["deployment-2"])
    claims[words.DEPLOYMENT_ID] = "deployment-2"
    assert lms.launch(browser, claims, begun=begun).status_code == 303


def test_a_site_for_frames_that_is_new_counts_at_once(lms: Lms, claims: Claims, browser: Client) -> None:
    begun = lms.login(browser)
    services.change(
        lms.platform, name="LMS", audience="", frame_origins=["https://frames.example"], reports_progress=True
    )

    assert lms.launch(browser, claims, begun=begun).status_code == 303
    assert "https://frames.example" in browser.session[frames.SESSION_KEY]


def after(verify: Callable[..., Any], happening: Callable[[], object]) -> Callable[..., Any]:
    """The same, and the first time something happens before anybody can do anything with the answer."""
    happenings = [happening]

    def verified(*words: Any, **named: Any) -> Any:
        answer = verify(*words, **named)
        if happenings:
            happenings.pop()()
        return answer

    return verified


@pytest.mark.parametrize("looked_up", [False, True])
def test_a_platform_that_is_switched_off_while_a_launch_is_verified(
    lms: Lms, claims: Claims, browser: Client, monkeypatch: pytest.MonkeyPatch, looked_up: bool
) -> None:
    begun = lms.login(browser)
    off = after(
        tokens.verify if looked_up else tokens.verify_at_hand, lambda: services.switch(lms.platform, active=False)
    )
    monkeypatch.setattr(tokens, "verify" if looked_up else "verify_at_hand", off)
    if looked_up:
        services.add_deployments(lms.platform, ["deployment-2"])
        claims[words.DEPLOYMENT_ID] = "deployment-2"  # unknown to this process: it looks

    assert refused(lms.launch(browser, claims, begun=begun), 403)
    assert not UsedNonce.objects.exists()


@pytest.mark.parametrize("looked_up", [False, True])
def test_keys_that_change_while_a_launch_is_verified(
    lms: Lms, claims: Claims, browser: Client, monkeypatch: pytest.MonkeyPatch, looked_up: bool
) -> None:
    """It is verified again, and isn't good any more."""
    begun = lms.login(browser)
    name = "verify" if looked_up else "verify_at_hand"
    monkeypatch.setattr(tokens, name, after(getattr(tokens, name), lambda: new_keys(lms, rsa_key("second"))))
    if looked_up:
        services.add_deployments(lms.platform, ["deployment-2"])
        claims[words.DEPLOYMENT_ID] = "deployment-2"

    with patch.object(outbound, "request", side_effect=outbound.NoAnswer("nobody there")):
        assert refused(lms.launch(browser, claims, begun=begun), 401)
    assert not UsedNonce.objects.exists()


def test_a_platform_that_changes_while_a_launch_is_verified_and_is_still_good_lets_in_once(
    lms: Lms, claims: Claims, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = lms.login(browser)
    services.add_deployments(lms.platform, ["deployment-2"])
    claims[words.DEPLOYMENT_ID] = "deployment-2"
    again = after(tokens.verify, lambda: services.add_deployments(lms.platform, ["deployment-3"]))
    monkeypatch.setattr(tokens, "verify", again)

    assert lms.launch(browser, claims, begun=begun).status_code == 303
    assert UsedNonce.objects.count() == 1


def test_a_replay_at_a_platform_that_was_switched_off_hears_that_it_is_off(
    lms: Lms, claims: Claims, browser: Client
) -> None:
    begun = lms.login(browser)
    cookies = dict(browser.cookies)
    token = lms.sign({**claims, "nonce": begun.nonce})
    assert lms.post(browser, token, begun.state).status_code == 303
    services.switch(lms.platform, active=False)
    again = Client()
    again.cookies.update(cookies)

    assert refused(lms.post(again, token, begun.state), 403)
