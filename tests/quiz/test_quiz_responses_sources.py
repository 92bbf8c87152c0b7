"""Canvas, Google Forms, Auto Multiple Choice: what is theirs alone; how files are told apart."""

import csv
import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from response_files import (
    GAUNTLET,
    Person,
    amc_csv,
    answers,
    canvas_csv,
    forms_csv,
    moodle_csv,
    moodle_rows,
    names,
    person,
    to_csv,
)
from samples import write_quiz

from grader.errors import RequestError
from grader.quiz.attempt import mark_attempt
from grader.quiz.model import Quiz
from grader.quiz.responses.collect import Collected, collect
from grader.quiz.responses.sheet import Wish
from grader.quiz.source import read_quiz
from grader.roster import Identity, Roster

PLAIN = r"""
## reg: Regularisers {points=2}

Which act as regularisers?

- [x] dropout, in training
- [x] weight decay
- [ ] a, larger rate

## conv: Parameters

Parameters of `Conv2d(3, 64, 3)`?

= 1792
"""


@pytest.fixture
def gauntlet(tmp_path: Path) -> Quiz:
    return read_quiz(write_quiz(tmp_path, GAUNTLET))


@pytest.fixture
def plain(tmp_path: Path) -> Quiz:
    return read_quiz(write_quiz(tmp_path, PLAIN, "plain"))


def load(quiz: Quiz, folder: Path, text: str | bytes, wish: Wish | None = None) -> Collected:
    path = folder / "r.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    roster = Roster(name="r", people=(Identity(student_id="ada", email="ada@uni.example"),))
    return collect([path], quiz, wish or Wish(), roster, lambda: [quiz])


def refusal(quiz: Quiz, folder: Path, text: str | bytes, wish: Wish | None = None) -> str:
    with pytest.raises(RequestError) as caught:
        load(quiz, folder, text, wish)
    return str(caught.value)


# Canvas


def test_canvas_scores_are_compared_question_by_question(gauntlet: Quiz, tmp_path: Path):
    marks = {entry.question_id: float(entry.first.points) for entry in gauntlet.entries}
    right = person(gauntlet, marks=marks | {"shapes": 1.0})

    found = load(gauntlet, tmp_path, canvas_csv(gauntlet, [right]))

    assert found.compared == 7
    assert [str(entry) for entry in found.differences] == ["ada shapes: there 1.0, ours 100.0%"]


def test_canvas_columns_are_told_in_any_language(plain: Quiz, tmp_path: Path):
    head = ["nombre", "identidad", "sección", "entregado", "7: Which act as regularisers?", "2.0"]
    rows = [[*head, "bien", "mal", "nota"], ["A", "ada", "", "", "weight decay", "1.0", 1, 0, 1]]

    found = load(plain, tmp_path, to_csv(rows))

    assert found.sources == ("canvas",)
    assert found.matched.matched == ("ada",)
    assert names(plain, "reg", answers(found.attempts[0])["reg"]) == ["weight decay"]


def test_escaped_commas_are_part_of_an_option(plain: Quiz, tmp_path: Path):
    cell = "dropout\\, in training,a\\, larger rate"
    head = ["name", "id", "section", "submitted", "7: Which act as regularisers?", "2.0"]
    rows = [[*head, "n correct", "n incorrect", "score"], ["A", "ada", "", "", cell, 1, 1, 0, 1]]

    found = load(plain, tmp_path, to_csv(rows))

    value = answers(found.attempts[0])["reg"]
    assert names(plain, "reg", value) == ["dropout, in training", "a, larger rate"]


def test_a_quiz_of_new_quizzes_is_refused_with_a_way_out(plain: Quiz, tmp_path: Path):
    message = refusal(plain, tmp_path, "name,id,Q1,Q2\nA,1,x,y\n", Wish(source="canvas"))

    assert "New Quizzes write another report" in message
    assert "--map" in message


# Google Forms


@pytest.mark.parametrize("separator", [", ", ";"])
def test_checkboxes_with_commas_in_them_are_read(plain: Quiz, tmp_path: Path, separator: str):
    chosen = separator.join(["dropout, in training", "weight decay"])
    head = ["Timestamp", "Email Address", "Which act as regularisers?", "How many? [conv]"]
    rows = [head, ["4/10/2026 10:15:00", "ada@uni.example", chosen, "1792"]]

    found = load(plain, tmp_path, to_csv(rows))

    (attempt,) = found.attempts
    assert found.is_complete
    assert attempt.submitted_at == ""  # April or October
    assert names(plain, "reg", answers(attempt)["reg"]) == ["dropout, in training", "weight decay"]
    assert answers(attempt)["conv"] == "1792"


