"""Keys of the platform: which are taken, when they are asked again, and what a header may not ask."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import threading
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, RSAKey

from learning.people.models import Organisation
from learning.tracks.models import ModuleEdition
from lti import outbound
from lti.tool import keysets
from lti.tool.models import Platform, new_stamp
from tests.lti.certification.test_bad_payloads import refused
from tests.lti.hostile import Claims, Lms, Reply, Server, connected, public, rsa_key


@pytest.fixture
def remote(organisation: Organisation, edition: ModuleEdition, server: Server) -> Lms:
    """An LMS that publishes its keys on a server, and whose keys nobody asked for yet."""
    lms = connected(organisation, issuer=server.url, key=rsa_key("first"))
    Platform.objects.update(keys=[], keys_fetched_at=None, algorithm="", stamp=new_stamp())
    publish(server, public(lms.key, "one"))
    return lms


def publish(server: Server, *keys: Any) -> None:
    server.usual["/jwks"] = Reply(body={"keys": list(keys)})


def asked(server: Server) -> int:
    return len(server.requests("/jwks"))


def pass_time(**by: float) -> None:
    """As if what happened with the keys happened so long ago."""
    for platform in Platform.objects.all():
        for name in ("keys_fetched_at", "keys_tried_at", "keys_missed_at"):
            moment = getattr(platform, name)
            if moment is not None:
                setattr(platform, name, moment - dt.timedelta(**by))
        platform.stamp = new_stamp()
        platform.save()


def test_keys_are_asked_once_for_many_launches(remote: Lms, server: Server, browser: Client) -> None:
    assert [remote.launch(browser).status_code for _ in range(3)] == [303] * 3
    assert asked(server) == 1
    assert Platform.objects.get().algorithm == "RS256"


def test_a_rotated_key_is_fetched_at_its_first_launch(remote: Lms, server: Server, browser: Client) -> None:
    remote.launch(browser)
    remote.key, remote.kid = rsa_key("second"), "two"
    publish(server, public(remote.key, "two"))

    assert remote.launch(browser).status_code == 303
    assert asked(server) == 2


def test_the_old_key_is_good_while_the_platform_publishes_it(remote: Lms, server: Server, browser: Client) -> None:
    old = remote.key
    publish(server, public(rsa_key("second"), "two"), public(old, "one"))

    assert remote.launch(browser).status_code == 303


def test_a_key_that_is_withdrawn_is_refused_from_the_next_fetch_on(
    remote: Lms, server: Server, browser: Client
) -> None:
    remote.launch(browser)
    publish(server, public(rsa_key("second"), "two"))
    pass_time(hours=2)

    assert refused(remote.launch(Client()), 401)


def test_a_key_that_changed_under_the_same_name(remote: Lms, server: Server, browser: Client) -> None:
    remote.launch(browser)
    remote.key = rsa_key("second")
    publish(server, public(remote.key, "one"))

    assert remote.launch(browser).status_code == 303


def test_unknown_keys_cost_the_platform_two_requests_a_cool_down(remote: Lms, server: Server, browser: Client) -> None:
    remote.launch(browser)
    before = asked(server)
    for number in range(20):
        assert refused(remote.launch(Client(), kid=f"made-up-{number}"), 401)

    assert asked(server) == before + 2


def test_forged_signatures_cost_the_platform_two_requests_a_cool_down(
    remote: Lms, server: Server, browser: Client
) -> None:
    remote.launch(browser)
    before = asked(server)
    remote.key = rsa_key("forger")
    for _ in range(10):
        assert refused(remote.launch(Client()), 401)

    assert asked(server) == before + 2


def test_an_old_key_that_is_refused_does_not_keep_the_next_one_out(
    remote: Lms, server: Server, browser: Client
) -> None:
    """Three rotations on end, each followed by a launch with the key that is no more."""
    remote.launch(browser)
    for number in range(3):
        old = (remote.key, remote.kid)
        remote.key, remote.kid = rsa_key(f"turn {number}"), f"turn-{number}"
        publish(server, public(remote.key, remote.kid))
        assert remote.launch(browser).status_code == 303
        assert refused(Lms(remote.platform, *old).launch(Client()), 401)


def test_a_rotated_key_opens_again_after_a_forger_s_cool_down(remote: Lms, server: Server, browser: Client) -> None:
    remote.launch(browser)
    for _ in range(keysets.IN_VAIN):
        remote.launch(Client(), kid="made-up")
    remote.key, remote.kid = rsa_key("second"), "two"
    publish(server, public(remote.key, "two"))
    pass_time(seconds=keysets.COOL_DOWN.total_seconds() + 1)

    assert remote.launch(browser).status_code == 303


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500),
        Reply(404),
        Reply(body=b"<html>"),
        Reply(body=b"["),
        Reply(body=[]),
        Reply(body={"keys": "none"}),
        Reply(body={"keys": [None, 7, {}]}),
        Reply(302, headers={"Location": "/elsewhere"}),
        Reply(reset=True),
        Reply(body=b"[" * 100_000),
        Reply(body=b" " * (keysets.LARGEST + 1)),
    ],
)
def test_a_key_set_that_can_not_be_had(remote: Lms, server: Server, browser: Client, reply: Reply) -> None:
    """A clear page, no redirect followed; and the next launch after a while is as if nothing happened."""
    server.script["/jwks"].append(reply)

    response = remote.launch(browser)

    assert refused(response, 401)
    assert "We konden de sleutels van je leeromgeving niet ophalen" in response.content.decode()
    assert not server.requests("/elsewhere")
    pass_time(seconds=60)
    assert remote.launch(browser).status_code == 303


@pytest.mark.parametrize("slow", [Reply(hang=5), Reply(drip=0.2)])
def test_a_key_set_that_comes_too_slowly(remote: Lms, server: Server, browser: Client, slow: Reply) -> None:
    slow.body = {"keys": [public(remote.key, "one")]}
    server.script["/jwks"].append(slow)

    with patch.object(keysets, "SECONDS", 0.5):
        assert refused(remote.launch(browser), 401)


@pytest.mark.django_db(transaction=True)
def test_four_first_launches_wait_for_the_one_that_asks(remote: Lms, server: Server) -> None:
    """None of them is refused because another is asking for the keys at that moment."""
    server.usual["/jwks"].hang = 0.5
    statuses, barrier = [], threading.Barrier(4)

    def launch() -> None:
        browser = Client()
        begun = remote.login(browser)
        barrier.wait()
        statuses.append(remote.launch(browser, begun=begun).status_code)
        connection.close()

    threads = [threading.Thread(target=launch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [303] * 4
    assert asked(server) == 1


def test_nobody_waits_long_for_a_platform_that_does_not_answer(remote: Lms, server: Server, browser: Client) -> None:
    """As if another process had begun to ask and was still waiting."""
    Platform.objects.update(keys_tried_at=timezone.now(), stamp=new_stamp())

    with patch.object(keysets, "PATIENCE", 0.2):
        assert refused(remote.launch(browser), 401)
    assert asked(server) == 0


def test_what_we_have_goes_on_working_while_the_key_set_can_not_be_had(
    remote: Lms, server: Server, browser: Client
) -> None:
    remote.launch(browser)
    pass_time(hours=2)
    server.usual["/jwks"] = Reply(503)

    assert remote.launch(browser).status_code == 303


def test_a_redirected_key_set_of_an_http_address_is_never_asked_without_loopback(
    remote: Lms, server: Server, browser: Client, settings: Any
) -> None:
    settings.LTI_ALLOW_LOOPBACK = False

    assert refused(remote.launch(browser), 401)
    assert asked(server) == 0


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS512"},
        {"alg": "PS256"},
        {"alg": "ES256"},
        {"alg": "rs256"},
        {"alg": None},
        {"alg": ["RS256"]},
        {"kid": None},
        {"kid": ""},
        {"kid": 7},
        {"kid": ["one"]},
        {"crit": ["exp"]},
        {"crit": []},
        {"jku": "https://evil.example/jwks"},
        {"jwk": {"kty": "RSA"}},
        {"x5u": "https://evil.example/x"},
        {"x5c": ["x"]},
        {"b64": False},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"typ": "at+jwt"},
        {"kid": "one", "unknown": 1},
        {"kid": "x" * 4000},
    ],
)
def test_a_header_that_asks_for_other_rules(lms: Lms, browser: Client, header: dict[str, Any]) -> None:
    response = lms.launch(browser, **header)

    assert response.status_code in (400, 401)
    assert not browser.session.keys()


def test_no_kid_and_incorrect_kid(lms: Lms, browser: Client) -> None:
    """1EdTech: "No KID sent in JWT header" and "Incorrect KID in JWT header"."""
    with patch.object(outbound, "request", side_effect=outbound.NoAnswer("nobody there")):
        assert refused(lms.launch(Client(), kid=None), 401)
        assert refused(lms.launch(Client(), kid="two"), 401)


def test_a_token_signed_with_our_published_key_as_a_password(lms: Lms, browser: Client, claims: Claims) -> None:
    """Algorithm confusion: HMAC with the public key's own text."""
    begun = lms.login(browser)
    head, body, _ = lms.sign({**claims, "nonce": begun.nonce}, alg="HS256").split(".")
    mac = hmac.digest(json.dumps(lms.platform.keys[0]).encode(), f"{head}.{body}".encode(), hashlib.sha256)
    token = f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    assert refused(lms.post(browser, token, begun.state), 401)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-3],
        lambda t: t + "AA",
        lambda t: t.replace(".", "..", 1),
        lambda t: "",
        lambda t: "x.y.z",
        lambda t: t.rsplit(".", 1)[0] + ".",
    ],
)
def test_a_token_that_was_damaged(lms: Lms, browser: Client, claims: Claims, spoil: Any) -> None:
    begun = lms.login(browser)
    with patch.object(outbound, "request", side_effect=outbound.NoAnswer("nobody there")):
        response = lms.post(browser, spoil(lms.sign({**claims, "nonce": begun.nonce})), begun.state)

    assert response.status_code in (400, 401)
    assert not browser.session.keys()


