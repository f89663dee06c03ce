"""The rows of people, some thousands of people at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random

from django.contrib.auth.hashers import make_password
from django.db.models import Model
from django.utils import timezone

from certificates.codes import ALPHABET, normalised
from certificates.facts import Facts
from certificates.models import Certificate, Kind
from config.seeding import bulk, held
from config.seeding.bulk import Row
from config.seeding.held import Held, Seat
from config.seeding.lives import BEFORE, Did, Life, Module, Said, Stay, Try
from config.seeding.people import LONGEST, Calendar, Somebody
from learning.competences.history import Shown
from learning.competences.models import EvidenceItem, Reached
from learning.competences.rules import Source
from learning.people.models import GroupMember, Organisation, Person, TeamMembership
from learning.runtime.blocks import attempt_place, closing
from learning.runtime.models import Attempt
from learning.sealing import seal
from learning.tracks.models import ActivityProgress, Enrolment, Status, Track

_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Person: (
        "id", "password", "name", "email", "language", "organisation_id", "is_active", "pseudonym", "created_at",
    ),
    TeamMembership: ("team_id", "person_id", "since"),
    GroupMember: ("group_id", "person_id", "is_trainer"),
    Enrolment: (
        "id", "person_id", "module_id", "edition_id", "done", "place", "started_at", "touched_at", "completed_at",
        "finished_at", "returned_at", "looked_back_at", "pace",
    ),
    ActivityProgress: ("enrolment_id", "activity", "status", "score", "completed_at"),
    Attempt: ("person_id", "usage", "edition_id", "number", "answers", "score", "created_at"),
    EvidenceItem: (
        "person_id", "key", "competence", "source", "activity", "attempt", "situation", "score", "learning_level", "on",
        "confirmed", "prior", "assessor_id", "made_at",
    ),
    Reached: ("person_id", "competence", "level", "learning_levels", "series", "rule_version", "worked_out_at"),
    Certificate: (
        "code", "kind", "person_id", "subject", "facts", "language", "issued_on", "revoked_reason", "digest",
    ),
    **held.COLUMNS,
}  # fmt: skip
_HAS_THE_TRACK = 0.7


class Writer:
    """`teams`: primary keys, in the order of the plans. `trainers`: who judged what was practised."""

    def __init__(
        self,
        organisation: Organisation,
        track: Track,
        *,
        modules: Sequence[Module],
        teams: Sequence[int],
        trainers: Sequence[int],
        random: Random,
    ) -> None:
        self._organisation, self._track, self._modules = organisation, track, modules
        self._teams, self._trainers, self._random = teams, trainers, random
        self._now, self._calendar, self._json = bulk.moment(timezone.now()), Calendar(LONGEST + BEFORE), _Json()
        self._practice = held.Practice(organisation, trainers, self._calendar, random)
        self.written: dict[str, int] = {}

    def write(self, people: Sequence[Somebody], seats: Mapping[int, Seat]) -> None:
        """Inside a transaction. `seats`: {person: where they learn}, with everybody who held a talk."""
        began = [(who, who.life) for who in people if who.life]
        stays = [(who, stay) for who, life in began for stay in life.stays]
        keys = list(bulk.numbers(Enrolment, len(stays)))
        practised = self._practice.numbered(
            [(who, seats[who.number], talk) for who, life in began for talk in life.talks]
        )
        rows: dict[type[Model], Iterable[Row]] = {
            Person: self._people(people),
            TeamMembership: self._memberships(people),
            GroupMember: ((seats[who.number].group, who.number, 0) for who in people if who.number in seats),
            Enrolment: self._enrolments(stays, keys),
            ActivityProgress: self._progress(stays, keys),
            Attempt: self._attempts(began),
            **self._practice.rows(practised),
            EvidenceItem: self._evidence(began, practised),
            Reached: self._reached(began),
            Certificate: self._certificates(stays, began),
        }
        for model, those in rows.items():
            name = str(model._meta.verbose_name_plural)
            self.written[name] = self.written.get(name, 0) + bulk.insert(model, _COLUMNS[model], those)

    def _people(self, people: Sequence[Somebody]) -> Iterator[Row]:
        nobodys = make_password(None)
        for who in people:
            address = f"{who.name.lower().replace(' ', '.')}.{who.number}@{self._organisation.slug}.example"
            yield (
                who.number, nobodys, who.name, address.encode("ascii", "ignore").decode(), "nl",
                self._organisation.pk, 1, bulk.key(self._random), self._now,
            )  # fmt: skip

    def _memberships(self, people: Sequence[Somebody]) -> Iterator[Row]:
        for who in people:
            since = self._calendar.ago(LONGEST)
            if who.team is not None:
                yield self._teams[who.team], who.number, since
            if who.also is not None and who.also != who.team:
                yield self._teams[who.also], who.number, self._calendar.ago(who.began)

    def _enrolments(self, stays: Sequence[tuple[Somebody, Stay]], keys: Sequence[int]) -> Iterator[Row]:
        for (who, stay), key in zip(stays, keys, strict=True):
            first, last = stay.did[0], stay.touched
            completed = None if stay.completed is None else self._calendar.moment(who, stay.completed, last.clock)
            returned = None if stay.returned is None else self._calendar.moment(who, stay.returned, last.clock)
            looked_back = None if stay.looked_back is None else self._calendar.moment(who, stay.looked_back, last.clock)
            yield (
                key, who.number, stay.module.number, stay.module.edition, stay.done, last.activity,
                self._calendar.moment(who, first.day, first.clock), self._calendar.moment(who, last.day, last.clock),
                completed, completed, returned, looked_back, "{}",
            )  # fmt: skip

    def _progress(self, stays: Sequence[tuple[Somebody, Stay]], keys: Sequence[int]) -> Iterator[Row]:
        for (who, stay), key in zip(stays, keys, strict=True):
            for did in (*stay.did, *_judged(stay)):
                at = self._calendar.moment(who, did.day, did.clock) if did.status is Status.DONE else None
                yield key, did.activity, str(did.status), did.score, at

    def _attempts(self, people: Sequence[tuple[Somebody, Life]]) -> Iterator[Row]:
        for who, life in people:
            for each in life.tries:
                yield self._attempt(who, each, each.number, self._json.of(each.answers), each.score)
            for told in life.said:
                sealed = seal(self._json.of(told.answers), attempt_place(who.number, told.usage, 1))
                yield self._attempt(who, told, 1, json.dumps(closing(sealed)), None)

    def _attempt(self, who: Somebody, each: Try | Said, number: int, answers: str, score: float | None) -> Row:
        at = self._calendar.moment(who, each.day, each.clock)
        return who.number, each.usage, each.edition, number, answers, score, at

    def _evidence(self, people: Sequence[tuple[Somebody, Life]], practised: Iterable[Held]) -> Iterator[Row]:
        for who, life in people:
            trainer = self._trainers[who.number % len(self._trainers)]
            for shown, day in life.evidence:
                by = trainer if shown.source is Source.PRACTICE else None
                yield self._item(who, shown, self._calendar.day(who, day), by)
        for each in practised:
            for shown in self._practice.shown(each):
                yield self._item(each.who, shown, shown.on.isoformat(), shown.assessor)

    def _item(self, who: Somebody, shown: Shown, on: str, assessor: int | None) -> Row:
        return (
            who.number, shown.key, shown.competence, str(shown.source), shown.activity, shown.attempt,
            shown.situation, shown.score, str(shown.learning_level), on, int(shown.confirmed), int(shown.prior),
            assessor, self._now,
        )  # fmt: skip

    def _reached(self, people: Sequence[tuple[Somebody, Life]]) -> Iterator[Row]:
        for who, life in people:
            for each in life.reached:
                yield (
                    who.number, each.competence, each.level, each.learning_levels, each.series, each.rule_version,
                    self._now,
                )  # fmt: skip

    def _certificates(
        self, stays: Sequence[tuple[Somebody, Stay]], people: Sequence[tuple[Somebody, Life]]
    ) -> Iterator[Row]:
        """A bewijs van deelname for each module that was done; for all of them mostly a leerlijncertificaat."""
        for who, stay in stays:
            if stay.completed is not None:
                content = stay.module.content
                yield self._certificate(
                    who, Kind.ATTENDANCE, content.module, stay.completed, content.number, content.title, stay.module
                )
        for who, life in people:
            done = [stay.completed for stay in life.stays if stay.completed is not None]
            if len(done) == len(self._modules) and self._random.random() < _HAS_THE_TRACK:
                yield self._certificate(
                    who, Kind.TRACK, self._track.slug, max(done), "", self._track.title, self._modules[0]
                )

    def _certificate(
        self, who: Somebody, kind: Kind, subject: str, day: int, number: str, title: str, module: Module
    ) -> Row:
        content = module.content
        facts = Facts(
            name=who.name,
            organisation=self._organisation.name,
            number=number,
            title=title,
            edition=content.content_hash,
            units=tuple((unit.number, unit.title) for unit in content.units if unit.is_unit),
            minutes=content.minutes,
        )
        signs = normalised("".join(self._random.choices(ALPHABET, k=12)))
        return (
            signs,
            str(kind),
            who.number,
            subject,
            json.dumps(facts.to_json()),
            "nl",
            self._calendar.day(who, day),
            "",
            "",
        )


def _judged(stay: Stay) -> Iterator[Did]:
    """The practice case that others found enough."""
    if stay.talk:
        yield Did(stay.talk.case.usage.partition("/")[2], Status.DONE, stay.talk.score, stay.talk.ends, held.NOON)


class _Json:
    """What many people answered is written down once: the same object stays the same text."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def of(self, answers: object) -> str:
        """`answers` stays as long as the lives do, so that its identity says which it is."""
        text = self._known.get(id(answers))
        if text is None:
            text = self._known[id(answers)] = json.dumps(answers)
        return text
