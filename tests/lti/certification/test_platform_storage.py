"""A frame that keeps no cookies: the secret of a login stays with the LMS (LTI postMessage Storage), and what was
launched opens in a window."""

from __future__ import annotations

import html
import re
import time
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from learning.people import services as people
from learning.people.models import Person
from lti.tool import services, state, tickets
from lti.tool.models import Account, UsedNonce
from tests.lti.certification.test_bad_payloads import refused
from tests.lti.hostile import Claims, Lms, Response

STORAGE = {"lti_storage_target": "_parent"}
FRAMED = {"Sec-Fetch-Dest": "iframe"}


class Forgetful(Client):
    """A browser that sends no cookies: every request is the first."""

    def request(self, **request: object) -> Response:
        self.cookies.clear()
        return super().request(**request)


def begin(lms: Lms, browser: Client, **values: str) -> Response:
    """The login as it goes in a frame, until the LMS is asked."""
    asked = {
        "iss": lms.platform.issuer, "client_id": lms.platform.client_id, "login_hint": "h",
        "target_link_uri": lms.claims()["https://purl.imsglobal.org/spec/lti/claim/target_link_uri"], **STORAGE,
        **values,
    }  # fmt: skip
    response = browser.get("/lti/login", asked, headers=FRAMED)
    return browser.get(response.headers["Location"], headers=FRAMED) if response.status_code == 303 else response


def said(response: Response, name: str) -> str:
    """A data attribute or the value of a hidden field."""
    page = response.content.decode()
    found = re.search(rf'data-{name}="([^"]*)"', page) or re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return html.unescape(found[1])


def asked_of_lms(response: Response) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(said(response, "onward")).query))


def launched(lms: Lms, browser: Client, claims: Claims | None = None, **values: str) -> tuple[Response, dict[str, str]]:
    """The LMS's POST, and what it was: the answer asks for the secret."""
    begun = begin(lms, browser, **values)
    parameters = asked_of_lms(begun)
    token = lms.sign({**(claims or lms.claims()), "nonce": parameters["nonce"]})
    posted = {"id_token": token, "state": parameters["state"]}
    return browser.post("/lti/launch", posted), {**posted, "kept": said(begun, "value")}


def test_where_no_cookie_comes_back_the_secret_goes_to_the_lms(lms: Lms) -> None:
    """The page names the frame, the name, and the one site that may hear it: that of the LMS's login."""
    page = begin(lms, Forgetful())

    assert said(page, "storage") == "_parent"
    assert said(page, "origin") == "https://lms.example"
    assert said(page, "onward").startswith("https://lms.example/auth?")
    assert state.unseal(asked_of_lms(page)["state"], now=time.time()).browser == state.digest(said(page, "value"))


def test_without_a_storage_target_it_is_a_new_window(lms: Lms) -> None:
    page = begin(lms, Forgetful(), lti_storage_target="")

    assert "Open in een nieuw venster" in page.content.decode()
    assert "data-storage" not in page.content.decode()


def test_a_browser_that_sends_cookies_never_sees_it(lms: Lms, browser: Client) -> None:
    assert begin(lms, browser).status_code == 302


def test_a_browser_that_does_not_say_whether_it_is_framed_keeps_the_secret_in_both_places(lms: Lms) -> None:
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (Macintosh) Version/15.6 Safari/605.1.15"})
    response = lms.login(browser, **STORAGE).response

    assert said(response, "storage") == "_parent"
    (cookie,) = (cookie for name, cookie in response.cookies.items() if name.startswith("lti-"))
    assert cookie.value == said(response, "value")


@pytest.mark.parametrize("agent", ["", "python-httpx/0.28", "curl/8.5.0"])
def test_a_program_that_is_no_browser_is_sent_straight_on(lms: Lms, agent: str) -> None:
    """It runs no script: a page that asks the LMS by script would be a dead end."""
    program = Client(headers={"User-Agent": agent} if agent else None)
    begun = lms.login(program, **STORAGE)

    assert begun.response.status_code == 302
    assert lms.launch(program, begun=begun).status_code == 303


def test_in_a_window_no_secret_goes_to_anybody(lms: Lms, browser: Client) -> None:
    asked = {"iss": lms.platform.issuer, "client_id": "client-1", "login_hint": "h", **STORAGE}
    target = lms.claims()["https://purl.imsglobal.org/spec/lti/claim/target_link_uri"]
    response = browser.get("/lti/login", {**asked, "target_link_uri": target}, headers={"Sec-Fetch-Dest": "document"})

    assert response.status_code == 302


def test_the_new_window_it_falls_back_to_asks_for_no_storage(lms: Lms) -> None:
    """There is no frame of the LMS there: asking again would go round for ever."""
    page = begin(lms, Forgetful()).content.decode()

    (link,) = re.findall(r'href="(/lti/login\?[^"]*)"', page)
    assert "lti_storage_target" not in link


def test_the_launch_asks_the_lms_for_the_secret_and_opens_in_a_window(lms: Lms) -> None:
    frame, window = Forgetful(), Client()
    asking, posted = launched(lms, frame)
    assert said(asking, "key").startswith("lti-")
    assert said(asking, "state") == posted["state"]
    assert not Account.objects.exists()

    ready = frame.post("/lti/launch", posted)
    assert ready.status_code == 200
    assert not ready.cookies
    opened = window.post("/lti/venster", {"ticket": said(ready, "ticket")})

    assert (opened.status_code, opened.headers["Location"]) == (303, "/leren/proefmodule/")
    assert window.get("/leren/proefmodule/").status_code == 200


