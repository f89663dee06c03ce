"""Our own signing keys."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.management import call_command
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
        SigningKey.objects.create(purpose="tool", kid="second", sealed=b"", public={}, signs_from=timezone.now())


def a_day_later(keys_of: keys.Purpose = "tool") -> None:
    """As if the next key was published LEAD ago."""
    SigningKey.objects.filter(purpose=keys_of, signs_from=None).update(created_at=timezone.now() - keys.LEAD)
    keys.look_after()


def test_a_new_key_is_published_before_it_signs() -> None:
    old = keys.signing_key("tool").kid

    new = keys.rotate("tool")

    assert keys.signing_key("tool").kid == old
    assert [key["kid"] for key in keys.jwks("tool")["keys"]] == [old, new]


def test_it_signs_a_day_later_and_the_old_one_stays_published() -> None:
    old = keys.signing_key("tool").kid
    new = keys.rotate("tool")
    keys.look_after()
    assert keys.signing_key("tool").kid == old

    a_day_later()

    assert keys.signing_key("tool").kid == new
    assert [key["kid"] for key in keys.jwks("tool")["keys"]] == [new, old]


def test_rotating_twice_publishes_one_next_key() -> None:
    keys.signing_key("tool")

    assert keys.rotate("tool") == keys.rotate("tool")
    assert SigningKey.objects.count() == 2


def test_a_key_of_three_months_is_replaced_by_itself_and_a_younger_one_is_not() -> None:
    keys.signing_key("tool")
    keys.look_after()
    assert SigningKey.objects.count() == 1

    SigningKey.objects.update(signs_from=timezone.now() - keys.REPLACED_AFTER - dt.timedelta(minutes=1))
    keys.look_after()
    keys.look_after()

    assert [key.state for key in keys.states()] == ["next", "current"]


def test_after_the_overlap_a_retired_key_is_gone_for_good() -> None:
    keys.signing_key("tool")
    SigningKey.objects.update(retired_at=timezone.now() - keys.OVERLAP - dt.timedelta(minutes=1))

    keys.look_after()

    assert not SigningKey.objects.exists()


def test_looking_after_keys_of_one_purpose_leaves_the_other_alone() -> None:
    platform = keys.signing_key("platform").kid
    keys.signing_key("tool")
    keys.rotate("tool")

    a_day_later()

    assert keys.signing_key("platform").kid == platform


def test_a_leaked_key_is_withdrawn_at_once() -> None:
    old = keys.signing_key("tool").kid
    keys.rotate("tool")

    new = keys.replace_now("tool")

    assert keys.signing_key("tool").kid == new != old
    assert [key["kid"] for key in keys.jwks("tool")["keys"]] == [new]


def test_the_command_says_what_signs_and_what_will(capsys: pytest.CaptureFixture[str]) -> None:
    old = keys.signing_key("tool").kid
    call_command("lti_keys", "rotate", "tool")
    call_command("lti_keys", "list")

    said = capsys.readouterr().out
    assert f"tool     {old}  signs\n" in said
    assert f"tool     {keys.rotate('tool')}  signs from 20" in said
    call_command("lti_keys", "rotate", "tool", "--leaked")
    assert [key.state for key in keys.states()] == ["current"]


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
