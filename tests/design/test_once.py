"""`{% once %}`: drawn once for the same values, and blind to everything else on the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from design.templatetags import once
from learning.people.models import Person


class Counter:
    """Says how often it was looked at."""

    def __init__(self) -> None:
        self.looks = 0

    def __str__(self) -> str:
        self.looks += 1
        return f"keer {self.looks}"


def page(source: str) -> Template:
    return Template("{% load once i18n %}" + source)


def draw(template: Template, **values: Any) -> str:
    return template.render(Context(values))


def test_the_same_values_are_drawn_once() -> None:
    template, counter = page("{% once counter=counter %}{{ counter }}{% endonce %}"), Counter()
    assert [draw(template, counter=counter) for _ in range(3)] == ["keer 1"] * 3


def test_other_values_are_drawn_anew_and_both_are_kept() -> None:
    template = page("{% once word=word %}{{ word }}{% endonce %}")
    assert [draw(template, word=word) for word in ("brug", "sloot", "brug")] == ["brug", "sloot", "brug"]


def test_what_it_does_not_name_it_does_not_see() -> None:
    """So nothing of a person can be kept for the next one, by whatever mistake in a template."""
    template = page("{% once word=word %}{{ word }}{{ user }}{{ request.path }}{{ csrf_token }}{% endonce %}")
    request = RequestFactory().get("/leren/")
    request.user = Person(name="Harm")
    seen = template.render(Context({"word": "brug", "user": request.user, "request": request, "csrf_token": "geheim"}))
    assert seen == "brug"


def test_the_rest_of_the_page_goes_on_as_it_was() -> None:
    template = page("{% once %}{% get_current_language as taal %}{% endonce %}{{ taal }}{{ word }}")
    assert draw(template, word="brug") == "brug"


def test_another_language_is_drawn_anew() -> None:
    template = page('{% once %}{% translate "Uitloggen" %}{% endonce %}')
    drawn = {}
    for language in ("nl", "en", "nl"):
        with translation.override(language):
            drawn[language] = draw(template)
    assert drawn["nl"] == "Uitloggen"
    assert drawn["en"] != drawn["nl"]


def test_values_are_escaped() -> None:
    template = page("{% once word=word %}{{ word }}{% endonce %}")
    assert [draw(template, word="<b>") for _ in range(2)] == ["&lt;b&gt;"] * 2


def test_no_more_is_kept_than_agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "KEPT", 3)
    template = page("{% once number=number %}{{ number }}{% endonce %}")
    assert [draw(template, number=number) for number in range(10)] == [str(number) for number in range(10)]
    (node,) = (node for node in template.nodelist if isinstance(node, once.OnceNode))
    assert len(node._drawn) <= 3


def test_a_value_without_a_name_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        page("{% once word %}x{% endonce %}")
