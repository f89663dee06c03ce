"""What tests of forms that one works on over time share: an author's words, and a browser that sends whole forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from webob import Response

from tests.modules.toy import Played

HEAD = {"id": "w1", "titel": "Een plan", "inleiding": "Zo begin je.", "minuten": 20}


def words(fields: Sequence[str], checks: Sequence[str]) -> dict[str, Any]:
    """A question for each field and two tips for each check."""
    return {
        "velden": {name: {"vraag": f"Vraag {name}?", "hulp": f"Hulp bij {name}."} for name in fields},
        "tips": {check: {"goed": f"Fijn: {check}.", "let_op": f"Kijk nog eens: {check}."} for check in checks},
    }


def seen(html: str) -> dict[str, str]:
    """The hidden field that says what the form was drawn from."""
    found = re.search(r'name="gezien" value="([^"]*)"', html)
    assert found
    return {"gezien": unescape(found[1])}


def keep(played: Played, form: dict[str, str], handler: str = "keep") -> Response:
    """What was there with `form` over it, as the browser sends it from a form that was just drawn."""
    before = {name: value for name, value in played.block.values.items() if isinstance(value, str)}
    return played.post(handler, **seen(played.view()), **{**before, **form})
