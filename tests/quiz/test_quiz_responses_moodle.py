"""Moodle's responses report: a real row, both generations of headers, other languages, refusals."""

import json
import zoneinfo
from pathlib import Path

import pytest
from response_files import (
    GAUNTLET,
    GERMAN_HEAD,
    NEW_HEAD,
    OLD_HEAD,
    Person,
    answers,
    moodle_csv,
    moodle_rows,
    names,
    person,
    to_csv,
)
from samples import sample_quiz, write_quiz

from grader.errors import RequestError
from grader.quiz.attempt import mark_attempt
from grader.quiz.model import Quiz
from grader.quiz.responses.collect import collect
from grader.quiz.responses.sheet import Wish
from grader.quiz.source import read_quiz
from grader.roster import Identity, Roster

# The quiz that was imported into a real Moodle, as far as this row shows it.
ASKED = r"""
## grad: Gradient

What is $\partial L/\partial z$?

- [x] $p-y$
- [ ] $y-p$
- [ ] $p(1-p)$

## reg: Regularisers {points=2}

Which act as regularisers?

- [x] Weight decay
- [x] Dropout
- [x] Early stopping
- [ ] A larger learning rate

## tf: Dropout

Dropout is active in eval mode.

- [ ] True
- [x] False

## conv: Parameters

Parameters of `Conv2d(3, 64, 3)`?

= 1792
= 1728 (50%)

## shapes: Shapes {points=2}

Match on (8, 32, 32).

| layer | shape |
|---|---|
| `MaxPool2d(2)` | (8, 16, 16) |
| `Flatten(0)` | (8192,) |
| | (16, 32, 32) |

## step: Order {points=2}

Order one training step.

1. `optimizer.zero_grad()`
2. `loss = criterion(model(x), y)`
3. `loss.backward()`

## clear: Name

Method that clears the gradients?

= "zero_grad"
= "optimizer.zero_grad()"
"""
# Downloaded from Moodle 4.5; the times are of the same download.
REAL_ANSWERS = (
    r"\(y-p\),"
    '"Weight decay   ; Dropout   ; Early stopping",True,1728,'
    '"MaxPool2d(2) -> (16, 32, 32); Flatten(0) -> (8192,)",'
    '"optimiz...; loss = ...; loss.ba...",optimizer.zero_grad()'
)
REAL_TIMES = '"21 November 2026  12:01 AM","21 November 2026  12:10 AM","9 mins",6.40,'
HEADS = {
    "<= 4.3": '"Last name","First name","Email address",State,"Started on",Completed,"Time taken",'
    "Grade/10.00,",
    ">= 4.4": '"Last name","First name","Email address",Status,Started,Completed,Duration,'
    "Grade/10.00,",
}
ROSTER = Roster(name="roster.csv", people=(Identity(student_id="0012346", email="sz@uni.example"),))
BERLIN = Wish(zone=zoneinfo.ZoneInfo("Europe/Berlin"))


@pytest.fixture
def asked(tmp_path: Path) -> Quiz:
    return read_quiz(write_quiz(tmp_path, ASKED, "asked"))


@pytest.fixture
def gauntlet(tmp_path: Path) -> Quiz:
    return read_quiz(write_quiz(tmp_path, GAUNTLET))


def load(quiz: Quiz, folder: Path, content: bytes | str, wish: Wish = BERLIN, **how: object):
    path = folder / "responses.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    roster = how.get("roster")
    assert roster is None or isinstance(roster, Roster)
    bank = how.get("bank", [quiz])
    return collect([path], quiz, wish, roster, lambda: bank)  # type: ignore[return-value,arg-type]


def refusal(quiz: Quiz, folder: Path, content: bytes | str, wish: Wish = BERLIN, **how: object):
    with pytest.raises(RequestError) as caught:
        load(quiz, folder, content, wish, **how)
    return str(caught.value)


def real_file(generation: str, *, bom: str = "\ufeff") -> str:
    heads = ",".join(f'"Response {number}"' for number in range(1, 8))
    row = f"O'Brien,Zoë,sz@uni.example,Finished,{REAL_TIMES}{REAL_ANSWERS}"
    average = '"Overall average",,,,,,,6.40,' + ",".join("-" * 7)
    return f"{bom}{HEADS[generation]}{heads}\n{row}\n{average}\n"


