"""A class that starts at once: what `dlab quiz serve` answers, how fast, and that nothing is lost.

Each student opens the link, begins, loads the test with its files, saves five answers with a pause
before each, and submits; all begin within some seconds. The clients run on the same cores as the
server. Three runs, in the same minute: a bare Starlette application that answers every request with
one word, under the same requests at the same times; ours; and ours killed in the middle (SIGKILL)
and started again, where clients try again until they are answered, as the page's script does.

Lost is a save that was acknowledged and is not in the state file; it must be 0.

    python benchmarks/quiz_serve.py [--students 300] [--within 3] [--quiz session1-pre]
"""

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from csv import DictReader
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

from grader.quiz.serve.store import read_attempts

ROOT = Path(__file__).resolve().parents[1]
SAVES = 5
PAUSE_S = (0.2, 1.0)  # before each save; students think for longer
FILES = ("/static/quiz.css", "/static/wide.js", "/static/quiz.js")
HELLO = """
import sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def hello(request):
    await request.body()
    return PlainTextResponse("hello")

app = Starlette(routes=[Route("/{path:path}", hello, methods=["GET", "POST"])])
print("ready", flush=True)
quiet = {"access_log": False, "log_level": "error"}
uvicorn.run(app, port=int(sys.argv[1]), http="h11", backlog=2048, **quiet)
"""


@dataclass(slots=True)
class Tally:
    """What the clients saw."""

    times: list[float] = field(default_factory=list)
    errors: int = 0  # answers of status 400 and more
    broken: int = 0  # connections that ended without an answer
    saves: int = 0
    submits: int = 0
    kept: dict[str, dict[str, str]] = field(default_factory=dict)  # acknowledged, by student


class Browser:
    """One connection that is kept, and one cookie."""

    def __init__(self, port: int, tally: Tally) -> None:
        """Connect when first used."""
        self.port, self.tally, self.cookie = port, tally, ""
        self.pipes: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, fields: Sequence[tuple[str, str]] = ()) -> str:
        """Send a request until it is answered; return the body. All tries count as one wait."""
        started = time.perf_counter()
        while True:
            try:
                status, body = await self._try(method, path, urlencode(fields).encode())
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.tally.broken += 1
                self.close()
                await asyncio.sleep(0.2)
                continue
            if status < 500 and status != 429:
                self.tally.times.append(time.perf_counter() - started)
                self.tally.errors += status >= 400
                return body
            self.tally.errors += 1
            await asyncio.sleep(0.5)

    async def _try(self, method: str, path: str, body: bytes) -> tuple[int, str]:
        if self.pipes is None:
            self.pipes = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.pipes
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if method == "POST" else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nCookie: {self.cookie}\r\n{kind}"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?i)content-length: (\d+)", answer)
        content = await reader.readexactly(int(length[1]) if length else 0)
        if found := re.search(r"(?i)set-cookie: ([^;]*)", answer):
            self.cookie = found[1]
        return int(answer[9:12]), content.decode()

    def close(self) -> None:
        """Drop the connection."""
        if self.pipes:
            self.pipes[1].close()
        self.pipes = None


async def sit(name: str, link: str, port: int, wait_s: float, tally: Tally) -> None:
    """Be one student."""
    chance = random.Random(name)  # noqa: S311  pauses, not secrets
    await asyncio.sleep(wait_s)
    browser, kept = Browser(port, tally), tally.kept.setdefault(name, {})
    await browser.ask("GET", link)
    await browser.ask("POST", f"{link}/begin")
    page = await browser.ask("GET", "/test")
    for path in FILES:
        await browser.ask("GET", path)
    fields = [found[1] for found in re.finditer(r'type="text"[^>]* name="(q\d+)"', page)] or ["q1"]
    for number in range(SAVES):
        await asyncio.sleep(chance.uniform(*PAUSE_S))
        place = fields[number % len(fields)]
        value = f"{number}{name}"
        await browser.ask("POST", "/save", [(place, value), (f"was{place[1:]}", "?")])
        kept[place] = value
        tally.saves += 1
    await browser.ask("POST", "/test", [("do", "submit")])
    tally.submits += 1
    browser.close()


@dataclass(slots=True)
class Served:
    """A server in a process of its own."""

    command: list[str]
    process: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Start it; return its first line."""
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout
        return self.process.stdout.readline()

    def end(self, how: signal.Signals) -> None:
        """Stop it."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()


