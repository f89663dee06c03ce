"""Pages go over the line packed; what is packed already doesn't, and nobody gets what they didn't ask for."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

UNIT = "/leren/proefmodule/u1/"


def test_a_page_is_packed_for_who_can_open_it(learner: Client) -> None:
    plain, packed = learner.get(UNIT), learner.get(UNIT, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert "<h1" in gzip.decompress(packed.content).decode()
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers


def test_the_length_of_a_packed_page_doesnt_tell_what_is_in_it(learner: Client) -> None:
    lengths = {len(learner.get(UNIT, headers={"Accept-Encoding": "gzip"}).content) for _ in range(12)}
    assert len(lengths) > 3


@pytest.mark.parametrize(("path", "packed"), [("/healthz", None), ("/onderdelen/", "gzip")])
def test_only_pages_are_packed(path: str, packed: str | None, client: Client, db: None) -> None:
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.headers.get("Content-Encoding") == packed
