"""Components, to be used as `{% load design %}`. Each escapes what it is given; /onderdelen/ shows them all.

{% icon "pijl" %}                                            a drawing of one line; adds to a word, so it is hidden
{% button "Bewaar" kind="verder" icon="pijl" %}              kind: verder (yellow, one a screen), stil, klein, weg
{% button "Later" href="/…" kind="stil" %}                   a link that looks like a button
{% label "te laat" icon="klok" kind="stand" %}               kind: rond, samen, alleen-jij, stand, onder, boven
{% seen_by "alleen-jij" %}                                   who reads this: alleen-jij, trainer, tafel
{% progress 4 6 "4 van de 6 units" %}                        without a value: busy, nobody knows how far
{% breadcrumb crumbs %}  {% steps steps %}  {% tabs label steps %}  {% loops loops %}  {% asked list %}
{% empty "Nog niemand aan tafel" %}…{% endempty %}           what isn't there yet, and what you can do about it
{% loading "We halen het gesprek op." %}                     something is on its way
{% alert "fout" "Niet bewaard" %}…{% endalert %}             kind: info, rond, let-op, fout
{% here "Hier was je gebleven" "Koffie bij Ten Have" %}…{% endhere %}
{% table "Agenda" %}<thead>…{% endtable %}                   rolls sideways in a frame of its own
{% fold "Waarom staat hier N2?" %}…{% endfold %}
{% dialog "deel" "Deel je dit?" %}…{% enddialog %}           opened by a link to #deel with data-dialog="deel"
{% toast "Bewaard." %}                                       a note at the bottom; script can add more, see toast.js
{% pages page %}                                             the numbers under a long list (a Django Page)
{% wordmark %}                                               the two streams of the word mark
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from design.components import Asked, Crumb, Loop, Step

register = template.Library()

ICONS: Mapping[str, str] = {
    "pijl": '<path d="M3 12.5c3-2.6 5.5 2.2 8.5 0s4.5-.6 8.5-.4"/><path d="M15.5 7.5 20.5 12l-4.8 4.7"/>',
    "terug": '<path d="M20.5 15.5c0-5-4-7.5-8.5-7.5H4.5"/><path d="M8.8 3.5 4 8l4.8 4.5"/>',
    "rond": '<path d="m4.5 12.8 4.8 5.2L19.5 6.5"/>',
    "fout": '<path d="M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2z"/><path d="M12 7.5v5.5"/><path d="M12 16.4v.1"/>',
    "let-op": '<path d="M12 3.5 2.8 20h18.4z"/><path d="M12 10v4.5"/><path d="M12 17.3v.1"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5"/><path d="M12 7.6v.1"/>',
    "alleen-jij": '<path d="M6 21V9.5a6 6 0 0 1 12 0V21z"/><path d="M12 13.2v3.6"/><circle cx="12" cy="12.2" r="1.3"/>',
    "samen": '<circle cx="9" cy="12" r="6"/><circle cx="15" cy="12" r="6"/>',
    "klok": '<circle cx="12" cy="12" r="9"/><path d="M12 6.5V12l3.5 2.5"/>',
    "stil": '<circle cx="12" cy="12" r="9"/><path d="M7.5 12c1.5-1.6 3-1.6 4.5 0s3 1.6 4.5 0"/>',
    "luister": '<path d="M7 10a5 5 0 0 1 10 0c0 4-4 4.5-4 8a3 3 0 0 1-5 2.2"/><path d="M10 10.5a2 2 0 0 1 4 0"/>',
    "pen": '<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19z"/><path d="m14 6.5 3.5 3.5"/>',
    "venster": '<path d="M10.5 5H5v14h14v-5.5"/><path d="M14 4.5h5.5V10"/><path d="M19 5l-8.5 8.5"/>',
    "omlaag": '<path d="M12 4v12"/><path d="m6.5 11 5.5 5.2 5.5-5.2"/><path d="M5 20.5h14"/>',
}
ICON_BEFORE = frozenset({"terug", "pen", "luister", "stil", "klok", "omlaag"})  # the others point onwards

# Ours and the name NL Design System has for it.
BUTTON_KINDS = {
    "": "utrecht-button utrecht-button--secondary-action",
    "verder": "utrecht-button utrecht-button--primary-action knop--verder",
    "stil": "utrecht-button utrecht-button--subtle knop--stil",
    "klein": "utrecht-button utrecht-button--secondary-action knop--klein",
    "weg": "utrecht-button utrecht-button--secondary-action utrecht-button--danger knop--weg",
}
ALERT_KINDS = {"info": "info", "rond": "ok", "let-op": "warning", "fout": "error"}
MESSAGE_KINDS = {"success": "rond", "warning": "let-op", "error": "fout"}  # of django.contrib.messages
LABEL_KINDS = frozenset({"", "rond", "samen", "alleen-jij", "stand", "onder", "boven"})
LOOP_LEFT = "M50 0C26 10 8 24 8 50s18 40 42 50"
LOOP_RIGHT = "M50 0C74 10 92 24 92 50S74 90 50 100"


# --- one element


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<svg class="t" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', mark_safe(ICONS[name]))  # noqa: S308


@register.inclusion_tag("design/wordmark.html")
def wordmark() -> dict[str, Any]:
    return {}


@register.inclusion_tag("design/button.html")
def button(
    text: str,
    *,
    kind: str = "",
    icon: str = "",
    href: str = "",
    type: str = "submit",  # noqa: A002
    name: str = "",
    value: str = "",
    dialog: str = "",
    unavailable: bool = False,
) -> dict[str, Any]:
    """`dialog`: the id of the dialog it opens; with `href` to #that-id it works without script too.

    `unavailable`: still there and reachable, so that somebody can find out why (say it beside the button).
    """
    return {
        "text": text,
        "classes": BUTTON_KINDS[kind],
        "icon": icon,
        "icon_before": icon in ICON_BEFORE,
        "href": href,
        "type": "button" if unavailable else type,
        "name": name,
        "value": value,
        "dialog": dialog,
        "unavailable": unavailable,
    }


@register.simple_tag
def label(text: str, *, kind: str = "", icon: str = "") -> SafeString:
    if kind not in LABEL_KINDS:
        raise template.TemplateSyntaxError(f"no such label: {kind!r}")
    return format_html(
        '<span class="label{} nl-data-badge">{}{}</span>', f" label--{kind}" if kind else "", drawn(icon), text
    )


@register.simple_tag
def seen_by(who: str) -> SafeString:
    """Beside every field of free text: who reads this."""
    words = {
        "alleen-jij": (_("alleen voor jou"), "alleen-jij"),
        "trainer": (_("jij en je trainer"), "samen"),
        "tafel": (_("alleen aan deze tafel"), "samen"),
    }
    text, kind = words[who]
    return label(text, kind=kind, icon=kind)


@register.inclusion_tag("design/progress.html")
def progress(value: int | None, maximum: int, text: str) -> dict[str, Any]:
    """`text` says the same in words; `value` None while nobody knows how far it is."""
    return {"value": value, "maximum": maximum, "text": text}


@register.inclusion_tag("design/loading.html")
def loading(text: str) -> dict[str, Any]:
    return {"text": text}


@register.inclusion_tag("design/toast.html")
def toast(text: str) -> dict[str, Any]:
    return {"text": text}


# --- lists


@register.inclusion_tag("design/breadcrumb.html")
def breadcrumb(crumbs: Iterable[Crumb]) -> dict[str, Any]:
    return {"crumbs": crumbs}


@register.inclusion_tag("design/steps.html")
def steps(steps: Iterable[Step]) -> dict[str, Any]:
    return {"steps": steps}


@register.inclusion_tag("design/tabs.html")
def tabs(label: str, tabs: Iterable[Step]) -> dict[str, Any]:
    """Links to pages beside each other; the one with state "hier" is this page."""
    return {"label": label, "tabs": tabs}


@register.inclusion_tag("design/loops.html")
def loops(loops: Iterable[Loop], heading: str = "h3") -> dict[str, Any]:
    """The streams cross at each unit, so left and right take turns. Line and loop meet whatever the height."""
    rows, turned = [], False
    for loop in loops:
        rows.append(
            {"loop": loop, "under": LOOP_RIGHT if turned else LOOP_LEFT, "upper": LOOP_LEFT if turned else LOOP_RIGHT}
        )
        turned ^= bool(loop.number)
    return {"rows": rows, "heading": heading if heading in {"h2", "h3", "h4"} else "h3"}


@register.inclusion_tag("design/asked.html")
def asked(asked: Iterable[Asked]) -> dict[str, Any]:
    return {"asked": asked}


@register.inclusion_tag("design/pages.html", takes_context=True)
def pages(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """Nothing when everything fits on one page. Keeps what else stands in the address, such as a search."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"request": context["request"], "page": page, "numbers": list(numbers), "gap": page.paginator.ELLIPSIS}


