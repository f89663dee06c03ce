"""The environment, read once and typed. A wrong value stops the start with one clear line.

The names and what they mean are a promise to operators: see "Environment" in the README.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from config.databases import from_url

# Never repeated in a message: keys, and addresses with a password in them.
_SECRETS = frozenset(
    {
        "SECRET_KEY",
        "SEALING_KEYS",
        "DATABASE_URL",
        "BROKER_URL",
        "CACHE_URL",
        "MAIL_URL",
        "XAPI_KEY",
        "XAPI_SECRET",
        "STORAGE_URL",
    }
)

# How long what there is of people is kept (curriculum 4.5): {name: (default, least, most)}, each in the unit that its
# name ends with. 0: off, unless somebody asks for it. Below the least a promise on a page would be broken: the works
# council reads who looked for a year at least, and who is told thirty days before still has that notice to read.
RETENTION = {
    "RETENTION_ANALYTICS_MONTHS": (24, 6, 84),
    "RETENTION_PRACTICE_MONTHS": (24, 6, 84),
    "RETENTION_SOUND_DAYS": (30, 7, 30),
    "RETENTION_CERTIFICATES_YEARS": (7, 2, 20),
    "RETENTION_LOOKS_MONTHS": (24, 12, 84),
    "RETENTION_NOTICES_DAYS": (90, 60, 365),
    "RETENTION_CARDS_DAYS": (30, 7, 365),
    "RETENTION_GONE_DAYS": (90, 30, 365),
    "RETENTION_SILENT_MONTHS": (0, 12, 84),
}

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")


class WrongValue(Exception):
    """`name` is set to something that can't be used; `reason` says what it should be."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")


@dataclass(frozen=True)
class Environment:
    port: int
    debug: bool
    demo: bool
    base_url: str
    platform_url: str
    database_url: str
    broker_url: str
    cache_url: str
    data_dir: Path
    secret_key: str
    sealing_keys: tuple[str, ...]
    lti_allow_loopback: bool
    lti_allow_private: bool
    lti_approve_registrations: bool
    allowed_blocks: tuple[str, ...]
    theme_dir: Path | None
    mail_url: str = ""
    mail_from: str = ""
    xapi_url: str = ""
    xapi_key: str = ""
    xapi_secret: str = ""
    xapi_profile: str = ""
    storage_url: str = ""
    clamd_url: str = ""
    figures_k: int = 5
    certificates_survive_erasure: bool = False
    upload_most_bytes: int = 0
    upload_day_bytes: int = 0
    upload_seconds: Mapping[str, int] = field(default_factory=dict)
    retention: Mapping[str, int] = field(default_factory=dict)


