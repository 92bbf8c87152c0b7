"""The state of one test in one SQLite file. Nothing in it tells who a student is.

In WAL mode with synchronous=FULL: what was committed survives a kill and a power cut. One process
owns the file (a lock beside it says so) and one thread of it uses the connection.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.attempt import Attempt, Response
from grader.quiz.model import Value
from grader.quiz.serve.answers import canonical, from_canonical
from grader.quiz.serve.schema import SEAT, Saved, Seat, Test, open_to_read, read_seat
from grader.quiz.serve.session import Terms, ended_at


class Store:
    """Reads and writes the state; `transaction` makes it last."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use what open_to_write or open_to_read returned."""
        self._db = connection

    @property
    def changes(self) -> int:
        """Return how many rows were written since the file was opened."""
        return self._db.total_changes

    def close(self) -> None:
        """Close the file; what was in the WAL beside it is moved into it."""
        with contextlib.suppress(sqlite3.Error):  # a reader holds it: the WAL stays, and is read
            self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that is written inside last, or nothing of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """Undo what is written inside if it raises, and nothing else of the transaction."""
        self._db.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # a full disk ends all of it
                self._db.execute("ROLLBACK TO part")
                self._db.execute("RELEASE part")
            raise
        self._db.execute("RELEASE part")

    def save_to(self, path: Path) -> None:
        """Write a copy of the state into one file that does not exist yet."""
        self._db.execute("VACUUM INTO ?", (str(path),))

    # The test

    def test(self) -> Test | None:
        """Return what the state is about, or None if it is new."""
        row = self._db.execute(
            "SELECT quiz_id, bank_sha256, seed, nonce, secret_check,"
            " limit_s, opens_at, begin_by, closed_at FROM test"
        ).fetchone()
        if row is None:
            return None
        names = ("limit_s", "opens_at", "begin_by", "closed_at")
        return Test(
            quiz_id=row[0],
            bank_sha256=row[1],
            seed=row[2],
            nonce=row[3],
            secret_check=row[4],
            terms=Terms(**dict(zip(names, row[5:], strict=True))),
        )

    def terms(self) -> Terms:
        """Return when the test is open."""
        test = self.test()
        return test.terms if test else Terms()

    def put_test(self, test: Test) -> None:
        """Say what the state is about."""
        terms = test.terms
        own = (terms.limit_s, terms.opens_at, terms.begin_by, terms.closed_at)
        self._db.execute(
            "INSERT OR REPLACE INTO test VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (test.quiz_id, test.bank_sha256, test.seed, test.nonce, test.secret_check, *own),
        )

    def put_terms(self, terms: Terms) -> None:
        """Change when the test is open."""
        self._db.execute(
            "UPDATE test SET limit_s = ?, opens_at = ?, begin_by = ?, closed_at = ?",
            (terms.limit_s, terms.opens_at, terms.begin_by, terms.closed_at),
        )

    # Students

    def put_student(self, pseudonym: str, token_hash: str, accommodation: float) -> None:
        """Add a student, or change the accommodation of one."""
        self._db.execute(
            "INSERT INTO students (pseudonym, token_hash, accommodation) VALUES (?, ?, ?)"
            " ON CONFLICT (pseudonym) DO UPDATE SET accommodation = excluded.accommodation",
            (pseudonym, token_hash, accommodation),
        )

    def seats(self) -> tuple[Seat, ...]:
        """Return all students."""
        return tuple(map(read_seat, self._db.execute(f"{SEAT} ORDER BY s.pseudonym")))

    def seat(self, pseudonym: str) -> Seat:
        """Return one student."""
        return read_seat(self._db.execute(f"{SEAT} WHERE s.pseudonym = ?", (pseudonym,)).fetchone())

    def note_opened(self, pseudonym: str, now: float) -> None:
        """Remember when a link was first opened."""
        self._db.execute(
            "UPDATE students SET opened_at = ? WHERE pseudonym = ? AND opened_at = 0",
            (now, pseudonym),
        )

    def bind(self, pseudonym: str, browser_hash: str) -> None:
        """Let one browser, and no other, take a student's test; '' frees it."""
        self._db.execute(
            "UPDATE students SET browser_hash = ? WHERE pseudonym = ?", (browser_hash, pseudonym)
        )

    # Sittings

    def start(
        self, pseudonym: str, now: float, dealt: Sequence[tuple[str, int, Value]], due: float
    ) -> None:
        """Begin a student's test.

        Args:
            pseudonym: Whose.
            now: Seconds since 1970.
            dealt: Question id, variant and blank answer, in the order in which they are shown.
            due: The first deadline, for a reader of the file; a lecturer may extend it.
        """
        self._db.execute(
            "INSERT INTO sittings (pseudonym, started_at, deadline) VALUES (?, ?, ?)",
            (pseudonym, now, due if due < float("inf") else None),
        )
        self._db.executemany(
            "INSERT INTO answers (pseudonym, place, question_id, variant, value)"
            " VALUES (?, ?, ?, ?, ?)",
            [(pseudonym, n, q, v, canonical(blank)) for n, (q, v, blank) in enumerate(dealt, 1)],
        )

    def answers(self, pseudonym: str) -> tuple[Saved, ...]:
        """Return a student's answers in the order of the questions."""
        rows = self._db.execute(
            "SELECT question_id, variant, value, saved_at FROM answers"
            " WHERE pseudonym = ? ORDER BY place",
            (pseudonym,),
        )
        return tuple(
            Saved(question_id=q, variant=v, value=from_canonical(text), saved_at=at)
            for q, v, text, at in rows
        )

    def save(self, pseudonym: str, values: Mapping[str, Value], now: float) -> None:
        """Replace answers; those to other questions stay."""
        self._db.executemany(
            "UPDATE answers SET value = ?, saved_at = ? WHERE pseudonym = ? AND question_id = ?",
            [(canonical(value), now, pseudonym, name) for name, value in values.items()],
        )

    def submit(self, pseudonym: str, now: float) -> None:
        """End a student's test."""
        self._db.execute(
            "UPDATE sittings SET submitted_at = ? WHERE pseudonym = ?", (now, pseudonym)
        )

    def note_late(self, pseudonym: str, late_s: float) -> None:
        """Flag that something came too late, and was refused."""
        self._db.execute(
            "UPDATE sittings SET late_s = max(late_s, ?) WHERE pseudonym = ?", (late_s, pseudonym)
        )

    def answered(self) -> dict[str, int]:
        """Return how many students have answered each question."""
        blank = ('""', "[]", "{}")
        rows = self._db.execute(
            "SELECT question_id, sum(value NOT IN (?, ?, ?)) FROM answers GROUP BY question_id",
            blank,
        )
        return {question_id: int(count) for question_id, count in rows}

    # What happened

    def note(self, kind: str, now: float, pseudonym: str = "", detail: str = "") -> None:
        """Write down what happened."""
        self._db.execute(
            "INSERT INTO events (at, kind, pseudonym, detail) VALUES (?, ?, ?, ?)",
            (now, kind, pseudonym, detail),
        )

    def note_once(self, kind: str, now: float, pseudonym: str) -> None:
        """Write down what happened unless it did before: nobody fills the disk with it."""
        self._db.execute(
            "INSERT INTO events (at, kind, pseudonym, detail) SELECT ?, ?, ?, '' WHERE NOT EXISTS"
            " (SELECT 1 FROM events WHERE kind = ? AND pseudonym = ?)",
            (now, kind, pseudonym, kind, pseudonym),
        )

    def events(self) -> tuple[tuple[float, str, str, str], ...]:
        """Return time, kind, pseudonym and detail of all that was noted."""
        return tuple(
            self._db.execute("SELECT at, kind, pseudonym, detail FROM events ORDER BY event_id")
        )