def test_columns_that_are_no_question_are_noted_and_block_nothing(plain: Quiz, tmp_path: Path):
    head = ["Timestamp", "Email Address", "Score", "Your seat", "A [reg]", "B [conv]"]
    row = ["2026/10/04 10:15:00 AM GMT+2", "ada@uni.example", "1 / 3", "=1+1", "weight decay", "5"]

    found = load(plain, tmp_path, to_csv([head, row]))

    assert found.is_complete
    assert str(found.issues[0]) == (
        "r.csv:1: column 'Your seat' is no question of 'plain'; if it is one: "
        "--map 'COLUMN=QUESTION-ID'"
    )
    assert found.compared == 1


def test_a_form_with_an_id_of_another_bank_is_refused(plain: Quiz, tmp_path: Path):
    head = "Timestamp,Email Address,A [other-q],B [another-q],C [reg-v7]\n"
    row = "2026/10/04 10:15:00 AM GMT+2,ada@uni.example,x,y,z\n"

    message = refusal(plain, tmp_path, head + row)

    assert "r.csv: these are responses for another quiz: it has 0 of the 2 questions" in message


def test_a_question_asked_in_two_columns_is_listed(plain: Quiz, tmp_path: Path):
    head = "Timestamp,Email Address,A [conv],B [conv],C [reg]\n"
    row = "2026/10/04 10:15:00 AM GMT+2,ada@uni.example,1,2,weight decay\n"

    found = load(plain, tmp_path, head + row)

    assert [str(issue) for issue in found.issues] == [
        "r.csv:2: conv: two columns have an answer to it"
    ]


def test_variants_that_nothing_tells_apart_are_listed(gauntlet: Quiz, tmp_path: Path):
    text = forms_csv(gauntlet, [person(gauntlet)]).decode()
    text = text.replace("[size-v1]", "[size]").replace("How many parameters has", "How many in")

    found = load(gauntlet, tmp_path, text)

    lines = [str(issue) for issue in found.issues if issue.is_blocking]
    assert lines == ["r.csv:2: size: nothing tells which of its 3 variants was shown"]


# AMC


def test_ticks_that_no_paper_has_are_listed(gauntlet: Quiz, tmp_path: Path):
    text = amc_csv(gauntlet, [person(gauntlet)]).decode().replace('"1;0;0;0"', '"1;0;0;0;1"')

    found = load(gauntlet, tmp_path, text)

    assert "r.csv:2: one-math: 'ticks 1;0;0;0;1' is none of its options" in str(found.issues[0])


def test_two_ticks_where_one_is_asked_earn_nothing_and_block_nothing(
    gauntlet: Quiz, tmp_path: Path
):
    text = amc_csv(gauntlet, [person(gauntlet)]).decode().replace('"1;0;0;0"', '"1;1;0;0"')

    found = load(gauntlet, tmp_path, text)

    assert len(answers(found.attempts[0])["one-math"]) == 2  # type: ignore[arg-type]
    assert not [issue for issue in found.issues if "one-math" in issue.message]


def test_ticks_of_a_number_are_not_taken_for_an_answer(plain: Quiz, tmp_path: Path):
    head = ["Exam", "A:id", "Name", "Mark", "reg", "TICKED:reg", "conv", "TICKED:conv"]
    rows = [head, ["1", "ada", "Ada", "1,5", "1", "110", "1", "0;1;0;0"]]

    found = load(plain, tmp_path, to_csv(rows, everything=True))

    assert [str(issue) for issue in found.issues] == [
        "r.csv:2: reg: 'ticks 110' is none of its options (was it edited since?)",
        "r.csv:2: conv: AMC has ticks, and it is no choice; give its points by hand",
    ]


def test_absent_students_have_no_paper(gauntlet: Quiz, tmp_path: Path):
    lines = amc_csv(gauntlet, [person(gauntlet)]).decode().splitlines()
    lines.append('"","bob","Bob","ABS"' + ',""' * (lines[0].count(",") - 3))

    found = load(gauntlet, tmp_path, "\n".join(lines))

    assert [attempt.student for attempt in found.attempts] == ["ada"]
    assert found.notes == ("r.csv: 1 students without a paper; left out",)


def test_amc_without_ticks_is_refused(plain: Quiz, tmp_path: Path):
    message = refusal(plain, tmp_path, "Exam,A:id,Name,Mark,reg\n1,ada,Ada,1,1\n")

    assert message == (
        "r.csv has points but no answers: export it from AMC again with the option 'ticked' set "
        "to '01' or 'AB'."
    )


