"""Behind a proxy every visitor is counted apart, and nobody can choose whom to be counted as."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config.proxies import ProxyMiddleware
from learning.people import guesses
from learning.people.visitors import address_of
from tests.factories import PersonFactory

PASSWORD = "een lang wachtwoord"


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("1.1.1.1, 203.0.113.7", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "127.0.0.1"),
        ("onbekend", "127.0.0.1"),
        ("203.0.113.7, <script>", "127.0.0.1"),
    ],
)
def test_a_visitor_has_the_address_that_our_own_proxy_saw(forwarded: str, seen: str) -> None:
    found = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    ProxyMiddleware(view)(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}))
    assert found == [seen]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:a::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:b:c:d:e", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("", None),
        ("unix:", None),
    ],
)
def test_who_has_a_whole_network_is_one_visitor(address: str, counted: str | None) -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


@pytest.fixture
def proxied(settings: Any) -> Client:
    settings.MIDDLEWARE = ["config.proxies.ProxyMiddleware", *settings.MIDDLEWARE]
    cache.clear()
    return Client()


@pytest.mark.django_db
def test_who_guesses_codes_shuts_nobody_else_out(proxied: Client) -> None:
    def look(forwarded: str) -> int:
        code = "/certificates/verify/K7XF-49MD-X4TG"
        return int(proxied.get(code, headers={"X-Forwarded-For": forwarded}).status_code)

    for number in range(guesses.MISSES):
        assert look(f"10.0.0.{number}, 203.0.113.7") == 404
    assert look("198.51.100.9, 203.0.113.7") == 429
    assert look("203.0.113.8") == 404


@pytest.mark.django_db
def test_who_guesses_a_password_shuts_its_owner_not_out(proxied: Client, settings: Any) -> None:
    person = PersonFactory.create(username="deelnemer")
    person.set_password(PASSWORD)
    person.save()

    def try_password(word: str, forwarded: str) -> int:
        sent = {"username": "deelnemer", "password": word}
        return int(Client().post("/inloggen/", sent, headers={"X-Forwarded-For": forwarded}).status_code)

    for number in range(settings.AXES_FAILURE_LIMIT):
        try_password(f"poging {number}", f"10.0.0.{number}, 2001:db8:1:2::{number}")
    assert try_password(PASSWORD, "2001:db8:1:2:ffff::") == 429
    assert try_password(PASSWORD, "2001:db8:1:3::1") == 302
