"""An LMS that registers itself with an invitation of ours: what it says, what it was told, and its administrator."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from learning.people.models import Organisation
from lti import claims as words
from lti.tool.invitations import invite
from lti.tool.registration.configuration import PLATFORM, SCOPES
from lti.tool.registration.ours import TOOL
from tests.lti.hostile import Reply, Server

CONFIGURATION = "/.well-known/openid-configuration"
REGISTRATION = "/register"

type Response = Any


@dataclass
class Registrar:
    """`server` plays the LMS; `said` is its configuration, to be spoiled by a test."""

    server: Server
    organisation: Organisation
    path: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    browser: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.said = self.said or self.configuration()
        self.says(Reply(body=self.said))
        self.answers(Reply(body=answer()))

    @property
    def issuer(self) -> str:
        return self.server.url + self.path

    @property
    def address(self) -> str:
        return self.issuer + CONFIGURATION

    def configuration(self, **changes: Any) -> dict[str, Any]:
        """That of Moodle, in its parts. None as a value leaves that one out."""
        url = self.server.url + self.path
        whole = {
            "issuer": url,
            "token_endpoint": f"{url}/token",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "jwks_uri": f"{url}/jwks",
            "authorization_endpoint": f"{url}/auth",
            "registration_endpoint": url + REGISTRATION,
            "scopes_supported": ["openid", *SCOPES],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
            PLATFORM: {
                "product_family_code": "moodle",
                "version": "4.5",
                "messages_supported": [
                    {"type": words.RESOURCE_LINK_REQUEST},
                    {"type": words.DEEP_LINKING_REQUEST, "placements": ["ContentArea"]},
                ],
                "variables": ["Context.id.history", "User.id"],
            },
            **changes,
        }
        return {name: value for name, value in whole.items() if value is not None}

    def says(self, reply: Reply) -> None:
        self.server.usual[self.path + CONFIGURATION] = reply

    def answers(self, reply: Reply) -> None:
        self.server.usual[self.path + REGISTRATION] = reply

    def invitation(self) -> str:
        return invite(self.organisation, name="Leerplein").url

    def opens(self, url: str = "", *, address: str = "", token: str = "once-7", **more: str) -> Response:
        """The LMS opens what its administrator pasted."""
        asked = {"openid_configuration": address or self.address, "registration_token": token, **more}
        given = urlencode({name: value for name, value in asked.items() if value})
        return self.browser.get(f"{url or self.invitation()}&{given}")

    def presses(self, page: Response) -> Response:
        return self.browser.post("/lti/register", {"form": form_of(page)})

    def registers(self, url: str = "", **more: str) -> Response:
        page = self.opens(url, **more)
        assert page.status_code == 200, page.content.decode()
        return self.presses(page)

    @property
    def told(self) -> list[Any]:
        """What the LMS was asked to register."""
        return [asked.json for asked in self.server.requests(self.path + REGISTRATION)]


def answer(client_id: Any = "client-of-lms", deployment: Any = "7", **more: Any) -> Mapping[str, Any]:
    return {"client_id": client_id, TOOL: {"deployment_id": deployment} if deployment is not None else {}, **more}


def form_of(page: Response) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return html.unescape(found[1])
