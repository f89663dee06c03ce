"""What a running site writes is its own account's."""

from __future__ import annotations

import pytest

from tests.journeys.site import Site

pytestmark = pytest.mark.browser
# What the tests themselves put beside it, and what is for everybody.
OURS = {"log", "letters", "drie-units", "static"}


def test_other_accounts_of_the_machine_read_nothing_of_it(site: Site) -> None:
    files = [path for path in site.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    made = [path for path in files if path.relative_to(site.folder).parts[0] not in OURS]
    assert "tussenruimte.sqlite3" in {path.name for path in made}
    assert [path for path in made if path.stat().st_mode & 0o077] == []
