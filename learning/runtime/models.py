"""What a learner's activities remember."""

from __future__ import annotations

from django.db import models

__all__ = ["Attempt", "BlockState", "CohortFigures", "CountedAnswer"]


class BlockState(models.Model):
    """The state of one activity for one person, across editions. `usage`: "dialoogprincipes/lens-1".

    "*/selfcheck" is what a type remembers in all modules (XBlock's Scope.preferences).

    `data` is JSON of the fields that aren't private; `sealed` the private ones, encrypted (`learning.sealing`) with the
    row's identity bound in, so it can't be read from a database alone or moved to another row. What somebody handed in
    to a trainer is in `data`, sealed by itself (`blocks.lent_names`).

    Personal data: answers (`data`), with what was handed in until it is taken back; what somebody wrote for themselves
    (`sealed`, no read path for others).
    Kept: with the enrolment; `sealed` until the learner deletes it, or the day that `wipe_on` or `expires_on` in
    `data` names.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="block_states")
    usage = models.CharField(max_length=160)
    data = models.TextField()
    sealed = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "usage"], name="one_state_an_activity")]


class Attempt(models.Model):
    """A complete attempt: written once, never changed. The first counts as evidence for simulators and fragments.

    `answers` is JSON without free text; of a type with `sealed_attempts` it is encrypted, and only counted.

    Personal data: answers and score.
    Kept: with the enrolment; of a type that its learner may take back (`wiping.erase_type`) until they do.
    """

    person = models.ForeignKey("learning.Person", models.CASCADE, related_name="attempts")
    usage = models.CharField(max_length=160)
    edition = models.ForeignKey("learning.ModuleEdition", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    score = models.FloatField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "usage", "number"], name="one_attempt_of_a_number")]


class CountedAnswer(models.Model):
    """That a private answer is counted in the figures of a group, with four others (`learning.runtime.fives`). Made
    once, never changed. `five`: the attempt that was first of them, as the name of all five. Of a group that is gone it
    stays, so that it isn't counted again.

    Personal data: in which group an answer of somebody is counted.
    Kept: with the attempt.
    """

    attempt = models.OneToOneField(Attempt, models.CASCADE, related_name="counted")
    group = models.ForeignKey("learning.Group", models.SET_NULL, null=True, related_name="+")
    five = models.PositiveBigIntegerField()


class CohortFigures(models.Model):
    """What a group made of an activity, counted by a job from first attempts. Shown from five people (curriculum 4.5).

    Personal data: none; a row below five people isn't kept.
    Kept: until counted again.
    """

    organisation = models.ForeignKey("learning.Organisation", models.CASCADE, related_name="+")
    usage = models.CharField(max_length=160)
    n = models.PositiveIntegerField()
    figures = models.JSONField()
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "usage"], name="one_count_an_activity"),
            models.CheckConstraint(condition=models.Q(n__gte=5), name="no_figures_below_five_people"),
        ]
