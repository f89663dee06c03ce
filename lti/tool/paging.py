"""Lists that an LMS gives in pages (RFC 8288: `Link: <address>; rel="next"`), read with care.

Moodle writes `&amp;` in the address and curly quotes around the word. An address is kept to the letter, capitals and
all, for a cursor may be in it. The next page must be where the first was: the token goes along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from jobs.registry import GiveUp, TryLater
from lti import outbound
from lti.tool.calls import SECONDS, Call, Patience, answer_to
from lti.tool.models import Platform
from lti.tool.retry import receiver

MOST_PAGES = 200
"""With the fifty a page that some LMSes stop at, whatever is asked, that is ten thousand."""

_ONE = re.compile(r"<([^<>]*)>([^<]*)")
_REL = re.compile(r"(?:^|;)\s*rel\s*=\s*([^;,]*)", re.IGNORECASE)


def next_address(headers: Mapping[str, str], *, of: str) -> str:
    """The page after the one at `of`, "" after the last. Raises GiveUp when it is at another address than this one."""
    for address, parameters in _ONE.findall(headers.get("link", "")):
        rel = _REL.search(parameters)
        if rel and "next" in re.sub(r"[^a-z-]", " ", rel[1].lower()).split():
            return _beside(address.strip().replace("&amp;", "&"), of)
    return ""


def _beside(address: str, of: str) -> str:
    try:
        found = urljoin(of, address)
        outbound.check_address(found)
    except outbound.NotAllowed as error:
        raise GiveUp(f"the next page's address {error.reason}") from error
    except ValueError as error:
        raise GiveUp("the next page's address isn't one") from error
    if outbound.site(found) != outbound.site(of):
        raise GiveUp("the next page is at another site")
    return found


def with_query(address: str, **parameters: str | int) -> str:
    """`address` with these parameters in place of those of the same names; what else it asks (Moodle's type_id)
    stays."""
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in parameters]
    return parts._replace(query=urlencode([*kept, *parameters.items()])).geturl()


def pages(call: Call, platform: Platform, *, patience: Patience) -> Iterator[tuple[outbound.Answer, str]]:
    """Each page with the address of the next ("" at the last). Raises what `answer_to` does; GiveUp for pages without
    end, TryLater when `patience` is gone."""
    seen: set[str] = set()
    while True:
        if patience.left <= 0:
            raise TryLater("the list takes too long", receiver=receiver(platform.pk, call.url))
        seen.add(call.url)
        answer = answer_to(call, platform, seconds=min(SECONDS, max(patience.left, 1.0)))
        following = next_address(answer.headers, of=call.url)
        if following in seen or len(seen) >= MOST_PAGES:
            raise GiveUp("the list has no end")
        yield answer, following
        if not following:
            return
        call = Call(call.method, following, call.scope, call.largest, call.accept)
