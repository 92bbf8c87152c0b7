"""`dlab export` from end to end: what is written, said and refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from books import make_course, put_lab, sit, store
from click.testing import CliRunner, Result

from cli.main import dlab
from grader.grades.target import TARGETS
from grader.model import NOTHING_HANDED_IN

Run = Callable[..., Result]
ROSTER = """id,name,username,canvas_id,lti_user_id
0012345,Ada Lovelace,ada,1001,l1
0012346,"O'Brien, Zoë",zoe,1002,l2
0012347,Cy,cy,1003,l3
0012348,Dee,dee,1004,l4
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a course's results and a roster; dlab runs there."""
    course = make_course(tmp_path)
    folder = tmp_path / "desk"
    out = folder / "results"
    put_lab(out, "ada", 5)
    put_lab(out, "zoe", 2)
    put_lab(out, "cy", None, problem="The course's content is broken: lab.toml")
    put_lab(out, "dee", None, problem=NOTHING_HANDED_IN)
    store(
        course,
        out,
        "s1-pre",
        sit(course, "s1-pre", "0012345"),
        sit(course, "s1-pre", "0012346", "ab"),
    )
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DLAB_COURSE", str(course.root))
    monkeypatch.setenv("COLUMNS", "100")
    return folder


@pytest.fixture
def run(desk: Path) -> Run:
    def invoke(*args: str) -> Result:
        return CliRunner().invoke(dlab, ["export", *args], prog_name="dlab")

    return invoke


def written(desk: Path) -> list[str]:
    """Return the files that exporting wrote."""
    return sorted(path.name for path in (desk / "results").glob("grades/*"))


def test_labs_and_quizzes_are_one_table(run: Run, desk: Path) -> None:
    result = run("--roster", "roster.csv")

    assert result.exit_code == 0, result.output
    assert (desk / "results" / "grades" / "csv.csv").read_text(encoding="utf-8").splitlines() == [
        "student,name,username,lab9_tiny,s1-pre,total,max_total",
        "0012345,Ada Lovelace,ada,5,3,8,10",
        '0012346,"O\'Brien, Zoë",zoe,2,4,6,10',
        "0012347,Cy,cy,,,,10",
        "0012348,Dee,dee,,,,10",
    ]


def test_summary_says_what_was_written_and_names_what_is_missing(run: Run) -> None:
    result = run("--roster", "roster.csv")

    assert result.stdout.splitlines() == [
        "column     max  scores  empty  mean  title",
        "lab9_tiny  5    2       2      3.50  lab9_tiny",
        "s1-pre     5    2       2      3.50  Test s1-pre",
        "",
        "Wrote results/grades/csv.csv: 3 students with results.",
    ]
    assert result.stderr.splitlines() == [
        "lab9_tiny: withheld, so left empty: 0012347.",
        "On the roster, without a result: 0012348.",
    ]


def test_json_is_all_there_is_on_stdout(run: Run) -> None:
    result = run("--roster", "roster.csv", "--json")
    data = json.loads(result.stdout)

    assert data["written"] == "results/grades/csv.csv"
    assert data["matched"] == ["0012345", "0012346", "0012347"]
    assert (data["not_in_roster"], data["without_result"], data["ambiguous"]) == (
        {},
        ["0012348"],
        {},
    )
    assert [entry["kind"] for entry in data["without_score"]] == ["withheld"]
    assert [(c["id"], c["max_points"], c["scores"]) for c in data["columns"]] == [
        ("lab9_tiny", 5, 2),
        ("s1-pre", 5, 2),
    ]


def test_missing_as_zero_leaves_withheld_scores_alone(run: Run, desk: Path) -> None:
    run("--roster", "roster.csv", "--missing-as-zero")

    rows = (desk / "results" / "grades" / "csv.csv").read_text(encoding="utf-8").splitlines()
    assert rows[3:] == ["0012347,Cy,cy,,0,,10", "0012348,Dee,dee,0,0,0,10"]


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "brightspace"])
def test_every_target_is_written_to_a_file_of_its_name(target: str, run: Run, desk: Path) -> None:
    result = run("--to", target, "--roster", "roster.csv")

    assert result.exit_code == 0, result.output
    assert written(desk) == [f"{target}.{TARGETS[target].suffix}"]


def test_brightspace_names_come_from_columns_or_titles(run: Run, desk: Path) -> None:
    names = "lab9:Lab nine,s1-pre:Entry test"

    result = run("--to", "brightspace", "--roster", "roster.csv", "--columns", names)

    assert result.exit_code == 0, result.output
    text = (desk / "results" / "grades" / "brightspace.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0].endswith(
        "Lab nine Points Grade,Entry test Points Grade,End-of-Line Indicator"
    )


