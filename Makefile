# Two commands: `make app` starts the app, `make test` proves it. Both set up what they need.
IN_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for one in python3 python3.13 python3.12 python3.11; do \
  if $$one -c '$(IN_RANGE)' 2>/dev/null; then echo $$one; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
WORKSPACE ?= workspace
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: app env test bench test-env format lint types imports checks compiled unit journeys clean

app: env ## start the app on its embedded default and print the address
	NEIGHBOURHOODS_WORKSPACE="$(WORKSPACE)" $(BIN)/python -m pages.components.serve --server.port $(PORT)

env: $(VENV)/.app-ready ## the environment alone; the command line is then .venv/bin/neighbourhoods

$(VENV)/bin/python:
	@found="$(PYTHON)"; [ -n "$$found" ] && "$$found" -c '$(IN_RANGE)' \
	  || { echo "Python 3.11 to 3.13 is needed; say which with: make PYTHON=python3.12 env" >&2; exit 2; }
	$(PYTHON) -m venv --clear $(VENV) \
	  || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 2; }

$(VENV)/.app-ready: $(VENV)/bin/python requirements.lock requirements-npm.lock pyproject.toml package-lock.json pages/components/vendor.py
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --require-hashes -r requirements-npm.lock
	$(BIN)/python -m pages.components.vendor
	touch $@

$(VENV)/.test-ready: $(VENV)/.app-ready requirements-test.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.lock
	$(BIN)/python -m tests.journeys.chromium
	touch $@

test-env: $(VENV)/.test-ready

test: test-env ## everything that must hold
	$(MAKE) -j2 checks
	$(MAKE) unit
	$(MAKE) journeys

checks: types compiled format lint imports

compiled: test-env ## what searches run on, compiled once for all that follows
	$(BIN)/python -m neighbourhoods.compilation

format: test-env
	$(BIN)/ruff format --check .

lint: test-env
	$(BIN)/ruff check .

types: test-env
	$(BIN)/mypy

imports: test-env
	$(BIN)/lint-imports

unit: test-env
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not journey"

journeys: test-env
	$(BIN)/pytest -q -m journey

bench: compiled ## print the benchmarks: medians and ratios
	$(BIN)/python -m benchmarks

clean: ## take the environment away; workspaces stay
	rm -rf $(VENV) node_modules static/vendor static/geometry build *.egg-info
