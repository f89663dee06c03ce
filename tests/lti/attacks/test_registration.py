"""An LMS that registers itself to do harm. Whatever it tries: a page that says why, nothing kept, nothing changed."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import httpcore
import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from learning.people.models import Organisation
from lti import outbound
from lti.tool.models import Invitation, Platform
from lti.tool.registration import configuration, registering, views
from lti.tool.registration.configuration import PLATFORM, belongs
from lti.tool.registration.ours import TOOL
from tests.lti.hostile import Reply, Server, connected
from tests.lti.registering import CONFIGURATION, Registrar, answer, form_of


@pytest.fixture
def lms(server: Server, organisation: Organisation) -> Registrar:
    return Registrar(server, organisation)


def refused(lms: Registrar, page: Any, status: int = 400) -> None:
    """A page with a number on it, and nothing came of it."""
    assert page.status_code == status, page.content.decode()
    assert "Nummer van deze melding" in page.content.decode()
    assert not Platform.objects.filter(issuer__startswith=lms.server.url).exists()
    assert not lms.told
    assert not Invitation.objects.exclude(used_at=None).exists()


# --- 01: our server as a way into a network


@pytest.mark.parametrize(
    "address",
    [
        "https://10.0.0.1/config",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/config",
        "https://[fd00::1]/config",
        "http://lms.example/config",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "javascript:alert(1)",
        "https://user:pw@lms.example/config",
        "https://lms.example/config#x",
        "//127.0.0.1/config",
        "config",
    ],
)
def test_01_no_address_of_a_network_within_is_asked(lms: Registrar, address: str) -> None:
    """Server-side request forgery by the configuration's address."""
    with patch.object(httpcore.SyncBackend, "connect_tcp") as connect:
        refused(lms, lms.opens(address=address))
    connect.assert_not_called()


def test_01_a_loopback_is_not_asked_where_the_setting_does_not_say_so(lms: Registrar, settings: Any) -> None:
    settings.LTI_ALLOW_LOOPBACK = False

    refused(lms, lms.opens())
    assert not lms.server.asked


def test_01_without_an_invitation_nothing_is_asked_of_anybody(lms: Registrar) -> None:
    for invite in ("", "guess", "x" * 101, "ë"):
        refused(lms, lms.browser.get("/lti/register", {"invite": invite, "openid_configuration": lms.address}),
                400 if invite in ("x" * 101, "ë") else 403)  # fmt: skip
    assert not lms.server.asked


@pytest.mark.parametrize("name", ["jwks_uri", "token_endpoint", "registration_endpoint", "authorization_endpoint"])
@pytest.mark.parametrize("url", ["https://10.0.0.1/x", "https://169.254.169.254/x", "https://[::1%25eth0]/x"])
def test_01_no_endpoint_within_is_kept(lms: Registrar, name: str, url: str) -> None:
    lms.says(Reply(body=lms.configuration(**{name: url})))

    refused(lms, lms.opens())


# --- 02: redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_02_a_configuration_that_points_elsewhere_is_not_followed(lms: Registrar, status: int) -> None:
    lms.server.usual["/elsewhere"] = Reply(body=lms.said)
    lms.says(Reply(status, {}, {"Location": f"{lms.server.url}/elsewhere"}))

    refused(lms, lms.opens())
    assert not lms.server.requests("/elsewhere")


def test_02_nor_is_an_answer_that_points_elsewhere(lms: Registrar) -> None:
    lms.answers(Reply(307, {}, {"Location": f"{lms.server.url}/elsewhere"}))

    assert lms.registers().status_code == 400
    assert not lms.server.requests("/elsewhere")
    assert not Platform.objects.exists()


# --- 03: to speak for another's LMS