# Which source


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b,c\n1,2,3\n", "r.csv looks like none of moodle, canvas, google-forms, amc, dlab."),
        ("[[]]", "r.csv has no rows: there is nobody in it."),
        ("[1, 2]", "r.csv is JSON, and no responses report of Moodle."),
        ('[[{"a": 1}, {"b": 1}]]', "r.csv: record 2 has other keys than the first."),
        ("[[" * 50_000, "r.csv is damaged JSON; download it again."),
        ("{}", "this is not an answers file of `dlab quiz take`."),
        ("PK\x03\x04", "r.csv:1: this is no table"),
    ],
)
def test_files_of_no_source_are_refused(plain: Quiz, tmp_path: Path, text: str, message: str):
    assert message in refusal(plain, tmp_path, text)


def test_a_spreadsheet_is_refused(plain: Quiz, tmp_path: Path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Timestamp", "Email Address"])
    book.save(tmp_path / "r.csv")

    message = refusal(plain, tmp_path, (tmp_path / "r.csv").read_bytes())

    assert message.startswith("r.csv is a spreadsheet; download the responses as CSV")


def test_a_wrong_source_is_refused(gauntlet: Quiz, tmp_path: Path):
    text = canvas_csv(gauntlet, [person(gauntlet)])

    assert "no column is numbered" in refusal(gauntlet, tmp_path, text, Wish(source="moodle"))


# Variants that only the answers tell

TABLES = r"""
## table: Shapes {variants=3}

Match each layer with its shape.

| layer | shape |
|---|---|
| `MaxPool2d({{k}})` | `({{k}}, 1)` |
| `Flatten({{k}})` | `({{k}},)` |

```params
k = [2, 3, 5]
```

## other: Other

What is the other one?

= 1
"""


@pytest.mark.parametrize("columns", [(0, 1), (0, 1, 2)])
@pytest.mark.parametrize("variant", [1, 2, 3])
def test_a_variant_is_told_by_its_table(tmp_path: Path, variant: int, columns: tuple[int, ...]):
    quiz = read_quiz(write_quiz(tmp_path, TABLES, "tables"))
    somebody = person(quiz)
    _, value = somebody.answers["table"]
    mine = Person("ada", {**somebody.answers, "table": (variant, value)})
    words = ("Kysymys", "Vastaus", "Oikea")  # no language that dlab knows

    for content in (
        to_csv(moodle_rows(quiz, [mine], words=words, columns=columns)).encode(),
        canvas_csv(quiz, [mine]),
    ):
        found = load(quiz, tmp_path, content)

        assert found.is_complete
        (response,) = (r for r in found.attempts[0].responses if r.question_id == "table")
        assert (response.variant, response.value) == (variant, value)


def test_a_response_and_a_right_answer_without_the_question_are_told(plain: Quiz, tmp_path: Path):
    rows = moodle_rows(plain, [person(plain)], words=("K", "Vastaus", "Oikea"), columns=(1, 2))

    found = load(plain, tmp_path, to_csv(rows))

    assert answers(found.attempts[0])["conv"] == "1792"


# Grids


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (("1", "1", "3", "4"), ""),  # two steps at one place: the student's own mistake
        (("1", "2", "3", ""), ""),
        (("1", "2", "3", "9"), "steps: '9' is no answer to its row 'optimizer.step()'"),
        (("first", "2", "3", "4"), "steps: 'first' is no answer to its row 'zero_grad()'"),
    ],
)
def test_an_order_in_a_grid_is_read_row_by_row(
    gauntlet: Quiz, tmp_path: Path, cells: tuple[str, ...], problem: str
):
    steps = ("zero_grad()", "loss = criterion(model(x), y)", "loss.backward()", "optimizer.step()")
    rest = [f"Q [{name}]" for name in ("one-math", "many", "truth", "name")]
    rows = [["Timestamp", "Email Address", *rest, *(f"Order [steps] [{step}]" for step in steps)]]
    rows.append(["2026/10/04 10:15:00 AM GMT+2", "ada@uni.example", *[""] * 4, *cells])

    found = load(gauntlet, tmp_path, to_csv(rows))

    problems = [i.message for i in found.issues if i.is_blocking and i.place == "r.csv:2"]
    assert problems == ([problem] if problem else [])
    mark = mark_attempt(gauntlet, found.attempts[0]).marked[6].mark
    assert mark.fraction == {"": 0.5 if cells[1] == "1" else 0.75}.get(problem, 0)


