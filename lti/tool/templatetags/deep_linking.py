"""How what can be chosen is drawn. {% cover item %} draws it; {{ item|words }} are the words a search looks in."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lti.tool.deeplinking.catalogue import Item, words_of

register = template.Library()

_WIDE, _HIGH, _MARGIN = 56, 72, 6
MOST_LOOPS = 8


@register.filter
def words(item: Item) -> str:
    return words_of(item)


@register.simple_tag
def cover(item: Item) -> SafeString:
    """The two streams crossing: a loop for each part, as on the page of a module. A drawing beside words."""
    loops = min(max(len(item.parts), 1), MOST_LOOPS)
    return format_html(
        '<svg class="kiezer__omslag" viewBox="0 0 {} {}" aria-hidden="true">'
        '<path class="t-boven" d="{}"/><path class="t-boven-wit" d="{}"/><path class="t-onder" d="{}"/></svg>',
        loops * _WIDE + 2 * _MARGIN, _HIGH, *(2 * [_stream(loops, up=True)]), _stream(loops, up=False),
    )  # fmt: skip


def _stream(loops: int, *, up: bool) -> str:
    middle, bow = _HIGH // 2, _HIGH // 2 - _MARGIN
    path = [f"M{_MARGIN} {middle}"]
    for number in range(loops):
        start = _MARGIN + number * _WIDE
        # A curve reaches three quarters of the way to its handles.
        height = middle + (-bow if up ^ (number % 2 == 1) else bow) * 4 // 3
        path.append(f"C{start + 14} {height} {start + _WIDE - 14} {height} {start + _WIDE} {middle}")
    return "".join(path)