@pytest.mark.parametrize(
    ("issuer", "address"),
    [
        ("https://lms.example", "https://lms.example.evil.example/config"),
        ("https://lms.example", "https://lms.exampleevil/config"),
        ("https://lms.example", "https://evil.example/lms.example/config"),
        ("https://lms.example", "https://evil.example/?https://lms.example/"),
        ("https://lms.example", "https://www.lms.example/config"),
        ("https://www.lms.example", "https://lms.example/config"),
        ("https://lms.example", "https://lms.example:8443/config"),
        ("https://lms.example", "https://lms.example./config"),
        ("https://lms.example/a", "https://lms.example/b/config"),
        ("https://lms.example/a", "https://lms.example/ab/config"),
        ("https://lms.example/a", "https://lms.example/a/../b/config"),
        ("https://lms.example/a", "https://lms.example/a/%2e%2e/b/config"),
        ("https://lms.example?x", "https://lms.example/config"),
        ("https://lms.example@evil.example", "https://evil.example/config"),
        ("https://evil.example\\@lms.example", "https://evil.example/config"),
        ("http://lms.example", "https://lms.example/config"),
        ("lms.example", "https://lms.example/config"),
        ("", "https://lms.example/config"),
    ],
)
def test_03_an_issuer_that_could_not_have_put_the_configuration_there(issuer: str, address: str) -> None:
    assert not belongs(issuer, address)


@pytest.mark.parametrize("issuer", ["https://lms.example", "http://127.0.0.1:1", "http://localhost:{port}"])
def test_03_such_an_lms_is_not_registered(lms: Registrar, issuer: str) -> None:
    port = lms.server.url.rpartition(":")[2]
    lms.says(Reply(body=lms.configuration(issuer=issuer.format(port=port))))

    refused(lms, lms.opens())


# --- 04: what isn't an address of the web


@pytest.mark.parametrize("name", ["jwks_uri", "token_endpoint", "registration_endpoint", "authorization_endpoint"])
@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(document.cookie)",
        "data:text/html,x",
        "http://lms.example/x",
        "https://lms.example/a b",
        "https://lms.example/\x00",
        "https://lms.example/\ud800",
        "https://lms.example/" + "x" * 1000,
        "",
        None,
        7,
        ["https://lms.example/x"],
    ],
)
def test_04_no_endpoint_that_is_not_https_is_kept(lms: Registrar, name: str, url: Any) -> None:
    lms.says(Reply(body={**lms.said, name: url}))

    refused(lms, lms.opens())


# --- 05 to 07: to keep us busy


@pytest.mark.parametrize("where", ["says", "answers"])
def test_05_thirty_megabytes_are_not_read(lms: Registrar, where: str) -> None:
    getattr(lms, where)(Reply(body=b'{"x": "' + b"x" * 30_000_000 + b'"}'))

    page = lms.opens()
    page = lms.presses(page) if where == "answers" else page

    assert page.status_code == 400
    assert not Platform.objects.exists()


@pytest.mark.parametrize("where", ["says", "answers"])
@pytest.mark.parametrize("habit", [{"hang": 30.0}, {"drip": 0.2}])
def test_06_an_lms_that_hangs_or_drips_is_left(
    lms: Registrar, monkeypatch: pytest.MonkeyPatch, where: str, habit: dict[str, Any]
) -> None:
    monkeypatch.setattr(configuration, "SECONDS", 0.5)
    monkeypatch.setattr(registering, "SECONDS", 0.5)
    getattr(lms, where)(Reply(body=lms.said if where == "says" else answer(), **habit))

    page = lms.opens()
    page = lms.presses(page) if where == "answers" else page

    assert page.status_code == 400
    assert not Platform.objects.exists()
    assert Invitation.objects.get().busy_until is None


@pytest.mark.parametrize("where", ["says", "answers"])
@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe", b"", b"null", b"[]", b'"x"', b"7"])
def test_07_nested_and_broken_json_is_refused_in_order(lms: Registrar, where: str, body: bytes) -> None:
    getattr(lms, where)(Reply(body=body))

    page = lms.opens()
    page = lms.presses(page) if where == "answers" else page

    assert page.status_code == 400
    assert not Platform.objects.exists()


# --- 08: what isn't a configuration


