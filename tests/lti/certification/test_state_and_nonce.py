"""State and nonce: used once, bound to each other, to the platform, to the browser, to what was to be opened."""

from __future__ import annotations

import time
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from learning.people.models import Organisation
from lti import claims as words
from lti.tool import browser as browsers
from lti.tool import nonces, state
from lti.tool.models import UsedNonce
from tests.lti.certification.test_bad_payloads import refused
from tests.lti.hostile import TARGET, Begun, Claims, Lms, connected


def test_a_launch_works_once(lms: Lms, claims: Claims, browser: Client) -> None:
    """The same token and state again, from the same browser with all its cookies."""
    begun = lms.login(browser)
    cookies = dict(browser.cookies)
    token = lms.sign({**claims, "nonce": begun.nonce})
    assert lms.post(browser, token, begun.state).status_code == 303
    again = Client()
    again.cookies.update(cookies)

    assert refused(lms.post(again, token, begun.state), 401)


def test_a_nonce_stays_used_when_the_launch_was_refused_after_it(lms: Lms, claims: Claims, browser: Client) -> None:
    begun = lms.login(browser)
    wrong = {**claims, "nonce": begun.nonce, words.CUSTOM: {"module": "no-such-module"}}
    assert lms.post(browser, lms.sign(wrong), begun.state).status_code == 400

    assert refused(lms.launch(browser, claims, begun=begun), 401)


def test_the_nonce_of_another_login_of_the_same_browser(lms: Lms, claims: Claims, browser: Client) -> None:
    first, second = lms.login(browser), lms.login(browser)
    claims["nonce"] = second.nonce

    assert refused(lms.launch(browser, claims, begun=first), 401)


@pytest.mark.parametrize("nonce", ["", " ", "made-up", "\ud800", 7, ["x"]])
def test_a_nonce_that_was_never_issued(lms: Lms, claims: Claims, browser: Client, nonce: object) -> None:
    claims["nonce"] = nonce

    assert refused(lms.launch(browser, claims), 401)


def test_the_state_of_another_platform(organisation: Organisation, lms: Lms, browser: Client) -> None:
    """Mix-up: a login at A answered by B, with B's own good signature."""
    other = connected(organisation, issuer="https://other.example")
    begun = lms.login(browser)

    assert refused(other.launch(browser, begun=begun), 401)


def test_another_platform_that_says_it_is_this_one(organisation: Organisation, lms: Lms, browser: Client) -> None:
    other = connected(organisation, issuer="https://other.example")
    begun = other.login(browser)

    assert refused(other.launch(browser, lms.claims(), begun=begun), 401)


@pytest.mark.parametrize("changed", ["", "x", "a.b", ".", "é", "x" * 7000])
def test_a_state_we_did_not_make(lms: Lms, browser: Client, changed: str) -> None:
    begun = lms.login(browser)
    response = lms.launch(browser, begun=Begun(begun.response, {**begun.parameters, "state": changed}))

    assert response.status_code in (400, 401)
    assert not browser.session.keys()


@pytest.mark.parametrize("place", [0, 10, 60, -1, -20])
def test_a_state_that_was_changed(lms: Lms, browser: Client, place: int) -> None:
    begun = lms.login(browser)
    letters = list(begun.state)
    letters[place] = "A" if letters[place] != "A" else "Q"

    response = lms.launch(browser, begun=Begun(begun.response, {**begun.parameters, "state": "".join(letters)}))

    assert refused(response, 401)


def test_a_launch_without_state(lms: Lms, browser: Client) -> None:
    assert refused(browser.post("/lti/launch", {"id_token": lms.sign(lms.claims())}), 400)


def test_a_state_that_is_given_twice(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)

    assert refused(browser.post("/lti/launch", {"state": [begun.state, begun.state], "id_token": "x"}), 400)


def test_a_login_that_took_too_long(lms: Lms, claims: Claims, browser: Client) -> None:
    begun = lms.login(browser)
    later = time.time() + state.LIFETIME + 5
    claims.update(iat=later, exp=later + 60)

    with patch("lti.tool.views.time.time", return_value=later):
        assert refused(lms.launch(browser, claims, begun=begun), 401)


def test_another_browser_gets_a_way_to_begin_itself_and_nothing_else(lms: Lms, browser: Client) -> None:
    """Login CSRF: somebody else's launch, posted from a browser that never began one."""
    begun, victim = lms.login(browser), Client()

    response = lms.launch(victim, begun=begun)

    assert response.status_code == 401
    assert "Open in een nieuw venster" in response.content.decode()
    assert not victim.session.keys()
    assert not UsedNonce.objects.exists()


def test_a_cookie_of_that_name_with_another_value(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)
    for name in list(browser.cookies):
        browser.cookies[name] = "made-up"

    assert refused(lms.launch(browser, begun=begun), 401)


