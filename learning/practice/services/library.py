"""The library of cases: those of the modules follow what is published, the others are made by trainers.

A version never changes. Who comes back to an earlier text gets that version again, as the newest: a text is one
version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from jobs.services import record
from learning.people.models import Person
from learning.practice import documents
from learning.practice.models import Case, CaseVersion, Form
from learning.practice.queries import library as queries
from learning.tracks import queries as tracks
from learning.tracks.models import Module
from modules.authoring import Problem

if TYPE_CHECKING:
    from django.db.models import QuerySet

KIND = "practice.follow_module"
TYPE = "practicecase"


class Unfinished(Exception):
    """`problems`: what must be mended before this is a version."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


# --- cases of modules


def follow_modules() -> None:
    """The cases of all modules, as their newest editions have them. May run twice."""
    for slug in Module.objects.order_by("pk").values_list("slug", flat=True):
        follow_module(slug)


def hear_of_edition(slug: str, document: Mapping[str, Any]) -> None:
    """A new edition: where it has a case, or the one before had, the library follows in a moment. `document`: of
    `ModuleEdition`."""
    has_one = any(activity["type"] == TYPE for unit in document.get("units", ()) for activity in unit["activities"])
    if has_one or _of_module(slug).exists():
        record(KIND, f"{KIND}:{slug}", {"module": slug})


@transaction.atomic
def follow_module(slug: str) -> None:
    """A case that is no longer in the module goes to the archive: what was given out goes on. May run twice."""
    found = dict(_cases_in(slug))
    for usage, document in found.items():
        case, _ = Case.objects.get_or_create(
            organisation=None, usage=usage, defaults={"title": document["titel"], "made_at": timezone.now()}
        )
        _be_version(case, document, by=None)
    own = _of_module(slug)
    own.filter(usage__in=found).update(archived_at=None)
    own.exclude(usage__in=found).filter(archived_at=None).update(archived_at=timezone.now())


def _of_module(slug: str) -> QuerySet[Case]:
    return Case.objects.filter(organisation=None, usage__startswith=f"{slug}/")


def _cases_in(slug: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(usage, document). An edition from before the forms had codes has none that can be given out."""
    edition = tracks.newest(slug)
    for _, activity in edition.activities() if edition else ():
        if activity.type == TYPE:
            document = documents.complete(activity.fields["authored"])
            if not documents.problems(document):
                yield activity.usage, document


def _be_version(case: Case, document: dict[str, Any], *, by: Person | None) -> CaseVersion:
    """This text is the newest version of the case."""
    content_hash = documents.hash_of(document)
    last = CaseVersion.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    version = CaseVersion.objects.filter(case=case, content_hash=content_hash).first()
    if version is None:
        version = CaseVersion.objects.create(
            case=case, number=last + 1, document=document, content_hash=content_hash, made_by=by, made_at=timezone.now()
        )
    elif version.number < last:
        version.number = last + 1
        version.save(update_fields=["number"])
    if case.title != document["titel"]:
        Case.objects.filter(pk=case.pk).update(title=document["titel"])
    return version


# --- cases of an organisation


@transaction.atomic
def copy(case: Case, *, by: Person) -> Case:
    """Their organisation's own, to write on: it counts for the same activity. A recording of a real talk is off until
    somebody switches it on (curriculum 3.g)."""
    document = documents.tidy(documents.complete(queries.working_text(case)))
    document["bewijsvormen"] = [form for form in document["bewijsvormen"] if form != Form.RECORDED]
    return Case.objects.create(
        organisation=by.organisation, usage=case.usage, title=document["titel"], copied_from=case, made_by=by,
        made_at=timezone.now(), draft=document,
    )  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """`text`: all that is written now. `clashes`: {name: what is there}, of what another page changed meanwhile too:
    those stayed as they were."""

    text: dict[str, Any]
    clashes: Mapping[str, Any]


def mark(value: Any) -> str:
    """Tells one value from another: a page says with it what it was drawn with."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:20]


@transaction.atomic
def keep(
    case_id: int, sent: Mapping[str, Any], *, drawn: Mapping[str, str], taken: Collection[str] = frozenset()
) -> Kept:
    """Keep what a page sent. `drawn`: {name: mark of the value that stood on that page}: what it left as it was never
    undoes what another page changed. `taken`: names of which the other's text is chosen."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    there = documents.complete(queries.working_text(case))
    now, clashes = dict(there), {}
    for name, value in sent.items():
        if name in taken or value == there[name] or mark(value) == drawn.get(name):
            continue
        if drawn.get(name) == mark(there[name]):
            now[name] = value
        else:
            clashes[name] = there[name]
    if now != there:
        case.draft = now
        case.save(update_fields=["draft"])
    return Kept(now, clashes)


@transaction.atomic
def make_version(case_id: int, *, by: Person) -> CaseVersion:
    """What was written is a version from now on, for whoever it is given to. Raises Unfinished."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    text = documents.tidy(documents.complete(queries.working_text(case)))
    if problems := documents.problems(text):
        raise Unfinished(problems)
    version = _be_version(case, text, by=by)
    Case.objects.filter(pk=case_id).update(draft=None)
    return version


def discard(case_id: int) -> None:
    """Back to the newest version: what was written since is gone. Nothing for a case that has none yet."""
    Case.objects.filter(pk=case_id, versions__isnull=False).update(draft=None)


def archive(case_id: int) -> None:
    """Out of the library. What was given out goes on."""
    Case.objects.filter(pk=case_id, archived_at=None).update(archived_at=timezone.now())


def bring_back(case_id: int) -> None:
    Case.objects.filter(pk=case_id).update(archived_at=None)
