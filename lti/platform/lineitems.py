"""What a tool says of a line item (LTI AGS 2.0, 3.2.1), read strictly: in AGS, and in the answer of Deep Linking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lti.platform.scores import LARGEST
from lti.platform.services import LineItemFields
from lti.platform.texts import moment, plain

LONGEST = 200  # characters


class WrongField(Exception):
    """`field` is wrong; `reason` is for the tool's developer."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field


def read_fields(payload: Any, *, label: str = "") -> LineItemFields:
    """Raises WrongField. `label` stands in where there is none. Fields this platform doesn't keep are let be."""
    if not isinstance(payload, dict):
        raise WrongField("body", "must be a JSON object")
    starts_at, ends_at = (_moment(payload, name) for name in ("startDateTime", "endDateTime"))
    if starts_at and ends_at and ends_at < starts_at:
        raise WrongField("endDateTime", "is before startDateTime")
    return LineItemFields(
        _text(payload, "label", label),
        _maximum(payload.get("scoreMaximum")),
        _text(payload, "resourceId", "", required=False),
        _text(payload, "tag", "", required=False),
        starts_at,
        ends_at,
    )


def _text(payload: Mapping[str, Any], field: str, default: str, *, required: bool = True) -> str:
    value = payload.get(field)
    text = default if value is None else plain(value, LONGEST)
    if text is None or (required and not text):
        raise WrongField(field, f"must be a text of at most {LONGEST} characters" + (", not empty" * required))
    return text


def _maximum(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LARGEST:
        raise WrongField("scoreMaximum", f"must be a number of more than 0 and at most {LARGEST:.0f}")
    return float(value)


def _moment(payload: Mapping[str, Any], field: str) -> datetime | None:
    value = payload.get(field)
    if value is None or value == "":
        return None
    read = moment(value)
    if read is None:
        raise WrongField(field, "must be an ISO 8601 time with a time zone")
    return read
