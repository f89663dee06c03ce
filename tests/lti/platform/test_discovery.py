from __future__ import annotations

import pytest
from django.test import Client
from django.urls import resolve

from lti.platform import services
from lti.platform.endpoints import issuer
from tests.lti.platform.conftest import LMS_HOST

pytestmark = pytest.mark.django_db


def test_the_configuration_stands_under_the_issuer_and_names_addresses_that_exist() -> None:
    address = issuer() + "/.well-known/openid-configuration"
    told = Client(HTTP_HOST=LMS_HOST).get(address.removeprefix(f"http://{LMS_HOST}")).json()
    assert told["issuer"] == issuer()
    assert told["scopes_supported"] == ["openid", *services.SCOPES]
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        assert told[name].startswith(issuer() + "/")
        assert resolve(told[name].removeprefix(f"http://{LMS_HOST}"), urlconf="config.urls_platform")


def test_the_key_set_holds_public_parts_only() -> None:
    answer = Client(HTTP_HOST=LMS_HOST).get("/lti/platform/jwks")
    keys = answer.json()["keys"]
    assert keys
    assert all(key["kty"] == "RSA" and key["kid"] and "d" not in key for key in keys)
    assert "max-age" in answer["Cache-Control"]
