"""A large file that comes in piece by piece, and in one form: what the server holds of it. And what making sound
playable takes, beside a bare ffmpeg that makes the same two files.
"""

from __future__ import annotations

import base64
import re
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import httpx

from bench.measuring.rows import Row, compared, limited
from learning.files import services, tasks
from learning.files.converting import PARTS
from learning.files.models import FileState, StoredFile
from learning.files.pieces import PIECE
from tests.factories import PersonFactory
from tests.journeys.site import Site, running

MIB = 1024 * 1024
SIZE = 199_000_000  # just below UPLOAD_MOST_BYTES
PURPOSE = "praktijk.opname"
# As heavy as sound may be: a WAV of 96 kHz, two channels of 32 bits. Four minutes of it are as large as may be.
RATE, CHANNELS, WIDTH = 96_000, 2, 4
PATIENCE = 600.0
SOUND = 300  # seconds
ROUNDS = 5


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as site:
        grown = uploaded(site)
    took = converting()
    return [
        limited(
            "memory that the server grows by when 199 MB of sound comes in by pieces and is made playable",
            value=grown / MIB,
            reference=SIZE / MIB,
            unit="MiB",
            at_most=40,
        ),
        compared(
            "five minutes of sound made playable, sealed and kept, beside a bare ffmpeg that makes the same",
            value=took["ours"],
            reference=took["bare"],
            unit="s CPU",
            at_most=1.2,
        ),
    ]


# --- coming in


def uploaded(site: Site) -> float:
    """Bytes by which all processes of the server together grow, at their largest, from before until it can be heard."""
    with signed_in(site) as (client, token):
        send(client, token, wave(3 * MIB))  # what is loaded once is loaded now
        with watched(site) as grown:
            send(client, token, wave(SIZE))
        return grown()


@contextmanager
def signed_in(site: Site) -> Iterator[tuple[httpx.Client, str]]:
    with httpx.Client(base_url=site.tool, follow_redirects=True, timeout=60) as client:
        form = _opened(client, "/demo/")
        data = {"username": "deelnemer", "csrfmiddlewaretoken": _token(form)}
        client.post("/demo/instappen/", data=data, follow_redirects=False)
        yield client, _token(_opened(client, "/journaal/nieuw/"))


def _opened(client: httpx.Client, path: str) -> httpx.Response:
    """A browser sends a cookie that is Secure to localhost over http too; Python's jar doesn't by itself."""
    for cookie in client.cookies.jar:
        cookie.secure = False
    answer = client.get(path)
    for cookie in client.cookies.jar:
        cookie.secure = False
    return answer


def _token(page: httpx.Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found, page.status_code
    return found.group(1)


def wave(size: int) -> Callable[[int, int], bytes]:
    """A WAV of so many bytes, mostly a low hum, of which any part can be asked."""
    data = size - 44
    head = (
        b"RIFF" + (data + 36).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
        + (1).to_bytes(2, "little") + CHANNELS.to_bytes(2, "little") + RATE.to_bytes(4, "little")
        + (RATE * CHANNELS * WIDTH).to_bytes(4, "little") + (CHANNELS * WIDTH).to_bytes(2, "little")
        + (8 * WIDTH).to_bytes(2, "little")
        + b"data" + data.to_bytes(4, "little")
    )  # fmt: skip
    hum = b"".join(((sample % 200) << 22).to_bytes(4, "little") for sample in range(PIECE))

    def part(start: int, end: int) -> bytes:
        body = hum[start % 800 : start % 800 + end - start]
        return head + body[len(head) :] if start == 0 else body

    part.size = size  # type: ignore[attr-defined]
    return part


def send(client: httpx.Client, token: str, part: Callable[[int, int], bytes]) -> None:
    """Until it can be heard."""
    size: int = part.size  # type: ignore[attr-defined]
    heads = {"X-CSRFToken": token, "Tus-Resumable": "1.0.0"}
    metadata = f"purpose {base64.b64encode(PURPOSE.encode()).decode()}"
    made = client.post("/bestanden/", headers={**heads, "Upload-Length": str(size), "Upload-Metadata": metadata})
    assert made.status_code == 201, made.text
    location = made.headers["Location"]
    for at in range(0, size, PIECE):
        chunk = {**heads, "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
        answer = client.patch(location, content=part(at, min(at + PIECE, size)), headers=chunk)
        assert answer.status_code == 204, answer.text
    until = time.monotonic() + PATIENCE
    while (stands := client.get(location).json())["state"] != FileState.READY:
        assert stands["state"] != FileState.REFUSED, stands
        assert time.monotonic() < until, stands
        time.sleep(0.5)


@contextmanager
def watched(site: Site) -> Iterator[Callable[[], float]]:
    before, largest, over = held(site), 0.0, threading.Event()

    def watch() -> None:
        nonlocal largest
        while not over.wait(0.02):
            largest = max(largest, held(site))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield lambda: largest - before
    finally:
        over.set()
        thread.join()


def held(site: Site) -> float:
    """Bytes in memory of our own processes; not of ffmpeg, which has a bound of its own."""
    group = site.processes[0].pid
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text().rpartition(")")[2].split()
            name = (status.parent / "comm").read_text().strip()
        except OSError:
            continue
        if int(words[2]) == group and not name.startswith(("ff", "prlimit")):
            total += int(words[21]) * resource.getpagesize()
    return total


# --- made playable


def converting() -> dict[str, float]:
    """Processor seconds, the median of some rounds in turn; of our process and those it starts."""
    person = PersonFactory.create()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        source = Path(folder) / "in.webm"
        subprocess.run(  # noqa: S603 our own words
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"anoisesrc=d={SOUND}:r=48000:a=0.1:c=pink", "-c:a",  # noqa: S607
             "libopus", "-b:a", "32k", "-f", "webm", str(source)],
            check=True,
        )  # fmt: skip
        data = source.read_bytes()
        took: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(ROUNDS):
            StoredFile.objects.all().delete()
            file = services.receive(person, purpose=PURPOSE, chunks=[data], most=len(data))
            took["ours"].append(cost(partial(ours, file)))
            took["bare"].append(cost(partial(bare, source, Path(folder))))
    return {name: median(seconds) for name, seconds in took.items()}


def ours(file: StoredFile) -> None:
    then = tasks.prepare({"file": file.pk})
    assert then
    then()
    file.refresh_from_db()
    assert file.state == FileState.READY, file.reason


def bare(source: Path, folder: Path) -> None:
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(source)]
    for name, (encoder, bits, container, *_) in PARTS.items():
        command += ["-vn", "-c:a", encoder, "-b:a", str(bits), "-ac", "1", "-ar", "48000"]
        command += ["-movflags", "+faststart"] if container == "ipod" else []
        command += ["-f", container, str(folder / name)]
    subprocess.run(command, check=True)  # noqa: S603 our own words


def cost(does: Callable[[], None]) -> float:
    before = used()
    does()
    return used() - before


def used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
