"""The runtime: an XBlock in front of a person.

Authored fields come from the edition, shared and read-only; state comes from one row, loaded before and saved after.
Nothing here parses XML, scans for plug-ins or copies what doesn't change: the default look-up of asides alone costs
more than our whole page (`research` in docs/decisions).
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import InvalidScopeError
from xblock.field_data import FieldData
from xblock.fields import Scope, ScopeIds
from xblock.runtime import MemoryIdManager, Runtime

from learning.people.models import Person
from learning.sealing import seal, unseal
from learning.tracks.content import Activity, Edition
from modules.blocks.base import BLOCKS

# A page left open over a long weekend still takes an answer.
HANDLER_TOKEN_AGE = 4 * 24 * 60 * 60
_signer = signing.TimestampSigner(salt="learning.runtime.handler")


class ForeignToken(Exception):
    """The address of a handler was made for somebody else, is too old, or was made up."""


def handler_token(person: Person, usage: str) -> str:
    """Part of a handler's address: only this person, for this activity, for a few days."""
    return _signer.sign(f"{person.pk}:{usage.replace('/', '.')}")


def read_handler_token(token: str, person: Person) -> str:
    """The usage a token was made for. Raises ForeignToken."""
    try:
        owner, usage = _signer.unsign(token, max_age=HANDLER_TOKEN_AGE).split(":", 1)
    except (signing.BadSignature, ValueError) as error:
        raise ForeignToken from error
    if owner != str(person.pk):
        raise ForeignToken
    return usage.replace(".", "/")


@dataclass
class State:
    """What an activity remembers for one person. Private fields are opened only when read."""

    person_id: int
    usage: str
    data: dict[str, Any] = field(default_factory=dict)
    sealed: bytes | None = None
    version: int = 0
    _private: dict[str, Any] | None = None
    changed: bool = False
    private_changed: bool = False

    @property
    def place(self) -> str:
        return f"block_state|{self.person_id}|{self.usage}"

    @property
    def private(self) -> dict[str, Any]:
        if self._private is None:
            self._private = json.loads(unseal(self.sealed, self.place)) if self.sealed else {}
        return self._private

    def to_save(self) -> tuple[str, bytes | None]:
        """(`data`, `sealed`) as the row holds them."""
        if self.private_changed:
            self.sealed = seal(json.dumps(self.private), self.place) if self.private else None
        return json.dumps(self.data), self.sealed


class LearnerFieldData(FieldData):
    """Authored fields from the edition, user state from `State`; every other scope is refused."""

    def __init__(self, authored: Mapping[str, Any], state: State) -> None:
        self._authored, self._state = authored, state

    def _home(self, block: XBlock, name: str) -> tuple[Mapping[str, Any], bool]:
        """Where the field lives, and whether it is the learner's."""
        described = block.fields[name]
        if described.scope == Scope.user_state:
            private = described.runtime_options.get("private", False)
            return (self._state.private if private else self._state.data), True
        return self._authored, False

    def get(self, block: XBlock, name: str) -> Any:
        values, learners = self._home(block, name)
        value = values[name]
        return copy.deepcopy(value) if learners and isinstance(value, (dict, list)) else value

    def has(self, block: XBlock, name: str) -> bool:
        return name in self._home(block, name)[0]

    def set(self, block: XBlock, name: str, value: Any) -> None:
        described = block.fields[name]
        if described.scope != Scope.user_state:
            raise InvalidScopeError(f"{name} is authored: a learner can't change it")
        if described.runtime_options.get("private", False):
            self._state.private[name] = copy.deepcopy(value)
            self._state.private_changed = True
        else:
            self._state.data[name] = copy.deepcopy(value)
        self._state.changed = True

    def delete(self, block: XBlock, name: str) -> None:
        described = block.fields[name]
        if described.scope != Scope.user_state:
            raise InvalidScopeError(f"{name} is authored: a learner can't change it")
        private = described.runtime_options.get("private", False)
        (self._state.private if private else self._state.data).pop(name, None)
        self._state.private_changed = self._state.private_changed or private
        self._state.changed = True


class I18n:
    @property
    def language(self) -> str:
        return translation.get_language() or "nl"


class Resources:
    """Files beside the content, by the name of what they hold: they may be cached for good."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def url(self, path: str) -> str:
        return reverse("runtime:asset", args=[self._edition.assets[path]])


_ids = MemoryIdManager()


class LearnerRuntime(Runtime):  # type: ignore[misc]
    """Runs the blocks of one request. `events` collects what they publish, in order."""

    def __init__(self, person: Person, edition: Edition, services: Mapping[str, Any] | None = None) -> None:
        super().__init__(
            id_reader=_ids, id_generator=_ids,
            services={"i18n": I18n(), "resources": Resources(edition), **(services or {})},
        )
        self.person, self.edition = person, edition
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._token: tuple[str, str] = ("", "")

    def services_for(self, **services: Any) -> None:
        """The services of the next block, where they differ per activity."""
        self._services.update(services)

    def block(self, activity: Activity, state: State) -> XBlock:
        cls = load_block(activity.type)
        ids = ScopeIds(str(self.person.pseudonym), activity.type, activity.usage, activity.usage)
        return cls(self, scope_ids=ids, field_data=LearnerFieldData(activity.fields, state))

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        usage = block.scope_ids.usage_id
        if self._token[0] != usage:
            self._token = (usage, _answer_address(handler_token(self.person, usage)))
        return f"{self._token[1]}{handler_name}/"

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        return resource_address(block.scope_ids.block_type, uri)

    def resource_url(self, resource: str) -> str:
        return static(resource)

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        self.events.append((event_type, event_data))

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        return []

    def wrap_xblock(self, block: XBlock, view: str, frag: Fragment, context: Any) -> Fragment:
        """Our pages put their own section around an activity; XBlock's wrapper escapes nothing."""
        return frag


def _answer_address(token: str) -> str:
    return _answer_pattern().replace("TOKEN", token)


@functools.cache
def _answer_pattern() -> str:
    return reverse("runtime:answer", args=["TOKEN", "handler"]).removesuffix("handler/")


@functools.cache
def load_block(block_type: str) -> type[XBlock]:
    cls: type[XBlock] = XBlock.load_class(block_type)
    return cls


@functools.cache
def resource_address(block_type: str, uri: str) -> str:
    """`static/x.css` of a block, or of all blocks where it has none of its own."""
    own = (BLOCKS / block_type / uri).is_file()
    return static(f"blocks/{block_type if own else 'shared'}/{uri.removeprefix('static/')}")


