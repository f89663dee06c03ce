"""/lti/login, /lti/launch and /lti/jwks (Security Framework 1.0 §5.1.1: OpenID Connect with third-party initiation)."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.tracks import queries as tracks
from learning.tracks.views import activity_address
from lti import claims as words
from lti import outbound
from lti.keys import jwks as our_keys
from lti.tool import browser, frames, launchlog, queries, state, tickets, tokens
from lti.tool.deeplinking.arrival import Declined, arrive
from lti.tool.deeplinking.request import read_request
from lti.tool.entry import Entry, enter
from lti.tool.messages import is_target, launch_address, read_launch
from lti.tool.refusals import Refused
from lti.tool.services import is_id
from lti.tool.sessions import begin_session

if TYPE_CHECKING:
    from learning.people.models import Person

log = logging.getLogger(__name__)

MAX_PARAMETER = 4000
"""Of a value in a login request. Hints are opaque; a signed one of a large LMS is about 1 KB, and some are longer."""

MAX_PROBED = 4000
"""Of a login's query that may come once more, as an address: to see whether cookies work, or in a window of its own."""

_REQUIRED = ("iss", "login_hint", "target_link_uri")
_OPTIONAL = ("client_id", "lti_message_hint", "lti_deployment_id", "lti_storage_target")
_DENIED = frozenset(
    {"access_denied", "login_required", "interaction_required", "consent_required", "unauthorized_client"}
)


@dataclass(slots=True)
class _Frame:
    """Which sites may show the answer, and which platform this is about, as far as we know by then. `message` and
    `deployment_id` are what a token says whose signature is good."""

    origins: tuple[str, ...] = ()
    platform: int | None = None
    message: str = ""
    deployment_id: str = ""

    def forget(self) -> None:
        self.origins, self.platform, self.message, self.deployment_id = (), None, "", ""


type View = Callable[[HttpRequest, _Frame], HttpResponse]