@pytest.mark.parametrize("bom", ["\ufeff", ""])
@pytest.mark.parametrize("generation", HEADS)
def test_real_row_is_read(asked: Quiz, tmp_path: Path, generation: str, bom: str):
    found = load(asked, tmp_path, real_file(generation, bom=bom), roster=ROSTER)

    assert found.is_complete
    assert found.sources == ("moodle",)
    (attempt,) = found.attempts
    assert attempt.student == "0012346"
    assert attempt.started_at == "2026-11-21T00:01:00+01:00"
    assert attempt.submitted_at == "2026-11-21T00:10:00+01:00"
    got = answers(attempt)
    assert names(asked, "grad", got["grad"]) == ["$y-p$"]
    assert names(asked, "reg", got["reg"]) == ["Weight decay", "Dropout", "Early stopping"]
    assert names(asked, "tf", got["tf"]) == ["True"]
    assert got["conv"] == "1728"
    assert len(got["shapes"]) == 2  # type: ignore[arg-type]
    assert [text[:8] for text in names(asked, "step", got["step"])] == [
        "`optimiz",
        "`loss = ",
        "`loss.ba",
    ]
    assert got["clear"] == "optimizer.zero_grad()"


def test_real_row_earns_what_our_rules_give(asked: Quiz, tmp_path: Path):
    found = load(asked, tmp_path, real_file(">= 4.4"), roster=ROSTER)

    marked = mark_attempt(asked, found.attempts[0])

    fractions = {entry.question.question_id: entry.mark.fraction for entry in marked.marked}
    assert fractions == {
        "grad": 0,
        "reg": 1,
        "tf": 0,
        "conv": 0.5,
        "shapes": 0.5,
        "step": 1,
        "clear": 1,
    }


@pytest.mark.parametrize("head", [OLD_HEAD, NEW_HEAD, GERMAN_HEAD])
def test_all_right_earns_all_points_and_agrees_with_moodle(
    gauntlet: Quiz, tmp_path: Path, head: tuple[str, ...]
):
    content = moodle_csv(gauntlet, [person(gauntlet, grade=10.0)], head=head)

    found = load(gauntlet, tmp_path, content)

    assert found.is_complete
    assert found.matched.matched == ("ada",)  # from the ID number, never from a name
    assert mark_attempt(gauntlet, found.attempts[0]).points == gauntlet.points
    assert found.compared == 1
    assert found.differences == ()


def test_other_score_of_moodle_is_reported(gauntlet: Quiz, tmp_path: Path):
    found = load(gauntlet, tmp_path, moodle_csv(gauntlet, [person(gauntlet, grade=9.2)]))

    assert [str(entry) for entry in found.differences] == ["ada: there 9.20, ours 100.0%"]


def test_rounding_is_no_difference(asked: Quiz, tmp_path: Path):
    text = real_file(">= 4.4").replace(",6.40,", ",6.50,", 1)  # 6.5 of 10 points by our rules

    found = load(asked, tmp_path, text, roster=ROSTER)

    assert found.compared == 1
    assert found.differences == ()


def test_json_with_column_names_is_read(asked: Quiz, tmp_path: Path):
    record = {
        "lastname": "O'Brien",
        "firstname": "Zoë",
        "email": "sz@uni.example",
        "state": "Finished",
        "timestart": "21 November 2026  12:01 AM",
        "timefinish": "21 November 2026  12:10 AM",
        "duration": "9 mins",
        "sumgrades": "6.40",
        **{f"response{n}": None for n in range(1, 8)},
    }
    record |= {"response1": r"\(y-p\)", "response4": "1 792"}

    found = load(asked, tmp_path, json.dumps([[record]]), roster=ROSTER)

    assert answers(found.attempts[0])["conv"] == "1 792"
    assert answers(found.attempts[0])["tf"] == ()


@pytest.mark.parametrize(
    ("word", "wanted"), [("Wahr", "True"), ("Falso", "False"), ("Vrai", "True")]
)
def test_truth_is_read_in_other_languages(asked: Quiz, tmp_path: Path, word: str, wanted: str):
    text = real_file(">= 4.4").replace(",True,", f",{word},")

    found = load(asked, tmp_path, text, roster=ROSTER)

    assert names(asked, "tf", answers(found.attempts[0])["tf"]) == [wanted]


