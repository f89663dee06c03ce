"""What all our activities share: authored content, state, forms, words and the events they send.

A block is written once and runs in three places: our runtime, the XBlock workbench and Open edX. So it asks
for services with `wants` and does something sensible where one is missing, keeps state only in fields, and
speaks to the browser in plain forms: a post answers with the block drawn anew, and `static/activity.js`
puts that in place without loading the page. Without script the runtime sends the browser back to the page.

Services a block may ask for, each optional:
    i18n       `.language`, "nl" or "en"
    resources  `.url(path)`: the address of a file the author put beside the content ("static/fragment-a.opus")
    practice   there is a trainer who reads what is handed in, see `modules/blocks/handingin`
    cases      how a practice case that was given stands, see `modules/blocks/practicecase`
    recordings something can be said instead of written, see `modules/blocks/recording`
    journal    the learner's own journal, see `modules/blocks/journal`
    cohort     `.figures()`: what this activity's `tally` made of the first complete attempts of at least
               five people, as {"n": int, "figures": Any}, or None below five (curriculum 4.5)
    drawings   `.kept(key, draw)`: what `draw()` gave before for that key, at the same place in the same content
"""

from __future__ import annotations

import functools
import gettext
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import jinja2
from markupsafe import Markup, escape
from web_fragments.fragment import Fragment
from webob import Request, Response
from webob.multidict import MultiDict
from xblock.core import XBlock
from xblock.fields import Boolean, Float, Integer, JSONField, Scope, String

from modules.authoring import Authored, Problem, read_yaml

# Curriculum 3.0. Types without an assessor go from ingediend to afgerond in one step.
NOT_STARTED, BUSY, SUBMITTED, DONE = "niet_gestart", "bezig", "ingediend", "afgerond"

# xAPI verbs of all types (curriculum 3.0, 3.u); `ActivityBlock.verbs` says which are a type's own.
INITIALIZED, PROGRESSED, COMPLETED, PASSED = "initialized", "progressed", "completed", "passed"
ANSWERED, EXPERIENCED, PLACED, REPLAYED = "answered", "experienced", "placed", "replayed"
REFLECTED, SHARED, WITHDREW = "reflected", "shared-with", "withdrew"
ATTENDED, HARVESTED, RETURNED = "attended", "harvested", "returned"

# Who is away for longer between the first and the last answer of an attempt wasn't doing it all that time.
LONGEST_ATTEMPT = 4 * 60 * 60

# Longer than anything we ask for; what is longer isn't an answer but an attack or a slip.
MAX_TEXT = 20_000

BLOCKS = Path(__file__).parent


class AuthoredField(JSONField):
    """Authored content: read-only and shared between requests, so never copied (a copy costs more than the view)."""

    MUTABLE = False


