"""Taking a quiz: the clock, what is typed, and that nothing confirmed is ever lost."""

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import sample_quiz

from grader.errors import RequestError
from grader.quiz.attempt import load_attempt
from grader.quiz.journal import open_journal
from grader.quiz.model import Value
from grader.quiz.paper import Paper, PaperEntry, PaperLeft, PaperOption, PaperQuestion, strip_keys
from grader.quiz.scoring import mark
from grader.quiz.sitting import FACTORS, Mode, Moment, begin, restore
from grader.quiz.taking import TakeWish, check_paper, check_student, open_taking
from grader.quiz.typed import describe, how_to_answer, read_answer, right_answer

QUIZ = sample_quiz()
PAPER = strip_keys(QUIZ, seed=7)
WALL = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that a test moves."""

    seconds: float = 1000.0
    boot: str = "first"
    wall: datetime = WALL

    def __call__(self) -> Moment:
        return Moment(seconds=self.seconds, boot=self.boot, wall=self.wall)

    def move(self, seconds: float) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)


def wish(folder: Path, **changes: object) -> TakeWish:
    return replace(TakeWish(student="0012345", mode=Mode.TEST, folder=folder), **changes)  # type: ignore[arg-type]


def value_for(question: PaperQuestion) -> Value:
    """Return some answer."""
    if question.kind in ("numeric", "short"):
        return "7"
    if question.kind == "matching":
        return {left.left_id: question.options[0].option_id for left in question.lefts}
    return tuple(option.option_id for option in question.options)


# ---- the clock


@pytest.mark.parametrize("factor", FACTORS)
def test_no_answer_is_accepted_after_the_deadline_and_what_was_there_is_kept(
    tmp_path: Path, factor: float
) -> None:
    clock = FakeClock()
    with open_taking(PAPER, None, wish(tmp_path, factor=factor), clock=clock) as taking:
        first, second = taking.sitting.questions[:2]
        clock.move(600 * factor - 0.5)
        in_time = taking.answer(first, value_for(first))
        clock.move(0.5)
        late = taking.answer(second, value_for(second))
        clock.move(1000)
        taking.close()

    attempt = load_attempt((tmp_path / "sample.answers.json").read_bytes(), "a")
    given = [response for response in attempt.responses if response.value]

    assert (in_time, late) == (True, False)
    assert [response.question_id for response in given] == [first.question_id]
    assert attempt.accommodation == factor
    assert taking.sitting.closed is not None
    assert taking.sitting.closed.at_s == 600 * factor
    assert taking.sitting.closed.is_timeout

    assert attempt.submitted_at == (WALL + timedelta(seconds=600 * factor)).isoformat()
    assert (attempt.source, attempt.seed) == ("dlab", PAPER.seed)


def test_a_longer_limit_in_the_journal_gives_no_time(tmp_path: Path) -> None:
    clock = FakeClock()
    with open_taking(PAPER, None, wish(tmp_path), clock=clock):
        pass
    path = tmp_path / "sample.journal.jsonl"
    path.write_text(path.read_text().replace('"limit_s": 600.0', '"limit_s": 3000.0'))
    assert "3000.0" in path.read_text()
    clock.move(601)

    with open_taking(PAPER, None, wish(tmp_path), clock=clock) as taking:
        assert taking.is_over
        assert not taking.answer(taking.sitting.questions[0], "7")


def test_the_time_goes_on_while_nothing_runs(tmp_path: Path) -> None:
    clock = FakeClock()
    with open_taking(PAPER, None, wish(tmp_path), clock=clock):
        clock.move(100)
    clock.move(200)
    with open_taking(PAPER, None, wish(tmp_path), clock=clock) as taking:
        assert taking.is_resumed
        assert taking.left_s == 300


def test_after_a_restart_of_the_machine_the_date_tells_the_time(tmp_path: Path) -> None:
    clock = FakeClock()
    with open_taking(PAPER, None, wish(tmp_path), clock=clock):
        clock.move(100)
    clock.move(200)
    clock.seconds, clock.boot = 5.0, "second"
    with open_taking(PAPER, None, wish(tmp_path), clock=clock) as taking:
        assert taking.left_s == 300
        clock.move(10)
        assert taking.left_s == 290


@pytest.mark.parametrize("boot", ["second", ""])
def test_a_date_set_back_gives_no_time_back_that_was_seen(tmp_path: Path, boot: str) -> None:
    clock = FakeClock()
    with open_taking(PAPER, None, wish(tmp_path), clock=clock) as taking:
        clock.move(250)
        taking.answer(taking.sitting.questions[0], "7")
    clock.seconds, clock.boot, clock.wall = 5.0, boot, WALL - timedelta(days=1)
    with open_taking(PAPER, None, wish(tmp_path), clock=clock) as taking:
        assert taking.left_s == 350


def test_the_date_does_not_matter_while_the_steady_clock_runs(tmp_path: Path) -> None:
    clock = FakeClock()
    with open_taking(PAPER, None, wish(tmp_path), clock=clock) as taking:
        clock.wall += timedelta(days=2)
        clock.seconds += 60
        assert taking.left_s == 540


def test_a_test_without_minutes_has_no_end(tmp_path: Path) -> None:
    clock = FakeClock()
    with open_taking(replace(PAPER, minutes=0), None, wish(tmp_path), clock=clock) as taking:
        clock.move(1e6)
        assert taking.left_s is None
        assert taking.answer(taking.sitting.questions[0], "7")


@given(
    st.lists(st.tuples(st.floats(0, 200), st.integers(0, 7), st.booleans()), max_size=12),
    st.sampled_from(FACTORS),
)
@settings(max_examples=60, deadline=None)
def test_what_counts_is_what_was_answered_before_the_deadline(
    steps: list[tuple[float, int, bool]], factor: float
) -> None:
    clock = FakeClock()
    start = begin(PAPER, "x", clock(), mode=Mode.TEST, factor=factor)
    sitting, events = restore(PAPER, start, (), clock()), []
    expected: dict[str, Value] = {}
    passed = 0.0
    for wait, place, is_restarted in steps:
        clock.move(wait)
        passed += wait
        if is_restarted:
            sitting = restore(PAPER, start, events, clock())
        question = sitting.questions[place]
        event = sitting.answer(question, f"{passed}", clock())
        if event:
            events.append(event)
            sitting = sitting.after(event)
        if passed < 600 * factor - 1e-3:
            expected[question.question_id] = f"{passed}"

    assert dict(restore(PAPER, start, events, clock()).values) == expected


# ---- one attempt, and whose


def test_practice_may_be_repeated_with_another_paper(tmp_path: Path) -> None:
    practice = wish(tmp_path, mode=Mode.PRACTICE, student="")
    papers = []
    for _ in range(2):
        with open_taking(PAPER, QUIZ, practice) as taking:
            papers.append(taking.sitting.questions)
            taking.close()

    attempt = taking.sitting.attempt()
    assert not (tmp_path / "sample.answers.json").exists()
    assert (attempt.number, attempt.source) == (2, "dlab-practice")
    assert attempt.student == "practice"
    assert papers[0] != papers[1]


def test_practice_that_was_left_goes_on(tmp_path: Path) -> None:
    practice = wish(tmp_path, mode=Mode.PRACTICE, student="")
    with open_taking(PAPER, QUIZ, practice) as taking:
        taking.answer(taking.sitting.questions[2], "7")
    with open_taking(PAPER, QUIZ, practice) as taking:
        assert taking.is_resumed
        assert taking.sitting.start.number == 1
        assert len(taking.sitting.unanswered) == len(QUIZ.entries) - 1


def test_first_answers_are_scored_apart(tmp_path: Path) -> None:
    with open_taking(PAPER, QUIZ, wish(tmp_path, mode=Mode.PRACTICE)) as taking:
        question = next(q for q in taking.sitting.questions if q.question_id == "sigmoid")
        taking.answer(question, "0.5")
        taking.answer(question, "0.622")
        first, last = taking.marked(is_first=True), taking.marked()

    assert first is not None
    assert last is not None
    assert (first.points, last.points) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "paper", "message"),
    [
        ({"student": "0054321"}, PAPER, "belongs to student '0012345'"),
        ({"mode": Mode.PRACTICE}, PAPER, "was begun as test"),
        ({"factor": 2.0}, PAPER, "with --time-factor 1, which stays"),
        ({}, replace(PAPER, sha256="0" * 64), "another version of the quiz"),
        ({}, replace(PAPER, seed=8), "another version of the quiz"),
    ],
)
def test_another_attempt_is_not_mixed_with_this(
    tmp_path: Path, changes: dict[str, object], paper: Paper, message: str
) -> None:
    with open_taking(PAPER, None, wish(tmp_path)):
        pass
    before = (tmp_path / "sample.journal.jsonl").read_bytes()

    with (
        pytest.raises(RequestError, match=message),
        open_taking(paper, None, wish(tmp_path, **changes)),
    ):
        pass
    assert (tmp_path / "sample.journal.jsonl").read_bytes() == before


def test_answers_without_a_journal_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sample.answers.json").write_text("mine")

    with (
        pytest.raises(RequestError, match="is there already: a test has one attempt"),
        open_taking(PAPER, None, wish(tmp_path)),
    ):
        pass
    assert (tmp_path / "sample.answers.json").read_text() == "mine"


def test_the_same_student_gets_the_same_paper(tmp_path: Path) -> None:
    found = []
    for folder in ("a", "b"):
        with open_taking(PAPER, None, wish(tmp_path / folder)) as taking:
            found.append(taking.sitting.questions)
    assert found[0] == found[1]


def test_blank_questions_are_in_the_answers_with_their_variant(tmp_path: Path) -> None:
    with open_taking(PAPER, None, wish(tmp_path)) as taking:
        taking.close()
        dealt = {(q.question_id, q.variant) for q in taking.sitting.questions}

    attempt = load_attempt((tmp_path / "sample.answers.json").read_bytes(), "a")
    assert {(r.question_id, r.variant) for r in attempt.responses} == dealt
    assert all(r.value == "" for r in attempt.responses)


# ---- the journal


def fill(folder: Path, count: int = 3) -> Path:
    """Begin a test and answer some questions; return the journal."""
    with open_taking(PAPER, None, wish(folder), clock=FakeClock()) as taking:
        for question in taking.sitting.questions[:count]:
            taking.answer(question, value_for(question))
    return folder / "sample.journal.jsonl"


@pytest.mark.parametrize("rest", [b'{"event": "answer", "quest', b"\x00\x00\x00", b"{}"])
def test_a_last_line_that_is_not_whole_is_dropped_and_the_file_goes_on(
    tmp_path: Path, rest: bytes
) -> None:
    path = fill(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole + rest)

    with open_taking(PAPER, None, wish(tmp_path), clock=FakeClock()) as taking:
        assert len(taking.sitting.values) == 3
        assert "the last line was not whole" in taking.journal.remarks[0]
        taking.answer(taking.sitting.questions[4], "1")
    assert path.read_bytes().startswith(whole + b'{"event": "answer"')
    with open_taking(PAPER, None, wish(tmp_path), clock=FakeClock()) as taking:
        assert taking.journal.remarks == []
        assert len(taking.sitting.values) == 4


@pytest.mark.parametrize(
    "damage",
    [
        b"\xff\xfe\x00",
        b"not json",
        b"[1, 2]",
        b"[" * 100_000,
        b'{"event": "answer", "question_id": 5}',
        b'{"event": "answer", "question_id": "sigmoid", "value": 1e999, "at_s": NaN}',
        b'{"event": "win"}',
        b'{"event": {}}',
    ],
)
def test_a_damaged_line_in_the_middle_is_said(tmp_path: Path, damage: bytes) -> None:
    path = fill(tmp_path)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:2], damage, *lines[3:]]) + b"\n")

    with open_taking(PAPER, None, wish(tmp_path), clock=FakeClock()) as taking:
        assert "line 3 is damaged" in taking.journal.remarks[0]
        assert len(taking.sitting.values) == 2


def test_without_its_first_line_an_attempt_cannot_go_on(tmp_path: Path) -> None:
    path = fill(tmp_path)
    path.write_bytes(b"broken\n" + b"\n".join(path.read_bytes().splitlines()[1:]) + b"\n")

    with (
        pytest.raises(RequestError, match=r"its first line is damaged.*--out DIR"),
        open_taking(PAPER, None, wish(tmp_path)),
    ):
        pass


def test_answers_to_unknown_questions_and_late_ones_do_not_count(tmp_path: Path) -> None:
    path = fill(tmp_path, 0)
    with path.open("a") as file:
        for name, at_s in (("no-such", 1.0), ("sigmoid", 600.1), ("clear-grads", 599.9)):
            data = {"event": "answer", "question_id": name, "value": "1", "at_s": at_s}
            file.write(json.dumps(data) + "\n")

    with open_taking(PAPER, None, wish(tmp_path), clock=FakeClock()) as taking:
        assert list(taking.sitting.values) == ["clear-grads"]


@pytest.mark.parametrize(
    "value",
    [5, ["no", "such"], {"a": "b"}, "x" * 10_000, ["softmax-grad"] * 3, {"a": ["b"]}, None, True],
)
def test_forged_values_never_crash_and_earn_nothing(tmp_path: Path, value: object) -> None:
    path = fill(tmp_path, 0)
    with path.open("a") as file:
        for entry in QUIZ.entries:
            data = {"event": "answer", "question_id": entry.question_id, "value": value}
            file.write(json.dumps({**data, "at_s": 1.0}) + "\n")

    with open_taking(PAPER, None, wish(tmp_path), clock=FakeClock()) as taking:
        taking.quiz = QUIZ
        marked = taking.marked()
        shown = [
            describe(q, taking.sitting.values.get(q.question_id, ""))
            for q in taking.sitting.questions
        ]
    assert marked is not None
    assert marked.points == 0
    assert len(shown) == len(QUIZ.entries)


def test_two_terminals_cannot_take_one_quiz(tmp_path: Path) -> None:
    with (
        open_taking(PAPER, None, wish(tmp_path)),
        pytest.raises(RequestError, match="open in another terminal"),
        open_taking(PAPER, None, wish(tmp_path)),
    ):
        pass


def test_a_link_instead_of_the_journal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sample.journal.jsonl").symlink_to(tmp_path / "elsewhere")

    with (
        pytest.raises(RequestError, match="cannot be written"),
        open_taking(PAPER, None, wish(tmp_path)),
    ):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk_confirms_nothing(tmp_path: Path) -> None:
    with open_journal(tmp_path / "j") as journal:
        full = os.open("/dev/full", os.O_WRONLY)
        journal.descriptor, kept = full, journal.descriptor
        start = begin(PAPER, "x", FakeClock()(), mode=Mode.TEST)
        with pytest.raises(RequestError, match="the answer cannot be kept: No space left"):
            journal.write(start)
        journal.descriptor = kept
        os.close(full)


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("j") / "j"
    path.write_bytes(data)
    with open_journal(path) as journal:
        assert journal.last() == (None, ())
        lines = data.count(b"\n")
        assert len(journal.remarks) == lines + (not data.endswith(b"\n") and bool(data))


# ---- a real process, killed

CHILD = """
import sys
from pathlib import Path
sys.path[:0] = {paths!r}
from samples import sample_quiz
from grader.quiz.paper import strip_keys
from grader.quiz.sitting import Mode
from grader.quiz.taking import TakeWish, open_taking
wish = TakeWish(student="1", mode=Mode.TEST, folder=Path(sys.argv[1]))
with open_taking(strip_keys(sample_quiz(), seed=7), None, wish) as taking:
    number = int(sys.argv[2])
    while True:
        question = taking.sitting.questions[number % 8]
        taking.answer(question, str(number))
        print(number, question.question_id, flush=True)
        number += 1
