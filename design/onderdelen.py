"""/onderdelen/: every component in every state, to look at while building. Only in the demo and while developing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.components import Asked, Crumb, Loop, Step
from design.forms import FreeText


class Specimen(forms.Form):
    """Each kind of field we draw."""

    stays_put = True  # a refused form takes the focus; here it would pull the page along

    with_whom = forms.CharField(
        label=gettext_lazy("Met wie voer je het gesprek?"),
        help_text=gettext_lazy("Een functie, geen naam. Bijvoorbeeld: een melkveehouder."),
    )
    dread = FreeText(label=gettext_lazy("Waar zie je tegenop?"), seen_by="alleen-jij", required=False)
    promise = forms.ChoiceField(
        label=gettext_lazy("“Ik regel dat u als eerste hoort.”"),
        widget=forms.RadioSelect,
        choices=[
            ("doen", gettext_lazy("Dat kan ik doen")),
            ("agenderen", gettext_lazy("Dat kan ik agenderen")),
            ("niet", gettext_lazy("Dat kan ik niet beloven")),
        ],
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Op welk niveau speelt dit?"),
        choices=[("mens", gettext_lazy("Bij mezelf")), ("organisatie", gettext_lazy("In mijn organisatie"))],
    )
    heard = forms.MultipleChoiceField(
        label=gettext_lazy("Wat hoorde je?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("zorg", gettext_lazy("Zorg")), ("trots", gettext_lazy("Trots"))],
    )
    agreed = forms.BooleanField(label=gettext_lazy("Ik heb hierover gesproken met mijn leidinggevende"))


def show(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "design/onderdelen.html", specimens(request.GET.get("page", "1")))


def specimens(page: str) -> dict[str, Any]:
    filled = {"dread": _("Dat hij vraagt wanneer het besluit valt."), "heard": ["zorg"]}
    done = _("afgerond")
    return {
        "crumbs": [Crumb(_("Leerlijn Dialogisch werken"), "/"), Crumb(_("Module 1 van 4"))],
        "form": Specimen(initial=filled, prefix="leeg"),
        "refused": Specimen(data={"fout-dread": filled["dread"]}, prefix="fout"),
        "steps": [
            Step(_("Voorbereid"), "gedaan"),
            Step(_("Gevoerd"), "gedaan"),
            Step(_("Ingediend"), "hier"),
            Step(_("In beoordeling")),
            Step(_("Rond")),
        ],
        "tabs": [
            Step(_("Opdracht"), "hier", "#tabs"),
            Step(_("Voorbereiding"), href="#tabs"),
            Step(_("Terugkoppeling"), href="#tabs"),
        ],
        "loops": [
            Loop(_("Startpunt"), "gedaan", href="#weg", note=_("10 minuten"), done=_("gedaan op 3 november")),
            Loop(_("Twee stromen, één gesprek"), "gedaan", "1.1", "#weg", _("30 minuten"), done),
            Loop(_("Debat of dialoog?"), "gedaan", "1.2", "#weg", _("30 minuten"), done),
            Loop(_("Aan de keukentafel"), "hier", "1.5", "#weg", _("40 minuten")),
            Loop(_("Verantwoordelijkheidsverdelingsvraagstukken"), "straks", "1.6", "#weg", _("40 minuten")),
            Loop(_("Eindpunt"), "straks", note=_("15 minuten, na unit 1.6")),
            Loop(_("Herhaalmoment"), "straks", note=_("Gaat open 7 dagen na je laatste unit."), loose=True),
        ],
        "asked": [
            Asked(_("Startpunt"), True),
            Asked(_("Nog 2 units: 1.5 en 1.6"), False),
            Asked(_("Praktijkcase Het gesprek dat je uitstelt"), False, "#weg"),
        ],
        "page": Paginator(range(200), 10).get_page(page),
    }
