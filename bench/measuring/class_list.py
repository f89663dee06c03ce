"""An LMS with a class list: `python -m bench.measuring.class_list 5000` prints its port and serves it in pages.

`/small` is a list of five people, `/large` one of the size that was asked.
"""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 500
SIZES = {"/small": 5, "/large": int(sys.argv[1]) if len(sys.argv) > 1 else PAGE}


def page(start: int, size: int) -> bytes:
    members = [
        {
            "user_id": f"person-{n}", "name": f"Voornaam Achternaam {n}", "email": f"persoon{n}@example.org",
            "roles": ["Learner"], "status": "Active",
        }
        for n in range(start, min(start + PAGE, size))
    ]  # fmt: skip
    return json.dumps({"id": "list", "context": {"id": "course"}, "members": members}).encode()


class Lms(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(json.dumps({"access_token": "token", "expires_in": 3600}).encode())

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        start = int(parse_qs(parts.query).get("from", ["0"])[0])
        size, following = SIZES[parts.path], start + PAGE
        link = f'<{parts.path}?from={following}>; rel="next"' if following < size else ""
        self._answer(page(start, size), link)

    def _answer(self, content: bytes, link: str = "") -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(content)))
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its name upstream
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lms)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
