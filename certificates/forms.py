from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import codes


class CodeForm(forms.Form):
    """The code on a document, typed by whoever got to see it."""

    code = forms.CharField(
        label=gettext_lazy("Controlecode"),
        help_text=gettext_lazy("Drie groepjes van vier letters en cijfers, onderaan het bewijs."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Vul de code in die op het bewijs staat.")},
    )

    def clean_code(self) -> str:
        code = codes.normalised(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                _("Dit is geen controlecode. Een code heeft twaalf letters en cijfers, zoals K7XF-49MD-X4TG.")
            )
        return code
