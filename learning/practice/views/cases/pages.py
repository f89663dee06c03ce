"""/begeleiden/cases/: the library, for every trainer. Those of the own organisation they write together."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.components import Crumb
from learning.comparing import TextDifference
from learning.people.guards import trainers_only
from learning.practice import documents
from learning.practice.models import Form
from learning.practice.queries import library as queries
from learning.practice.services import library as services
from learning.practice.services.library import mark
from learning.practice.views.cases import sent
from learning.practice.views.cases.drawing import Drawing, competences, place_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from learning.people.models import Person
    from learning.practice.documents import Criterion
    from learning.practice.models import Case, CaseVersion

PAGE = 50


def _home() -> Crumb:
    return Crumb(_("Praktijkcases"), reverse("desk:cases"))


def _crumb(case: Case) -> Crumb:
    return Crumb(case.title, reverse("desk:case", args=[case.pk]), language="nl")


def _case(trainer: Person, number: int) -> Case:
    case = queries.case_for(trainer, number)
    if case is None:
        raise Http404
    return case


def _own(trainer: Person, number: int) -> Case:
    case = queries.own_case(trainer, number)
    if case is None:
        raise Http404
    return case


@require_safe
@trainers_only
def cases(request: HttpRequest, trainer: Person) -> HttpResponse:
    """Those of the modules and of their organisation; with ?archief=1 what was put away. Five queries."""
    archived = "archief" in request.GET
    page = Paginator(queries.cases_for(trainer, archived=archived), PAGE).get_page(request.GET.get("page"))
    return render(request, "practice/library/cases.html", {"page": page, "archived": archived})


@require_safe
@trainers_only
def case(request: HttpRequest, trainer: Person, case_number: int) -> HttpResponse:
    """A case whole, as it would be given out; with ?versie= as it was in an earlier version. Six queries."""
    found = _case(trainer, case_number)
    versions = queries.versions(found)
    version = _chosen(versions, request.GET.get("versie"))
    shown = {
        "case": found, "own": found.organisation_id is not None, "versions": versions, "version": version,
        "module": queries.module_of(found), "crumbs": [_home(), Crumb(found.title, language="nl")],
        **(_text(version.document) if version else {}),
    }  # fmt: skip
    return render(request, "practice/library/case.html", shown)


def _chosen(versions: Sequence[CaseVersion], number: str | None) -> CaseVersion | None:
    """That version; the newest when none is asked; None when there is none at all."""
    if number is None:
        return versions[0] if versions else None
    found = next((each for each in versions if str(each.number) == number), None)
    if found is None:
        raise Http404
    return found


def _text(data: Mapping[str, Any], *, variant: str = "") -> dict[str, Any]:
    """What `practice/library/text.html` draws."""
    document = documents.read(data)
    return {
        "document": document,
        "task": document.task_of(variant),
        "forms": [Form(form).label for form in document.forms],
        "criteria": [(each, _competence(each)) for each in document.rubric],
    }


def _competence(criterion: Criterion) -> str:
    """Its code, and its name where the criterion isn't called that."""
    name = competences().get(criterion.competence, "")
    return criterion.competence if name == criterion.name else f"{criterion.competence} {name}"


@require_POST
@trainers_only
def copy(request: HttpRequest, trainer: Person, case_number: int) -> HttpResponse:
    made = services.copy(_case(trainer, case_number), by=trainer)
    messages.success(request, _("Deze versie is van jouw organisatie. Pas hem aan en bewaar hem als versie 1."))
    return redirect("desk:case-edit", made.pk)


@never_cache
@require_http_methods(["GET", "POST"])
@trainers_only
def edit(request: HttpRequest, trainer: Person, case_number: int) -> HttpResponse:
    """Write on a case. Each post keeps what the page holds: by script while one writes, or by any button."""
    case = _own(trainer, case_number)
    if request.method != "POST":
        return _form(request, case, Drawing(queries.working_text(case), at=request.GET.get("bij", "")))
    text = sent.sent(request.POST)
    drawn = sent.drawn(request.POST)
    at = sent.change_list(text, request.POST.get("doe", ""))
    chosen = request.POST.getlist("neem")
    kept = services.keep(case.pk, text, drawn=drawn, taken=chosen)
    if request.headers.get("X-Fragment"):
        return _autosaved(text, kept)
    if kept.clashes:
        return _clashed(request, case, text, kept)
    if "maak" in request.POST:
        return _make(request, trainer, case, kept.text)
    page = reverse("desk:case-edit", args=[case.pk])
    place = at or (chosen[0] if chosen else "")
    if not place:
        messages.success(request, _("Bewaard als concept."))
        return redirect(page)
    return redirect(f"{page}?bij={place}#{place}")


