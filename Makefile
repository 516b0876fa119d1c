# What a person working on konwent-bot types. Every target first sees to it that .venv is there and true to the project file.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak messages clean
SHELL := /bin/sh
PYTHON ?= python3
RUN := .venv/bin
STAMP := .venv/.set-up
ARGS ?=

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | tr '@' '\t'

demo: $(STAMP) ## Show it: a network, a phone-like page, a round of cards (ARGS="--port 8080 --data DIR")
	@$(RUN)/konwent-bot demo $(ARGS)

test: $(STAMP) ## Run the tests (ARGS="tests/store -k parallel")
	@$(RUN)/python -m pytest -n 2 $(ARGS)

check: $(STAMP) ## Hold the code, the contracts between rooms, the flows, the translations and deploy/ to their rules
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports --no-logo
	@$(RUN)/konwent-bot flows check
	@$(RUN)/python -m tests.catalogues check
	@$(RUN)/python -m tests.packaging
	@$(RUN)/python -m tests.deployment

bench: $(STAMP) ## Measure, print a table and write bench.json
	@$(RUN)/python -m tests.bench $(ARGS)

soak: $(STAMP) ## Run the long races and kill runs
	@$(RUN)/python -m pytest --soak -m soak tests/soak tests/office/decisions/test_races.py $(ARGS)

messages: $(STAMP) ## Take sentences from code and flows into locales/, keeping what is translated
	@$(RUN)/python -m tests.catalogues extract

clean: ## Remove what was made: the environment, caches, built files
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .demo bench.json
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed. Please install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). If you have a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)"; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@test -x $(RUN)/python || echo "Setting up .venv (once, a few minutes) ..."
	@test -x $(RUN)/pip || $(PYTHON) -m venv .venv
	@$(RUN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
