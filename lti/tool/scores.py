"""What an LMS gets to hear of somebody's progress (AGS 2.0 §3.4; curriculum 2.0, "LTI").

Per module one line item: done of required while they are busy, 1 out of 1 once the module is complete. Only where the
organisation switched numbers on, the final score is the mean of what was scored. The score is read when it is sent, so
what waits is never old. Three habits of real LMSes are guarded against: a score that isn't final erases a final one;
timestamps are compared in whole seconds; one from the future blocks all that follow.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction

from jobs.registry import GiveUp, Then, TryLater, Write
from jobs.services import record
from learning.practice.queries import giving as practice
from learning.tracks import additions
from learning.tracks import queries as tracks
from learning.tracks.queries import HowFar
from lti import claims as words
from lti.tool import calls
from lti.tool.messages import case_of
from lti.tool.models import Account, LineItem, Platform, ResourceLink, Seat, new_stamp
from lti.tool.queries import loaded

KIND = "lti.score"
KIND_AGAIN = "lti.scores_again"
SECONDS = 15.0
LARGEST_ANSWER = 64 * 1024
BATCH = 200


@dataclass(frozen=True, slots=True)
class Score:
    given: float
    final: bool


def report(enrolment_id: int) -> None:
    """Record that every line item this enrolment is reported to must hear how far it is. Inside the transaction of what
    happened; one query and one statement a line item."""
    seats = Seat.objects.filter(enrolment=enrolment_id, line_item__isnull=False)
    for seat, line_item, account in seats.values_list("pk", "line_item", "account"):
        _record(seat, line_item, account)


def _record(seat: int, line_item: int, account: int) -> None:
    record(KIND, f"{KIND}:{seat}", {"seat": seat}, serial=f"{KIND}:{line_item}:{account}")


def show_numbers(platform: Platform, *, on: bool) -> None:
    """From now on the final score of a module says how well it was done, or only that it was (curriculum 2.0: only by
    decision of the organisation, after its review of data protection). Final scores that were sent follow: off takes
    the numbers out of the gradebook again."""
    with transaction.atomic():
        Platform.objects.filter(pk=platform.pk).update(numeric_scores=on, stamp=new_stamp())
        record(KIND_AGAIN, f"{KIND_AGAIN}:{platform.pk}", {"platform": platform.pk})
    platform.refresh_from_db(fields=["numeric_scores", "stamp"])


def report_finals(platform_id: int) -> None:
    """Record that every final score of a platform is to be looked at again; only one that differs is sent."""
    after = 0
    while True:
        with transaction.atomic():
            seats = Seat.objects.filter(line_item__platform=platform_id, final=True, pk__gt=after).order_by("pk")
            batch = list(seats.values_list("pk", "line_item", "account")[:BATCH])
            for seat, line_item, account in batch:
                _record(seat, line_item, account)
        if len(batch) < BATCH:
            return
        after = batch[-1][0]


def report_attempt(person_id: int, usage: str) -> None:
    """A score that was better, or worse, after the module was complete. One query, for nearly everybody the only one.
    Inside the transaction of what happened."""
    module = usage.partition("/")[0]
    seats = Seat.objects.filter(
        account__person=person_id, final=True, line_item__platform__numeric_scores=True, enrolment__module__slug=module
    )
    for seat, line_item, account in seats.values_list("pk", "line_item", "account"):
        _record(seat, line_item, account)


def send_again(seat_id: int) -> None:
    """Record that the LMS must hear this score once more: it has lost it, or shows another. Inside a transaction."""
    seats = Seat.objects.filter(pk=seat_id, line_item__isnull=False)
    for line_item, account in seats.values_list("line_item", "account"):
        Seat.objects.filter(line_item=line_item, account=account).update(last_given=None)
        _record(seat_id, line_item, account)


def shows_numbers(person_id: int, module: str) -> bool:
    """Whether an LMS of theirs hears how well they do in this module. One query."""
    return Seat.objects.filter(
        account__person=person_id, line_item__platform__numeric_scores=True, enrolment__module__slug=module
    ).exists()


def deliver(seat_id: int) -> Then | None:
    """Send the score as it is now. Returns what writes down that it was sent, for the transaction that ends the job.
    May run twice. Raises TryLater or GiveUp."""
    known, how_far = _look(seat_id)
    if known is None:
        return None
    if not known.active:
        raise GiveUp("the platform is switched off")
    platform = loaded(known.platform, known.stamp).row
    if how_far is None:
        return None
    score = _score_now(known, how_far)
    if score is None or _has_heard(known, score) or _is_done_again(known, score):
        return None
    moment = _moment_after(known.last_sent_at)
    _post(known, platform, score, moment)
    return Write(_SENT, [moment, score.given, score.final, seat_id])


def _score_now(known: _Known, how_far: HowFar) -> Score | None:
    """Of a link that gives out a practice case: nothing before that is voldoende. Else of the module."""
    case = case_of(known.activity)
    if case is None:
        numeric = tracks.mean_score(known.enrolment) if known.numeric and how_far.complete else 1.0
        return score_of(how_far, numeric=numeric)
    enough = practice.enough_in(known.enrolment, case)
    if enough is None:
        return None
    return Score(round(enough, 4) if known.numeric else 1.0, True)


def _has_heard(known: _Known, score: Score) -> bool:
    """Whether the LMS knows this already, or may not hear it: progress after a final score would erase that."""
    if known.final_sent:
        return not score.final or known.last_given == score.given
    return not score.final and known.last_given == score.given


def _is_done_again(known: _Known, score: Score) -> bool:
    """Whether they begin again what they did before their work was wiped: the LMS has a final score of that, of which
    we know nothing any more. Only asked before this seat said anything."""
    return not score.final and known.last_given is None and additions.was_done_before(known.enrolment)


def score_of(how_far: HowFar, *, numeric: float = 1.0) -> Score:
    """`numeric` is what a complete module is worth: 1, or what was scored where numbers are on."""
    if how_far.complete:
        return Score(round(numeric, 4), True)
    return Score(round(min(how_far.done / how_far.required, 1.0), 4) if how_far.required else 0.0, False)


def message(subject: str, score: Score, moment: int) -> dict[str, Any]:
    """AGS 2.0 §3.4.1. `moment` in whole seconds: LMSes compare no finer."""
    return {
        "userId": subject,
        "scoreGiven": score.given,
        "scoreMaximum": 1,
        "timestamp": dt.datetime.fromtimestamp(moment, dt.UTC).isoformat().replace("+00:00", "Z"),
        "activityProgress": "Completed" if score.final else "InProgress",
        "gradingProgress": "FullyGraded" if score.final else "Pending",
    }


def beside(line_item: str, service: str) -> str:
    """A line item's scores (§3.4) or results (§3.3): its path with that word; a query (Moodle has one) stays behind."""
    parts = urlsplit(line_item)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{service}").geturl()


