"""A file, or the part of it that a player asks for (RFC 9110, 14)."""

from __future__ import annotations

import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

# More digits than any file has bytes ask for nothing we know: then the whole file is the answer (RFC 9110, 14.2).
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def played(request: HttpRequest, data: bytes, media_type: str) -> HttpResponse:
    part = _RANGE.fullmatch(request.headers.get("Range", ""))
    response = HttpResponse(content_type=media_type)
    response["Accept-Ranges"] = "bytes"
    if part and any(part.groups()):
        start, end = _bounds(part, len(data))
        if start >= len(data) or start > end:
            response.status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            response["Content-Range"] = f"bytes */{len(data)}"
            return response
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
        data = data[start : end + 1]
    response.content = data
    return response


def _bounds(part: re.Match[str], size: int) -> tuple[int, int]:
    """First and last byte; "-500" asks for the last five hundred (RFC 9110, 14.1.2)."""
    first, last = part.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