def test_which_keys_of_a_set_are_taken() -> None:
    """RFC 7517 §5: keys that aren't understood are passed over; so are weak ones and those for other uses."""
    good, curve = rsa_key("first"), ECKey.generate_key("P-256")
    with pytest.warns(SecurityWarning):
        weak = public(RSAKey.generate_key(1024), "weak")
    keys = [
        public(good, "good"),
        public(curve, "curve"),
        weak,
        public(good, "enc", use="enc"),
        public(good, "other-alg", alg="RS512"),
        {**public(good, "x"), "kid": 7},
        public(good, ""),
        public(ECKey.generate_key("P-384"), "p384"),
        {"kty": "oct", "k": "c2VjcmV0", "kid": "oct"},
        {**public(good, "broken"), "n": "!"},
        {**good.as_dict(private=True), "kid": "private"},
        "text",
        None,
    ]

    taken = {key["kid"]: key for key in keysets.usable({"keys": keys})}

    assert set(taken) == {"good", "curve", "private"}
    assert not any("d" in key for key in taken.values())


def test_an_rsa_key_does_not_verify_for_a_platform_of_es256(
    organisation: Organisation, lms: Lms, browser: Client
) -> None:
    Platform.objects.update(algorithm="ES256", stamp=new_stamp(), keys_missed_at=timezone.now())

    assert refused(lms.launch(browser), 401)
    assert refused(lms.launch(Client(), alg="ES256"), 401)