def test_what_students_type_stays_text(gauntlet: Quiz, tmp_path: Path):
    typed = person(gauntlet)
    changed = {**typed.answers, "size": (1, "0,622"), "name": (0, '=HYPERLINK("http://x")')}

    found = load(gauntlet, tmp_path, moodle_csv(gauntlet, [Person("ada", changed)]))

    assert answers(found.attempts[0])["size"] == "0,622"
    assert answers(found.attempts[0])["name"] == '=HYPERLINK("http://x")'


def test_open_attempts_and_the_average_are_left_out(gauntlet: Quiz, tmp_path: Path):
    people = [person(gauntlet), person(gauntlet, "open", ended="-")]
    people += [person(gauntlet, "never", started="-", ended="-")]

    found = load(gauntlet, tmp_path, moodle_csv(gauntlet, people))

    assert [attempt.student for attempt in found.attempts] == ["ada"]
    assert found.notes == ("responses.csv:13: the attempt is not finished; left out",)


def test_several_attempts_are_numbered_by_time(gauntlet: Quiz, tmp_path: Path):
    late = person(gauntlet, ended="21 November 2026  11:10 PM")
    early = person(gauntlet, ended="21 November 2026  9:10 AM")

    found = load(gauntlet, tmp_path, moodle_csv(gauntlet, [late, early, early]))

    assert [(a.number, a.submitted_at[11:16]) for a in found.attempts] == [
        (1, "09:10"),
        (2, "23:10"),
    ]
    assert found.notes == ("1 attempt is there twice; counted once",)


# What is refused


def test_variants_without_question_text_are_refused(gauntlet: Quiz, tmp_path: Path):
    content = moodle_csv(gauntlet, [person(gauntlet)], columns=(1,))

    assert refusal(gauntlet, tmp_path, content) == (
        "responses.csv: 'Response 4' is size, which has 3 variants; the file does not say which "
        "one a student saw. Download the responses report again with 'question text' ticked, or "
        "say what a column is: --map 'Response 4=QUESTION-ID'"
    )


def test_another_number_of_questions_without_text_is_refused(asked: Quiz, tmp_path: Path):
    rows = moodle_rows(asked, [person(asked)], columns=(1,))

    message = refusal(asked, tmp_path, to_csv([row[:-1] for row in rows]))

    assert message.startswith("responses.csv has answers to 6 questions and does not say to which")


def test_steps_that_moodle_cuts_to_the_same_text_are_refused(tmp_path: Path):
    quiz = sample_quiz()

    message = refusal(quiz, tmp_path, moodle_csv(quiz, [person(quiz)]))

    assert message == (
        "responses.csv: the order that students gave in step-order is lost: Moodle shows two of "
        "its steps as 'optimiz...'. Go on without the question: --map 'Response 7=ignore' "
        "--allow-missing; next time let the first 7 characters of the steps differ."
    )


def test_such_a_question_can_be_left_out(tmp_path: Path):
    quiz = sample_quiz()
    wish = Wish(mapping={"Response 7": "ignore"})

    found = load(quiz, tmp_path, moodle_csv(quiz, [person(quiz)]), wish)

    (issue,) = found.issues
    assert str(issue) == (
        "responses.csv: step-order (line 73 of the quiz) is in no column; it would be blank for "
        "everybody"
    )


def test_an_edited_option_is_listed_and_earns_nothing(gauntlet: Quiz, tmp_path: Path):
    content = moodle_csv(gauntlet, [person(gauntlet), person(gauntlet, "bob")]).decode()
    content = content.replace("MODEL.EVAL", "model.eval").replace(",False,", ",Maybe,")

    found = load(gauntlet, tmp_path, content)

    assert [str(issue) for issue in found.issues] == [
        "responses.csv:2: truth: 'Maybe' is none of its options (was it edited since?) (2 rows)"
    ]
    assert not found.is_complete
    marked = mark_attempt(gauntlet, found.attempts[0]).marked
    (truth,) = (entry for entry in marked if entry.question.question_id == "truth")
    assert truth.mark.fraction == 0
    assert not truth.mark.is_blank


