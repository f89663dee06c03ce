"""What this room keeps of people. A work goes with whose it is, and with it all that others said of it; what somebody
said of the work of others stays theirs, without a name.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from jobs.models import OPEN
from learning.files.models import StoredFile
from learning.files.personal import sound, wipe
from learning.notices.models import Notice
from learning.people.models import Person
from learning.people.personal import (
    Facts,
    NotNow,
    Sound,
    about,
    columns,
    first_wipes,
    goes_along,
    jobs_about,
    personal,
)
from learning.practice.models import (
    Assessment,
    Assignment,
    Calibration,
    Case,
    CaseVersion,
    Comment,
    Consent,
    Evidence,
    GivenTo,
    Note,
    Objection,
    Observation,
    Phrase,
    Round,
    Stage,
    Step,
    Work,
    WorkFile,
)
from learning.practice.sealed import opened
from learning.practice.services.exporting import FORGET, MAKE
from learning.practice.services.giving import TAKE_BACK

_THEIRS = _("Het is van wie het werk maakte; jouw naam gaat eraf.")
_LIBRARY = _("De case blijft voor je collega’s en hun deelnemers; jouw naam gaat eraf.")

# --- somebody's own work


@personal(Work, "person", _("Je praktijkwerk"), along=["assignment__version__case", "group"])
def _work(row: Work) -> Facts:
    return {
        "case": row.assignment.version.case.title,
        "groep": row.group.name,
        **columns(row),
        "draft": (opened(row.sealed_draft, "draft", row.pk) or {}).get("velden", {}),
    }


@personal(Round, "work__person", _("Wat je inleverde"))
def _round(row: Round) -> Facts:
    return {**columns(row), "tekst": opened(row.sealed, "round", row.work_id, row.number)}


@personal(Evidence, "work__person", _("Opnames bij je praktijkwerk"), along=["file"])
def _evidence(row: Evidence) -> Facts:
    """The sound itself is with the files that somebody sent."""
    return {**columns(row), "tekst": opened(row.sealed_captions, "captions", row.pk)}


@personal(Consent, "work__person", _("Wie toestemming gaf voor een opname"))
def _consent(row: Consent) -> Facts:
    return {**columns(row), **opened(row.sealed, "consent", row.pk)}


@personal(Observation, "work__person", _("Wat een collega zag bij je gesprek"))
def _observation(row: Observation) -> Facts:
    return {
        "vraag": opened(row.sealed_asked, "observation_asked", row.token_hash),
        "zag": opened(row.sealed, "observation", row.pk),
        **columns(row),
    }


def _given(row: Assessment) -> bool:
    """As on the page of the work: what isn't given yet, or was hidden for the harm it did, they don't read."""
    return row.stage == Stage.GIVEN and row.hidden_at is None


def _said_of(row: Assessment) -> Sound | None:
    return sound(row.file) if _given(row) else None


@personal(Assessment, "work__person", _("Wat anderen van je werk vonden"), along=["file"], sound=_said_of)
def _assessed(row: Assessment) -> Facts:
    if not _given(row):
        return columns(row, "levels", "verdict", "learning_level")
    words: dict[str, Any] = dict(opened(row.sealed, "assessment", row.pk) or {})
    words.pop("lezer", None)  # between trainers
    return {**columns(row), **words}


@personal(Comment, "assessment__work__person", _("Opmerkingen bij je werk"), along=["assessment"])
def _commented(row: Comment) -> Facts:
    return {**columns(row), **(_comment(row) if _given(row.assessment) else {})}


def _comment(row: Comment) -> Facts:
    return dict(opened(row.sealed, "comment", row.pk))


@personal(Objection, "assessment__work__person", _("Je bezwaren"))
def _objection(row: Objection) -> Facts:
    return {"waarom": opened(row.sealed, "objection", row.assessment_id), **columns(row)}


# A trainer was promised that nobody else reads them: that they are there, not what is in them.
personal(Note, "work__person", _("Dat een trainer iets voor zichzelf opschreef"))(columns)
personal(Step, "work__person", _("De stappen van je werk"))(columns)
personal(WorkFile, "work__person", _("Je praktijkwerk als pdf: een dag lang"))(columns)

# --- what somebody did as a trainer or a peer

personal(Work, "assessor", _("Werk dat je in behandeling had"), stays=_THEIRS, but="person")(columns)


@personal(Assessment, "person", _("Wat jij van het werk van anderen vond"), stays=_THEIRS, but="work__person")
def _wrote(row: Assessment) -> Facts:
    return {**columns(row), **(opened(row.sealed, "assessment", row.pk) or {})}


@personal(Comment, "assessment__person", _("Je opmerkingen bij het werk van anderen"), stays=_THEIRS,
          but="assessment__work__person")  # fmt: skip
def _remarked(row: Comment) -> Facts:
    return {**columns(row), **_comment(row)}


personal(Assessment, "reader", _("Beoordelingen die je meelas"), stays=_THEIRS, but="work__person")(columns)
personal(Assessment, "hidden_by", _("Feedback die je verborg"), stays=_THEIRS, but="work__person")(columns)
personal(Step, "by", _("Wat je deed met het werk van anderen"), stays=_THEIRS, but="work__person")(columns)


@personal(Note, "trainer", _("Wat je voor jezelf opschreef over werk"))
def _note(row: Note) -> Facts:
    return {**columns(row), "tekst": opened(row.sealed, "note", row.work_id, row.trainer_id)}


personal(Phrase, "trainer", _("Je eigen zinnen"))(columns)
personal(Calibration, "trainer", _("Hoe je oefende met beoordelen"))(columns)
personal(Case, "made_by", _("Cases die je maakte"), stays=_LIBRARY)(columns)
personal(CaseVersion, "made_by", _("Versies van cases die je maakte"), stays=_LIBRARY)(columns)


@personal(Assignment, "given_by", _("Cases die je uitzette"), stays=_("Wie eraan werkt, gaat door; jouw naam gaat "
          "eraf, je bericht blijft."))  # fmt: skip
def _assignment(row: Assignment) -> Facts:
    return columns(row, "people")


# --- erasing


@first_wipes
def _wipe_what_was_said(person: Person) -> None:
    """What trainers said aloud of their work is theirs by hand and about them by content."""
    wipe(*StoredFile.objects.filter(pk__in=Assessment.objects.filter(work__person=person).values("file")))


@goes_along
def _leave_no_number(person: Person) -> None:
    """Numbers that no key of the database knows of: in whom a case was given to, and in what others were told."""
    given = Assignment.objects.filter(
        organisation=person.organisation_id, given_to__in=[GivenTo.PERSON, GivenTo.SELECTION]
    )
    for assignment in given.select_for_update().only("people").iterator():
        if person.pk in assignment.people:
            assignment.people = [number for number in assignment.people if number != person.pk]
            assignment.save(update_fields=["people"])
    # What they took back must still be taken back, by their number.
    if jobs_about(person).filter(OPEN, kind=TAKE_BACK).exists():
        raise NotNow("what they gave out is still being taken back")
    works = list(Work.objects.filter(person=person).values_list("pk", flat=True))
    Notice.objects.filter(kind__startswith="praktijk.", facts__work__in=works).delete()


about(TAKE_BACK, "by", Person, "pk")
about(MAKE, "work", Work, "person")
about(FORGET, "file", WorkFile, "work__person")
