"""A request to a service of an LMS, with an access token; and what its answer means for the job that asks.

- 2xx is an answer. 409 is left to who asks.
- 401 gets one new token; after that, and for 408, 425, 429, 5xx and no answer at all: later, when the LMS says, or with
  growing pauses.
- Anything else is a refusal: asking again would change nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs import circuit
from jobs.asked import retry_after
from jobs.registry import GiveUp, TryLater
from lti import outbound
from lti.tool.access import access_token
from lti.tool.models import Platform
from lti.tool.retry import receiver

SECONDS = 15.0
_UNAUTHORISED, CONFLICT, NOT_FOUND = 401, 409, 404
_LATER = frozenset({408, 425, 429, _UNAUTHORISED})


class Refused(GiveUp):
    """The LMS answered, and said no."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the LMS answered {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Call:
    """`scope` is the one the token is asked for: no more than the request needs. `largest`: bytes of the answer."""

    method: str
    url: str
    scope: str
    largest: int
    accept: str = ""
    content: bytes | None = None
    content_type: str = ""

    @property
    def headers(self) -> dict[str, str]:
        named = {"Accept": self.accept, "Content-Type": self.content_type}
        return {name: value for name, value in named.items() if value}


def answer_to(call: Call, platform: Platform, *, seconds: float = SECONDS) -> outbound.Answer:
    """An answer of 2xx or 409. Raises TryLater, Refused or GiveUp."""
    asked = receiver(platform.pk, call.url)
    circuit.toward(asked)
    answer = _send(call, platform, seconds)
    if 200 <= answer.status < 300 or answer.status == CONFLICT:
        return answer
    if answer.status >= 500 or answer.status in _LATER:
        reason = f"the LMS answered {answer.status}"
        raise TryLater(reason, retry_after(answer.headers), receiver=asked)
    raise Refused(answer.status)


def _send(call: Call, platform: Platform, seconds: float) -> outbound.Answer:
    """Once; a second time with a new token when the LMS doesn't accept a kept one: it may have revoked it."""
    token = access_token(platform, call.scope)
    answer = _send_with(token.text, call, platform, seconds)
    if answer.status == _UNAUTHORISED and token.kept:
        answer = _send_with(access_token(platform, call.scope, fresh=True).text, call, platform, seconds)
    return answer


def _send_with(token: str, call: Call, platform: Platform, seconds: float) -> outbound.Answer:
    try:
        return outbound.request(
            call.method, call.url, content=call.content, largest=call.largest, seconds=seconds,
            headers={**call.headers, "Authorization": f"Bearer {token}"},
        )  # fmt: skip
    except outbound.NotAllowed as error:
        raise GiveUp(f"the address {error.reason}") from error
    except outbound.NoAnswer as error:
        raise TryLater(error.reason, receiver=receiver(platform.pk, call.url)) from error


def read_json(answer: outbound.Answer) -> Any:
    """Whatever type the LMS calls it. Raises TryLater: a page instead of data is a proxy's, or a site under repair."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise TryLater("the LMS's answer isn't JSON") from error


def members_of(value: Any) -> Mapping[str, Any]:
    """An object without what is null in it; {} for anything else."""
    return {name: each for name, each in value.items() if each is not None} if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a job may go on asking: it must end well within `jobs.leases.LONGEST`."""

    until: float

    @classmethod
    def of(cls, seconds: float) -> Patience:
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        return self.until - time.monotonic()
