"""`dlab quiz serve`: what is refused before anything is served or written."""

import importlib
import json
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from samples import sample_course

from cli.commands.quiz_serve import address_of, read_time
from cli.main import dlab
from grader.errors import RequestError

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "course").mkdir()
    (tmp_path / "work").mkdir()
    sample_course(tmp_path / "course")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    Path("roster.csv").write_text("student,accommodation\n0012,\nA-7,1.5\n")
    return tmp_path / "work"


@pytest.fixture
def run(folder: Path) -> Run:
    course = folder.parent / "course"

    def run(*words: str) -> Result:
        return CliRunner().invoke(dlab, ["--course", str(course), "quiz", "serve", *words])

    return run


REFUSED: list[tuple[list[str], str]] = [
    (["smaple"], "There is no quiz 'smaple'. Did you mean 'sample'?"),
    (["sample", "--roster", "none.csv"], "none.csv cannot be read"),
    (["sample", "--links", "links.csv"], "--links needs --roster"),
    (["sample"], "There is nobody to take the test: give --roster FILE.csv."),
    (["sample", "--roster", "roster.csv", "--host", "0.0.0.0"], "say with --url which one"),
    (["sample", "--roster", "roster.csv", "--url", "quiz"], "--url is like https://"),
    (["sample", "--roster", "roster.csv", "--open-at", "25:99"], "'25:99' is not a time"),
    (["sample", "--roster", "roster.csv", "--close-at", "soon"], "'soon' is not a time"),
    (["sample", "--roster", "roster.csv", "--host", "192.0.2.1"], "Cannot listen on 192.0.2.1"),
    (["sample", "--roster", "roster.csv", "--host", "no host"], "Cannot listen on no host"),
    (["sample", "--minutes", "-1"], "Invalid value for '--minutes'"),
    (["sample", "--port", "70000"], "Invalid value for '--port'"),
    (["sample", "--roster", "roster.csv", "--state", "no/s.sqlite"], "cannot be written"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED, ids=lambda value: str(value)[:40])
def test_wrong_usage_is_one_line(words: list[str], said: str, run: Run, folder: Path) -> None:
    port = [] if "--port" in words else ["--port", "0"]

    result = run(*words, *port)

    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert result.stdout == ""
    assert not list(folder.glob("links.csv"))


def test_links_and_secret_stay_out_of_a_repository(run: Run, folder: Path) -> None:
    (folder / ".git").mkdir()
    words = ["sample", "--roster", "roster.csv", "--port", "0"]

    links = run(*words, "--links", "links.csv")
    secret = run(*words, "--secret", "secret")

    assert links.exit_code == secret.exit_code == 2
    assert "links.csv lies in the repository" in links.stderr
    assert "the secret of the pseudonyms belongs outside it" in secret.stderr
    assert [path.name for path in folder.iterdir() if path.name != ".git"] == ["roster.csv"]


@pytest.mark.parametrize("missing", ["starlette.applications", "uvicorn"])
def test_without_the_extra_it_says_how_to_get_it(
    missing: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.import_module

    def refuse(name: str, *rest: Any) -> Any:
        if name == missing:
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(importlib, "import_module", refuse)

    result = run("sample", "--roster", "roster.csv")

    assert result.exit_code == 2
    assert f"This needs '{missing.partition('.')[0]}': pip install 'dlab[quiz-server]'" in (
        result.stderr
    )


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Serve nothing: remember what would be served, and say that it is ready."""
    found: list[Any] = []

    def serve(site: Any, listener: Any, on_ready: Callable[[], None]) -> None:
        found.append((site, listener.getsockname()))
        on_ready()
        site.desk.room.writer._store.close()

    monkeypatch.setattr("grader.quiz.serve.run.serve", serve)
    return found


def test_it_says_where_everything_is(run: Run, folder: Path, served: list[Any]) -> None:
    result = run("sample", "--roster", "roster.csv", "--links", "links.csv", "--port", "0")

    assert result.exit_code == 0, result.output
    port = served[0][1][1]
    assert served[0][1][0] == "127.0.0.1"
    assert "sample is ready for 2 students." in result.stdout
    assert f"Lecturer's page, for you alone: http://127.0.0.1:{port}/l/" in result.stdout
    assert "Students' links, for you alone: links.csv" in result.stdout
    assert "Ended. All answers are in sample.sqlite; the same command goes on." in result.stderr
    secret = folder.parent / "home" / "config" / "dlab" / "quiz.secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert f"http://127.0.0.1:{port}/s/" in (folder / "links.csv").read_text()
    assert "0012" not in result.output


def test_json_is_one_object(run: Run, served: list[Any]) -> None:
    url = "https://quiz.example.org/"
    result = run("sample", "--roster", "roster.csv", "--port", "0", "--url", url, "--json")

    facts = json.loads(result.stdout)
    assert facts["address"] == "https://quiz.example.org"
    assert facts["lecturer"].startswith("https://quiz.example.org/l/")
    assert (facts["students"], facts["is_resumed"], facts["links"]) == (2, False, None)
    assert served[0][0].is_secure


def test_without_tls_in_a_network_it_warns(run: Run, served: list[Any]) -> None:
    result = run("sample", "--roster", "roster.csv", "--port", "0", "--url", "http://192.0.2.7:80")

    assert served
    assert "Without TLS everybody in this network can read along" in result.stderr


def test_terms_are_what_the_options_say(run: Run, served: list[Any], folder: Path) -> None:
    words = ["--minutes", "12.5", "--open-at", "2026-11-21T10:15", "--close-at", "2026-11-21T10:30"]
    result = run("sample", "--roster", "roster.csv", "--port", "0", *words)

    import contextlib

    from grader.quiz.serve.schema import open_to_read
    from grader.quiz.serve.store import Store

    assert result.exit_code == 0
    with contextlib.closing(open_to_read(folder / "sample.sqlite")) as db:
        terms = Store(db).terms()
    assert terms.limit_s == 750
    assert terms.begin_by - terms.opens_at == 900
    assert served


def test_going_on_without_a_roster(run: Run, served: list[Any]) -> None:
    run("sample", "--roster", "roster.csv", "--port", "0")
    again = run("sample", "--port", "0")

    assert again.exit_code == 0
    assert "for 2 students" in again.stdout
    assert len(served) == 2


@pytest.mark.parametrize(
    ("host", "url", "address"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:80"),
        ("::1", "", "http://[::1]:80"),
        ("0.0.0.0", "https://quiz.example.org", "https://quiz.example.org"),
    ],
)
def test_address_that_links_begin_with(host: str, url: str, address: str) -> None:
    assert address_of(host, 80, url) == address


@pytest.mark.parametrize("url", ["ftp://x", "//x", "https://", "https://x/quiz", "https://x/?a=1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(RequestError, match="--url"):
        address_of("127.0.0.1", 80, url)


def test_times_are_of_today_or_of_a_day() -> None:
    today = read_time("10:15")

    assert read_time(None) is None
    assert today
    assert datetime.fromtimestamp(today).strftime("%H:%M") == "10:15"
    assert read_time("2026-11-21T10:15+01:00") == 1795252500


def test_help_shows_examples_and_exit_codes(run: Run) -> None:
    text = run("--help").stdout

    assert "dlab quiz serve session1-pre --roster roster.csv --links links.csv" in text
    assert "Exit code:" in text
