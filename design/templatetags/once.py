"""`{% load once %}`: the parts of a page that are the same each time, drawn once.

{% once thema=thema crumbs=crumbs %}…{% endonce %}

What stands inside sees the values it names and nothing else of the page: not the request, not the person. So it is
the same for everybody for whom those values are the same, in one language and on one host, and is kept in this
process as it was drawn. A value must be hashable; what is only somebody's own, such as a form's secret, doesn't
belong here. No {% block %} inside.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.urls import get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# Of each place where the tag stands. Then it starts anew: simpler than counting what was used last.
KEPT = 256


class OnceNode(template.Node):
    child_nodelists = ()  # nothing inside is of concern to {% extends %}, which would look at all of it at every page

    def __init__(self, values: dict[str, FilterExpression], content: NodeList) -> None:
        self._values, self._content = values, content
        self._drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = [value.resolve(context) for value in self._values.values()]
        key = (get_language(), get_urlconf(), *values)
        drawn = self._drawn.get(key)
        if drawn is None:
            alone = Context(dict(zip(self._values, values, strict=True)), autoescape=context.autoescape)
            assert context.template is not None  # while a page is drawn it has one
            with alone.bind_template(context.template), alone.render_context.push_state(context.template):
                drawn = self._content.render(alone)
            if len(self._drawn) >= KEPT:
                self._drawn.clear()
            self._drawn[key] = drawn
        return drawn


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    words = token.split_contents()[1:]
    values = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"once takes name=value: {' '.join(words)}")
    content = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(values, content)