def explained(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """A refusal becomes a page with a reference; the reason stands beside that reference in the log."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        frame = _Frame()
        try:
            return view(request, frame)
        except Refused as error:
            reference = secrets.token_hex(4).upper()
            reference = f"{reference[:4]}-{reference[4:]}"
            log.info("refused %s: %s", reference, error.code)
            _write_down(frame, error.code, reference)
            back = error.back if isinstance(error, Declined) else None
            context = {"reason": error.reason, "reference": reference, "back": back}
            response = _page(request, "lti/refused.html", context, frame, status=error.reason.status)
            if back:
                frames.send_only_to(response, back.origin)
            return response

    return wrapped


@csrf_exempt
@require_http_methods(["GET", "POST"])
@explained
def login(request: HttpRequest, frame: _Frame) -> HttpResponse:
    """Third-party initiated login: off to the LMS with a state and a nonce. Nothing is stored; one query."""
    asked = request.POST if request.method == "POST" else request.GET
    values = _login_values(asked)
    if not is_target(values["target_link_uri"]):
        raise Refused("login-target")
    try:
        platform = queries.platform_for_login(
            values["iss"], values.get("client_id", ""), values.get("lti_deployment_id", "")
        )
    except Refused:
        frame.origins = queries.origins_of_issuer(values["iss"])
        raise
    frame.origins, frame.platform = platform.frame_origins, platform.row.pk
    storage = values.get("lti_storage_target", "")
    if browser.sends_cookies(request):
        return _to_platform(request, platform, values)
    if browser.is_framed(request):
        query = urlencode(values)
        if not browser.was_probed(asked) and len(query) <= MAX_PROBED:
            return browser.probe(f"{reverse('lti:login')}?{query}")
        if not storage:
            again = _restart(values)
            return _new_window(request, again if len(again) <= MAX_PROBED else "", frame, status=200)
        return _to_platform(request, platform, values, storage=storage, frame=frame)
    if storage and browser.is_old_browser(request):
        return _to_platform(request, platform, values, storage=storage, frame=frame)
    return _to_platform(request, platform, values)


def _restart(values: Mapping[str, str]) -> str:
    """The login's query for a window of our own: no frame of the LMS there to keep anything in."""
    return urlencode({name: value for name, value in values.items() if name != "lti_storage_target"})


def _to_platform(
    request: HttpRequest,
    platform: queries.LoadedPlatform,
    values: Mapping[str, str],
    *,
    storage: str = "",
    frame: _Frame | None = None,
) -> HttpResponse:
    """Off to the LMS; with `storage` by a page that first leaves the secret with the LMS."""
    query = _restart(values)
    secret, now = state.new_secret(), int(time.time())
    begun = state.Login(
        platform=platform.row.pk, nonce=state.new_secret(), cookie=browser.cookie_name(now),
        browser=state.digest(secret), target=values["target_link_uri"], issued=now,
        restart=query if len(query) <= state.MAX_RESTART else "", storage=storage,
    )  # fmt: skip
    parameters = {
        "scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none",
        "client_id": platform.row.client_id, "redirect_uri": launch_address(), "login_hint": values["login_hint"],
        "state": state.seal(begun), "nonce": begun.nonce,
    }  # fmt: skip
    if "lti_message_hint" in values:
        parameters["lti_message_hint"] = values["lti_message_hint"]
    address = platform.row.auth_url
    onward = f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
    if storage and frame:
        kept = _kept(begun, platform) | {"value": secret, "onward": onward, "restart": _login_address(begun.restart)}
        response = _page(request, "lti/storage.html", kept, frame, status=200)
    else:
        response = HttpResponse(status=302, headers={"Location": onward})
    browser.remember(request, response, begun.cookie, secret)
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@explained
def launch(request: HttpRequest, frame: _Frame) -> HttpResponse:
    """The LMS sends the browser here with an id_token, or with an error. In, or a page that says why not."""
    if request.method != "POST":
        raise Refused("opened-directly")
    now = time.time()
    begun = _begun(request, now)
    verified = _verified_at_hand(request, begun, now)
    if verified:
        try:
            return _come_in(request, begun, verified, frame)
        except queries.Changed:
            frame.forget()
    while True:
        # Again only when somebody changed the platform in this very moment.
        try:
            return _looked_up(request, begun, now, frame)
        except queries.Changed:
            frame.forget()


def _looked_up(request: HttpRequest, begun: state.Login, now: float, frame: _Frame) -> HttpResponse:
    """With the platform as it is now: whatever isn't as it nearly always is, and all that is refused. Raises Refused,
    or Changed when the platform was changed meanwhile."""
    platform = queries.platform_of_state(begun.platform)
    frame.origins, frame.platform = platform.frame_origins, platform.row.pk
    if "error" in request.POST:
        raise _error_of_platform(request)
    token, has_cookie = _single(request.POST, "id_token", "token-missing"), begun.cookie in request.COOKIES
    if not has_cookie and not begun.storage:
        return _new_window(request, begun.restart, frame, status=401)
    if not has_cookie and "kept" not in request.POST:
        return _ask_kept(request, begun, platform, frame)
    kept = request.COOKIES[begun.cookie] if has_cookie else _recalled(request)
    if not browser.is_same(kept, begun):
        raise Refused("state-browser")
    claims, platform = tokens.verify(token, platform=platform, login=begun, now=now)
    frame.message, frame.deployment_id = _named(claims)
    return _come_in(request, begun, _Verified(claims, platform, _reader(claims, platform, begun)), frame)


@dataclass(frozen=True, slots=True)
class _Verified:
    """A message that is `platform`'s, if that is still as we know it. `enter` does what it asks, and raises Changed."""

    claims: tokens.Claims
    platform: queries.LoadedPlatform
    enter: Callable[[], Entry | Refused]


def _verified_at_hand(request: HttpRequest, begun: state.Login, now: float) -> _Verified | None:
    """A launch as nearly all are, with the platform as this process knows it: no query. None for any other."""
    platform, token = queries.kept(begun.platform), request.POST.getlist("id_token")
    if platform is None or len(token) != 1 or "error" in request.POST or begun.cookie not in request.COOKIES:
        return None
    if not browser.is_same(request.COOKIES[begun.cookie], begun):
        return None
    claims = tokens.verify_at_hand(token[0], platform=platform, login=begun, now=now)
    if claims is None:
        return None
    try:
        return _Verified(claims, platform, _reader(claims, platform, begun))
    except Refused:
        return None


def _come_in(request: HttpRequest, begun: state.Login, verified: _Verified, frame: _Frame) -> HttpResponse:
    """In one transaction, that leaves nothing behind when it raises Changed."""
    platform, has_cookie = verified.platform, begun.cookie in request.COOKIES
    frame.origins, frame.platform = platform.frame_origins, platform.row.pk
    frame.message, frame.deployment_id = _named(verified.claims)
    with transaction.atomic():
        entry = verified.enter()
        if isinstance(entry, Entry):
            launchlog.came_in(platform.row.pk, message=frame.message)
        if isinstance(entry, Entry) and has_cookie:
            session = begin_session(request, entry, origins=platform.frame_origins)
    if isinstance(entry, Refused):
        raise entry
    if not has_cookie:
        ticket = tickets.issue(entry, platform=platform.row.pk, now=time.time())
        return _page(request, "lti/ticket.html", {"ticket": ticket}, frame, status=200)
    response = _in(request, entry, session)
    browser.forget(response, begun.cookie)
    return response


def _begun(request: HttpRequest, now: float) -> state.Login:
    try:
        return state.unseal(_single(request.POST, "state", "state-missing"), now=now)
    except Refused:
        if "error" in request.POST:
            # An LMS may give up before it knows our state, or give it back too late: its error says more.
            raise _error_of_platform(request) from None
        raise


def _error_of_platform(request: HttpRequest) -> Refused:
    return Refused("platform-denied" if request.POST["error"] in _DENIED else "platform-error")


def _recalled(request: HttpRequest) -> str:
    """What the LMS kept for us, posted by our own page and by none of another: that could put somebody in as the one
    who began the login."""
    if not browser.is_from_us(request):
        raise Refused("state-browser")
    return _single(request.POST, "kept", "state-browser")


def _named(claims: tokens.Claims) -> tuple[str, str]:
    """Kind of message and deployment, for the log of launches."""
    message, deployment = claims.get(words.MESSAGE_TYPE), claims.get(words.DEPLOYMENT_ID)
    known = message in (words.RESOURCE_LINK_REQUEST, words.DEEP_LINKING_REQUEST)
    return str(message) if known else "", str(deployment) if is_id(deployment) else ""


def _write_down(frame: _Frame, code: str, reference: str) -> None:
    if frame.platform is not None:
        deployment = frame.deployment_id if code == "deployment-unknown" else ""
        launchlog.refused(launchlog.Refusal(frame.platform, code, reference, frame.message, deployment))


def _reader(
    claims: tokens.Claims, platform: queries.LoadedPlatform, begun: state.Login
) -> Callable[[], Entry | Refused]:
    """What a verified message asks, read and ready to be done. Raises Refused."""
    if claims.get(words.MESSAGE_TYPE) == words.DEEP_LINKING_REQUEST:
        asked = read_request(claims, target=begun.target, deployments=platform.deployments)
        return partial(arrive, asked, platform=platform, login=begun)
    message = read_launch(claims, target=begun.target, deployments=platform.deployments)
    return partial(enter, message, platform=platform, login=begun)


@require_safe
@login_required
def activity(request: HttpRequest, module: str, activity: str) -> HttpResponse:
    """To one activity, wherever the edition that somebody follows has it; to the module where that hasn't got it."""
    way = tracks.way(cast("Person", request.user), module)
    place = way.edition.by_key.get(activity) if way else None
    address = activity_address(module, *place) if place else reverse("tracks:module", args=[module])
    return HttpResponseRedirect(address)


@csrf_exempt  # the frame it comes from keeps no cookies; the ticket is the proof, from a page of our own, once
@require_POST
@explained
def enter_window(request: HttpRequest, frame: _Frame) -> HttpResponse:
    """A launch without cookies goes on in a window of its own."""
    if not browser.is_from_us(request):
        raise Refused("ticket-invalid")
    ticket = tickets.read(_single(request.POST, "ticket", "ticket-invalid"))
    platform = queries.platform_of_state(ticket.platform)
    with transaction.atomic():
        entry = tickets.redeem(ticket)
        if isinstance(entry, Entry):
            session = begin_session(request, entry, origins=platform.frame_origins)
    if isinstance(entry, Refused):
        raise entry
    return _in(request, entry, session)


def _in(request: HttpRequest, entry: Entry, session: str | None) -> HttpResponse:
    """On to what was opened, in a session that may have begun."""
    response = HttpResponse(status=303, headers={"Location": entry.path})
    if session:
        browser.set_session(response, session)
    if entry.language and entry.language != request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        browser.speak(response, entry.language)
    return response


def _ask_kept(
    request: HttpRequest, begun: state.Login, platform: queries.LoadedPlatform, frame: _Frame
) -> HttpResponse:
    """A page that asks the LMS for the secret we left there, and posts the launch again with it. Bounded: what is
    echoed came in one request, and nothing is kept."""
    posted = {name: _single(request.POST, name, "token-missing") for name in ("id_token", "state")}
    if len(posted["id_token"]) > tokens.LARGEST:
        raise Refused("token-too-large")
    context = _kept(begun, platform) | {"posted": posted, "restart": _login_address(begun.restart)}
    return _page(request, "lti/recall.html", context, frame, status=200)


def _kept(begun: state.Login, platform: queries.LoadedPlatform) -> dict[str, Any]:
    """Where our secret is: in which frame of the LMS, under what name, and whose answers count."""
    return {"target": begun.storage, "key": begun.cookie, "origin": outbound.origin(platform.row.auth_url)}


@require_safe
@cache_control(public=True, max_age=3600)
def jwks(request: HttpRequest) -> HttpResponse:
    """Our public keys, for an LMS that checks our requests for access tokens."""
    return JsonResponse(our_keys("tool"))


def _login_values(asked: QueryDict) -> dict[str, str]:
    """What a login request may hold, each once and of a bounded length. What it holds besides is passed over."""
    values = {}
    for name in (*_REQUIRED, *_OPTIONAL):
        given = asked.getlist(name)
        if not given or (given == [""] and name in _OPTIONAL):
            continue
        if len(given) > 1 or len(given[0]) > MAX_PARAMETER or not given[0].isprintable():
            raise Refused("login-parameter-unfit")
        values[name] = given[0]
    if not all(values.get(name) for name in _REQUIRED):
        raise Refused("login-parameter-missing")
    return values


def _single(posted: QueryDict, name: str, code: str) -> str:
    values = posted.getlist(name)
    if len(values) != 1:
        raise Refused(code)
    return str(values[0])


def _new_window(request: HttpRequest, query: str, frame: _Frame, *, status: int) -> HttpResponse:
    """This browser keeps no cookies of ours in that frame. In a window of our own it does: begin there once more."""
    return _page(request, "lti/new_window.html", {"restart": _login_address(query)}, frame, status=status)


def _login_address(query: str) -> str:
    return f"{reverse('lti:login')}?{query}" if query else ""


def _page(request: HttpRequest, template: str, context: dict[str, Any], frame: _Frame, *, status: int) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    if status == 405:
        response["Allow"] = "POST"
    # Not those of the session that may be there: this page is about another launch.
    if frame.origins:
        frames.allow(response, frame.origins)
    return response
