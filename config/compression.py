"""Pages go over the line packed: on a slow phone that is what a page waits for."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompressionMiddleware(GZipMiddleware):
    """HTML alone: sound, film and documents are packed already, and a player needs their exact length.

    A packed page can betray a secret in it to who sees its length and can put words of their own beside that secret
    (BREACH). No page of ours repeats what an address says, a form's answer is only for who sent it, and Django adds
    up to a hundred random bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed
