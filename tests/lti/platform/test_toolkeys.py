from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc.jwk import ECKey

from lti.platform import toolkeys
from lti.platform.models import Tool
from tests.lti.platform.conftest import Signer


@dataclass
class KeyServer:
    """A tool's server: what it answers, and how often it was asked."""

    address: str = ""
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    asked: int = 0


@pytest.fixture
def server() -> Iterator[KeyServer]:
    state = KeyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked += 1
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for start in range(0, len(state.body), 1024):
                    self.wfile.write(state.body[start : start + 1024])
                    time.sleep(state.drip)
            except OSError:
                return

        def log_message(self, *args: Any) -> None:
            return

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    state.address = f"http://127.0.0.1:{http.server_port}/jwks"
    yield state
    http.shutdown()
    http.server_close()


@pytest.fixture
def tool(make_tool: Callable[..., Tool], server: KeyServer, signer: Signer) -> Tool:
    server.body = json.dumps({"keys": [signer.public()]}).encode()
    tool = make_tool(jwks_url=server.address)
    tool.keys = []
    tool.save()
    return tool


def test_keys_are_asked_once_and_kept(tool: Tool, server: KeyServer, signer: Signer) -> None:
    found = toolkeys.find(tool, "key-1")
    assert found.as_dict(private=False)["n"] == signer.public()["n"]
    toolkeys.find(Tool.objects.get(), "key-1")
    assert server.asked == 1


def test_a_rotated_key_is_fetched_when_it_is_first_used(tool: Tool, server: KeyServer, signer: Signer) -> None:
    tool.keys = [{"kty": "RSA", "kid": "older", "n": signer.public()["n"], "e": "AQAB"}]
    tool.save()
    assert toolkeys.find(tool, "key-1")
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(Tool.objects.get(), "older")


def test_unknown_keys_cost_one_request_a_cool_down(tool: Tool, server: KeyServer) -> None:
    for number in range(20):
        with pytest.raises(toolkeys.NoSuchKey):
            toolkeys.find(Tool.objects.get(), f"made-up-{number}")
    assert server.asked == 1


def test_after_the_cool_down_they_are_asked_again(tool: Tool, server: KeyServer) -> None:
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(tool, "made-up")
    asked_at = Tool.objects.get().keys_asked_at
    assert asked_at
    Tool.objects.update(keys_asked_at=asked_at - toolkeys.COOL_DOWN)
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(Tool.objects.get(), "made-up")
    assert server.asked == 2


def test_keys_that_are_known_stay_when_the_server_is_down(tool: Tool, server: KeyServer) -> None:
    toolkeys.find(tool, "key-1")
    server.status = 500
    Tool.objects.update(keys_asked_at=None)
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(Tool.objects.get(), "newer")
    assert toolkeys.find(Tool.objects.get(), "key-1")


@pytest.mark.parametrize("kid", [None, "", 5, [], {}])
def test_a_key_without_a_name_is_not_looked_for(tool: Tool, server: KeyServer, kid: Any) -> None:
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(tool, kid)
    assert server.asked == 0


def test_only_rsa_signing_keys_of_2048_bits_and_more_are_kept(tool: Tool, server: KeyServer, signer: Signer) -> None:
    public = signer.public()
    small = "n" * 171  # 1,026 bits
    server.body = json.dumps(
        {
            "keys": [
                "text",
                5,
                None,
                {},
                {"kty": "RSA", "kid": "bare"},
                {**public, "kid": "for-encryption", "use": "enc"},
                {**public, "kid": "other-algorithm", "alg": "RS512"},
                {**public, "kid": 5},
                {**public, "n": small, "kid": "small"},
                {**public, "n": "n" * 1400, "kid": "huge"},
                {**ECKey.generate_key("P-256").as_dict(private=False), "kid": "curve"},
                {**public, "n": "%%%", "kid": "broken"},
                {**signer.key.as_dict(private=True), "kid": "with-private-part"},
                public,
            ]
        }
    ).encode()
    toolkeys.find(tool, "key-1")
    kept = Tool.objects.get().keys
    assert [key["kid"] for key in kept] == ["with-private-part", "key-1"]
    assert all(set(key) == {"kty", "kid", "n", "e"} for key in kept)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"keys": 5}', b'{"keys": {}}', b"[" * 50_000, b"\xff\xfe"])
def test_a_key_set_that_is_none_brings_no_keys(tool: Tool, server: KeyServer, body: bytes) -> None:
    server.body = body
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(tool, "key-1")


def test_a_key_set_elsewhere_is_not_gone_after(tool: Tool, server: KeyServer) -> None:
    server.status, server.headers = 302, {"Location": server.address}
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(tool, "key-1")
    assert server.asked == 1


def test_a_key_set_that_is_too_large_is_left(tool: Tool, server: KeyServer) -> None:
    server.body += b" " * toolkeys.LARGEST
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(tool, "key-1")


def test_a_key_set_that_drips_is_left(tool: Tool, server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolkeys, "SECONDS", 0.2)
    server.body, server.drip = server.body + b" " * 60_000, 0.05
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(tool, "key-1")


def test_the_loopback_is_asked_only_where_a_setting_says_so(tool: Tool, server: KeyServer, settings: Any) -> None:
    settings.LTI_ALLOW_LOOPBACK = False
    with pytest.raises(toolkeys.NoSuchKey):
        toolkeys.find(tool, "key-1")
    assert server.asked == 0
