# The two commands: `make run` (the main job, offline) and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEED := fixtures/manuscripts/exosome-therapy.md
SNAPSHOT := fixtures/records/exosome-therapy.jsonl

.DEFAULT_GOAL := help
.PHONY: help run test check fix docs accept live fuzz

help:  ## show this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

$(VENV)/run.stamp: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "refcheck needs Python 3.11 or later: make run PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

run: $(VENV)/run.stamp  ## check the seed manuscript against the bundled records (no network)
	$(BIN)/refcheck check $(SEED) --records $(SNAPSHOT)

test: check  ## lint, types, architecture and all tests (no outside network)
	$(BIN)/python -m pytest -n auto

check: $(VENV)/dev.stamp  ## ruff, mypy and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/dev.stamp  ## let ruff mend and format what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/dev.stamp  ## write docs/rules.md from the rules' docstrings
	$(BIN)/refcheck rules --format markdown > docs/rules.md

accept: $(VENV)/dev.stamp  ## take the current renderings as the golden ones (read the diff before committing)
	REFCHECK_ACCEPT=1 $(BIN)/python -m pytest -q -k golden

fuzz: $(VENV)/dev.stamp  ## foreign bytes into every reader, parser and payload, ten seconds each (atheris where it is installed)
	$(BIN)/python -m tests.fuzz --seconds 10

live: $(VENV)/dev.stamp  ## tests against the real services (not in the default run)
	$(BIN)/python -m pytest tests/live --force-enable-socket
