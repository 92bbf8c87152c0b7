"""A mirror on 127.0.0.1 that behaves well or badly, and a tiny dataset to serve."""

import gzip
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from grader.datasource import DataFile, DataSource

NAMES = ("train-images", "train-labels", "test-images", "test-labels")
LIMIT_S = 20  # no test waits longer; all waits end by an event


def idx(array: np.ndarray) -> bytes:
    """Return an array of uint8 as an IDX file."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()


def tiny_files(name: str = "tiny") -> dict[str, bytes]:
    """Return four IDX files: 30 and 12 images of 9x7, hardly compressible, and their labels."""
    rng = np.random.default_rng(len(name))
    shapes = ((30, 9, 7), (30,), (12, 9, 7), (12,))
    return {
        file: idx(rng.integers(0, 256 if len(shape) > 1 else 10, shape).astype(np.uint8))
        for file, shape in zip(NAMES, shapes, strict=True)
    }


def source_of(files: dict[str, bytes], name: str = "tiny") -> DataSource:
    """Describe files as a dataset."""
    return DataSource(
        name=name,
        files=tuple(
            DataFile(name=file, size=len(content), sha256=hashlib.sha256(content).hexdigest())
            for file, content in files.items()
        ),
    )


FILES = tiny_files()
PACKED = {name: gzip.compress(content, mtime=0) for name, content in FILES.items()}
TINY = source_of(FILES)
FIRST = NAMES[0]
SIZE = len(PACKED[FIRST])


def write_files(folder: Path, *, packed: bool = False) -> Path:
    """Write the tiny dataset into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (PACKED if packed else FILES).items():
        (folder / (f"{name}.gz" if packed else name)).write_bytes(content)
    return folder


class Exchange(BaseHTTPRequestHandler):
    """One request, and what a behaviour needs to answer it."""

    server: "Server"

    def do_GET(self) -> None:
        server = self.server
        server.asked.append((self.path, self.headers.get("Range", "")))
        self.close_connection = True
        script = server.scripts.get(self.path) or [well]
        behave = script.pop(0) if len(script) > 1 else script[0]
        behave(self)

    @property
    def content(self) -> bytes:
        """The right bytes of what is asked for."""
        return self.server.contents[self.path.split("/", 2)[2]]

    def begin(self, code: int, **headers: object) -> None:
        """Send the head of an answer; underscores in names are hyphens."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  http.server's name
        """Say nothing."""


Behaviour = Callable[[Exchange], None]
ETAG = '"one"'


class Server(ThreadingHTTPServer):
    """Serves `/<mirror>/<dataset>/<file>.gz` from memory, each path by its script."""

    daemon_threads = False
    block_on_close = True

    def __init__(self) -> None:
        """Take a free port; all files are served well."""
        super().__init__(("127.0.0.1", 0), Exchange)
        self.contents = {f"tiny/{name}.gz": content for name, content in PACKED.items()}
        self.scripts: dict[str, list[Behaviour]] = {}
        self.asked: list[tuple[str, str]] = []
        self.released = threading.Event()  # at the end of the test: what stalls gives up

    def address(self, mirror: str) -> str:
        """Return what DLAB_MIRRORS would hold."""
        return f"http://127.0.0.1:{self.server_port}/{mirror}"

    def script(self, mirror: str, *behaviours: Behaviour, file: str = FIRST) -> None:
        """Say how a mirror behaves when a file is asked for: once each, the last one for ever."""
        self.scripts[f"/{mirror}/tiny/{file}.gz"] = list(behaviours)

    def asked_of(self, mirror: str, file: str = FIRST) -> list[str]:
        """Return the Range of each request for a file."""
        return [ranged for path, ranged in self.asked if path == f"/{mirror}/tiny/{file}.gz"]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error here."""


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server until the end of the block."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join(LIMIT_S)


# Behaviours


def well(exchange: Exchange) -> None:
    """Answer as the best servers do: ETag, Range, If-Range."""
    answer(exchange, exchange.content)


def answer(exchange: Exchange, content: bytes, etag: str = ETAG, stop: int | None = None) -> None:
    """Answer, but send no more bytes than `stop`."""
    ranged = re.fullmatch(r"bytes=(\d+)-", exchange.headers.get("Range", ""))
    is_same = exchange.headers.get("If-Range", etag) == etag
    start = int(ranged[1]) if ranged and is_same else 0
    if start >= len(content):
        exchange.begin(416, Content_Range=f"bytes */{len(content)}")
        return
    span = {"Content_Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
    tags = {"ETag": etag} if etag else {}
    length = len(content) - start
    exchange.begin(206 if start else 200, Content_Length=length, **tags, **span)
    exchange.wfile.write(content[start:][:stop])


def dies_after(stop: int, *, etag: str = ETAG) -> Behaviour:
    """Announce everything, send `stop` bytes, hang up."""
    return lambda exchange: answer(exchange, exchange.content, etag, stop)


def changed(content: bytes, etag: str = '"two"') -> Behaviour:
    """Serve something else, under another ETag."""
    return lambda exchange: answer(exchange, content, etag)


def ignores_range(exchange: Exchange) -> None:
    exchange.begin(200, Content_Length=len(exchange.content))
    exchange.wfile.write(exchange.content)


def says_no_length(exchange: Exchange) -> None:
    exchange.begin(200)
    exchange.wfile.write(exchange.content)


def says_less(exchange: Exchange) -> None:
    exchange.begin(200, Content_Length=len(exchange.content) - 40)
    exchange.wfile.write(exchange.content)


def says_more(exchange: Exchange) -> None:
    exchange.begin(200, Content_Length=len(exchange.content) + 40, ETag=ETAG)
    exchange.wfile.write(exchange.content)


def says_nonsense(exchange: Exchange) -> None:
    exchange.wfile.write(b"good \x1b[31mmorning\r\n\r\n")


def sends_another_part(exchange: Exchange) -> None:
    content = exchange.content
    exchange.begin(206, Content_Range=f"bytes 7-{len(content) - 1}/{len(content)}", ETag=ETAG)
    exchange.wfile.write(content[7:])


def announces_too_much(exchange: Exchange) -> None:
    exchange.begin(200, Content_Length=1 << 40)


def sends_for_ever(exchange: Exchange) -> None:
    exchange.begin(200)
    while True:  # until the client hangs up
        exchange.wfile.write(bytes(1 << 14))


def bomb(exchange: Exchange) -> None:
    """A small file that decompresses to much more than the right one."""
    answer(exchange, gzip.compress(bytes(1 << 22)))


def unpacked(exchange: Exchange) -> None:
    """What a server does that decompresses on the way."""
    name = exchange.path.rpartition("/")[2].removesuffix(".gz")
    exchange.begin(200, Content_Length=len(FILES[name]))
    exchange.wfile.write(FILES[name])


def stalls(exchange: Exchange) -> None:
    """Send 100 bytes, then nothing."""
    exchange.begin(200, Content_Length=len(exchange.content), ETag=ETAG)
    exchange.wfile.write(exchange.content[:100])
    exchange.server.released.wait(LIMIT_S)


def trickles(exchange: Exchange) -> None:
    """Send a byte now and then."""
    exchange.begin(200, Content_Length=len(exchange.content), ETag=ETAG)
    for byte in exchange.content:
        exchange.wfile.write(bytes([byte]))
        if exchange.server.released.wait(0.05):
            return


def not_found(exchange: Exchange) -> None:
    exchange.begin(404, Content_Length=0)


def redirects(target: str) -> Behaviour:
    return lambda exchange: exchange.begin(302, Location=target, Content_Length=0)
