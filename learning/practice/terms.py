"""How long what this room keeps of people is kept (curriculum 4.5): a case for its term, sound for its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.people.retention import GONE, HOUSE, PRACTICE, SHORT, SOUND, deleted, falls_under, wipes
from learning.practice.models import (
    Assessment,
    Assignment,
    Calibration,
    Case,
    CaseVersion,
    Comment,
    Consent,
    Evidence,
    Note,
    Objection,
    Observation,
    Phrase,
    Round,
    Step,
    Work,
    WorkFile,
)
from learning.practice.services import evidence, keeping
from learning.runtime import forgetting

falls_under(PRACTICE, Work, Round, Assessment, Comment, Objection, Note, Observation, Step)
falls_under(PRACTICE, Assignment, said=_("%(term)s nadat de case is uitgezet, en tot niemand er meer aan werkt"))
falls_under(SOUND, Evidence, Consent)
falls_under(SHORT, WorkFile, said=_("een dag nadat hij gemaakt is"))
falls_under(HOUSE, Case, CaseVersion)
falls_under(GONE, Phrase, said=_("tot je ze wist, of tot %(term)s nadat je hier weg bent"))
falls_under(GONE, Calibration)

wipes(SOUND, due=evidence.without_sound)(deleted)
wipes(SOUND, due=evidence.consents_settled)(deleted)
wipes(PRACTICE, due=keeping.old_works)(keeping.forget)
wipes(PRACTICE, due=keeping.left_without_work)(deleted)
forgetting.still_busy(keeping.practises)
