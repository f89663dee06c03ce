"""The rows of practice cases: of each talk that somebody held, its assignment, work, rounds and what trainers gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from django.db.models import Model

from config.seeding import bulk, talks
from config.seeding.bulk import Row
from config.seeding.people import Calendar, Somebody
from config.seeding.talks import Levels, Talk
from learning.competences import history
from learning.competences.history import Shown
from learning.people.models import Organisation
from learning.practice.models import Assessment, Assignment, Form, GivenTo, Part, Round, Stage, State, Verdict, Work
from learning.practice.sealed import closed

COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Assignment: (
        "id", "key", "organisation_id", "version_id", "given_by_id", "given_to", "group_id", "people", "variant",
        "message", "starts_on", "due_on", "rounds_max", "peers", "second_reader", "given_at", "ready_at", "total",
        "done",
    ),
    Work: (
        "id", "key", "assignment_id", "person_id", "group_id", "state", "round", "due_on", "extended", "held_on",
        "assessor_id", "score", "judged_at", "draft_version", "made_at", "changed_at",
    ),
    Round: ("id", "work_id", "number", "sealed", "own_levels", "forms", "learning_level", "handed_in_at"),
    Assessment: (
        "id", "round_id", "work_id", "person_id", "part", "stage", "levels", "version", "verdict", "learning_level",
        "asked_at", "given_at",
    ),
}  # fmt: skip
NOON = "12:00:00"
_ROUNDS_MOST = 3


@dataclass(frozen=True)
class Seat:
    """In which group somebody learns, and who trains it: primary keys."""

    group: int
    trainer: int


@dataclass(frozen=True)
class Held:
    """A talk that somebody held, with the primary keys of its rows: `work`, `assignment`, a round each, and what the
    trainer gave (`first`). `second`: {place of a round: what another trainer gave}."""

    who: Somebody
    seat: Seat
    talk: Talk
    work: int
    assignment: int
    rounds: Sequence[int]
    first: Sequence[int]
    second: Mapping[int, int]


class Practice:
    """`trainers`: primary keys. Where there is one, nobody reads a second time."""

    def __init__(
        self, organisation: Organisation, trainers: Sequence[int], calendar: Calendar, random: Random
    ) -> None:  # fmt: skip
        self._organisation, self._trainers, self._calendar, self._random = organisation, trainers, calendar, random

    def numbered(self, those: Sequence[tuple[Somebody, Seat, Talk]]) -> list[Held]:
        rounds = [kept for _who, _seat, talk in those for kept in talk.rounds]
        alone = len(self._trainers) == 1
        twice = 0 if alone else sum(kept.second is not None for kept in rounds)
        works, assignments = bulk.numbers(Work, len(those)), bulk.numbers(Assignment, len(those))
        handed_in, readings = bulk.numbers(Round, len(rounds)), bulk.numbers(Assessment, len(rounds) + twice)
        return [
            Held(
                who, seat, talk, next(works), next(assignments), [next(handed_in) for _kept in talk.rounds],
                [next(readings) for _kept in talk.rounds],
                {at: next(readings) for at, kept in enumerate(talk.rounds) if kept.second is not None and not alone},
            )
            for who, seat, talk in those
        ]  # fmt: skip

    def rows(self, held: Sequence[Held]) -> dict[type[Model], Iterable[Row]]:
        """In the order in which they are written."""
        return {
            Assignment: map(self._assignment, held),
            Work: map(self._work, held),
            Round: (row for each in held for row in self._rounds(each)),
            Assessment: (row for each in held for row in self._readings(each)),
        }

    def shown(self, each: Held) -> list[Shown]:
        """What it is evidence of."""

        def noon(day: int) -> datetime:
            return datetime.fromisoformat(f"{self._calendar.day(each.who, day)}T{NOON}").replace(tzinfo=UTC)

        judged = talks.judged(each.talk, noon, work=each.work, readings=each.first, trainer=each.seat.trainer)
        return history.shown_in(judged)

    def _assignment(self, each: Held) -> Row:
        """To them alone."""
        day, at = self._calendar.day(each.who, each.talk.given), self._moment(each, each.talk.given)
        return (
            each.assignment, bulk.key(self._random), self._organisation.pk, each.talk.case.version, each.seat.trainer,
            str(GivenTo.PERSON), each.seat.group, json.dumps([each.who.number]), "", "", day, self._ends(each),
            _ROUNDS_MOST, 0, 0, at, at, 1, 1,
        )  # fmt: skip

    def _work(self, each: Held) -> Row:
        talk, judged = each.talk, self._moment(each, each.talk.ends)
        return (
            each.work, bulk.key(self._random), each.assignment, each.who.number, each.seat.group, str(State.ENOUGH),
            len(talk.rounds), self._ends(each), 0, self._calendar.day(each.who, talk.rounds[0].handed_in),
            each.seat.trainer, talk.score, judged, 0, self._moment(each, talk.given), judged,
        )  # fmt: skip

    def _rounds(self, each: Held) -> Iterator[Row]:
        level = str(each.talk.learning_level)
        for number, (key, kept) in enumerate(zip(each.rounds, each.talk.rounds, strict=True), 1):
            fields = {"leerniveau": level} | {f"niveau-{criterion}": str(own) for criterion, own in kept.own.items()}
            yield (
                key, each.work, number, closed(fields, "round", each.work, number), json.dumps(kept.own),
                json.dumps([Form.TEXT]), level, self._moment(each, kept.handed_in),
            )  # fmt: skip

    def _readings(self, each: Held) -> Iterator[Row]:
        level, last = str(each.talk.learning_level), len(each.rounds) - 1
        for at, kept in enumerate(each.talk.rounds):
            verdict = Verdict.ENOUGH if at == last else Verdict.RETURN
            number, by = each.first[at], each.seat.trainer
            yield self._reading(each, at, number, by, Part.TRAINER, kept.levels, verdict=verdict, level=level)
            if at in each.second and kept.second is not None:
                yield self._reading(each, at, each.second[at], self._another(each), Part.SECOND, kept.second)

    def _reading(
        self, each: Held, at: int, number: int, by: int, part: Part, levels: Levels, *, verdict: str = "",
        level: str = "",
    ) -> Row:  # fmt: skip
        kept = each.talk.rounds[at]
        return (
            number, each.rounds[at], each.work, by, str(part), str(Stage.GIVEN), json.dumps(levels), 1, str(verdict),
            level, self._moment(each, kept.handed_in), self._moment(each, kept.judged),
        )  # fmt: skip

    def _another(self, each: Held) -> int:
        """A trainer who didn't read it first."""
        others = [trainer for trainer in self._trainers if trainer != each.seat.trainer]
        return others[each.work % len(others)]

    def _ends(self, each: Held) -> str:
        return self._calendar.day(each.who, each.talk.ends)

    def _moment(self, each: Held, day: int) -> str:
        return self._calendar.moment(each.who, day, NOON)
