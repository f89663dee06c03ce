"""A page as a web server asks for it: the whole application, without the server."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def asking(application: Application, path: str, cookie: str, query: str = "") -> Callable[[], bytes]:
    """Asks for `path` at http://localhost:8000 and reads all of it. Raises AssertionError for any answer but 200.
    `query`: what comes after the "?"."""
    ask = in_pieces(application, path, cookie, query)
    return lambda: b"".join(ask())


def in_pieces(application: Application, path: str, cookie: str, query: str = "") -> Callable[[], Iterator[bytes]]:
    """The same as it goes out: no more of it is in memory than a server has."""
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost:8000",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_LANGUAGE": "nl",
        "REMOTE_ADDR": "127.0.0.1",
    }
    setup_testing_defaults(environ)

    def ask() -> Iterator[bytes]:
        told: list[str] = []
        body = application(
            {**environ, "wsgi.input": io.BytesIO()}, lambda status, headers, error=None: told.append(status)
        )
        yield from body
        if hasattr(body, "close"):
            body.close()
        assert told == ["200 OK"], f"{path}: {told}"

    return ask