def _autosaved(text: Mapping[str, Any], kept: services.Kept) -> HttpResponse:
    """For the script: when it was kept, and the marks of what stands on its page and is there. Not of what another page
    changed: this one shows it as it was, and must go on saying so."""
    marks = {name: mark(value) for name, value in text.items() if value == kept.text[name]}
    if kept.clashes:
        words = _("Iemand anders veranderde dit ook. Kies “Bewaar concept” om te zien wat.")
        return JsonResponse({"said": words, "marks": marks}, status=HTTPStatus.CONFLICT)
    words = _("Bewaard om %(time)s.") % {"time": time_format(timezone.localtime(), "H:i")}
    return JsonResponse({"said": words, "marks": marks})


def _clashed(request: HttpRequest, case: Case, text: dict[str, Any], kept: services.Kept) -> HttpResponse:
    """Both texts, and the choice. Kept again as it stands, this page's holds: its reader saw the other."""
    shown = {**kept.text, **{name: text[name] for name in kept.clashes}}
    clashes = {
        name: _placed(queries.differences({name: theirs}, {name: text[name]}), text)
        for name, theirs in kept.clashes.items()
    }
    marks = {name: mark(value) for name, value in kept.text.items()}
    return _form(request, case, Drawing(shown, clashes=clashes, marks=marks), status=HTTPStatus.CONFLICT)


def _placed(differences: list[TextDifference], text: Mapping[str, Any]) -> list[TextDifference]:
    return [TextDifference(place_words(each.place, text), each.pieces) for each in differences]


def _make(request: HttpRequest, trainer: Person, case: Case, text: dict[str, Any]) -> HttpResponse:
    try:
        version = services.make_version(case.pk, by=trainer)
    except services.Unfinished as unfinished:
        tidied = documents.tidy(text)
        marks = {name: mark(value) for name, value in text.items()}
        drawing = Drawing(tidied, problems=unfinished.problems, marks=marks)
        return _form(request, case, drawing, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(
        request, _("Bewaard als versie %(n)s. Wie de case al had, houdt zijn eigen versie.") % {"n": version.number}
    )
    return redirect("desk:case", case.pk)


def _form(request: HttpRequest, case: Case, drawing: Drawing, *, status: int = HTTPStatus.OK) -> HttpResponse:
    newest = queries.newest_version(case)
    shown = {
        "case": case, "drawing": drawing, "sections": drawing.sections(), "next": newest.number + 1 if newest else 1,
        "changed": case.draft is not None, "crumbs": [_home(), _crumb(case), Crumb(_("Bewerk"))],
    }  # fmt: skip
    return render(request, "practice/library/edit.html", shown, status=status)


@require_POST
@trainers_only
def discard(request: HttpRequest, trainer: Person, case_number: int) -> HttpResponse:
    services.discard(_own(trainer, case_number).pk)
    messages.success(request, _("Het concept is weg. De nieuwste versie staat er weer."))
    return redirect("desk:case", case_number)


@require_POST
@trainers_only
def archive(request: HttpRequest, trainer: Person, case_number: int) -> HttpResponse:
    """Away, or with `terug` back in the library."""
    case = _own(trainer, case_number)
    if "terug" in request.POST:
        services.bring_back(case.pk)
        messages.success(request, _("De case staat weer tussen de andere."))
    else:
        services.archive(case.pk)
        messages.success(request, _("De case staat in het archief. Wie hem kreeg, gaat er gewoon mee door."))
    return redirect("desk:case", case_number)


@require_safe
@never_cache
@trainers_only
def preview(request: HttpRequest, trainer: Person, case_number: int) -> HttpResponse:
    """What is written now, as a learner would read it; with ?variant= in that variant. Five queries."""
    case = _case(trainer, case_number)
    text = documents.tidy(documents.complete(queries.working_text(case)))
    variant = request.GET.get("variant", "")
    shown = {"case": case, "variant": variant, "crumbs": [_home(), _crumb(case), Crumb(_("Voorbeeld"))]}
    return render(request, "practice/library/preview.html", {**shown, **_text(text, variant=variant)})


@require_safe
@trainers_only
def changes(request: HttpRequest, trainer: Person, case_number: int) -> HttpResponse:
    """What is other in a version (?versie=, the newest) than in the one before it. Six queries."""
    case = _case(trainer, case_number)
    versions = queries.versions(case)
    new = _chosen(versions, request.GET.get("versie"))
    old = next((each for each in versions if new and each.number < new.number), None)
    if new is None or old is None:
        raise Http404
    texts = _placed(queries.differences(old.document, new.document), new.document)
    shown = {"case": case, "old": old, "new": new, "texts": texts,
             "crumbs": [_home(), _crumb(case), Crumb(_("Wat er anders is"))]}  # fmt: skip
    return render(request, "practice/library/changes.html", shown)
