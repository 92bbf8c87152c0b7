"""What `dlab check` costs a student, as a ratio to importing NumPy and pytest in bare Python.

Both commands run in turn, A B A B ..., as whole processes; CPU seconds include all children. The
ratio of each pair is taken, and the median of these: absolute times mean little when shared.
The sandbox's CPU seconds are not among a process's children; they are added from a report.

    python benchmarks/check_latency.py [--runs 15] [--lab lab2]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
BARE = [sys.executable, "-c", "import numpy, pytest"]


def run(command: list[str], folder: str) -> tuple[float, float]:
    """Return wall and CPU seconds of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{command} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def main() -> None:
    """Print a row for each command and the ratios."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every run compiles everything anew
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--lab", default="lab2")
    options = parser.parse_args()
    solution = next((ROOT / "solutions").glob(f"{options.lab}*/{options.lab}.py"))
    dlab = [str(Path(sys.executable).parent / "dlab"), "--course", str(ROOT)]
    check = [*dlab, "check", options.lab, str(solution)]
    report = subprocess.run([*check, "--json"], capture_output=True, check=True).stdout
    sandbox_cpu = json.loads(report)["cpu_s"]
    rows: dict[str, list[tuple[float, float]]] = {"bare": [], "check": [], "help": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.runs + 1):
            wall, cpu = run(check, folder)
            pair = {"bare": run(BARE, folder), "check": (wall, cpu + sandbox_cpu)}
            pair["help"] = run([*dlab[:1], "--help"], folder)
            if number:  # the first one warms the caches
                for name, times in pair.items():
                    rows[name].append(times)
    print(f"{options.runs} runs of each, in turn, {os.cpu_count()} cores; medians")
    for name, times in rows.items():
        wall, cpu = (median(column) for column in zip(*times, strict=True))
        print(f"{name:<6} wall {wall:.3f} s   cpu {cpu:.3f} s")
    for place, clock in enumerate(("wall", "cpu")):
        pairs = zip(rows["check"], rows["bare"], strict=True)
        ratios = sorted(check[place] / bare[place] for check, bare in pairs)
        print(
            f"dlab check {options.lab} / bare, {clock}: median {median(ratios):.2f} "
            f"(from {ratios[0]:.2f} to {ratios[-1]:.2f})"
        )


if __name__ == "__main__":
    main()
