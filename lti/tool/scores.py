"""What an LMS gets to hear of somebody's progress (AGS 2.0 §3.4; curriculum 2.0, "LTI").

Per module one line item: done of required while they are busy, 1 out of 1 once the module is complete. The score is
read when it is sent, so what waits is never old. Three habits of real LMSes are guarded against: a score that isn't
final erases a final one; timestamps are compared in whole seconds; one from the future blocks all that follow.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from jobs import circuit
from jobs.registry import GiveUp, TryLater
from jobs.services import record
from learning.tracks import queries as tracks
from learning.tracks.queries import HowFar
from lti import claims as words
from lti import outbound
from lti.tool.access import access_token
from lti.tool.models import Account, LineItem, Platform, Seat
from lti.tool.queries import loaded
from lti.tool.retry import retry_after

KIND = "lti.score"
SECONDS = 15.0
LARGEST_ANSWER = 64 * 1024
_UNAUTHORISED, _CONFLICT = 401, 409
_LATER = frozenset({408, 425, 429, _UNAUTHORISED})


@dataclass(frozen=True, slots=True)
class Score:
    given: float
    final: bool


def report(enrolment_id: int) -> None:
    """Record that every line item this enrolment is reported to must hear how far it is. Inside the transaction of what
    happened; one query and one statement a line item."""
    seats = Seat.objects.filter(enrolment=enrolment_id, line_item__isnull=False)
    for seat, line_item, account in seats.values_list("pk", "line_item", "account"):
        record(KIND, f"{KIND}:{seat}", {"seat": seat}, serial=f"{KIND}:{line_item}:{account}")


def deliver(seat_id: int) -> None:
    """Send the score as it is now. May run twice. Raises TryLater or GiveUp."""
    known = _look(seat_id)
    if known is None:
        return
    if not known.active:
        raise GiveUp("the platform is switched off")
    platform = loaded(known.platform, known.stamp).row
    how_far = tracks.how_far(known.enrolment)
    if how_far is None:
        return
    score = score_of(how_far)
    if (known.final_sent and not score.final) or (known.last_given, known.final) == (score.given, score.final):
        return
    moment = _moment_after(known.last_sent_at)
    _post(known, platform, score, moment)
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [moment, score.given, score.final, seat_id])


def score_of(how_far: HowFar) -> Score:
    if how_far.complete:
        return Score(1.0, True)
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


def scores_address(line_item: str) -> str:
    """A line item's scores (§3.4): its path with /scores; a query (Moodle has one) stays behind it."""
    parts = urlsplit(line_item)
    return parts._replace(path=parts.path.rstrip("/") + "/scores").geturl()


@dataclass(frozen=True, slots=True)
class _Known:
    """A seat that is reported. `last_sent_at` and `final_sent` are over all seats that share its line item."""

    enrolment: int
    last_given: float | None
    final: bool
    line_item: str
    scopes: str
    platform: int
    stamp: str
    active: bool
    subject: str
    last_sent_at: int
    final_sent: int


_LOOK = f"""
SELECT s.enrolment_id, s.last_given, s.final, i.url, i.scopes, i.platform_id, p.stamp, p.active, a.subject,
    MAX(o.last_sent_at), SUM(CASE WHEN o.final THEN 1 ELSE 0 END)
FROM {Seat._meta.db_table} s
JOIN {LineItem._meta.db_table} i ON i.id = s.line_item_id
JOIN {Platform._meta.db_table} p ON p.id = i.platform_id
JOIN {Account._meta.db_table} a ON a.id = s.account_id
JOIN {Seat._meta.db_table} o ON o.line_item_id = s.line_item_id AND o.account_id = s.account_id
WHERE s.id = %s
GROUP BY s.id, i.id, p.id, a.id
"""  # noqa: S608 names of tables
_SENT = f"UPDATE {Seat._meta.db_table} SET last_sent_at = %s, last_given = %s, final = %s WHERE id = %s"  # noqa: S608


def _look(seat_id: int) -> _Known | None:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [seat_id])
        row = cursor.fetchone()
    return None if row is None else _Known(*row)


def _moment_after(last: int) -> int:
    """Now in whole seconds, later than the last and never ahead of the clock. Raises TryLater in the same second."""
    now = int(time.time())
    if now <= last:
        raise TryLater("one score a second", after=float(min(last - now, 60) + 1), counted=False)
    return now


def _post(known: _Known, platform: Platform, score: Score, moment: int) -> None:
    receiver = outbound.origin(known.line_item)
    circuit.toward(receiver)
    answer = _send(known, platform, json.dumps(message(known.subject, score, moment)).encode())
    if 200 <= answer.status < 300 or answer.status == _CONFLICT:
        # 409: the LMS has a newer one (§3.4.4); ours has nothing to add.
        return
    reason = f"the LMS answered {answer.status}"
    if answer.status >= 500 or answer.status in _LATER:
        raise TryLater(reason, retry_after(answer.headers), receiver=receiver)
    raise GiveUp(reason)


def _send(known: _Known, platform: Platform, body: bytes) -> outbound.Answer:
    """Once; a second time with a new token when the LMS doesn't accept a kept one: it may have revoked it."""
    token = access_token(platform, known.scopes)
    answer = _send_with(token.text, known.line_item, body)
    if answer.status == _UNAUTHORISED and token.kept:
        answer = _send_with(access_token(platform, known.scopes, fresh=True).text, known.line_item, body)
    return answer


def _send_with(token: str, line_item: str, body: bytes) -> outbound.Answer:
    try:
        return outbound.request(
            "POST", scores_address(line_item), content=body, largest=LARGEST_ANSWER, seconds=SECONDS,
            headers={"Authorization": f"Bearer {token}", "Content-Type": words.AGS_SCORE_TYPE},
        )  # fmt: skip
    except outbound.NotAllowed as error:
        raise GiveUp(f"the line item's address {error.reason}") from error
    except outbound.NoAnswer as error:
        raise TryLater(error.reason, receiver=outbound.origin(line_item)) from error
