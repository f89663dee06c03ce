"""How Django's forms are drawn: label, help and error beside each field, and above them what still needs attention.

Set once, by FORM_RENDERER: `{{ form }}` is then a whole form of ours, `{{ form.name.as_field_group }}` one field.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    form_template_name = "design/form.html"
    field_template_name = "design/field.html"


class FreeText(forms.CharField):
    """A text somebody writes in their own words. `seen_by` says beside the field who reads it.

    One of "alleen-jij", "trainer" and "tafel"; required, because nobody should have to guess.
    """

    def __init__(self, *, seen_by: str, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 4}), **kwargs})
        self.seen_by = seen_by
