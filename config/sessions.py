"""Sessions that work in a frame of another site, and nowhere they shouldn't."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse


class SessionMiddleware(DjangoSessionMiddleware):
    """Adds Partitioned to the tool's session cookie; the LMS's own stays an ordinary Lax cookie.

    What a session had a part in is kept out of caches, unless its view says otherwise.

    With Partitioned a browser keeps one jar per embedding site, so a session begun in one LMS's frame can't be
    seen from another's, and browsers that block third-party cookies still send it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        if request.session.accessed and not response.has_header("Cache-Control"):
            # Made for whoever is signed in, or with their form's secret: nobody else's, not even by the back button.
            response["Cache-Control"] = "private, no-store"
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None:
            if getattr(request, "is_platform", False):
                cookie["samesite"] = "Lax"
                if not request.is_secure():
                    cookie["secure"] = ""
            else:
                cookie["partitioned"] = True
        return response
