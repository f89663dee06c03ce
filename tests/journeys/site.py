"""The product as an operator starts it: real processes, a port, a database and a folder of its own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg

from tests.journeys.three_units import three_units

ROOT = Path(__file__).parents[2]

# Run in the site's own environment: what whoever begins now will follow.
PUBLISH = """
from pathlib import Path
from learning.runtime.publishing import publish_folder
publish_folder(Path({folder!r}))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).is_success
    except httpx.TransportError:
        return False


class Site:
    """`tool` is Tussenruimte, `lms` plays the ministry's LMS. `log`: what the processes said."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        self.tool, self.lms = f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", str(folder)),
            "PORT": str(self.port),
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "LANG": "C.UTF-8",
            **environ,
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.log = folder / "log"

    def manage(self, *words: str) -> str:
        run = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    def start(self) -> None:
        """Web, and with a broker a Celery worker beside it. Returns once it answers."""
        commands = [["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]]
        if self.environ.get("BROKER_URL"):
            commands.append(
                ["celery", "-A", "config", "worker", "--loglevel", "warning", "--concurrency", "1", "--pool", "solo"]
            )
        with self.log.open("ab") as log:
            for command in commands:
                self.processes.append(
                    subprocess.Popen(
                        [sys.executable, "-m", *command],
                        cwd=ROOT,
                        env=self.environ,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                )
        self.wait_until_ready()

    def wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if answers(f"{self.tool}/healthz"):
                return
            time.sleep(0.1)
        raise AssertionError(f"the site didn't start:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """As a power cut would: no warning, no tidying up."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def stop(self) -> None:
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()


@contextlib.contextmanager
def running(folder: Path, *, whole: bool = False, like: Path | None = None) -> Iterator[Site]:
    """A prepared and started site on the database the suite runs on; with TEST_BROKER_URL, a worker runs apart.

    Module 1 is there in three units, or `whole`. `like`: a folder in which the first site of a run is kept, for all
    others to begin from."""
    with copied(like, folder) if like else database_of_its_own() as environ:
        site = Site(folder, environ)
        if like:
            site.manage("demo")  # which knows the port
        else:
            prepare(site, whole=whole)
        site.start()
        try:
            yield site
        finally:
            site.stop()


def prepare(site: Site, *, whole: bool) -> None:
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    site.manage("prepare")
    if not whole:
        course = three_units(site.folder / "drie-units")
        site.manage("shell", "--command", PUBLISH.format(folder=str(course)))


@contextlib.contextmanager
def copied(root: Path, folder: Path) -> Iterator[dict[str, str]]:
    """The site that is kept in `root`, all but its demo, in `folder` and a database of its own. Made when it isn't
    there yet."""
    with contextlib.ExitStack() as own:
        with _alone(root):
            database = _kept(root)
            shutil.copytree(root / "site", folder, symlinks=True, dirs_exist_ok=True)
            environ = own.enter_context(database_of_its_own(database))
        yield environ


def _kept(root: Path) -> str:
    """The name of its database, on PostgreSQL."""
    named = root / "database"
    if not named.exists():
        (root / "site").mkdir()
        with database_of_its_own(stays=True) as environ:
            prepare(Site(root / "site", {**environ, "DEMO": "off"}), whole=False)
        named.write_text(urlsplit(environ.get("DATABASE_URL", "")).path.lstrip("/"))
    return named.read_text()


def forget(root: Path) -> None:
    """Whoever still needs what is kept there makes it anew."""
    with _alone(root):
        if (root / "database").exists():
            drop((root / "database").read_text())
            (root / "database").unlink()
            shutil.rmtree(root / "site")


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    root.mkdir(exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def database_of_its_own(like: str = "", *, stays: bool = False) -> Iterator[dict[str, str]]:
    """The settings that lead to it; a copy of the database `like`, or empty. It goes, unless it `stays`."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield {}
        return
    name = f"site_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like or "template1"}"')
    environ = {"DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
    if broker := os.environ.get("TEST_BROKER_URL"):
        environ["BROKER_URL"] = broker
    try:
        yield environ
    finally:
        if not stays:
            drop(name)


def drop(database: str) -> None:
    """Nothing where there is none: SQLite's is a file."""
    if database:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(f'DROP DATABASE "{database}" WITH (FORCE)')
