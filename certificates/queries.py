"""Reads: my certificates, and one by its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import F, QuerySet

from certificates import facts
from certificates.facts import Facts
from certificates.models import Certificate, Kind
from certificates.services import ISSUE, RENDER
from jobs import queries as jobs
from learning.people.models import Person
from learning.tracks import additions
from learning.tracks import queries as tracks


class Stage(StrEnum):
    """How far a document is: kept in rows, so the same after a reload and on another device."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Document:
    """A line of my certificates. Without `code` it has yet to be issued."""

    kind: Kind
    title: str
    subject: str
    stage: Stage
    code: str = ""
    issued_on: date | None = None
    revoked_at: datetime | None = None
    revoked_reason: str = ""


def documents_of(person: Person) -> list[Document]:
    """The newest first; above them those on their way. Seven queries, and one each for those on their way."""
    certificates = list(Certificate.objects.filter(person=person).order_by("-issued_on", "-pk"))
    present = {certificate.subject for certificate in certificates if certificate.kind == Kind.ATTENDANCE}
    return [*_on_their_way(person, present), *(_document(certificate) for certificate in certificates)]


def _on_their_way(person: Person, present: set[str]) -> list[Document]:
    """Modules that are done and have no certificate yet."""
    found: dict[str, Document] = {}
    for overview in tracks.tracks_of(person):
        for line in overview.lines:
            slug = line.module.slug
            if line.enrolment and line.enrolment.completed_at and slug not in present:
                stage = _stage_of_job(ISSUE, str(line.enrolment.pk))
                found[slug] = Document(Kind.ATTENDANCE, line.module.title, slug, stage)
    return list(found.values())


def _document(certificate: Certificate) -> Document:
    if certificate.revoked_at:
        stage = Stage.REVOKED
    elif certificate.digest:
        stage = Stage.READY
    else:
        stage = _stage_of_job(RENDER, certificate.code)
    return Document(
        Kind(certificate.kind),
        facts.read(certificate.facts).title,
        certificate.subject,
        stage,
        certificate.code,
        certificate.issued_on,
        certificate.revoked_at,
        certificate.revoked_reason,
    )


def _stage_of_job(kind: str, key: str) -> Stage:
    """A job that isn't there, or is done without a document, has to be asked for again."""
    job = jobs.state_of(kind, key)
    return Stage.MAKING if job and job.status in ("waiting", "running") else Stage.FAILED


def own(person: Person, code: str) -> Certificate | None:
    """Mine, or nothing: another's isn't there."""
    if not code.isprintable():
        return None  # PostgreSQL would refuse to look for a NUL
    return Certificate.objects.filter(person=person, code=code).first()


@dataclass(frozen=True)
class Verified:
    """What anybody who has the code may know: what is printed on the document, and whether it still holds. `facts` is
    None where only the number and the date were left: whose it was is erased."""

    code: str
    kind: Kind
    facts: Facts | None
    issued_on: date
    revoked_at: datetime | None
    revoked_reason: str


def verify(code: str) -> Verified | None:
    """One query. `code` in its normal form."""
    certificate = Certificate.objects.filter(code=code).first()
    if certificate is None:
        return None
    return Verified(
        certificate.code,
        Kind(certificate.kind),
        facts.read(certificate.facts) if certificate.facts else None,
        certificate.issued_on,
        certificate.revoked_at,
        certificate.revoked_reason,
    )


@additions.on_certificates
def having(track: str) -> QuerySet[Certificate]:
    """The leerlijncertificaten of whoever wasn't told that theirs no longer holds. No query by itself."""
    return Certificate.objects.filter(kind=Kind.TRACK, subject=track, revoked_at=None)


@additions.attests
def attested(enrolment_id: int) -> bool:
    """Whether whose enrolment it is has a bewijs of that module that holds. One query."""
    theirs = Certificate.objects.filter(kind=Kind.ATTENDANCE, revoked_at=None, person__enrolments=enrolment_id)
    return theirs.filter(subject=F("person__enrolments__module__slug")).exists()
