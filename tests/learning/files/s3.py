"""A store that speaks S3 over HTTP and believes no request whose signature isn't right, worked out by botocore."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET, REGION, BUCKET = "proefsleutel", "geheim/van+de=proef", "eu-proef-1", "geluid"
_LIST = "http://s3.amazonaws.com/doc/2006-03-01/"


class Shop(ThreadingHTTPServer):
    """`objects` is what is kept; `answers`: what it says instead of doing anything, one request each."""

    daemon_threads = True
    page = 3  # so that every list has more than one

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.objects: dict[str, bytes] = {}
        self.answers: list[int] = []
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        secret = SECRET.replace("/", "%2F").replace("+", "%2B")
        return f"s3://{KEY}:{secret}@127.0.0.1:{self.server_port}/{BUCKET}?region={REGION}&tls=off"


class Desk(BaseHTTPRequestHandler):
    server: Shop
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        if name := self._allowed():
            self.server.objects[name] = self.body
            self._say(200)

    def do_GET(self) -> None:
        name = self._allowed()
        if name is None:
            return
        if not name:
            self._say(200, self._list())
        elif name in self.server.objects:
            self._say(200, self.server.objects[name])
        else:
            self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_DELETE(self) -> None:
        if name := self._allowed():
            self.server.objects.pop(name, None)
            self._say(204)

    def _allowed(self) -> str | None:
        """The name of the object; None when it was answered already."""
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        if self.server.answers:
            self._say(self.server.answers.pop(0))
            return None
        if not self._signed():
            self._say(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
            return None
        bucket, _, name = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        if bucket != BUCKET:
            self._say(404, b"<Error><Code>NoSuchBucket</Code></Error>")
            return None
        return name

    def _signed(self) -> bool:
        said = dict(part.strip().split("=", 1) for part in self.headers["Authorization"].split(" ", 1)[1].split(","))
        names = said["SignedHeaders"].split(";")
        if self.headers["x-amz-content-sha256"] != hashlib.sha256(self.body).hexdigest():
            return False
        request = AWSRequest(
            method=self.command,
            url=f"http://{self.headers['Host']}{self.path}",
            headers={name: self.headers[name] for name in names},
            data=self.body,
        )
        request.context["timestamp"] = self.headers["x-amz-date"]
        auth = S3SigV4Auth(Credentials(KEY, SECRET), "s3", REGION)
        scope = f"{KEY}/{auth.credential_scope(request)}"
        signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        return (said["Credential"], said["Signature"]) == (scope, signature) and "host" in names

    def _list(self) -> bytes:
        """ListObjectsV2."""
        asked = dict(parse_qsl(urlsplit(self.path).query))
        assert asked["list-type"] == "2"
        begin, after = asked.get("prefix", ""), asked.get("continuation-token", "")
        names = sorted(name for name in self.server.objects if name.startswith(begin))
        if asked.get("delimiter"):
            names = sorted({name[: name.index("/") + 1] for name in names})
        names = [name for name in names if name > after]
        here, more = names[: self.server.page], names[self.server.page :]
        tag = "<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>" if asked.get("delimiter") else (
            "<Contents><Key>{}</Key></Contents>"
        )  # fmt: skip
        inside = "".join(tag.format(escape(name)) for name in here)
        token = f"<NextContinuationToken>{escape(here[-1])}</NextContinuationToken>" if more else ""
        return f'<ListBucketResult xmlns="{_LIST}">{inside}{token}</ListBucketResult>'.encode()

    def _say(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def shop() -> Iterator[Shop]:
    here = Shop()
    thread = threading.Thread(target=here.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield here
    finally:
        here.shutdown()
        thread.join()
        here.server_close()
