"""Finds out where a file of responses comes from, and reads it."""

import difflib
import importlib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.model import Quiz
from grader.quiz.responses import amc, canvas, google_forms, moodle
from grader.quiz.responses.amc import is_amc, read_amc
from grader.quiz.responses.assemble import assemble
from grader.quiz.responses.canvas import is_canvas, read_canvas
from grader.quiz.responses.google_forms import is_google_forms, read_google_forms
from grader.quiz.responses.match import Finder
from grader.quiz.responses.moodle import is_moodle, json_table, read_moodle
from grader.quiz.responses.own import read_attempts_of, read_own
from grader.quiz.responses.sheet import FIELDS, Reading, Sheet, Wish, apply_wish
from grader.table import Table, decode, read_content, read_table

SOURCES = ("moodle", "canvas", "google-forms", "amc", "dlab")
SQLITE = b"SQLite format 3\0"
SPREADSHEET = "[Content_Types].xml"
SAMPLE_ROWS = 200  # enough to see which quiz a file is of
READERS: dict[str, Callable[[Table, Finder], Sheet]] = {
    "moodle": lambda table, finder: read_moodle(table, lambda text: bool(finder.variants(text))),
    "canvas": lambda table, _: read_canvas(table),
    "google-forms": read_google_forms,
    "amc": read_amc,
}
STYLES = {
    "moodle": moodle.STYLE,
    "canvas": canvas.STYLE,
    "google-forms": google_forms.STYLE,
    "amc": amc.STYLE,
}
LOOKS: dict[str, Callable[[Table], bool]] = {
    "canvas": is_canvas,
    "amc": is_amc,
    "moodle": is_moodle,
    "google-forms": is_google_forms,
}


def read_responses(path: Path, found: Table | bytes, quiz: Quiz, wish: Wish) -> Reading:
    """Read one file, or a folder of answers files, as `open_responses` found it.

    Raises:
        RequestError: If it cannot be read, or nobody knows what it is.
    """
    if isinstance(found, Table):
        return read_sheet(found, quiz, wish)
    if found == SQLITE:
        store = importlib.import_module("grader.quiz.serve.store")
        attempts = [(path.name, attempt) for attempt in store.read_attempts(path)]
        if not attempts:
            raise RequestError(f"{path.name}: nobody has begun the test yet.")
        return replace(read_attempts_of(attempts, quiz), source="dlab-serve")
    return read_own(path, quiz)


def open_responses(path: Path, wish: Wish) -> Table | bytes:
    """Return the table in a file; SQLITE for a state file, nothing for answers of our own.

    Raises:
        RequestError: If it is neither.
    """
    if not path.exists():
        raise RequestError(f"There is no file or folder '{path}'.")
    if path.is_dir() or _is_own_zip(path):
        return b""
    content = read_content(path)
    if content.startswith(SQLITE):
        return SQLITE
    if wish.source == "dlab":
        return b""
    text = decode(content, path.name, wish.encoding)
    start = text.lstrip()[:1]
    if start == "{":
        return b""
    return json_table(text, path.name) if start == "[" else read_table(text, path.name)


def _is_own_zip(path: Path) -> bool:
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            is_spreadsheet = SPREADSHEET in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise RequestError(f"{path.name} is not a readable zip: {error}.") from error
    if is_spreadsheet:
        raise RequestError(
            f"{path.name} is a spreadsheet; download the responses as CSV (a spreadsheet changes "
            "ids and numbers)."
        )
    return True


def read_sheet(table: Table, quiz: Quiz, wish: Wish, *, is_sample: bool = False) -> Reading:
    """Match a table to a quiz.

    Args:
        table: The file.
        quiz: The quiz that was asked.
        wish: What the user said.
        is_sample: Whether its first rows are enough.

    Raises:
        RequestError: If it cannot be read for certain.
    """
    _hold_mapping(quiz, wish)
    source = wish.source or detect(table)
    if is_sample:
        table = replace(table, rows=table.rows[:SAMPLE_ROWS])
    if wish.names_questions and not LOOKS[source](table):
        sheet = Sheet(source=source, table=table, style=STYLES[source])
    else:
        sheet = READERS[source](table, Finder(quiz))
    sheet = apply_wish(sheet, wish)
    if not sheet.table.rows:
        raise RequestError(f"{table.name} has no finished attempt.")
    if not sheet.columns:
        raise RequestError(f"{table.name} has no column with answers.")
    return assemble(quiz, sheet, wish.zone)


def _hold_mapping(quiz: Quiz, wish: Wish) -> None:
    """Refuse a column that is mapped to what the quiz does not have, or has in variants."""
    names = {question.variant_id for question in quiz.questions()}
    variants = {
        entry.question_id: [question.variant_id for question in entry.variants]
        for entry in quiz.entries
    }
    for column, target in wish.mapping.items():
        if target in FIELDS or target in names:
            continue
        if target in variants:
            raise RequestError(
                f"--map '{column}={target}': it has variants; name one of "
                f"{', '.join(variants[target])}."
            )
        near = difflib.get_close_matches(target, [*variants, *FIELDS], n=1)
        tail = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(variants)}."
        raise RequestError(
            f"--map '{column}={target}': '{quiz.quiz_id}' has no such question. {tail}"
        )


def detect(table: Table) -> str:
    """Return the source of a table.

    Raises:
        RequestError: If it looks like none of them.
    """
    for source, looks in LOOKS.items():
        if looks(table):
            return source
    raise RequestError(
        f"{table.name} looks like none of {', '.join(SOURCES)}. Say where it comes from, --from, "
        "and what its columns are: --map 'COLUMN=QUESTION-ID'"
    )
