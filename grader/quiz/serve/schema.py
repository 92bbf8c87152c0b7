"""What the state of a test looks like in SQLite, and how its file is opened."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.model import Value
from grader.quiz.serve.session import Sitting, Terms

APPLICATION_ID = 0x646C6142  # "dlaB": file(1) and we tell the file from other SQLite files
VERSION = 1
SCHEMA = """
CREATE TABLE test (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    quiz_id TEXT NOT NULL, bank_sha256 TEXT NOT NULL, seed INTEGER NOT NULL,
    nonce TEXT NOT NULL, secret_check TEXT NOT NULL,
    limit_s REAL NOT NULL, opens_at REAL NOT NULL, begin_by REAL NOT NULL, closed_at REAL NOT NULL
) STRICT;
CREATE TABLE students (
    pseudonym TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, accommodation REAL NOT NULL,
    browser_hash TEXT NOT NULL DEFAULT '', opened_at REAL NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE sittings (
    pseudonym TEXT PRIMARY KEY REFERENCES students,
    started_at REAL NOT NULL, deadline REAL,
    submitted_at REAL NOT NULL DEFAULT 0, late_s REAL NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE answers (
    pseudonym TEXT NOT NULL REFERENCES sittings, place INTEGER NOT NULL,
    question_id TEXT NOT NULL, variant INTEGER NOT NULL,
    value TEXT NOT NULL, saved_at REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (pseudonym, question_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
    event_id INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL,
    pseudonym TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """What a state file is about.

    Attributes:
        seed: Deals variants and orders.
        nonce: Makes this test's links differ from those of others.
        secret_check: Tells whether a secret is the one the test was begun with.
    """

    quiz_id: str
    bank_sha256: str
    seed: int
    nonce: str
    secret_check: str
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One student in one test.

    Attributes:
        browser_hash: Of the browser that began; empty if none has, or after a reset.
        opened_at: When the link was first opened; 0 if it was not.
        late_s: Seconds after the end that the last refused answer came.
    """

    pseudonym: str
    token_hash: str
    browser_hash: str
    opened_at: float
    sitting: Sitting
    late_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The answer to one question; blank, with saved_at 0, until one is given."""

    question_id: str
    variant: int
    value: Value
    saved_at: float


SeatRow = tuple[str, str, str, float, float, float, float, float]
SEAT = (
    "SELECT s.pseudonym, s.token_hash, s.browser_hash, s.opened_at, s.accommodation,"
    " coalesce(t.started_at, 0), coalesce(t.submitted_at, 0), coalesce(t.late_s, 0)"
    " FROM students s LEFT JOIN sittings t USING (pseudonym)"
)


def read_seat(row: SeatRow) -> Seat:
    """Return the seat that a row of SEAT holds."""
    return Seat(
        pseudonym=row[0],
        token_hash=row[1],
        browser_hash=row[2],
        opened_at=row[3],
        sitting=Sitting(accommodation=row[4], started_at=row[5], submitted_at=row[6]),
        late_s=row[7],
    )


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open a state; make the file, for its owner's eyes only, if there is none.

    Raises:
        RequestError: If it cannot be opened, or is another kind of file.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        # The writer's thread takes over from the one that opens.
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        is_new = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not is_new:
            _refuse_stranger(db, path)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        if is_new:
            marks = f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={VERSION};"
            db.executescript(f"BEGIN; {marks} {SCHEMA} COMMIT;")
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise RequestError(f"{path}: it is not a state of `dlab quiz serve`: {error}.") from error
    return db


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a state that a server may be writing.

    Raises:
        RequestError: If it cannot be read, or is another kind of file.
    """
    if not path.is_file():
        raise RequestError(f"There is no file {path}.")
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        _refuse_stranger(db, path)
    except sqlite3.Error as error:
        raise RequestError(f"{path}: it is not a state of `dlab quiz serve`: {error}.") from error
    return db


def _refuse_stranger(db: sqlite3.Connection, path: Path) -> None:
    found = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if found != APPLICATION_ID:
        raise RequestError(f"{path}: it is an SQLite file, but not a state of `dlab quiz serve`.")
    if version != VERSION:
        raise RequestError(f"{path}: version {version}; this dlab reads version {VERSION}.")
