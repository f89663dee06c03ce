"""A group with a trainer, a case, and work on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from learning.people.models import Group, GroupMember, Organisation, Person, Role, RoleGrant
from learning.practice import documents
from learning.practice.feedback import Words
from learning.practice.models import Assignment, Case, CaseVersion, GivenTo, State, Step, Verdict, Work
from learning.practice.services import doing, reading
from tests.factories import OrganisationFactory, PersonFactory

LEVELS = [
    {"label": "Nog niet zichtbaar", "gedrag": "Vertelt vooral wat hij zelf zei."},
    {"label": "Begin", "gedrag": "Noemt wat de ander zei in eigen woorden."},
    {"label": "Voldoet", "gedrag": "Geeft de woorden van de ander weer."},
    {"label": "Sterk", "gedrag": "Laat zien waaraan te merken was dat de ander zich gehoord voelde."},
]
DOCUMENT: dict[str, Any] = {
    "titel": "Het gesprek bij de sloot",
    "inleiding": "Een gesprek dat je uitstelt.",
    "opdracht": "Voer een gesprek dat je voor je uit schuift.",
    "doel": "Je luistert en bent eerlijk over je mandaat.",
    "voorbereiding": {"minuten": 20, "vragen": ["Met wie? Noem een functie.", "Wat kun je beloven?"]},
    "gesprek": {"minuten": 45, "stappen": ["Vat twee keer samen."]},
    "na": {"minuten": 20, "vragen": ["Wat gebeurde er?", "Wat deed jij?", "Wat deed dat?", "Wat nu?"]},
    "veiligheidscheck": ["Is het veilig om dit alleen te doen?"],
    "inleveren": "Binnen vier weken.",
    "voldoende": "Gemiddeld 2,5 of hoger en geen enkele 1.",
    "bewijsvormen": ["tekst", "gesproken", "observatie", "opname"],
    "rubric": [
        {"id": "luisteren", "naam": "Luisteren", "competentie": "C1", "niveaus": LEVELS},
        {"id": "oordeel", "naam": "Oordeel uitstellen", "competentie": "C2", "niveaus": LEVELS},
        {"id": "stem", "naam": "Eerlijk over mandaat", "competentie": "C3", "niveaus": LEVELS},
    ],
}
CRITERIA = ("luisteren", "oordeel", "stem")


def trainer_in(organisation: Organisation, **named: Any) -> Person:
    trainer = PersonFactory.create(organisation=organisation, **named)
    RoleGrant.objects.create(person=trainer, organisation=organisation, role=Role.TRAINER)
    return trainer


def group_of(*learners: Person, trainer: Person | None = None, name: str = "Leergroep") -> Group:
    """A group made by hand, with a trainer (made when none is given) and these learners."""
    organisation = learners[0].organisation if learners else OrganisationFactory.create()
    group = Group.objects.create(organisation=organisation, name=name)
    trainer = trainer or trainer_in(organisation)
    GroupMember.objects.create(group=group, person=trainer, is_trainer=True)
    GroupMember.objects.bulk_create([GroupMember(group=group, person=learner) for learner in learners])
    return group


def case_of(organisation: Organisation | None = None, *, usage: str = "", **document: Any) -> CaseVersion:
    text = documents.complete({**DOCUMENT, **document})
    case = Case.objects.create(organisation=organisation, usage=usage, title=text["titel"], made_at=timezone.now())
    return CaseVersion.objects.create(
        case=case, number=1, document=text, content_hash=documents.hash_of(text), made_at=timezone.now()
    )


def assignment_in(group: Group, version: CaseVersion | None = None, **settings: Any) -> Assignment:
    today = timezone.localdate()
    return Assignment.objects.create(
        organisation=group.organisation,
        version=version or case_of(group.organisation),
        given_to=GivenTo.GROUP,
        group=group,
        given_at=timezone.now(),
        ready_at=timezone.now(),
        **{"starts_on": today, "due_on": today + timedelta(days=28), **settings},
    )


def work_of(person: Person, assignment: Assignment) -> Work:
    """Just given."""
    assert assignment.group is not None
    now = timezone.now()
    work = Work.objects.create(
        assignment=assignment,
        person=person,
        group=assignment.group,
        due_on=assignment.due_on,
        made_at=now,
        changed_at=now,
    )
    Step.objects.create(work=work, event="geven", after=State.GIVEN, round=0, at=now)
    return work


PREPARATION = {"voorbereiding-0": "Een melkveehouder bij de beek.", "voorbereiding-1": "Niets.", "veilig-0": "ja"}
REPORT = {
    **{f"verslag-{index}": f"Dit gebeurde er bij stap {index} van het gesprek." for index in range(4)},
    **{f"niveau-{criterion}": "2" for criterion in CRITERIA},
    **{f"bewijs-{criterion}": "Ik vatte twee keer samen wat hij zei." for criterion in CRITERIA},
    "leerniveau": "individueel",
}


def held_talk(work: Work) -> Work:
    """Prepared, and the talk held today."""
    today = timezone.localdate().isoformat()
    doing.save(work.pk, {**PREPARATION, "gevoerd": today}, based_on=0)
    doing.prepare(work.pk, by=work.person)
    return doing.hold(work.pk, by=work.person).work


def handed_in(work: Work, **fields: str) -> Work:
    """The first round, or a revision of what was returned. `fields`: what is written otherwise."""
    if work.state == State.GIVEN:
        work = held_talk(work)
    based_on = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    doing.save(work.pk, {**REPORT, **fields}, based_on=based_on)
    return doing.hand_in(work.pk, by=work.person).work


def judged(
    work: Work, trainer: Person, verdict: Verdict, *, level: int = 3, learning_level: str = "individueel"
) -> Work:
    """Read and given back by a trainer, with the same level everywhere."""
    reading_of = reading.take_up(work.pk, by=trainer)
    given = reading.give(
        reading_of.pk,
        by=trainer,
        levels=dict.fromkeys(CRITERIA, level),
        words=Words(saw="Je liet een stilte bestaan.", asks="Wat merkte je toen?"),
        based_on=reading_of.version,
        verdict=verdict,
        learning_level=learning_level,
    )
    assert given.moved is not None
    return given.moved.work