async def give(
    links: dict[str, str], port: int, within_s: float, disturb: Callable[[Tally], object] | None
) -> Tally:
    """Let a class take the test; `disturb` is called once, when half of the saves are in."""
    tally, chance = Tally(), random.Random(1)  # noqa: S311  moments to begin, not secrets
    class_ = asyncio.gather(
        *(sit(name, link, port, chance.uniform(0, within_s), tally) for name, link in links.items())
    )
    while disturb and tally.saves < len(links) * SAVES / 2:
        await asyncio.sleep(0.01)
    if disturb:
        await asyncio.to_thread(disturb, tally)
    await class_
    return tally


def report(name: str, tally: Tally, lost: int | None) -> tuple[float, float]:
    """Print a row; return the median and the 99th percentile in seconds."""
    cuts = quantiles(tally.times, n=100)
    p50, p99 = cuts[49], cuts[98]
    words = f"{name:<16}{len(tally.times):>9}{p50:>9.3f}{p99:>9.3f}{max(tally.times):>9.3f}"
    shown = "-" if lost is None else str(lost)
    print(f"{words}{tally.errors:>8}{tally.broken:>8}{tally.saves:>7}{shown:>6}")
    return p50, p99


def count_lost(state: Path, tally: Tally, pseudonyms: dict[str, str]) -> int:
    """Return how many acknowledged answers and submissions are not in the state."""
    stored = {a.student: {str(r.value) for r in a.responses} for a in read_attempts(state)}
    done = sum(bool(a.submitted_at) for a in read_attempts(state))
    lost = sum(
        value not in stored.get(pseudonyms[name], set())
        for name, kept in tally.kept.items()
        for value in kept.values()
    )
    return lost + max(0, tally.submits - done)


def take(options: argparse.Namespace, folder: Path, port: int, *, is_killed: bool) -> None:
    """Give the test once with our server and print its row."""
    folder.mkdir()
    names = [f"student{number}" for number in range(options.students)]
    (folder / "roster.csv").write_text("student\n" + "\n".join(names) + "\n")
    files = ["--roster", str(folder / "roster.csv"), "--links", str(folder / "links.csv")]
    files += ["--state", str(folder / "state.sqlite"), "--secret", str(folder / "secret")]
    dlab = [sys.executable, "-m", "cli.main", "--course", str(ROOT), "quiz", "serve", options.quiz]
    server = Served([*dlab, *files, "--json", "--port", str(port)])
    facts = json.loads(server.start())
    with (folder / "links.csv").open() as file:
        rows = list(DictReader(file))
    links = {row["student"]: urlsplit(row["link"]).path for row in rows}
    away: list[float] = []

    def kill(_: Tally) -> None:
        started = time.perf_counter()
        server.end(signal.SIGKILL)
        server.start()
        away.append(time.perf_counter() - started)

    disturb = kill if is_killed else None
    tally = asyncio.run(give(links, port, options.within, disturb))
    server.end(signal.SIGINT)
    lost = count_lost(
        Path(facts["state"]), tally, {row["student"]: row["pseudonym"] for row in rows}
    )
    p50, p99 = report("dlab, killed" if is_killed else "dlab", tally, lost)
    if is_killed:
        print(f"Killed when half of the saves were in; {away[0]:.1f} s until it was there again.")
    else:
        base50, base99 = options.base
        print(f"{'':<16}{'ratio':>9}{p50 / base50:>9.1f}{p99 / base99:>9.1f}")


def main() -> None:
    """Run the three, and print a row for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--within", type=float, default=3.0)
    parser.add_argument("--quiz", default="session1-pre")
    parser.add_argument("--port", type=int, default=8466)
    options = parser.parse_args()
    print(
        f"{options.students} students begin within {options.within:g} s, {SAVES} saves each; "
        f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}"
    )
    head = ("answers", "p50 s", "p99 s", "max s", "errors", "broken", "saves", "lost")
    print(f"{'':<16}" + "".join(f"{w:>{n}}" for w, n in zip(head, (9, 9, 9, 9, 8, 8, 7, 6))))  # noqa: B905
    hello = Served([sys.executable, "-c", HELLO, str(options.port)])
    hello.start()
    names = {f"student{number}": f"/s/{number}" for number in range(options.students)}
    tally = asyncio.run(give(names, options.port, options.within, None))
    with suppress(ProcessLookupError):
        hello.end(signal.SIGINT)
    options.base = report("bare Starlette", tally, None)
    with tempfile.TemporaryDirectory() as folder:
        take(options, Path(folder) / "whole", options.port + 1, is_killed=False)
        take(options, Path(folder) / "killed", options.port + 2, is_killed=True)


if __name__ == "__main__":
    main()
