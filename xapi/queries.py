"""Who and what statements are about, looked up when they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import salted_hmac

from learning.people.models import Person
from learning.tracks import queries as tracks
from learning.tracks.content import Activity, Edition, Unit
from learning.tracks.models import Enrolment


@dataclass(frozen=True)
class Where:
    """An activity in the edition that its learner follows."""

    edition: Edition
    unit: Unit
    activity: Activity


@dataclass(frozen=True)
class Known:
    """`names`: {person: the account the LRS knows them by}; who isn't in it was erased. `editions`: {(person, module):
    the edition they follow}."""

    names: Mapping[int, str]
    editions: Mapping[tuple[int, str], Edition]

    def where(self, person: int, usage: str) -> Where | None:
        """None for what isn't an activity of that edition any more."""
        module, _, key = usage.partition("/")
        edition = self.editions.get((person, module))
        place = edition.by_key.get(key) if edition else None
        return Where(edition, *place) if edition and place else None


def known(pairs: Iterable[tuple[int, str]]) -> Known:
    """Of (person, usage). Two queries, and one the first time an edition is met in a process."""
    wanted = set(pairs)
    people = {person for person, _ in wanted}
    modules = {usage.partition("/")[0] for _, usage in wanted if usage}
    rows = Person.objects.filter(pk__in=people).values_list("pk", "pseudonym")
    followed = Enrolment.objects.filter(person__in=people, module__slug__in=modules).values_list(
        "person_id", "module__slug", "edition_id", "edition__content_hash"
    )
    return Known(
        {person: account(pseudonym) for person, pseudonym in rows},
        {(person, slug): tracks.edition(edition, content_hash) for person, slug, edition, content_hash in followed},
    )


def account(pseudonym: UUID) -> str:
    """By what the LRS knows somebody: a name of its own. Tools and LMSes know the pseudonym itself, so that who holds
    both can't lay them beside each other without our SECRET_KEY; a new key gives everybody a new name."""
    return salted_hmac("xapi.account", str(pseudonym), algorithm="sha256").hexdigest()[:32]
