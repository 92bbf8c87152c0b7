# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Both make a virtual environment in .venv first, from a bare CPython 3.11 or newer.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= auto
READY  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test test-long check format labs bench calibrate clean

help:  ## Show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

demo: $(READY)  ## Check a lab as a student, grade a sample class as an instructor; under 2 minutes
	$(BIN)/dlab demo

test: $(READY)  ## Lint, types, and the test suite
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q

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
	for lab in $$($(BIN)/dlab labs --json | $(BIN)/python -c 'import json, sys; print(*[lab["lab_id"] for lab in json.load(sys.stdin)])'); do \
	    $(BIN)/dlab validate $$lab || exit 1; done

calibrate: $(READY)  ## Measure the bars again (minutes)
	$(BIN)/dlab calibrate lab2 --seeds 20 --jobs 2 --write

bench: $(READY)  ## What it costs, as ratios
	$(BIN)/python benchmarks/check_latency.py
	$(BIN)/python benchmarks/grade_throughput.py

clean:  ## Remove what was built
	rm -rf $(VENV) build dist *.egg-info demo-results results .pytest_cache .mypy_cache .ruff_cache
