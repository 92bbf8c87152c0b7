"""Fetching from mirrors that truncate, lie, stall, move, die and lie again. Loopback only."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import mirror
import pytest
from mirror import FILES, FIRST, LIMIT_S, NAMES, PACKED, SIZE, TINY, Behaviour, Server, write_files

from grader import lockfile
from grader.connection import Patience
from grader.dataset import load_idx
from grader.datasource import DIGITS, MIRRORS
from grader.datastore import State, find_files, look
from grader.errors import FetchError, RequestError
from grader.fetch import Fetched, Moment, Step, fetch, mirrors_in_force

ROOT = Path(__file__).resolve().parents[1]
SHORT = Patience(connect_s=5, stall_s=0.2, min_rate=1000)
LONG = Patience(connect_s=5, stall_s=LIMIT_S)
PART = f"{FIRST}.gz.part"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files come to; nothing is there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DLAB_DATA", raising=False)
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache" / "dlab" / "tiny"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Two mirrors, `a` before `b`."""
    with mirror.serving() as found:
        monkeypatch.setenv("DLAB_MIRRORS", f"{found.address('a')} {found.address('b')}/")
        yield found


def run(patience: Patience = LONG) -> tuple[Fetched, list[Moment]]:
    moments: list[Moment] = []
    return fetch(TINY, moments.append, patience=patience), moments


class Killed(BaseException):
    """What no code catches."""


def kill_at(size: int) -> None:
    """Fetch until so many bytes are there, and go no further."""

    def observer(moment: Moment) -> None:
        if moment.done >= size:
            raise Killed

    with pytest.raises(Killed):
        fetch(TINY, observer, patience=LONG)


def assert_whole(folder: Path) -> None:
    """Everything is there and right, and nothing else but the lock."""
    assert {path.name for path in folder.iterdir()} == {*NAMES, ".lock"}
    assert all((folder / name).read_bytes() == content for name, content in FILES.items())
    assert look(TINY).state is State.VERIFIED


def test_all_files_come_from_the_first_mirror(server: Server, folder: Path) -> None:
    fetched, moments = run()

    assert fetched == Fetched(folder=folder, new=NAMES)
    assert server.asked == [(f"/a/tiny/{name}.gz", "") for name in NAMES]
    assert_whole(folder)
    assert load_idx(TINY).x_train.shape == (30, 9, 7)
    first = [moment for moment in moments if moment.file == FIRST]
    assert [first[0].step, first[-1].step] == [Step.CONNECTING, Step.VERIFYING]
    assert (first[0].place, first[0].count) == (1, 4)
    assert (first[-2].step, first[-2].done, first[-2].total) == (Step.RECEIVING, SIZE, SIZE)
    assert first[0].mirror == f"127.0.0.1:{server.server_port}"


def test_what_is_there_is_not_fetched_again(server: Server, folder: Path) -> None:
    run()
    before = len(server.asked)

    fetched, moments = run()

    assert fetched.new == ()
    assert len(server.asked) == before
    assert {moment.step for moment in moments} == {Step.VERIFYING}


def test_compressed_files_put_into_the_cache_by_hand_count(server: Server, folder: Path) -> None:
    write_files(folder, packed=True)

    assert run()[0].new == ()
    assert server.asked == []


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_only_what_is_damaged_is_fetched_again(ending: str, server: Server, folder: Path) -> None:
    run()
    (folder / FIRST).rename(folder / f"{FIRST}{ending}")
    (folder / f"{FIRST}{ending}").write_bytes(PACKED[FIRST][:-1])

    assert run()[0].new == (FIRST,)
    assert_whole(folder)


