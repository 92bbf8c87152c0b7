"""What `dlab grade` costs an instructor, as a ratio to calling the same functions directly.

The baseline is one bare Python process with NumPy for each submission, which imports the file and
makes the very calls that the checks make (recorded once), with no sandbox, no comparison and no
reference. Both run on as many processes as there are cores, with one BLAS thread each; CPU seconds
of the sandboxes are added from the reports, since the kernel does not charge them to the grader.
Not counted: the reference's sandbox, which the time check calls (about 5 % here).

    python benchmarks/grade_throughput.py [--submissions 200] [--lab lab2] [--jobs 2]
"""

import argparse
import json
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from grader.course import find_course
from grader.handin import read_handin
from grader.labs import find_lab
from grader.runner import Grader, Options
from grader.sandbox.backend import find_backend
from grader.session import Session

ROOT = Path(__file__).resolve().parents[1]
REPLAY = """
import pickle, sys
import numpy as np
sys.path.insert(0, sys.argv[1])
module = __import__(sys.argv[2])
half_square = lambda x: float((x * x).sum()) / 2
with open(sys.argv[3], "rb") as file:
    calls = pickle.load(file)
for name, args, kwargs in calls:
    args = [half_square if isinstance(a, str) and a == "FUNCTION" else a for a in args]
    result = getattr(module, name)(*args, **kwargs)
    if hasattr(result, "__next__"):
        list(result)
"""


def record_calls(lab_id: str, target: Path) -> tuple[str, int]:
    """Grade the solution once and pickle every call its checks make."""
    course = find_course(ROOT, str(ROOT))
    lab = find_lab(course, lab_id)
    solution = course.solutions / lab.lab_id / lab.file
    calls: list[tuple[str, list[Any], dict[str, Any]]] = []
    request: Callable[..., object] = Session.request

    def note(
        self: Session, name: str, function: str, args: Any, kwargs: Any, **rest: Any
    ) -> object:
        if name == "submission":
            plain = ["FUNCTION" if callable(arg) else arg for arg in args]
            calls.append((function, plain, dict(kwargs)))
        return request(self, name, function, args, kwargs, **rest)

    Session.request = note  # type: ignore[assignment,method-assign]  # to listen, in this benchmark
    grader = Grader(
        course=course, lab=lab, backend=find_backend(), options=Options(seed=course.seed)
    )
    report = grader.grade(read_handin(solution, lab, "solution"))
    grader.close()
    Session.request = request  # type: ignore[method-assign]
    if not report.score or not report.score.is_full:
        sys.exit(f"the solution does not get all points: {report.problem}")
    with target.open("wb") as file:
        pickle.dump(calls, file)
    return str(solution), len(calls)


def cpu_of_children() -> float:
    """Return CPU seconds of all ended children so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Return wall seconds and children's CPU seconds of an action."""
    started, cpu = time.perf_counter(), cpu_of_children()
    action()
    return time.perf_counter() - started, cpu_of_children() - cpu


def main() -> None:
    """Run both sides and print the ratios."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every run compiles everything anew
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"  # as in the sandbox
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--lab", default="lab2")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sandbox", default="auto")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        solution, count = record_calls(options.lab, folder / "calls.pickle")
        for number in range(options.submissions):
            (folder / "class" / f"s{number:04d}").mkdir(parents=True)
            shutil.copy(solution, folder / "class" / f"s{number:04d}")
        report(options, folder, solution, count)


def report(options: argparse.Namespace, folder: Path, solution: str, count: int) -> None:
    """Time both sides and print them."""
    replay = [sys.executable, "-c", REPLAY, str(Path(solution).parent), Path(solution).stem]

    def direct() -> None:
        command = [*replay, str(folder / "calls.pickle")]
        with ThreadPoolExecutor(options.jobs) as pool:
            for done in pool.map(
                lambda _: subprocess.run(command, check=True), range(options.submissions)
            ):
                del done

    def grade() -> None:
        dlab = [str(Path(sys.executable).parent / "dlab"), "--course", str(ROOT), "grade"]
        command = [*dlab, options.lab, str(folder / "class"), "--out", str(folder / "results")]
        command += ["--jobs", str(options.jobs), "--sandbox", options.sandbox]
        subprocess.run(command, check=True, capture_output=True)

    direct_wall, direct_cpu = timed(direct)
    grade_wall, grade_cpu = timed(grade)
    sandbox_cpu = sum(
        json.loads(path.read_text())["cpu_s"] for path in folder.glob("results/*/*/result.json")
    )
    backend = find_backend(options.sandbox).protection.backend
    if backend == "bwrap":
        grade_cpu += sandbox_cpu
    each = 1000 / options.submissions
    print(f"{options.submissions} correct submissions of {options.lab}, {count} calls in each")
    print(f"{options.jobs} jobs, sandbox {backend}")
    for name, wall, cpu in (("direct", direct_wall, direct_cpu), ("graded", grade_wall, grade_cpu)):
        rate = options.submissions / wall
        print(f"{name}  {rate:5.2f}/s  {wall * each:5.0f} ms wall  {cpu * each:5.0f} ms CPU each")
    print(f"of which {sandbox_cpu * each:.0f} ms CPU in the submission's sandbox")
    print(f"ratio   wall {grade_wall / direct_wall:.2f}   CPU {grade_cpu / direct_cpu:.2f}")


if __name__ == "__main__":
    main()
