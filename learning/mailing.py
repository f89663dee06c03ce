"""E-mail from the house. Nobody is promised one that can't come: the place must be able to send any (`MAIL_URL`).

What is sent can be switched off with one press, in the mail program itself (RFC 8058): the address in it is the proof.
"""

from __future__ import annotations

import smtplib
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage

from jobs.registry import GiveUp, TryLater

# A mail that lies around for longer is no proof any more of who holds it. By then the page for it is easily found.
HOLDS = timedelta(days=180)


class TooOld(Exception):
    """It was in a mail of more than HOLDS ago."""


def can_mail() -> bool:
    return bool(settings.MAIL_FROM)


def message(address: str, *, subject: str, text: str, off: str) -> EmailMessage:
    """`off`: where a post switches mail of this sort off, an address of ours that begins with "/"."""
    return EmailMessage(
        # A line end in a title, which XML lets through, may not end a header.
        subject=" ".join(subject.split()),
        body=text,
        from_email=settings.MAIL_FROM,
        to=[address],
        headers={
            "List-Unsubscribe": f"<{settings.BASE_URL}{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def send(message: EmailMessage) -> None:
    """For a job. Raises TryLater or GiveUp, never with an address in it: what a mail server says may hold one."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused:
        raise GiveUp("the mail server doesn't take this address") from None
    except ValueError:  # of an LMS: "a@b..nl" has no name in DNS
        raise GiveUp("no mail can go to this address") from None
    except (smtplib.SMTPException, OSError) as error:
        raise TryLater(f"the mail server doesn't take it now ({type(error).__name__})") from None


def token(person_id: int, *, sort: str) -> str:
    """In the mail itself: whoever holds it can switch off this person's mail of a sort, and nothing else."""
    return signing.TimestampSigner(salt=sort).sign(str(person_id))


def person_of(token: str, *, sort: str) -> int | None:
    """None of what we didn't make. Raises TooOld."""
    try:
        return int(signing.TimestampSigner(salt=sort).unsign(token, max_age=HOLDS))
    except signing.SignatureExpired:
        raise TooOld from None
    except (signing.BadSignature, ValueError):
        return None
