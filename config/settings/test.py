"""For the test suite. DATABASE_URL chooses the database, as anywhere else."""

import os
import tempfile
from pathlib import Path

from config.environment import read
from config.settings.base import *

# A folder per process: nothing of a developer's own installation is read or written.
DATA_FOLDER = Path(tempfile.mkdtemp(prefix="tussenruimte-test-"))
environ = {
    "DATA_DIR": str(DATA_FOLDER),
    "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    "BROKER_URL": os.environ.get("BROKER_URL", ""),
}
globals().update(settings_for(read(environ, production=False)))

(DATA_FOLDER / "static").mkdir()
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"] == "config.sqlite":
    # A file, not memory: the live server and its threads must see what the test wrote.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_FOLDER / "test.sqlite3")}
