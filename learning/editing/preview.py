"""An activity to try: drawn from the folder, with a state that lives in the redacteur's session and nowhere else."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse
from webob import Request, Response
from xblock.core import XBlock
from xblock.exceptions import NoSuchHandlerError

from learning.editing.drafts import Draft
from learning.people.models import Person
from learning.runtime.blocks import LearnerRuntime, State, handler_token
from learning.tracks.content import Activity

# {activity: [data, what is sealed]} of the module that was tried last, and which that is.
_TRIED = "voorbeeld"
# So that a token of a preview is never one of a learner's activity, nor the other way around.
_PREFIX = "voorbeeld:"


class NoSuchActivity(Exception):
    """The draft has no such activity (any more), or its block no such handler."""


class _Resources:
    """Files beside the content, straight from the folder."""

    def __init__(self, module: str) -> None:
        self._module = module

    def url(self, path: str) -> str:
        return reverse("editing:file", args=[self._module, path])


class PreviewRuntime(LearnerRuntime):
    """As a learner's, but for where files and answers are. Services that write elsewhere (journal, recordings) aren't
    there: blocks do without."""

    def __init__(self, person: Person, draft: Draft) -> None:
        assert draft.edition is not None
        super().__init__(person, draft.edition)
        self._files = _Resources(draft.key)

    def service(self, block: XBlock, service_name: str) -> Any:
        return self._files if service_name == "resources" else super().service(block, service_name)

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        token = handler_token(self.person, _PREFIX + block.scope_ids.usage_id)
        return reverse("editing:answer", args=[token, handler_name])


def place_of(usage: str) -> tuple[str, str]:
    """(module, activity) a token of a preview was made for. Raises NoSuchActivity."""
    if not usage.startswith(_PREFIX):
        raise NoSuchActivity
    module, _, activity = usage.removeprefix(_PREFIX).partition("/")
    return module, activity


def block_of(person: Person, draft: Draft, key: str, session: SessionBase) -> tuple[PreviewRuntime, XBlock, State]:
    """Raises NoSuchActivity."""
    activity = activity_of(draft, key)
    state = _state(person, draft, activity, session)
    runtime = PreviewRuntime(person, draft)
    return runtime, runtime.block(activity, state), state


def activity_of(draft: Draft, key: str) -> Activity:
    """Raises NoSuchActivity."""
    place = draft.edition.by_key.get(key) if draft.edition else None
    if place is None:
        raise NoSuchActivity
    return place[1]


def answer(person: Person, draft: Draft, key: str, handler: str, request: Request, session: SessionBase) -> Response:
    """What the block says to a form; its state goes on in the session. Raises NoSuchActivity."""
    runtime, block, state = block_of(person, draft, key, session)
    try:
        response = runtime.handle(block, handler, request)
    except NoSuchHandlerError as error:
        raise NoSuchActivity from error
    if response.status_int < 400:
        data, sealed = state.to_save()
        tried = _tried(draft, session)
        tried[key] = [data, base64.b64encode(sealed).decode() if sealed else ""]
        session[_TRIED] = [draft.key, tried]
    return response


def start_again(draft: Draft, key: str, session: SessionBase) -> None:
    tried = _tried(draft, session)
    if tried.pop(key, None):
        session[_TRIED] = [draft.key, tried]


def _state(person: Person, draft: Draft, activity: Activity, session: SessionBase) -> State:
    data, sealed = _tried(draft, session).get(activity.key, ["{}", ""])
    return State(person.pk, activity.usage, json.loads(data), base64.b64decode(sealed) if sealed else None)


def _tried(draft: Draft, session: SessionBase) -> dict[str, list[str]]:
    module, tried = session.get(_TRIED, ["", {}])
    return dict(tried) if module == draft.key else {}