@pytest.mark.parametrize("media_type", ["text/html", "text/plain", "application/javascript", ""])
def test_08_json_that_is_called_something_else_is_refused(lms: Registrar, media_type: str) -> None:
    lms.says(Reply(body=lms.said, headers={"Content-Type": media_type}))

    refused(lms, lms.opens())


def test_08_a_page_is_no_configuration(lms: Registrar) -> None:
    lms.says(Reply(body=b"<!doctype html><script>alert(1)</script>", headers={"Content-Type": "text/html"}))

    refused(lms, lms.opens())


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": None},
        {"issuer": 7},
        {PLATFORM: None},
        {PLATFORM: "moodle"},
        {"token_endpoint_auth_methods_supported": ["client_secret_basic"]},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
        {"response_types_supported": ["code"]},
    ],
)
def test_08_what_is_missing_or_cannot_work_is_refused(lms: Registrar, changes: dict[str, Any]) -> None:
    lms.says(Reply(body=lms.configuration(**changes)))

    refused(lms, lms.opens())


def test_08_odd_members_that_do_not_matter_keep_nobody_out(lms: Registrar) -> None:
    odd = {
        "product_family_code": "<script>\x00\ud800" + "x" * 5000,
        "messages_supported": [7, {"type": []}],
        "variables": {},
    }
    lms.says(Reply(body=lms.configuration(**{PLATFORM: odd, "scopes_supported": "openid", "claims_supported": 7})))

    page = lms.opens()

    assert page.status_code == 200
    assert "<script>\x00" not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()
    assert lms.presses(page).status_code == 200
    assert len(Platform.objects.get().product) == 100


# --- 09: takeover


@pytest.mark.parametrize(
    "named", ["https://victim.example/token", "http://victim.example", "javascript:alert(1)", 7, []]
)
def test_09_no_proof_of_ours_is_made_out_to_another_lms(lms: Registrar, named: Any) -> None:
    """It would be given a client_id that we have there, and use at that LMS what we sign here."""
    lms.says(Reply(body=lms.configuration(authorization_server=named)))
    lms.registers()

    assert Platform.objects.get().audience == ""


def test_09_a_client_id_that_is_in_use_changes_nothing_of_who_has_it(lms: Registrar) -> None:
    lms.registers()
    before = Platform.objects.values().get()
    lms.says(Reply(body=lms.configuration(jwks_uri=f"{lms.server.url}/other", token_endpoint=f"{lms.server.url}/o")))

    page = lms.registers()

    assert page.status_code == 400
    assert "Deze aansluiting is er al" in page.content.decode()
    assert Platform.objects.values().get() == before


def test_09_the_client_id_of_another_lms_is_nothing_to_it(lms: Registrar) -> None:
    """pylti1p3next overwrites A when an attacker answers with A's client_id."""
    victim = connected(lms.organisation, client_id="client-of-a").platform
    before = Platform.objects.values().get(pk=victim.pk)
    lms.answers(Reply(body=answer(client_id="client-of-a")))

    lms.registers()

    assert Platform.objects.values().get(pk=victim.pk) == before
    assert Platform.objects.exclude(pk=victim.pk).get().issuer == lms.issuer


def test_09_tokens_of_another_lms_are_not_asked_as_who_we_are_there(lms: Registrar) -> None:
    """With A's client_id and A's token endpoint an attacker would have us fetch A's tokens and bring them to it, as
    the bearer of a score (the mix-up of RFC 9207, for tokens)."""
    victim = connected(lms.organisation, client_id="client-of-a").platform
    lms.answers(Reply(body=answer(client_id="client-of-a")))
    for written in ("https://lms.example/token", "https://LMS.example:443/other?x=1", "https://lms.example./token"):
        lms.says(Reply(body=lms.configuration(token_endpoint=written)))
        page = lms.registers()
        assert page.status_code == 400
        assert "Deze aansluiting is er al" in page.content.decode()

    assert Platform.objects.get() == victim


