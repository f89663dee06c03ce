"""What beheer records before HR's pages open, and which team follows which leerlijn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.competences.models import TrackForTeam
from learning.competences.services.hr import LONGEST_BASIS
from learning.people.models import Team
from learning.tracks.models import Track


def _day(label: Any, missing: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": missing, "invalid": gettext_lazy("Dit is geen datum. Schrijf bijvoorbeeld 24-12-2026."),
        },
    )  # fmt: skip


class BasisForm(forms.Form):
    legal_basis = forms.CharField(
        label=gettext_lazy("Grondslag"),
        help_text=gettext_lazy(
            "Waarom je organisatie dit mag doen, met het artikel van de AVG, en waar het staat opgeschreven."
        ),
        max_length=LONGEST_BASIS,
        error_messages={"required": gettext_lazy("Schrijf op welke grondslag er is.")},
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    dpia_on = _day(gettext_lazy("DPIA vastgesteld op"), gettext_lazy("Vul in wanneer de DPIA is vastgesteld."))
    agreement_on = _day(
        gettext_lazy("Ondernemingsraad stemde in op"), gettext_lazy("Vul in wanneer de ondernemingsraad instemde.")
    )

    def clean_dpia_on(self) -> date:
        return self._been("dpia_on")

    def clean_agreement_on(self) -> date:
        return self._been("agreement_on")

    def _been(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Deze dag moet nog komen. Leg vast wat er al is."))
        return day


class AssignForm(forms.Form):
    track = forms.ModelChoiceField(
        Track.objects.none(), label=gettext_lazy("Leerlijn"), empty_label=None,
        error_messages={
            "required": gettext_lazy("Kies een leerlijn."), "invalid_choice": gettext_lazy("Deze leerlijn is er niet."),
        },
    )  # fmt: skip
    team = forms.ChoiceField(
        label=gettext_lazy("Team, met de teams die erin zitten"),
        error_messages={
            "required": gettext_lazy("Kies een team."), "invalid_choice": gettext_lazy("Dit team is er niet."),
        },
    )  # fmt: skip
    starts_on = _day(gettext_lazy("Vanaf"), gettext_lazy("Kies vanaf wanneer."))
    ends_on = _day(gettext_lazy("Tot en met"), "", required=False)
    required = forms.BooleanField(
        label=gettext_lazy("Dit is een formele eis voor de functie"), required=False,
        help_text=gettext_lazy(
            "Met een vinkje zie je per mens of er een certificaat is, vanaf de dag dat mensen het weten. Meer niet."
        ),
    )  # fmt: skip
    announced_on = _day(
        gettext_lazy("Aan de mensen verteld op"), "", required=False,
        help_text=gettext_lazy("Alleen bij een formele eis. Vóór deze dag zie je geen namen."),
    )  # fmt: skip

    def __init__(self, *args: Any, tracks: Sequence[Track], teams: Sequence[tuple[Team, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        track, team = self.fields["track"], self.fields["team"]
        assert isinstance(track, forms.ModelChoiceField)
        assert isinstance(team, forms.ChoiceField)
        track.queryset = Track.objects.filter(pk__in=[each.pk for each in tracks]).order_by("title", "pk")
        self._teams = {str(each.pk): each for each, _depth in teams}
        team.choices = [("", _("Kies een team"))] + [
            (str(each.pk), "\u2003" * depth + each.name) for each, depth in teams
        ]

    def clean_team(self) -> Team:
        return self._teams[self.cleaned_data["team"]]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Dit is vóór de eerste dag."))
        if given.get("required") and not given.get("announced_on") and "announced_on" not in self.errors:
            self.add_error(
                "announced_on", _("Vul in wanneer mensen dit horen. Een eis waar niemand van weet, is er niet.")
            )
        return given


def filled(each: TrackForTeam) -> dict[str, Any]:
    """The form as it was filled in for this team."""
    return {
        "track": each.track_id, "team": str(each.team_id), "starts_on": each.starts_on, "ends_on": each.ends_on,
        "required": each.required, "announced_on": each.announced_on,
    }  # fmt: skip