@dataclass(frozen=True, slots=True)
class _Known:
    """A seat that is reported. What was sent is over all seats that share its line item."""

    enrolment: int
    activity: str
    last_given: float | None
    line_item_id: int
    line_item: str
    platform: int
    stamp: str
    active: bool
    numeric: bool
    subject: str
    last_sent_at: int
    final_sent: int


_LOOK = f"""
SELECT s.enrolment_id, r.activity, (
    SELECT l.last_given FROM {Seat._meta.db_table} l
    WHERE l.line_item_id = s.line_item_id AND l.account_id = s.account_id AND l.last_given IS NOT NULL
    ORDER BY l.last_sent_at DESC LIMIT 1), i.id, i.url, i.platform_id, p.stamp, p.active, p.numeric_scores,
    a.subject, MAX(o.last_sent_at), SUM(CASE WHEN o.final THEN 1 ELSE 0 END)
FROM {Seat._meta.db_table} s
JOIN {ResourceLink._meta.db_table} r ON r.id = s.resource_link_id
JOIN {LineItem._meta.db_table} i ON i.id = s.line_item_id
JOIN {Platform._meta.db_table} p ON p.id = i.platform_id
JOIN {Account._meta.db_table} a ON a.id = s.account_id
JOIN {Seat._meta.db_table} o ON o.line_item_id = s.line_item_id AND o.account_id = s.account_id
WHERE s.id = %s
GROUP BY s.id, r.id, i.id, p.id, a.id
"""  # noqa: S608 names of tables
_SENT = f"UPDATE {Seat._meta.db_table} SET last_sent_at = %s, last_given = %s, final = %s WHERE id = %s"  # noqa: S608


_HOW_FAR = tracks.how_far_statement(f"(SELECT enrolment_id FROM {Seat._meta.db_table} WHERE id = %s)")  # noqa: S608


def _look(seat_id: int) -> tuple[_Known | None, HowFar | None]:
    """PostgreSQL gets both in one message: there the round trip costs more than the statement."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{_LOOK};{_HOW_FAR}", [seat_id, seat_id])
            known = cursor.fetchone()
            cursor.nextset()
        else:
            known = cursor.execute(_LOOK, [seat_id]).fetchone()
            cursor.execute(_HOW_FAR, [seat_id])
        how_far = cursor.fetchone()
    return _Known(*known) if known else None, HowFar(*how_far) if how_far else None


def _moment_after(last: int) -> int:
    """Now in whole seconds, later than the last and never ahead of the clock. Raises TryLater in the same second."""
    now = int(time.time())
    if now <= last:
        raise TryLater("one score a second", after=float(min(last - now, 60) + 1), counted=False)
    return now


def _post(known: _Known, platform: Platform, score: Score, moment: int) -> None:
    """An answer of 409 is well: the LMS has a newer one (§3.4.4), and ours has nothing to add."""
    call = calls.Call(
        "POST", beside(known.line_item, "scores"), words.AGS_SCORE_SCOPE, LARGEST_ANSWER,
        content=json.dumps(message(known.subject, score, moment)).encode(), content_type=words.AGS_SCORE_TYPE,
    )  # fmt: skip
    try:
        calls.answer_to(call, platform, seconds=SECONDS)
    except calls.Refused as refusal:
        if refusal.status == calls.NOT_FOUND:
            # A column that we found or made may be gone: the next launch seeks it again.
            ResourceLink.objects.filter(line_item=known.line_item_id, line_item_sought_at__gt=0).update(
                line_item_sought_at=0
            )
        raise
