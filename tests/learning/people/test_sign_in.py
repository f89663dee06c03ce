"""What comes in at the sign-in form."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
PASSWORD = "een lang wachtwoord"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"username": "n" * 101}, "Een gebruikersnaam heeft hoogstens 100 tekens."),
        ({"username": "\N{LATIN SMALL LIGATURE FFI}" * 40}, "Een gebruikersnaam heeft hoogstens 100 tekens."),
        ({"password": "w" * 257}, "Een wachtwoord heeft hoogstens 256 tekens."),
        ({"username": "n" * 500_000, "password": "w" * 400_000}, "Een wachtwoord heeft hoogstens 256 tekens."),
    ],
)
def test_what_is_too_long_is_said_at_its_field_before_anything_is_hashed(
    client: Client, changed: dict[str, str], said: str
) -> None:
    with (
        patch("django.contrib.auth.hashers.PBKDF2PasswordHasher.encode") as encode,
        patch("django.contrib.auth.hashers.MD5PasswordHasher.encode") as other,
    ):
        response = client.post("/inloggen/", {"username": "deelnemer", "password": PASSWORD} | changed)
    assert response.status_code == 200
    assert said in response.text
    assert not encode.called
    assert not other.called


def test_the_longest_name_and_password_still_come_in(client: Client, settings: Any) -> None:
    person = PersonFactory.create(username="n" * 100)
    person.set_password("w" * 256)
    person.save()
    response = client.post("/inloggen/", {"username": "n" * 100, "password": "w" * 256})
    assert response.status_code == 302
