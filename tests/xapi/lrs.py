"""A learning record store of one file, over real http: takes all of a request or nothing, and keeps what came first."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.xapi.rules import conforms

KEY, SECRET = "tussenruimte", "geheim-van-de-lrs"


@dataclass
class Store:
    """`answers`: what the next requests get instead of being taken, in order: (status, headers). `conflicts`: a
    statement that is here already is answered with 409, also when it is the same. `bad`: verbs it doesn't take. `late`:
    how many seconds it thinks first."""

    address: str = ""
    statements: list[dict[str, Any]] = field(default_factory=list)
    requests: list[list[str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    conflicts: bool = False
    bad: set[str] = field(default_factory=set)
    late: float = 0.0

    @property
    def ids(self) -> list[str]:
        return [statement["id"] for statement in self.statements]

    @property
    def verbs(self) -> list[str]:
        return [verb_of(statement) for statement in self.statements]

    def take(self, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        time.sleep(self.late)
        login = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        came = json.loads(body)
        self.requests.append([statement["id"] for statement in came])
        self.headers.append(headers)
        if headers.get("Authorization") != f"Basic {login}":
            return 401, {}
        return self.answers.pop(0) if self.answers else (self._judged(came, headers), {})

    def _judged(self, came: list[dict[str, Any]], headers: dict[str, str]) -> int:
        if headers.get("X-Experience-API-Version") != "1.0.3" or headers.get("Content-Type") != "application/json":
            return 400
        if not all(is_good(statement) and verb_of(statement) not in self.bad for statement in came):
            return 400
        here = {statement["id"]: statement for statement in self.statements}
        if any(here.get(each["id"], each) != each or (self.conflicts and each["id"] in here) for each in came):
            return 409
        self.statements += [statement for statement in came if statement["id"] not in here]
        return 200


def is_good(statement: dict[str, Any]) -> bool:
    try:
        conforms(statement)
    except AssertionError:
        return False
    return True


def verb_of(statement: dict[str, Any]) -> str:
    return str(statement["verb"]["id"]).rpartition("/")[2]


@contextmanager
def running() -> Iterator[Store]:
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known = self.path == "/xapi/statements"
            status, headers = store.take(body, dict(self.headers)) if known else (404, {})
            content = json.dumps(store.requests[-1] if status == 200 else []).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            login = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
            known = self.path.startswith("/xapi/statements?")
            self.send_response(404 if not known else 200 if self.headers["Authorization"] == f"Basic {login}" else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base class's word
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    store.address = f"http://127.0.0.1:{server.server_address[1]}/xapi"
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