class AnswerRefused(Exception):
    """What was sent isn't an answer to this activity. `errors`: {name of the form field: sentence for the learner}."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


def form_handler(method: Callable[[Any, MultiDict], None]) -> Callable[..., Response]:
    """A handler for a posted form: the method changes fields or raises AnswerRefused; the block is drawn anew.

    Status 200, or 422 with each error beside its field and everything typed still there.
    """

    @functools.wraps(method)
    def handle(self: ActivityBlock, request: Request, suffix: str = "") -> Response:
        if request.method != "POST":
            return Response("", status=405, allow=("POST",))
        form = request.POST
        try:
            for name, value in form.items():
                if not isinstance(value, str) or len(value) > MAX_TEXT or "\x00" in value:
                    raise AnswerRefused({name: self.gettext("Dit is te lang of geen tekst.")})
            method(self, form)
        except AnswerRefused as refused:
            html = self.body(errors=refused.errors, typed=form)
            return Response(html, status=422, content_type="text/html", charset="utf-8")
        return Response(self.body(), content_type="text/html", charset="utf-8")

    handler: Callable[..., Response] = XBlock.handler(handle)
    return handler


@XBlock.wants("i18n", "resources", "cohort", "drawings")
class ActivityBlock(XBlock):
    """An activity of curriculum section 3.

    A subclass gives `block_type`, `check`, `body_context` and its handlers, a template `body.html`, and where it has
    them `tally` and `summary`.

    Privacy (curriculum 3.0): a state field made with `private=True` is stored encrypted by our runtime and has no
    read path for anybody but the learner.
    """

    block_type: ClassVar[str]
    # Another type whose templates and files this one uses where it has none of its own.
    borrows: ClassVar[str] = ""
    # XBlock's word for the folder whose files a browser may ask for.
    public_dir = "static"
    # True: the unit page shows `summary.html` with a way in, and the activity itself has a page of its own.
    own_page: ClassVar[bool] = False
    # True: the answers of its attempts are private too (class C). A runtime keeps them sealed, and counts them only.
    sealed_attempts: ClassVar[bool] = False
    # True: a trainer may see what five people said together, though each answer is private (3.t: "aggregate A").
    together: ClassVar[bool] = False
    # True: no module may ask for it to be done.
    never_required: ClassVar[bool] = False
    # What a learning record store may hear of this type (curriculum 3.u): `tell` says nothing else. Who says nothing
    # here tells nothing.
    verbs: ClassVar[frozenset[str]] = frozenset()
    # The class (A to D) of what somebody does here, where its author names none.
    privacy: ClassVar[str] = "A"
    # In this order on the page, from this block's `static/`.
    stylesheets: ClassVar[tuple[str, ...]] = ()
    scripts: ClassVar[tuple[str, ...]] = ()
    # What course.xml may say of it, and how that is read: it counts instead of the same word in the author's file, so
    # that one file can serve in two places.
    attributes: ClassVar[Mapping[str, Callable[[str], Any]]] = {}
    # Views that are the same for everybody who did nothing here yet: nothing in them is mixed, made up, or asked of a
    # service that knows who looks. A runtime may draw such a view once.
    same_at_first: ClassVar[frozenset[str]] = frozenset()

    display_name = String(scope=Scope.settings, default="")
    authored: dict[str, Any] = AuthoredField(
        scope=Scope.content, default={}, help="What the author wrote: curriculum 3, per type"
    )
    verplicht = Boolean(scope=Scope.settings, default=True)

    # What the form that was just sent did, where the activity doesn't show that by itself. Never kept.
    said = ""

    status = String(scope=Scope.user_state, default=NOT_STARTED)
    score = Float(scope=Scope.user_state, default=None, help="0..1, of the newest complete attempt")
    attempts = Integer(scope=Scope.user_state, default=0, help="Complete attempts so far")
    begun_at = String(
        scope=Scope.user_state, default="", help="ISO 8601: when the attempt under way was begun, or nothing"
    )

    @classmethod
    def _open_resource(cls, uri: str) -> BinaryIO:
        """Its own file, else a borrowed one, else the one all blocks share (`static/activity.js`). XBlock has checked
        `uri` for `..`."""
        homes = (BLOCKS / home / uri for home in (cls.block_type, cls.borrows) if home)
        return next((file for file in homes if file.is_file()), BLOCKS / uri).open("rb")

    # --- authored content

    @classmethod
    def read(cls, text: str) -> Authored:
        """Turn what the author wrote into the mapping this block works with. Raises AuthoringError."""
        return read_yaml(text)

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        """Every publish gate of the curriculum for this type; an empty list when it may be published."""
        raise NotImplementedError

    @classmethod
    def assets(cls, data: Mapping[str, Any]) -> list[str]:
        """Paths beside the content that this activity plays or shows."""
        return []

    @classmethod
    def said_in_course(cls, node: Any) -> dict[str, Any]:
        """What the element says by `attributes`. Raises ValueError."""
        said = {}
        for name, parse in cls.attributes.items():
            if node.get(name) is not None:
                try:
                    said[name] = parse(str(node.get(name)))
                except ValueError:
                    raise ValueError(f"heeft een {name} die niet te lezen is") from None
        return said

    @classmethod
    def parse_xml(cls, node: Any, runtime: Any, keys: Any) -> ActivityBlock:
        """`<type src="1.1/lens.yaml"/>`, or the text itself inside the element."""
        block: ActivityBlock = super().parse_xml(node, runtime, keys)
        source = node.get("src")
        if source:
            with runtime.resources_fs.open(source) as file:
                text = file.read()
        else:
            text = node.text or ""
        authored = cls.read(text if isinstance(text, str) else text.decode()).data
        block.authored = {**authored, **cls.said_in_course(node)}
        block.display_name = block.display_name or block.authored.get("titel", "")
        return block

    @property
    def competencies(self) -> list[dict[str, Any]]:
        """[{"code": "C4", "gewicht": 1}, …]"""
        competencies: list[dict[str, Any]] = self.authored.get("competenties", [])
        return competencies

    # --- drawing

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The activity, whole."""
        return self._fragment(self.body(), self.scripts)

    def summary_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """For the unit page, of an activity with a page of its own. `context["href"]` is the address of that page.

        Nothing is done here, so the activity's own scripts stay away.
        """
        href = (context or {}).get("href", "")
        return self._fragment(self.filled("summary.html", href=href, **self.summary_context()))

    def _fragment(self, html: Markup, scripts: Sequence[str] = ()) -> Fragment:
        fragment = Fragment(self.wrapped(html))
        for sheet in self.stylesheets:
            fragment.add_css_url(self.runtime.local_resource_url(self, f"static/{sheet}"))
        for script in ("activity.js", *scripts):
            fragment.add_javascript_url(self.runtime.local_resource_url(self, f"static/{script}"))
        fragment.initialize_js("TussenruimteActivity")
        return fragment

    def is_same_at_first(self, view: str) -> bool:
        """For a type of which that depends on what the author wrote; `same_at_first` says it of a whole type."""
        return view in self.same_at_first

    def wrapped(self, html: Markup) -> Markup:
        """What a handler or `body` drew, in the element that `activity.js` looks after.

        Its inside is replaced after each post; the attributes are the words of `activity.js`.
        """
        marks = f'data-activity="{self.block_type}" id="{self.anchor}" tabindex="-1"{_script_words(self.language)}'
        return Markup(f"<div {marks}>{escape(html)}</div>")  # noqa: S704 our own words and what is escaped here

    def body(self, errors: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None) -> Markup:
        """The inside of the activity as it is now. `errors` and `typed` come from a refused form."""
        return self.filled("body.html", errors=errors or {}, typed=typed or {}, **self.body_context())

    def body_context(self) -> dict[str, Any]:
        """What `body.html` needs besides the names `filled` always gives. Never a key that may not be seen yet."""
        raise NotImplementedError

    def summary_context(self) -> dict[str, Any]:
        """What `summary.html` needs besides the names `filled` always gives."""
        return {}

    @property
    def content(self) -> Mapping[str, Any]:
        """What templates know as `data`: what the author wrote, or the part of it that this learner has before them."""
        return self.authored

    def filled(self, template: str, **context: Any) -> Markup:
        """A template of this block, filled in.

        Always there: block, data, _, ngettext, handler(name), asset(path) and m, the components of macros.html.

        Not called `render`: that is XBlock's, by which Open edX and the workbench ask for a view.
        """
        return Markup(  # noqa: S704 the template escapes
            _environment(self.block_type, self.borrows)
            .get_template(template)
            .render(
                block=self,
                m=_components(self.block_type, self.language, self.anchor),
                data=self.content,
                _=self.gettext,
                ngettext=self.ngettext,
                handler=lambda name: self.runtime.handler_url(self, name),
                asset=self.asset_url,
                **context,
            )
        )

    def alike(self, template: str, **more: Any) -> Markup:
        """A template that is filled with content and words alone, so the same for everybody: drawn once if possible.

        It has data, _, ngettext, asset(path), language, anchor and m, and nothing of who looks. `more` follows from
        the content too.
        """

        def draw() -> Markup:
            return Markup(  # noqa: S704 the template escapes
                _environment(self.block_type, self.borrows)
                .get_template(template)
                .render(
                    m=_components(self.block_type, self.language, self.anchor),
                    data=self.authored,
                    _=self.gettext,
                    ngettext=self.ngettext,
                    asset=self.asset_url,
                    language=self.language,
                    anchor=self.anchor,
                    **more,
                )
            )

        drawings = self.runtime.service(self, "drawings")
        drawn: Markup = drawings.kept((self.scope_ids.usage_id, self.language, template), draw) if drawings else draw()
        return drawn

    @functools.cached_property
    def anchor(self) -> str:
        """The start of every id this activity puts on a page, so that two activities don't share one."""
        return f"a{zlib.crc32(str(self.scope_ids.usage_id).encode()):08x}"

    # --- words

    @functools.cached_property
    def language(self) -> str:
        """A block lives as long as a request, and a request is in one language."""
        return getattr(self.runtime.service(self, "i18n"), "language", None) or "nl"

    def gettext(self, message: str, **values: object) -> str:
        return said(self.language, message, **values)

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        return _counted(self.language, one, many, n, **values)

    # --- what the runtime gives

    def asset_url(self, path: str) -> str:
        """The address of a file beside the content. In Open edX a static path is rewritten on the page."""
        service = self.runtime.service(self, "resources")
        return str(service.url(path)) if service else "/" + path.lstrip("/")

    def cohort_figures(self) -> dict[str, Any] | None:
        """Asked for once, however many things on the page have a figure beside them."""
        return self._cohort_figures

    @functools.cached_property
    def _cohort_figures(self) -> dict[str, Any] | None:
        service = self.runtime.service(self, "cohort")
        figures: dict[str, Any] | None = service.figures() if service else None
        return figures

    @classmethod
    def tally(cls, answers: list[Any]) -> Any:
        """Figures about a group, from the `answers` of its first complete attempts. JSON. None: this type has none."""
        return None

    def shuffled[T](self, items: list[T], salt: object = "", *, of: str = "") -> list[T]:
        """The same order for this learner each time, another for the next. `of`: what several activities share, which
        then find the same order."""
        order = _mixed(f"{self.scope_ids.user_id}|{of or self.scope_ids.usage_id}|{salt}", len(items))
        return [items[position] for position in order]

    # --- what happened

    @functools.cached_property
    def is_bare(self) -> bool:
        """Class C or D: others hear that something was done, and nothing of it (curriculum 3.0)."""
        return self.authored.get("privacyklasse", self.privacy) in ("C", "D")

    def begin(self) -> None:
        """First touch: the activity is under way."""
        if self.status == NOT_STARTED:
            self.status = BUSY
            self.tell(INITIALIZED)
        self.start_clock()
        self.runtime.publish(self, "progress", {"status": self.status})

    def start_clock(self) -> None:
        """An attempt begins now."""
        self.begun_at = datetime.now(UTC).isoformat(timespec="seconds")

    def submit(self, answers: Any, score: float | None) -> None:
        """A complete attempt: kept for good, never changed. `answers` is JSON without free text (curriculum 3.0)."""
        self.attempts += 1
        self.score = score
        self.runtime.publish(self, "attempt", {"number": self.attempts, "answers": answers, "score": score})
        if score is not None:
            self.runtime.publish(self, "grade", {"value": score, "max_value": 1.0})
        self.tell(COMPLETED, score=score, duration=self._took(), attempt=self.attempts)

    def finish(self) -> None:
        """The completion rule of the curriculum is met. Once done, always done."""
        self.status = DONE
        self.runtime.publish(self, "completion", {"completion": 1.0})
        if not self.attempts:
            self.tell(COMPLETED, duration=self._took())
        self.tell(PASSED, score=self.score, success=True)

    def _took(self) -> int | None:
        """Seconds since the attempt was begun, which is over now; None where that says nothing."""
        begun, self.begun_at = self.begun_at, ""
        if not begun:
            return None
        seconds = round((datetime.now(UTC) - datetime.fromisoformat(begun)).total_seconds())
        return seconds if 0 < seconds <= LONGEST_ATTEMPT else None

    def tell(self, verb: str, **what: Any) -> None:
        """Publish, for a learning record store, that this learner did `verb` here: if it is one of `verbs`.

        `what`, each optional: item (the author's id of a part of this activity), response (the author's id of what was
        chosen), score (0..1), success, duration (whole seconds), attempt (1 = the first), stream. Ids of authors and
        numbers alone: never what somebody wrote. Of class C and D the verb is all there is.
        """
        if verb in self.verbs:
            said = {} if self.is_bare else {name: value for name, value in what.items() if value is not None}
            self.runtime.publish(self, "told", {"verb": verb, **said})

    def tell_item(self, verb: str, item: str, **what: Any) -> None:
        """The same of one part of the activity, in the attempt under way; of class C and D nothing."""
        if not self.is_bare:
            self.tell(verb, item=item, attempt=self.attempts + 1, **what)


