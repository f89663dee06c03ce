"""What a group made of the exercises of a module, for its trainer (curriculum 2.1-2.4, 3.u, 4.5; docs/decisions/17).

Never who, never own words, and of class A only, or of what is private while its figures aren't (6.2). Three rules keep
a person from being worked out: all is counted in whole fives, in the order in which people were done, so a figure
changes by five people or not at all; what one person alone chose isn't named; and of two groups of one trainer that
differ by fewer than five people only one is told. Of what is private these fives are made once (`fives`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation

from learning.people.models import Group, Person
from learning.runtime import fives
from learning.runtime.blocks import attempt_place, load_block, opened_answers
from learning.runtime.queries import FirstAttempt, first_attempts
from learning.tracks import queries as tracks
from learning.tracks.content import Activity, Edition, Unit
from learning.tracks.groups import queries as groups
from modules.blocks.base import said
from modules.blocks.figures import FIVE, Table, for_trainer, in_fives


@dataclass(frozen=True)
class Exercise:
    """`n`: people who are counted, a whole number of fives; 0 where nothing is told. `near`: it could be told, but
    another group of this trainer has almost the same people. `once`: each answer counts in one group only."""

    activity: Activity
    n: int
    tables: tuple[Table, ...]
    near: bool = False
    once: bool = False

    @property
    def to_look_at(self) -> int:
        return sum(row.look for table in self.tables for row in table.rows)


def exercises_of(trainer: Person, group: Group, edition: Edition) -> list[tuple[Unit, list[Exercise]]]:
    """Per unit that has any. Two queries, however many activities and people; one more where some are private, and for
    each edition the process hasn't met yet. A look that makes fives of what is private writes them down."""
    there = [(unit, activity) for unit, activity in edition.activities() if _is_told(activity)]
    learners = groups.learners_beside(trainer, group)
    done = _by_activity(first_attempts(set().union(*learners.values()), [activity.usage for _, activity in there]))
    about = {
        activity.usage: [attempt for attempt in done.get(activity.usage, []) if _is_about(attempt, activity, edition)]
        for _, activity in there
    }
    private = _private(
        group,
        {
            activity.usage: [attempt for attempt in about[activity.usage] if attempt.person in learners[group.pk]]
            for _, activity in there
            if load_block(activity.type).together
        },
    )
    units: dict[Unit, list[Exercise]] = {}
    for unit, activity in there:
        if activity.usage in private:
            counted = [attempt for attempt in private[activity.usage] if _is_about(attempt, activity, edition)]
            exercise = Exercise(activity, len(counted), _tables(activity, counted), once=True)
        else:
            exercise = _exercise(activity, group.pk, learners, about[activity.usage])
        units.setdefault(unit, []).append(exercise)
    return list(units.items())


def _private(group: Group, here: Mapping[str, Sequence[FirstAttempt]]) -> Mapping[str, Sequence[FirstAttempt]]:
    """{usage: what is told of it}. `here`: what could be, of who learns in the group now."""
    if not here:
        return {}
    every = [attempt for attempts in here.values() for attempt in attempts]
    found = fives.counted(group, every, here.keys())
    new = [
        free
        for attempts in here.values()
        if in_fives(free := [attempt for attempt in attempts if attempt.number not in found.taken])
    ]
    for free in new:
        fives.count(group, free)
    told = _by_activity((fives.counted(group, every, here.keys()) if new else found).told)
    return {usage: told.get(usage, []) for usage in here}


def _is_told(activity: Activity) -> bool:
    return for_trainer(load_block(activity.type), activity.fields["authored"])


def _by_activity(attempts: Sequence[FirstAttempt]) -> Mapping[str, list[FirstAttempt]]:
    found: dict[str, list[FirstAttempt]] = {}
    for attempt in attempts:
        found.setdefault(attempt.usage, []).append(attempt)
    return found


def _is_about(attempt: FirstAttempt, activity: Activity, edition: Edition) -> bool:
    """Whether it answers what `activity` asks: in another edition the same name may have asked otherwise."""
    if attempt.content_hash == edition.content_hash:
        return True
    then = tracks.edition(attempt.edition, attempt.content_hash).by_key.get(activity.key)
    return then is not None and then[1].type == activity.type and then[1].fields == activity.fields


def _exercise(
    activity: Activity, group: int, learners: Mapping[int, set[int]], attempts: Sequence[FirstAttempt]
) -> Exercise:
    counted = {
        number: in_fives([each for each in attempts if each.person in those]) for number, those in learners.items()
    }
    mine = counted[group]
    if not mine:
        return Exercise(activity, 0, ())
    people = {number: {attempt.person for attempt in those} for number, those in counted.items()}
    if any(_too_near(people[group], those) for number, those in people.items() if number < group):
        return Exercise(activity, 0, (), near=True)
    return Exercise(activity, len(mine), _tables(activity, mine))


def _tables(activity: Activity, counted: Sequence[FirstAttempt]) -> tuple[Table, ...]:
    if not counted:
        return ()
    say = functools.partial(said, translation.get_language() or "nl")
    answers = [opened_answers(each.answers, attempt_place(each.person, each.usage, 1)) for each in counted]
    return tuple(load_block(activity.type).figures(activity.fields["authored"], answers, say))


def _too_near(some: set[int], others: set[int]) -> bool:
    """Whether laying two figures beside each other would tell of fewer than five people."""
    return bool(others) and 0 < len(some ^ others) < FIVE
