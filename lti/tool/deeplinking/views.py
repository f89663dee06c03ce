"""The pages on which a course designer chooses: find, settle how it stands in the course, send. All in the LMS's frame,
without script too: each page is an address with what was chosen in it, so reloading and going back lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lti.tool import frames
from lti.tool.deeplinking import catalogue, selections
from lti.tool.deeplinking.answer import Answer
from lti.tool.deeplinking.catalogue import Item
from lti.tool.deeplinking.items import MAX_ITEMS, ItemForm, item_forms
from lti.tool.deeplinking.selections import Chosen
from lti.tool.views import explained

type Page = Callable[[HttpRequest, Chosen], HttpResponse]


def _of_person(page: Page) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page of somebody's own choice in progress; for anybody else, and afterwards, it says why there is none."""

    @wraps(page)
    @never_cache
    def wrapped(request: HttpRequest, key: str) -> HttpResponse:
        return explained(lambda request, frame: page(request, selections.find(key, person_id=request.user.pk)))(request)

    return wrapped


@require_safe
@_of_person
def choose(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    """Everything there is to choose. Five queries; one more when the process hasn't met an edition."""
    modules = catalogue.on_offer(chosen.organisation)
    dropped = request.GET.get("weg", "")
    references = [each for each in request.GET.getlist("item") if each != dropped]
    known = catalogue.by_reference(modules)
    return _choose_page(request, chosen, modules, [known[each] for each in dict.fromkeys(references) if each in known])


@require_http_methods(["GET", "HEAD", "POST"])
@_of_person
def settle(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    """How each thing that was chosen will stand in the course. Five queries, and to send it four more."""
    asked = request.POST if request.method == "POST" else request.GET
    modules = catalogue.on_offer(chosen.organisation)
    items, trouble = _picked(asked.getlist("item"), modules, chosen)
    if trouble:
        return _choose_page(request, chosen, modules, items, trouble=trouble, status=400)
    if request.method != "POST":
        return _settle_page(request, chosen, item_forms(items, chosen.wish, draft=chosen.draft))
    return _settled(request, chosen, item_forms(items, chosen.wish, data=request.POST, draft={}))


@require_POST
@_of_person
def cancel(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    """Back to the LMS with nothing (§2.3: also who chose nothing is taken back)."""
    return _send_page(request, selections.answer(chosen, []))


def _picked(references: Sequence[str], modules: Sequence[Item], chosen: Chosen) -> tuple[list[Item], str]:
    """What is chosen, and what is wrong with it in a sentence ("" for nothing)."""
    known, wanted = catalogue.by_reference(modules), list(dict.fromkeys(references))
    items = [known[each] for each in wanted if each in known]
    if not wanted:
        return items, _("Er is nog niets gekozen. Kies eerst een module, unit of activiteit.")
    if len(items) < len(wanted):
        return items, _("Niet alles wat je koos is er nog. Kijk je keuze na.")
    if len(items) > 1 and not chosen.wish.multiple:
        return items[:1], _("Je leeromgeving neemt één onderdeel tegelijk aan.")
    if len(items) > MAX_ITEMS:
        return items[:MAX_ITEMS], _("Kies er hoogstens %(most)s tegelijk. De eerste %(most)s staan nog aan.") % {
            "most": MAX_ITEMS
        }
    return items, ""


def _settled(request: HttpRequest, chosen: Chosen, forms: list[ItemForm]) -> HttpResponse:
    items = [form.item for form in forms]
    dropped = request.POST.get("weg", "")
    if dropped or "kies" in request.POST:
        selections.remember(chosen, {form.item.reference: form.typed for form in forms})
        left = [item for item in items if item.reference != dropped]
        return HttpResponseRedirect(
            _address("lti:choose" if "kies" in request.POST or not left else "lti:settle", chosen, left)
        )
    wrong = [form for form in forms if not form.is_valid()]
    if wrong:
        return _settle_page(request, chosen, forms, status=400)
    said = ngettext(
        "%(n)s onderdeel uit Tussenruimte gekozen.", "%(n)s onderdelen uit Tussenruimte gekozen.", len(forms)
    )
    made = [form.content_item() for form in forms]
    return _send_page(request, selections.answer(chosen, made, msg=said % {"n": len(forms)}))


def _address(name: str, chosen: Chosen, items: Sequence[Item]) -> str:
    query = urlencode([("item", item.reference) for item in items])
    return f"{reverse(name, args=[chosen.key])}{'?' if query else ''}{query}"


def _choose_page(
    request: HttpRequest,
    chosen: Chosen,
    modules: Sequence[Item],
    items: Sequence[Item],
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    search = request.GET.get("zoek", "").strip()[: catalogue.MAX_SEARCH]
    shown = catalogue.shown(modules, search=search, chosen=frozenset(item.reference for item in items))
    found = sum(module.matches for module in shown)
    context = {
        "key": chosen.key, "wish": chosen.wish, "shown": shown, "search": search, "items": items, "trouble": trouble,
        "found": found,
    }  # fmt: skip
    return render(request, "lti/deep_linking/choose.html", context, status=status)


def _settle_page(request: HttpRequest, chosen: Chosen, forms: Sequence[ItemForm], *, status: int = 200) -> HttpResponse:
    here = _address("lti:settle", chosen, [form.item for form in forms])
    wrong = [(form, field) for form in forms for field in form if field.errors]
    context = {"key": chosen.key, "wish": chosen.wish, "forms": forms, "here": here, "wrong": wrong}
    return render(request, "lti/deep_linking/settle.html", context, status=status)


def _send_page(request: HttpRequest, answer: Answer) -> HttpResponse:
    response = render(request, "lti/deep_linking/send.html", {"back": answer})
    frames.send_only_to(response, answer.origin)
    return response
