"""Sound beside a draft (curriculum 3.g): somebody's own spoken reflection, or a recording of the talk itself.

A recording is class D: it can only be there while everybody who took part said yes, each written down. Whoever takes
that back takes the recording along.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from learning.files import services as files
from learning.files.models import FileState, StoredFile
from learning.practice.flow import JUDGED
from learning.practice.models import Consent, Evidence, Form, State, Work
from learning.practice.sealed import closed, number, opened
from learning.practice.services.doing import WRITING, Incomplete, document_of
from learning.practice.services.moving import NotNow, held
from learning.practice.services.outcome import SOUND_KEPT_UNJUDGED

SPOKEN, RECORDED = "praktijk.gesproken", "praktijk.opname"
PURPOSE_OF = {Form.SPOKEN: SPOKEN, Form.RECORDED: RECORDED}
LONGEST = 20_000
LONGEST_WHO = 200
# Around a table, and more than a recording is good for.
MOST_CONSENTS = 30


@transaction.atomic
def attach(work_id: int, *, file: StoredFile, form: Form) -> Evidence:
    """What somebody said belongs to their draft; what was there in this form goes. Attached twice is the same. Raises
    NotNow, and Incomplete: "toestemming" for a recording nobody said yes to, "opname" for another's or another kind."""
    work = _open(work_id, form)
    if file.person_id != work.person_id or file.purpose != PURPOSE_OF[form] or file.state == FileState.REFUSED:
        raise Incomplete({"opname": "leeg"})
    if form is Form.RECORDED and not work.consents.exists():
        raise Incomplete({"toestemming": "toestemming"})
    there = Evidence.objects.filter(file=file).first()
    if there is not None:
        if there.work_id != work.pk:
            raise Incomplete({"opname": "leeg"})
        return there
    for before in Evidence.objects.filter(work=work, round=None, form=form).select_related("file"):
        _wipe(before)
    return Evidence.objects.create(work=work, form=form, file=file, made_at=timezone.now())


def _open(work_id: int, form: Form) -> Work:
    work = held(work_id)
    if work.state not in WRITING or form not in document_of(work).forms:
        raise NotNow(work.state)
    return work


def captions_of(evidence: Evidence) -> str:
    return str(opened(evidence.sealed_captions, "captions", evidence.pk) or "")


@transaction.atomic
def caption(work_id: int, evidence_id: int, *, words: str) -> None:
    """What is said, in writing, for who can't hear it; until it is handed in. Raises NotNow, Incomplete."""
    work = held(work_id)
    evidence = Evidence.objects.filter(pk=evidence_id, work=work, round=None).first()
    if evidence is None or work.state not in WRITING:
        raise NotNow(work.state)
    if len(words) > LONGEST:
        raise Incomplete({"ondertitels": "lang"})
    words = words.strip()
    evidence.sealed_captions = closed(words, "captions", number(evidence)) if words else None
    evidence.save(update_fields=["sealed_captions"])


@transaction.atomic
def remove(work_id: int, evidence_id: int) -> None:
    """Its maker wants it gone, also when it was handed in: from now on nobody hears it, its bytes go at once."""
    evidence = Evidence.objects.filter(pk=evidence_id, work=work_id).select_related("file").first()
    if evidence is not None:
        _wipe(evidence)


def _wipe(evidence: Evidence) -> None:
    if evidence.file is not None:
        files.erase(evidence.file)
    evidence.delete()


# --- who said yes


@transaction.atomic
def consent(work_id: int, *, who: str, how: str, given_on: date) -> Consent:
    """Somebody who took part said yes to recording: `who` by function, `how` they said so. Raises NotNow,
    Incomplete."""
    work = _open(work_id, Form.RECORDED)
    who, how = who.strip(), how.strip()
    missing = {name: "leeg" for name, text in (("wie", who), ("hoe", how)) if not text}
    missing |= {name: "lang" for name, text in (("wie", who), ("hoe", how)) if len(text) > LONGEST_WHO}
    if given_on > timezone.localdate():
        missing["op"] = "datum"
    same = [each for each in work.consents.all() if (each.given_on, said(each)) == (given_on, {"wie": who, "hoe": how})]
    if len(work.consents.all()) >= MOST_CONSENTS:
        missing["wie"] = "veel"
    if missing:
        raise Incomplete(missing)
    if same:  # a second press
        return same[0]
    made = Consent(work=work, sealed=b"", given_on=given_on, made_at=timezone.now())
    made.save()
    made.sealed = closed({"wie": who, "hoe": how}, "consent", number(made))
    made.save(update_fields=["sealed"])
    return made


def said(consent: Consent) -> dict[str, str]:
    """{"wie": function, "hoe": how they said yes}"""
    found: dict[str, str] = opened(consent.sealed, "consent", consent.pk)
    return found


@transaction.atomic
def withdraw_consent(work_id: int, consent_id: int) -> None:
    """One no is enough: the recording goes at once, handed in or not. Gone already is gone."""
    work = held(work_id)
    gone, _rows = Consent.objects.filter(pk=consent_id, work=work).delete()
    if gone:
        for evidence in Evidence.objects.filter(work=work, form=Form.RECORDED).select_related("file"):
            _wipe(evidence)


def without_sound(organisation_id: int, before: datetime) -> QuerySet[Evidence]:
    """What was written down of a recording goes as soon as that is wiped."""
    return Evidence.objects.filter(form=Form.RECORDED, file=None, work__person__organisation=organisation_id)


def consents_settled(organisation_id: int, before: datetime) -> QuerySet[Consent]:
    """Who said yes goes with the recording. Of one that is still to come a yes is kept; not of one that nobody judged,
    or that never came."""
    still = Evidence.objects.filter(work=OuterRef("work"), form=Form.RECORDED)
    settled = Q(work__state__in=JUDGED, work__judged_at__lte=before)
    settled |= Q(work__state=State.WITHDRAWN, work__changed_at__lte=before)
    settled |= Q(made_at__lte=timezone.now() - SOUND_KEPT_UNJUDGED)
    return Consent.objects.filter(
        settled, ~Exists(still), made_at__lte=before, work__person__organisation=organisation_id
    )
