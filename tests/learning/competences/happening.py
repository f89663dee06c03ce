"""A small organisation in which things happen by chance: what is worked out as it comes must be what everything anew
would give. `script/bench happening` lets ten thousand of them happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from learning.competences import history
from learning.competences.models import EvidenceItem, EvidenceObjection
from learning.competences.rules import LearningLevel
from learning.competences.services import evidence, objecting, rebuilding
from learning.competences.services.rebuilding import Difference
from learning.people.models import Person
from learning.practice.models import State, Verdict, Work
from learning.runtime.models import Attempt
from learning.tracks.models import ModuleEdition
from tests.factories import OrganisationFactory, PersonFactory, enrolled
from tests.factories.practice import assignment_in, group_of, handed_in, judged, trainer_in, work_of

QUIZZES = ("quiz-1-1", "quiz-1-2", "quiz-2-1", "quiz-2-2")
WORDS = "Ik zie hier iets anders in."


class Happening:
    """`edition`: one of `tests.factories.published`, with two units of two quizzes."""

    def __init__(self, edition: ModuleEdition, random: Random, *, people: int = 8) -> None:
        organisation = OrganisationFactory.create()
        self.random, self.edition = random, edition
        self.people: list[Person] = PersonFactory.create_batch(people, organisation=organisation)
        self.trainers = [trainer_in(organisation, name=name) for name in ("Tine", "Bo")]
        self.group = group_of(*self.people, trainer=self.trainers[0])
        for person in self.people:
            enrolled(person, edition)
        self.now = timezone.now() - timedelta(days=500)
        self.tries: dict[tuple[int, str], int] = {}
        self.waiting: list[Work] = []
        self.returned: list[Work] = []

    def happen(self, times: int) -> None:
        events: dict[Callable[[], None], int] = {
            self.somebody_tries: 50,
            self.a_job_works_out: 25,
            self.somebody_looks: 8,
            self.somebody_hands_in: 6,
            self.a_trainer_judges: 6,
            self.somebody_disagrees: 2,
            self.another_trainer_looks: 2,
            self.all_is_worked_out_anew: 1,
        }
        for event in self.random.choices(list(events), list(events.values()), k=times):
            event()

    def somebody(self) -> Person:
        return self.random.choice(self.people)

    @transaction.atomic
    def somebody_tries(self) -> None:
        person, quiz = self.somebody(), self.random.choice(QUIZZES)
        number = self.tries[person.pk, quiz] = self.tries.get((person.pk, quiz), 0) + 1
        Attempt.objects.create(
            person=person, usage=f"{self.edition.module.slug}/{quiz}", edition=self.edition, number=number, answers={},
            score=self.random.randint(0, 8) / 8, created_at=self._later(),
        )  # fmt: skip
        evidence.make_stale(person.pk)

    def _later(self) -> datetime:
        """Never before what happened already, and never in days to come."""
        self.now = min(self.now + timedelta(minutes=self.random.randint(1, 2_000)), timezone.now())
        return self.now

    def a_job_works_out(self) -> None:
        evidence.work_out_stale(self.random.randrange(16))

    def somebody_looks(self) -> None:
        evidence.work_out(self.somebody().pk)

    def somebody_hands_in(self) -> None:
        """A first round, or one more of what came back."""
        again = bool(self.returned) and self.random.random() < 0.5
        work = self.returned.pop() if again else work_of(self.somebody(), assignment_in(self.group))
        self.waiting.append(handed_in(work, leerniveau=self.random.choice(list(LearningLevel))))

    def a_trainer_judges(self) -> None:
        if not self.waiting:
            return
        work, level = self.waiting.pop(self.random.randrange(len(self.waiting))), self.random.randint(1, 4)
        more = work.round < work.assignment.rounds_max
        given = judged(
            work,
            self.trainers[0],
            Verdict.ENOUGH if level >= 3 else Verdict.RETURN if more else Verdict.GO_ON,
            level=level,
            learning_level=self.random.choice(list(LearningLevel)),
        )
        if given.state == State.RETURNED:
            self.returned.append(given)

    def somebody_disagrees(self) -> None:
        items = EvidenceItem.objects.filter(person__in=self.people, objection=None).exclude(source__in=evidence.BESIDE)
        if found := list(items.order_by("pk")):
            objecting.object_to(self.random.choice(found), words=WORDS)

    def another_trainer_looks(self) -> None:
        if held := list(EvidenceObjection.objects.filter(decided_at=None).order_by("pk")):
            stands = self.random.random() < 0.5
            objecting.answer(self.random.choice(held).pk, by=self.trainers[1], stands=stands, words=WORDS)

    def all_is_worked_out_anew(self) -> None:
        rebuilding.rebuild(self.somebody().pk)

    def differences(self) -> list[Difference]:
        """When all jobs are done, from what everything anew gives."""
        for lane in range(16):
            evidence.work_out_stale(lane)
        found = [each for person in self.people for each in rebuilding.differences(person.pk)]
        for person in self.people:
            told = {each.key for each in history.of(person.pk)}
            kept = set(EvidenceItem.objects.filter(person=person).values_list("key", flat=True))
            found += [Difference(person.pk, key, "te veel") for key in kept - told]
        return found