# --- around other content


@register.simple_block_tag
def alert(content: str, kind: str, title: str = "", live: bool = False) -> SafeString:
    """`live`: it appeared after something the visitor did, so it is read out at once."""
    context = {"kind": kind, "nl_kind": ALERT_KINDS[kind], "title": title, "live": live, "content": content}
    return render_to_string("design/alert.html", context)


@register.simple_block_tag
def here(
    content: str, eyebrow: str, title: str, heading_id: str = "hier", drawing: str = "", language: str = ""
) -> SafeString:
    """The yellow place: where somebody goes on. Once a page. `drawing`: "kopjes" or none. `language`: of `title`."""
    context = {
        "eyebrow": eyebrow,
        "title": title,
        "heading_id": heading_id,
        "drawing": drawing,
        "language": language,
        "content": content,
    }
    return render_to_string("design/here.html", context)


@register.simple_block_tag
def table(content: str, caption: str, visible: bool = False) -> SafeString:
    return render_to_string("design/table.html", {"caption": caption, "visible": visible, "content": content})


@register.simple_block_tag
def fold(content: str, summary: str) -> SafeString:
    return render_to_string("design/fold.html", {"summary": summary, "content": content})


@register.simple_block_tag
def dialog(content: str, identifier: str, title: str) -> SafeString:
    return render_to_string("design/dialog.html", {"identifier": identifier, "title": title, "content": content})


@register.simple_block_tag
def empty(content: str, title: str, heading: str = "h2") -> SafeString:
    heading = heading if heading in {"h2", "h3"} else "h2"
    return render_to_string("design/empty.html", {"title": title, "heading": heading, "content": content})


# --- forms


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The element somebody types in, with the classes of its kind. Django links it to its help and its error."""
    if field.widget_type in {"checkbox", "radioselect", "checkboxselectmultiple", "hidden"}:
        return field.as_widget()
    kind = {"textarea": "textarea", "select": "select"}.get(field.widget_type, "textbox")
    given = field.field.widget.attrs.get("class", "")
    classes = f"invoer utrecht-{kind}{f' utrecht-{kind}--invalid' if field.errors else ''}"
    return field.as_widget(attrs={"class": f"{classes} {given}".strip()})


@register.filter
def message_kind(tags: str) -> str:
    """From the tags of a Django message to the kind of alert it is shown as."""
    return next((kind for tag, kind in MESSAGE_KINDS.items() if tag in tags.split()), "info")


def drawn(name: str) -> SafeString:
    return icon(name) if name else mark_safe("")
