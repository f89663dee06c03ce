"""A real installation, as its settings make it: every door of the demo shut, and nothing taken on trust."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.config.test_environment import GOOD

ASK = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings
override_settings(STORAGES={
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}).enable()
call_command("migrate", verbosity=0)
from learning.people.services import create_organisation, create_person
person = create_person(create_organisation(slug="a", name="A"), username="deelnemer", name="A")
from lti.platform.lms import tickets
ticket = tickets.issue(person)
client = Client(raise_request_exception=False)
said = {}
for method, host, path in json.load(sys.stdin):
    sent = {"ticket": ticket, "username": "deelnemer", "password": "x"}
    answer = getattr(client, method)(path, sent, headers={"host": host}, secure=True)
    said[f"{method} {host}{path}"] = [answer.status_code, str(answer.cookies)]
ended = client.get("/leren/x/", headers={"host": "leren.example.nl"}, secure=True)
door = client.get(ended.headers["Location"], headers={"host": "leren.example.nl"}, secure=True)
plain = client.get("/", headers={"host": "leren.example.nl"})
client.force_login(person)
print(json.dumps({
    "said": said,
    "ended": [ended.headers["Location"], door.status_code, door.content.decode()],
    "plain": [plain.status_code, plain.headers.get("Location"), dict(plain.headers)],
    "secure": dict(client.get("/healthz", headers={"host": "leren.example.nl"}, secure=True).headers),
    "cookie": str(client.cookies),
}))
"""

TOOL, LMS = "leren.example.nl", "lms.example.nl"
DOORS = [
    ("get", TOOL, "/demo/"),
    ("post", TOOL, "/demo/instappen/"),
    ("get", TOOL, "/inloggen/"),
    ("post", TOOL, "/inloggen/"),
    ("get", TOOL, "/onderdelen/"),
    ("get", LMS, "/inloggen/"),
    ("post", LMS, "/inloggen/"),
    ("post", LMS, "/instappen/"),
    ("get", LMS, "/demo/"),
    ("post", TOOL, "/instappen/"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process with production's settings answers."""
    folder = tmp_path_factory.mktemp("productie")
    (folder / "static").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", ASK],
        input=json.dumps(DOORS),
        env={
            **GOOD,
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "PLATFORM_URL": f"https://{LMS}",
        },
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("door", [f"{method} {host}{path}" for method, host, path in DOORS])
def test_every_door_of_the_demo_is_shut(told: Any, door: str) -> None:
    status, cookies = told["said"][door]
    assert status in (403, 404)
    assert "tussenruimte" not in cookies


def test_whose_session_ended_hears_how_to_come_in_again(told: Any) -> None:
    location, status, page = told["ended"]
    assert (location, status) == ("/?next=/leren/x/", 200)
    assert "Open een module in je leeromgeving." in page


def test_without_tls_nothing_is_answered(told: Any) -> None:
    status, location, headers = told["plain"]
    assert (status, location) == (301, f"https://{TOOL}/")
    assert "Content-Security-Policy" in headers


def test_browsers_hear_to_come_back_over_tls_only(told: Any) -> None:
    assert "max-age=31536000" in told["secure"]["Strict-Transport-Security"]


def test_no_other_site_of_the_domain_can_put_in_a_session(told: Any) -> None:
    assert "__Host-tussenruimte=" in told["cookie"]
