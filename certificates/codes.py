"""The code on a certificate: nobody can guess one, anybody can read it out."""

import secrets

# Without what looks or sounds alike on paper: 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679ACDEFGHJKMNPRTWXY"
GROUPS, LENGTH = 3, 4


def new_code() -> str:
    """Twelve of 22 signs (53 bits), as "K7XF-49MD-X4TG"."""
    signs = [secrets.choice(ALPHABET) for _ in range(GROUPS * LENGTH)]
    return _grouped("".join(signs))


def normalised(text: str) -> str | None:
    """The code somebody typed, in the form in which it is kept; None when it can't be one."""
    signs = "".join(sign for sign in text[:40].upper() if sign.isalnum())
    if len(signs) != GROUPS * LENGTH or set(signs) - set(ALPHABET):
        return None
    return _grouped(signs)


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + LENGTH] for start in range(0, len(signs), LENGTH))
