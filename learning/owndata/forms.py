"""The last thing somebody fills in here."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

WORD = gettext_lazy("wissen")


def _words() -> frozenset[str]:
    """In every language there is: who changed it on another tab typed what this one says."""
    words = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            words.add(str(WORD).casefold())
    return frozenset(words)


class EraseForm(forms.Form):
    word = forms.CharField(
        max_length=40,
        error_messages={"required": gettext_lazy("Typ het woord, zodat het nooit per ongeluk gaat.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["word"].label = _("Typ het woord “%(word)s”") % {"word": WORD}

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"].strip(" “”\"'.").casefold()
        if word not in _words():
            raise forms.ValidationError(_("Dat is een ander woord. Typ “%(word)s”.") % {"word": WORD})
        return word
