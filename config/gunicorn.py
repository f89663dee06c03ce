"""How the web process runs: threads, for our views wait for a database; one process on SQLite, which has one writer."""

from __future__ import annotations

import http.client
import os
import sys
import threading
import time
from typing import Any

from config.databases import is_embedded

port = int(os.environ.get("PORT") or 8000)
embedded = is_embedded(os.environ.get("DATABASE_URL") or "sqlite:")

bind = os.environ.get("BIND") or f"127.0.0.1:{port}"
worker_class = "gthread"
workers = 1 if embedded else 2
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
control_socket_disable = True
forwarder_headers = ""  # no header says where we are mounted: a proxy may pass a visitor's SCRIPT_NAME on
preload_app = True  # a wrong setting stops the start once, instead of every worker again and again
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """The first worker to answer says so; with no broker, background work runs beside the web threads."""
    os.umask(0o077)  # what we write is people's documents: for this account alone
    from jobs import embedded as background  # noqa: PLC0415 needs the app, which is loaded by now

    background.start()
    if worker.age == 1:
        threading.Thread(target=_announce, daemon=True).start()


def _announce() -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            connection.getresponse()
        except OSError:
            time.sleep(0.05)
            continue
        sys.stdout.write(f"Ready: http://localhost:{port}\n")
        sys.stdout.flush()
        return
