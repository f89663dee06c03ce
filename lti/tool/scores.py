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

from django.db.models import Max

from jobs import circuit
from jobs.registry import GiveUp, TryLater
from jobs.services import record
from learning.tracks.queries import EnrolmentFacts, enrolment_facts
from lti import claims as words
from lti.tool import outbound
from lti.tool.access import access_token
from lti.tool.models import Seat
from lti.tool.retry import retry_after

KIND = "lti.score"
SECONDS = 15.0
LARGEST_ANSWER = 64 * 1024
_UNAUTHORISED, _CONFLICT = 401, 409
_LATER = frozenset({408, 425, 429})


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
    found = Seat.objects.select_related("line_item__platform", "account").filter(pk=seat_id).first()
    if found is None or found.line_item is None:
        return
    if not found.line_item.platform.active:
        raise GiveUp("the platform is switched off")
    facts = enrolment_facts(found.enrolment_id)
    if facts is None:
        return
    last_sent_at, final_sent = _sent_before(found)
    score = score_of(facts)
    if (final_sent and not score.final) or (found.last_given, found.final) == (score.given, score.final):
        return
    moment = _moment_after(last_sent_at)
    _post(found, score, moment)
    Seat.objects.filter(pk=seat_id).update(last_sent_at=moment, last_given=score.given, final=score.final)


def score_of(facts: EnrolmentFacts) -> Score:
    if facts.completed_at is not None:
        return Score(1.0, True)
    return Score(round(min(facts.done / facts.required, 1.0), 4) if facts.required else 0.0, False)


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


def _sent_before(seat: Seat) -> tuple[int, bool]:
    """The last timestamp and whether a final score went, over all links that share the line item."""
    same = Seat.objects.filter(line_item=seat.line_item_id, account=seat.account_id)
    latest = same.aggregate(moment=Max("last_sent_at"))["moment"]
    return latest or 0, seat.final or same.filter(final=True).exists()


def _moment_after(last: int) -> int:
    """Now in whole seconds, later than the last and never ahead of the clock. Raises TryLater in the same second."""
    now = int(time.time())
    if now <= last:
        raise TryLater("one score a second", after=float(min(last - now, 60) + 1), counted=False)
    return now


def _post(seat: Seat, score: Score, moment: int) -> None:
    line_item = seat.line_item
    assert line_item is not None
    receiver = outbound.origin(line_item.url)
    circuit.toward(receiver)
    body = json.dumps(message(seat.account.subject, score, moment)).encode()
    answer = _send(line_item.platform, line_item.url, line_item.scopes, body, receiver)
    if 200 <= answer.status < 300 or answer.status == _CONFLICT:
        # 409: the LMS has a newer one (§3.4.4); ours has nothing to add.
        return
    reason = f"the LMS answered {answer.status}"
    if answer.status >= 500 or answer.status in _LATER or answer.status == _UNAUTHORISED:
        raise TryLater(reason, retry_after(answer.headers), receiver=receiver)
    raise GiveUp(reason)


def _send(platform: Any, line_item: str, scopes: str, body: bytes, receiver: str) -> outbound.Answer:
    """Once; a second time with a new token when the LMS doesn't accept a kept one: it may have revoked it."""
    token = access_token(platform, scopes)
    answer = _send_with(token.text, line_item, body, receiver)
    if answer.status == _UNAUTHORISED and token.kept:
        answer = _send_with(access_token(platform, scopes, fresh=True).text, line_item, body, receiver)
    return answer


def _send_with(token: str, line_item: str, body: bytes, receiver: str) -> outbound.Answer:
    try:
        return outbound.request(
            "POST", scores_address(line_item), content=body, largest=LARGEST_ANSWER, seconds=SECONDS,
            headers={"Authorization": f"Bearer {token}", "Content-Type": words.AGS_SCORE_TYPE},
        )  # fmt: skip
    except outbound.NotAllowed as error:
        raise GiveUp(f"the line item's address {error.reason}") from error
    except outbound.NoAnswer as error:
        raise TryLater(error.reason, receiver=receiver) from error
