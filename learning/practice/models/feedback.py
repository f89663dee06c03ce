"""What others say of a round, and what trainers keep for themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

__all__ = ["Assessment", "Calibration", "Comment", "Note", "Objection", "Part", "Phrase", "Stage", "Verdict"]


class Part(models.TextChoices):
    """As what somebody reads a round."""

    PEER = "peer", _("collega uit de groep")
    TRAINER = "trainer", _("trainer")
    SECOND = "tweede", _("tweede beoordelaar")
    OBJECTION = "bezwaar", _("beoordelaar na een bezwaar")


class Stage(models.TextChoices):
    ASKED = "gevraagd", _("gevraagd")
    BUSY = "bezig", _("bezig")
    TO_READ = "ter_lezing", _("ligt bij de tweede lezer")
    GIVEN = "gegeven", _("gegeven")
    DECLINED = "afgezien", _("van afgezien")


class Verdict(models.TextChoices):
    """What a trainer gives back."""

    RETURN = "terug", _("terug met een vraag")
    ENOUGH = "voldoende", _("voldoende")
    GO_ON = "loopt_door", _("loopt door")


class Assessment(models.Model):
    """One reader of one round: a level per criterion, with what they saw and what they ask.

    `levels`: {criterion: 1 to 4}. `sealed`: the words (`learning.practice.feedback`). The learner sees it once it is
    GIVEN, and nobody's before they rated themselves. `learning_level`: at which of the four a trainer says it was
    (curriculum 4.2), "" of who isn't asked and of what was given before. `reader`: who reads along before it is given.
    Of a peer's it can be hidden by a trainer, with a reason.

    Personal data: what one person thinks of another's work; words sealed.
    Kept: with the work.
    """

    round = models.ForeignKey("learning.Round", models.CASCADE, related_name="assessments")
    work = models.ForeignKey("learning.Work", models.CASCADE, related_name="assessments")
    person = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="assessments")
    part = models.CharField(max_length=8, choices=Part)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.BUSY)
    levels = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    learning_level = models.CharField(max_length=20, blank=True, default="")
    reader = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    file = models.OneToOneField("learning.StoredFile", models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey("learning.Person", models.SET_NULL, null=True, related_name="+")
    sealed_hidden_reason = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person", "part"], name="one_reading_a_round"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="a_part_we_know"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="a_stage_we_know"),
            models.CheckConstraint(
                condition=Q(stage=Stage.GIVEN, given_at__isnull=False) | ~Q(stage=Stage.GIVEN),
                name="what_was_given_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | Q(part=Part.PEER), name="only_a_peer_is_hidden"
            ),
        ]
        indexes = [models.Index(fields=["person", "stage"], name="readings_of_a_person")]


class Comment(models.Model):
    """A remark at a moment in sound (`evidence`, `second`) or at a passage of text (`field`, from `start` to `end`).

    Personal data: words about somebody's work, sealed.
    Kept: with the assessment.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="comments")
    evidence = models.ForeignKey("learning.Evidence", models.CASCADE, null=True, related_name="comments")
    second = models.FloatField(null=True)
    field = models.CharField(max_length=80, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence__isnull=False, second__gte=0, field="", start__isnull=True, end__isnull=True)
                | (Q(evidence__isnull=True, second__isnull=True) & ~Q(field="") & Q(end__gt=models.F("start"))),
                name="a_comment_is_at_one_place",
            ),
        ]


class Objection(models.Model):
    """ "Dit klopt niet" (curriculum 4.3): goes to a second assessor, whose reading is an Assessment of its own.

    Personal data: what somebody disagrees with and why, sealed.
    Kept: with the assessment.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="objection")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    answer = models.OneToOneField(Assessment, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    changed = models.BooleanField(null=True)


class Note(models.Model):
    """What a trainer keeps for themselves about a work. Read by nobody else.

    Personal data: words about somebody, sealed.
    Kept: with the work, or until the trainer is erased.
    """

    work = models.ForeignKey("learning.Work", models.CASCADE, related_name="notes")
    trainer = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "trainer"], name="one_note_a_trainer")]


class Phrase(models.Model):
    """A sentence that a trainer uses more often: their own bank of comments.

    Personal data: who wrote it; nothing of others.
    Kept: until the trainer deletes it.
    """

    trainer = models.ForeignKey("learning.Person", models.CASCADE, related_name="phrases")
    text = models.TextField()
    used = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()


class Calibration(models.Model):
    """How a trainer rated a worked example before their first assessment. `example`: its key in the content.

    Personal data: how a trainer rates.
    Kept: as long as they are a trainer here.
    """

    trainer = models.ForeignKey("learning.Person", models.CASCADE, related_name="+")
    example = models.CharField(max_length=200)
    levels = models.JSONField()
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trainer", "example"], name="an_example_once")]
