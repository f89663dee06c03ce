"""What a trainer fills in about a group."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.people.models import Group, Person
from learning.people.queries import colleagues_by_email
from learning.tracks.groups import sheets

_NO_DATE = gettext_lazy("Dit is geen datum. Schrijf bijvoorbeeld 24-12-2026.")


def _day(label: Any, help_text: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _NO_DATE, "required": gettext_lazy("Kies een dag.")},
    )


class GroupForm(forms.Form):
    """Of a group that follows something only the last day can be set."""

    name = forms.CharField(
        label=gettext_lazy("Naam"),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Geef de groep een naam."),
            "max_length": gettext_lazy("Houd het bij %(limit_value)d tekens."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    ends_on = _day(
        gettext_lazy("Laatste dag"),
        gettext_lazy("Daarna zet je er niets nieuws meer in uit. Wat er is, blijf je zien."),
    )

    def __init__(self, *args: Any, group: Group | None = None, **kwargs: Any) -> None:
        initial = {"name": group.name, "ends_on": group.ends_on} if group else {}
        super().__init__(*args, **{"initial": initial, **kwargs})
        if group and group.source:
            del self.fields["name"]


class NewGroupForm(GroupForm):
    def clean_ends_on(self) -> date | None:
        return not_past(self.cleaned_data["ends_on"])


def not_past(day: date | None) -> date | None:
    if day and day < timezone.localdate():
        raise forms.ValidationError(_("Deze dag is al voorbij. Kies een dag vanaf vandaag."))
    return day


class ColleagueForm(forms.Form):
    """Exactly one colleague of this trainer by their whole address: nobody can leaf through an organisation."""

    email = forms.EmailField(
        label=gettext_lazy("E-mailadres van je collega"),
        help_text=gettext_lazy("Het hele adres, zoals jullie leeromgeving het kent."),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Vul een e-mailadres in."),
            "invalid": gettext_lazy("Dit is geen mailadres."),
            "max_length": gettext_lazy("Dit is geen mailadres."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, trainer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._trainer = trainer
        self.colleague: Person | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() == self._trainer.email.lower():
            raise forms.ValidationError(_("Dit is je eigen adres."))
        found = colleagues_by_email(self._trainer, email)
        if not found:
            raise forms.ValidationError(
                _(
                    "Dit adres kennen we niet in je organisatie. Laat je collega eerst één keer een module openen in "
                    "jullie leeromgeving."
                )
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Bij dit adres horen meer mensen. Voeg deze collega toe vanuit een andere groep.")
            )
        self.colleague = found[0]
        return email


class TrainerForm(ColleagueForm):
    """`standing_in`: only for a while, as in a group that follows something."""

    until = _day(
        gettext_lazy("Tot en met"),
        gettext_lazy("Alleen voor wie invalt. Zonder datum traint je collega de groep voortaan mee."),
    )

    def __init__(self, *args: Any, standing_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if standing_in:
            self.fields["until"].required = True
            self.fields["until"].help_text = _("De laatste dag dat je collega invalt.")

    def clean_until(self) -> date | None:
        return not_past(self.cleaned_data["until"])


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Je lijst"),
        help_text=gettext_lazy("Een CSV- of Excelbestand (XLSX) met hoogstens 5.000 regels."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Kies een bestand."),
            "empty": gettext_lazy("In dit bestand staat niets."),
            "invalid": gettext_lazy("Kies een bestand."),
        },
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > sheets.MOST_BYTES:
            raise forms.ValidationError(unreadable_words(sheets.TOO_LARGE))
        return bytes(file.read())


def unreadable_words(why: str) -> str:
    """Why a file can't be read, and what to do about it."""
    return {
        sheets.EMPTY: _("In dit bestand staan geen mensen. Op de eerste regel staan de koppen, daaronder je lijst."),
        sheets.TOO_LARGE: _("Dit bestand is te groot. Zet alleen de lijst in een nieuw bestand."),
        sheets.TOO_MANY_ROWS: _("Dit zijn meer dan 5.000 regels. Verdeel ze over meer bestanden."),
        sheets.OLD: _(
            "Dit is een ouder Excelbestand, of er zit een wachtwoord op. Bewaar het als XLSX zonder wachtwoord."
        ),
        sheets.NO_SHEET: _("Dit is geen Excelbestand dat we kunnen lezen. Bewaar het opnieuw als XLSX, of als CSV."),
        sheets.NO_TEXT: _("Dit is geen lijst die we kunnen lezen. Bewaar hem als CSV of XLSX."),
    }.get(why, _("We vinden geen kolom met mailadressen. Zet “e-mail” boven die kolom."))
