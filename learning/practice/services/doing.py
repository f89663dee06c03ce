"""What a learner does with their work. Each starts from the person, and finds nothing that isn't theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import checks, documents, drafts, events, notices
from learning.practice.drafts import LEARNING_LEVEL, Draft, Merged
from learning.practice.flow import CLOSED, Event
from learning.practice.models import Evidence, Form, Observation, Round, Stage, State, Work
from learning.practice.permissions import assessors_of
from learning.practice.sealed import closed, opened
from learning.practice.services import peers
from learning.practice.services.moving import Moved, NotNow, held, move

if TYPE_CHECKING:
    from learning.practice.documents import Document

# Longer isn't put off but dropped; a trainer can still give it anew.
LONGEST_EXTENSION = 366


class Incomplete(Exception):
    """`missing`: {field: reason}, see `learning.practice.checks`."""

    def __init__(self, missing: Mapping[str, str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = dict(missing)


class Newer(Exception):
    """The draft changed since the page was drawn that asked this."""


@dataclass(frozen=True)
class Saved:
    """`clashes`: {field: (what is there, what was sent)}: changed in another window too, and left as it was."""

    draft: Draft
    clashes: Mapping[str, tuple[str, str]]


# States in which the draft is the learner's to change.
WRITING = frozenset({State.GIVEN, State.PREPARED, State.HELD, State.RETURNED})
HANDING_IN = frozenset({State.HELD, State.RETURNED})


def draft_of(work: Work) -> Draft:
    """Of the learner's own work."""
    return drafts.read(work.draft_version, opened(work.sealed_draft, "draft", work.pk))


def document_of(work: Work) -> Document:
    """The case as it was given. No query when the version came along."""
    return documents.read(work.assignment.version.document)


@transaction.atomic
def save(work_id: int, sent: Mapping[str, str], *, based_on: int, insist: Iterable[str] = ()) -> Saved:
    """Keep what was typed. Fields that the case hasn't got are left out. Raises NotNow, Incomplete (too long)."""
    work = held(work_id)
    if work.state not in WRITING:
        raise NotNow(work.state)
    known = set(checks.fields_of(document_of(work)))
    sent = {name: text for name, text in sent.items() if name in known}
    if wrong := checks.too_long(sent):
        raise Incomplete(wrong)
    merged = drafts.merge(draft_of(work), sent, based_on=based_on, insist=insist)
    if merged.changed:
        _keep(work, merged)
    return Saved(merged.draft, merged.clashes)


def _keep(work: Work, merged: Merged) -> None:
    Work.objects.filter(pk=work.pk).update(
        sealed_draft=closed(drafts.written(merged.draft), "draft", work.pk),
        draft_version=merged.draft.version,
        changed_at=timezone.now(),
    )


@transaction.atomic
def prepare(work_id: int, *, by: Person) -> Moved:
    """Ready for the talk. Raises NotNow, Incomplete."""
    work = held(work_id)
    _require(checks.to_prepare(document_of(work), draft_of(work)))
    return move(work_id, Event.PREPARE, by=by)


@transaction.atomic
def hold(work_id: int, *, by: Person) -> Moved:
    """The talk was held on the day in the draft. Raises NotNow, Incomplete."""
    draft = draft_of(held(work_id))
    _require(checks.to_hold(draft, today=timezone.localdate()))
    return move(work_id, Event.HOLD, by=by, held_on=date.fromisoformat(draft.fields["gevoerd"]))


def not_held(work_id: int, *, by: Person) -> Moved:
    """The talk will be held later after all. Raises NotNow."""
    return move(work_id, Event.NOT_HELD, by=by, held_on=None)


def still_asked(work: Work) -> dict[str, str]:
    """What must be there before this draft can be handed in: {field: reason}. Three queries."""
    consents = work.consents.count()
    return checks.to_hand_in(document_of(work), draft_of(work), ready=_ready(work), consents=consents)


@transaction.atomic
def hand_in(work_id: int, *, by: Person, seen: int | None = None) -> Moved:
    """The draft becomes a round, for good; who may read along is asked. `seen`: the version of the draft that the
    learner saw when they pressed. Raises NotNow, Newer, Incomplete."""
    work = held(work_id)
    if work.state not in HANDING_IN:
        raise NotNow(work.state)
    if seen is not None and seen != work.draft_version:
        raise Newer
    document, draft = document_of(work), draft_of(work)
    _require(still_asked(work))
    forms = [str(form) for form in checks.forms_chosen(document, draft)]
    moved = move(work_id, Event.HAND_IN, by=by)
    kept = Round.objects.create(
        work=moved.work,
        number=moved.work.round,
        sealed=closed(_shown(draft, forms), "round", work.pk, moved.work.round),
        own_levels=checks.own_levels(document, draft),
        forms=forms,
        learning_level=draft.fields[LEARNING_LEVEL],
        handed_in_at=timezone.now(),
    )
    # What was said but isn't chosen stays the learner's own.
    Evidence.objects.filter(work=work, round=None, form__in=forms).update(round=kept)
    peers.ask(kept)
    events.shown.send(Round, person_id=work.person_id)
    return moved


def _shown(draft: Draft, forms: Collection[str]) -> dict[str, str]:
    """What is handed in: a report that wasn't chosen to be shown stays in the draft, its writer's own."""
    return {name: text for name, text in draft.fields.items() if Form.TEXT in forms or not name.startswith("verslag-")}


def _ready(work: Work) -> frozenset[str]:
    """Forms that are there: sound that plays, of now or of an earlier round; an observation that was written."""
    sound = Evidence.objects.filter(work=work, file__state="klaar").values_list("form", flat=True)
    seen = Observation.objects.filter(work=work, answered_at__isnull=False, withdrawn_at=None).exists()
    return frozenset(sound) | ({str(Form.OBSERVED)} if seen else frozenset())


@transaction.atomic
def take_back(work_id: int, *, by: Person) -> Moved:
    """As long as nobody took it up or read it: the round is a draft again. Raises NotNow."""
    work = held(work_id)
    kept = Round.objects.filter(work=work, number=work.round).first()
    untouched = (Stage.ASKED, Stage.DECLINED)
    if kept is None or kept.assessments.exclude(stage__in=untouched).exists():
        raise NotNow(work.state)
    moved = move(work_id, Event.TAKE_BACK, by=by)
    Evidence.objects.filter(round=kept).update(round=None)
    kept.delete()
    events.shown.send(Round, person_id=work.person_id)
    return moved


@transaction.atomic
def extend(work_id: int, *, until: date, by: Person) -> Work:
    """Another last day, without a reason and without a penalty (curriculum 3.g). By the learner or a trainer. Raises
    NotNow, Incomplete."""
    work = held(work_id)
    if work.state in CLOSED:
        raise NotNow(work.state)
    today = timezone.localdate()
    if until < today or (until - today).days > LONGEST_EXTENSION:
        _require({"tot": "datum"})
    if until == work.due_on:
        return work
    work.due_on, work.extended, work.changed_at = until, work.extended + 1, timezone.now()
    work.save(update_fields=["due_on", "extended", "changed_at"])
    others = set(assessors_of(work.group_id).values_list("pk", flat=True)) | {work.person_id}
    for person_id in others - {by.pk}:
        tell(
            person_id,
            notices.EXTENDED,
            key=f"{work.pk}:{work.extended}",
            facts={"work": work.pk, "round": work.round, "due": until.isoformat()},
        )
    return work


def _require(missing: Mapping[str, str]) -> None:
    if missing:
        raise Incomplete(missing)
