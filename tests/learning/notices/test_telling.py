"""Something is said once, in the transaction of what happened, to whoever is still there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from learning.notices import kinds, services
from learning.notices.models import Notice
from learning.notices.services import OutsideTransaction, Telling, tell, tell_many
from learning.people.models import Person
from learning.people.retention import NOTICES
from tests.factories import PersonFactory
from tests.factories.nights import night
from tests.learning.notices.conftest import about_rounds


def test_the_same_again_is_nothing_new_and_changes_nothing(person: Person) -> None:
    tell(person.pk, "proef.case", key="case:1", facts={"case": "een"})
    services.see_all(person, until=Notice.objects.get().pk)
    tell(person.pk, "proef.case", key="case:1", facts={"case": "twee"})
    notice = Notice.objects.get()
    assert notice.facts == {"case": "een"}
    assert notice.seen_at


class Saying(TestCase):
    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(["proef.case", "proef.ronde"]), st.sampled_from("abc")), max_size=12))
    def test_as_many_notices_as_different_things_to_say(self, said: list[tuple[str, str]]) -> None:
        person = PersonFactory.create()
        for kind, key in said:
            tell(person.pk, kind, key=key, facts={})
        assert sorted(Notice.objects.filter(person=person).values_list("kind", "key")) == sorted(set(said))


def test_telling_is_one_statement_and_telling_many_two(person: Person, django_assert_num_queries: Any) -> None:
    people = [person, *PersonFactory.create_batch(30)]
    with django_assert_num_queries(1):
        tell(person.pk, "proef.case", key="case:1", facts={"case": "een"})
    with django_assert_num_queries(2):
        tell_many("proef.case", [Telling(each.pk, "case:2", {"case": "twee"}) for each in people])
    assert Notice.objects.count() == 32


def test_who_was_erased_or_suspended_is_passed_over(person: Person) -> None:
    gone, away = PersonFactory.create(), PersonFactory.create(is_active=False)
    number = gone.pk
    gone.delete()
    tell_many("proef.case", [Telling(pk, "case:1", {"case": "een"}) for pk in (number, away.pk, person.pk)])
    assert [notice.person_id for notice in Notice.objects.all()] == [person.pk]


def test_notices_go_with_the_person(person: Person) -> None:
    tell(person.pk, "proef.case", key="case:1", facts={"case": "een"})
    services.want_mail(person.pk, on=False)
    person.delete()
    assert not Notice.objects.exists()


def test_a_kind_that_nobody_registered_is_refused(person: Person) -> None:
    with pytest.raises(ValueError, match="no notices of kind"):
        tell(person.pk, "proef.onbekend", key="1", facts={})


def test_a_kind_has_one_function(person: Person) -> None:
    with pytest.raises(ValueError, match="two functions"):
        kinds.kind("proef.case", label="Anders")(about_rounds)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_told() -> None:
    person = PersonFactory.create()
    with pytest.raises(OutsideTransaction):
        tell(person.pk, "proef.case", key="case:1", facts={"case": "een"})


def test_what_is_undone_was_never_told(person: Person) -> None:
    with transaction.atomic():
        tell(person.pk, "proef.case", key="case:1", facts={"case": "een"})
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_after_ninety_days_a_notice_is_gone_seen_or_not(person: Person) -> None:
    for days in (0, 89, 91, 400):
        tell(person.pk, "proef.case", key=f"case:{days}", facts={"case": "een"})
        Notice.objects.filter(key=f"case:{days}").update(made_at=timezone.now() - timedelta(days=days))
    assert night(NOTICES) == {"learning.Notice": 2}
    assert not night(NOTICES)
    assert sorted(Notice.objects.values_list("key", flat=True)) == ["case:0", "case:89"]
