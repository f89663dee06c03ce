"""Which addresses of a tool we take, and which of them are its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti import outbound

if TYPE_CHECKING:
    from lti.platform.models import Tool


def is_usable(address: object) -> bool:
    """Whether a browser may be sent there: https, or http on the loopback where a setting says so; no fragment."""
    if not isinstance(address, str):
        return False
    try:
        outbound.check_address(address)
    except outbound.NotAllowed:
        return False
    return True


def host(address: str) -> str:
    """Of a usable address, in small letters and without a port."""
    return (urlsplit(address).hostname or "").lower()


def origins(tool: Tool) -> list[str]:
    """Where the tool's pages are: the sites of all addresses it registered. Frames may go there and nowhere else."""
    registered = [tool.login_url, tool.choosing_url, *tool.target_link_uris, *tool.redirect_uris]
    return sorted({outbound.origin(address) for address in registered if address})


def passed_on(tool: Tool, *more: str) -> str:
    """The `allow` of a frame: what the tool's own pages may do in it. A frame begins at an address of ours and goes on
    to the tool's, so a browser passes nothing on to it unless its sites are named.

    `more`: "microphone" only where people give it to nothing but the tool. A microphone that was given to us is passed
    on without asking again.
    """
    sites = " ".join(origins(tool))
    return "; ".join(f"{feature} {sites}" for feature in ("fullscreen", "autoplay", "clipboard-write", *more))


def belongs_to(tool: Tool, address: str) -> bool:
    """Whether content at this address may be placed as the tool's: it is on a site of its registered targets."""
    targets = {outbound.origin(target) for target in tool.target_link_uris}
    return is_usable(address) and outbound.origin(address) in targets


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """The address with these parameters after those it has; its fragment, if any, goes."""
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *parameters.items()]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
