# `make` alone lists what there is. Paths are relative, so the project may live anywhere.

.PHONY: help install install-dev demo demo-reset test test-browser lint format messages bench fuzz screenshots clean

PY = .venv/bin/python

# Settings are read by the checks, but nothing is connected to.
CHECK_ENV = env DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 PORTAL_URL=http://localhost \
	EMAIL_URL=console:// SECRET_KEY=read-by-the-checks-only-read-by-the-checks-only-read-by-the-checks

# Tests and benchmarks make databases of their own, which the application's role may not.
AS_OWNER = sh -c 'DATABASE_URL=$$DATABASE_OWNER_URL exec "$$@"' sh

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 20

demo: install ## the portal with demonstration data on http://localhost:8000 (PORT=8001 for another port); Ctrl-C ends it
	@exec $(PY) -m portal.demo

demo-reset: install ## the same, from the beginning: what was done in the demonstration is thrown away
	@exec $(PY) -m portal.demo --reset

test: install-dev ## all tests, on servers of their own or on DATABASE_URL and REDIS_URL; ARGS="-k name" for some
	@PORTAL_VAR=$${PORTAL_VAR:-var/test} exec $(PY) -m portal.embedded --throwaway -- $(AS_OWNER) $(PY) -m pytest -n 2 $(ARGS)

test-browser: install-dev ## the tests that drive Chromium, which has to be on the PATH; ARGS="-k name" for some
	@PORTAL_VAR=$${PORTAL_VAR:-var/test-browser} exec $(PY) -m portal.embedded --throwaway -- $(AS_OWNER) $(PY) -m pytest -m browser $(or $(ARGS),tests/browser)

lint: install-dev ## style, types, layers, migrations, templates, messages
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(CHECK_ENV) $(PY) -m mypy
	@$(PY) .venv/bin/lint-imports --no-logo
	@$(CHECK_ENV) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@test ! -d templates || $(PY) -m djlint templates --lint --quiet
	@$(PY) -m portal.messages check

format: install-dev ## put the sources in the one format
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

messages: install-dev ## bring the catalogue in locale/ up to what the sources say, and list what has to be translated
	@$(PY) -m portal.messages extract

bench: install-dev ## the figures of the benchmarks, as a table and in var/bench.json; ARGS=page_weight for some
	@PORTAL_VAR=$${PORTAL_VAR:-var/bench} exec $(PY) -m portal.embedded --fresh -- $(AS_OWNER) $(PY) -m tests.bench $(ARGS)

fuzz: install-dev ## break 10,000 workbooks and see that each is read or refused in words; ARGS="--number 500 --seed 7" for others
	@PORTAL_VAR=$${PORTAL_VAR:-var/fuzz} exec $(PY) -m portal.embedded --throwaway -- $(AS_OWNER) $(PY) -m tests.fuzz $(ARGS)

screenshots: install-dev ## make the pictures of README and docs again, with the Chromium of make test-browser; ARGS=report for some
	@PORTAL_VAR=$${PORTAL_VAR:-var/screenshots} exec $(PY) -m portal.embedded --throwaway -- $(AS_OWNER) $(PY) -m tests.screenshots $(ARGS)

clean: ## remove the environment, everything in var/ and all caches
	@test ! -e var/lock || { echo "Something is running in var/. Stop it first; if nothing is, remove var/lock." >&2; exit 1; }
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

install:
	@.ci/install requirements.lock
	@$(PY) -m portal.messages compile

install-dev:
	@.ci/install requirements-dev.lock
	@$(PY) -m portal.messages compile
