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
from learning.runtime.blocks import LearnerRuntime, Preferences, State, everywhere, handler_token
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


class _TriedPreferences(Preferences):
    """What a type remembers in all activities of the module that is tried: not what the redacteur said as a learner."""

    def __init__(self, person: Person, draft: Draft, session: SessionBase) -> None:
        super().__init__(person.pk)
        self._person, self._draft, self._session = person, draft, session

    def read(self, usage: str) -> State:
        return _state(self._person, self._draft, usage, usage, self._session)

    def keep(self, block_type: str) -> None:
        state = self.state(block_type)
        _keep(self._draft, state.usage, state, self._session)


class PreviewRuntime(LearnerRuntime):
    """As a learner's, but for where files and answers are. Services that write elsewhere (journal, recordings) aren't
    there: blocks do without."""

    def __init__(self, person: Person, draft: Draft, session: SessionBase) -> None:
        assert draft.edition is not None
        super().__init__(person, draft.edition, preferences=_TriedPreferences(person, draft, session))
        self._files = _Resources(draft.key)

    def service(self, block: XBlock, service_name: str) -> Any:
        return self._files if service_name == "resources" else super().service(block, service_name)

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        return f"{self._handlers(block)}{handler_name}/"

    def _own_address(self, usage: str) -> str:
        token = handler_token(self.person, _PREFIX + usage)
        return reverse("editing:answer", args=[token, "handler"]).removesuffix("handler/")


def place_of(usage: str) -> tuple[str, str]:
    """(module, activity) a token of a preview was made for. Raises NoSuchActivity."""
    if not usage.startswith(_PREFIX):
        raise NoSuchActivity
    module, _, activity = usage.removeprefix(_PREFIX).partition("/")
    return module, activity


def block_of(person: Person, draft: Draft, key: str, session: SessionBase) -> tuple[PreviewRuntime, XBlock, State]:
    """Raises NoSuchActivity."""
    activity = activity_of(draft, key)
    state = _state(person, draft, activity.key, activity.usage, session)
    runtime = PreviewRuntime(person, draft, session)
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
        _keep(draft, key, state, session)
    return response


def _keep(draft: Draft, key: str, state: State, session: SessionBase) -> None:
    data, sealed = state.to_save()
    tried = _tried(draft, session)
    tried[key] = [data, base64.b64encode(sealed).decode() if sealed else ""]
    session[_TRIED] = [draft.key, tried]


def start_again(draft: Draft, key: str, session: SessionBase) -> None:
    """With what its type remembers in all activities: as for whoever comes for the first time."""
    activity, tried = draft.edition.by_key.get(key) if draft.edition else None, _tried(draft, session)
    gone = {key, everywhere(activity[1].type)} if activity else {key}
    if gone & tried.keys():
        session[_TRIED] = [draft.key, {name: kept for name, kept in tried.items() if name not in gone}]


def _state(person: Person, draft: Draft, key: str, usage: str, session: SessionBase) -> State:
    data, sealed = _tried(draft, session).get(key, ["{}", ""])
    return State(person.pk, usage, json.loads(data), base64.b64decode(sealed) if sealed else None)


def _tried(draft: Draft, session: SessionBase) -> dict[str, list[str]]:
    module, tried = session.get(_TRIED, ["", {}])
    return dict(tried) if module == draft.key else {}
