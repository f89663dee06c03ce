import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.jobs.conftest import chance, clock
from tests.xapi.lrs import KEY, SECRET, Store, running
from xapi import lrs as client

__all__ = ["chance", "clock"]


@pytest.fixture
def on(settings: Any) -> None:
    """xAPI is switched on; nothing stands at the address."""
    settings.XAPI_URL, settings.XAPI_KEY, settings.XAPI_SECRET = "http://127.0.0.1:9/xapi", KEY, SECRET


@pytest.fixture
def lrs(on: None, settings: Any) -> Iterator[Store]:
    with running() as store:
        settings.XAPI_URL = store.address
        yield store
        client._client(os.getpid()).close()
        client._client.cache_clear()
