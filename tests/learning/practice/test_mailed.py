"""What goes by mail about a practice case has its title, and nobody's name."""

from __future__ import annotations

import pytest
from django.utils import timezone

from learning.notices import kinds
from learning.people.models import Person
from learning.practice import notices
from learning.practice.models import Assessment, Part, Round
from tests.factories import PersonFactory
from tests.factories.practice import assignment_in, case_of, group_of, trainer_in, work_of

KINDS = sorted(value for name, value in vars(notices).items() if name.isupper() and isinstance(value, str))


@pytest.fixture
def learner(db: None) -> Person:
    return PersonFactory.create(name="Sanne de Wit")


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_it_without_a_name(name: str, learner: Person) -> None:
    trainer = trainer_in(learner.organisation, name="Tineke Bos")
    group = group_of(learner, trainer=trainer)
    work = work_of(learner, assignment_in(group, case_of(learner.organisation, titel="De sloot")))
    kind = kinds.find(name)
    assert kind
    kept = Round.objects.create(work=work, number=1, sealed=b"", handed_in_at=timezone.now())
    for reader in (learner, trainer):
        Assessment.objects.create(round=kept, work=work, person=reader, part=Part.PEER, asked_at=timezone.now())
        (line,) = kind.tell(reader, [{"work": work.pk, "round": 1, "due": "2026-12-24"}])
        assert line
        assert "De sloot" in line.mailed
        assert not {"Sanne", "Tineke"} & set(line.mailed.replace(".", " ").split())
        assert line.mailed[0] == line.mailed[0].upper()
        assert line.text[0] == line.text[0].upper()


def test_kinds_for_trainers_are_chosen_by_trainers_alone() -> None:
    for name in KINDS:
        kind = kinds.find(name)
        assert kind
        assert bool(kind.role) == (name in notices.FOR_TRAINERS)
