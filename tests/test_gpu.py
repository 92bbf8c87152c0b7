"""On a GPU: every lab that uses torch, its reference graded there. `pytest -m gpu` runs this."""

from pathlib import Path

import pytest

from grader.course import find_course
from grader.handin import Handin
from grader.labs import lab_ids, read_lab
from grader.runner import Grader, Options
from grader.sandbox.backend import find_backend

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'dlab[labs]'")

ROOT = Path(__file__).resolve().parent.parent
COURSE = find_course(ROOT, str(ROOT))
LABS = [lab for lab in lab_ids(COURSE) if "torch" in read_lab(COURSE, lab).packages]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("mode", ["plain", "auto"])
@pytest.mark.parametrize("lab_id", LABS)
def test_reference_gets_all_points_on_a_gpu(lab_id: str, mode: str) -> None:
    lab = read_lab(COURSE, lab_id)
    solution = COURSE.reference(lab_id, lab.file)
    assert solution is not None
    options = Options(seed=1, device="cuda")
    grader = Grader(course=COURSE, lab=lab, backend=find_backend(mode), options=options)
    try:
        files = {lab.file: solution.read_bytes()}
        report = grader.grade(Handin(student="reference", files=files))
    finally:
        grader.close()
    lost = {c.check_id: c.staff_message for c in report.checks if c.points < c.max_points}
    assert lost == {}