def test_rotten_file_that_was_verified_is_fetched_again(server: Server, folder: Path) -> None:
    """Its size and time are as before: a fetch reads what is there anyway."""
    run()
    times = (folder / FIRST).stat()
    (folder / FIRST).write_bytes(FILES[FIRST][:-1] + b"\xff")
    os.utime(folder / FIRST, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert run()[0].new == (FIRST,)
    assert_whole(folder)


def test_embedded_dataset_needs_no_mirror(server: Server) -> None:
    assert fetch(DIGITS, lambda _moment: None).new == ()
    assert server.asked == []


def test_dlab_data_needs_no_mirror(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = write_files(tmp_path / "named")
    monkeypatch.setenv("DLAB_DATA", str(named))

    assert run()[0] == Fetched(folder=named)
    (named / FIRST).write_bytes(b"")
    with pytest.raises(RequestError, match="Copy it again, or unset DLAB_DATA"):
        run()
    assert server.asked == []


def test_dlab_data_that_lacks_a_file_does_not_stop_a_fetch(
    server: Server, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = write_files(tmp_path / "named")
    (named / FIRST).unlink()
    monkeypatch.setenv("DLAB_DATA", str(named))

    assert run()[0].folder == folder
    assert find_files(TINY)[0].parent == folder


# Mirrors that do not give the file


BAD: dict[str, tuple[Behaviour, str]] = {
    "is missing": (mirror.not_found, "HTTP 404 Not Found"),
    "moved to a file": (
        mirror.redirects("file:///etc/passwd"),
        "HTTP 302 Found - Redirection to url 'file:///etc/passwd' is not allowed",
    ),
    "says less": (mirror.says_less, "what came is cut short or damaged: it cannot be decompressed"),
    "says more": (mirror.says_more, f"the connection ended after {SIZE} of {SIZE + 40} bytes"),
    "says nonsense": (mirror.says_nonsense, "good \ufffd[31mmorning."),
    "hangs up at once": (lambda _exchange: None, "Remote end closed connection without response"),
    "dies before the first byte": (
        mirror.dies_after(0),
        f"the connection ended after 0 of {SIZE} bytes",
    ),
    "another file": (
        mirror.changed(PACKED[NAMES[1]]),
        "what came has 38 of 1906 bytes",
    ),
    "a login page": (
        mirror.changed(b"<html>please log in</html>"),
        "what came has 26 of 1906 bytes",
    ),
    "a bit flipped": (
        mirror.changed(PACKED[FIRST][:700] + bytes([PACKED[FIRST][700] ^ 1]) + PACKED[FIRST][701:]),
        "what came is ",
    ),
    "a bomb": (mirror.bomb, "what came is longer than the 1906 bytes it should have"),
    "too much is announced": (
        mirror.announces_too_much,
        f"{1 << 40} bytes are announced, at most 67442 may come",
    ),
    "too much comes": (mirror.sends_for_ever, "more than 67442 bytes came, which is too much"),
    "another part": (
        mirror.sends_another_part,
        "another part of the file came than was asked for",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_mirror_is_left_for_the_next(name: str, server: Server, folder: Path) -> None:
    server.script("a", BAD[name][0])

    assert run(SHORT)[0].new == NAMES

    assert len(server.asked_of("b")) == 1
    assert server.asked_of("a", NAMES[1])  # the next file begins at the first mirror again
    assert_whole(folder)


@pytest.mark.parametrize("name", BAD)
def test_only_bad_mirrors_are_told_one_by_one(name: str, server: Server, folder: Path) -> None:
    behave, reason = BAD[name]
    for each in "ab":
        server.script(each, behave)

    with pytest.raises(FetchError) as caught:
        run(SHORT)

    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    for each, line in zip("ab", lines, strict=False):
        assert line.startswith(f"{server.address(each)}/tiny/{FIRST}.gz: {reason}")
        assert line.endswith(".")
    names = ", ".join(f"{name}.gz" for name in NAMES)
    assert lines[-1] == (
        f"{FIRST} came from none of 2 mirrors. Try again later (what came is kept), or bring "
        f"{names} from elsewhere: into {folder}, or into a folder that DLAB_DATA names."
    )
    assert look(TINY).state is State.MISSING
    assert not (folder / FIRST).exists()


@pytest.mark.parametrize("behave", [mirror.stalls, mirror.trickles])
def test_server_that_stalls_is_left(behave: Behaviour, server: Server, folder: Path) -> None:
    server.script("a", behave)

    assert run(SHORT)[0].new == NAMES
    assert_whole(folder)


@pytest.mark.parametrize(
    ("behave", "reason"),
    [(mirror.stalls, "no answer in time"), (mirror.trickles, "slower than 1000 bytes a second")],
)
def test_why_a_server_was_left_is_said(behave: Behaviour, reason: str, server: Server) -> None:
    for each in "ab":
        server.script(each, behave)

    with pytest.raises(FetchError, match=rf"tiny/{FIRST}\.gz: {reason}\.\n"):
        run(SHORT)


def test_server_that_accepts_and_says_nothing_is_left(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
        monkeypatch.setenv("DLAB_MIRRORS", f"{address} {server.address('b')}")

        assert run(SHORT)[0].new == NAMES
    assert_whole(folder)


def test_offline_says_what_was_tried_and_what_else_can_be_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"http://127.0.0.1:{gone.getsockname()[1]}"
    monkeypatch.setenv("DLAB_MIRRORS", f"{address}/a {address}/b")

    with pytest.raises(FetchError) as caught:
        run()

    first, second, advice = str(caught.value).splitlines()
    assert first == f"{address}/a/tiny/{FIRST}.gz: Connection refused."
    assert second == f"{address}/b/tiny/{FIRST}.gz: Connection refused."
    assert f"into {folder}, or into a folder that DLAB_DATA names" in advice


def test_redirect_is_followed(server: Server, folder: Path) -> None:
    server.script("a", mirror.redirects(f"{server.address('b')}/tiny/{FIRST}.gz"))

    run()

    assert len(server.asked_of("b")) == 1
    assert_whole(folder)


@pytest.mark.parametrize("behave", [mirror.says_no_length, mirror.unpacked])
def test_odd_but_right_answers_will_do(behave: Behaviour, server: Server, folder: Path) -> None:
    server.script("a", behave)

    run()

    assert server.asked_of("b") == []
    assert_whole(folder)


# Going on


def test_connection_that_dies_is_gone_on_with(server: Server, folder: Path) -> None:
    server.script("a", mirror.dies_after(600), mirror.dies_after(300), mirror.well)

    run()

    assert server.asked_of("a") == ["", "bytes=600-", "bytes=900-"]
    assert_whole(folder)


def test_server_that_dies_again_and_again_is_left(server: Server, folder: Path) -> None:
    server.script("a", mirror.dies_after(10))

    run()

    assert server.asked_of("a") == ["", *(f"bytes={10 * n}-" for n in range(1, 8))]
    assert len(server.asked_of("b")) == 1
    assert_whole(folder)


def test_killed_fetch_leaves_a_part_that_is_never_used(server: Server, folder: Path) -> None:
    server.script("a", mirror.dies_after(600), mirror.well)

    kill_at(600)

    assert (folder / PART).read_bytes() == PACKED[FIRST][:600]
    assert look(TINY).state is State.MISSING
    with pytest.raises(RequestError, match="is not on this machine"):
        load_idx(TINY)


def test_next_fetch_goes_on_where_the_killed_one_stopped(server: Server, folder: Path) -> None:
    server.script("a", mirror.dies_after(600), mirror.well)
    kill_at(600)

    run()

    assert server.asked_of("a") == ["", "bytes=600-"]
    assert_whole(folder)


def test_fetch_killed_by_sigkill_goes_on(server: Server, folder: Path) -> None:
    """A real process and a real signal: no `finally` runs, and the lock is free again."""
    server.script("a", mirror.dies_after(600), mirror.well)
    code = (
        "import os, signal\n"
        "from grader.datasource import DataFile, DataSource\n"
        "from grader.fetch import fetch\n"
        f"fetch({TINY!r}, lambda m: m.done >= 600 and os.kill(os.getpid(), signal.SIGKILL))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=LIMIT_S)

    assert done.returncode == -signal.SIGKILL
    assert look(TINY).state is State.MISSING
    run()
    assert server.asked_of("a") == ["", "bytes=600-"]
    assert_whole(folder)


def test_part_goes_on_at_the_mirror_it_came_from(server: Server, folder: Path) -> None:
    """Another mirror may have compressed the same bytes differently."""
    server.script("a", mirror.not_found)
    server.script("b", mirror.dies_after(600), mirror.well)
    kill_at(600)

    run()

    assert server.asked_of("b") == ["", "bytes=600-"]
    assert len(server.asked_of("a")) == 1
    assert_whole(folder)


def test_another_mirror_begins_anew(server: Server, folder: Path) -> None:
    server.script("a", mirror.dies_after(600), mirror.not_found)
    kill_at(600)

    run()

    assert server.asked_of("b") == [""]
    assert_whole(folder)


def test_range_that_is_ignored_begins_anew(server: Server, folder: Path) -> None:
    server.script("a", mirror.dies_after(600), mirror.ignores_range)
    kill_at(600)

    run()

    assert server.asked_of("a") == ["", "bytes=600-"]
    assert_whole(folder)


def test_file_that_changed_meanwhile_begins_anew(server: Server, folder: Path) -> None:
    """If-Range: the other ETag makes the server send all of it."""
    server.script("a", mirror.changed(bytes(SIZE), '"old"'))
    kill_at(1)
    server.script("a", mirror.well)

    run()

    assert len(server.asked_of("a")) == 2
    assert server.asked_of("b") == []
    assert_whole(folder)


def test_without_etag_a_resume_that_goes_wrong_is_tried_from_the_start(
    server: Server, folder: Path
) -> None:
    """The length is as before, the bytes are not: only the SHA-256 tells."""
    old = bytes(700) + PACKED[FIRST][700:]
    server.script("a", lambda exchange: mirror.answer(exchange, old, "", 600))
    kill_at(600)
    server.script("a", mirror.dies_after(SIZE, etag=""))

    run()

    assert server.asked_of("a") == ["", "bytes=600-", ""]
    assert server.asked_of("b") == []
    assert_whole(folder)


def test_without_etag_a_resume_of_another_length_is_refused(server: Server, folder: Path) -> None:
    server.script("a", lambda exchange: mirror.answer(exchange, bytes(SIZE + 9), "", 600))
    kill_at(600)
    server.script("a", mirror.dies_after(SIZE, etag=""))

    run()

    assert server.asked_of("a") == ["", "bytes=600-"]
    assert len(server.asked_of("b")) == 1
    assert_whole(folder)


def test_part_longer_than_the_servers_file_begins_anew(server: Server, folder: Path) -> None:
    server.script("a", lambda exchange: mirror.answer(exchange, bytes(SIZE + 50), stop=SIZE + 10))
    kill_at(SIZE + 10)
    server.script("a", mirror.well)

    run()

    assert server.asked_of("a") == ["", f"bytes={SIZE + 10}-", ""]
    assert_whole(folder)


def test_part_that_is_complete_needs_no_server(server: Server, folder: Path) -> None:
    """Killed between the last byte and the unpacking."""
    kill_at(SIZE)

    run()

    assert server.asked_of("a") == [""]
    assert_whole(folder)


@pytest.mark.parametrize(
    "note",
    [b"", b"{", b"[]", b'{"url": 3}', b"\xff", b'{"url": "x", "validator": "", "total": "many"}'],
)
def test_part_without_a_readable_note_begins_anew(
    note: bytes, server: Server, folder: Path
) -> None:
    folder.mkdir(parents=True)
    (folder / PART).write_bytes(b"something")
    (folder / f"{PART}.json").write_bytes(note)

    run()

    assert server.asked_of("a") == [""]
    assert_whole(folder)


def test_weak_etag_is_not_sent_back(server: Server, folder: Path) -> None:
    server.script("a", mirror.dies_after(600, etag='W/"one"'), mirror.well)
    kill_at(600)

    assert json.loads((folder / f"{PART}.json").read_bytes())["validator"] == ""
    run()
    assert_whole(folder)


# At once


def test_second_fetch_waits_for_the_first_and_finds_all(server: Server, folder: Path) -> None:
    """The first is held inside its first answer until the second says that it waits."""
    arrived, proceed = threading.Event(), threading.Event()

    def hold(exchange: mirror.Exchange) -> None:
        arrived.set()
        assert proceed.wait(LIMIT_S)
        mirror.well(exchange)

    server.script("a", hold)
    results: dict[str, Fetched] = {}
    first = threading.Thread(target=lambda: results.update(first=run()[0]))
    first.start()
    assert arrived.wait(LIMIT_S)

    def observer(moment: Moment) -> None:
        if moment.step is Step.WAITING:
            proceed.set()

    results["second"] = fetch(TINY, observer, patience=LONG)
    first.join(LIMIT_S)

    assert results["first"].new == NAMES
    assert results["second"].new == ()
    assert len(server.asked) == len(NAMES)
    assert_whole(folder)


def test_drive_without_locks_is_used_without_and_other_errors_are_not_hidden() -> None:
    assert lockfile._has_no_locks(OSError(errno.ENOLCK, "No locks available"))
    with pytest.raises(OSError, match="Input/output error"):
        lockfile._has_no_locks(OSError(errno.EIO, "Input/output error"))


# The disk


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("name", [PART, f".{FIRST}.new"])
def test_full_disk_is_said_and_no_mirror_is_blamed(name: str, server: Server, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / name).symlink_to("/dev/full")

    with pytest.raises(RequestError, match=r"cannot be written: No space left on device\."):
        run()

    assert server.asked_of("b") == []
    assert look(TINY).state is State.MISSING


def test_cache_that_cannot_be_made_is_said(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    with pytest.raises(RequestError, match=r"file/dlab/tiny cannot be written: Not a directory\."):
        run()
    assert server.asked == []


# Mirrors


def test_mirrors_are_public_and_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DLAB_MIRRORS", raising=False)

    assert mirrors_in_force() == MIRRORS
    assert len(MIRRORS) >= 3
    assert all(address.startswith("https://") for address in MIRRORS)


@pytest.mark.parametrize(
    "address", ["file:///srv", "ftp://x/y", "mirror.example/data", "https:///"]
)
def test_mirror_that_is_no_web_address_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLAB_MIRRORS", f"https://mirror.example {address}")

    with pytest.raises(RequestError) as caught:
        run()

    expected = f"DLAB_MIRRORS: '{address}' is not an http:// or https:// address."
    assert str(caught.value) == expected


def test_https_is_spoken(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """A server without TLS is told as such, not taken for http."""
    address = server.address("a").replace("http:", "https:")
    monkeypatch.setenv("DLAB_MIRRORS", address)

    with pytest.raises(FetchError, match=r"(?i)ssl"):
        run(replace(SHORT, connect_s=2))
    assert server.asked == []
