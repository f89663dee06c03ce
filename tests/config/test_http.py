"""What holds for every response, whoever asked and whatever was sent."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client

from learning.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(client: Client) -> Client:
    """A browser to which errors of ours are a 500, as in production."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000@evil.example", "a b", "", "localhost.evil.example"])
def test_a_host_that_is_not_ours_gets_a_short_refusal(strict: Client, caplog: Any, host: str) -> None:
    response = strict.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("host", ["LOCALHOST", "localhost.", "LocalHost.:8000"])
def test_however_it_is_spelt_a_host_shows_one_face(client: Client, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.BASE_URL, settings.PLATFORM_URL = "http://leren.example", "http://localhost:8000"
    client.handler.load_middleware()
    assert client.get("/", headers={"Host": host}).headers["Location"].startswith("/inloggen/?next=/")
    assert client.get("/certificates/verify/", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/lti/launch", "/lti/login", "/weergave/thema", "/inloggen/", "/antwoord/x/y/", "/nergens/"]
)
def test_nobody_can_fill_the_disk_with_what_they_send(strict: Client, path: str, settings: Any, tmp_path: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1

    class Watched(io.BytesIO):
        taken = 0

        def read(self, n: int | None = -1) -> bytes:
            found = super().read(n)
            Watched.taken += len(found)
            return found

    sent: dict[str, Any] = {"wsgi.input": Watched(bytes(size)), "CONTENT_LENGTH": str(size)}
    response = strict.generic("POST", path, b"", content_type="multipart/form-data; boundary=x", **sent)
    assert response.status_code == 413
    assert "Content-Security-Policy" in response.headers
    assert Watched.taken == 0


def test_what_fits_is_read(strict: Client) -> None:
    assert strict.post("/weergave/thema", {"thema": "donker"}).status_code == 302


@pytest.mark.parametrize(
    "path",
    ["/", "/nergens/", "/leren", "/healthz", "/lti/jwks", "/lti/launch", "/certificates/verify/", "/static/nergens.js"],
)
def test_every_response_says_what_a_browser_may_do_with_it(strict: Client, path: str) -> None:
    headers = strict.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/leren/", "/leren/proefmodule/", "/leren/proefmodule/u1/", "/leren/nergens/"])
def test_what_somebody_sees_stays_out_of_caches(learner: Client, path: str) -> None:
    """So that the back button shows nothing of whoever has signed out."""
    assert learner.get(path).headers["Cache-Control"] == "private, no-store"


def test_what_may_be_kept_may_still_be_kept(client: Client, person: Person) -> None:
    client.force_login(person)
    assert "public" in client.get("/lti/jwks").headers["Cache-Control"]