"""


def killed_run(folder: Path, begin_at: int, lines: int) -> list[tuple[int, str]]:
    """Run a process that answers as fast as it can, kill it, return what it confirmed."""
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(paths=paths), str(folder), str(begin_at)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    confirmed = [process.stdout.readline() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)  # at whatever it is doing now
    confirmed += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    whole = [line.split() for line in confirmed if line.endswith("\n")]
    return [(int(number), name) for number, name in whole]


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_process_loses_nothing_that_was_confirmed(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    latest: dict[str, int] = {}
    number = 0
    for _ in range(2):
        confirmed = killed_run(tmp_path, number, rng.randint(1, 150))
        latest |= {name: at for at, name in confirmed}
        number = max(latest.values()) + 2
        with open_taking(PAPER, None, wish(tmp_path, student="1")) as taking:
            for name, at in latest.items():
                kept = int(str(taking.sitting.values[name]))
                assert kept == at or kept == number - 1  # the one that was not confirmed yet
            assert len([r for r in taking.journal.remarks if "damaged" in r]) == 0


# ---- what is typed


def question(kind: str, **changes: object) -> PaperQuestion:
    options = tuple(PaperOption(option_id=f"o{n}", text=f"option {n}") for n in range(4))
    lefts = tuple(PaperLeft(left_id=f"l{n}", text=f"row {n}") for n in range(1, 4))
    has_options = kind not in ("numeric", "short")
    return PaperQuestion(
        question_id="q",
        kind=kind,
        stem="?",
        points=1,
        options=options if has_options else (),
        lefts=lefts if kind == "matching" else (),
        **changes,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("kind", "typed", "value", "echo"),
    [
        ("single", "b", ("o1",), "b"),
        ("single", " B) ", ("o1",), "b"),
        ("multiple", "a,c", ("o0", "o2"), "a, c"),
        ("multiple", "c a", ("o0", "o2"), "a, c"),
        ("multiple", "ca", ("o0", "o2"), "a, c"),
        ("multiple", "a; a, d.", ("o0", "o3"), "a, d"),
        ("numeric", "1792", "1792", "1792"),
        ("numeric", "1,792", "1,792", "1792 or 1.792"),
        ("numeric", " 0,622 ", "0,622", "0.622"),
        ("numeric", "1.5e6", "1.5e6", "1500000"),
        ("numeric", "\u22123", "\u22123", "-3"),
        ("short", "zero_grad", "zero_grad", '"zero_grad"'),
        ("short", '"next"', "next", '"next"'),
        ("short", "=1+1", "=1+1", '"=1+1"'),
        ("matching", "1b 2a 3c", {"l1": "o1", "l2": "o0", "l3": "o2"}, "1b 2a 3c"),
        ("matching", "1 - B, 3) d", {"l1": "o1", "l3": "o3"}, "1b 3d"),
        ("matching", "1b2a3a", {"l1": "o1", "l2": "o0", "l3": "o0"}, "1b 2a 3a"),
        ("matching", "b a d", {"l1": "o1", "l2": "o0", "l3": "o3"}, "1b 2a 3d"),
        ("ordering", "c a b d", ("o2", "o0", "o1", "o3"), "c a b d"),
        ("ordering", "cabd", ("o2", "o0", "o1", "o3"), "c a b d"),
    ],
)
def test_an_answer_is_read_as_people_type_it(
    kind: str, typed: str, value: Value, echo: str
) -> None:
    found = read_answer(question(kind), typed)

    assert found.value == value
    assert found.echo == echo


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("single", "e", "Type letters from a to d"),
        ("single", "1", "Type letters from a to d"),
        ("single", "ab", "Only one option"),
        ("single", ",,", "Type letters from a to d"),
        ("multiple", "a,e", "Type letters from a to d"),
        ("multiple", "ä", "Type letters from a to d"),
        ("numeric", "abc", "'abc' is not a number"),
        ("numeric", "1.2.3", "is not a number"),
        ("numeric", "nan", "is not a number"),
        ("numeric", "inf", "is not a number"),
        ("numeric", "1e999", "is not a number"),
        ("numeric", "9" * 500, "longer than 200"),
        ("short", "x" * 500, "longer than 200"),
        ("short", "a\x1b[2J", "Type a word"),
        ("short", '""', "Type a word"),
        ("matching", "1b 9a", "Rows are 1 to 3"),
        ("matching", "1z", "Rows are 1 to 3"),
        ("matching", "1", "cannot be read"),
        ("matching", "1b 2", "cannot be read"),
        ("matching", "a b", "There are 3 rows"),
        ("matching", "99999999999999999999b", "Rows are 1 to 3"),
        ("matching", "", "Type pairs"),
        ("ordering", "a b c", "all 4 letters"),
        ("ordering", "a b c c", "all 4 letters"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_to_type(
    kind: str, typed: str, message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        read_answer(question(kind), typed)


def test_single_rows_of_a_matching_can_be_changed() -> None:
    asked = question("matching")
    before = read_answer(asked, "1b 2a 3c").value

    assert read_answer(asked, "2d", before).echo == "1b 2d 3c"


@given(
    st.sampled_from(["single", "multiple", "numeric", "short", "matching", "ordering"]), st.text()
)
@settings(max_examples=200, deadline=None)
def test_any_line_is_read_or_refused_and_what_is_read_reads_back(kind: str, typed: str) -> None:
    asked = question(kind)
    try:
        found = read_answer(asked, typed)
    except RequestError:
        return
    again = read_answer(
        asked, f'"{found.value}"' if kind == "short" else describe(asked, found.value)
    )
    assert again.value == found.value


def test_the_right_answer_earns_all_points_when_it_is_typed() -> None:
    for question_ in (q for e in PAPER.entries for q in e.variants):
        keyed = QUIZ.find(question_.question_id, question_.variant)
        assert keyed is not None
        typed = right_answer(question_, keyed).partition(" ±")[0]

        assert mark(keyed, read_answer(question_, typed).value).fraction == 1
        assert how_to_answer(question_)


# ---- what is asked


@pytest.mark.parametrize("student", ["", "   ", "a\nb", "a\x1b[2J", "x" * 81])
def test_a_student_is_one_line(student: str) -> None:
    with pytest.raises(RequestError):
        check_student(student)


def test_a_student_is_kept_as_given() -> None:
    assert check_student(" 0012345 ") == "0012345"


def only(**changes: object) -> Paper:
    """Return a paper of one question."""
    asked = replace(question("single"), **changes)  # type: ignore[arg-type]
    return replace(PAPER, entries=(PaperEntry(variants=(asked,)),))


@pytest.mark.parametrize(
    ("paper", "message"),
    [
        (replace(PAPER, quiz_id="../../etc/x"), "its id is no name"),
        (replace(PAPER, quiz_id=""), "its id is no name"),
        (replace(PAPER, quiz_id=".hidden"), "its id is no name"),
        (replace(PAPER, quiz_id="a\nb"), "its id is no name"),
        (replace(PAPER, entries=()), "a question is missing"),
        (replace(PAPER, entries=(PaperEntry(variants=()),)), "a question is missing"),
        (replace(PAPER, minutes=-1), "its time limit"),
        (only(kind="essay"), "unknown kind"),
        (only(options=()), "has 0 options"),
        (only(options=question("single").options * 7), "has 28 options"),
        (only(kind="matching"), "has no rows"),
    ],
)
def test_a_damaged_paper_is_refused_before_anything_is_written(
    tmp_path: Path, paper: Paper, message: str
) -> None:
    with (
        pytest.raises(RequestError, match=message),
        open_taking(paper, None, wish(tmp_path / "out")),
    ):
        pass
    assert not (tmp_path / "out").exists()


def test_a_sound_paper_is_returned() -> None:
    assert check_paper(PAPER) is PAPER


def test_a_question_without_a_key_is_said(tmp_path: Path) -> None:
    keys = replace(QUIZ, entries=QUIZ.entries[:1])
    with open_taking(PAPER, keys, wish(tmp_path, mode=Mode.PRACTICE)) as taking:
        missing = next(
            q for q in taking.sitting.questions if q.question_id != keys.entries[0].question_id
        )
        with pytest.raises(RequestError, match="no key for"):
            taking.mark(missing, "1")
