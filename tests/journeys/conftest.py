"""A site for whoever walks through the product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.site import Site, running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site
