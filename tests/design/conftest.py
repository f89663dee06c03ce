from __future__ import annotations

import pytest

from design import build


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    build.main()
