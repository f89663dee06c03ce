"""The runtime: an XBlock in front of a person.

Authored fields come from the edition, shared and read-only; state comes from one row, loaded before and saved after.
Nothing here parses XML, scans for plug-ins or copies what doesn't change: the default look-up of asides alone costs
more than our whole page (`research` in docs/decisions).
"""

from __future__ import annotations

import base64
import copy
import functools
import json
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.db import transaction
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import InvalidScopeError
from xblock.field_data import FieldData
from xblock.fields import Scope, ScopeIds
from xblock.runtime import MemoryIdManager, Runtime

from learning.people.models import Person
from learning.runtime.models import BlockState
from learning.sealing import seal, unseal
from learning.tracks.content import Activity, Edition
from modules.blocks.base import BLOCKS

# A page left open over a long weekend still takes an answer.
HANDLER_TOKEN_AGE = 4 * 24 * 60 * 60


class ForeignToken(Exception):
    """The address of a handler was made for somebody else, is too old, or was made up."""


def handler_token(person: Person, usage: str) -> str:
    """Part of a handler's address: only this person, for this activity, for a few days.

    It says nothing of whose it is: addresses end up in logs.
    """
    return _signed(_signer(person), usage)


def _signed(signer: signing.TimestampSigner, usage: str) -> str:
    return signer.sign(usage.replace("/", "."))


def read_handler_token(token: str, person: Person) -> str:
    """The usage a token was made for. Raises ForeignToken."""
    try:
        return _signer(person).unsign(token, max_age=HANDLER_TOKEN_AGE).replace(".", "/")
    except (signing.BadSignature, ValueError) as error:
        raise ForeignToken from error


def _signer(person: Person) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"learning.runtime.handler|{person.pk}")


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
    def is_untouched(self) -> bool:
        """Nothing was done here yet."""
        return not (self.data or self.sealed or self.changed)

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


class Preferences:
    """What a type of activity remembers for one person in all modules (`Scope.preferences`), as a row of its own.

    Read when first asked for, so types without such a field cost nothing. Inside a transaction the row is held, so of
    two answers at once the second sees what the first did; `keep` is part of that transaction.
    """

    def __init__(self, person_id: int) -> None:
        self._person_id = person_id
        self._states: dict[str, State] = {}

    def state(self, block_type: str) -> State:
        if block_type not in self._states:
            self._states[block_type] = self.read(everywhere(block_type))
        return self._states[block_type]

    def know(self, block_types: Iterable[str], states: Mapping[str, State]) -> None:
        """Of these types was asked already, in `states` by usage: what isn't there isn't kept."""
        for block_type in block_types:
            usage = everywhere(block_type)
            self._states[block_type] = states.get(usage) or State(self._person_id, usage)

    def read(self, usage: str) -> State:
        rows = BlockState.objects.filter(person_id=self._person_id, usage=usage)
        database = transaction.get_connection()
        if database.in_atomic_block and database.features.has_select_for_update:
            first = BlockState(person_id=self._person_id, usage=usage, data="{}", version=0, updated_at=timezone.now())
            BlockState.objects.bulk_create([first], ignore_conflicts=True)  # only what is there can be held
            rows = rows.select_for_update()
        row = rows.first()
        if row is None:
            return State(self._person_id, usage)
        sealed = bytes(row.sealed) if row.sealed is not None else None
        return State(self._person_id, usage, json.loads(row.data), sealed, row.version)

    def keep(self, block_type: str) -> None:
        state = self.state(block_type)
        data, sealed = state.to_save()
        state.version += 1
        values = {"data": data, "sealed": sealed, "version": state.version, "updated_at": timezone.now()}
        BlockState.objects.update_or_create(person_id=self._person_id, usage=state.usage, defaults=values)


def everywhere(block_type: str) -> str:
    """The usage of preferences: a module's name never looks like this."""
    return f"*/{block_type}"


def remembering(block_types: Iterable[str]) -> list[str]:
    """Those of the types that remember something in all modules, each once."""
    return [block_type for block_type in dict.fromkeys(block_types) if _preferences_of(block_type)]


