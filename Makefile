# Needs Python 3.12 or newer and GNU make; everything else is set up on first use.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
ARGS ?=
CHECKS := lint format types imports templates migrations texts
# Settings that need no engine, for checks that only read the code.
READING := DJANGO_SETTINGS_MODULE=tests.settings

.PHONY: help demo run test screens chaos coverage check bench messages vendor \
  requirements base dev catalogues $(CHECKS:%=check-%)

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | \
	  while IFS="$$(printf '\t')" read -r name told; do \
	    printf '  make %-13s %s\n' "$$name" "$$told"; done
	@echo '  Variables: PORT, ALIGNMENT_DATA, DATABASE_URL, REDIS_URL; ARGS for make test;'
	@echo '  ALIGNMENT_POSTGRES=/usr/lib/postgresql/15 to test on that one.'

demo: base ## Start Alignment with an example company
	@exec $(BIN)/python -m alignment.engines demo

run: base ## Start Alignment with an empty workspace
	@exec $(BIN)/python -m alignment.engines run

test: dev catalogues ## Run the tests (ARGS='-k name' for some of them)
	@exec $(BIN)/python -m pytest -n auto --dist loadscope -q -m 'not chaos and not screens' $(ARGS)

screens: dev catalogues ## Open every page in a browser, in all widths and colours
	@exec $(BIN)/python -m pytest -n auto --dist load -q -m screens $(ARGS)

chaos: dev catalogues ## Kill workers and engines, again and again
	@exec $(BIN)/python -m pytest -q -m chaos $(ARGS)

coverage: dev catalogues ## Run the tests and show which branches they miss
	@exec $(BIN)/python -m pytest -n auto -q -m 'not chaos' --cov --cov-report term $(ARGS)

check: $(CHECKS:%=check-%) ## Lint, format, types, imports, templates, migrations, texts

check-lint: dev
	@$(BIN)/ruff check --quiet .

check-format: dev
	@$(BIN)/ruff format --check --quiet .

check-types: dev
	@$(BIN)/mypy --no-error-summary .

check-imports: dev
	@$(BIN)/lint-imports --no-logo >.cache/imports.log 2>&1 || { cat .cache/imports.log; exit 1; }

check-templates: dev
	@git ls-files -z '*.html' | xargs -0 -r $(BIN)/djade --check --target-version 6.1

check-migrations: dev
	@$(READING) $(BIN)/python -W ignore manage.py makemigrations --check --dry-run -v 0

check-texts: dev
	@$(BIN)/python -m tools.messages check

bench: dev catalogues ## Measure speed beside bare references
	@exec $(BIN)/python -m tools.bench $(ARGS)

messages: dev ## Collect texts into the message catalogues
	@exec $(BIN)/python -m tools.messages update

vendor: dev ## Fetch the browser libraries anew
	@exec $(BIN)/python -m tools.vendor $(ARGS)

COMPILE = $(BIN)/uv pip compile --universal --python-version 3.12 --generate-hashes \
  --no-emit-index-url --custom-compile-command "make requirements" --quiet $(ARGS)

requirements: dev ## Pin the requirements anew (ARGS=--upgrade for newer ones)
	@$(COMPILE) requirements/base.in -o requirements/base.txt
	@$(COMPILE) requirements/dev.in -o requirements/dev.txt

# What everything above stands on. Both are quick when nothing changed.
base dev:
	@python=$$(tools/find-python) && exec "$$python" tools/environment.py $@

catalogues: dev
	@$(BIN)/python -m tools.messages compile
