"""A wrong value stops the start; production refuses what isn't safe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.databases import from_url
from config.environment import WrongValue, read

GOOD = {
    "SECRET_KEY": "Zz9" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "SEALING_KEYS": "Yy8" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "BASE_URL": "https://leren.example.nl",
    "DATABASE_URL": "postgresql://user@db/leren",
}


def test_production_starts_with_good_values() -> None:
    environment = read(GOOD, production=True)
    assert (environment.demo, environment.lti_allow_loopback, environment.debug) == (False, False, False)
    assert environment.platform_url == "https://leren.example.nl"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "on"),
        ("DEMO", "on"),
        ("LTI_ALLOW_LOOPBACK", "yes"),
        ("BASE_URL", "http://leren.example.nl"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "changeme"),
        ("SECRET_KEY", "a" * 60),
        ("SEALING_KEYS", ""),
        ("PLATFORM_URL", "http://lms.example.nl"),
        ("SEALING_KEYS", GOOD["SECRET_KEY"]),
        ("SEALING_KEYS", f"{GOOD['SEALING_KEYS']},{GOOD['SECRET_KEY']}"),
    ],
)
def test_production_refuses_what_is_not_safe(name: str, value: str) -> None:
    with pytest.raises(WrongValue, match=name):
        read({**GOOD, name: value}, production=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("DATABASE_URL", "mysql://x"),
        ("BROKER_URL", "sqs://x"),
        ("CACHE_URL", "file:///x"),
        ("BASE_URL", "localhost:8000"),
        ("BASE_URL", "https://x/pad"),
        ("DEBUG", "misschien"),
        ("THEME_DIR", "/bestaat/niet"),
        ("ALLOWED_BLOCKS", "goed,*"),
        ("LTI_ALLOW_LOOPBACK", "2"),
    ],
)
def test_a_malformed_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongValue, match=name):
        read({"DATA_DIR": str(tmp_path), name: value}, production=False)


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = (read({"DATA_DIR": str(tmp_path)}, production=False) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert first.secret_key != first.sealing_keys[0]
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "hunter2"),
        ("SEALING_KEYS", "hunter2"),
        ("DATABASE_URL", "postgres+x://user:hunter2@db/leren"),
        ("BROKER_URL", "ampq://user:hunter2@broker"),
        ("CACHE_URL", "memcached://:hunter2@cache"),
        ("DATABASE_URL", "postgresql://user:hunter2#x@db/leren"),
        ("DATABASE_URL", "postgresql://user:1/hunter2@db/leren"),
        ("DATABASE_URL", "postgresql://user:hunter2?x@db:5432/leren"),
        ("DATABASE_URL", "postgresql://user:hunter2@db:poort/leren"),
        ("DATABASE_URL", "postgresql://user:hunter2@[db/leren"),
        ("DATABASE_URL", "postgresql://user:hunter2@db/leren?sslmodus=require"),
        ("BROKER_URL", "amqp://user:hunter2/x@broker"),
        ("CACHE_URL", "redis://:hunter2@cache:99999"),
        ("BASE_URL", "https://beheer:hunter2@leren.example.nl"),
    ],
)
def test_a_secret_is_never_shown_in_the_reason(name: str, value: str) -> None:
    with pytest.raises(WrongValue, match=name) as caught:
        read({**GOOD, name: value}, production=True)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None, "a traceback would show it"


def test_how_the_database_is_to_be_trusted_is_handed_on() -> None:
    url = "postgresql://user:p%2Fss@db:5433/leren?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    database = from_url(read({**GOOD, "DATABASE_URL": url}, production=True).database_url)
    assert (database["PASSWORD"], database["PORT"]) == ("p/ss", "5433")
    assert database["OPTIONS"]["sslmode"] == "verify-full"
    assert database["OPTIONS"]["sslrootcert"] == "/etc/ca.pem"


@pytest.mark.parametrize(("settings", "values"), [("local", {"PORT": "x"}), ("production", {})])
def test_the_start_stops_with_one_clear_line(tmp_path: Path, settings: str, values: dict[str, str]) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": f"config.settings.{settings}",
        **values,
    }
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert run.returncode == 78
    assert run.stderr.startswith("tussenruimte can't start: ")
    assert len(run.stderr.splitlines()) == 1