class LearnerFieldData(FieldData):
    """Authored fields from the edition, user state from `State`, preferences; every other scope is refused.

    Serves all blocks of a request; `take_in` says what each of them reads from.
    """

    def __init__(self, preferences: Preferences) -> None:
        self._homes: dict[str, tuple[Mapping[str, Any], State]] = {}
        self._preferences = preferences

    def take_in(self, usage: str, authored: Mapping[str, Any], state: State) -> None:
        self._homes[usage] = (authored, state)

    def state(self, block: XBlock) -> State:
        return self._homes[block.scope_ids.usage_id][1]

    def get(self, block: XBlock, name: str) -> Any:
        value = self._values(block, name)[name]
        if name in lent_names(block.scope_ids.block_type):
            return opened_answers(value, lent_place(self.state(block), name))
        # What is authored is shared and never changed, so only the learner's own is copied.
        return copy.deepcopy(value) if isinstance(value, dict | list) and name in _own_fields(block) else value

    def has(self, block: XBlock, name: str) -> bool:
        return name in self._values(block, name)

    def set(self, block: XBlock, name: str, value: Any) -> None:
        if value and name in lent_names(block.scope_ids.block_type):
            value = sealed_answers(value, lent_place(self.state(block), name))
        self._to_change(block, name)[name] = copy.deepcopy(value)
        self._changed(block, name)

    def delete(self, block: XBlock, name: str) -> None:
        self._to_change(block, name).pop(name, None)
        self._changed(block, name)

    def _changed(self, block: XBlock, name: str) -> None:
        """An activity's own state is saved with its answer; preferences are saved here."""
        if name in _preferences_of(block.scope_ids.block_type):
            self._preferences.keep(block.scope_ids.block_type)

    def _home(self, block: XBlock, name: str) -> State:
        if name in _preferences_of(block.scope_ids.block_type):
            return self._preferences.state(block.scope_ids.block_type)
        return self.state(block)

    def _values(self, block: XBlock, name: str) -> Mapping[str, Any]:
        own = _own_fields(block)
        if name not in own:
            return self._homes[block.scope_ids.usage_id][0]
        state = self._home(block, name)
        return state.private if own[name] else state.data

    def _to_change(self, block: XBlock, name: str) -> dict[str, Any]:
        own = _own_fields(block)
        if name not in own:
            raise InvalidScopeError(f"{name} is authored: a learner can't change it")
        state = self._home(block, name)
        state.changed = True
        if own[name]:
            state.private_changed = True
            return state.private
        return state.data


def _own_fields(block: XBlock) -> Mapping[str, bool]:
    """The fields that are a learner's own, and whether they are private."""
    return _own_fields_of(block.scope_ids.block_type)


@functools.cache
def _own_fields_of(block_type: str) -> Mapping[str, bool]:
    fields = load_block(block_type).fields.items()
    return {
        name: bool(field.runtime_options.get("private", False))
        for name, field in fields
        if field.scope in (Scope.user_state, Scope.preferences)
    }


def private_names(block_type: str) -> frozenset[str]:
    """The fields of a type that are kept sealed."""
    return frozenset(name for name, private in _own_fields_of(block_type).items() if private)


@functools.cache
def lent_names(block_type: str) -> frozenset[str]:
    """The fields of a type with what its learner lets somebody else read (`lent=True`): words, kept sealed each by
    itself, so that who may read those opens nothing else."""
    fields = load_block(block_type).fields.items()
    return frozenset(name for name, field in fields if field.runtime_options.get("lent", False))


def lent_place(state: State, name: str) -> str:
    """Where such a field opens."""
    return f"{state.place}|{name}"


@functools.cache
def _preferences_of(block_type: str) -> frozenset[str]:
    """The fields that a learner has once for all activities of this type."""
    fields = load_block(block_type).fields.items()
    return frozenset(name for name, field in fields if field.scope == Scope.preferences)


class I18n:
    """A runtime lives as long as a request, and a request is in one language."""

    @functools.cached_property
    def language(self) -> str:
        return translation.get_language() or "nl"


class Resources:
    """Files beside the content, by the name of what they hold: they may be cached for good."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def url(self, path: str) -> str:
        return reverse("runtime:asset", args=[self._edition.assets[path]])


# About a hundred editions of a dozen activities, in two languages. Then it starts anew.
_DRAWINGS_KEPT = 2_048
_drawings: dict[tuple[str, Hashable], Any] = {}


class Drawings:
    """What is the same for everybody who looks at an edition, kept in this process: an edition never changes."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def kept(self, key: Hashable, draw: Callable[[], Any]) -> Any:
        place = (self._edition.content_hash, key)
        drawn = _drawings.get(place)
        if drawn is None:
            drawn = draw()
            if len(_drawings) >= _DRAWINGS_KEPT:
                _drawings.clear()
            _drawings[place] = drawn
        return drawn


_ids = MemoryIdManager()
# Stands in what is kept for the address of a learner's handlers. Nobody can write it in content: it is made up here.
_ADDRESS = f"/{secrets.token_hex(16)}/"


