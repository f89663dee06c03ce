"""Every component with what it could meet: nothing it is given becomes markup, and what it draws holds together."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from design.components import Asked, Crumb, Loop, Step
from design.forms import FreeText
from design.onderdelen import specimens
from design.templatetags import design as tags

NASTY = "<script>x</script>\"'&"


def draw(source: str, **context: Any) -> str:
    request = RequestFactory().get("/lijst", {"zoek": "a&b"})
    return Template("{% load design %}" + source).render(Context({"request": request, "nasty": NASTY, **context}))


class Nasty(forms.Form):
    name = forms.CharField(label=NASTY, help_text="gewoon", max_length=3)
    choice = forms.ChoiceField(label=NASTY, choices=[("a", NASTY)], widget=forms.RadioSelect)


LOOP = Loop(NASTY, "gedaan", NASTY, NASTY, NASTY, NASTY)
GIVEN_SOMETHING_NASTY = {
    "button": ("{% button nasty kind='verder' icon='pijl' name=nasty value=nasty dialog=nasty %}", {}),
    "link": ("{% button nasty href=nasty dialog=nasty %}", {}),
    "label": ("{% label nasty icon='klok' %}", {}),
    "progress": ("{% progress 1 2 nasty %}", {}),
    "loading": ("{% loading nasty %}", {}),
    "toast": ("{% toast nasty %}", {}),
    "breadcrumb": ("{% breadcrumb items %}", {"items": [Crumb(NASTY, NASTY), Crumb(NASTY)]}),
    "steps": ("{% steps items %}", {"items": [Step(NASTY, "gedaan"), Step(NASTY, "hier")]}),
    "tabs": ("{% tabs nasty items %}", {"items": [Step(NASTY, "hier", NASTY)]}),
    "loops": ("{% loops items nasty %}", {"items": [LOOP, Loop(NASTY, "straks", note=NASTY)]}),
    "asked": ("{% asked items %}", {"items": [Asked(NASTY, done=True), Asked(NASTY, done=False, href=NASTY)]}),
    "alert": ("{% alert 'fout' nasty %}{{ nasty }}{% endalert %}", {}),
    "here": ("{% here nasty nasty heading_id=nasty %}{{ nasty }}{% endhere %}", {}),
    "table": ("{% table nasty visible=True %}<tr><td>{{ nasty }}{% endtable %}", {}),
    "fold": ("{% fold nasty %}{{ nasty }}{% endfold %}", {}),
    "dialog": ("{% dialog nasty nasty %}{{ nasty }}{% enddialog %}", {}),
    "empty": ("{% empty nasty heading=nasty %}{{ nasty }}{% endempty %}", {}),
    "service gone": ("{% include 'design/service_gone.html' with what=nasty kept=True %}", {}),
    "form": ("{{ form }}", {"form": Nasty({"name": NASTY, "choice": NASTY})}),
}


@pytest.mark.parametrize(("source", "context"), GIVEN_SOMETHING_NASTY.values(), ids=GIVEN_SOMETHING_NASTY.keys())
def test_what_a_component_is_given_never_becomes_markup(source: str, context: dict[str, Any]) -> None:
    drawn = draw(source, **context)
    assert "script&gt;x" in drawn
    assert "<script>x" not in drawn
    written = [value for element in html.fromstring(f"<div>{drawn}</div>").iter() for value in element.attrib]
    assert all(re.fullmatch(r"[a-z-]+", name, re.IGNORECASE) for name in written)


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=40))
def test_any_text_on_a_button_comes_back_as_that_text(text: str) -> None:
    drawn = html.fragment_fromstring(draw("{% button text kind='stil' name='n' value=text %}", text=text).strip())
    assert drawn.xpath("string(./span)") == text
    assert drawn.get("value") == text


@pytest.mark.parametrize(
    "source", ["{% button 'x' kind='rood' %}", "{% icon 'draak' %}", "{% alert 'ramp' %}{% endalert %}"]
)
def test_a_kind_that_does_not_exist_is_a_mistake_of_ours(source: str) -> None:
    with pytest.raises(KeyError):
        draw(source)


def test_a_label_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(TemplateSyntaxError):
        draw("{% label 'x' kind='rood' %}")


def test_a_button_that_is_unavailable_stays_reachable_and_sends_nothing() -> None:
    button = html.fragment_fromstring(draw("{% button 'Verstuur' unavailable=True %}").strip())
    assert (button.get("aria-disabled"), button.get("type"), button.get("disabled")) == ("true", "button", None)


def test_streams_cross_at_each_unit_but_not_at_a_point() -> None:
    drawn = draw(
        "{% loops items %}",
        items=[Loop("s", "gedaan"), Loop("a", "gedaan", "1.1"), Loop("b", "hier", "1.2"), Loop("e", "straks")],
    )
    under = re.findall(r'class="t-onder" d="([^"]+)"', drawn)
    assert under == [tags.LOOP_LEFT, tags.LOOP_RIGHT]
    assert drawn.count('aria-current="step"') == 1
    assert "je bent hier" in drawn


def test_where_you_are_is_said_in_words_too() -> None:
    drawn = draw("{% steps items %}", items=[Step("Voorbereid", "gedaan"), Step("Ingediend", "hier"), Step("Rond")])
    assert "(gedaan)" in drawn
    assert drawn.count('aria-current="step"') == 1


def test_unknown_progress_has_no_value() -> None:
    assert " value=" not in draw("{% progress None 1 'Bezig' %}")
    assert ' value="0"' in draw("{% progress 0 6 'Nog niet begonnen' %}")


def test_paging_keeps_the_search_and_is_absent_when_all_fits() -> None:
    drawn = draw("{% pages page %}", page=Paginator(range(50), 10).page(2))
    assert "zoek=a%26b&amp;page=3" in drawn
    assert drawn.count('aria-current="page"') == 1
    assert draw("{% pages page %}", page=Paginator(range(5), 10).page(1)).strip() == ""


def test_only_what_appears_after_an_action_is_read_out() -> None:
    assert 'role="alert"' in draw("{% alert 'fout' live=True %}{% endalert %}")
    assert 'role="status"' in draw("{% alert 'rond' live=True %}{% endalert %}")
    assert "role=" not in draw("{% alert 'fout' %}{% endalert %}")


@pytest.mark.parametrize(
    ("tags_given", "kind"),
    [("success", "rond"), ("extra error", "fout"), ("warning", "let-op"), ("info", "info"), ("", "info")],
)
def test_a_message_is_shown_as_what_it_is(tags_given: str, kind: str) -> None:
    assert tags.message_kind(tags_given) == kind


# --- forms


def test_every_error_leads_to_a_field_that_is_there() -> None:
    page = html.fromstring(f"<div>{specimens('1')['refused']}</div>")
    links = [link.get("href") for link in page.xpath("//*[@role='alert']//a")]
    assert len(links) == 4
    assert [
        link
        for link in links
        if not page.xpath(f"//*[@id='{link[1:]}' and (self::input or self::select or self::textarea)]")
    ] == []


def test_every_field_is_named_and_linked_to_its_help_and_its_error() -> None:
    page = html.fromstring(f"<div>{specimens('1')['refused']}{specimens('1')['form']}</div>")
    ids = {element.get("id") for element in page.xpath("//*[@id]")}
    assert len(ids) == len(page.xpath("//*[@id]"))
    described = {
        name for element in page.xpath("//*[@aria-describedby]") for name in element.get("aria-describedby").split()
    }
    assert described
    assert described <= ids
    controls = page.xpath("//input[not(@type='hidden')] | //textarea | //select")
    named = {label.get("for") for label in page.xpath("//label")}
    assert {control.get("id") for control in controls} <= named
    assert {control.get("name") for control in page.xpath("//*[@aria-invalid='true']")} >= {
        "fout-with_whom",
        "fout-agreed",
    }


def test_what_was_typed_is_still_there_after_a_refusal() -> None:
    assert "Dat hij vraagt wanneer het besluit valt." in str(specimens("1")["refused"])


def test_free_text_says_who_reads_it() -> None:
    class Note(forms.Form):
        text = FreeText(label="Notitie", seen_by="alleen-jij")

    assert "alleen voor jou" in str(Note())


def test_errors_of_a_whole_form_and_of_hidden_fields_are_shown_without_a_link() -> None:
    class Whole(forms.Form):
        where = forms.IntegerField(widget=forms.HiddenInput)

        def clean(self) -> None:
            raise forms.ValidationError("Dit kan zo niet samen.")

    drawn = str(Whole({"where": "x"}))
    assert "Dit kan zo niet samen." in drawn
    assert "<a " not in drawn
    assert 'type="hidden"' in drawn
