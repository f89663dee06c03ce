"""Our own signing keys."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from learning.sealing import WontOpen
from lti import keys
from lti.models import SigningKey

pytestmark = pytest.mark.django_db


def published(purpose: keys.Purpose) -> KeySet:
    return KeySet([RSAKey.import_key(key) for key in keys.jwks(purpose)["keys"]])


def test_what_we_sign_verifies_with_what_we_publish() -> None:
    token = keys.signing_key("tool").sign({"sub": "x"})

    decoded = jwt.decode(token, published("tool"), algorithms=["RS256"])

    assert decoded.claims == {"sub": "x"}
    assert decoded.header["kid"] == keys.signing_key("tool").kid


def test_what_we_publish_holds_nothing_private() -> None:
    assert set(keys.jwks("platform")["keys"][0]) == {"kty", "n", "e", "kid", "alg", "use"}


def test_tool_and_platform_sign_with_different_keys() -> None:
    assert keys.signing_key("tool").kid != keys.signing_key("platform").kid


def test_a_key_is_loaded_once_in_a_process() -> None:
    assert keys.signing_key("tool").key is keys.signing_key("tool").key


def test_the_private_key_is_not_readable_in_the_database() -> None:
    keys.signing_key("tool")

    assert b"PRIVATE" not in bytes(SigningKey.objects.get().sealed)


def test_a_sealed_key_moved_to_another_row_does_not_open() -> None:
    keys.signing_key("tool")
    SigningKey.objects.update(kid="another")

    with pytest.raises(WontOpen):
        keys.signing_key("tool")


def test_a_retired_key_stays_published_during_the_overlap_and_signs_no_more() -> None:
    old = keys.signing_key("tool").kid
    SigningKey.objects.update(retired_at=timezone.now() - keys.OVERLAP + dt.timedelta(minutes=1))

    new = keys.signing_key("tool").kid

    assert new != old
    assert [key["kid"] for key in keys.jwks("tool")["keys"]] == [new, old]


def test_a_key_retired_longer_ago_is_published_no_more() -> None:
    old = keys.signing_key("tool").kid
    SigningKey.objects.update(retired_at=timezone.now() - keys.OVERLAP - dt.timedelta(minutes=1))

    assert old not in [key["kid"] for key in keys.jwks("tool")["keys"]]


def test_the_database_keeps_one_current_key_a_purpose() -> None:
    keys.signing_key("tool")

    with pytest.raises(IntegrityError):
        SigningKey.objects.create(purpose="tool", kid="second", sealed=b"", public={})


@pytest.mark.django_db(transaction=True)
def test_four_who_ask_for_the_first_key_at_once_get_the_same_one() -> None:
    kids, barrier = [], threading.Barrier(4)

    def ask() -> None:
        barrier.wait()
        kids.append(keys.signing_key("tool").kid)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(kids) == 4
    assert len(set(kids)) == 1