def read(environ: Mapping[str, str], *, production: bool) -> Environment:
    """Raises WrongValue. Locally, secrets that aren't given are made once and kept in DATA_DIR."""

    def value(name: str, parse: Callable[[str], T], default: T) -> T:
        text = environ.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            if name in _SECRETS or "@" in text:
                raise WrongValue(name, str(error)) from None
            raise WrongValue(name, f"{error} (got {text[:60]!r})") from error

    port = value("PORT", _port, 8000)
    local = not production
    data_dir = value("DATA_DIR", Path, ROOT / "var").absolute()
    base_url = value("BASE_URL", _web_address, f"http://localhost:{port}")
    demo = value("DEMO", _switch, local)
    environment = Environment(
        port=port,
        debug=value("DEBUG", _switch, False),
        demo=demo,
        base_url=base_url,
        # In the demo the other host name plays the ministry's LMS: two sites to a browser.
        platform_url=value("PLATFORM_URL", _web_address, f"http://127.0.0.1:{port}" if demo else base_url),
        database_url=value("DATABASE_URL", _database, f"sqlite:///{data_dir}/tussenruimte.sqlite3"),
        broker_url=value("BROKER_URL", _one_of("amqp", "amqps", "redis", "rediss"), ""),
        cache_url=value("CACHE_URL", _one_of("redis", "rediss", "locmem"), "locmem://"),
        data_dir=data_dir,
        secret_key=value("SECRET_KEY", _secret, "") or _kept_secret("SECRET_KEY", data_dir / "secret.key", local),
        sealing_keys=value("SEALING_KEYS", _secrets, ())
        or (_kept_secret("SEALING_KEYS", data_dir / "sealing.key", local),),
        lti_allow_loopback=value("LTI_ALLOW_LOOPBACK", _switch, local),
        lti_allow_private=value("LTI_ALLOW_PRIVATE", _switch, False),
        lti_approve_registrations=value("LTI_APPROVE_REGISTRATIONS", _switch, False),
        allowed_blocks=value("ALLOWED_BLOCKS", _names, ()),
        theme_dir=value("THEME_DIR", _folder, None),
        mail_url=value("MAIL_URL", _one_of("smtps", "smtp", "smtp+plain"), ""),
        mail_from=value("MAIL_FROM", _mail_address, ""),
        xapi_url=value("XAPI_URL", _endpoint, ""),
        xapi_key=value("XAPI_KEY", _login, ""),
        xapi_secret=value("XAPI_SECRET", _password, ""),
        xapi_profile=value("XAPI_PROFILE", _endpoint, f"{base_url}/xapi/profile"),
        storage_url=value("STORAGE_URL", _storage, ""),
        clamd_url=value("CLAMD_URL", _scanner, ""),
        figures_k=value("FIGURES_K", _people, 5),
        certificates_survive_erasure=value("CERTIFICATES_SURVIVE_ERASURE", _switch, False),
        upload_most_bytes=value("UPLOAD_MOST_BYTES", _bytes, 200_000_000),
        upload_day_bytes=value("UPLOAD_DAY_BYTES", _bytes, 1_000_000_000),
        upload_seconds=value("UPLOAD_SECONDS", _seconds, {}),
        retention={
            name: value(name, partial(_term, default, least, most), default)
            for name, (default, least, most) in RETENTION.items()
        },
    )
    _refuse_half(environment)
    if production:
        _refuse_unsafe(environment)
    return environment


def read_or_stop(*, production: bool) -> Environment:
    try:
        return read(os.environ, production=production)
    except WrongValue as error:
        stop(str(error))


def stop(reason: str) -> NoReturn:
    """One line, no traceback: an operator reads this."""
    sys.stderr.write(f"tussenruimte can't start: {reason}\n")
    raise SystemExit(78)  # EX_CONFIG: a supervisor shouldn't try again by itself


def _refuse_half(environment: Environment) -> None:
    """What one setting needs of another."""
    if environment.mail_url and not environment.mail_from:
        raise WrongValue("MAIL_FROM", "is required with MAIL_URL: the address our mail comes from")
    if environment.retention["RETENTION_SILENT_MONTHS"] and not environment.mail_url:
        raise WrongValue("RETENTION_SILENT_MONTHS", "requires MAIL_URL: who isn't here can only be told by mail")
    if environment.xapi_url:
        for name, given in (("XAPI_KEY", environment.xapi_key), ("XAPI_SECRET", environment.xapi_secret)):
            if not given:
                raise WrongValue(name, "is required with XAPI_URL: what the learning record store gave out for us")


def _refuse_unsafe(environment: Environment) -> None:
    if environment.debug:
        raise WrongValue("DEBUG", "must be off in production")
    if environment.demo:
        raise WrongValue("DEMO", "must be off in production: its people have a known password")
    if environment.lti_allow_loopback:
        raise WrongValue("LTI_ALLOW_LOOPBACK", "must be off in production")
    if environment.secret_key in environment.sealing_keys:
        raise WrongValue("SEALING_KEYS", "must be another secret than SECRET_KEY: who steals one hasn't the other")
    for name, address in (("BASE_URL", environment.base_url), ("PLATFORM_URL", environment.platform_url)):
        if not address.startswith("https://"):
            raise WrongValue(name, "must be an https:// address in production")
    if environment.xapi_url and not environment.xapi_url.startswith("https://"):
        raise WrongValue("XAPI_URL", "must be an https:// address in production")


def _kept_secret(name: str, file: Path, local: bool) -> str:
    if not local:
        raise WrongValue(name, "is required in production: at least 50 characters, from a secret store")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(64))
    return file.read_text().strip()


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("must be a number from 1 to 65535")
    return int(text)


_SWITCH = {"on": True, "1": True, "true": True, "yes": True, "off": False, "0": False, "false": False, "no": False}


