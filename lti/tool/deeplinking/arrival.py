"""From a verified request to the page where somebody chooses, or to a refusal that the LMS hears too."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils import translation

from lti.tool.deeplinking import selections
from lti.tool.deeplinking.answer import Answer, Asker, sign
from lti.tool.deeplinking.request import Request
from lti.tool.entry import Entry, come_in
from lti.tool.nonces import use_up
from lti.tool.queries import LoadedPlatform
from lti.tool.refusals import Refused
from lti.tool.state import LIFETIME, Login


class Declined(Refused):
    """Nothing to choose for this person here; `back` is the empty answer that takes them to where they came from."""

    def __init__(self, code: str, back: Answer) -> None:
        super().__init__(code)
        self.back = back


def arrive(request: Request, *, platform: LoadedPlatform, login: Login) -> Entry | Refused:
    """Inside the transaction of the launch. A refusal is returned: the nonce stays used up, so that no message gets a
    second signed answer."""
    try:
        use_up(login.nonce, expires=login.issued + LIFETIME)
    except Refused as error:
        return error
    try:
        if request.cannot:
            raise Refused(request.cannot)
        entry = come_in(request.visit, platform=platform)
    except Refused as error:
        return _declined(error, request, platform)
    key = selections.begin(request, person_id=entry.person_id)
    return replace(entry, path=reverse("lti:choose", args=[key]))


def _declined(error: Refused, request: Request, platform: LoadedPlatform) -> Declined:
    asker = Asker(
        platform.row.issuer, platform.row.client_id, request.deployment_id, request.return_url, request.data
    )  # fmt: skip
    with translation.override(request.visit.language or translation.get_language()):
        said = {"errormsg": str(error.reason.happened), "errorlog": str(error.reason.tell)}
    return Declined(error.code, sign(asker, [], **said))
