"""What every page needs to look the way this visitor chose and this installation is dressed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from design.views import THEME_COOKIE, THEMES

# What a browser says a page is for when it is shown inside another (Sec-Fetch-Dest).
FRAMES = frozenset({"iframe", "frame"})


def look(request: HttpRequest) -> dict[str, Any]:
    """`thema`: "licht", "donker" or "" (as the system); `here`: where the switches in the footer come back to.

    `in_frame`: an LMS shows us in a frame, below a header of its own, so that ours may be low.
    """
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "thema": chosen if chosen in THEMES else "",
        "here": request.get_full_path() if request.method == "GET" else "/",
        "in_frame": request.headers.get("Sec-Fetch-Dest") in FRAMES,
        "own_theme": has_own_theme(settings.THEME_DIR),
    }


@cache
def has_own_theme(folder: Path | None) -> bool:
    """Whether THEME_DIR brings a theme.css; it is served as theme/theme.css and loaded after ours."""
    return folder is not None and (folder / "theme.css").is_file()
