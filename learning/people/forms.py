from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from learning.people.models import Person

MOST_OF_A_PASSWORD = 256


class SignInForm(AuthenticationForm):
    """A wrong name and a wrong password give the same answer: nobody learns from it who has an account.

    What is longer than a name or password can be is refused before anything is hashed or looked for.
    """

    username = UsernameField(
        label=_("Gebruikersnaam"),
        max_length=Person._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True}),
        error_messages={
            "required": _("Vul je gebruikersnaam in."),
            "max_length": _("Een gebruikersnaam heeft hoogstens %(limit_value)d tekens."),
        },
    )
    password = forms.CharField(
        label=_("Wachtwoord"),
        strip=False,
        max_length=MOST_OF_A_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": _("Vul je wachtwoord in."),
            "max_length": _("Een wachtwoord heeft hoogstens %(limit_value)d tekens."),
        },
    )
    error_messages = {
        "invalid_login": _("Deze naam en dit wachtwoord horen niet bij elkaar. Kijk ze nog eens na."),
        "inactive": _("Dit account staat stil. Vraag je beheerder om hulp."),
    }
