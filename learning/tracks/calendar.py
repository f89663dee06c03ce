"""A note for somebody's own calendar (iCalendar, RFC 5545): when a Herhaalmoment or a Terugblik opens."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from learning.tracks.addresses import unit_address
from learning.tracks.content import Kind

TYPE = "text/calendar; charset=utf-8"
# Octets of a line, without its end (RFC 5545 §3.1).
LONGEST_LINE = 75


def name(kind: Kind) -> str:
    """Of the file."""
    return f"{kind}.ics"


def note(
    kind: Kind, *, enrolment_id: int, module: str, unit: str, title: str, opens_on: date, last_day: date, now: datetime
) -> str:
    """The day on which it opens, for the whole day. Asked for again it replaces the one that stands there."""
    host = urlsplit(settings.BASE_URL).hostname
    address = settings.BASE_URL + unit_address(module, unit)
    words, summary = {
        Kind.RETURN: (
            _("Tien minuten: kijken wat er is blijven hangen. Open tot en met %(date)s."),
            _("Herhaalmoment: %(title)s"),
        ),
        Kind.LOOK_BACK: (
            _("Vijf minuten: kijken wat er anders ging. Open tot en met %(date)s."),
            _("Terugblik: %(title)s"),
        ),
    }[kind]
    words, summary = words % {"date": last_day.strftime("%d-%m-%Y")}, summary % {"title": title}
    # What was told when there was but one moment is still replaced by the same.
    event = str(enrolment_id) if kind is Kind.RETURN else f"{enrolment_id}:{kind}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Tussenruimte//{kind.capitalize()}//NL",
        "BEGIN:VEVENT",
        f"UID:{salted_hmac('learning.calendar', event).hexdigest()[:20]}@{host}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{opens_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{opens_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(f'{words} {address}')}",
        f"URL:{address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    """§3.3.11"""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """No line is longer than it may be, and no letter is cut in two."""
    folded, length = "", 0
    for letter in line:
        size = len(letter.encode())
        if length + size > LONGEST_LINE:
            folded, length = f"{folded}\r\n ", 1
        folded, length = folded + letter, length + size
    return f"{folded}\r\n"
