"""The labs themselves: the reference of each gets all points, its stub none, in every test run.

`dlab validate` proves far more and takes minutes; this is what no commit may break.
"""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.course import find_course
from grader.datasource import find_source
from grader.datastore import State, look
from grader.diagnosis.recording import FILE_NAME as RECORDING
from grader.diagnosis.recording import read_recording
from grader.handin import Handin
from grader.labs import lab_ids, public_version, read_lab
from grader.model import Lab, Report
from grader.runner import Grader, Options
from grader.sandbox.backend import find_backend

ROOT = Path(__file__).resolve().parents[1]
COURSE = find_course(ROOT, str(ROOT))
LABS = lab_ids(COURSE)
CHECKED_BY = re.compile(r"Checked by (.*?)\.(?:\s|$)", re.DOTALL)
ON_MNIST = [lab_id for lab_id in LABS if "mnist" in read_lab(COURSE, lab_id).datasets]


def lab_here(lab_id: str) -> Lab:
    """Return a lab, or skip where its packages are missing."""
    lab = read_lab(COURSE, lab_id)
    if missing := [name for name in lab.packages if not find_spec(name)]:
        pytest.skip(f"{', '.join(missing)} not installed: pip install 'dlab[labs]'")
    return lab


def grade(lab: Lab, path: Path, options: Options) -> Report:
    grader = Grader(course=COURSE, lab=lab, backend=find_backend("auto"), options=options)
    try:
        return grader.grade(Handin(student="x", files={lab.file: path.read_bytes()}))
    finally:
        grader.close()


def lost(report: Report) -> dict[str, str]:
    assert not report.problem
    return {c.check_id: c.staff_message for c in report.checks if c.points < c.max_points}


@pytest.mark.parametrize("lab_id", LABS)
def test_reference_gets_all_points(lab_id: str) -> None:
    lab = lab_here(lab_id)
    path = COURSE.solutions / lab_id / lab.file

    assert lost(grade(lab, path, Options(seed=31))) == {}


@pytest.mark.parametrize("lab_id", LABS)
def test_stub_gets_no_points(lab_id: str) -> None:
    lab = lab_here(lab_id)

    report = grade(lab, lab.folder / lab.file, Options(seed=31))

    assert report.score is not None
    assert report.score.points == 0


@pytest.mark.parametrize("lab_id", LABS)
def test_students_machines_know_the_mistakes_of_today(lab_id: str) -> None:
    lab = read_lab(COURSE, lab_id)
    recording = read_recording(lab.folder / RECORDING)

    assert recording is not None
    assert recording.version == public_version(COURSE, lab), "dlab validate --record writes it"
    assert recording.answers


@pytest.mark.parametrize("lab_id", LABS)
def test_lab_is_whole(lab_id: str) -> None:
    lab, hidden = read_lab(COURSE, lab_id), COURSE.hidden / lab_id

    assert 20 <= sum(check.points for check in lab.checks) <= 31
    assert len(list((hidden / "mistakes").glob("*.py"))) >= 12
    assert len(list((hidden / "second_solutions").glob("*.py"))) >= 3
    assert (lab.folder / "README.md").read_text(encoding="utf-8").count("\n") > 80
    assert all(check.hints and check.lecture for check in lab.checks)


@pytest.mark.long
@pytest.mark.parametrize("lab_id", ON_MNIST)
def test_reference_gets_all_points_on_mnist(lab_id: str) -> None:
    lab = lab_here(lab_id)
    if look(find_source("mnist")).state is State.MISSING:
        pytest.skip("MNIST is not here: set DLAB_DATA, or `dlab data fetch mnist`")
    path = COURSE.solutions / lab_id / lab.file

    assert lost(grade(lab, path, Options(seed=31, dataset="mnist"))) == {}


@pytest.mark.parametrize("lab_id", LABS)
def test_stub_and_statement_speak_of_the_checks_there_are(lab_id: str) -> None:
    lab = read_lab(COURSE, lab_id)
    points = {check.check_id: check.points for check in lab.checks}
    stub = (lab.folder / lab.file).read_text(encoding="utf-8")
    statement = (lab.folder / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b", " ".join(CHECKED_BY.findall(stub)))
    rows = dict(re.findall(r"\| `(\w+)` \| (\d+) \|", statement))

    assert set(named) <= set(points)
    assert {name: int(number) for name, number in rows.items() if name in points}.items() <= (
        points.items()
    )
    assert not rows or set(points) <= set(rows)
