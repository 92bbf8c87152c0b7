"""The course's secret, and what is made from it: pseudonyms and one-time links.

Whoever has the secret and the roster can make the same links and pseudonyms again; whoever has the
state of a test cannot: it knows pseudonyms and hashes of links only.
"""

import base64
import csv
import hashlib
import hmac
import io
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.serve.session import ACCOMMODATIONS
from grader.roster import Identity, fold
from grader.roster import read_roster as read_people

SECRET_BYTES = 32
TOKEN_BYTES = 16  # 128 bits
LINK_HEAD = ("student", "link", "code", "pseudonym")


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """A line of the roster.

    Attributes:
        student_id: As the roster has it.
        accommodation: Factor on the time limit.
    """

    student_id: str
    accommodation: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What one student is given, and what the lecturer needs to help.

    Attributes:
        token: Secret: who has it can take the test in this student's place.
        code: What the page shows to a second browser; the lecturer types it to let it in.
    """

    student_id: str
    pseudonym: str
    token: str
    code: str


def load_secret(path: Path) -> bytes:
    """Read the course's secret; make one if there is none.

    Raises:
        RequestError: If it lies in a repository, others can read it, or it is no secret of ours.
    """
    refuse_in_repository(path, "the secret of the pseudonyms")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror}.") from error
    made = secrets.token_bytes(SECRET_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return made


def _read_secret(path: Path) -> bytes:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise RequestError(f"{path}: others can read this secret: chmod 600 {path}")
        found = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError:
        found = b""
    if len(found) != SECRET_BYTES:
        raise RequestError(
            f"{path}: this is not a secret of dlab; name another file with --secret, "
            "dlab makes it if it is missing."
        )
    return found


def refuse_in_repository(path: Path, what: str) -> None:
    """Refuse a file that would be committed sooner or later.

    Raises:
        RequestError: If the file lies in a git repository.
    """
    for folder in path.absolute().parents:
        if (folder / ".git").exists():
            raise RequestError(
                f"{path} lies in the repository {folder}: {what} belongs outside it; "
                "name another path."
            )


def pseudonym(secret: bytes, student_id: str) -> str:
    """Return the name that results carry: always the same for the same student and secret."""
    return base64.b32encode(_derived(secret, fold(student_id)))[:12].decode()


def _derived(secret: bytes, text: str) -> bytes:
    return hmac.digest(secret, text.encode(), "sha256")


def make_link(secret: bytes, nonce: str, student_id: str) -> Link:
    """Return a student's link to one test.

    Args:
        secret: The course's.
        nonce: The test's own random text: links of two tests have nothing in common.
        student_id: As the roster has it.
    """
    name = pseudonym(secret, student_id)
    token = _token(secret, f"seat/{nonce}/{name}")
    return Link(student_id=student_id, pseudonym=name, token=token, code=code_of(hash_of(token)))


def lecturer_token(secret: bytes, nonce: str) -> str:
    """Return what opens the lecturer's page of one test."""
    return _token(secret, f"desk/{nonce}")


def secret_check(secret: bytes, nonce: str) -> str:
    """Return what tells, without telling the secret, whether a test was begun with it."""
    return _derived(secret, f"check/{nonce}").hex()


def _token(secret: bytes, text: str) -> str:
    return base64.urlsafe_b64encode(_derived(secret, text)[:TOKEN_BYTES]).rstrip(b"=").decode()


def new_browser() -> str:
    """Return a random name for a browser, for its cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether a text has the form of our tokens."""
    return len(text) == 22 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def hash_of(token: str) -> str:
    """Return what is stored instead of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_of(token_hash: str) -> str:
    """Return the short text by which student and lecturer speak of a link."""
    return base64.b32encode(bytes.fromhex(token_hash)[:5]).decode()


def read_roster(path: Path) -> tuple[Student, ...]:
    """Read who takes part, from the course's roster.

    Raises:
        RequestError: If it cannot be read, or has a factor on the time that we do not give.
    """
    return tuple(_student(person, path.name) for person in read_people(path).people)


def _student(person: Identity, name: str) -> Student:
    if person.accommodation not in ACCOMMODATIONS:
        known = ", ".join(f"{known:g}" for known in ACCOMMODATIONS)
        raise RequestError(
            f"{name}: '{person.student_id}' has accommodation {person.accommodation:g}; "
            f"it is one of {known}."
        )
    return Student(student_id=person.student_id, accommodation=person.accommodation)


def write_links(path: Path, links: tuple[Link, ...], address: str) -> None:
    """Write what each student is given, for the lecturer's eyes only.

    Args:
        path: Outside any repository; an older list is replaced, another file is not.
        links: One per student.
        address: What links begin with, such as https://quiz.example.org.

    Raises:
        RequestError: If it lies in a repository, is another file, or cannot be written.
    """
    refuse_links(path)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(LINK_HEAD)
    for link in links:
        row = [link.student_id, f"{address}/s/{link.token}", link.code, link.pseudonym]
        writer.writerow(row)
    try:
        _write_private(path, buffer.getvalue())
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror}.") from error


def refuse_links(path: Path) -> None:
    """Refuse a place where no list of links may be written.

    Raises:
        RequestError: If it lies in a repository, or there is another file.
    """
    refuse_in_repository(path, "the list of links")
    head = ",".join(LINK_HEAD).encode()
    if path.exists() and not (path.is_file() and path.read_bytes()[: len(head)] == head):
        raise RequestError(f"{path} is there and is no list of links; name another file.")


def _write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read, at no moment."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
