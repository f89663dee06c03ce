"""A wrong value stops the start; production refuses what isn't safe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.databases import from_url
from config.environment import WrongValue, read
from config.settings.base import settings_for

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
        ("XAPI_URL", "http://lrs.example.nl/xapi"),
    ],
)
def test_production_refuses_what_is_not_safe(name: str, value: str) -> None:
    with pytest.raises(WrongValue, match=name):
        read({**GOOD, "XAPI_KEY": "k", "XAPI_SECRET": "s", name: value}, production=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("DATABASE_URL", "mysql://x"),
        ("BROKER_URL", "sqs://x"),
        ("CACHE_URL", "file:///x"),
        ("MAIL_URL", "http://mail.example.nl"),
        ("MAIL_FROM", "leren"),
        ("MAIL_FROM", "Leren <leren@example.nl>"),
        ("MAIL_FROM", "leren@example.nl,anders@example.nl"),
        ("BASE_URL", "localhost:8000"),
        ("BASE_URL", "https://x/pad"),
        ("DEBUG", "misschien"),
        ("THEME_DIR", "/bestaat/niet"),
        ("ALLOWED_BLOCKS", "goed,*"),
        ("LTI_ALLOW_LOOPBACK", "2"),
        ("XAPI_URL", "lrs.example.nl/xapi"),
        ("XAPI_URL", "ftp://lrs.example.nl"),
        ("XAPI_URL", "https://lrs.example.nl/xapi?x=1"),
        ("XAPI_URL", "https://lrs.example.nl/x api"),
        ("XAPI_PROFILE", "dialoog"),
        ("XAPI_KEY", "een:twee"),
        ("XAPI_SECRET", "gehéim"),
        ("RETENTION_LOOKS_MONTHS", "11"),
        ("RETENTION_SOUND_DAYS", "31"),
        ("RETENTION_NOTICES_DAYS", "30"),
        ("RETENTION_ANALYTICS_MONTHS", "off"),
        ("RETENTION_SILENT_MONTHS", "6"),
        ("RETENTION_GONE_DAYS", "-1"),
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
        ("XAPI_URL", "https://lrs:hunter2@lrs.example.nl/xapi"),
        ("XAPI_KEY", "lrs:hunter2"),
        ("XAPI_SECRET", "hunter2\tx"),
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


def test_mail_needs_an_address_it_comes_from() -> None:
    with pytest.raises(WrongValue, match="MAIL_FROM"):
        read({"MAIL_URL": "smtp://mail.example.nl"}, production=False)


@pytest.mark.parametrize(
    ("address", "port", "tls", "ssl"),
    [
        ("smtp://leren:ge%2Fheim@mail.example.nl", 587, True, False),
        ("smtps://leren:ge%2Fheim@mail.example.nl", 465, False, True),
        ("smtp+plain://leren:ge%2Fheim@mail.example.nl", 25, False, False),
    ],
)
def test_mail_goes_to_the_server_as_its_address_says(address: str, port: int, tls: bool, ssl: bool) -> None:
    environ = {"MAIL_URL": address, "MAIL_FROM": "leren@example.nl"}
    said = settings_for(read(environ, production=False))
    assert (said["EMAIL_HOST"], said["EMAIL_PORT"]) == ("mail.example.nl", port)
    assert (said["EMAIL_HOST_USER"], said["EMAIL_HOST_PASSWORD"]) == ("leren", "ge/heim")
    assert (said["EMAIL_USE_TLS"], said["EMAIL_USE_SSL"]) == (tls, ssl)
    assert said["MAIL_FROM"] == "leren@example.nl"


def test_without_a_mail_server_nothing_can_be_promised() -> None:
    assert settings_for(read({"MAIL_FROM": "leren@example.nl"}, production=False))["MAIL_FROM"] == ""


def test_nobody_is_wiped_for_being_silent_where_nobody_can_tell_them() -> None:
    with pytest.raises(WrongValue, match=r"RETENTION_SILENT_MONTHS.*MAIL_URL"):
        read({"RETENTION_SILENT_MONTHS": "24"}, production=False)
    told = {"MAIL_URL": "smtp://mail.example.nl", "MAIL_FROM": "leren@example.nl", "RETENTION_SILENT_MONTHS": "24"}
    assert settings_for(read(told, production=False))["RETENTION_SILENT_MONTHS"] == 24


def test_the_password_of_the_mail_server_is_not_repeated() -> None:
    with pytest.raises(WrongValue) as error:
        read({"MAIL_URL": "smtp://leren:geheim#1@mail.example.nl", "MAIL_FROM": "a@b.nl"}, production=False)
    assert "geheim" not in str(error.value)


def test_a_learning_record_store_needs_a_name_and_a_password() -> None:
    given = {"XAPI_URL": "https://lrs.example.nl/xapi/", "XAPI_KEY": "ons", "XAPI_SECRET": "geheim"}
    for name in ("XAPI_KEY", "XAPI_SECRET"):
        with pytest.raises(WrongValue, match=name):
            read({**given, name: ""}, production=False)
    environment = read({**GOOD, **given}, production=True)
    assert environment.xapi_url == "https://lrs.example.nl/xapi"
    assert environment.xapi_profile == "https://leren.example.nl/xapi/profile"


def test_without_one_nothing_is_asked_for() -> None:
    assert (read(GOOD, production=True).xapi_url, settings_for(read(GOOD, production=True))["XAPI_URL"]) == ("", "")
