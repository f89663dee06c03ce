"""A file of any size is sent whole or in part, and no more of it is in memory than is being sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from learning import playing
from learning.playing import played, played_file

CONTENT = bytes(range(256)) * 4
RANGES = st.one_of(
    st.just(""),
    st.builds("bytes={}-{}".format, st.integers(0, 1500), st.one_of(st.just(""), st.integers(0, 1500))),
    st.builds("bytes=-{}".format, st.integers(0, 1500)),
    st.text(max_size=12).filter(lambda text: text.isprintable() and text.isascii()),
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("film") / "film.mp4"
    file.write_bytes(CONTENT)
    return file


@given(asked=RANGES, chunk=st.integers(1, 2000))
def test_a_file_in_pieces_is_the_same_as_from_memory(film: Path, asked: str, chunk: int) -> None:
    request = RequestFactory().get("/", headers={"Range": asked} if asked else {})
    whole = played(request, CONTENT, "video/mp4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(playing, "_CHUNK", chunk)
        response = played_file(request, film, "video/mp4")
        sent = b"".join(response) if isinstance(response, StreamingHttpResponse) else response.content  # type: ignore[attr-defined]
    assert (response.status_code, sent) == (whole.status_code, whole.content)
    heads = ("Content-Type", "Content-Range", "Accept-Ranges")
    assert [response.headers.get(name) for name in heads] == [whole.headers.get(name) for name in heads]
    if isinstance(response, StreamingHttpResponse):
        assert response.headers["Content-Length"] == str(len(sent))


def test_an_empty_file_is_sent_as_nothing(tmp_path: Path) -> None:
    (tmp_path / "leeg.mp4").write_bytes(b"")
    response = played_file(RequestFactory().get("/"), tmp_path / "leeg.mp4", "video/mp4")
    assert (response.status_code, response.content) == (200, b"")  # type: ignore[attr-defined]
