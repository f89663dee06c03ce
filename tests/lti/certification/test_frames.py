"""Who may show us in a frame."""

from __future__ import annotations

from django.test import Client

from learning.people.models import Organisation
from lti.tool import services
from lti.tool.frames import SESSION_KEY
from tests.lti.hostile import Lms, connected


def ancestors(browser: Client, path: str = "/leren/") -> list[str]:
    policy = browser.get(path).headers["Content-Security-Policy"]
    (directive,) = (part.strip() for part in policy.split(";") if "frame-ancestors" in part)
    return directive.split()[1:]


def test_a_launched_session_may_be_framed_by_its_lms_only(lms: Lms, browser: Client) -> None:
    lms.launch(browser)

    assert ancestors(browser) == ["https://lms.example"]


def test_a_page_nobody_launched_may_not_be_framed(lms: Lms) -> None:
    assert ancestors(Client(), "/inloggen/") == ["'none'"]


def test_sites_that_were_registered_besides_may_frame_too(
    organisation: Organisation, lms: Lms, browser: Client
) -> None:
    shared = connected(
        organisation,
        issuer="https://cloud.example",
        auth_url="https://sso.example/auth",
        frame_origins=["https://school.example/some/page"],
    )

    shared.launch(browser)

    assert ancestors(browser) == ["https://cloud.example", "https://school.example", "https://sso.example"]


def test_the_last_lms_that_launched_somebody_is_the_one(organisation: Organisation, lms: Lms, browser: Client) -> None:
    other = connected(organisation, issuer="https://other.example")
    lms.launch(browser)
    other.launch(browser)

    assert ancestors(browser) == ["https://other.example"]


def test_a_registration_that_changed_counts_from_the_next_launch_on(lms: Lms, browser: Client) -> None:
    lms.launch(browser)
    lms.platform.frame_origins = ["https://school.example"]
    lms.platform.save()
    services.switch(lms.platform, active=True)
    lms.launch(browser)

    assert browser.session[SESSION_KEY] == ["https://lms.example", "https://school.example"]
