"""A runtime of nothing but memory, to try a block in without Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from webob import Request, Response
from xblock.core import XBlock
from xblock.field_data import DictFieldData
from xblock.fields import ScopeIds
from xblock.runtime import MemoryIdManager, Runtime


class I18n:
    def __init__(self, language: str) -> None:
        self.language = language


class ToyRuntime(Runtime):
    """Runs one block for one person. `events` is what the block published, in order: [(type, data), …]."""

    def __init__(self, language: str = "nl", **services: Any) -> None:
        ids = MemoryIdManager()
        super().__init__(id_reader=ids, id_generator=ids, services={"i18n": I18n(language), **services})
        self.events: list[tuple[str, dict[str, Any]]] = []

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        return f"/handler/{handler_name}"

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        return f"/{block.scope_ids.block_type}/{uri}"

    def resource_url(self, resource: str) -> str:
        return f"/resource/{resource}"

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        self.events.append((event_type, event_data))

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        return []


class Played:
    """A block and the learner in front of it.

    >>> played = Played(Streamlens, data)
    >>> played.post("answer", item="L1", stroom="onder")     # → webob Response; state is kept
    >>> played.block.status
    """

    def __init__(
        self,
        cls: type[XBlock],
        authored: Mapping[str, Any],
        *,
        user: str = "learner",
        usage: str = "activity",
        language: str = "nl",
        **services: Any,
    ) -> None:
        self.cls, self.user, self.usage = cls, user, usage
        self.fields: dict[str, Any] = {"authored": authored}
        self.runtime = ToyRuntime(language, **{"field-data": DictFieldData(self.fields)}, **services)

    @property
    def block(self) -> Any:
        """The block as the next request finds it: built anew from what was saved."""
        ids = ScopeIds(self.user, self.cls.block_type, self.usage, self.usage)
        return self.runtime.construct_xblock_from_class(self.cls, ids)

    def view(self, name: str = "student_view", **context: Any) -> str:
        return str(self.runtime.render(self.block, name, context).content)

    def post(self, handler: str, **form: str) -> Response:
        request = Request.blank(f"/handler/{handler}", POST=urlencode(form))
        return self.runtime.handle(self.block, handler, request)

    def published(self, event_type: str) -> list[dict[str, Any]]:
        return [data for kind, data in self.runtime.events if kind == event_type]