@pytest.mark.parametrize("kept", ["", "x", "é", "\x00", "a" * 5000])
def test_a_secret_that_is_not_of_this_login_opens_nothing(lms: Lms, kept: str) -> None:
    browser = Forgetful()
    _, posted = launched(lms, browser)

    assert refused(browser.post("/lti/launch", {**posted, "kept": kept}), 401)
    assert not Account.objects.exists()


OTHER_SITES = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", OTHER_SITES)
def test_another_site_can_not_put_somebody_in_with_a_secret_of_its_own(lms: Lms, headers: dict[str, str]) -> None:
    """Whoever begins a login can know its secret and has a launch of their own: only our page may bring the two."""
    browser = Forgetful()
    _, posted = launched(lms, browser)

    assert refused(browser.post("/lti/launch", posted, headers=headers), 401)
    assert not Account.objects.exists()


def test_the_secret_of_another_login_opens_nothing(lms: Lms) -> None:
    browser = Forgetful()
    _, first = launched(lms, browser)
    _, second = launched(lms, browser)

    assert refused(browser.post("/lti/launch", {**first, "kept": second["kept"]}), 401)


def test_a_login_that_kept_a_cookie_only_can_not_be_ended_with_a_secret(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)
    (cookie,) = (cookie.value for name, cookie in begun.response.cookies.items() if name.startswith("lti-"))
    token = lms.sign({**lms.claims(), "nonce": begun.nonce})

    response = Client().post("/lti/launch", {"id_token": token, "state": begun.state, "kept": cookie})
    assert response.status_code == 401
    assert not Account.objects.exists()


def test_a_launch_from_storage_works_once(lms: Lms) -> None:
    browser = Forgetful()
    _, posted = launched(lms, browser)
    assert browser.post("/lti/launch", posted).status_code == 200

    assert refused(browser.post("/lti/launch", posted), 401)


def test_a_ticket_works_once(lms: Lms) -> None:
    browser = Forgetful()
    _, posted = launched(lms, browser)
    ticket = said(browser.post("/lti/launch", posted), "ticket")
    assert Client().post("/lti/venster", {"ticket": ticket}).status_code == 303

    assert refused(Client().post("/lti/venster", {"ticket": ticket}), 401)


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c", "é"])
def test_a_ticket_we_did_not_make(lms: Lms, ticket: str) -> None:
    assert refused(Client().post("/lti/venster", {"ticket": ticket}), 401)
    assert not UsedNonce.objects.exists()


def test_a_ticket_does_not_wait_for_ever(lms: Lms) -> None:
    browser = Forgetful()
    _, posted = launched(lms, browser)
    ticket = said(browser.post("/lti/launch", posted), "ticket")

    with patch("django.core.signing.time.time", return_value=time.time() + state.LIFETIME + 5):
        assert refused(Client().post("/lti/venster", {"ticket": ticket}), 401)


@pytest.mark.parametrize("headers", OTHER_SITES)
def test_another_site_can_not_put_somebody_in_with_a_ticket_of_its_own(lms: Lms, headers: dict[str, str]) -> None:
    browser = Forgetful()
    _, posted = launched(lms, browser)
    ticket = said(browser.post("/lti/launch", posted), "ticket")

    assert refused(Client().post("/lti/venster", {"ticket": ticket}, headers=headers), 401)


def test_who_is_suspended_in_between_stays_out(lms: Lms) -> None:
    browser = Forgetful()
    _, posted = launched(lms, browser)
    ticket = said(browser.post("/lti/launch", posted), "ticket")
    people.suspend(Person.objects.get())

    assert refused(Client().post("/lti/venster", {"ticket": ticket}), 403)


def test_a_platform_switched_off_in_between_opens_nothing(lms: Lms) -> None:
    browser = Forgetful()
    _, posted = launched(lms, browser)
    ticket = said(browser.post("/lti/launch", posted), "ticket")
    services.switch(lms.platform, active=False)

    assert refused(Client().post("/lti/venster", {"ticket": ticket}), 403)


def test_only_the_lms_may_frame_these_pages(lms: Lms) -> None:
    browser = Forgetful()
    asking, posted = launched(lms, browser)
    for page in (begin(lms, browser), asking, browser.post("/lti/launch", posted)):
        assert "frame-ancestors https://lms.example" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"


def test_what_is_echoed_is_text(lms: Lms) -> None:
    browser = Forgetful()
    begun = begin(lms, browser, lti_storage_target='"><script>alert(1)</script>')
    parameters = asked_of_lms(begun)
    asking = browser.post("/lti/launch", {"id_token": '"><script>alert(2)</script>', "state": parameters["state"]})

    for page in (begun, asking):
        assert "<script>alert" not in page.content.decode()


def test_a_ticket_says_nothing_of_who_it_is_for() -> None:
    """Nothing but numbers and the way."""
    assert tickets.Ticket.__slots__ == ("person", "path", "language", "platform", "issued", "once")