class LearnerRuntime(Runtime):
    """Runs the blocks of one request. `events` collects what they publish, in order.

    `per_activity`: services that differ per activity, {name: usage → service}. `preferences`: where those are, when not
    with the learner's own.
    """

    def __init__(
        self,
        person: Person,
        edition: Edition,
        per_activity: Mapping[str, Callable[[str], Any]] | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        self.preferences = preferences or Preferences(person.pk)
        self._field_data = LearnerFieldData(self.preferences)
        self._drawings = Drawings(edition)
        super().__init__(
            id_reader=_ids,
            id_generator=_ids,
            services={
                "i18n": I18n(),
                "resources": Resources(edition),
                "drawings": self._drawings,
                "field-data": self._field_data,
            },
        )
        self.person, self.edition = person, edition
        self._learner = str(person.pseudonym)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._per_activity = per_activity or {}
        self._address: tuple[str, str] = ("", "")
        self._signer = _signer(person)

    def block(self, activity: Activity, state: State) -> XBlock:
        self._field_data.take_in(activity.usage, activity.fields, state)
        ids = ScopeIds(self._learner, activity.type, activity.usage, activity.usage)
        return load_block(activity.type)(runtime=self, scope_ids=ids)

    def render(self, block: XBlock, view_name: str, context: Mapping[str, Any] | None = None) -> Fragment:
        """What is the same for everybody until they do something (`is_same_at_first`) is drawn once."""
        untouched = self._field_data.state(block).is_untouched
        if not untouched or block.said or not block.is_same_at_first(view_name):
            return super().render(block, view_name, context)
        href = context["href"] if context else ""
        first: Fragment = self._drawings.kept(
            (block.scope_ids.usage_id, block.language, view_name, href), lambda: self._first(block, view_name, context)
        )
        content = str(first.content)
        fragment = Fragment(content.replace(_ADDRESS, self._handlers(block)) if _ADDRESS in content else content)
        fragment.add_fragment_resources(first)
        return fragment

    def _first(self, block: XBlock, view_name: str, context: Mapping[str, Any] | None) -> Fragment:
        """With _ADDRESS for this learner's own address of the handlers."""
        self._address = (block.scope_ids.usage_id, _ADDRESS)
        try:
            return super().render(block, view_name, context)
        finally:
            self._address = ("", "")

    def service(self, block: XBlock, service_name: str) -> Any:
        if service_name == "field-data":  # asked for at every field that is read, and declared by every block
            return self._field_data
        make = self._per_activity.get(service_name)
        if make and block.service_declaration(service_name):
            return make(block.scope_ids.usage_id)
        return super().service(block, service_name)

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        # Without script the answer is a page, which a browser then shows from the activity on.
        return f"{self._handlers(block)}{handler_name}/#{block.scope_ids.usage_id.partition('/')[2]}"

    def _handlers(self, block: XBlock) -> str:
        usage = block.scope_ids.usage_id
        if self._address[0] != usage:
            self._address = (usage, self._own_address(usage))
        return self._address[1]

    def _own_address(self, usage: str) -> str:
        """Of the handlers of an activity, for this person."""
        return _answer_address(_signed(self._signer, usage))

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        return resource_address(block.scope_ids.block_type, uri, block.borrows)

    def resource_url(self, resource: str) -> str:
        return static(resource)

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        if event_type == "attempt" and block.sealed_attempts:
            place = attempt_place(self.person.pk, block.scope_ids.usage_id, event_data["number"])
            event_data = {**event_data, "answers": sealed_answers(event_data["answers"], place)}
        self.events.append((event_type, event_data))

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        return []

    def wrap_xblock(self, block: XBlock, view: str, frag: Fragment, context: Any) -> Fragment:
        """Our pages put their own section around an activity; XBlock's wrapper escapes nothing."""
        return frag


SEALED = "verzegeld"


def attempt_place(person_id: int, usage: str, number: int) -> str:
    """Where an attempt with sealed answers opens."""
    return f"attempt|{person_id}|{usage}|{number}"


def sealed_answers(answers: Any, place: str) -> dict[str, str]:
    """Answers, or other JSON with words in it, as JSON that says nothing."""
    return closing(seal(json.dumps(answers), place))


def closing(sealed: bytes) -> dict[str, str]:
    """What is sealed, as JSON."""
    return {SEALED: base64.b64encode(sealed).decode()}


def closed_in(answers: Any) -> bytes | None:
    """What is sealed in JSON; None where nothing is."""
    if isinstance(answers, dict) and answers.keys() == {SEALED}:
        return base64.b64decode(answers[SEALED])
    return None


def opened_answers(answers: Any, place: str) -> Any:
    """What was sealed; what wasn't as it is. Raises WontOpen."""
    sealed = closed_in(answers)
    return answers if sealed is None else json.loads(unseal(sealed, place))


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
def resource_address(block_type: str, uri: str, borrows: str = "") -> str:
    """`static/x.css` of a block, else of the one it `borrows` from, else of all blocks."""
    homes = (home for home in (block_type, borrows) if home and (BLOCKS / home / uri).is_file())
    return static(f"blocks/{next(homes, 'shared')}/{uri.removeprefix('static/')}")
