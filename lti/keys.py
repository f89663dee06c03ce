"""Our signing keys: made on first use, kept as loaded objects, published with overlap.

Loading an RSA private key from PEM costs 40 to 85 ms (OpenSSL validates it); signing with a loaded one 0.5 ms. So a
process loads each key once. Which key is current is asked of the database each time: a rotation by another process is
seen at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db.models import Q
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import RSAKey

from learning.sealing import seal, unseal
from lti.models import SigningKey

type Purpose = Literal["tool", "platform"]

KEY_BITS = 2048
"""1EdTech Security Framework 1.0 §4.2 asks RS256; 2048 bits is its floor and what every LMS accepts."""

OVERLAP = dt.timedelta(days=7)
"""How long a retired key stays published: longer than any LMS keeps a key set (a day is common) and than any token
signed with it lives (minutes)."""

_loaded: dict[str, LoadedKey] = {}


@dataclass(frozen=True)
class LoadedKey:
    kid: str
    key: RSAKey

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A compact JWS, RS256."""
        return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": self.kid}, dict(claims), self.key)


def signing_key(purpose: Purpose) -> LoadedKey:
    """The current key. Four processes that ask for the first one at once all get the same."""
    kid = _current(purpose)
    if kid is None:
        _create(purpose)
        kid = _current(purpose)
        assert kid is not None
    key = _loaded.get(kid)
    if key is None:
        key = _loaded[kid] = _load(kid)
    return key


def jwks(purpose: Purpose) -> dict[str, Any]:
    """The public keys in which a signature of ours may be checked, newest first: `{"keys": [JWK, …]}`."""
    if _current(purpose) is None:
        _create(purpose)
    published = SigningKey.objects.filter(
        Q(retired_at__isnull=True) | Q(retired_at__gt=timezone.now() - OVERLAP), purpose=purpose
    )
    return {"keys": list(published.order_by("-pk").values_list("public", flat=True))}


def _current(purpose: Purpose) -> str | None:
    return SigningKey.objects.filter(purpose=purpose, retired_at__isnull=True).values_list("kid", flat=True).first()


def _create(purpose: Purpose) -> None:
    """Makes the first key of a purpose; does nothing when another process was first (the constraint decides)."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    unnamed = RSAKey.import_key(pem)
    kid = unnamed.thumbprint()
    public = {**unnamed.as_dict(private=False), "kid": kid, "alg": "RS256", "use": "sig"}
    row = SigningKey(purpose=purpose, kid=kid, sealed=seal(pem, _place(kid)), public=public)
    SigningKey.objects.bulk_create([row], ignore_conflicts=True)


def _load(kid: str) -> LoadedKey:
    sealed = SigningKey.objects.values_list("sealed", flat=True).get(kid=kid)
    return LoadedKey(kid, RSAKey.import_key(unseal(sealed, _place(kid))))


def _place(kid: str) -> str:
    return f"lti.signing_key|{kid}"
