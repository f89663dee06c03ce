"""Jobs. Each may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import job
from learning.practice.services import exporting, giving, library, passing


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
    """`{"assignment": its number, "wholly": whether nothing of it may be left, "by": number of who took it back}`"""
    giving.take_back_works(payload["assignment"], wholly=payload["wholly"], by_id=payload["by"])


@job(exporting.MAKE, tries=4)
def make_file(payload: dict[str, Any]) -> None:
    """`{"work": its number}`"""
    exporting.make(payload["work"])


@job(exporting.FORGET)
def forget_file(payload: dict[str, Any]) -> None:
    """`{"file": its number}`"""
    exporting.forget(payload["file"])


@periodic("practice.late", every=timedelta(days=1))
def tell_late(payload: dict[str, Any]) -> None:
    """A last day that passed is told."""
    passing.tell_late()
