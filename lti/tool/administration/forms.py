"""What beheer fills in. What is wrong stands beside the field, and nothing typed is lost."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti import outbound
from lti.tool import texts
from lti.tool.models import ID_LENGTH, Platform
from lti.tool.services import is_id
from lti.tool.troubles import in_words

_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
MOST_LINES = 50


class Name(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Naam"),
            help_text=gettext_lazy("Zo heet de leeromgeving hier, bijvoorbeeld Leerplein."),
            max_length=texts.MAX_TEXT,
            error_messages={"required": gettext_lazy("Geef de leeromgeving een naam.")},
            widget=forms.TextInput(attrs=_PLAIN),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        name = texts.words(super().clean(value))
        if self.required and not name:
            raise ValidationError(_("Geef de leeromgeving een naam."))
        return name


class Id(forms.CharField):
    """An id of LTI, to the letter."""

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        empty = {"required": gettext_lazy("Vul dit in.")}
        super().__init__(
            label=label,
            error_messages=empty,
            widget=forms.TextInput(attrs={**_PLAIN, "maxlength": ID_LENGTH}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        return _id(super().clean(value))


class Address(forms.CharField):
    """An address that we would send something to, or send somebody to."""

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        empty = {"required": gettext_lazy("Vul het adres in dat je leeromgeving noemt.")}
        widget = forms.TextInput(attrs={**_PLAIN, "inputmode": "url"})
        super().__init__(label=label, error_messages=empty, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        address = super().clean(value)
        return _address(address) if address else ""


class Lines(forms.CharField):
    """One a line; each is cleaned by `one`."""

    def __init__(self, *, label: Any, one: Any, **kwargs: Any) -> None:
        self.one = one
        widget = forms.Textarea(attrs={**_PLAIN, "rows": 3})
        empty = {"required": gettext_lazy("Vul er ten minste één in.")}
        super().__init__(label=label, widget=widget, error_messages=empty, **kwargs)

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("Hoogstens %(n)s regels.") % {"n": MOST_LINES})
        return [self.one(line) for line in dict.fromkeys(lines)]


def _address(value: str) -> str:
    try:
        outbound.check_address(value)
    except outbound.NotAllowed as error:
        raise ValidationError(in_words(error.reason)) from error
    return value


def _id(value: str) -> str:
    if not is_id(value):
        raise ValidationError(_("Hoogstens %(n)s gewone tekens.") % {"n": ID_LENGTH})
    return value


class InviteForm(forms.Form):
    """`once` makes pressing twice one invitation, and shows its address again on a reload."""

    name = Name()
    once = forms.RegexField(r"\A[A-Za-z0-9_-]{20,64}\Z", widget=forms.HiddenInput)

    @classmethod
    def blank(cls) -> InviteForm:
        return cls(initial={"once": secrets.token_urlsafe(24)})


_FRAMES = gettext_lazy("Sites die Tussenruimte in een kader tonen")
_FRAMES_HELP = gettext_lazy(
    "Eén per regel. De leeromgeving zelf staat er altijd bij; vul dit alleen in als zij ook elders draait."
)
_AUDIENCE = gettext_lazy("Aud van tokenverzoeken")
_AUDIENCE_HELP = gettext_lazy("Alleen als je leeromgeving iets anders wil dan het adres voor tokens.")


class ByHandForm(forms.Form):
    name = Name()
    issuer = Address(label=gettext_lazy("Issuer (platform ID)"))
    client_id = Id(label=gettext_lazy("Client ID"))
    auth_url = Address(label=gettext_lazy("Adres voor inloggen (authentication request URL)"))
    token_url = Address(label=gettext_lazy("Adres voor tokens (access token URL)"))
    jwks_url = Address(label=gettext_lazy("Adres van de sleutels (public keyset URL, JWKS)"))
    deployments = Lines(
        label=gettext_lazy("Deployment ID"), one=_id, help_text=gettext_lazy("Eén per regel. In Moodle is dat er één.")
    )
    audience = Address(label=_AUDIENCE, required=False, help_text=_AUDIENCE_HELP)
    frame_origins = Lines(label=_FRAMES, one=_address, required=False, help_text=_FRAMES_HELP)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        pair = {name: given.get(name) for name in ("issuer", "client_id")}
        if all(pair.values()) and Platform.objects.filter(**pair).exists():
            self.add_error("client_id", _("Deze client ID van deze issuer is al aangesloten."))
        if len(given.get("issuer", "")) > ID_LENGTH:
            self.add_error("issuer", _("Hoogstens %(n)s gewone tekens.") % {"n": ID_LENGTH})
        return given


class ChangeForm(forms.Form):
    name = Name()
    reports_progress = forms.BooleanField(
        label=gettext_lazy("Stuur voortgang en “rond” naar het cijferboek"), required=False
    )
    numeric_scores = forms.BooleanField(
        label=gettext_lazy("Laat het cijferboek ook zien hoe goed een module is gemaakt"),
        required=False,
        help_text=gettext_lazy(
            "Zet dit alleen aan als je organisatie dat heeft besloten na een gegevensbeschermingstoets. "
            "Zet je het uit, dan gaan de getallen ook weer uit het cijferboek."
        ),
    )
    audience = Address(label=_AUDIENCE, required=False, help_text=_AUDIENCE_HELP)
    frame_origins = Lines(label=_FRAMES, one=_address, required=False, help_text=_FRAMES_HELP)

    @classmethod
    def of(cls, platform: Platform) -> ChangeForm:
        return cls(
            initial={
                "name": platform.name,
                "reports_progress": platform.reports_progress,
                "numeric_scores": platform.numeric_scores,
                "audience": platform.audience,
                "frame_origins": "\n".join(platform.frame_origins),
            }
        )


class DeploymentForm(forms.Form):
    deployment_id = Id(label=gettext_lazy("Deployment ID"))


class ReferenceForm(forms.Form):
    """The number a visitor reads on the page that refused them, as people type it."""

    nummer = forms.CharField(
        label=gettext_lazy("Nummer van een melding"),
        max_length=20,
        error_messages={"required": gettext_lazy("Vul het nummer in dat op de pagina stond.")},
        widget=forms.TextInput(attrs={**_PLAIN, "placeholder": "AB12-CD34"}),
    )

    def clean_nummer(self) -> str:
        typed = re.sub(r"[^0-9A-F]", "", self.cleaned_data["nummer"].upper())
        if len(typed) != 8:
            raise ValidationError(_("Zo’n nummer ziet eruit als AB12-CD34."))
        return f"{typed[:4]}-{typed[4:]}"
