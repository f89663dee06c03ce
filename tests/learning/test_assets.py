"""Files beside the content."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from learning.runtime.publishing import MayNotBePublished, store_asset


@pytest.fixture
def sound(tmp_path: Path) -> str:
    file = tmp_path / "geluid.opus"
    file.write_bytes(bytes(range(100)))
    return store_asset(file)


def test_a_file_is_served_for_good_under_the_name_of_its_content(learner: Client, sound: str) -> None:
    response = learner.get(f"/materiaal/{sound}")
    assert response.content == bytes(range(100))
    assert response.headers["Content-Type"].startswith("audio/ogg")
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        ("bytes=10-19", 206, bytes(range(10, 20)), "bytes 10-19/100"),
        ("bytes=90-", 206, bytes(range(90, 100)), "bytes 90-99/100"),
        ("bytes=-5", 206, bytes(range(95, 100)), "bytes 95-99/100"),
        ("bytes=90-900", 206, bytes(range(90, 100)), "bytes 90-99/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=-0", 416, b"", "bytes */100"),
        (f"bytes={10**17}-", 416, b"", "bytes */100"),
        (f"bytes=90-{10**17}", 206, bytes(range(90, 100)), "bytes 90-99/100"),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    learner: Client, sound: str, asked: str, status: int, content: bytes, said: str
) -> None:
    response = learner.get(f"/materiaal/{sound}", headers={"Range": asked})
    assert (response.status_code, response.content, response.headers["Content-Range"]) == (status, content, said)


@pytest.mark.parametrize("name", ["../secret.key", "x.opus", "a" * 40 + ".html", "a" * 40 + ".opus"])
def test_nothing_else_is_served(learner: Client, name: str) -> None:
    assert learner.get(f"/materiaal/{name}").status_code == 404


def test_a_file_a_browser_would_run_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "x.svg").write_text("<svg onload='alert(1)'/>")
    with pytest.raises(MayNotBePublished):
        store_asset(tmp_path / "x.svg")


@pytest.mark.parametrize("asked", ["bytes=" + "9" * 5000 + "-", "bytes=-" + "9" * 5000, "bytes=0-" + "9" * 5000])
def test_a_number_no_file_can_have_asks_for_the_whole_file(learner: Client, sound: str, asked: str) -> None:
    response = learner.get(f"/materiaal/{sound}", headers={"Range": asked})
    assert (response.status_code, response.content) == (200, bytes(range(100)))
