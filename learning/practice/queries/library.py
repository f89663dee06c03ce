"""Reads about the library: for trainers, those of the modules and of their own organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext as _

from learning.comparing import TextDifference, text_differences
from learning.people.models import Person
from learning.practice import documents
from learning.practice.models import Case, CaseVersion, Form
from learning.tracks.models import Module


def cases_for(trainer: Person, *, archived: bool = False) -> QuerySet[Case]:
    """Those of the modules first, then their organisation's; by module, then by title. Each with `newest`, the number
    of its newest version or None, `changed`, whether somebody writes on it, and `module_number` and `module_title` of
    what it counts for. One query."""
    own = Q(organisation=trainer.organisation_id) | Q(organisation__isnull=True)
    usage = ExpressionWrapper(OuterRef("usage"), CharField())
    module = Module.objects.annotate(usage=usage).filter(usage__startswith=Concat("slug", Value("/")))
    return (
        Case.objects.filter(own, archived_at__isnull=not archived)
        .annotate(
            newest=Max("versions__number"),
            ours=Count("organisation"),
            changed=ExpressionWrapper(Q(draft__isnull=False), BooleanField()),
            module_number=Subquery(module.values("number")[:1]),
            module_title=Subquery(module.values("title")[:1]),
        )
        .select_related("made_by", "copied_from")
        .defer("draft")
        .order_by("ours", "module_number", Lower("title"), "pk")
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
    found = CaseVersion.objects.filter(own, case__pk=number, case__archived_at=None)
    return found.select_related("case").order_by("-number").first()


def linked(organisation_id: int) -> list[Case]:
    """What a course of an LMS can link to, by title: with a version, counting for a module. One query."""
    own = Q(organisation=organisation_id) | Q(organisation__isnull=True)
    cases = Case.objects.filter(own, Exists(CaseVersion.objects.filter(case=OuterRef("pk"))), archived_at=None)
    return list(cases.exclude(usage="").defer("draft").order_by(Lower("title"), "pk"))


def link(organisation_id: int, case_id: int, *, module: str) -> Case | None:
    """A case that a link of this organisation names, in the archive or not: a link stays what it was. One query."""
    own = Q(organisation=organisation_id) | Q(organisation__isnull=True)
    found = Case.objects.filter(own, pk=case_id, usage__startswith=f"{module}/")
    return found.filter(Exists(CaseVersion.objects.filter(case=OuterRef("pk")))).first()


def working_text(case: Case) -> Mapping[str, Any]:
    """What its trainers write on: the draft, else the newest version, else nothing. One query at most."""
    if case.draft is not None:
        draft: Mapping[str, Any] = case.draft
        return draft
    version = newest_version(case)
    return version.document if version else documents.EMPTY


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[TextDifference]:
    """Between what two pages, or two versions, have of a case; each place in the JSON's names."""
    return list(text_differences(_said(old), _said(new)))


def _said(text: Mapping[str, Any]) -> dict[str, Any]:
    """Codes and switches as people say them."""
    said = dict(text)
    if "bewijsvormen" in said:
        said["bewijsvormen"] = [str(Form(form).label) for form in said["bewijsvormen"]]
    if "tweede_lezer" in said:
        said["tweede_lezer"] = _("ja") if said["tweede_lezer"] else _("nee")
    return said


def module_of(case: Case) -> Module | None:
    """What it counts for. One query at most."""
    return Module.objects.filter(slug=case.usage.partition("/")[0]).first() if case.usage else None
