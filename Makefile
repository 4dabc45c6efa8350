# One recipe for people, hooks and CI. `make run` is the first thing to try.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
KILLS ?= 50

.PHONY: help setup run test check lint types law browser prove bench screenshots lock clean

help: ## Show the recipes
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The stamp carries the lock's name, so that a changed lock is installed by itself.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: apt install python3 python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "python3-venv is missing: apt install python3-venv"; exit 1; }
	@echo "Installing the locked libraries (about a minute, once) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --progress-bar off \
		--require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.installed ## Environment, database and first model; quiet when all is there
	@$(BIN)/nachtschalter train --first

run: setup ## Serve the sample city on http://localhost:8000
	@$(BIN)/nachtschalter serve $(ARGS)

test: $(VENV)/.installed ## All tests (those with a browser too, where chromium is there)
	@$(BIN)/pytest -n auto --dist loadgroup $(ARGS)

check: $(VENV)/.installed lint types law ## ruff, mypy, import-linter, then the tests
	@$(MAKE) --no-print-directory test

lint: $(VENV)/.installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed
	@$(BIN)/mypy

law: $(VENV)/.installed
	@$(BIN)/lint-imports

browser: $(VENV)/.installed ## The tests in a real browser only
	@$(BIN)/pytest -m browser $(ARGS)

prove: setup ## Kill the real process KILLS times and count what came through
	@$(BIN)/python -m tests.prove --kills $(KILLS)

bench: setup ## Benchmark tables and the held-out scorecards, half an hour
	@$(BIN)/python -m pip install -qq --disable-pip-version-check "fasttext-wheel>=0.9.2" || \
		echo "fastText cannot be built here; the tables leave it out"
	@$(BIN)/python -m tests.bench $(ARGS)

screenshots: setup ## Make the README's pictures anew
	@$(BIN)/python -m tests.screenshots

lock: $(VENV)/.installed ## Renew requirements.lock from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --extra dev pyproject.toml -o requirements.lock

clean: ## Remove the environment and caches; keeps var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