def test_09_a_neighbour_on_the_same_host_does_not_ask_them_either(server: Server, organisation: Organisation) -> None:
    victim = Registrar(server, organisation, path="/a")
    victim.registers()
    attacker = Registrar(server, organisation, path="/b")
    attacker.says(Reply(body=attacker.configuration(token_endpoint=f"{victim.issuer}/token")))

    assert attacker.registers().status_code == 400
    assert Platform.objects.get().issuer == victim.issuer


def test_09_neighbours_that_happen_to_give_the_same_client_id_are_two(
    server: Server, organisation: Organisation
) -> None:
    for path in ("/a", "/b"):
        assert Registrar(server, organisation, path=path).registers().status_code == 200

    assert Platform.objects.count() == 2


# --- 10: what the LMS answers


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"client_id": None},
        {"client_id": ""},
        {"client_id": 7},
        {"client_id": "x" * 256},
        {"client_id": "a\x00b"},
        {"client_id": "\ud800"},
        {"client_id": ["x"]},
        {"client_id": "x", TOOL: {"deployment_id": ""}},
        {"client_id": "x", TOOL: {"deployment_id": "x" * 256}},
        {"client_id": "x", TOOL: {"deployment_id": {"a": 1}}},
        {"client_id": "x", TOOL: {"deployment_id": True}},
        {"error": "invalid_client_metadata"},
    ],
)
def test_10_an_answer_without_a_usable_client_id_or_deployment_is_refused(lms: Registrar, body: Any) -> None:
    lms.answers(Reply(body=body))

    assert lms.registers().status_code == 400
    assert not Platform.objects.exists()
    assert Invitation.objects.get().used_at is None


@pytest.mark.parametrize("status", [202, 204, 400, 401, 403, 404, 429, 500, 503])
def test_10_an_lms_that_says_no_is_believed(lms: Registrar, status: int) -> None:
    lms.answers(Reply(status, answer()))

    assert lms.registers().status_code == 400
    assert not Platform.objects.exists()


def test_10_an_answer_that_is_called_a_page_is_refused(lms: Registrar) -> None:
    lms.answers(Reply(body=answer(), headers={"Content-Type": "text/html"}))

    assert lms.registers().status_code == 400
    assert not Platform.objects.exists()


# --- 11: an invitation twice


def test_11_a_used_invitation_opens_nothing_and_asks_nobody(lms: Registrar) -> None:
    url = lms.invitation()
    lms.registers(url)
    asked = len(lms.server.asked)

    page = lms.opens(url)

    assert page.status_code == 403
    assert "al gebruikt" in page.content.decode()
    assert len(lms.server.asked) == asked


def test_11_a_page_from_before_cannot_register_another_lms(lms: Registrar, organisation: Organisation) -> None:
    other_server = Server()
    try:
        other, url = Registrar(other_server, organisation), lms.invitation()
        page = other.opens(url)
        lms.registers(url)

        assert other.presses(page).status_code == 403
        assert not other.told
        assert Platform.objects.get().issuer == lms.issuer
    finally:
        other_server.close()


def test_11_the_same_press_once_more_shows_the_same_and_asks_nothing(lms: Registrar) -> None:
    page = lms.opens()
    first, second = lms.presses(page), lms.presses(page)

    assert first.status_code == second.status_code == 200
    assert len(lms.told) == 1
    assert Platform.objects.count() == 1


def test_11_a_form_we_did_not_make_does_nothing(lms: Registrar) -> None:
    others = [signing.dumps({"invitation": 1}), signing.dumps({}, salt="elsewhere")]
    for form in ("", "x", "x:y:z", *others):
        refused(lms, lms.browser.post("/lti/register", {"form": form}))


def test_11_a_form_that_was_changed_does_nothing(lms: Registrar) -> None:
    form = form_of(lms.opens())

    refused(lms, lms.browser.post("/lti/register", {"form": form[:20] + ("A" if form[20] != "A" else "B") + form[21:]}))
    refused(lms, lms.browser.post("/lti/register", {"form": [form, form]}))
    refused(lms, lms.browser.post("/lti/register"))


