"""Jobs. Each may run twice."""

from __future__ import annotations

from typing import Any

from jobs.registry import job
from learning.practice.services import giving, library


@job(library.KIND)
def follow_module(payload: dict[str, Any]) -> None:
    """`{"module": its slug}`"""
    library.follow_module(payload["module"])


@job(giving.GIVE)
def give(payload: dict[str, Any]) -> None:
    """`{"assignment": its number}`"""
    giving.make_works(payload["assignment"])


@job(giving.TAKE_BACK)
def take_back(payload: dict[str, Any]) -> None:
    """`{"assignment": its number, "wholly": whether nothing of it may be left}`"""
    giving.take_back_works(payload["assignment"], wholly=payload["wholly"])