def read_attempts(path: Path, *, now: float | None = None) -> tuple[Attempt, ...]:
    """Read what students answered from a state file, also while a server writes it.

    A test that was not submitted counts from what was saved; one that still runs has no
    submitted_at.

    Args:
        path: The file that `dlab quiz serve --state` named.
        now: Seconds since 1970; by default the time of day.

    Raises:
        RequestError: If it is not such a file.
    """
    db = open_to_read(path)
    with contextlib.closing(db):
        try:
            return attempts_of(Store(db), time.time() if now is None else now)
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise RequestError(f"{path}: the state is damaged: {error}.") from error


def attempts_of(store: Store, now: float) -> tuple[Attempt, ...]:
    """Return the sittings that were begun, by pseudonym."""
    test = store.test()
    if test is None:
        return ()
    return tuple(
        _attempt(store, test, seat, now) for seat in store.seats() if seat.sitting.started_at
    )


def _attempt(store: Store, test: Test, seat: Seat, now: float) -> Attempt:
    return Attempt(
        quiz_id=test.quiz_id,
        student=seat.pseudonym,
        responses=tuple(
            Response(question_id=saved.question_id, value=saved.value, variant=saved.variant)
            for saved in store.answers(seat.pseudonym)
        ),
        started_at=_iso(seat.sitting.started_at),
        submitted_at=_iso(ended_at(test.terms, seat.sitting, now)),
        late_s=round(seat.late_s, 1),
        accommodation=seat.sitting.accommodation,
        source="dlab-serve",
        bank_sha256=test.bank_sha256,
    )


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds") if at else ""