@functools.cache
def _environment(block_type: str, borrows: str = "") -> jinja2.Environment:
    folders = [BLOCKS / home / "templates" for home in (block_type, borrows) if home]
    folders.append(BLOCKS / "templates")
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@functools.lru_cache(maxsize=4096)
def _mixed(seed: str, n: int) -> tuple[int, ...]:
    """0 to n, mixed. Remembered, because a drawing asks several times and a seed costs more than a shuffle."""
    order = list(range(n))
    random.Random(seed).shuffle(order)  # noqa: S311 no secret
    return tuple(order)


@functools.lru_cache(maxsize=2048)
def _components(block_type: str, language: str, anchor: str) -> Any:
    """The macros of macros.html. They are the same at every draw of an activity, and making them costs a quarter of it.

    So they know only the words and what starts an id, nothing of who looks.
    """
    nl = Markup("") if language == "nl" else Markup(' lang="nl"')
    context = {
        "_": functools.partial(said, language),
        "ngettext": functools.partial(_counted, language),
        "id_of": lambda name: f"{anchor}-{name}",
        "nl_attribute": lambda: nl,
    }
    return _environment(block_type).get_template("macros.html").make_module(context)


def alone(template: str, language: str, anchor: str, **context: Any) -> Markup:
    """A shared template on a page outside any activity."""
    words = {
        "_": functools.partial(said, language),
        "ngettext": functools.partial(_counted, language),
        "m": _components("", language, anchor),
    }
    return Markup(_environment("").get_template(template).render(**words, **context))  # noqa: S704 the template escapes


def said(language: str, message: str, **values: object) -> str:
    text = _catalogue(language).gettext(message)
    return text % values if values else text


def _counted(language: str, one: str, many: str, n: int, **values: object) -> str:
    return _catalogue(language).ngettext(one, many, n) % {"n": n, **values}


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Dutch is the source, so it has no catalogue of its own."""
    return gettext.translation("blocks", BLOCKS / "locale", [language], fallback=True)


@functools.cache
def _script_words(language: str) -> Markup:
    """What `activity.js` says, as attributes under the names it looks for."""
    gettext = _catalogue(language).gettext
    words = {
        "waiting": gettext("Bezig met versturen…"),
        "offline": gettext("Bewaard op deze pagina. Het wordt verstuurd zodra er verbinding is."),
        "sent": gettext("Verstuurd. De verbinding is er weer."),
        "refused": gettext("Dit lukt niet. Wat je invulde staat hier nog."),
        "expired": gettext("Je bent te lang weg geweest. Bewaar je tekst even ergens anders."),
        "reload": gettext("Laad de pagina opnieuw"),
    }
    return Markup("").join(Markup(' data-word-{}="{}"').format(name, words) for name, words in words.items())