def _switch(text: str) -> bool:
    try:
        return _SWITCH[text.lower()]
    except KeyError:
        raise ValueError("must be on or off") from None


def _people(text: str) -> int:
    if not text.isdigit() or not 5 <= int(text) <= 100:
        raise ValueError("must be a number of people from 5 to 100")
    return int(text)


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    extra = parts.path.strip("/") or parts.query or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or extra:
        raise ValueError("must be an address such as https://leren.example.nl, without a path")
    return text.rstrip("/")


def _endpoint(text: str) -> str:
    """A web address that others are put behind: never with a slash at its end."""
    address = _one_of("http", "https")(text)
    parts = urlsplit(address)
    if not parts.hostname or parts.query or "@" in parts.netloc or not address.isascii() or any(map(str.isspace, text)):
        raise ValueError("must be an address such as https://lrs.example.nl/xapi, without a name or password in it")
    return address.rstrip("/")


def _login(text: str) -> str:
    if ":" in text:
        raise ValueError("can't hold a colon: HTTP Basic puts one behind it")
    return _password(text)


def _password(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError("must be letters, numbers and signs of ASCII")
    return text


def _mail_address(text: str) -> str:
    name, _, host = text.rpartition("@")
    if not name or "." not in host or not text.isprintable() or any(sign in text for sign in " <>,;"):
        raise ValueError("must be an e-mail address, such as leren@example.nl")
    return text


def _one_of(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.partition("://")[0] not in schemes:
            raise ValueError("must start with " + " or ".join(f"{scheme}://" for scheme in schemes))
        if not _is_whole(text):
            raise ValueError("can't be read; in a password write / as %2F, # as %23, ? as %3F, @ as %40")
        return text

    return parse


def _is_whole(address: str) -> bool:
    """Whether it was meant as it is read: in a password a bare / # or ? ends the host half-way."""
    try:
        parts = urlsplit(address)
        return parts.port != 0 and not parts.fragment and "@" not in parts.path + parts.query
    except ValueError:
        return False


def _database(text: str) -> str:
    if text.startswith("sqlite://"):
        return text
    address = _one_of("sqlite", "postgres", "postgresql")(text)
    from_url(address)
    return address


def _storage(text: str) -> str:
    parts = urlsplit(_one_of("s3")(text))
    if not (parts.hostname and parts.username and parts.password) or len(parts.path.strip("/").split("/")) != 1:
        raise ValueError("must be s3://key:secret@host/bucket?region=eu-west-1")
    if not parts.path.strip("/"):
        raise ValueError("must name a bucket: s3://key:secret@host/bucket")
    return text


def _scanner(text: str) -> str:
    """A host and port, or the path of a socket."""
    if text.startswith("unix:/"):
        return text
    parts = urlsplit(_one_of("tcp")(text))
    if not parts.hostname or not parts.port:
        raise ValueError("must be tcp://host:3310 or unix:/run/clamav/clamd.ctl")
    return text


def _bytes(text: str) -> int:
    if not text.isdecimal() or not 1_000_000 <= int(text) <= 5_000_000_000:
        raise ValueError("must be a number of bytes, from 1000000 to 5000000000")
    return int(text)


def _seconds(text: str) -> dict[str, int]:
    """`purpose=seconds`, with commas between."""
    found = {}
    for part in text.split(","):
        name, _, number = part.strip().partition("=")
        if not name or not number.isdecimal() or not 10 <= int(number) <= 4 * 3600:
            raise ValueError("must be such as praktijk.gesproken=600,praktijk.opname=3600, of 10 to 14400 seconds each")
        found[name] = int(number)
    return found


def _term(default: int, least: int, most: int, text: str) -> int:
    if not default and text.lower() == "off":
        return 0
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"must be a number from {least} to {most}{'' if default else ', or off'}")
    return int(text)


def _secret(text: str) -> str:
    if len(text) < 50 or len(set(text)) < 10:
        raise ValueError("must be at least 50 characters that can't be guessed")
    return text


def _secrets(text: str) -> tuple[str, ...]:
    return tuple(_secret(part.strip()) for part in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not all(name.replace("-", "_").isidentifier() for name in names):
        raise ValueError("must be block names with commas between them")
    return names


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise ValueError("must be a folder that exists")
    return Path(text).absolute()
