"""A file, or the part of it that a player asks for (RFC 9110, 14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

# What is read of a file at a time; a smaller file is sent at once.
_CHUNK = 256 * 1024
# More digits than any file has bytes ask for nothing we know: then the whole file is the answer (RFC 9110, 14.2).
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def played(request: HttpRequest, data: bytes, media_type: str) -> HttpResponse:
    """What is in memory already."""
    response = HttpResponse(content_type=media_type)
    part = _asked(request, response, len(data))
    if part:
        response.content = data[part[0] : part[1] + 1]
    return response


def played_file(request: HttpRequest, file: Path, media_type: str) -> HttpResponseBase:
    """A file of any size: no more of it is in memory than is being sent."""
    size = file.stat().st_size
    response = HttpResponse(content_type=media_type)
    part = _asked(request, response, size)
    if part is None:
        return response
    if part[1] - part[0] < _CHUNK:
        response.content = b"".join(_pieces(file, *part))
        return response
    stream = StreamingHttpResponse(_pieces(file, *part), status=response.status_code, headers=response.headers)
    stream["Content-Length"] = str(part[1] - part[0] + 1)
    return stream


def played_pieces(
    request: HttpRequest, size: int, read: Callable[[int, int], Iterator[bytes]], media_type: str, *, most: int | None
) -> HttpResponseBase:
    """What is fetched as it is needed: `read(first, last)` gives the bytes of a part.

    Who asks for a part gets at most `most` bytes of it, which RFC 9110 (14.2, 15.3.7) allows and players bear: they ask
    on. So no thread waits for a player that has heard enough for now. Who asks for no part gets all of it, and who
    downloads (None) all of a part too: a browser that goes on with a file doesn't ask twice.
    """
    response = HttpResponse(content_type=media_type)
    part = _asked(request, response, size, most)
    if part is None:
        return response
    if most and response.status_code == HTTPStatus.PARTIAL_CONTENT:
        response.content = b"".join(read(*part))
        return response
    stream = StreamingHttpResponse(read(*part), status=response.status_code, headers=response.headers)
    stream["Content-Length"] = str(part[1] - part[0] + 1)
    return stream


def _asked(request: HttpRequest, response: HttpResponse, size: int, most: int | None = None) -> tuple[int, int] | None:
    """First and last byte to send, of a part at most `most`; None when there are none. Says so in the heads of
    `response`."""
    part = _RANGE.fullmatch(request.headers.get("Range", ""))
    response["Accept-Ranges"] = "bytes"
    if not (part and any(part.groups())):
        return (0, size - 1)
    start, end = _bounds(part, size)
    if start >= size or start > end:
        response.status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        response["Content-Range"] = f"bytes */{size}"
        return None
    end = min(end, start + most - 1) if most else end
    response.status_code = HTTPStatus.PARTIAL_CONTENT
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return start, end


def _pieces(file: Path, start: int, end: int) -> Iterator[bytes]:
    left = end - start + 1
    with file.open("rb") as source:
        source.seek(start)
        while left > 0 and (piece := source.read(min(_CHUNK, left))):
            left -= len(piece)
            yield piece


def _bounds(part: re.Match[str], size: int) -> tuple[int, int]:
    """First and last byte; "-500" asks for the last five hundred (RFC 9110, 14.1.2)."""
    first, last = part.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