def test_the_new_window_begins_the_same_login_again(lms: Lms, browser: Client) -> None:
    """No dead end where a frame keeps no cookies: the link in the page leads to the LMS with the same hints."""
    begun, bare = lms.login(browser), Client()
    page = lms.launch(bare, begun=begun)

    link = page.content.decode().split('href="/lti/login?')[1].split('"')[0].replace("&amp;", "&")
    response = bare.get(f"/lti/login?{link}")

    assert response.status_code == 302
    assert "login_hint=hint-7" in response.headers["Location"]
    assert "lti_message_hint=message-7" in response.headers["Location"]
    assert 'target="_blank"' in page.content.decode()


def test_the_cookie_of_a_login_lives_in_one_frame_and_not_long(lms: Lms, browser: Client) -> None:
    cookies = lms.login(browser).response.cookies

    (cookie,) = (value for name, value in cookies.items() if name.startswith(browsers.PREFIX))
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "None")
    assert cookie["partitioned"]
    assert (cookie["path"], cookie["max-age"]) == ("/lti/", state.LIFETIME)


def test_where_it_has_the_prefix_no_other_site_of_the_domain_can_put_in_a_login(
    lms: Lms, browser: Client, settings: Any
) -> None:
    """A browser takes a `__Host-` cookie from this host only, and only with Secure and this path (RFC 6265bis)."""
    settings.COOKIE_PREFIX = "__Host-"
    begun = lms.login(browser)

    (name,) = (name for name in begun.response.cookies if browsers.PREFIX in name)
    cookie = begun.response.cookies[name]
    assert name.startswith("__Host-lti-")
    assert (cookie["path"], cookie["secure"], cookie["domain"]) == ("/", True, "")
    for _ in range(40):
        lms.login(browser)
    left = [name for name, cookie in browser.cookies.items() if name.startswith("__Host-lti-") and cookie.value]
    assert len(left) <= browsers.MAX_LOGINS
    assert lms.launch(browser).status_code == 303


def test_the_session_cookie_lives_in_one_frame(lms: Lms, browser: Client) -> None:
    cookie = lms.launch(browser).cookies["tussenruimte"]

    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "None")
    assert cookie["partitioned"]


def test_a_launch_removes_the_cookie_of_its_login(lms: Lms, browser: Client) -> None:
    response = lms.launch(browser)

    (cookie,) = (value for name, value in response.cookies.items() if name.startswith(browsers.PREFIX))
    assert (cookie.value, cookie["max-age"]) == ("", 0)
    assert cookie["partitioned"]


def test_logins_that_are_never_finished_do_not_fill_the_browser(lms: Lms, browser: Client) -> None:
    for _ in range(40):
        lms.login(browser)

    left = [name for name, cookie in browser.cookies.items() if name.startswith(browsers.PREFIX) and cookie.value]
    assert len(left) <= browsers.MAX_LOGINS


FRAMED = {"sec-fetch-dest": "iframe"}


def test_in_a_frame_cookies_are_tried_before_the_lms_is_asked(lms: Lms, browser: Client) -> None:
    """Moodle's hints work once, so finding out after the launch would be too late."""
    asked = {"iss": "https://lms.example", "login_hint": "h", "target_link_uri": TARGET}

    once = browser.post("/lti/login", asked, headers=FRAMED)
    assert once.status_code == 303
    around = browser.get(once.headers["Location"], headers=FRAMED)

    assert around.headers["Location"].startswith("https://lms.example/auth?")
    assert browser.post("/lti/login", asked, headers=FRAMED).status_code == 302


def test_in_a_frame_without_cookies_a_button_opens_a_window(lms: Lms) -> None:
    asked = {"iss": "https://lms.example", "login_hint": "h", "target_link_uri": TARGET}
    once = Client().post("/lti/login", asked, headers=FRAMED)

    page = Client().get(once.headers["Location"], headers=FRAMED)

    assert page.status_code == 200
    assert 'target="_blank"' in page.content.decode()
    assert "frame-ancestors https://lms.example" in page.headers["Content-Security-Policy"]


def test_a_login_too_long_for_an_address_says_what_to_do_instead(lms: Lms) -> None:
    """A button to a window of its own would be one to an error."""
    asked = {"iss": lms.platform.issuer, "login_hint": "h", "target_link_uri": TARGET, "lti_message_hint": "m" * 4000}
    page = Client().post("/lti/login", asked, headers=FRAMED)

    assert page.status_code == 200
    assert "/lti/login?" not in page.content.decode()
    assert "open deze activiteit daar in een nieuw venster" in page.content.decode()


def test_expired_nonces_are_swept_a_few_at_a_time(lms: Lms, browser: Client) -> None:
    UsedNonce.objects.bulk_create(UsedNonce(digest=f"old-{n}", expires_at=1) for n in range(nonces.SWEEP_MOST + 50))
    kept = UsedNonce.objects.create(digest="young", expires_at=int(time.time()) + 100)

    with patch.object(nonces, "SWEEP_ONE_IN", 1):
        lms.launch(browser)

    assert UsedNonce.objects.filter(expires_at=1).count() == 50
    assert UsedNonce.objects.filter(pk=kept.pk).exists()
