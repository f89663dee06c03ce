from __future__ import annotations

import pytest

from design import build
from tests.journeys.conftest import browser, context, page  # noqa: F401 (fixtures)


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    build.main()
