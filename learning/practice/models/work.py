"""Somebody's work on a case: where it stands, what they handed in, and what is beside it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

__all__ = ["Consent", "Evidence", "Form", "Observation", "Round", "State", "Step", "Work", "WorkFile"]


class State(models.TextChoices):
    """Curriculum 3.g. What leads from one to the next stands in `learning.practice.flow`."""

    GIVEN = "toegewezen", _("toegewezen")
    PREPARED = "voorbereid", _("voorbereid")
    HELD = "gevoerd", _("gevoerd")
    HANDED_IN = "ingediend", _("ingeleverd")
    READING = "in_beoordeling", _("in beoordeling")
    RETURNED = "teruggegeven", _("teruggegeven met een vraag")
    REVISED = "herzien", _("herzien")
    ENOUGH = "voldoende", _("voldoende")
    GOES_ON = "loopt_door", _("loopt door")
    WITHDRAWN = "ingetrokken", _("ingetrokken")


class Form(models.TextChoices):
    """How somebody shows what they did (curriculum 3.g, bewijsvormen)."""

    TEXT = "tekst", _("reflectie in tekst")
    SPOKEN = "gesproken", _("ingesproken reflectie")
    OBSERVED = "observatie", _("observatie door een collega")
    RECORDED = "opname", _("opname met toestemming van iedereen")


class Work(models.Model):
    """What one person does with one assignment.

    It belongs to a group: its trainers are who may read what is handed in. `round`: rounds handed in so far. `due_on`
    is the last day; after it nothing is refused. `waiting_since`: since when somebody waits for a trainer, else None.
    `assessor`: the trainer who took it up, or to whom it was handed over. `sealed_draft`: what isn't handed in yet
    (`learning.practice.drafts`), read by nobody else; `draft_version` counts its changes, so that two tabs find each
    other. `score`: the mean level of the last verdict / 4, None before.

    Personal data: what somebody does and how far they are; a draft of a talk with a third person, sealed.
    Kept: RETENTION_PRACTICE_MONTHS after it was judged or last changed (curriculum 4.5).
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey("learning.Assignment", models.CASCADE, related_name="works")
    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="works")
    group = models.ForeignKey("learning.Group", models.PROTECT, related_name="works")
    state = models.CharField(max_length=16, choices=State, default=State.GIVEN)
    round = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    extended = models.PositiveSmallIntegerField(default=0)
    held_on = models.DateField(null=True)
    waiting_since = models.DateTimeField(null=True)
    assessor = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    score = models.FloatField(null=True)
    judged_at = models.DateTimeField(null=True)
    sealed_draft = models.BinaryField(null=True)
    draft_version = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "person"], name="one_work_an_assignment"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_state_of_work"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="a_work_score_from_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.HANDED_IN, State.REVISED, State.READING], waiting_since__isnull=False)
                | (~Q(state__in=[State.HANDED_IN, State.REVISED, State.READING]) & Q(waiting_since__isnull=True)),
                name="who_waits_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "waiting_since"], name="work_that_waits"),
            models.Index(fields=["person", "state"], name="work_of_a_person"),
        ]


class Round(models.Model):
    """What was handed in: never changed. Sealed is all that was written (`learning.practice.drafts`).

    `own_levels`: {criterion: 1 to 4}, how somebody saw themselves before any feedback. `forms`: how it is shown.
    `learning_level`: at which of the four (`rules.LearningLevel`) they say it was; "" of rounds from before that was
    asked.

    Personal data: what somebody did in a talk and how they saw it; words sealed.
    Kept: with the work.
    """

    work = models.ForeignKey(Work, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    own_levels = models.JSONField(default=dict)
    forms = models.JSONField(default=list)
    learning_level = models.CharField(max_length=20, blank=True, default="")
    handed_in_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "number"], name="one_round_of_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="rounds_count_from_one"),
        ]


class Evidence(models.Model):
    """Sound that belongs to a work: in its draft while it has no `round`. Without `file` it was wiped; what was written
    down of a spoken reflection, and what others remarked at moments of it, stays.

    Personal data: a voice (in `learning.files`), a written version of it, sealed; class D (curriculum 3.g).
    Kept: the sound RETENTION_SOUND_DAYS after it was judged, or until its maker deletes it; of a talk, all of it goes
    then.
    """

    work = models.ForeignKey(Work, models.CASCADE, related_name="evidence")
    round = models.ForeignKey(Round, models.CASCADE, null=True, related_name="evidence")
    form = models.CharField(max_length=12, choices=Form)
    file = models.OneToOneField("learning.StoredFile", models.SET_NULL, null=True, related_name="+")
    sealed_captions = models.BinaryField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=[Form.SPOKEN, Form.RECORDED]), name="evidence_is_sound"),
        ]


class Consent(models.Model):
    """Somebody who took part in a talk said yes to recording it: by function, how they said so, and when.

    Personal data: of a third person, sealed; class D.
    Kept: with the recording, RETENTION_SOUND_DAYS after it was judged.
    """

    work = models.ForeignKey(Work, models.CASCADE, related_name="consents")
    sealed = models.BinaryField()
    given_on = models.DateField()
    made_at = models.DateTimeField()


class Observation(models.Model):
    """A colleague without an account was asked what they saw: one link, that shows one thing.

    The link itself isn't kept, only what it makes when hashed. `sealed_asked`: what the learner wrote with it.
    `sealed`: what was seen.

    Personal data: words of and about somebody, sealed.
    Kept: with the work.
    """

    work = models.ForeignKey(Work, models.CASCADE, related_name="observations")
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_asked = models.BinaryField()
    sealed = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)


class Step(models.Model):
    """A step that a work went: what happened, by whom, from where to where. Written with the step itself.

    Personal data: who did what when.
    Kept: with the work.
    """

    work = models.ForeignKey(Work, models.CASCADE, related_name="steps")
    event = models.CharField(max_length=20)
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()


class WorkFile(models.Model):
    """A whole case as a PDF, for the learner's own file: asked for, then made by a job. `sealed` is the file.

    Personal data: all that was written about a work, sealed.
    Kept: a day after it was made.
    """

    work = models.OneToOneField(Work, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at=None, sealed=None) | Q(made_at__isnull=False, sealed__isnull=False),
                name="a_made_file_of_work_is_there",
            )
        ]
