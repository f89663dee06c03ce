"""/bestanden/: files that come in piece by piece (tus 1.0: https://tus.io/protocols/resumable-upload), and are heard.

A file that isn't yours isn't there. Nothing that somebody sent is ever a page of ours: it is made anew from what can be
heard in it, and goes out as an attachment that may run nothing.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning.files import hearing, purposes, queries, services
from learning.files.checks import Refused, sentence
from learning.files.models import FileState, StoredFile
from learning.files.pieces import PIECE, Blob, Damaged
from learning.files.store import StoreTrouble
from learning.people.models import Person
from learning.playing import played_pieces

VERSION = "1.0.0"
CHUNK = "application/offset+octet-stream"
# Of what a player asks for at once, so much is sent: a quarter of a minute to two minutes of sound.
_HEARD_AT_ONCE = PIECE
_AGAIN_AFTER = 5  # seconds

View = Callable[..., HttpResponseBase]


def spoken_in_tus(view: View) -> View:
    """For who is signed in and speaks our version; what can't be done now or ever is said in its words."""

    @never_cache
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = _answer(view, request, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        return response

    return answered


def _answer(view: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return _wrong(HTTPStatus.FORBIDDEN, _("Je bent intussen uitgelogd. Log in op een ander tabblad."))
    if request.method not in ("GET", "OPTIONS") and request.headers.get("Tus-Resumable", VERSION) != VERSION:
        response = HttpResponse(status=HTTPStatus.PRECONDITION_FAILED)
        response["Tus-Version"] = VERSION
        return response
    try:
        return view(request, *args, **kwargs)
    except StoreTrouble as trouble:
        status = HTTPStatus.INSUFFICIENT_STORAGE if trouble.full else HTTPStatus.SERVICE_UNAVAILABLE
        return _later(status)


def _later(status: HTTPStatus) -> HttpResponse:
    response = _wrong(status, _("We kunnen nu niets bewaren. Wat je hebt blijft hier staan; we proberen het zo weer."))
    response["Retry-After"] = str(_AGAIN_AFTER)
    return response


def _wrong(status: HTTPStatus, sentence: str) -> HttpResponse:
    return JsonResponse({"wrong": sentence}, status=status)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


@require_http_methods(["OPTIONS", "POST"])
@spoken_in_tus
def files(request: HttpRequest) -> HttpResponse:
    """What we speak; and a new file of `Upload-Length` bytes for the `purpose` in its metadata."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        response["Tus-Version"], response["Tus-Extension"] = VERSION, "creation,termination"
        return response
    size, purpose = _number(request, "Upload-Length"), _metadata(request).get("purpose", "")
    what = purposes.find(purpose)
    if size is None or what is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    try:
        file = services.begin(_person(request), purpose=purpose, size=size)
    except Refused as refused:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if refused.reason == "groot" else HTTPStatus.UNPROCESSABLE_ENTITY
        return _wrong(status, sentence(refused.reason, seconds=what.most_seconds, size=what.most_bytes))
    response = JsonResponse({"key": str(file.key), "piece": PIECE}, status=HTTPStatus.CREATED)
    response["Location"] = reverse("files:file", args=[file.key])
    return response


@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
@spoken_in_tus
def one(request: HttpRequest, file: uuid.UUID) -> HttpResponse:
    """How one stands; its next piece; away with it."""
    # Before we look how it stands, for it may take long: what came in whole meanwhile is being scanned, and isn't
    # written over. One byte more than a piece shows that it isn't one.
    data = request.read(PIECE + 1) if request.method == "PATCH" else b""
    found = queries.of(_person(request), file)
    if found is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    if request.method == "PATCH":
        return _append(request, found, data)
    if request.method == "DELETE":
        services.erase(found)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if request.method == "HEAD":
        return _at(HTTPStatus.OK, found.arrived, size=found.expected)
    return JsonResponse(queries.standing(found))


def _append(request: HttpRequest, file: StoredFile, data: bytes) -> HttpResponse:
    offset = _number(request, "Upload-Offset")
    if request.content_type != CHUNK:
        return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if offset is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    try:
        return _at(HTTPStatus.NO_CONTENT, services.append(file, offset=offset, data=data))
    except services.WrongOffset as wrong:
        return _at(HTTPStatus.CONFLICT, wrong.at)
    except services.WrongPiece:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    except Refused as refused:
        return _wrong(HTTPStatus.UNPROCESSABLE_ENTITY, sentence(refused.reason))


def _at(status: HTTPStatus, offset: int, *, size: int | None = None) -> HttpResponse:
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(offset)
    if size is not None:
        response["Upload-Length"] = str(size)
    return response


def _number(request: HttpRequest, head: str) -> int | None:
    text = request.headers.get(head, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None


def _metadata(request: HttpRequest) -> dict[str, str]:
    """`key base64, key base64`; what can't be read isn't there."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


@never_cache
@require_safe
def hear(request: HttpRequest, file: uuid.UUID, part: str, signature: str) -> HttpResponseBase:
    """A part of what is ready, for whom the address was made, while they may hear it. Two or three queries."""
    found = StoredFile.objects.filter(key=file, state=FileState.READY).first()
    listener = request.user
    if not (isinstance(listener, Person) and found and part in found.parts):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    if not hearing.may_hear(found, listener, part, signature):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    what = found.parts[part]
    blob = Blob(found.key, what["blob"], what["size"])
    try:
        response = played_pieces(request, blob.size, blob.read, what["media_type"], most=_HEARD_AT_ONCE)
    except StoreTrouble:
        return _later(HTTPStatus.SERVICE_UNAVAILABLE)
    except Damaged:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    response["Content-Disposition"] = f'attachment; filename="geluid.{"webm" if part == "opus" else "m4a"}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
