"""What a learner fills in: a text of their own, words to search for, whom to share with."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.forms import FreeText
from learning.journal import queries
from learning.journal.envelope import Entry
from learning.journal.services import MOST_SHARED_DAYS, SHARED_DAYS
from learning.people.models import Person
from modules.blocks.journal import rules

MOST_LETTERS = 20_000


class EntryForm(forms.Form):
    """`token` makes sending a new text twice harmless; `seen` tells whether an older one is still as it was drawn."""

    text = FreeText(
        label=gettext_lazy("Jouw tekst"),
        seen_by="alleen-jij",
        widget=forms.Textarea(attrs={"rows": 12, "maxlength": MOST_LETTERS, "autocomplete": "off"}),
        required=False,
    )
    labels = forms.CharField(
        label=gettext_lazy("Labels"),
        required=False,
        help_text=gettext_lazy(
            "Eigen woorden om later op te zoeken, met een komma ertussen. "
            "Met het label “gevoelig” deel je een tekst met hoogstens één mens tegelijk."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    token = forms.RegexField(r"\A[A-Za-z0-9_-]{8,64}\Z", widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, said: bool = False, **kwargs: Any) -> None:
        """`said`: something was recorded, so no words are needed."""
        super().__init__(*args, **kwargs)
        self.said = said
        self.fields["text"].required = not said
        self.fields["text"].error_messages["required"] = _("Schrijf iets. Een paar woorden is genoeg.")

    @classmethod
    def blank(cls) -> EntryForm:
        return cls(initial={"token": secrets.token_urlsafe(16)})

    @classmethod
    def of(cls, entry: Entry) -> EntryForm:
        return cls(
            initial={
                "text": entry.text,
                "labels": ", ".join(entry.tags),
                "token": secrets.token_urlsafe(16),
                "seen": mark(entry),
            },
            said=entry.seconds > 0,
        )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > MOST_LETTERS:
            raise forms.ValidationError(_("Houd het bij %(n)s tekens.") % {"n": MOST_LETTERS})
        return text

    def clean_labels(self) -> list[str]:
        labels = rules.tags(self.cleaned_data["labels"])
        if rules.too_many(labels):
            raise forms.ValidationError(
                _("Hoogstens %(n)s labels van %(m)s tekens, met een komma ertussen.")
                % {"n": rules.MAX_TAGS, "m": rules.MAX_TAG}
            )
        return labels

    def redrawn(self, entry: Entry) -> EntryForm:
        """What was typed stays, and is now meant for the entry as it is: sending it again replaces that."""
        form = EntryForm(
            {**{name: self.data.get(name, "") for name in self.fields}, "seen": mark(entry)}, said=entry.seconds > 0
        )
        form.add_error(
            None, _("In een ander venster is deze tekst veranderd. Bewaar opnieuw om jouw versie te houden.")
        )
        return form


def mark(entry: Entry) -> str:
    """Another text or other labels, another mark."""
    return hashlib.sha256(repr((entry.text, entry.tags)).encode()).hexdigest()[:16]


class SearchForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Zoek in je eigen teksten"),
        max_length=100,
        error_messages={"required": gettext_lazy("Vul een woord in.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )


class FindReaderForm(forms.Form):
    who = forms.CharField(
        label=gettext_lazy("Naam of e-mailadres"),
        help_text=gettext_lazy(
            "Een naam vind je als jullie dezelfde module of leerlijn volgen. Anders: het hele adres."
        ),
        max_length=200,
        error_messages={"required": gettext_lazy("Vul een naam of een e-mailadres in.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ShareForm(forms.Form):
    """Whom was searched for comes along: only who that search finds can be chosen, so numbers can't be tried out."""

    who = forms.CharField(max_length=200, widget=forms.HiddenInput)
    reader = forms.ChoiceField(
        label=gettext_lazy("Met wie?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Kies met wie je deelt."),
            "invalid_choice": gettext_lazy("Kies iemand uit de lijst."),
        },
    )
    last_day = forms.DateField(
        label=gettext_lazy("Tot en met"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Kies tot wanneer."),
            "invalid": gettext_lazy("Dit is geen datum. Schrijf bijvoorbeeld 24-12-2026."),
        },
    )

    def __init__(self, *args: Any, found: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {str(person.pk): person for person in found[: queries.MOST_FOUND]}
        reader, last_day = self.fields["reader"], self.fields["last_day"]
        assert isinstance(reader, forms.ChoiceField)
        reader.choices = [(pk, _shown(person, found)) for pk, person in self.found.items()]
        today = timezone.localdate()
        last_day.initial = today + timedelta(days=SHARED_DAYS)
        last_day.help_text = _("Een maand, tenzij je iets anders kiest. Hoogstens een jaar.")
        last_day.widget.attrs.update(min=today.isoformat(), max=(today + timedelta(days=MOST_SHARED_DAYS)).isoformat())

    @property
    def chosen(self) -> Person:
        return self.found[self.cleaned_data["reader"]]


def _shown(person: Person, found: list[Person]) -> str:
    """With the address where two have the same name."""
    name = queries.name_of(person)
    twice = sum(queries.name_of(other) == name for other in found) > 1
    return f"{name} ({person.email})" if twice and person.email else name
