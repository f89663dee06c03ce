"""What every installation shares. `environment` is set by the module that imports this one."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import Morsel
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.databases import from_url
from config.environment import ROOT, Environment

# A session that works inside an LMS's frame needs Partitioned (CHIPS); http.cookies knows the word from Python 3.14 on.
if "partitioned" not in Morsel._reserved:  # type: ignore[attr-defined]
    Morsel._reserved["partitioned"] = "Partitioned"  # type: ignore[attr-defined]
    Morsel._flags.add("partitioned")  # type: ignore[attr-defined]


# What `settings_for` fills in, for whoever reads `django.conf.settings`.
ENVIRONMENT: Environment
DEMO: bool
BASE_URL: str
PLATFORM_URL: str
DATA_DIR: Path
SEALING_KEYS: tuple[str, ...]
LTI_ALLOW_LOOPBACK: bool
LTI_ALLOW_PRIVATE: bool
LTI_APPROVE_REGISTRATIONS: bool
ALLOWED_BLOCKS: tuple[str, ...]
THEME_DIR: Path | None
MAIL_FROM: str
XAPI_URL: str
XAPI_KEY: str
XAPI_SECRET: str
XAPI_PROFILE: str
STORAGE_URL: str
CLAMD_URL: str
FIGURES_K: int
CERTIFICATES_SURVIVE_ERASURE: bool
UPLOAD_MOST_BYTES: int
UPLOAD_DAY_BYTES: int
UPLOAD_SECONDS: Mapping[str, int]
DATABASES: dict[str, Any]
CELERY_BROKER_URL: str
STATIC_ROOT: Path


def settings_for(environment: Environment) -> dict[str, Any]:
    """Every setting, from the environment alone."""
    hosts = {urlsplit(address).hostname for address in (environment.base_url, environment.platform_url)}
    return {
        "ENVIRONMENT": environment,
        "DEBUG": environment.debug,
        "DEMO": environment.demo,
        "SECRET_KEY": environment.secret_key,
        "ALLOWED_HOSTS": sorted(host for host in hosts if host),
        "BASE_URL": environment.base_url,
        "PLATFORM_URL": environment.platform_url,
        "DATA_DIR": environment.data_dir,
        "SEALING_KEYS": environment.sealing_keys,
        "LTI_ALLOW_LOOPBACK": environment.lti_allow_loopback,
        "LTI_ALLOW_PRIVATE": environment.lti_allow_private,
        "LTI_APPROVE_REGISTRATIONS": environment.lti_approve_registrations,
        "ALLOWED_BLOCKS": environment.allowed_blocks,
        "THEME_DIR": environment.theme_dir,
        "DATABASES": {"default": from_url(environment.database_url)},
        "CACHES": {"default": _cache(environment.cache_url)},
        "CELERY_BROKER_URL": environment.broker_url,
        **_mail(environment),
        "XAPI_URL": environment.xapi_url,
        "XAPI_KEY": environment.xapi_key,
        "XAPI_SECRET": environment.xapi_secret,
        "XAPI_PROFILE": environment.xapi_profile,
        "STORAGE_URL": environment.storage_url,
        "CLAMD_URL": environment.clamd_url,
        "FIGURES_K": environment.figures_k,
        "CERTIFICATES_SURVIVE_ERASURE": environment.certificates_survive_erasure,
        "UPLOAD_MOST_BYTES": environment.upload_most_bytes,
        "UPLOAD_DAY_BYTES": environment.upload_day_bytes,
        "UPLOAD_SECONDS": environment.upload_seconds,
        **environment.retention,
        "STATICFILES_DIRS": _static_folders(environment),
        "STATIC_ROOT": environment.data_dir / "static",
    }


def _cache(url: str) -> dict[str, Any]:
    if url.startswith("redis"):
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}


def _mail(environment: Environment) -> dict[str, Any]:
    """Without MAIL_URL nothing is sent and MAIL_FROM is empty, by which pages know that they can't promise a mail.

    smtp:// goes over to TLS before it says anything (STARTTLS), smtps:// begins with it; smtp+plain:// has none.
    """
    if not environment.mail_url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "MAIL_FROM": ""}
    parts = urlsplit(environment.mail_url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtps": 465, "smtp": 587, "smtp+plain": 25}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
        "MAIL_FROM": environment.mail_from,
    }


def _static_folders(environment: Environment) -> list[tuple[str, Any]]:
    """The files of our blocks are served as `blocks/<type>/…`, those they share as `blocks/…`."""
    blocks = ROOT / "modules" / "blocks"
    folders = [(f"blocks/{folder.parent.name}", folder) for folder in sorted(blocks.glob("*/static"))]
    folders.append(("blocks/shared", blocks / "static"))
    if environment.theme_dir:
        folders.append(("theme", environment.theme_dir))
    return folders


INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "axes",
    "design",
    "jobs",
    "learning",
    "lti",
    "lti.tool",
    "lti.platform",
    "certificates",
    "xapi",
    "config.demo",
    "config.seeding",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # so far up that files, redirects and refusals have a policy too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.PageCompressionMiddleware",
    "config.hosts.HostMiddleware",
    "config.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.bodies.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lti.tool.frames.FrameMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "design.context_processors.look",
                "config.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "design.forms.Renderer"

AUTH_USER_MODEL = "learning.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "learning.people.backend.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_CLIENT_IP_CALLABLE = "learning.people.visitors.address_of"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Nederlands")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# A launch lives in the LMS's frame: the session cookie must be allowed there, and only in that one LMS's frames.
SESSION_ENGINE = "config.session_store"
COOKIE_PREFIX = ""  # production's is "__Host-", which browsers take over https alone
SESSION_COOKIE_NAME = "tussenruimte"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "None"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_USE_SESSIONS = True
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "None"
CSRF_FAILURE_VIEW = "design.views.csrf_failure"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_SAMESITE = "None"

# Not in a cookie of their own: they name people, and would stay behind after signing out.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

X_FRAME_OPTIONS = None  # frame-ancestors in the policy below says it, per registered LMS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # a launch in a new window may be closed by the LMS that opened it
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 1
# A recording is somebody's voice: it waits in memory to be sealed, not in a folder. config/bodies.py bounds its size.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_keys": {"()": "config.logs.WithoutKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING", "filters": ["without_keys"]},
        "django.request": {"filters": ["without_keys"]},
        "django.security.csrf": {"filters": ["without_keys"]},
        "axes": {"level": "WARNING"},
        # Names every address it asks; those of an LMS say who is in which course.
        "httpx": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
