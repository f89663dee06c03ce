"""Evidence, the level that follows from it, and who may see it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from learning.competences.rules import LearningLevel, Source

__all__ = [
    "Deelkaart",
    "DeelkaartView",
    "EvidenceItem",
    "EvidenceObjection",
    "Framework",
    "FrameworkMapping",
    "HRBasis",
    "Look",
    "Reached",
    "ShownFigure",
    "ShownMeasure",
    "ShownOf",
    "Stale",
    "TrackForTeam",
]


class Framework(models.Model):
    """The ten competences, their four levels of behaviour and the four learning levels (curriculum 4.1, 4.2), as they
    were at some time: never changed. The newest counts. `document`: see `learning.competences.framework`; what was
    there before can come back, as a newer version with the same `content_hash`.

    Personal data: none.
    Kept: for good; a level says by which version it was found.
    """

    number = models.PositiveIntegerField(unique=True)
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()


class FrameworkMapping(models.Model):
    """A competence of ours beside one of another framework (the national government's, an organisation's own).

    Personal data: none.
    Kept: until HR changes it.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    competence = models.CharField(max_length=4)
    framework = models.CharField(max_length=200)
    code = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "competence", "framework", "label"], name="one_mapping_to_a_label"
            )
        ]


class EvidenceItem(models.Model):
    """What somebody showed of one competence, once: never changed (curriculum 4.3).

    `key` tells it from every other of this person and is made from what it came from, so that the same history gives
    the same items: "beslissing:dialoogprincipes/sim-1:1:C1". `score` is from 0 to 1. `assessor`: the person it rests
    on, for what a person judged. Of somebody themselves and of peers (`zelf`, `peer`), which count for no level, rows
    go when what they came from was taken back or hidden.

    Personal data: what somebody can do, and who said so.
    Kept: as long as the person is here, and RETENTION_GONE_DAYS; older than 24 months it turns grey (curriculum 4.3).
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="evidence_items")
    key = models.CharField(max_length=200)
    competence = models.CharField(max_length=4)
    source = models.CharField(max_length=12)
    activity = models.CharField(max_length=160)
    attempt = models.PositiveIntegerField()
    situation = models.CharField(max_length=80, blank=True)
    score = models.FloatField()
    learning_level = models.CharField(max_length=20)
    on = models.DateField()
    confirmed = models.BooleanField(default=False)
    prior = models.BooleanField(default=False)
    assessor = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="evidence_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="evidence_from_0_to_1"),
            models.CheckConstraint(
                condition=Q(source__in=[source.value for source in Source]), name="a_source_we_know"
            ),
            models.CheckConstraint(
                condition=Q(learning_level__in=[level.value for level in LearningLevel]),
                name="a_learning_level_we_know",
            ),
        ]
        indexes = [models.Index(fields=["person", "competence", "on"], name="evidence_of_a_person")]


class EvidenceObjection(models.Model):
    """ "Dit klopt niet": somebody disagrees with an item of their own, and a second assessor looks (curriculum 4.3).

    Personal data: what somebody disagrees with and why, sealed.
    Kept: with the evidence.
    """

    item = models.OneToOneField(EvidenceItem, models.CASCADE, related_name="objection")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    assessor = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    sealed_answer = models.BinaryField(null=True)
    decided_at = models.DateTimeField(null=True)
    # None while it is open; False: the item doesn't count any more.
    stands = models.BooleanField(null=True)


class Reached(models.Model):
    """The level somebody reached in a competence, as it was last worked out; worked out anew from evidence it is the
    same. `learning_levels`: where there is accepted evidence, for breadth, as one letter each ("io", see
    `services.evidence.LETTERS`). `series`: means from 1 to 4 of {"zelf", "peer", "trainer"} where there are any.

    Personal data: what somebody can do.
    Kept: with the evidence.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="reached")
    competence = models.CharField(max_length=4)
    level = models.PositiveSmallIntegerField()
    learning_levels = models.CharField(max_length=4, blank=True)
    series = models.JSONField(default=dict)
    rule_version = models.PositiveIntegerField()
    worked_out_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "competence"], name="one_level_a_competence"),
            models.CheckConstraint(condition=Q(level__lte=4), name="four_levels"),
        ]


