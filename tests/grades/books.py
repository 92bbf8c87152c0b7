"""Books, rosters and results folders for the tests of grades."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st
from miniature import make_report

from grader.course import Course
from grader.course_book import Book, Cell, Column, Gap, GapKind, Kind, Row, rounded
from grader.grades.target import GradeWish
from grader.model import CheckResult, Outcome
from grader.quiz.attempt import Attempt, Response
from grader.result import to_json, write_atomically
from grader.roster import Identity

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
WISH = GradeWish(now=NOW)
LAB = Column(column_id="lab3_mlp", title="Multi-layer nets", kind=Kind.LAB, max_points=20)
PRE = Column(column_id="session3-pre", title="Session 3, entry", kind=Kind.PRE, max_points=9)
HOSTILE = (
    Identity(student_id="0012345", name="Ada Lovelace", username="ada", email="ada@x.example"),
    Identity(student_id="0012346", name="O'Brien, Zoë", username="zoe", email="Zoe@x.example"),
    Identity(student_id="A-77", name='=HYPERLINK("x")', username="=1+1", email="eve@x.example"),
    Identity(student_id="88", name="Points Possible; Wei", username="wei", email="wei@x.example"),
    Identity(student_id="89", name="Lin", username="lin1", email="lin1@x.example"),
    Identity(student_id="90", name="Lin", username="lin2", email="lin2@x.example"),
)


def cell(points: float, comment: str = "Score") -> Cell:
    """Return a score."""
    return Cell(points=points, comment=comment)


def hostile_book() -> Book:
    """Return a class whose names, ids and comments hurt careless files."""
    ada, zoe, eve, wei, lin, other = HOSTILE
    rows = (
        Row(identity=ada, cells={LAB.column_id: cell(18.5), PRE.column_id: cell(9)}),
        Row(
            identity=zoe,
            cells={LAB.column_id: cell(12, "Score 12/20: got 1,792"), PRE.column_id: cell(7.25)},
        ),
        Row(identity=eve, cells={LAB.column_id: cell(0)}, gaps={PRE.column_id: gap()}),
        Row(identity=wei, cells={PRE.column_id: cell(1 / 4)}),
        Row(identity=lin, cells={LAB.column_id: cell(20)}),
        Row(identity=other, cells={LAB.column_id: cell(19.99)}),
        Row(identity=Identity(student_id="absent", name="Nobody")),
    )
    return Book(course="C", columns=(LAB, PRE), rows=rows)


def gap(kind: GapKind = GapKind.WITHHELD) -> Gap:
    """Return why there is no score."""
    return Gap(kind=kind, reason="a check of the course failed")


def numbers(book: Book) -> dict[str, dict[str, float]]:
    """Return the scores by student and column, of students that have any."""
    return {
        row.identity.student_id: {key: entry.points for key, entry in row.cells.items()}
        for row in book.rows
        if row.cells
    }


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
IDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=8
).filter(lambda text: text.strip() and text == text.strip())


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Draw any class with any names, ids and scores."""
    maxima = draw(st.lists(st.integers(1, 2000), min_size=1, max_size=4))
    columns = tuple(
        Column(column_id=f"c{n}", title=f"Column {n}", kind=Kind.LAB, max_points=most)
        for n, most in enumerate(maxima)
    )
    ids = draw(st.lists(IDS, min_size=1, max_size=6, unique_by=str.casefold))
    rows = []
    for n, student_id in enumerate(ids):
        cells = {
            column.column_id: Cell(
                points=rounded(draw(st.floats(0, column.max_points))), comment=draw(TEXTS)
            )
            for column in columns
            if draw(st.booleans())
        }
        person = Identity(
            student_id=student_id, name=draw(TEXTS) + "x", username=f"u{n}", canvas_id=f"{n + 1}"
        )
        rows.append(Row(identity=person, cells=cells))
    return Book(course="C", columns=columns, rows=tuple(rows))


# Results folders

QUIZ = """---
quiz: {name}
title: "{title}"
lecture: {lecture}
role: {role}
---

## {name}-q1: One {{points=2}}

Two?

- [x] yes
- [ ] no

## {name}-q2: Several {{points=3}}

Which?

- [x] a
- [x] b
- [x] c
- [ ] d
"""


def make_course(folder: Path) -> Course:
    """Make a course with a bank of three quizzes and no labs."""
    root = folder / "course"
    (root / "quizzes").mkdir(parents=True)
    (root / "assignments").mkdir()
    (root / "course.toml").write_text('schema = 1\ntitle = "C"\n', encoding="utf-8")
    for name, lecture, role in (
        ("s1-post", 1, "post"),
        ("s1-pre", 1, "pre"),
        ("s0", 0, "practice"),
    ):
        text = QUIZ.format(name=name, title=f"Test {name}", lecture=lecture, role=role)
        (root / "quizzes" / f"{name}.quiz.md").write_text(text, encoding="utf-8")
    return Course(root=root, title="C", seed=1)


def sit(course: Course, name: str, student: str, ticked: str = "a", **known: object) -> Attempt:
    """Return a sitting: the first question right, of the second these options ticked."""
    from grader.quiz.source import find_quiz

    first, second = (entry.first for entry in find_quiz(course, name).entries)
    right = tuple(option.option_id for option in first.answer.options if option.is_right)
    chosen = tuple(o.option_id for o in second.answer.options if o.text in tuple(ticked))
    responses = (
        Response(question_id=first.question_id, value=right),
        Response(question_id=second.question_id, value=chosen),
    )
    return Attempt(quiz_id=name, student=student, responses=responses, **known)


def store(course: Course, out: Path, name: str, *attempts: Attempt) -> Path:
    """Store sittings as `dlab quiz import` does."""
    from grader.quiz.archive import Keep, plan_storing
    from grader.quiz.source import find_quiz

    quiz = find_quiz(course, name)
    return plan_storing(out, course.title, quiz, attempts, Keep.FIRST).write()


def put_lab(out: Path, student: str, points: int | None = 3, **known: object) -> None:
    """Write a result file as `dlab grade` does."""
    lab_id = str(known.get("lab_id", "lab9_tiny"))
    report = make_report(student, points, **known)
    write_atomically(out / lab_id / student / "result.json", to_json(report))


def check(check_id: str, points: int, most: int) -> CheckResult:
    """Return a check with some points lost."""
    outcome = Outcome.PASSED if points == most else Outcome.FAILED
    return CheckResult(
        check_id=check_id,
        title=f"{check_id}: works",
        outcome=outcome,
        points=points,
        max_points=most,
    )
