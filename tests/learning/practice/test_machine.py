"""Whatever three learners and two trainers do, in whatever order: each work is somewhere we know, no round that stands
is lost or changed, and nobody reads what others saw before they said how they see it themselves."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from learning.people import groups
from learning.people.models import GroupMember, Person
from learning.practice.drafts import LEARNING_LEVEL
from learning.practice.feedback import Words
from learning.practice.flow import FLOW, WAITING, Event, after
from learning.practice.models import Assessment, Objection, Part, Round, Stage, State, Step, Verdict, Work
from learning.practice.queries import learner as reads
from learning.practice.queries.evidence import judged_of
from learning.practice.rules import LearningLevel
from learning.practice.sealed import opened
from learning.practice.services import doing, handing_over, moving, objecting, peers, reading
from learning.practice.services.doing import Incomplete, Newer
from learning.practice.services.handing_over import NotTheirs
from learning.practice.services.moving import NotNow
from learning.practice.services.reading import InOtherHands, Stale
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import CRITERIA, PREPARATION, REPORT, assignment_in, group_of, trainer_in, work_of

WHO, WHOM, LEVEL = st.integers(0, 2), st.integers(0, 1), st.integers(1, 4)
REACH, NO_REACH = st.sampled_from(LearningLevel), st.sampled_from(["", "ergens"])
OWN_LOOK = {name: text for name, text in REPORT.items() if name.startswith(("niveau-", "bewijs-", LEARNING_LEVEL))}
TOLD = {name: text for name, text in REPORT.items() if name not in OWN_LOOK}


@contextlib.contextmanager
def may_be_refused() -> Iterator[None]:
    """In one of the ways that every page has words for."""
    with contextlib.suppress(NotNow, Incomplete, Newer, InOtherHands, Stale, NotTheirs):
        yield


class Practice(RuleBasedStateMachine):
    """`stands`: {(work, number): what was handed in}, without what was taken back."""

    @initialize(peers=st.integers(0, 2), rounds=st.integers(1, 3), second=st.booleans())
    def given_out(self, peers: int, rounds: int, second: bool) -> None:
        organisation = OrganisationFactory.create()
        self.trainers = [trainer_in(organisation), trainer_in(organisation)]
        self.learners = PersonFactory.create_batch(3, organisation=organisation)
        self.group = group_of(*self.learners, trainer=self.trainers[0])
        GroupMember.objects.create(group=self.group, person=self.trainers[1], is_trainer=True)
        given = assignment_in(self.group, peers=peers, rounds_max=rounds, second_reader=second)
        self.works = [work_of(learner, given) for learner in self.learners]
        self.stands: dict[tuple[int, int], bytes] = {}

    def now(self, who: int) -> Work:
        return Work.objects.select_related("assignment", "person").get(pk=self.works[who].pk)

    # --- a learner

    @rule(
        who=WHO,
        fields=st.sampled_from(
            [PREPARATION, TOLD, OWN_LOOK, {"gevoerd": "today"}, {"niveau-stem": ""}, {LEARNING_LEVEL: ""}]
        ),
    )
    def writes(self, who: int, fields: dict[str, str]) -> None:
        today = timezone.localdate().isoformat()
        sent = {name: today if text == "today" else text for name, text in fields.items()}
        with may_be_refused():
            doing.save(self.works[who].pk, sent, based_on=self.now(who).draft_version)

    @rule(who=WHO, does=st.sampled_from([doing.prepare, doing.hold, doing.not_held]))
    def steps(self, who: int, does: object) -> None:
        with may_be_refused():
            does(self.works[who].pk, by=self.learners[who])  # type: ignore[operator]

    @rule(who=WHO, reach=REACH)
    def goes_as_far_as_handing_in(self, who: int, reach: str) -> None:
        work = self.now(who)
        written = {**PREPARATION, **REPORT, "gevoerd": timezone.localdate().isoformat(), LEARNING_LEVEL: reach}
        with may_be_refused():
            doing.save(work.pk, written, based_on=work.draft_version)
        for does in (doing.prepare, doing.hold):
            with may_be_refused():
                does(work.pk, by=self.learners[who])
        self.hands_in(who)

    @rule(who=WHO)
    def hands_in(self, who: int) -> None:
        with may_be_refused():
            work = doing.hand_in(self.works[who].pk, by=self.learners[who]).work
            self.stands[work.pk, work.round] = bytes(Round.objects.get(work=work, number=work.round).sealed)

    @rule(who=WHO)
    def takes_back(self, who: int) -> None:
        with may_be_refused():
            work = doing.take_back(self.works[who].pk, by=self.learners[who]).work
            del self.stands[work.pk, work.round + 1]

    @rule(who=WHO, days=st.integers(-2, 400))
    def puts_off(self, who: int, days: int) -> None:
        with may_be_refused():
            until = timezone.localdate() + timedelta(days=days)
            doing.extend(self.works[who].pk, until=until, by=self.learners[who])

    @rule(who=WHO)
    def objects(self, who: int) -> None:
        given = Assessment.objects.filter(work=self.works[who], part=Part.TRAINER, stage=Stage.GIVEN).last()
        if given:
            with may_be_refused():
                objecting.object_to(given, words="Ik vatte wel samen.", by=self.learners[who])

    # --- a colleague

    @rule(who=WHO, level=LEVEL, whole=st.booleans())
    def reads_along(self, who: int, level: int, whole: bool) -> None:
        asked = Assessment.objects.filter(person=self.learners[who], part=Part.PEER).exclude(stage=Stage.GIVEN).last()
        if asked:
            with may_be_refused():
                self._give(asked, self.learners[who], level, whole=whole, verdict=None, reach=LearningLevel.SYSTEM)

    @rule(who=WHO)
    def can_not(self, who: int) -> None:
        for asked in Assessment.objects.filter(person=self.learners[who], part=Part.PEER):
            peers.decline(asked.pk, by=self.learners[who])

    # --- a trainer

    @rule(whom=WHOM, who=WHO)
    def takes_up(self, whom: int, who: int) -> None:
        """Pages let nobody do so who doesn't train here now."""
        trains = GroupMember.objects.filter(group=self.group, person=self.trainers[whom], is_trainer=True)
        if not trains.exists():
            return
        with may_be_refused():
            reading.take_up(self.works[who].pk, by=self.trainers[whom])

    @rule(whom=WHOM, who=WHO)
    def lets_go(self, whom: int, who: int) -> None:
        with may_be_refused():
            reading.let_go(self.works[who].pk, by=self.trainers[whom])

    @rule(whom=WHOM, who=WHO, level=LEVEL, whole=st.booleans(), verdict=st.sampled_from([None, *Verdict]),
          reach=REACH | NO_REACH)  # fmt: skip
    def gives(self, whom: int, who: int, level: int, whole: bool, verdict: Verdict | None, reach: str) -> None:
        trainer = self.trainers[whom]
        mine = Assessment.objects.filter(work=self.works[who], person=trainer, part=Part.TRAINER).last()
        if mine:
            with may_be_refused():
                self._give(mine, trainer, level, whole=whole, verdict=verdict, reach=reach)

    @rule(whom=WHOM, who=WHO, level=LEVEL, verdict=st.sampled_from(Verdict), reach=REACH)
    def reads_and_gives(self, whom: int, who: int, level: int, verdict: Verdict, reach: str) -> None:
        self.takes_up(whom, who)
        self.gives(whom, who, level, True, verdict, reach)

    def _give(
        self, of: Assessment, by: Person, level: int, *, whole: bool, verdict: Verdict | None, reach: str
    ) -> None:
        words = Words(saw="Je wachtte.", asks="Wat merkte je?" if whole else "")
        other = next(each for each in self.trainers if each != by)
        reading.give(
            of.pk, by=by, levels=dict.fromkeys(CRITERIA, level), words=words, based_on=of.version, verdict=verdict,
            reader=other, learning_level=reach,
        )  # fmt: skip

    @rule(whom=WHOM, who=WHO)
    def hands_over(self, whom: int, who: int) -> None:
        with may_be_refused():
            handing_over.hand_over(self.works[who].pk, to=self.trainers[whom], by=self.trainers[1 - whom])

    @rule(whom=WHOM, who=WHO, event=st.sampled_from([Event.REOPEN, Event.WITHDRAW]))
    def reopens_or_withdraws(self, whom: int, who: int, event: Event) -> None:
        with may_be_refused():
            moving.move(self.works[who].pk, event, by=self.trainers[whom])

    @rule(whom=WHOM, level=LEVEL, overturn=st.booleans(), reach=REACH | NO_REACH)
    def answers_an_objection(self, whom: int, level: int, overturn: bool, reach: str) -> None:
        words = Words(saw="Ik las het.", asks="Wat nu?")
        for objection in Objection.objects.filter(assessment__work__in=self.works, decided_at=None):
            if objection.assessment.person != self.trainers[whom]:
                with may_be_refused():
                    levels = dict.fromkeys(CRITERIA, level)
                    objecting.answer(
                        objection.pk, by=self.trainers[whom], levels=levels, words=words, overturn=overturn,
                        learning_level=reach,
                    )  # fmt: skip

    # --- who comes and goes

    @rule(who=WHO)
    def learner_leaves_or_comes_back(self, who: int) -> None:
        if not groups.take_out(self.group, self.learners[who]):
            groups.add_people(self.group, [self.learners[who]])

    @rule(whom=WHOM)
    def trainer_leaves_or_comes_back(self, whom: int) -> None:
        with contextlib.suppress(groups.LastTrainer):
            if not groups.take_out(self.group, self.trainers[whom]):
                groups.add_trainer(self.group, self.trainers[whom], until=None)

    # --- what always holds

    @invariant()
    def each_work_is_where_its_steps_lead(self) -> None:
        for who in range(len(self.works)):
            work, state, rounds = self.now(who), None, 0
            for step in Step.objects.filter(work=work).order_by("pk"):
                event = Event(step.event)
                assert (step.before or None) == state
                state = after(state, event, round=rounds, rounds_max=work.assignment.rounds_max)
                assert state == step.after, f"{step.event} from {step.before}"
                rounds += (event is Event.HAND_IN) - (event is Event.TAKE_BACK)
                assert rounds == step.round
                assert state in FLOW[event].steps.values() or event is Event.LET_GO
            assert (work.state, work.round) == (state, rounds)
            assert (work.waiting_since is not None) == (state in WAITING)

    @invariant()
    def every_round_that_stands_is_there_as_it_was(self) -> None:
        there = {(kept.work_id, kept.number): bytes(kept.sealed) for kept in Round.objects.filter(work__in=self.works)}
        assert there == self.stands
        for (work, number), sealed in there.items():
            assert opened(sealed, "round", work, number)

    @invariant()
    def nobody_reads_what_others_saw_before_their_own_look(self) -> None:
        for who in range(len(self.works)):
            whole = reads.whole(self.now(who))
            for turn in whole.turns:
                assert set(turn.kept.own_levels) == set(CRITERIA)
                assert all(each.assessment.stage == Stage.GIVEN for each in turn.readings)
            if not whole.turns:
                assert not Assessment.objects.filter(work=self.works[who]).exists()

    @invariant()
    def what_was_handed_in_has_a_learning_level_that_only_who_judges_confirms(self) -> None:
        rounds = {kept.pk: kept for kept in Round.objects.filter(work__in=self.works)}
        for kept in rounds.values():
            written = opened(kept.sealed, "round", kept.work_id, kept.number)
            assert kept.learning_level == written[LEARNING_LEVEL] in list(LearningLevel)
        for given in Assessment.objects.filter(work__in=self.works):
            judges = given.part in (Part.TRAINER, Part.OBJECTION)
            assert judges or given.learning_level == ""
            assert given.learning_level in list(LearningLevel) or not (judges and given.stage == Stage.GIVEN)
        for learner in self.learners:
            assert all(
                bool(each.learning_level) == (each.part in ("trainer", "bezwaar")) for each in judged_of(learner.pk)
            )

    @invariant()
    def nobody_reads_along_with_themselves_or_twice_and_a_verdict_is_one_a_round(self) -> None:
        found = Assessment.objects.filter(work__in=self.works).select_related("work")
        assert all(each.person_id != each.work.person_id for each in found)
        judged = [each.round_id for each in found if each.part == Part.TRAINER and each.stage == Stage.GIVEN]
        assert len(judged) == len(set(judged))
        for work in self.works:
            asked = [e for e in found if e.work_id == work.pk and e.part == Part.PEER and e.stage != Stage.DECLINED]
            assert len(asked) <= self.now(0).assignment.peers

    @invariant()
    def who_is_asked_to_read_along_is_there_to_do_it(self) -> None:
        members = set(GroupMember.objects.filter(group=self.group).values_list("person", flat=True))
        waiting = Assessment.objects.filter(
            work__in=self.works, part=Part.PEER, stage__in=[Stage.ASKED, Stage.BUSY]
        ).exclude(work__state=State.WITHDRAWN)
        assert {each.person_id for each in waiting} <= members
        held = Work.objects.filter(pk__in=[work.pk for work in self.works], state=State.READING)
        assert {work.assessor_id for work in held} <= members


@pytest.mark.django_db
def test_no_order_of_what_people_do_loses_a_round_or_leads_nowhere() -> None:
    run_state_machine_as_test(
        Practice,
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