def test_two_columns_for_the_registry(run: Run, desk: Path) -> None:
    run(
        "--roster",
        "roster.csv",
        "--only",
        "s1-pre",
        "--columns",
        'id:ID,"total:Grade, final"',
        "--file",
        "out.csv",
    )

    assert (desk / "out.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        'ID,"Grade, final"',
        "0012345,3",
    ]


def test_gradebook_of_canvas_is_filled_and_the_original_stays(run: Run, desk: Path) -> None:
    exported = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Test s1-pre (7)\n"
        "    Points Possible,,,,,5\nAda,1001,0012345,ada,A,\nZoë,1002,0012346,zoe,A,\n"
    )
    (desk / "canvas.csv").write_text(exported, encoding="utf-8")

    result = run("--to", "canvas", "--into", "canvas.csv", "--only", "s1-pre")

    assert result.exit_code == 0, result.output
    assert (desk / "canvas.csv").read_text(encoding="utf-8") == exported
    text = (desk / "results" / "grades" / "canvas.csv").read_text(encoding="utf-8")
    assert text.splitlines()[2:] == ["Ada,1001,0012345,ada,A,3", "Zoë,1002,0012346,zoe,A,4"]


def test_excel_gets_a_file_of_its_own(run: Run, desk: Path) -> None:
    run("--roster", "roster.csv", "--for", "excel")

    assert written(desk) == ["csv-excel.csv"]


def test_student_who_is_not_on_the_roster_stops_it(run: Run, desk: Path) -> None:
    (desk / "roster.csv").write_text(ROSTER.replace("0012346", "12346").replace("zoe", "zo"))

    result = run("--roster", "roster.csv", "--to", "moodle")

    assert result.exit_code == 2
    assert written(desk) == []
    first, last = result.stderr.splitlines()
    assert first == "Error: Not in roster.csv: '0012346' (did you mean '12346'?), 'zoe'."
    assert last.startswith("Error: Nothing was written (matched: 2, without a result: 2).")


def test_student_who_is_not_on_the_roster_can_be_left_out(run: Run, desk: Path) -> None:
    (desk / "roster.csv").write_text("id,username\n0012345,ada\n", encoding="utf-8")

    result = run("--roster", "roster.csv", "--to", "moodle", "--allow-missing")

    assert result.exit_code == 0
    assert "Left out, not on the roster: 0012346, cy, zoe." in result.stderr
    text = (desk / "results" / "grades" / "moodle.csv").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("--out", "nothing"), "There are no results in 'nothing'."),
        (("--to", "moodel"), "Grades cannot be written for 'moodel'. Did you mean 'moodle'?"),
        (("--only", "s1-per"), "There are no results of 's1-per'. Did you mean 's1-pre'?"),
        (("--roster", "none.csv"), "none.csv cannot be read: No such file or directory."),
        (("--into", "none.csv", "--to", "canvas"), "none.csv cannot be read: No such file"),
        (("--into", "empty.csv", "--to", "canvas"), "empty.csv is empty; download it again."),
        (("--to", "canvas"), "Canvas wants names and ids: give --roster"),
        (("--columns", "nme:Name"), "--columns: There are no results of 'nme'."),
        (("--to", "long", "--missing-as-zero"), "'long' holds answers; --missing-as-zero applies"),
        (("--to", "moodle", "--for", "excel"), "--for is for csv and long; 'moodle' is read by"),
        (("--file", "roster.csv/x.csv"), "roster.csv/x.csv cannot be written: "),
    ],
)
def test_wrong_request_is_one_line_and_writes_nothing(
    args: tuple[str, ...], text: str, run: Run, desk: Path
) -> None:
    (desk / "empty.csv").write_bytes(b"")

    result = run(*args)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {text}")
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
    assert written(desk) == []


def test_nothing_but_withheld_scores_is_not_exported(run: Run, desk: Path) -> None:
    for name in ("ada", "zoe", "dee"):
        (desk / "results" / "lab9_tiny" / name / "result.json").unlink()

    result = run("--only", "lab9")

    assert (result.exit_code, written(desk)) == (2, [])
    assert result.stderr == "Error: There is no score in 'results' to export.\n"


def test_old_file_stays_if_the_new_one_cannot_be_made(run: Run, desk: Path) -> None:
    run("--roster", "roster.csv")
    before = (desk / "results" / "grades" / "csv.csv").read_bytes()
    (desk / "roster.csv").write_text("id\n1\n1\n", encoding="utf-8")

    assert run("--roster", "roster.csv").exit_code == 2
    assert (desk / "results" / "grades" / "csv.csv").read_bytes() == before


def test_exporting_twice_gives_the_same_bytes(run: Run, desk: Path) -> None:
    run("--to", "moodle", "--roster", "roster.csv")
    first = (desk / "results" / "grades" / "moodle.csv").read_bytes()
    run("--to", "moodle", "--roster", "roster.csv")

    assert (desk / "results" / "grades" / "moodle.csv").read_bytes() == first
