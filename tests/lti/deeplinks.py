"""What tests of deep linking share: opening the picker, sending a choice, reading the answer as an LMS does."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from joserfc import jws
from joserfc.jwk import RSAKey

from lti import claims as words
from lti.keys import jwks
from tests.lti.hostile import Claims, Lms, Response

RETURN = re.compile(r'<form method="post" action="([^"]+)"[^>]*>\s*<input type="hidden" name="JWT" value="([^"]+)">')


@dataclass
class Answered:
    """`header` and `claims` of an answer whose signature fits our published keys."""

    address: str
    token: str
    header: dict[str, Any]
    claims: Claims

    @property
    def items(self) -> list[Any]:
        return list(self.claims[words.CONTENT_ITEMS])


def answered(response: Response) -> Answered:
    found = RETURN.search(response.content.decode())
    assert found, response.content.decode()
    address, token = map(unescape, found.groups())
    header, body, signature = (_decoded(part) for part in token.split("."))
    read = json.loads(header)
    [key] = [key for key in jwks("tool")["keys"] if key["kid"] == read["kid"]]
    algorithm = jws.JWSRegistry(algorithms=["RS256"]).get_alg("RS256")
    assert algorithm.verify(token.rpartition(".")[0].encode(), signature, RSAKey.import_key(key))
    return Answered(address, token, read, json.loads(body))


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def opened(lms: Lms, browser: Client, settings: Claims | None = None, **changes: Any) -> str:
    """The address of the picker that this request opens."""
    response = lms.launch(browser, lms.choosing(settings, **changes))
    assert response.status_code == 303, response.content.decode()
    return str(response.headers["Location"])


def typed(*references: str, **fields: str) -> dict[str, Any]:
    """A form with these chosen; `fields` as "title_0"."""
    whole: dict[str, Any] = {"item": list(references)}
    whole |= {f"i{number}-title": f"Titel {number}" for number in range(len(references))}
    whole |= {f"i{number}-window": "vrij" for number in range(len(references))}
    for name, value in fields.items():
        field, _, number = name.rpartition("_")
        whole[f"i{number}-{field}"] = value
    return whole


def sent(browser: Client, picker: str, *references: str, **fields: str) -> Response:
    return browser.post(f"{picker}instellen/", typed(*references, **fields))


def settling(picker: str, *references: str) -> str:
    return f"{picker}instellen/?{urlencode([('item', each) for each in references])}"
