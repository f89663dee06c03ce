"""A bucket of a store that speaks S3 (AWS, MinIO, Ceph, Garage, …): the four calls we need of it, signed by ourselves.

Signature Version 4 is forty lines; boto3 and what it brings are 25 MB for the same four. Addresses have the bucket in
their path, which every such store understands.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import parse_qs, quote, unquote, urlsplit

import httpx
from lxml import etree

from learning.files.store.trouble import Missing, StoreTrouble

_TIMEOUT = httpx.Timeout(20, connect=5)
_NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class Bucket:
    """`url`: s3://key:secret@host[:port]/bucket[?region=…&tls=off]."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = parse_qs(parts.query)
        self._key, self._secret = unquote(parts.username or ""), unquote(parts.password or "")
        self._region = options.get("region", ["us-east-1"])[0]
        scheme = "http" if options.get("tls") == ["off"] else "https"
        self._host = parts.netloc.rpartition("@")[2]
        self._root = "/" + parts.path.strip("/")
        self.address = f"{scheme}://{self._host}"
        self._client = httpx.Client(base_url=self.address, timeout=_TIMEOUT, trust_env=False)

    def put(self, name: str, data: bytes) -> None:
        self._ask("PUT", name, data=data)

    def get(self, name: str) -> bytes:
        return self._ask("GET", name).content

    def delete(self, name: str) -> None:
        try:
            self._ask("DELETE", name)
        except Missing:
            return

    def names(self, under: str) -> Iterator[str]:
        for page in self._pages({"prefix": under}):
            yield from (each.text or "" for each in page.iterfind(f"{_NAMESPACE}Contents/{_NAMESPACE}Key"))

    def files(self) -> Iterator[str]:
        for page in self._pages({"delimiter": "/"}):
            for each in page.iterfind(f"{_NAMESPACE}CommonPrefixes/{_NAMESPACE}Prefix"):
                yield (each.text or "").rstrip("/")

    def close(self) -> None:
        self._client.close()

    def _pages(self, asked: dict[str, str]) -> Iterator[etree._Element]:
        """A thousand at a time (ListObjectsV2)."""
        token = ""
        while True:
            more = {"continuation-token": token} if token else {}
            answer = self._ask("GET", "", query={"list-type": "2", **asked, **more})
            try:
                page = etree.fromstring(answer.content, _PARSER)
            except etree.XMLSyntaxError as error:
                raise StoreTrouble("no list came from the store") from error
            yield page
            token = page.findtext(f"{_NAMESPACE}NextContinuationToken") or ""
            if not token:
                return

    def _ask(self, method: str, name: str, *, data: bytes = b"", query: dict[str, str] | None = None) -> httpx.Response:
        """Raises Missing, StoreTrouble. A connection that the store let go of meanwhile is tried once more: each of
        our calls may be done twice."""
        path = quote(f"{self._root}/{name}" if name else self._root)
        asked = "&".join(
            f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in sorted((query or {}).items())
        )
        for last in (False, True):
            heads = self._signed(method, path, asked, data, datetime.now(UTC))
            try:
                answer = self._client.request(method, f"{path}?{asked}" if asked else path, content=data, headers=heads)
                break
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
                if last:
                    raise StoreTrouble(f"{self.address}: {type(error).__name__}") from None
            except httpx.HTTPError as error:
                raise StoreTrouble(f"{self.address}: {type(error).__name__}") from None
        if answer.status_code == HTTPStatus.NOT_FOUND and name and b"NoSuchBucket" not in answer.content:
            raise Missing(name)
        if not answer.is_success:
            full = answer.status_code == HTTPStatus.INSUFFICIENT_STORAGE or b"XMinioStorageFull" in answer.content
            raise StoreTrouble(f"{self.address} answers {answer.status_code}", full=full)
        return answer

    def _signed(self, method: str, path: str, query: str, data: bytes, now: datetime) -> dict[str, str]:
        """The heads of a request with its signature (AWS, "Signature Version 4 signing process")."""
        digest, moment = hashlib.sha256(data).hexdigest(), now.strftime("%Y%m%dT%H%M%SZ")
        heads = {"host": self._host, "x-amz-content-sha256": digest, "x-amz-date": moment}
        names = ";".join(sorted(heads))
        canonical = "\n".join(
            [method, path, query, *(f"{name}:{heads[name]}" for name in sorted(heads)), "", names, digest]
        )
        scope = f"{moment[:8]}/{self._region}/s3/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self._secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        credential = f"AWS4-HMAC-SHA256 Credential={self._key}/{scope}, SignedHeaders={names}, Signature={signature}"
        return {**heads, "authorization": credential}
