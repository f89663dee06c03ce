"""Issuing, drawing and revoking. Each may be asked twice."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from certificates import codes, facts, rules, standing, store
from certificates.models import Certificate, Kind
from jobs.services import record
from learning.people.models import Person
from learning.tracks import queries as tracks
from learning.tracks.queries import EnrolmentFacts

ISSUE, ISSUE_MODULE, RENDER = "certificates.issue", "certificates.issue_module", "certificates.render"


class NotComplete(Exception):
    """There is nothing to attest: the module isn't done, or the enrolment is gone."""


def ask_for(enrolment_id: int) -> None:
    """Have the bewijs van deelname of an enrolment issued and drawn, by jobs. Asked again, it is tried again.

    Inside the transaction that causes it.
    """
    record(ISSUE, str(enrolment_id), {"enrolment": enrolment_id})


def ask_to_look(enrolment_id: int) -> None:
    """Something happened that a certificate asks for: have a job look whether the module is rond now. Inside the
    transaction that causes it."""
    record(ISSUE_MODULE, str(enrolment_id), {"enrolment": enrolment_id})


def issue_module(enrolment_id: int) -> Certificate | None:
    """The certificate of a module that is rond (`certificates.rules`): the one there is, or a new one with what is true
    now. None while something is missing."""
    way, enrolment = tracks.way_of(enrolment_id), tracks.enrolment_facts(enrolment_id)
    if way is None or enrolment is None or not standing.can_be_earned(way):
        return None
    if rules.missing(standing.facts_of(way)):
        return None
    return _issued(enrolment, Kind.MODULE)


def issue_attendance(enrolment_id: int) -> Certificate:
    """The bewijs van deelname of a module that is done: the one there is, or a new one with what is true now.

    One that was revoked isn't replaced by asking again. Raises NotComplete.
    """
    enrolment = tracks.enrolment_facts(enrolment_id)
    if enrolment is None or enrolment.completed_at is None:
        raise NotComplete
    return _issued(enrolment, Kind.ATTENDANCE)


def _issued(enrolment: EnrolmentFacts, kind: Kind) -> Certificate:
    with transaction.atomic():
        certificate = _present(enrolment, kind) or _issue(enrolment, kind)
        if not certificate.digest and certificate.revoked_at is None:
            ask_to_draw(certificate)
    return certificate


def ask_to_draw(certificate: Certificate) -> None:
    """Inside a transaction."""
    record(RENDER, certificate.code, {"certificate": certificate.pk})


def _present(enrolment: EnrolmentFacts, kind: Kind) -> Certificate | None:
    """The living one before one that was revoked."""
    return (
        Certificate.objects.filter(person=enrolment.person_id, subject=enrolment.module_slug, kind=kind)
        .order_by(F("revoked_at").desc(nulls_first=True))
        .first()
    )


def _issue(enrolment: EnrolmentFacts, kind: Kind) -> Certificate:
    try:
        with transaction.atomic():
            return Certificate.objects.create(
                code=codes.new_code(),
                kind=kind,
                person_id=enrolment.person_id,
                subject=enrolment.module_slug,
                facts=facts.of_enrolment(enrolment).to_json(),
                language=enrolment.person_language if enrolment.person_language in _languages() else "nl",
                issued_on=timezone.localdate(),
            )
    except IntegrityError:
        # Issued by another in this very moment ("one_living_certificate_of_a_kind").
        present = _present(enrolment, kind)
        if present is None:
            raise
        return present


def _languages() -> set[str]:
    return {code for code, _ in settings.LANGUAGES}


def draw(certificate_id: int) -> None:
    """The file, from the frozen facts. Drawn again, it says the same."""
    # WeasyPrint takes a second and 40 MiB to load: only where documents are drawn.
    from certificates import drawing  # noqa: PLC0415

    certificate = Certificate.objects.filter(pk=certificate_id, revoked_at=None).first()
    if certificate is None:
        return
    content = drawing.pdf(certificate)
    store.write(certificate.code, content)
    Certificate.objects.filter(pk=certificate_id).update(digest=hashlib.sha256(content).hexdigest())


def file_of(certificate: Certificate) -> bytes | None:
    """The file; when it is gone from the disk (an old back-up), nothing, and it is drawn anew."""
    content = store.read(certificate.code)
    if content is None:
        with transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(digest="")
            ask_to_draw(certificate)
    return content


@transaction.atomic
def try_again(person: Person, subject: str) -> None:
    """For the documents of a module that somebody finished. Raises NotComplete."""
    living = list(Certificate.objects.filter(person=person, subject=subject, revoked_at=None))
    for certificate in living:
        if not certificate.digest:
            ask_to_draw(certificate)
    if any(certificate.kind == Kind.ATTENDANCE for certificate in living):
        return
    way = tracks.way(person, subject)
    if way is None or not way.complete:
        raise NotComplete
    ask_for(way.enrolment_id)


def revoke(certificate: Certificate, *, reason: str) -> None:
    """For good; `reason` is shown to whoever checks it, so no personal data. The first reason and moment stay."""
    if not reason.strip():
        raise ValueError("a certificate is revoked for a reason")
    with transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(
            revoked_at=timezone.now(), revoked_reason=reason.strip()
        )
    certificate.refresh_from_db(fields=["revoked_at", "revoked_reason"])


@transaction.atomic
def erase_of(person: Person, *, keep_number: bool) -> None:
    """Whose they were is erased, and the files are gone. Of those that hold, `keep_number` leaves number and date: who
    has the paper hears that it was given out. One that was revoked is told of no more, so it can't seem to hold."""
    theirs = Certificate.objects.filter(person=person)
    if keep_number:
        # A kind is demanded of every row; it is the same for all, so it says nothing.
        theirs.filter(revoked_at=None).update(
            person=None, kind=Kind.ATTENDANCE, subject="", facts={}, language="", digest=""
        )
    theirs.delete()