# Who it was


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("1.23E+15", "r.csv:2: '1.23E+15' is no student id"),
        ("x" * 200, "is no student id"),
        ("", "r.csv:2: the row names no student ('A:id' is empty)"),
    ],
)
def test_what_is_no_id_is_listed(gauntlet: Quiz, tmp_path: Path, key: str, message: str):
    (tmp_path / "r.csv").write_bytes(amc_csv(gauntlet, [person(gauntlet, key)]))

    found = collect([tmp_path / "r.csv"], gauntlet, Wish(), None, lambda: [gauntlet])

    assert message in found.matched.not_in_roster[0]
    assert found.attempts == ()


def test_the_column_that_the_roster_knows_best_is_taken(plain: Quiz, tmp_path: Path):
    rows = moodle_rows(plain, [person(plain, "ada"), person(plain, "zoe")])
    for row in rows[1:-1]:
        row[2] = f"no-{row[2]}"  # an id that only the LMS has
    (tmp_path / "r.csv").write_text(to_csv(rows))
    people = (
        Identity(student_id="1", username="ada", email="ada@uni.example"),
        Identity(student_id="2", username="zoe", email="zoe@uni.example"),
        Identity(student_id="zoe@uni.example"),
    )
    roster = Roster(name="roster.csv", people=people)

    found = collect([tmp_path / "r.csv"], plain, Wish(), roster, lambda: [plain])

    assert found.matched.matched == ("1",)
    assert found.matched.without_result == ("2", "zoe@uni.example")
    assert found.matched.ambiguous == (
        "r.csv:5: 'zoe@uni.example' may be 'zoe@uni.example' and '2'",
    )


def test_a_file_without_any_identity_is_refused(plain: Quiz, tmp_path: Path):
    text = "Timestamp,A [conv],B [reg]\n2026/10/04 10:15:00 AM GMT+2,1,weight decay\n"

    assert refusal(plain, tmp_path, text) == (
        "r.csv:2: no column says who the student is; name one: --key-column COLUMN"
    )


# Hostile files

CELLS = st.sampled_from(
    ["", "-", "=1+1", "; ; ;", "a -> b", "\\,", "]]>", "<b>x</b>", "\x1b[2J", "9" * 50, ";" * 900]
)


@pytest.mark.parametrize("write", [moodle_csv, canvas_csv, forms_csv, amc_csv])
def test_any_cells_end_in_attempts_or_a_refusal(
    gauntlet: Quiz, tmp_path: Path, write: Callable[..., bytes]
):
    text = write(gauntlet, [person(gauntlet)]).decode("utf-8-sig")
    delimiter = ";" if text.count(";") > 9 * text.count(",") else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))

    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        changed = [list(row) for row in rows]
        for _ in range(data.draw(st.integers(1, 6))):
            line = data.draw(st.integers(0, 1))
            place = data.draw(st.integers(0, len(rows[0]) - 1))
            changed[line][place] = data.draw(CELLS | st.text(max_size=10))
        try:
            found = load(gauntlet, tmp_path, to_csv(changed).encode("utf-8", "replace"))
        except RequestError:
            return
        for attempt in found.attempts:
            assert 0 <= mark_attempt(gauntlet, attempt).points <= gauntlet.points

    check()


# Size


def test_a_student_with_many_rows_is_read_in_one_go(plain: Quiz, tmp_path: Path):
    head = "Timestamp,Email Address,A [conv],B [reg]\n"
    when = "2026/10/04 10:15:00 AM GMT+2,ada@uni.example"
    rows = "".join(f"{when},{number},weight decay\n" for number in range(5000))

    found = load(plain, tmp_path, head + rows + rows)

    assert [attempt.number for attempt in found.attempts] == list(range(1, 5001))
    assert found.notes == ("5000 attempts are there twice; counted once",)


@pytest.mark.long
def test_the_time_is_in_proportion_to_the_rows(gauntlet: Quiz, tmp_path: Path):
    text = moodle_csv(gauntlet, [person(gauntlet, "ada")]).decode()
    head, row, _ = re.split("(?=Doe,|Overall)", text)
    times = {}
    for count in (10_000, 100_000):
        rows = "".join(row.replace("ada", f"s{number}") for number in range(count))
        (tmp_path / "r.csv").write_text(head + rows)
        start = time.process_time()
        found = collect([tmp_path / "r.csv"], gauntlet, Wish(), None, lambda: [gauntlet])
        times[count] = time.process_time() - start
        assert len(found.attempts) == count

    assert times[100_000] < 20 * times[10_000]  # 10, and room for a busy machine
