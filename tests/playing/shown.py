"""An activity as somebody has it in front of them: the forms in a piece of HTML, and what is asked of whoever fills one
in. Read from the page alone; nothing here knows what a block keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from lxml import html
from lxml.html import HtmlElement

Value = str | list[str]
_NOISE = re.compile(r"[\s“”\"‘’']+")


@dataclass(frozen=True)
class Move:
    """What somebody does next: the fields they fill in and the button they press.

    `button`: (name, value) of a button that says something; `other`: the handler of a button that sends the form
    elsewhere than it says itself.
    """

    handler: str
    fields: dict[str, Value] = field(default_factory=dict)
    button: tuple[str, str] | None = None
    other: str = ""


def bare(words: str) -> str:
    """The same words, whatever quotes and spaces are between them on the page."""
    return _NOISE.sub("", words)


def handler_of(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]


class Shown:
    """The inside of an activity, or all of it."""

    def __init__(self, drawn: str | HtmlElement) -> None:
        self.root: HtmlElement = html.fragment_fromstring(drawn, "div") if isinstance(drawn, str) else drawn

    @cached_property
    def forms(self) -> dict[str, HtmlElement]:
        """{handler: its first form}"""
        found: dict[str, HtmlElement] = {}
        for form in self.root.iter("form"):
            found.setdefault(handler_of(form.get("action", "")), form)
        return found

    def has(self, handler: str) -> bool:
        return handler in self.forms

    def hidden(self, handler: str, name: str) -> str:
        return str(self.forms[handler].xpath(f".//input[@type='hidden'][@name='{name}']")[0].get("value"))

    def names(self, handler: str) -> list[str]:
        """The fields one sees, in order, each once."""
        controls = self.forms[handler].xpath(".//input[not(@type='hidden')] | .//select | .//textarea")
        return list(dict.fromkeys(control.get("name") for control in controls if control.get("name")))

    def kind(self, handler: str, name: str) -> str:
        """radio, checkbox, text, date, textarea or select."""
        control = self.controls(handler, name)[0]
        return str(control.get("type", "text") if control.tag == "input" else control.tag)

    def controls(self, handler: str, name: str) -> list[HtmlElement]:
        return [each for each in self.forms[handler].xpath(f".//*[@name='{name}']") if each.tag != "button"]

    def options(self, handler: str, name: str) -> dict[str, str]:
        """{value: words} of radios, boxes or a list; without what says that nothing was chosen."""
        found: dict[str | None, str] = {}
        for control in self.controls(handler, name):
            if control.tag == "select":
                found |= {each.get("value"): each.text_content().strip() for each in control.iter("option")}
            else:
                found[control.get("value")] = self.words(control)
        return {value: words for value, words in found.items() if value}

    def words(self, control: HtmlElement) -> str:
        """What stands on the label of a control."""
        around = control.xpath("ancestor::label[1]")
        label = around or self.root.xpath(f".//label[@for='{control.get('id')}']")
        return str(label[0].text_content()).strip()

    def value_of(self, handler: str, name: str, words: str) -> str:
        """The value of the option with these words."""
        return next(value for value, said in self.options(handler, name).items() if bare(words) in bare(said))

    def buttons(self, handler: str, name: str) -> dict[str, str]:
        """{value: words} of the buttons of this name."""
        return {
            each.get("value"): str(each.text_content()).strip()
            for each in self.forms[handler].xpath(f".//button[@name='{name}']")
        }

    @property
    def refusal(self) -> str:
        """What is said of a form that wasn't accepted."""
        found = self.root.xpath(".//*[contains(@class, 'melding--fout')] | .//*[contains(@class, 'foutregel')]")
        return " | ".join(" ".join(str(each.text_content()).split()) for each in found)
