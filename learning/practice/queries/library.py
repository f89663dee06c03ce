"""Reads about the library: for trainers, those of the modules and of their own organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from learning.comparing import TextDifference, text_differences
from learning.people.models import Person
from learning.practice import documents
from learning.practice.models import Case, CaseVersion


def cases_for(trainer: Person, *, archived: bool = False) -> QuerySet[Case]:
    """Those of the modules first, then their organisation's by title. Each with `newest`, the number of its newest
    version or None, and `module_number`. One query."""
    own = Q(organisation=trainer.organisation_id) | Q(organisation__isnull=True)
    cases = Case.objects.filter(own, archived_at__isnull=not archived)
    return (
        cases.annotate(newest=Max("versions__number"), ours=Count("organisation"))
        .select_related("made_by", "copied_from")
        .defer("draft")
        .order_by("ours", Lower("title"), "pk")
    )


def given_out(trainer: Person) -> list[Case]:
    """Those that can be given out: with a version, not in the archive. One query."""
    return list(cases_for(trainer).filter(Exists(CaseVersion.objects.filter(case=OuterRef("pk")))))


def case_for(trainer: Person, number: int) -> Case | None:
    """One of a module or of their organisation, archived or not. One query."""
    own = Q(organisation=trainer.organisation_id) | Q(organisation__isnull=True)
    return Case.objects.filter(own, pk=number).select_related("copied_from", "made_by").first()


def own_case(trainer: Person, number: int) -> Case | None:
    """One that this trainer may change: every trainer of the organisation may; who made a version is written down with
    it. One query."""
    return Case.objects.filter(organisation=trainer.organisation_id, pk=number).first()


def versions(case: Case) -> Sequence[CaseVersion]:
    """The newest first. One query."""
    return list(CaseVersion.objects.filter(case=case).select_related("made_by").order_by("-number"))


def newest_version(case: Case) -> CaseVersion | None:
    """One query."""
    return CaseVersion.objects.filter(case=case).order_by("-number").first()


def version_for(trainer: Person, number: int) -> CaseVersion | None:
    """The newest version of a case that can be given out; `number` is the case's. One query."""
    own = Q(case__organisation=trainer.organisation_id) | Q(case__organisation__isnull=True)
    found = CaseVersion.objects.filter(own, case=number, case__archived_at=None)
    return found.select_related("case").order_by("-number").first()


def working_text(case: Case) -> Mapping[str, Any]:
    """What its trainers write on: the draft, else the newest version, else nothing. One query at most."""
    if case.draft is not None:
        draft: Mapping[str, Any] = case.draft
        return draft
    version = newest_version(case)
    return version.document if version else documents.EMPTY


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[TextDifference]:
    """Between two texts of a case; each place still in the JSON's names."""
    return list(text_differences(documents.complete(old), documents.complete(new)))
