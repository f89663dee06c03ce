"""Requests to addresses somebody else chose."""

from __future__ import annotations

import socket
from typing import Any
from unittest.mock import patch

import httpcore
import pytest

from lti import outbound
from tests.lti.hostile import Reply, Server


def ask(url: str, *, seconds: float = 2, largest: int = 1000) -> outbound.Answer:
    return outbound.request("GET", url, headers={}, seconds=seconds, largest=largest)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "fc00::1",
        "fe80::1",
        "::",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:a00:1::f5ff:fffe",
    ],
)
def test_no_private_address_is_reached_by_a_name(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443)), (family, 1, 6, "", (address, 443))]

    with (
        patch("lti.outbound.socket.getaddrinfo", return_value=found),
        patch.object(httpcore.SyncBackend, "connect_tcp") as connect,
        pytest.raises(outbound.NotAllowed),
    ):
        ask("https://lms.example/jwks")
    connect.assert_not_called()


def test_the_address_that_was_checked_is_the_one_that_is_connected_to() -> None:
    found = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443))]

    with (
        patch("lti.outbound.socket.getaddrinfo", return_value=found) as resolve,
        patch.object(httpcore.SyncBackend, "connect_tcp", side_effect=httpcore.ConnectError) as connect,
        pytest.raises(outbound.NoAnswer),
    ):
        ask("https://lms.example/jwks")
    assert connect.call_args.args[0] == "93.184.216.34"
    assert resolve.call_count == 1


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://192.168.1.1/jwks", "https://[fd12::1]/"])
def test_an_intranet_only_where_the_setting_allows_it(url: str, settings: Any) -> None:
    with pytest.raises(outbound.NotAllowed):
        outbound.check_address(url)
    settings.LTI_ALLOW_PRIVATE = True

    outbound.check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "https://169.254.169.254/",
        "https://[fe80::1]/",
        "https://[fd00:ec2::254]/",
        "https://100.100.100.200/",
        "https://0.0.0.0/",
        "https://[::ffff:169.254.169.254]/",
    ],
)
def test_an_intranet_is_not_plain_http_nor_where_a_cloud_keeps_its_secrets(url: str, settings: Any) -> None:
    settings.LTI_ALLOW_PRIVATE = True

    with pytest.raises(outbound.NotAllowed):
        outbound.check_address(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://localhost/"]
)
def test_loopback_only_where_the_setting_allows_it(url: str, settings: Any) -> None:
    outbound.check_address(url)
    settings.LTI_ALLOW_LOOPBACK = False

    with pytest.raises(outbound.NotAllowed):
        outbound.check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://lms.example/",
        "ftp://lms.example/",
        "https:///x",
        "https://a b/",
        "https://é.example/",
        "//lms.example",
        "",
        "https://lms.example\\@evil.example/",
        "https://lms.example:99999/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user:word@lms.example/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
    ],
)
def test_what_is_no_https_address_is_not_asked(url: str) -> None:
    with pytest.raises(outbound.NotAllowed):
        ask(url)


def test_a_redirect_is_an_answer_and_not_followed(server: Server) -> None:
    server.script["/x"].append(Reply(302, headers={"Location": f"{server.url}/secret"}))

    assert ask(f"{server.url}/x").status == 302
    assert not server.requests("/secret")


def test_too_large_a_body_is_not_read_to_its_end(server: Server) -> None:
    server.script["/x"].append(Reply(body=b"x" * 5_000_000))

    with pytest.raises(outbound.NoAnswer, match="too large"):
        ask(f"{server.url}/x")


def test_the_whole_exchange_has_one_deadline(server: Server) -> None:
    """Every byte comes well in time; all of them together don't."""
    server.script["/x"].append(Reply(body=b"x" * 200, drip=0.05))

    with pytest.raises(outbound.NoAnswer, match="in time"):
        ask(f"{server.url}/x", seconds=0.4)


def test_a_connection_is_used_again(server: Server) -> None:
    server.usual["/x"] = Reply(body=b"x")
    with patch.object(outbound, "_resolve", wraps=outbound._resolve) as resolve:
        for _ in range(3):
            assert ask(f"{server.url}/x").body == b"x"

    assert resolve.call_count == 1


@pytest.mark.parametrize("reply", [Reply(body=b"<html>"), Reply(body=b"[" * 900), Reply(body=b"\xff"), Reply(500)])
def test_what_is_not_json_is_no_answer(server: Server, reply: Reply) -> None:
    server.script["/x"].append(reply)

    with pytest.raises(outbound.NoAnswer):
        outbound.get_json(f"{server.url}/x", largest=1000, seconds=2)


def test_json_of_any_shape_is_an_answer(server: Server) -> None:
    server.script["/x"].append(Reply(body=b"[1, {}]"))

    assert outbound.get_json(f"{server.url}/x", largest=1000, seconds=2) == [1, {}]
