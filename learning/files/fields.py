"""A file in somebody's form: sent piece by piece by a script that bears a bad connection, or along with the form.

Either way the form ends with a StoredFile of theirs: the script leaves its key in a hidden field, and without script
the file goes, while it is read, piece by piece into the store (`takes_file`), never whole into memory or a folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from learning.bodies import largest_body
from learning.files import purposes, queries, services
from learning.files.checks import Refused, sentence
from learning.files.models import StoredFile
from learning.files.store import StoreTrouble
from learning.people.models import Person
from learning.sound import can_measure
from modules.blocks.recording import FIELD, drawn

# Of the hidden field; what comes along with the form is FIELD.
KEY = f"{FIELD}_sleutel"
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Field:
    """What `files/field.html` needs. `file` is what was sent before; `wrong` why what came with the form isn't kept.

    `place` names where on this device a recording waits until we have it, encrypted: another's is never offered.
    """

    person: Person
    purpose: purposes.Purpose
    legend: str
    file: StoredFile | None
    wrong: str
    anchor: str

    @property
    def key(self) -> str:
        return str(self.file.key) if self.file else ""

    @property
    def standing(self) -> queries.Standing | None:
        return queries.standing(self.file) if self.file else None

    @property
    def place(self) -> str:
        return self._mark("place")[:32]

    @property
    def lock(self) -> str:
        """The key, in hexadecimals, of what waits on this device: pages for somebody else have another."""
        return self._mark("lock")

    def _mark(self, what: str) -> str:
        of = f"{self.person.pseudonym}|{self.purpose.name}|{self.anchor}"
        return salted_hmac(f"files.{what}", of, algorithm="sha256").hexdigest()

    @property
    def can_record(self) -> bool:
        return can_measure()

    @cached_property
    def recorder(self) -> str:
        return drawn(
            get_language() or "nl",
            self.anchor,
            seconds=self.purpose.most_seconds,
            size=self.purpose.most_bytes,
            wrong=self.wrong,
            legend=self.legend,
        )


def field(
    person: Person, *, purpose: str, legend: str, anchor: str = "", file: StoredFile | None = None, wrong: str = ""
) -> Field:
    """`anchor` tells it from another on the same page, and from those elsewhere: the key of a work, with its round."""
    found = purposes.find(purpose)
    if found is None:
        raise LookupError(purpose)
    return Field(person, found, legend, file, wrong, anchor)


def chosen(request: HttpRequest, purpose: str) -> StoredFile | None:
    """What came with this form: along with it, or before it by its key; of this purpose, and theirs. From now on it is
    kept. None when nothing came. Raises Refused, which `sentence_of` says in words, and StoreTrouble."""
    key = request.POST.get(KEY, "")  # now the form is read, if it wasn't
    handler = _handler(request)
    assert isinstance(request.user, Person)
    file = handler.taken() if handler and handler.came else queries.of(request.user, key)
    if file is None or file.purpose != purpose:
        return None
    services.keep(file)
    return file


def sentence_of(refused: Refused, purpose: str) -> str:
    found = purposes.find(purpose)
    return sentence(refused.reason, seconds=found.most_seconds, size=found.most_bytes) if found else ""


def takes_file(purpose: str) -> Callable[[View], View]:
    """For the view of a form with `files/field.html` in it. A file that comes along goes into the store while the form
    is read; what the view doesn't ask for with `chosen`, or came without our form's token, is erased."""

    def mark(view: View) -> View:
        guarded = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def reads(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST" or not isinstance(request.user, Person):
                return guarded(request, *args, **kwargs)
            handler = IntoStore(request, request.user, purpose)
            request.upload_handlers = [handler]
            try:
                return guarded(request, *args, **kwargs)
            finally:
                handler.forget_unasked()

        return largest_body(settings.UPLOAD_MOST_BYTES)(reads)

    return mark


def _handler(request: HttpRequest) -> IntoStore | None:
    return next((each for each in request.upload_handlers if isinstance(each, IntoStore)), None)


class IntoStore(FileUploadHandler):
    """Django's reader of forms hands it a file bit by bit. What is refused is read to its end all the same: the words
    in the form behind it aren't lost."""

    def __init__(self, request: HttpRequest, person: Person, purpose: str) -> None:
        super().__init__(request)
        self._person, self._purpose = person, purpose
        self._intake: services.Intake | None = None
        self._file: StoredFile | None = None
        self._refused: Exception | None = None
        self._asked = False
        self.came = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803
        self._most = content_length

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        self.came = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            if self._intake is None:
                most = purposes.find(self._purpose)
                bound = min(self._most, most.most_bytes) if most else 0
                self._intake = services.Intake(self._person, purpose=self._purpose, most=bound)
            self._intake.push(raw_data)
        except (Refused, StoreTrouble) as error:
            self._refused, self._intake = error, None
            raise SkipFile from None

    def file_complete(self, file_size: int) -> None:
        try:
            if self._intake is None:
                raise Refused("leeg")
            self._file = self._intake.end()
        except (Refused, StoreTrouble) as error:
            self._refused = error
        self._intake = None

    def upload_interrupted(self) -> None:
        if self._intake:
            self._intake.forget()

    def taken(self) -> StoredFile:
        self._asked = True
        if self._refused:
            raise self._refused
        assert self._file
        return self._file

    def forget_unasked(self) -> None:
        if self._file and not self._asked:
            services.erase(self._file)