def test_11_what_is_registered_is_what_was_shown(lms: Registrar) -> None:
    """An LMS that says something else once the page was read isn't asked again."""
    page = lms.opens()
    lms.says(Reply(body=lms.configuration(jwks_uri="https://evil.example/jwks")))

    lms.presses(page)

    assert Platform.objects.get().jwks_url == f"{lms.server.url}/jwks"
    assert len(lms.server.requests(CONFIGURATION)) == 1


def test_11_what_comes_twice_or_is_too_long_is_refused(lms: Registrar) -> None:
    url = lms.invitation()
    for more in ("&openid_configuration=https://x.example/", "&registration_token=x", "&invite=y"):
        given = f"&openid_configuration={lms.address}&registration_token=t{more}"
        refused(lms, lms.browser.get(url + given))
    refused(lms, lms.opens(url, token="x" * 8001))
    refused(lms, lms.opens(url, token="a\r\nX-Injected: 1"))
    assert not lms.server.asked


# --- 12: at once


@pytest.mark.django_db(transaction=True)
def test_12_two_presses_at_once_register_once_and_both_see_it(lms: Registrar) -> None:
    page = lms.opens()
    lms.answers(Reply(body=answer(), hang=0.5))
    statuses, barrier = [], threading.Barrier(2)

    def press() -> None:
        barrier.wait()
        statuses.append(Client().post("/lti/register", {"form": form_of(page)}).status_code)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200, 200]
    assert len(lms.told) == 1
    assert Platform.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_12_two_lmses_with_one_invitation_get_one_registration(lms: Registrar, organisation: Organisation) -> None:
    other_server = Server()
    other, url = Registrar(other_server, organisation), lms.invitation()
    forms = [form_of(each.opens(url)) for each in (lms, other)]
    for each in (lms, other):
        each.answers(Reply(body=answer(), hang=0.3))
    statuses, barrier = [], threading.Barrier(2)

    def press(form: str) -> None:
        barrier.wait()
        statuses.append(Client().post("/lti/register", {"form": form}).status_code)
        connection.close()

    threads = [threading.Thread(target=press, args=[form]) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other_server.close()

    assert sorted(statuses)[0] == 200
    assert sorted(statuses)[1] in (403, 409)
    assert Platform.objects.count() == 1


def test_12_a_press_while_another_is_busy_for_too_long_says_so(lms: Registrar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registering, "PATIENCE", 0.2)
    page = lms.opens()
    Invitation.objects.update(busy_until=timezone.now() + dt.timedelta(seconds=20))

    assert lms.presses(page).status_code == 409
    assert not lms.told


def test_12_lmses_that_hang_never_hold_all_threads_of_the_site(lms: Registrar) -> None:
    url, page = lms.invitation(), lms.opens()
    with ExitStack() as waiting:
        for _ in range(views.MOST_AT_ONCE):
            waiting.enter_context(views.a_turn())
        asked = len(lms.server.asked)

        assert lms.opens(url).status_code == lms.presses(page).status_code == 429
        assert len(lms.server.asked) == asked
    assert lms.opens(url).status_code == 200
    assert lms.presses(page).status_code == 200


def test_12_a_process_that_died_half_way_leaves_the_invitation_usable(lms: Registrar) -> None:
    page = lms.opens()
    Invitation.objects.update(busy_until=timezone.now() - dt.timedelta(seconds=1))

    assert lms.presses(page).status_code == 200


def test_the_configuration_page_is_in_no_frame_of_another(lms: Registrar) -> None:
    page = lms.opens(address="https://evil.example; script-src *")

    assert "evil.example" not in page.headers["Content-Security-Policy"]


def test_an_address_that_resolves_to_a_network_within_is_not_connected_to(lms: Registrar) -> None:
    """Also one that resolved to something harmless a moment ago: what was checked is what is connected to."""
    with patch.object(outbound, "_resolve", side_effect=outbound._Refused):
        refused(lms, lms.opens())
    assert not lms.server.asked
