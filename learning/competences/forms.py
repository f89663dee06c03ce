"""What a learner fills in for a deelkaart, and the files of a framework."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.competences import framework
from learning.competences.services.sharing import LONGEST_PURPOSE, last_day
from learning.people.models import Person
from learning.people.queries import colleagues_by_email

USUAL_DAYS = 30


class CardForm(forms.Form):
    """Beside what is chosen to be shown: for whom, what for, until when."""

    email = forms.EmailField(
        label=gettext_lazy("Voor wie? Het hele e-mailadres"),
        help_text=gettext_lazy("Eén collega van je eigen organisatie."),
        error_messages={
            "required": gettext_lazy("Vul het e-mailadres van je collega in."),
            "invalid": gettext_lazy("Dit is geen mailadres."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Waarvoor?"),
        help_text=gettext_lazy(
            "Wie je kaart krijgt, leest dit erbij. Bijvoorbeeld: voor ons gesprek over mijn leerplan."
        ),
        max_length=LONGEST_PURPOSE,
        error_messages={"required": gettext_lazy("Schrijf waarvoor je dit deelt.")},
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Tot en met"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Kies tot wanneer."),
            "invalid": gettext_lazy("Dit is geen datum. Schrijf bijvoorbeeld 24-12-2026."),
        },
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.recipient = person, None
        ends_on, today = self.fields["ends_on"], timezone.localdate()
        ends_on.initial = today + timedelta(days=USUAL_DAYS)
        ends_on.help_text = _("Een maand, tenzij je iets anders kiest. Hoogstens een jaar.")
        ends_on.widget.attrs.update(min=today.isoformat(), max=last_day().isoformat())

    recipient: Person | None

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        found = colleagues_by_email(self.person, address)
        if not found:
            raise forms.ValidationError(_("Met dit adres vinden we geen collega in je organisatie."))
        if len(found) > 1:
            raise forms.ValidationError(_("Bij dit adres horen meer mensen. Vraag je collega om een ander adres."))
        self.recipient = found[0]
        return address

    def clean_purpose(self) -> str:
        purpose: str = self.cleaned_data["purpose"].replace("\r\n", "\n")
        return purpose

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        if not timezone.localdate() <= ends_on <= last_day():
            raise forms.ValidationError(_("Kies een dag vanaf vandaag, hoogstens een jaar vooruit."))
        return ends_on


class FileForm(forms.Form):
    """A file that came from elsewhere, read as text. `accept`: what a browser offers first."""

    file = forms.FileField(
        label=gettext_lazy("Je bestand"),
        error_messages={
            "required": gettext_lazy("Kies een bestand."),
            "empty": gettext_lazy("In dit bestand staat niets."),
            "invalid": gettext_lazy("Kies een bestand."),
        },
    )

    def __init__(self, *args: Any, accept: str, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = accept
        self.fields["file"].help_text = help_text

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > framework.LARGEST:
            raise forms.ValidationError(_("Dit bestand is te groot."))
        try:
            return bytes(file.read()).decode()
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("Dit is geen tekst in UTF-8. Bewaar het bestand opnieuw als CSV UTF-8.")
            ) from None


class PairForm(forms.Form):
    """One of our competences beside one of another framework. What is wrong is said by `mapping.problems`."""

    competentie = forms.ChoiceField(label=gettext_lazy("Onze competentie"))
    kader = forms.CharField(
        label=gettext_lazy("Het andere kader"),
        error_messages={"required": gettext_lazy("Vul in hoe dat kader heet.")},
    )
    code = forms.CharField(label=gettext_lazy("Code daar, als die er is"), required=False)
    naam = forms.CharField(
        label=gettext_lazy("Naam daar"), error_messages={"required": gettext_lazy("Vul in hoe het daar heet.")}
    )

    def __init__(self, *args: Any, names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["competentie"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = names
