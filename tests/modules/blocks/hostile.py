"""What no page of ours ever sends."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st
from webob import Request

from tests.modules.toy import Played


def junk_with(names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Whatever an author can write where something else belongs; `names`: of the fields in it."""
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
        max_leaves=8,
    )


def junk_of(*names: str) -> st.SearchStrategy[Any]:
    """Of a type whose fields have these names: what looks like it is hardest to tell from it."""
    return junk_with(st.sampled_from(names))


junk = junk_with(st.text(max_size=3))

VALUES = ["", "0", "-1", "²", "999999", "null", "[]", "../../etc", "<script>alert(1)</script>", "\x00", "ja" * 10_001]
MEGABYTES = "ja" * 1_000_000


def send(played: Played, handler: str, form: Iterable[tuple[str, str]] | bytes, method: str = "POST") -> int:
    """A status. A form may name a field twice, or be no form at all."""
    body = form if isinstance(form, bytes) else urlencode(list(form)).encode()
    request = Request.blank(f"/handler/{handler}", method=method, body=body if method == "POST" else b"")
    request.content_type = "application/x-www-form-urlencoded"
    return int(played.runtime.handle(played.block, handler, request).status_int)


def withstands(played: Played, handlers: Iterable[str], names: Iterable[str]) -> None:
    """Every handler, with every value for the fields in `names`, at once and one by one: nothing changes, nothing falls
    over, and the page can still be drawn."""
    names = list(names)
    before, events = copy.deepcopy(played.fields), len(played.runtime.events)
    for handler in handlers:
        assert send(played, handler, [], "GET") == 405, handler
        assert send(played, handler, b"\xff\xfe%zz&&&=") in (200, 422), handler
        file = b'--x\r\nContent-Disposition: form-data; name="tekst"; filename="a.txt"\r\n\r\nhallo\r\n--x--\r\n'
        request = Request.blank(f"/handler/{handler}", method="POST", body=file)
        request.content_type = "multipart/form-data; boundary=x"
        assert played.runtime.handle(played.block, handler, request).status_int in (200, 422), handler
        for value in VALUES:
            assert send(played, handler, [(name, value) for name in names]) in (200, 422), (handler, value[:20])
            assert send(played, handler, [("ronde", "2"), ("versie", "77"), ("item", value)]) in (200, 422), handler
        assert send(played, handler, [(names[-1], MEGABYTES)]) == 422, handler
        assert played.fields == before, handler
    assert len(played.runtime.events) == events
    assert played.view()


def secrets_are_private(played: Played, *words: str) -> None:
    """`words` are in private fields alone: in no event, and in nothing that is stored as it is."""
    cls = played.cls
    for name, value in played.fields.items():
        if name != "authored" and not cls.fields[name].runtime_options.get("private"):
            assert not any(word in json.dumps(value) for word in words), name
    assert not any(word in repr(played.runtime.events) for word in words)
    kept = json.dumps([value for name, value in played.fields.items() if name != "authored"], ensure_ascii=False)
    assert all(word in kept for word in words), "it isn't kept at all"
