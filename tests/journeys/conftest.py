"""A site for whoever walks through the product."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.site import Site, forget, running


@pytest.fixture(scope="session")
def kept_site(run_folder: Path) -> Iterator[Path]:
    """Where the first site of a run is kept for the next."""
    root = run_folder / "kept-site"
    yield root
    forget(root)


@pytest.fixture(scope="session")
def site(kept_site: Path, letters: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "letters").symlink_to(letters)
    with running(folder, like=kept_site) as site:
        yield site