class Stale(models.Model):
    """Somebody whose level must be worked out anew. Written with what made it so.

    Personal data: that something changed in somebody's learning.
    Kept: until that was done, mostly seconds.
    """

    person = models.OneToOneField("learning.Person", models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField()


class ShownFigure(models.Model):
    """What may be shown of a team (of the whole organisation without one), as `learning.competences.privacy` made it:
    `bins` is [[[values], people], …], each of k people or more. `row` is the number of the team, 0 for the whole, and
    below 0 for what is taken together inside a team (-1 - its number). `period` is a half-year ("2026H2"); of a team
    that was reorganised stays what was shown before, under the `name` and in the place (`parent`, a row) it had then.

    Personal data: none, by how it is made.
    Kept: for good, as the history of an organisation.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    row = models.IntegerField()
    parent = models.IntegerField(null=True)
    name = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=6)
    kind = models.CharField(max_length=60)
    competence = models.CharField(max_length=4, blank=True)
    bins = models.JSONField()
    n = models.PositiveIntegerField()
    k = models.PositiveSmallIntegerField()
    shown_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "competence", "row", "period"], name="one_figure_of_a_row"
            ),
            models.CheckConstraint(condition=Q(n__gte=5, k__gte=5), name="nothing_below_five_people"),
        ]
        indexes = [
            models.Index(fields=["organisation", "kind", "competence", "period", "parent"], name="figures_in_a_row")
        ]


class ShownMeasure(models.Model):
    """A measure of effect (curriculum 6.2) as it may be shown of a whole organisation: `name`, of a `module` ("" of
    all), in a half-year. `facts`: what it says; `n`: of how many people; `of`: of how many it could have been.

    Personal data: none, by how it is made.
    Kept: for good, as the history of an organisation.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    period = models.CharField(max_length=6)
    name = models.CharField(max_length=40)
    module = models.CharField(max_length=50, blank=True)
    facts = models.JSONField()
    n = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    shown_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "period", "name", "module"], name="one_measure_of_a_name"),
            models.CheckConstraint(condition=Q(n__gte=5), name="no_measure_below_five_people"),
        ]


class ShownOf(models.Model):
    """That somebody is in a row of the figures that are shown now, and with which values: a character for each column
    of the table, "-" where they aren't in that figure, a capital where they were in it before. Who was in a row before
    many of them went, is kept under a number of its own. Only to know how many people changed since; never shown.

    Personal data: levels, progress and team, as they were when figures were last shown.
    Kept: with the person; what is shown anew takes the place of what was.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    table = models.CharField(max_length=60)
    row = models.IntegerField()
    values = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "table", "row"], name="once_in_a_row")]


class Deelkaart(models.Model):
    """What somebody chose to show of themselves: to whom, what for, until when (curriculum 4.5).

    `shows`: what the recipient sees, as it was in the preview and never more (`learning.competences.cards`).
    `recipient`: a colleague here.

    Personal data: what somebody can do, as they chose to show it; their purpose, sealed.
    Kept: until RETENTION_CARDS_DAYS after `ends_on` (at most a year) or after it was taken back, so that its maker can
    read who looked.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="deelkaarten")
    recipient = models.ForeignKey("learning.Person", models.CASCADE, related_name="deelkaarten_received")
    sealed_purpose = models.BinaryField()
    shows = models.JSONField()
    made_at = models.DateTimeField()
    ends_on = models.DateField()
    taken_back_at = models.DateTimeField(null=True)


class DeelkaartView(models.Model):
    """A deelkaart was looked at; its maker can read so.

    Personal data: who looked when.
    Kept: with the deelkaart.
    """

    card = models.ForeignKey(Deelkaart, models.CASCADE, related_name="views")
    at = models.DateTimeField()


class HRBasis(models.Model):
    """What an organisation arranged before HR may look (curriculum 4.5): the legal basis, the assessment of data
    protection, and what the works council agreed. Recorded by beheer; without it the pages of HR are shut.

    Personal data: who recorded it.
    Kept: as long as the organisation is here; a newer one takes its place, the old ones stay.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    legal_basis = models.TextField()
    dpia_on = models.DateField()
    agreement_on = models.DateField()
    recorded_by = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class TrackForTeam(models.Model):
    """A leerlijn that a team (with those in it) follows, from when to when. `required`: a formal demand of the job,
    told to its people on `announced_on`; only then HR sees certificates of persons (curriculum 4.5).

    Personal data: none.
    Kept: as long as the team.
    """

    track = models.ForeignKey("learning.Track", models.CASCADE, related_name="+")
    team = models.ForeignKey("learning.Team", models.CASCADE, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    required = models.BooleanField(default=False)
    announced_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "team"], name="a_track_once_a_team"),
            models.CheckConstraint(
                condition=Q(required=False) | Q(announced_on__isnull=False), name="what_is_required_was_announced"
            ),
        ]


class Look(models.Model):
    """Somebody looked at others (curriculum 4.5), HR at figures or a trainer at the levels of their group: which page,
    with which choices. Never changed, and open to the works council.

    Personal data: what somebody in HR, or a trainer, looked at, and when; of a group never at whom.
    Kept: RETENTION_LOOKS_MONTHS.
    """

    person = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    page = models.CharField(max_length=40)
    choices = models.JSONField(default=dict)
    at = models.DateTimeField()
