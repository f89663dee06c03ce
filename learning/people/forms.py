from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """A wrong name and a wrong password give the same answer: nobody learns from it who has an account."""

    error_messages = {
        "invalid_login": _("Deze naam en dit wachtwoord horen niet bij elkaar. Kijk ze nog eens na."),
        "inactive": _("Dit account staat stil. Vraag je beheerder om hulp."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = _("Gebruikersnaam")
        self.fields["username"].error_messages["required"] = _("Vul je gebruikersnaam in.")
        self.fields["password"].label = _("Wachtwoord")
        self.fields["password"].error_messages["required"] = _("Vul je wachtwoord in.")
