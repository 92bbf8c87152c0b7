# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Both make a virtual environment in .venv first, from a bare CPython 3.11 or newer.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= auto
READY  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test test-gpu test-long check format labs bench calibrate clean

help:  ## Show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev,labs]"
	@touch $@

demo: $(READY)  ## Check every lab as a student, grade a sample class as an instructor; 3 minutes
	$(BIN)/dlab demo

test: $(READY)  ## Lint, types, and the test suite
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q

test-gpu: $(READY)  ## Grade every reference on a GPU
	$(BIN)/python -m pytest -q -m gpu

test-long: $(READY)  ## What takes minutes: kill-and-resume, full validation, sample class
	$(BIN)/python -m pytest -q -m "long or not long" -n $(JOBS) --dist loadfile

check: $(READY)  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check grader cli tests tools benchmarks
	$(BIN)/mypy

format: $(READY)  ## Format the code
	$(BIN)/ruff format grader cli tests tools benchmarks
	$(BIN)/ruff check --fix .

labs: $(READY)  ## Prove every lab: references full, stubs 0, each mistake caught and named
	$(BIN)/dlab validate --jobs 2

calibrate: $(READY)  ## Measure all bars again, every mistake at 20 seeds (hours)
	for lab in 2 3 4 5 6 7; do $(BIN)/dlab calibrate lab$$lab --seeds 20 --jobs 2 --write || exit 1; done

bench: $(READY)  ## What it costs, as ratios
	$(BIN)/python benchmarks/check_latency.py
	$(BIN)/python benchmarks/grade_throughput.py
	$(BIN)/python benchmarks/quiz_serve.py

clean:  ## Remove what was built
	rm -rf $(VENV) build dist *.egg-info demo-results results .pytest_cache .mypy_cache .ruff_cache
