"""`dlab quiz import`: what it prints, how it ends, and that it writes all or nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from response_files import (
    GAUNTLET,
    Person,
    amc_csv,
    canvas_csv,
    forms_csv,
    moodle_csv,
    moodle_json,
    person,
)
from samples import sample_course, write_quiz

from cli.main import dlab
from grader.quiz.archive import Keep, plan_storing, read_archive, read_attempts
from grader.quiz.attempt import Attempt, Response, dump_attempt
from grader.quiz.model import Quiz
from grader.quiz.paper import deal, strip_keys
from grader.quiz.source import read_quiz

ROSTER = (
    "id,name,email\nada,Ada,ada@uni.example\nbob,Bob,bob@uni.example\nwei,Wei,wei@uni.example\n"
)


class Desk:
    """A course with a quiz, a roster, and a folder of responses."""

    def __init__(self, folder: Path) -> None:
        """Make them."""
        self.course = sample_course(folder)
        self.quiz: Quiz = read_quiz(write_quiz(folder / "quizzes", GAUNTLET))
        self.out = folder / "out"
        self.file = folder / "responses.csv"
        self.roster = folder / "roster.csv"
        self.roster.write_text(ROSTER)

    def people(self, *names: str) -> list[Person]:
        return [person(self.quiz, name, grade=10.0) for name in names]

    def put(self, content: bytes) -> None:
        self.file.write_bytes(content)

    def run(self, *options: str, quiz: str = "test") -> Result:
        start = ["--course", str(self.course), "quiz", "import", quiz, str(self.file)]
        arguments = [*start, "--out", str(self.out), "--timezone", "Europe/Berlin", *options]
        return CliRunner().invoke(dlab, arguments)

    def with_roster(self, *options: str) -> Result:
        return self.run("--roster", str(self.roster), *options)

    @property
    def is_untouched(self) -> bool:
        return not self.out.exists()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_responses_are_scored_and_stored(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada", "bob")))

    result = desk.run()

    assert result.exit_code == 0
    folder = desk.out / "quizzes" / "test"
    assert result.output == (
        "test from moodle:\n"
        "  students     2\n"
        "  attempts     2\n"
        "  mean         12.00 of 12 points\n"
        "  blank        0 of 16 answers\n"
        "  differences  0 of 2 scores of the source\n"
        f"Written to {folder}: attempts.json, records.jsonl, scores.csv\n"
    )
    assert [one.student for one in read_attempts(desk.out, desk.quiz)] == ["ada", "bob"]


def test_the_same_file_again_changes_nothing(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada", "bob")))
    desk.run()
    folder = desk.out / "quizzes" / "test"
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}

    result = desk.run()

    assert result.exit_code == 0
    assert f"Nothing changed in {folder}: all of it was there." in result.output
    assert before == {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}


def test_the_same_answers_from_two_formats_are_the_same(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")))
    desk.run()

    desk.put(moodle_json(desk.quiz, desk.people("ada")))

    assert "Nothing changed" in desk.run().output


def test_a_dry_run_writes_nothing(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")))

    result = desk.run("--dry-run")

    assert result.exit_code == 0
    assert "Would be written to" in result.output
    assert desk.is_untouched


def test_students_who_are_not_in_the_roster_stop_the_import(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada", "mallory")))

    result = desk.with_roster()

    assert result.exit_code == 1
    assert desk.is_untouched
    assert "Not in the roster (1):" in result.stderr
    assert "'mallory' is not in the roster" in result.stderr
    assert "Without a result (2):\n  bob\n  wei\n" in result.stderr
    assert "Nothing was written. Mend what is listed" in result.stderr


def test_they_can_be_left_out(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada", "mallory")))

    result = desk.with_roster("--allow-missing")

    assert result.exit_code == 0
    assert [one.student for one in read_attempts(desk.out, desk.quiz)] == ["ada"]


def test_if_nobody_is_known_nothing_is_written(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("mallory")))

    result = desk.with_roster("--allow-missing")

    assert result.exit_code == 1
    assert desk.is_untouched


@pytest.mark.parametrize(
    ("column", "message"),
    [("First name", "not in the roster"), ("9000", "has no column '9000'")],
)
def test_the_key_column_can_be_named(desk: Desk, column: str, message: str):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")).replace(b"Ada,ada", b"Zed,ada"))

    assert desk.with_roster("--key-column", "4").exit_code == 0
    result = desk.with_roster("--key-column", column)

    assert result.exit_code in (1, 2)
    assert message in result.stderr


def test_json_has_everything(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada", "mallory")))

    result = desk.with_roster("--json", "--allow-missing")

    data = json.loads(result.stdout)
    assert data == {
        "quiz": "test",
        "sources": ["moodle"],
        "outcome": "written",
        "folder": str(desk.out / "quizzes" / "test"),
        "students": 1,
        "attempts": 1,
        "mean_points": 12.0,
        "answers": 8,
        "blank": 0,
        "in_archive": 1,
        "max_points": 12,
        "matched": ["ada"],
        "not_in_roster": ["responses.csv:13: 'mallory' is not in the roster"],
        "without_result": ["bob", "wei"],
        "ambiguous": [],
        "problems": [],
        "not_placed": 0,
        "missing_questions": [],
        "notes": [],
        "compared": 1,
        "differences": [],
    }
    assert result.stderr == ""


def test_differences_are_shown(desk: Desk):
    people = [person(desk.quiz, name, grade=7.5) for name in ("ada", "bob", "wei", "zed")]
    desk.put(moodle_csv(desk.quiz, people))

    result = desk.run()

    assert "  differences  4 of 4 scores of the source\n" in result.output
    assert result.output.count("there 7.50, ours 100.0%") == 3


@pytest.mark.parametrize(("keep", "number"), [("first", 1), ("last", 2), ("best", 1)])
def test_one_of_several_attempts_counts(desk: Desk, keep: str, number: int):
    worse = {**person(desk.quiz).answers, "name": (0, "clear")}
    second = Person("ada", worse, ended="21 November 2026  8:00 PM")
    desk.put(moodle_csv(desk.quiz, [second, *desk.people("ada")]))

    refused = desk.run()
    assert refused.exit_code == 2
    assert "1 student has several attempts: ada (2026-11-21T00:10:00+01:00, " in refused.stderr
    assert desk.is_untouched

    assert desk.run("--keep", keep).exit_code == 0
    assert [one.number for one in read_attempts(desk.out, desk.quiz)] == [number]
    assert [one.number for one in read_archive(desk.out, "test").attempts] == [1, 2]
    assert "Nothing changed" in desk.run().output  # nothing is new: --keep is known


def test_a_late_sitting_does_not_hide_the_one_in_time(desk: Desk):
    """What `export` and `analyse` read; --keep best must not choose what they leave out."""
    worse = {**person(desk.quiz).answers, "name": (0, "clear")}
    desk.put(moodle_csv(desk.quiz, [Person("ada", worse)]))
    desk.run()
    late = replace(
        read_attempts(desk.out, desk.quiz)[0],
        started_at="2026-11-22T10:00:00+01:00",
        submitted_at="2026-11-22T10:10:00+01:00",
        responses=(),
        late_s=300.0,
    )
    plan_storing(desk.out, "T", desk.quiz, [late], Keep.LAST).write()

    assert [one.late_s for one in read_attempts(desk.out, desk.quiz)] == [0]
    assert [one.late_s for one in read_attempts(desk.out, desk.quiz, has_late=True)] == [300]


def test_a_class_under_other_ids_is_refused_until_it_is_replaced(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("1000", "1001")))
    desk.run()
    before = read_archive(desk.out, "test")
    desk.put(moodle_csv(desk.quiz, desk.people("ada", "bob")))

    refused = desk.run()

    assert refused.exit_code == 2
    assert "The archive has 2 sittings of these under other ids: '100" in refused.stderr
    assert "--replace drops it first" in refused.stderr
    assert read_archive(desk.out, "test") == before
    assert desk.run("--allow-missing").exit_code == 2
    assert desk.run("--replace", "--dry-run").exit_code == 0
    assert read_archive(desk.out, "test") == before
    assert desk.run("--replace").exit_code == 0
    assert [one.student for one in read_archive(desk.out, "test").attempts] == ["ada", "bob"]


def test_replacing_with_what_cannot_be_placed_drops_nothing(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada", "bob")))
    desk.run()
    before = read_archive(desk.out, "test")
    desk.put(moodle_csv(desk.quiz, desk.people("mallory")))

    assert desk.with_roster("--replace").exit_code == 1
    assert desk.with_roster("--replace", "--allow-missing").exit_code == 1
    assert read_archive(desk.out, "test") == before


def test_ids_that_differ_in_case_only_are_refused(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada", "ADA")))

    refused = desk.run()

    assert refused.exit_code == 2
    assert "'ADA' and 'ada' are one student to a gradebook" in refused.stderr
    assert desk.is_untouched


def test_another_time_zone_is_named_as_the_cause(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")))
    desk.run()

    refused = desk.run("--timezone", "UTC")

    assert refused.exit_code == 2
    assert (
        "Error: 1 student has the same answers at several times: ada (2026-11-21T00:10:00+01:00, "
        "2026-11-21T00:10:00+00:00). If it is one sitting, and its times were read in another way, "
        "give --timezone as you did before, or --replace what is there."
    ) in refused.stderr
    assert desk.run("--timezone", "UTC", "--replace").exit_code == 0


@pytest.mark.parametrize("name", ["Zoë", "Ren\u00e9"])
def test_the_encoding_is_that_of_the_roster_too(desk: Desk, name: str):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")).decode("utf-8-sig").encode("latin-1"))
    desk.roster.write_bytes(f"id,name\nada,{name}\n".encode("latin-1"))

    assert desk.with_roster().exit_code == 2
    assert desk.with_roster("--encoding", "latin-1").exit_code == 0


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    "Points Possible,,,,\n"
    '"Lovelace, Ada",1000,ada,alovelace,A\n'
)
BRIGHTSPACE = "OrgDefinedId,Username,End-of-Line Indicator\n#ada,#alovelace,#\n"
BOTH = "student,id\nAda Lovelace,ada\n"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *((CANVAS, key) for key in ("ada", "alovelace", "1000")),
        *((BRIGHTSPACE, key) for key in ("ada", "alovelace")),
        (BOTH, "ada"),
    ],
)
def test_import_and_export_read_one_roster(desk: Desk, tmp_path: Path, text: str, key: str):
    desk.put(moodle_csv(desk.quiz, desk.people(key)))
    desk.roster.write_text(text)

    assert desk.with_roster().exit_code == 0

    assert [one.student for one in read_attempts(desk.out, desk.quiz)] == ["ada"]
    start = ["--course", str(desk.course), "export", "--out", str(desk.out), "--only", "test"]
    target = ["--file", str(tmp_path / "g.csv"), "--roster", str(desk.roster)]
    result = CliRunner().invoke(dlab, [*start, *target])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "g.csv").read_text().splitlines()[1].startswith("ada,")


def test_names_are_no_ids(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")))
    desk.roster.write_text("student,email\nAda Lovelace,ada@uni.example\n")

    refused = desk.with_roster()

    assert refused.exit_code == 2
    assert "roster.csv:2: 'Ada Lovelace' is a name and no student id" in refused.stderr


def test_what_earns_nothing_is_counted(desk: Desk):
    content = moodle_csv(desk.quiz, desk.people("ada", "bob")).replace(b",False,", b",Maybe,")
    desk.put(content)

    refused, data = desk.run(), json.loads(desk.run("--allow-missing", "--json").stdout)

    assert "  not placed   2 answers, counted as wrong\n" in refused.stdout
    assert data["not_placed"] == 2
    assert data["missing_questions"] == []
    assert "such answers count as wrong" in " ".join(desk.run("--help").output.split())


def test_what_cannot_be_read_stops_the_import(desk: Desk):
    content = moodle_csv(desk.quiz, desk.people("ada")).replace(b",False,", b",Maybe,")
    desk.put(content)

    result = desk.run()

    assert result.exit_code == 1
    assert desk.is_untouched
    assert "Not read (1):\n  responses.csv:2: truth: 'Maybe' is none of its" in result.stderr
    assert desk.run("--allow-missing").exit_code == 0


def test_responses_of_another_quiz_are_refused_and_it_is_named(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")))

    result = desk.run(quiz="sample")

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: responses.csv: these are responses for another quiz: it has 1 of the 8 questions "
        "of 'sample'. 'test' fits.\n"
    )
    assert desk.is_untouched


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", (), "responses.csv is empty"),
        (b"a,b\n", (), "responses.csv has a header and no rows: there is nobody in it."),
        (b"a,b\n1,\xff\n", (), "responses.csv:2: this is not UTF-8"),
        (b'a,b\n1,"x\n', (), "responses.csv:2: a quote is not closed"),
        (b"a,b\n1,2\n", (), "responses.csv looks like none of moodle, canvas"),
        (b"a,b\n1,2\n", ("--timezone", "Mars"), "There is no time zone 'Mars'"),
        (b"a,b\n1,2\n", ("--map", "x"), "'x' is not COLUMN=TARGET"),
        (b"a,b\n1,2\n", ("--map", "a=nowhere"), "has no such question."),
        (b"a,b\n1,2\n", ("--from", "blackboard"), "'blackboard' is not one of"),
        (b"a,b\n1,2\n", ("--roster", "/nowhere"), "/nowhere cannot be read"),
    ],
)
def test_bad_input_is_one_clear_line(
    desk: Desk, content: bytes, options: tuple[str, ...], message: str
):
    desk.put(content)

    result = desk.run(*options)

    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert desk.is_untouched


def test_a_missing_file_is_named(desk: Desk):
    result = desk.run()

    assert result.exit_code == 2
    assert result.stderr == f"Error: There is no file or folder '{desk.file}'.\n"


def test_an_unknown_quiz_is_named(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")))

    assert "There is no quiz 'tset'. Did you mean 'test'?" in desk.run(quiz="tset").stderr


def test_latin1_is_read_when_it_is_named(desk: Desk):
    typed = {**person(desk.quiz).answers, "name": (0, "zéro_grad")}
    desk.put(moodle_csv(desk.quiz, [Person("ada", typed)]).decode("utf-8-sig").encode("latin-1"))

    assert desk.run().exit_code == 2
    assert desk.run("--encoding", "latin-1").exit_code == 0
    responses = {
        one.question_id: one.value for one in read_attempts(desk.out, desk.quiz)[0].responses
    }
    assert responses["name"] == "zéro_grad"


def test_formulas_reach_no_spreadsheet(desk: Desk):
    typed = {**person(desk.quiz).answers, "name": (0, "=1+1"), "size": (1, "@x")}
    desk.put(moodle_csv(desk.quiz, [Person("=cmd|x", typed)]))

    assert desk.run().exit_code == 0

    text = (desk.out / "quizzes" / "test" / "scores.csv").read_text()
    assert "'=cmd|x," in text
    assert "=1+1" not in text


@pytest.mark.parametrize("source", ["canvas", "google-forms", "amc"])
def test_other_sources_are_found_out(desk: Desk, source: str):
    write = {"canvas": canvas_csv, "google-forms": forms_csv, "amc": amc_csv}[source]
    desk.put(write(desk.quiz, desk.people("ada")))

    result = desk.with_roster("--allow-missing", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["sources"] == [source]
    assert json.loads(result.stdout)["matched"] == ["ada"]


def test_answers_files_are_read_together_with_a_report(desk: Desk, tmp_path: Path):
    desk.put(moodle_csv(desk.quiz, desk.people("ada")))
    folder = tmp_path / "answers"
    folder.mkdir()
    paper = strip_keys(desk.quiz)
    responses = tuple(
        Response(question_id=question.question_id, variant=question.variant, value="")
        for question in deal(paper, "bob")
    )
    mine = Attempt(
        quiz_id="test", student="bob", responses=responses, bank_sha256=paper.sha256, seed=0
    )
    (folder / "bob.answers.json").write_text(dump_attempt(mine))

    result = desk.run(str(folder))

    assert result.exit_code == 0
    assert "test from moodle, dlab:" in result.output
    assert [one.student for one in read_attempts(desk.out, desk.quiz)] == ["ada", "bob"]


def test_a_broken_quiz_of_the_bank_does_not_hide_which_one_fits(desk: Desk):
    (desk.course / "quizzes" / "broken.quiz.md").write_text("---\nquiz: broken\n---\n\n## x\n")
    desk.put(moodle_csv(desk.quiz, desk.people("ada")))

    assert "'test' fits." in desk.run(quiz="sample").stderr


def test_long_lists_are_cut_on_the_screen(desk: Desk):
    desk.put(moodle_csv(desk.quiz, desk.people(*(f"m{number}" for number in range(14)))))

    result = desk.with_roster()

    assert "Not in the roster (14):" in result.stderr
    assert "  ... and 4 more; --json lists all\n" in result.stderr
