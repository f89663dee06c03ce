"""Our signing keys: made on first use, kept as loaded objects, replaced in good time, published with overlap.

Others keep our key set for a while, so a new key is published LEAD before it signs, and the one it replaces stays
published for OVERLAP after it did. `rotate` begins that, `look_after` goes on with it.

Loading an RSA private key from PEM costs 40 to 85 ms (OpenSSL validates it); signing with a loaded one 0.5 ms. So a
process loads each key once. Which key is current is asked of the database each time: a rotation by another process is
seen at once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from joserfc import jws
from joserfc.jwk import RSAKey

from learning.resealing import column
from learning.sealing import seal, unseal
from lti.models import SigningKey

type Purpose = Literal["tool", "platform"]

KEY_BITS = 2048
"""1EdTech Security Framework 1.0 §4.2 asks RS256; 2048 bits is its floor and what every LMS accepts."""

OVERLAP = dt.timedelta(days=7)
"""How long a retired key stays published: longer than any LMS keeps a key set (a day is common) and than any token
signed with it lives (minutes)."""

LEAD = dt.timedelta(days=1)
"""How long a new key is published before it signs: as long as an LMS may keep a key set. Not every one asks again when
it meets a name it doesn't know."""

REPLACED_AFTER = dt.timedelta(days=90)

PURPOSES: tuple[Purpose, ...] = ("tool", "platform")
_loaded: dict[str, LoadedKey] = {}


@dataclass(frozen=True)
class LoadedKey:
    kid: str
    key: RSAKey

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A compact JWS, RS256. Its JSON is ASCII: what another party wants back may hold half a character."""
        header, payload = {"alg": "RS256", "typ": "JWT", "kid": self.kid}, json.dumps(claims, separators=(",", ":"))
        return jws.serialize_compact(header, payload.encode(), self.key)


def signing_key(purpose: Purpose) -> LoadedKey:
    """The current key. Four processes that ask for the first one at once all get the same."""
    kid = _current(purpose)
    if kid is None:
        _create(purpose, signs_from=timezone.now())
        kid = _current(purpose)
        assert kid is not None
    key = _loaded.get(kid)
    if key is None:
        key = _loaded[kid] = _load(kid)
    return key


def jwks(purpose: Purpose) -> dict[str, Any]:
    """The public keys in which a signature of ours may be checked: `{"keys": [JWK, …]}`.

    The one that signs comes first, for whoever takes the first without looking at its name; then the next, then the
    newest of those that signed.
    """
    if _current(purpose) is None:
        _create(purpose, signs_from=timezone.now())
    published = SigningKey.objects.filter(
        Q(retired_at__isnull=True) | Q(retired_at__gt=timezone.now() - OVERLAP), purpose=purpose
    )
    in_order = published.order_by(F("retired_at").desc(nulls_first=True), F("signs_from").asc(nulls_last=True))
    return {"keys": list(in_order.values_list("public", flat=True))}


def rotate(purpose: Purpose) -> str:
    """Publish the key that will sign after LEAD. Returns its kid; that of the next key there already is."""
    if not _next(purpose).exists():
        _create(purpose, signs_from=None)
    return str(_next(purpose).values_list("kid", flat=True).get())


def replace_now(purpose: Purpose) -> str:
    """For a key that leaked: a new one signs at once, and what was signed with another is worth nothing from now on.

    Whoever has our key set from before refuses us until it asks again. Returns the kid.
    """
    with transaction.atomic():
        SigningKey.objects.filter(purpose=purpose).delete()
        _create(purpose, signs_from=timezone.now())
    kid = _current(purpose)
    assert kid is not None
    return kid


@dataclass(frozen=True)
class KeyState:
    """`state`: "next", "current" or "retired". `until`: when it begins to sign, or is published no more; None for the
    current one."""

    purpose: str
    kid: str
    state: str
    created_at: dt.datetime
    until: dt.datetime | None


def states() -> list[KeyState]:
    return [_state(key) for key in SigningKey.objects.order_by("purpose", "-pk")]


def _state(key: SigningKey) -> KeyState:
    if key.retired_at is not None:
        return KeyState(key.purpose, key.kid, "retired", key.created_at, key.retired_at + OVERLAP)
    if key.signs_from is None:
        return KeyState(key.purpose, key.kid, "next", key.created_at, key.created_at + LEAD)
    return KeyState(key.purpose, key.kid, "current", key.created_at, None)


def look_after() -> None:
    """Whatever is due: let a next key sign, begin with a new one, drop what nobody needs any more. May run twice."""
    now = timezone.now()
    SigningKey.objects.filter(retired_at__lt=now - OVERLAP).delete()
    for purpose in PURPOSES:
        _let_sign(purpose, now)
        if _current_keys(purpose).filter(signs_from__lt=now - REPLACED_AFTER).exists():
            rotate(purpose)


def _let_sign(purpose: Purpose, now: dt.datetime) -> None:
    with transaction.atomic():
        ready = _next(purpose).select_for_update().filter(created_at__lte=now - LEAD).first()
        if ready is None:
            return
        _current_keys(purpose).update(retired_at=now)
        SigningKey.objects.filter(pk=ready.pk).update(signs_from=now)


def _current_keys(purpose: Purpose) -> models.QuerySet[SigningKey]:
    return SigningKey.objects.filter(purpose=purpose, retired_at__isnull=True, signs_from__isnull=False)


def _next(purpose: Purpose) -> models.QuerySet[SigningKey]:
    return SigningKey.objects.filter(purpose=purpose, retired_at__isnull=True, signs_from__isnull=True)


def _current(purpose: Purpose) -> str | None:
    return _current_keys(purpose).values_list("kid", flat=True).first()


def _create(purpose: Purpose, *, signs_from: dt.datetime | None) -> None:
    """Makes a current or a next key; does nothing when there is one already (the constraint decides)."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    unnamed = RSAKey.import_key(pem)
    kid = unnamed.thumbprint()
    public = {**unnamed.as_dict(private=False), "kid": kid, "alg": "RS256", "use": "sig"}
    row = SigningKey(purpose=purpose, kid=kid, sealed=seal(pem, _place(kid)), public=public, signs_from=signs_from)
    SigningKey.objects.bulk_create([row], ignore_conflicts=True)


def _load(kid: str) -> LoadedKey:
    sealed = SigningKey.objects.values_list("sealed", flat=True).get(kid=kid)
    return LoadedKey(kid, RSAKey.import_key(unseal(sealed, _place(kid))))


def _place(kid: str) -> str:
    return f"lti.signing_key|{kid}"


column(SigningKey, "sealed", lambda row: _place(row.kid))
