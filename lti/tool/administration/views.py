"""The connections of an organisation with LMSes: make them, see how they do, mend them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.components import Crumb
from jobs import services as jobs
from learning.people.models import Organisation
from lti.tool import checkup, connections, invitations, results, scores, services
from lti.tool.administration.access import for_beheer, for_beheer_of
from lti.tool.administration.forms import ByHandForm, ChangeForm, DeploymentForm, InviteForm, ReferenceForm
from lti.tool.models import Platform
from lti.tool.registration import ours as about_us

LOG_PAGE = 25
SHOWN_INVITATIONS = 50


@require_safe
@for_beheer
def home(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Every LMS with how it does. Nine queries at most, however many there are."""
    return _page(request, "home", connections=connections.of_organisation(organisation))


@require_http_methods(["GET", "HEAD", "POST"])
@for_beheer
def invite(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The address is shown once, in the answer to the form: only its digest is kept."""
    form, invited = InviteForm.blank(), None
    if request.method == "POST":
        form = InviteForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            invited = invitations.invite(organisation, name=given["name"], once=given["once"])
    rows = list(connections.invitations(organisation)[:SHOWN_INVITATIONS])
    listed = [{"row": row, "state": connections.state_of(row)} for row in rows]
    return _page(request, "invite", form=form, invited=invited, invitations=listed,
                 crumbs=_crumbs(_("Uitnodigen")), status=_status(form))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_beheer
def by_hand(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = ByHandForm(request.POST) if request.method == "POST" else ByHandForm()
    if form.is_bound and form.is_valid():
        try:
            platform = services.register_platform(organisation, **form.cleaned_data)
        except services.NotRegistered:
            # Somebody else did, since the form looked.
            form.add_error("client_id", _("Deze client ID van deze issuer is al aangesloten."))
        else:
            messages.success(request, _("Aangesloten. Test nu of het werkt."))
            return redirect("connections:one", platform.pk)
    return _page(request, "by_hand", form=form, crumbs=_crumbs(_("Zelf invullen")), status=_status(form))


@require_safe
@for_beheer
def ours(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    said = about_us.by_hand()["lti"]
    return _page(request, "ours", said=said, logo=about_us.logo(), file=about_us.address("lti:by-hand"),
                 custom=[(name, f"{name}={value}") for name, value in said["custom_parameters"].items()],
                 crumbs=_crumbs(_("Onze gegevens")))  # fmt: skip


@require_safe
@for_beheer_of
def one(request: HttpRequest, platform: Platform) -> HttpResponse:
    return _one(request, platform)


@require_http_methods(["GET", "HEAD", "POST"])
@for_beheer_of
def change(request: HttpRequest, platform: Platform) -> HttpResponse:
    form = ChangeForm(request.POST) if request.method == "POST" else ChangeForm.of(platform)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        shows = given.pop("numeric_scores")
        try:
            services.change(platform, **given)
        except services.NotRegistered:
            form.add_error("audience", _("Zo vraagt een andere leeromgeving al om tokens."))
        else:
            if shows != platform.numeric_scores:
                scores.show_numbers(platform, on=shows)
            messages.success(request, _("Bewaard."))
            return redirect("connections:one", platform.pk)
    crumbs = _crumbs(platform.name, _("Wijzigen"), platform=platform)
    return _page(request, "change", form=form, platform=platform, crumbs=crumbs, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_beheer_of
def test(request: HttpRequest, platform: Platform) -> HttpResponse:
    """Asks the LMS while the page waits: sixteen seconds at most."""
    if request.method != "POST":
        return redirect("connections:one", platform.pk)
    return _one(request, platform, steps=checkup.check(platform))


@require_POST
@for_beheer_of
def switch(request: HttpRequest, platform: Platform) -> HttpResponse:
    """To what the button said: pressing twice changes nothing more."""
    wanted = request.POST.get("stand")
    if wanted in ("aan", "uit"):
        services.switch(platform, active=wanted == "aan")
        said = (
            _("De aansluiting staat aan.") if wanted == "aan" else _("De aansluiting staat uit. Er opent niets meer.")
        )
        messages.success(request, said)
    return redirect("connections:one", platform.pk)


@require_POST
@for_beheer_of
def add_deployment(request: HttpRequest, platform: Platform) -> HttpResponse:
    form = DeploymentForm(request.POST)
    if not form.is_valid():
        return _one(request, platform, deployment_form=form, status=HTTPStatus.BAD_REQUEST)
    services.add_deployments(platform, [form.cleaned_data["deployment_id"]])
    messages.success(request, _("De deployment is toegevoegd."))
    return redirect("connections:one", platform.pk)


@require_POST
@for_beheer_of
def retry(request: HttpRequest, platform: Platform) -> HttpResponse:
    """What was given up is tried once more."""
    found = connections.one(platform.organisation, platform.pk)
    keys = found.work.failed_keys if found else []
    count = sum(jobs.retry(key, kind=kind) for kind, key in keys)
    said = ngettext("Eén taak wordt opnieuw geprobeerd.", "%(n)s taken worden opnieuw geprobeerd.", count)
    messages.success(request, said % {"n": count})
    return redirect("connections:one", platform.pk)


@require_POST
@for_beheer_of
def compare(request: HttpRequest, platform: Platform) -> HttpResponse:
    """Read back what the gradebook shows; with "opnieuw" also send again what differs. A job does it."""
    again = request.POST.get("wat") == "opnieuw"
    count = results.send_again(platform) if again else results.compare(platform)
    said = ngettext("We kijken één kolom na.", "We kijken %(n)s kolommen na.", count) % {"n": count}
    messages.success(request, f"{said} {_('Ververs deze pagina over een minuut.')}")
    return redirect("connections:one", platform.pk)


def _one(request: HttpRequest, platform: Platform, *, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    asked = request.GET.get("nummer", "")
    find = ReferenceForm({"nummer": asked}) if asked else ReferenceForm()
    reference = find.cleaned_data["nummer"] if find.is_bound and find.is_valid() else ""
    page = Paginator(connections.log(platform, reference=reference), LOG_PAGE).get_page(request.GET.get("page"))
    deployments = sorted(platform.deployments.values_list("deployment_id", flat=True))
    context = {
        "connection": connections.one(platform.organisation, platform.pk), "platform": platform, "find": find,
        "page": page, "lines": connections.log_lines(page, deployments=deployments), "deployments": deployments,
        "deployment_form": DeploymentForm(), "reference": reference, "crumbs": _crumbs(platform.name),
        "comparison": results.summary(platform), **more,
    }  # fmt: skip
    return _page(request, "one", status=status, **context)


def _crumbs(*labels: str, platform: Platform | None = None) -> list[Crumb]:
    crumbs = [Crumb(_("Leeromgevingen"), reverse("connections:home")), *map(Crumb, labels)]
    if platform is not None:
        crumbs[1] = Crumb(labels[0], reverse("connections:one", args=[platform.pk]))
    return crumbs


def _status(form: Any) -> int:
    return HTTPStatus.BAD_REQUEST if form.is_bound and form.errors else HTTPStatus.OK


def _page(request: HttpRequest, name: str, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
    return render(request, f"lti/administration/{name}.html", context, status=status)
