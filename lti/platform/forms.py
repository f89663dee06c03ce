"""What a redacteur, or who runs the demo LMS, fills in about tools and their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti.platform import services
from lti.platform.addresses import belongs_to, is_usable
from lti.platform.models import Placement, Presentation, Tool
from lti.platform.registration import EMAIL_CLAIMS, NAME_CLAIMS

_NOT_USABLE = gettext_lazy("Dit adres kan niet. Het begint met https:// en bevat geen #.")
_REQUIRED = {"required": gettext_lazy("Vul een adres in.")}
GRADES = (services.SCORE, services.RESULT_READ, services.LINE_ITEM_READ)


class AddressField(forms.CharField):
    """An address of a tool."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "max_length": 1000,
            "widget": forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
            "error_messages": _REQUIRED,
        }
        super().__init__(**given | kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not is_usable(value):
            raise forms.ValidationError(_NOT_USABLE)


class RegistrationForm(forms.Form):
    address = AddressField(
        label=gettext_lazy("Aanmeldadres"),
        help_text=gettext_lazy(
            "De leverancier noemt dit “dynamic registration URL” of “registration link”. Het begint met https://."
        ),
    )


class ToolForm(forms.Form):
    """A tool that can't register itself."""

    name = forms.CharField(
        label=gettext_lazy("Naam"),
        max_length=200,
        help_text=gettext_lazy("Zo herken je het zelf. Deelnemers zien de titel van elk onderdeel."),
        error_messages={"required": gettext_lazy("Vul een naam in.")},
    )
    login_url = AddressField(
        label=gettext_lazy("Inlogadres"), help_text=gettext_lazy("Ook wel “OIDC login initiation URL”.")
    )
    target = AddressField(label=gettext_lazy("Startadres"), help_text=gettext_lazy("Ook wel “target link URI”."))
    redirect_uris = forms.CharField(
        label=gettext_lazy("Toegestane terugkeeradressen"),
        help_text=gettext_lazy("Ook wel “redirect URIs”. Een per regel, precies zoals de leverancier ze geeft."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        max_length=10_000,
        error_messages=_REQUIRED,
    )
    jwks_url = AddressField(
        label=gettext_lazy("Sleuteladres"), help_text=gettext_lazy("Ook wel “public keyset” of “JWKS URL”.")
    )
    choosing_url = AddressField(
        label=gettext_lazy("Adres om inhoud te kiezen"),
        help_text=gettext_lazy("Ook wel “deep linking URL”. Laat leeg als het gereedschap dat niet kan."),
        required=False,
    )

    def clean_redirect_uris(self) -> list[str]:
        listed = list(dict.fromkeys(self.cleaned_data["redirect_uris"].split()))
        if not listed or not all(map(is_usable, listed)):
            raise forms.ValidationError(_NOT_USABLE)
        return listed

    def add(self, organisation: Any) -> Tool:
        given = self.cleaned_data
        return services.add_tool(
            organisation,
            name=given["name"],
            login_url=given["login_url"],
            target_link_uris=[given["target"]],
            redirect_uris=given["redirect_uris"],
            jwks_url=given["jwks_url"],
            choosing_url=given["choosing_url"],
            awaits_approval=True,
        )


class ConsentForm(forms.Form):
    """What the organisation lets a tool do and know."""

    scores = forms.BooleanField(
        label=gettext_lazy("Het mag scores en voortgang terugsturen"),
        help_text=gettext_lazy("Zo zien deelnemers in hun leerlijn hoe ver ze zijn."),
        required=False,
    )
    columns = forms.BooleanField(
        label=gettext_lazy("Het mag eigen kolommen voor scores maken"),
        help_text=gettext_lazy("Alleen nodig als het meer dan één score per onderdeel geeft."),
        required=False,
    )
    members = forms.BooleanField(
        label=gettext_lazy("Het mag weten wie er meedoen"),
        help_text=gettext_lazy(
            "Het gereedschap krijgt een lijst van wie in de leerlijn begonnen is, met hun rol. "
            "Zonder de schakelaars hieronder staan daar geen namen in."
        ),
        required=False,
    )
    names = forms.BooleanField(
        label=gettext_lazy("Het krijgt namen"),
        help_text=gettext_lazy("Anders kent het iedereen alleen als een nummer dat verder niets zegt."),
        required=False,
    )
    email = forms.BooleanField(
        label=gettext_lazy("Het krijgt e-mailadressen"),
        help_text=gettext_lazy("Alleen als het mensen moet kunnen mailen. Maak daar eerst afspraken over."),
        required=False,
    )

    @classmethod
    def of(cls, tool: Tool) -> ConsentForm:
        """As it is; for a tool that waits, what it asks for and needs to send scores. What is about people is not."""
        scopes = tool.asks.get("scopes", GRADES) if tool.awaits_approval else tool.scopes
        return cls(
            initial={
                "scores": services.SCORE in scopes,
                "columns": services.LINE_ITEM in scopes,
                "members": not tool.awaits_approval and services.MEMBERS_READ in scopes,
                "names": tool.shares_name,
                "email": tool.shares_email,
            }
        )

    def keep(self, tool: Tool) -> None:
        given = self.cleaned_data
        scopes = [
            *(GRADES if given["scores"] else ()),
            *((services.LINE_ITEM, services.LINE_ITEM_READ) if given["columns"] else ()),
            *((services.MEMBERS_READ,) if given["members"] else ()),
        ]
        services.allow(tool, scopes=scopes, shares_name=given["names"], shares_email=given["email"])


def asks_about_people(tool: Tool) -> bool:
    claims = set(tool.asks.get("claims", []))
    return bool(claims & (NAME_CLAIMS | EMAIL_CLAIMS)) or services.MEMBERS_READ in tool.asks.get("scopes", [])


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Naam"), max_length=200, error_messages={"required": gettext_lazy("Vul een naam in.")}
    )


class _AfterField(forms.TypedChoiceField):
    """Where in a track of ours: after which module."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=gettext_lazy("Plek in de leerlijn"), coerce=int, **kwargs)

    def offer(self, modules: Sequence[tuple[int, str]]) -> None:
        behind = [(str(position), _("Na “%(title)s”") % {"title": title}) for position, title in modules]
        self.choices = [("0", _("Vooraan")), *behind]
        self.initial = self.choices[-1][0]


class PlaceForm(forms.Form):
    """What people read of a place, how it opens and where it stands."""

    title = forms.CharField(
        label=gettext_lazy("Titel"), max_length=200, error_messages={"required": gettext_lazy("Vul een titel in.")}
    )
    summary = forms.CharField(
        label=gettext_lazy("Waar gaat het over?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    after = _AfterField()
    window = forms.BooleanField(
        label=gettext_lazy("Open in een nieuw venster"),
        help_text=gettext_lazy("Voor wat niet past of niet werkt binnen een pagina van Tussenruimte."),
        required=False,
    )

    def __init__(self, *args: Any, modules: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        after = self.fields["after"]
        assert isinstance(after, _AfterField)
        after.offer(modules)

    @classmethod
    def of(cls, placement: Placement, modules: Sequence[tuple[int, str]]) -> PlaceForm:
        initial = {
            "title": placement.title,
            "summary": placement.summary,
            "window": placement.presentation == Presentation.WINDOW,
            "after": str(placement.link.after) if placement.link else "0",
        }
        return cls(initial=initial, modules=modules)


class NewPlaceForm(PlaceForm):
    """A place for a tool whose content can't be chosen there."""

    target = AddressField(
        label=gettext_lazy("Adres bij het gereedschap"),
        help_text=gettext_lazy("Laat staan om bij het begin van het gereedschap te openen."),
    )
    scored = forms.BooleanField(
        label=gettext_lazy("Het geeft hier een score"),
        help_text=gettext_lazy("Dan is er een kolom voor, en zien deelnemers hoe ver ze zijn."),
        required=False,
        initial=True,
    )
    field_order = ["title", "summary", "target", "after", "window", "scored"]

    def __init__(self, *args: Any, tool: Tool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tool = tool
        self.fields["target"].initial = tool.target_link_uris[0]

    def clean_target(self) -> str:
        target: str = self.cleaned_data["target"]
        if not belongs_to(self.tool, target):
            raise forms.ValidationError(_("Dit adres hoort niet bij dit gereedschap."))
        return target

    def item(self) -> services.Item:
        given = self.cleaned_data
        return services.Item(
            given["title"],
            given["target"],
            summary=given["summary"],
            window=given["window"],
            maximum=1.0 if given["scored"] else None,
        )


class ChoiceForm(forms.Form):
    """What was chosen at a tool: which of it is placed, under what title. `modules`: in a track of ours."""

    def __init__(
        self, *args: Any, items: Sequence[services.Item], modules: Sequence[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for number, item in enumerate(items):
            self.fields[f"take-{number}"] = forms.BooleanField(label=item.title, required=False, initial=True)
            self.fields[f"title-{number}"] = forms.CharField(
                label=_("Titel"), max_length=200, required=False, initial=item.title
            )
        if modules:
            after = _AfterField()
            after.offer(modules)
            self.fields["after"] = after

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not any(given.get(f"take-{number}") for number in range(len(self.items))):
            raise forms.ValidationError(_("Vink minstens één onderdeel aan."))
        return given

    @property
    def lines(self) -> list[tuple[services.Item, forms.BoundField, forms.BoundField]]:
        return [(item, self[f"take-{number}"], self[f"title-{number}"]) for number, item in enumerate(self.items)]

    def chosen(self) -> dict[int, str]:
        given = self.cleaned_data
        return {
            number: given[f"title-{number}"] or item.title
            for number, item in enumerate(self.items)
            if given[f"take-{number}"]
        }
