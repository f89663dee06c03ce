"""The answer to the LMS: what was chosen, signed with our key (Deep Linking 2.0 §4.5, Security Framework 1.0 §5.4)."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lti import claims as words
from lti import outbound
from lti.keys import signing_key
from lti.tool.access import BACKDATE

LIFETIME = 300
"""Seconds. The browser posts it at once; five minutes forgive an LMS's clock and a sign-in in between."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, and where the answer goes. `data`: JSON, "" for nothing."""

    issuer: str
    client_id: str
    deployment_id: str
    return_url: str
    data: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A form for the browser: `token` goes to `address`; no other address than at `origin` may be sent to."""

    address: str
    token: str

    @property
    def origin(self) -> str:
        return outbound.origin(self.address)

    @property
    def field(self) -> str:
        return words.DEEP_LINKING_FIELD


def sign(asker: Asker, items: Sequence[Mapping[str, Any]], **said: str) -> Answer:
    """`said`: words for the LMS's people, by the name they have in §4.5.7 to 4.5.10 (msg, errormsg, errorlog)."""
    issued = int(time.time()) - BACKDATE
    claims = {
        "iss": asker.client_id,
        "aud": asker.issuer,
        "azp": asker.client_id,
        "iat": issued,
        "exp": issued + LIFETIME,
        "nonce": secrets.token_urlsafe(24),
        words.DEPLOYMENT_ID: asker.deployment_id,
        words.MESSAGE_TYPE: words.DEEP_LINKING_RESPONSE,
        words.VERSION: words.VERSION_1_3,
        words.CONTENT_ITEMS: list(items),
        **{words.DL + name: text for name, text in said.items()},
    }
    if asker.data:
        claims[words.DEEP_LINKING_DATA] = json.loads(asker.data)
    return Answer(asker.return_url, signing_key("tool").sign(claims))
