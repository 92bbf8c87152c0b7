"""The real server as a process of its own: killed under load, ended cleanly, and what it logs."""

import contextlib
import http.client
import json
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from samples import sample_course
from serve_room import free_port

from grader.quiz.serve.links import Link, load_secret, make_link
from grader.quiz.serve.patience import patient_protocol
from grader.quiz.serve.schema import open_to_read
from grader.quiz.serve.store import Store, read_attempts

STUDENTS = 8
LIMIT_S = 60
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CLIENT = "127.0.0.2"  # so that the address of a client differs from that of the server


@dataclass(slots=True)
class Hall:
    """A folder with a course, a roster, and a server that may be started again."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None
    clients: list["Client"] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return self.folder / "state.sqlite"

    def command(self, *options: str) -> list[str]:
        dlab = [sys.executable, "-m", "cli.main", "--course", str(self.folder / "course")]
        return [*dlab, "quiz", "serve", "sample", *options]

    def start(self) -> None:
        options = ["--state", str(self.state), "--secret", str(self.folder / "secret")]
        options += ["--roster", str(self.folder / "roster.csv"), "--port", str(self.port)]
        options += ["--links", str(self.folder / "links.csv"), "--json"]
        self.process = subprocess.Popen(
            self.command(*options),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        self.facts = json.loads(line) if line else {}
        if not self.facts:
            pytest.fail(f"the server did not start: {self.end(signal.SIGKILL)}")

    def end(self, how: signal.Signals) -> str:
        """Stop the server; return what it printed after its first line."""
        assert self.process
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=LIMIT_S)
        return out + err

    def client(self) -> "Client":
        self.clients.append(Client(self.port))
        return self.clients[-1]

    def link(self, number: int) -> Link:
        with contextlib.closing(open_to_read(self.state)) as db:
            test = Store(db).test()
        assert test
        return make_link(load_secret(self.folder / "secret"), test.nonce, f"student-{number}")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    (tmp_path / "course").mkdir()
    sample_course(tmp_path / "course")
    names = "".join(f"student-{number},Name{number}\n" for number in range(STUDENTS))
    (tmp_path / "roster.csv").write_text(f"student,name\n{names}")
    hall = Hall(tmp_path, free_port())
    hall.start()
    yield hall
    for client in hall.clients:
        client.connection.close()
    if hall.process and hall.process.poll() is None:
        hall.end(signal.SIGKILL)


@dataclass(slots=True)
class Client:
    """A browser made of a socket and a cookie."""

    port: int
    cookie: str = ""
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        """Connect when it is first used."""
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=LIMIT_S, source_address=(CLIENT, 0)
        )

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, **(FORM if fields else {})}
        self.connection.request(method, path, urlencode(fields or {}), headers)
        reply = self.connection.getresponse()
        body = reply.read().decode()
        self.cookie = (reply.headers.get("Set-Cookie") or self.cookie).partition(";")[0]
        return reply.status, body

    def begin(self, token: str) -> None:
        assert self.ask("GET", f"/s/{token}")[0] == 200
        assert self.ask("POST", f"/s/{token}/begin")[0] == 303


@dataclass(slots=True)
class Load:
    """Students who save as fast as they may, each a growing number, until the server dies.

    Attributes:
        acknowledged: The last number that the server said it saved, of each.
    """

    clients: list[Client]
    places: list[str]
    acknowledged: list[int]
    enough: threading.Condition = field(default_factory=threading.Condition)

    def save(self, number: int) -> None:
        client, place = self.clients[number], self.places[number]
        with contextlib.suppress(OSError, http.client.HTTPException):
            client.connection.close()
            for value in range(self.acknowledged[number] + 1, 10**6):
                fields = {f"q{place}": str(value), f"was{place}": "?"}
                if client.ask("POST", "/save", fields)[0] != 200:  # slower, as the server says
                    continue
                with self.enough:
                    self.acknowledged[number] = value
                    self.enough.notify()

    def kill_after(self, hall: Hall, count: int) -> None:
        """Kill the server in the middle, after so many acknowledged saves."""
        before = sum(self.acknowledged)
        threads = [threading.Thread(target=self.save, args=(n,)) for n in range(len(self.clients))]
        for thread in threads:
            thread.start()
        with self.enough:
            assert self.enough.wait_for(
                lambda: sum(self.acknowledged) >= before + count, timeout=LIMIT_S
            )
        hall.end(signal.SIGKILL)
        for thread in threads:
            thread.join(LIMIT_S)


def place_of_number(page: str) -> str:
    """Return the place of a numeric question, which takes any text."""
    found = re.search(r'inputmode="\w+" name="q(\d+)"', page)
    assert found
    return found[1]


def test_killed_under_load_it_keeps_every_acknowledged_save(hall: Hall) -> None:
    clients = [hall.client() for _ in range(STUDENTS)]
    for number, client in enumerate(clients):
        client.begin(hall.link(number).token)
    places = [place_of_number(client.ask("GET", "/test")[1]) for client in clients]
    load = Load(clients, places, [0] * STUDENTS)
    chance = random.Random(4)

    for kill in range(3):
        if kill:
            hall.start()
            assert hall.facts["is_resumed"]
        load.kill_after(hall, chance.randrange(20, 90))

        attempts = read_attempts(hall.state)
        assert len(attempts) == STUDENTS
        stored = {a.student: max(_number(r.value) for r in a.responses) for a in attempts}
        for number, known in enumerate(load.acknowledged):
            found = stored[hall.link(number).pseudonym]
            assert known <= found <= known + kill + 1  # each kill may leave one unacknowledged

    hall.start()
    for client, place in zip(clients, places, strict=True):
        client.connection.close()
        status, page = client.ask("GET", "/test")
        assert status == 200
        assert f'name="q{place}" value=""' not in page
        assert client.ask("POST", "/test", {"do": "submit"})[0] == 303
    assert all(attempt.submitted_at for attempt in read_attempts(hall.state))


def _number(value: Any) -> int:
    return int(value) if isinstance(value, str) and value.isdigit() else 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ended_it_leaves_one_file(how: signal.Signals, hall: Hall) -> None:
    client = hall.client()
    client.begin(hall.link(0).token)
    place = place_of_number(client.ask("GET", "/test")[1])
    assert client.ask("POST", "/save", {f"q{place}": "42", f"was{place}": "?"})[0] == 200

    said = hall.end(how)

    assert hall.process
    if how is signal.SIGINT:
        assert hall.process.returncode == 0
        assert "Ended. All answers are in" in said
    assert not [path for path in hall.folder.iterdir() if "-wal" in path.name]
    (attempt,) = read_attempts(hall.state)
    assert "42" in [response.value for response in attempt.responses]


def test_no_log_has_a_name_an_address_or_a_link(hall: Hall) -> None:
    """Also after what makes servers talk: broken requests, unknown pages, refusals."""
    token = hall.link(0).token
    client = hall.client()
    client.begin(token)
    for path in ("/test", "/none", f"/s/{token}x", f"/l/{token}", "/static/../x"):
        client.ask("GET", path)
    client.ask("POST", "/save", {"q1": "forged"})
    for raw in (b"\0\xff\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST /save HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", hall.port), LIMIT_S, (CLIENT, 0)) as plug:
            plug.sendall(raw)
            plug.recv(1000)

    said = json.dumps(hall.facts) + hall.end(signal.SIGINT)

    for secret in (CLIENT, token, "student-", "Name", client.cookie.partition("=")[2]):
        assert secret not in said
    names = [a.student for a in read_attempts(hall.state)]
    assert not [name for name in names if name in said]
    assert "Traceback" not in said


def test_a_second_server_is_refused_while_one_runs(hall: Hall) -> None:
    second = Hall(hall.folder, free_port())
    options = ["--state", str(hall.state), "--secret", str(hall.folder / "secret")]
    done = subprocess.run(
        second.command("--port", str(second.port), *options),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )

    assert done.returncode == 2
    assert "a server is giving this test already; end it first" in done.stderr


def test_the_taken_port_is_named(hall: Hall) -> None:
    done = subprocess.run(
        hall.command("--port", str(hall.port)),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        cwd=hall.folder,
    )

    assert done.returncode == 2
    assert f"Cannot listen on 127.0.0.1 port {hall.port}: Address already in use." in done.stderr


def test_lecturers_link_works_and_states_counts(hall: Hall) -> None:
    client = hall.client()
    path = urlsplit(hall.facts["lecturer"]).path

    status, body = client.ask("GET", f"{path}/counts")

    assert status == 200
    assert json.loads(body)["students"] == STUDENTS


@contextlib.contextmanager
def patient_server(head_s: float) -> Iterator[int]:
    """Serve one word with our protocol; yield the port."""
    import uvicorn

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"fine"})

    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app, http=patient_protocol(head_s), ws="none", lifespan="off", log_config=None
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(LIMIT_S)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
def test_who_never_finishes_a_request_is_cut_off(sent: bytes) -> None:
    with (
        patient_server(0.05) as port,
        socket.create_connection(("127.0.0.1", port), LIMIT_S) as plug,
    ):
        plug.sendall(sent)

        assert plug.recv(100) == b""  # closed by the server, long before our own limit


def test_who_is_slow_only_in_a_second_request_is_cut_off_too() -> None:
    with (
        patient_server(0.05) as port,
        socket.create_connection(("127.0.0.1", port), LIMIT_S) as plug,
    ):
        plug.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        first = b""
        while b"fine" not in first:
            first += plug.recv(1000)
        plug.sendall(b"GET / HT")

        while rest := plug.recv(1000):
            assert b"fine" not in rest
