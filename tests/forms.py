"""Reading the forms of an activity from a page, for tests that answer without a browser."""

from __future__ import annotations

import re
from html import unescape


def answer_form(html: str, number: int = 0) -> tuple[str, dict[str, str]]:
    """The address and hidden fields of an activity's form on a page."""
    form = re.findall(r"<form[^>]*data-activity-form.*?</form>", html, re.S)[number]
    action = unescape(re.search(r'action="([^"]+)"', form)[1])  # type: ignore[index]
    hidden = {
        re.search(r'name="([^"]+)"', tag)[1]: unescape(re.search(r'value="([^"]*)"', tag)[1])  # type: ignore[index]
        for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
    }
    return action, hidden


def option(html: str, words: str) -> str:
    """The value of the option with these words."""
    for label in re.findall(r"<label.*?</label>", html, re.S):
        if words in unescape(label):
            return re.search(r'value="([^"]*)"', label)[1]  # type: ignore[index]
    raise AssertionError(f"no option {words!r}")
