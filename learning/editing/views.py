"""Pages of redacteurs: content to try, editions to compare; and for a learner, what a new edition changes."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup
from xblock.django.request import django_to_webob_request

from design.components import Crumb
from learning.editing import drafts, preview, simulations
from learning.editing.differences import differences
from learning.editing.drafts import Draft
from learning.people.guards import editors_only, person
from learning.playing import played_file
from learning.runtime.blocks import ForeignToken, read_handler_token
from learning.runtime.publishing import ASSET_TYPES
from learning.runtime.views import from_here
from learning.tracks import moving, queries
from learning.tracks.addresses import module_address
from modules.olx import file_of, module_folders

if TYPE_CHECKING:
    from learning.people.models import Person


def _home() -> Crumb:
    return Crumb(_("Redactie"), reverse("editing:home"))


def _module_crumb(draft: Draft) -> Crumb:
    title = draft.edition.title if draft.edition else draft.key
    return Crumb(title, reverse("editing:module", args=[draft.key]), language="nl")


def _draft(module: str) -> Draft:
    found = drafts.draft(module)
    if found is None:
        raise Http404
    return found


@require_safe
@editors_only
def home(request: HttpRequest, editor: Person) -> HttpResponse:
    """Every module as it stands in its folder. Three queries."""
    there = [draft for folder in module_folders() if (draft := drafts.draft(folder.name))]
    there.sort(key=lambda draft: draft.edition.number if draft.edition else draft.key)
    return render(request, "editing/home.html", {"drafts": there})


@require_safe
@never_cache
@editors_only
def module(request: HttpRequest, editor: Person, module: str) -> HttpResponse:
    """All units and activities of a folder, with what is to mend. Three queries."""
    draft = _draft(module)
    shown = {"draft": draft, "crumbs": [_home(), Crumb(_module_crumb(draft).label, language="nl")]}
    return render(request, "editing/module.html", shown)


@require_safe
@never_cache
@editors_only
def activity(request: HttpRequest, editor: Person, module: str, activity: str) -> HttpResponse:
    """One activity, to try. Three queries."""
    return _show(request, editor, _draft(module), activity)


def _show(request: HttpRequest, editor: Person, draft: Draft, key: str, *, refused: str | None = None) -> HttpResponse:
    try:
        runtime, block, _state = preview.block_of(editor, draft, key, request.session)
    except preview.NoSuchActivity as error:
        raise Http404 from error
    fragment = runtime.render(block, "student_view")
    content = Markup(fragment.content) if refused is None else block.wrapped(Markup(refused))  # noqa: S704 drawn by the block
    shown: dict[str, Any] = {
        "draft": draft,
        "activity": preview.activity_of(draft, key),
        "source": draft.sources[key],
        "findings": draft.findings_of(key),
        "html": content,
        "sheets": [each.data for each in fragment.resources if each.mimetype == "text/css"],
        "scripts": [each.data for each in fragment.resources if each.mimetype != "text/css"],
        "drawings": simulations.drawn(draft.sources[key]),
        "crumbs": [_home(), _module_crumb(draft)],
    }
    status = HTTPStatus.OK if refused is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "editing/activity.html", shown, status=status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def answer(request: HttpRequest, editor: Person, token: str, handler: str) -> HttpResponse:
    """Where the forms of an activity that is tried arrive. No CSRF token is needed, as at `runtime:answer`."""
    try:
        key, activity = preview.place_of(read_handler_token(token, editor))
    except (ForeignToken, preview.NoSuchActivity) as error:
        raise Http404 from error
    draft = _draft(key)
    page = redirect("editing:activity", draft.key, activity)
    if request.method != "POST":
        return page
    if not from_here(request):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    try:
        made = preview.answer(editor, draft, activity, handler, django_to_webob_request(request), request.session)
    except preview.NoSuchActivity as error:
        raise Http404 from error
    if request.headers.get("X-Fragment") or made.status_int in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND):
        return HttpResponse(made.body, status=made.status_int, content_type=made.content_type)
    if made.status_int == HTTPStatus.UNPROCESSABLE_ENTITY:
        return _show(request, editor, draft, activity, refused=made.text)
    return page


@require_POST
@editors_only
def again(request: HttpRequest, editor: Person, module: str, activity: str) -> HttpResponse:
    """From the start, as somebody sees it who comes for the first time."""
    draft = _draft(module)
    preview.start_again(draft, activity, request.session)
    return redirect("editing:activity", draft.key, activity)


@require_safe
@never_cache
@editors_only
def stamp(request: HttpRequest, editor: Person, module: str) -> HttpResponse:
    """{"stamp"}: another one means that a file has changed."""
    folder = drafts.folder_of(module)
    if folder is None:
        raise Http404
    return JsonResponse({"stamp": drafts.stamp_of(folder)})


@require_safe
@never_cache
@editors_only
def file(request: HttpRequest, editor: Person, module: str, path: str) -> HttpResponseBase:
    """A file beside the content, as it is now; only of kinds an edition may hold, and only from the folder."""
    folder = drafts.folder_of(module)
    found = file_of(folder, path) if folder else None
    kind = ASSET_TYPES.get(PurePosixPath(path).suffix)
    if found is None or kind is None:
        raise Http404
    return played_file(request, found, kind)


@require_safe
@never_cache
@editors_only
def drawing(request: HttpRequest, editor: Person, module: str, activity: str, number: int) -> HttpResponse:
    """The graph of a conversation; `number` counts from 0 for a decision task."""
    source = _draft(module).sources.get(activity)
    made = simulations.drawn(source) if source else []
    if number >= len(made) or not made[number].svg:
        raise Http404
    return HttpResponse(made[number].svg, content_type="image/svg+xml; charset=utf-8")


def _followers(editor: Person, module: str) -> list[moving.Followers]:
    """Only of what stands in a track of the redacteur's own organisation. Three queries."""
    found = moving.followers(module, organisation_id=editor.organisation_id)
    if not found or not queries.may_follow(editor, module):
        raise Http404
    return found


