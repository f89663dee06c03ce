"""The register of processing: what every table of the house holds of people and how long, as it says itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

ROOMS = frozenset({"learning", "certificates", "lti", "xapi", "jobs", "config", "design"})
_SAYS = re.compile(r"Personal data: (?P<personal>.*?)\nKept: (?P<kept>.*)", re.DOTALL)


@dataclass(frozen=True)
class Processing:
    """`personal` and `kept` in English, as the code has it."""

    table: str
    personal: str
    kept: str

    @property
    def is_personal(self) -> bool:
        return not self.personal.startswith("none")


def tables() -> Iterator[type[Model]]:
    """Those of the house, not of what it is built with."""
    return (model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS)


def said_by(model: type[Model]) -> Processing | None:
    """None where a table doesn't say."""
    found = _SAYS.search(inspect.cleandoc(model.__doc__ or ""))
    if found is None:
        return None
    personal, kept = (" ".join(found[name].replace("`", "").split()) for name in ("personal", "kept"))
    return Processing(model._meta.label, personal, kept)


def register_of_processing() -> list[Processing]:
    """Of tables that hold something of people. No query."""
    found = [said for model in tables() if (said := said_by(model)) and said.is_personal]
    return sorted(found, key=lambda each: each.table)
