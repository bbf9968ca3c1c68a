# Every target sets up what it needs: a virtual environment in .venv with pinned dependencies.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PINS := .ci/constraints.txt
RUN := .venv/.ready-run
DEV := .venv/.ready-dev
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=$(PINS) $(BIN)/python -m pip install --quiet

# Compiled modules are kept: without them every start of the bot and of the tests compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo run test cover test-fast check format soak bench pictures gallery snapshots manifest pins clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "syncbot needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

$(RUN): pyproject.toml $(PINS) | .venv/pyvenv.cfg
	@echo "Installing syncbot into .venv (once) ..."
	@$(PIP) --editable .
	@touch $@

$(DEV): pyproject.toml $(PINS) | .venv/pyvenv.cfg
	@echo "Installing syncbot and its test tools into .venv (once) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@ $(RUN)

demo: $(RUN)  ## syncbot with stand-ins for Slack, Microsoft 365 and Gmail, on loopback; no account needed
	@exec $(BIN)/syncbot demo $(if $(PORT),--port $(PORT)) $(if $(MODE),--mode $(MODE)) $(if $(ENGINE),--engine $(ENGINE))

run: $(RUN)  ## the bot itself, configured by SYNCBOT_* variables or .env
	@exec $(BIN)/syncbot run

# More workers than cores: tests wait for processes, a browser and true time-outs half of the time.
test: $(DEV)  ## all tests
	@$(BIN)/pytest -n 4 --dist worksteal $(ARGS)

cover: $(DEV)  ## all tests, with coverage
	@$(BIN)/pytest -n 4 --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)

# What is slow: tests/order.py and the marker. The plugins are named since to load the others takes a second.
test-fast: $(DEV)  ## most tests, as a quick check while editing; not: browser, processes, PostgreSQL, fuzzing, whole bot or engine, deliveries, drawing, stand-ins' own
	@PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 PYTEST_PLUGINS=xdist.plugin,pytest_asyncio.plugin,_hypothesis_pytestplugin \
	  $(BIN)/pytest -n 2 --dist worksteal -m 'not slow' --hypothesis-profile=quick $(ARGS)

check: $(DEV)  ## format, lint, types, import layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(DEV)  ## format and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

soak: $(DEV)  ## kill the engine for MINUTES=10, play histories of alerts for as long; or ONLY=engine, ONLY=alerts
	@$(if $(filter alerts,$(ONLY)),:,$(BIN)/python -m tests.engine.soak --minutes $(or $(MINUTES),10))
	@$(if $(filter engine,$(ONLY)),:,$(BIN)/python -m tests.histories.soak --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED)))

bench: $(DEV)  ## speed as ratios, measured side by side
	@$(BIN)/python -m tests.bench

pictures: $(DEV)  ## draw the pictures of README and docs, from the real bot through its page
	@$(BIN)/pytest -q tests/acceptance/test_pictures.py
	@mkdir -p docs/images && cp $(addprefix var/pictures/,alert.png status.png errors.png dismiss.png phone.png mailboxes.png) docs/images/

gallery: $(DEV)  ## draw every card in every state into var/gallery/index.html; CARDS="status errors" only some
	@$(BIN)/python -m tests.gallery $(CARDS)

snapshots: $(DEV)  ## write what every card sends into tests/gallery/snapshots, to be reviewed; a test compares
	@$(BIN)/python -m tests.gallery.snapshots

manifest: $(RUN)  ## write app.yaml from code
	@$(BIN)/syncbot manifest > app.yaml

pins: $(DEV)  ## renew the pins within the ranges of pyproject.toml
	@rm -rf var/pins && $(PYTHON) -m venv var/pins && PIP_DISABLE_PIP_VERSION_CHECK=1 var/pins/bin/pip install --quiet --editable '.[dev]' hatchling editables
	@var/pins/bin/pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==' > $(PINS) && rm -rf var/pins

clean:  ## remove the virtual environment and everything generated
	rm -rf .venv var build dist .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