def test_an_edited_question_is_listed(gauntlet: Quiz, tmp_path: Path):
    content = moodle_csv(gauntlet, [person(gauntlet)]).decode()

    found = load(gauntlet, tmp_path, content.replace("Match on", "Pair on"))

    lines = [str(issue) for issue in found.issues]
    assert lines[0].startswith("responses.csv:2: no question of the quiz has this text: 'Pair on")
    assert "shapes (line 61 of the quiz) is in no column" in lines[1]


@pytest.mark.parametrize("columns", [(0, 1, 2), (1,)])
def test_responses_of_another_quiz_are_refused(
    asked: Quiz, tmp_path: Path, columns: tuple[int, ...]
):
    text = ASKED
    for old, new in (("grad", "v"), ("reg", "w"), ("conv", "k"), ("shapes", "s"), ("step", "t")):
        text = text.replace(f"## {old}:", f"## {new}x:")
    text = text.replace("## tf", "## tfx").replace("## clear", "## cx")
    for word in ("What", "Which act", "Dropout is", "Parameters of", "Match", "Order one"):
        text = text.replace(f"\n{word}", f"\nNow {word.lower()}")
    text = text.replace("$p-y$", "$q$").replace("$y-p$", "$r$").replace("$p(1-p)$", "$s$")
    text = text.replace("Weight", "Heavy").replace("(2)", "(9)").replace("(0)", "(7)")
    text = text.replace("optimizer.zero_grad()`", "x.zero_grad()`").replace("loss", "lost")
    other = read_quiz(write_quiz(tmp_path, text, "other"))
    content = moodle_csv(other, [person(other)] * 3, columns=columns)

    message = refusal(asked, tmp_path, content, bank=[asked, other])

    assert "these are responses for another quiz" in message
    assert message.endswith("'other' fits.")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (
            "Surname,Name,Mail,Status,Started,Completed,Duration,Grade/10.00,Q. 1 /0.83,Q. 2 /1.67",
            "this is Moodle's grades report; download the quiz's 'Responses' report.",
        ),
        ("a,b,c,d,e,f,g,h,i,j", "no column is numbered like 'Response 1'"),
    ],
)
def test_another_report_is_refused(asked: Quiz, tmp_path: Path, head: str, message: str):
    content = f"{head}\n{','.join('x' * 10)}\n"

    assert message in refusal(asked, tmp_path, content, Wish(source="moodle"))


def test_addresses_without_a_roster_are_refused(asked: Quiz, tmp_path: Path):
    message = refusal(asked, tmp_path, real_file(">= 4.4"))

    assert message == (
        "responses.csv:2: students are named by their addresses only, and no result holds an "
        "address. Say which id belongs to which: --roster FILE, a CSV with the columns id and email"
    )


def test_columns_can_be_named_by_hand(asked: Quiz, tmp_path: Path):
    """A report edited by hand: its headers say nothing any more."""
    text = "who,when,a,b\n0012,2026-11-21 10:00,1728,zero_grad\n"
    mapping = {"who": "student", "when": "submitted", "a": "conv", "4": "clear"}

    found = load(asked, tmp_path, text, Wish(source="moodle", mapping=mapping, zone=BERLIN.zone))

    (attempt,) = found.attempts
    assert attempt.student == "0012"
    assert attempt.submitted_at == "2026-11-21T10:00:00+01:00"
    assert answers(attempt) == {"conv": "1728", "clear": "zero_grad"}
    assert len(found.issues) == 5  # the other questions are in no column


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            {"Response 4": "size"},
            "--map 'Response 4=size': it has variants; name one of size-v1, size-v2, size-v3.",
        ),
        (
            {"Response 4": "sise"},
            "--map 'Response 4=sise': 'test' has no such question. Did you mean 'size'?",
        ),
        (
            {"Response 99": "name"},
            "responses.csv has no column 'Response 99'. There are: 'Last name'",
        ),
    ],
)
def test_a_wrong_map_is_refused(
    gauntlet: Quiz, tmp_path: Path, mapping: dict[str, str], message: str
):
    content = moodle_csv(gauntlet, [person(gauntlet)])

    assert message in refusal(gauntlet, tmp_path, content, Wish(mapping=mapping))
