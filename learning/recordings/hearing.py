"""How a recording is given to a player."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from learning.playing import played
from learning.recordings.queries import Sound


@never_cache
def heard(request: HttpRequest, sound: Sound) -> HttpResponse:
    """In no cache, and nothing but sound: whatever was hidden in it, a browser doesn't take it for a page."""
    response = played(request, sound.data, sound.media_type)
    response["Content-Disposition"] = f'inline; filename="opname.{sound.kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response
