"""What was chosen, in the words an LMS knows (Deep Linking 2.0 §3.2), and the forms its settings are typed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lti import claims as words
from lti.tool.deeplinking.catalogue import Item
from lti.tool.deeplinking.request import Wish
from lti.tool.messages import launch_address

MAX_ITEMS = 30
"""In one answer. The address of a page with this many chosen stays below the 4 KB of a request line, its form below the
fields a request may have."""

MAX_TITLE = 255
OUR_NAME = "tussenruimte"
TAG = "voortgang"
ANY_WINDOW = "vrij"
_WINDOWS: Mapping[str, Any] = {"iframe": {}, "window": {"targetName": OUR_NAME}}
_PICTURES = {"icon": ("lti/pictogram.png", 128, 128), "thumbnail": ("lti/omslag.png", 480, 270)}


class MomentField(forms.DateTimeField):
    """A day and a time, by the clock of where we are; it may stay empty."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ItemForm(forms.Form):
    """How one thing that was chosen will stand in the course."""

    stays_put = True

    title = forms.CharField(label=_("Titel in de cursus"), max_length=MAX_TITLE)
    line_item = forms.BooleanField(
        label=_("Kolom in het cijferboek"),
        required=False,
        help_text=_(
            "De kolom laat zien hoe ver iemand in de hele module is, en wordt 1 van 1 als die rond is. "
            "Eén kolom per module is genoeg."
        ),
    )
    label = forms.CharField(label=_("Naam van de kolom"), max_length=MAX_TITLE, required=False)
    window = forms.ChoiceField(label=_("Hoe gaat het open?"), widget=forms.RadioSelect)
    available_from = MomentField(required=False, label=_("Zichtbaar vanaf"))
    available_until = MomentField(required=False, label=_("Zichtbaar tot"))
    submit_from = MomentField(required=False, label=_("Inleveren kan vanaf"))
    submit_until = MomentField(required=False, label=_("Inleveren kan tot"))

    PAIRS = (("available_from", "available_until"), ("submit_from", "submit_until"))

    def __init__(
        self, data: QueryDict | None, item: Item, wish: Wish, *, alone: bool, draft: Mapping[str, Any], **rest: Any
    ) -> None:
        self.item, self.wish, self.alone = item, wish, alone
        super().__init__(data, initial={**self._usual(), **draft}, **rest)
        if item.is_case:
            self.fields["line_item"].help_text = _("De kolom wordt 1 van 1 als de case voldoende is.")
        if wish.line_item is False:
            del self.fields["line_item"], self.fields["label"]
        if wish.windows:
            names = {"iframe": _("in de pagina van de leeromgeving"), "window": _("in een eigen venster")}
            given = [(name, names[name]) for name in wish.windows]
            self.fields["window"].choices = [(ANY_WINDOW, _("de leeromgeving kiest")), *given]  # type: ignore[attr-defined]
        else:
            del self.fields["window"]

    def _usual(self) -> dict[str, Any]:
        """A module and a practice case bring their column; of a part of it the same column would stand there twice."""
        title = self.wish.title if self._is_proposed else self.item.whole_title
        return {
            "title": title,
            "line_item": self.item.is_module or self.item.is_case,
            "label": self.item.title,
            "window": ANY_WINDOW,
        }

    @property
    def _is_proposed(self) -> bool:
        """Whether the LMS's title was meant for this one thing. Some send the name of the tool or of the course, for
        want of another; a course full of that helps nobody."""
        generic = {"", OUR_NAME, self.wish.course.casefold()}
        return self.alone and self.wish.title.casefold() not in generic

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for start, end in self.PAIRS:
            if cleaned.get(start) and cleaned.get(end) and cleaned[end] <= cleaned[start]:
                self.add_error(end, _("Dit ligt niet na het begin."))
        return cleaned

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in the fields, right or wrong, as far as it can be kept: short, and without what no database
        holds."""
        values = {name: self[name].value() for name in self.fields}
        return {
            name: value.replace("\x00", "")[:MAX_TITLE] if isinstance(value, str) else value
            for name, value in values.items()
        }

    @property
    def has_more(self) -> bool:
        """Whether the dates must be in sight: something stands there, or is wrong."""
        return any(self[name].value() or self[name].errors for pair in self.PAIRS for name in pair)

    def content_item(self) -> dict[str, Any]:
        """Of a valid form."""
        cleaned, opens = self.cleaned_data, {name: key for name, key in self.item.opens._asdict().items() if key}
        made: dict[str, Any] = {
            "type": words.LTI_RESOURCE_LINK,
            "url": f"{launch_address()}?{urlencode(opens)}",
            "title": cleaned["title"],
            "text": (self._is_proposed and self.wish.text) or self.item.text,
            "custom": opens,
            **{name: _picture(*picture) for name, picture in _PICTURES.items()},
        }
        if cleaned.get("line_item"):
            made["lineItem"] = {
                "label": cleaned["label"] or cleaned["title"],
                "scoreMaximum": 1,
                "resourceId": self.item.reference,
                "tag": TAG,
            }
        if cleaned.get("window") in _WINDOWS:
            made[cleaned["window"]] = _WINDOWS[cleaned["window"]]
        for name, (start, end) in zip(("available", "submission"), self.PAIRS, strict=True):
            moments = {"startDateTime": cleaned[start], "endDateTime": cleaned[end]}
            if any(moments.values()):
                made[name] = {key: _utc(moment) for key, moment in moments.items() if moment}
        return made


def item_forms(
    items: Sequence[Item], wish: Wish, *, data: QueryDict | None = None, draft: Mapping[str, Any]
) -> list[ItemForm]:
    """One each, in the order of the items. `draft`: what was typed before, by reference."""
    return [
        ItemForm(data, item, wish, alone=len(items) == 1, draft=draft.get(item.reference, {}), prefix=f"i{number}")
        for number, item in enumerate(items)
    ]


def _picture(file: str, width: int, height: int) -> dict[str, Any]:
    """Under the name that stays the same when the file changes: an LMS keeps it for years."""
    return {"url": f"{settings.BASE_URL}{settings.STATIC_URL}{file}", "width": width, "height": height}


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
