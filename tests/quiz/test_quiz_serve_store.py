"""The state file: what lasts, what is read back, and what is refused."""

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.errors import RequestError
from grader.quiz.attempt import Attempt
from grader.quiz.model import Value
from grader.quiz.serve.schema import Test as State
from grader.quiz.serve.schema import open_to_read, open_to_write
from grader.quiz.serve.session import Terms
from grader.quiz.serve.store import Store, read_attempts
from grader.quiz.serve.writer import MOST_WAITING, BusyError, Writer

NAME = "ABCDEFGHIJKL"
DEALT: tuple[tuple[str, int, Value], ...] = (("one", 0, ()), ("two", 3, ""), ("three", 0, {}))


def begun(path: Path, limit_s: float = 600) -> Store:
    """Return a store with one student, who began at 1000."""
    store = Store(open_to_write(path))
    with store.transaction():
        store.put_test(
            State(
                quiz_id="sample",
                bank_sha256="ab",
                seed=7,
                nonce="n",
                secret_check="c",
                terms=Terms(limit_s=limit_s),
            )
        )
        store.put_student(NAME, "hash", 1.5)
        store.start(NAME, 1000, DEALT, 1915)
    return store


def test_attempts_are_read_back_while_the_store_is_open(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")
    with store.transaction():
        store.save(NAME, {"two": "1 792", "one": ("b",)}, 1010)

    (attempt,) = read_attempts(tmp_path / "s.sqlite", now=1020)

    assert isinstance(attempt, Attempt)
    assert attempt.student == NAME
    assert attempt.source == "dlab-serve"
    assert attempt.bank_sha256 == "ab"
    assert attempt.accommodation == 1.5
    assert attempt.started_at == "1970-01-01T00:16:40+00:00"
    assert attempt.submitted_at == ""
    assert [(r.question_id, r.variant, r.value) for r in attempt.responses] == [
        ("one", 0, ("b",)),
        ("two", 3, "1 792"),
        ("three", 0, {}),
    ]
    store.close()


def test_a_test_that_was_not_submitted_counts_from_its_saves(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")
    store.close()

    (attempt,) = read_attempts(tmp_path / "s.sqlite", now=5000)

    assert attempt.submitted_at == "1970-01-01T00:31:55+00:00"  # 1000 + 600 * 1.5 + 15
    assert attempt.late_s == 0


def test_who_never_began_has_no_attempt(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")
    with store.transaction():
        store.put_student("MNOPQRSTUVWX", "other", 1.0)
    store.close()

    assert [a.student for a in read_attempts(tmp_path / "s.sqlite", now=1)] == [NAME]


def test_file_is_for_its_owner_and_one_file_after_a_clean_end(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")
    names = {path.name for path in tmp_path.iterdir()}
    store.close()

    assert "s.sqlite-wal" in names
    assert [path.name for path in tmp_path.iterdir()] == ["s.sqlite"]
    assert stat.S_IMODE((tmp_path / "s.sqlite").stat().st_mode) == 0o600


def test_the_file_is_durable_by_setting(tmp_path: Path) -> None:
    db = open_to_write(tmp_path / "s.sqlite")

    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    db.close()


def foreign(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE students (name TEXT)")
    db.close()


def from_the_future(path: Path) -> None:
    begun(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 9")
    db.close()


def cut(path: Path) -> None:
    begun(path).close()
    path.write_bytes(path.read_bytes()[:5000])


WRONG: list[tuple[Callable[[Path], Any], str]] = [
    (foreign, "it is an SQLite file, but not a state of `dlab quiz serve`"),
    (from_the_future, "version 9; this dlab reads version 1"),
    (lambda path: path.write_text("student,answer\n" * 100), "it is not a state of"),
    (cut, "it is not a state of|is damaged"),
]


@pytest.mark.parametrize(("make", "said"), WRONG)
def test_another_file_is_refused_and_left_as_it_is(
    make: Callable[[Path], Any], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    before = path.read_bytes()

    with pytest.raises(RequestError, match=said) as caught:
        read_attempts(path)
    if make is not cut:
        with pytest.raises(RequestError, match=said):
            open_to_write(path)

    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_missing_file_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="There is no file"):
        read_attempts(tmp_path / "s.sqlite")
    assert not list(tmp_path.iterdir())


def test_tampered_answers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    begun(path).close()
    db = sqlite3.connect(path)
    db.execute("UPDATE answers SET value = '[NaN]'")
    db.commit()
    db.close()

    with pytest.raises(RequestError, match="the state is damaged"):
        read_attempts(path)


def test_reading_writes_nothing(tmp_path: Path) -> None:
    begun(tmp_path / "s.sqlite").close()
    db = open_to_read(tmp_path / "s.sqlite")

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM answers")
    db.close()


def test_a_copy_is_one_whole_file(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")
    store.save_to(tmp_path / "copy.sqlite")
    store.close()

    now = 1001.0
    assert read_attempts(tmp_path / "copy.sqlite", now=now) == read_attempts(
        tmp_path / "s.sqlite", now=now
    )


def test_events_that_repeat_are_written_once(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")
    with store.transaction():
        for at in range(5):
            store.note_once("late", at, NAME)
        store.note("extended", 6, detail="5 min")

    assert [event[1] for event in store.events()] == ["late", "extended"]
    store.close()


# The writer


async def _with_writer(store: Store, work: Callable[[Writer], Any]) -> Any:
    writer = Writer(store)
    writer.start()
    try:
        return await work(writer)
    finally:
        await asyncio.to_thread(writer.stop)


def test_many_jobs_at_once_all_last(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")

    async def work(writer: Writer) -> None:
        def job(number: int) -> Callable[[Store], None]:
            return lambda store: store.note("n", number)

        await asyncio.gather(*(writer.do(job(number)) for number in range(500)))

    asyncio.run(_with_writer(store, work))

    again = Store(open_to_read(tmp_path / "s.sqlite"))
    assert [event[0] for event in again.events()] == list(range(500))
    again._db.close()


def test_a_job_that_raises_undoes_itself_and_nothing_else(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")

    def bad(store: Store) -> None:
        store.note("bad", 1)
        raise KeyError("own")

    async def work(writer: Writer) -> list[Any]:
        return await asyncio.gather(
            writer.do(lambda store: store.note("good", 1)),
            writer.do(bad),
            writer.do(lambda store: store.note("good", 2)),
            return_exceptions=True,
        )

    found = asyncio.run(_with_writer(store, work))

    assert isinstance(found[1], KeyError)
    again = Store(open_to_read(tmp_path / "s.sqlite"))
    assert [event[1] for event in again.events()] == ["good", "good"]
    again._db.close()


def test_a_full_disk_is_told_and_acknowledges_nothing(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")

    async def work(writer: Writer) -> str:
        with pytest.raises(BusyError):
            await writer.do(lambda store: store.note("x" * 100_000, 1))
        problem = writer.problem
        await writer.do(lambda store: store.terms())
        assert writer.problem == problem  # reading does not show that writing works again
        await writer.do(lambda store: store.note("small", 1))
        assert writer.problem == ""
        return problem

    problem = asyncio.run(_with_writer(store, work))

    assert problem == "The state cannot be written: database or disk is full."


def test_too_much_waiting_is_refused(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.sqlite")
    gate = threading.Event()

    async def work(writer: Writer) -> int:
        first = asyncio.create_task(writer.do(lambda _: gate.wait(60)))
        await asyncio.sleep(0)  # the task begins
        while writer._queue.qsize():  # and the thread takes it
            await asyncio.sleep(0)
        rest = [asyncio.create_task(writer.do(lambda _: None)) for _ in range(MOST_WAITING + 3)]
        await asyncio.sleep(0)
        gate.set()
        found = await asyncio.gather(first, *rest, return_exceptions=True)
        return sum(isinstance(entry, BusyError) for entry in found)

    assert asyncio.run(_with_writer(store, work)) == 3