@require_safe
@editors_only
def editions(request: HttpRequest, editor: Person, module: str) -> HttpResponse:
    """The editions there are, who follows which, and what is different. Six queries."""
    found = _followers(editor, module)
    by_hash = {each.content_hash: each for each in found}
    new = by_hash.get(request.GET.get("nieuw", ""), found[0])
    old = by_hash.get(request.GET.get("oud", ""), found[min(1, len(found) - 1)])
    editions = {each.number: queries.edition(each.number, each.content_hash) for each in (old, new)}
    shown = {
        "module": editions[new.number],
        "editions": found,
        "old": old,
        "new": new,
        "changed": differences(editions[old.number], editions[new.number]),
        "behind": sum(each.people for each in found[1:]),
        "crumbs": [_home(), Crumb(_("Uitgaven"))],
    }
    return render(request, "editing/editions.html", shown)


@require_POST
@editors_only
def move_everyone(request: HttpRequest, editor: Person, module: str) -> HttpResponse:
    """Everybody of the redacteur's own organisation, in the background."""
    _followers(editor, module)
    moving.ask_to_move_everyone(editor.organisation_id, module=module)
    messages.success(request, _("Iedereen gaat nu over. Dat duurt even; wat mensen deden, blijft staan."))
    return redirect("editing:editions", module)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def newer(request: HttpRequest, module: str) -> HttpResponse:
    """What is different in the newest edition for somebody who follows an older one, and the way over. Four queries."""
    learner = person(request)
    if request.method == "POST":
        moving.move_to_newest(learner, module=module)
        messages.success(request, _("Je volgt nu de nieuwe uitgave. Wat je deed, is er nog."))
        return redirect(module_address(module))
    pair = moving.older_edition(learner, module)
    if pair is None:
        return redirect(module_address(module))
    old, new = pair
    crumbs = [
        Crumb(_("Module %(number)s") % {"number": new.number}, module_address(module)),
        Crumb(_("Nieuwe uitgave")),
    ]
    shown = {"module": new, "changed": differences(old, new), "crumbs": crumbs}
    return render(request, "editing/newer.html", shown)
