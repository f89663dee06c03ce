"""Jobs for an LMS. Each may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import Then, job
from lti.tool import lineitems, results, rosters, scores


@job(scores.KIND)
def send_score(payload: dict[str, Any]) -> Then | None:
    """`{"seat": its number}`"""
    return scores.deliver(payload["seat"])


@job(scores.KIND_AGAIN)
def look_at_final_scores_again(payload: dict[str, Any]) -> None:
    """`{"platform": its number}`"""
    scores.report_finals(payload["platform"])


@job(lineitems.KIND)
def connect_line_item(payload: dict[str, Any]) -> None:
    """`{"link": its number}`"""
    lineitems.connect(payload["link"])


@job(results.KIND, tries=10)
def compare_results(payload: dict[str, Any]) -> None:
    """`{"line_item": its number, "again": whether what differs is sent again}`"""
    results.read_back(payload["line_item"], again=payload["again"])


@job(rosters.KIND, tries=10)
def update_class_list(payload: dict[str, Any]) -> None:
    """`{"context": its number}`, or a `rosters.Reading` to go on with"""
    rosters.update(payload)


@periodic(rosters.KIND_ALL, every=timedelta(days=1))
def update_class_lists(payload: dict[str, Any]) -> None:
    rosters.ask_all_recent()
