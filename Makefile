# Two commands for a new machine: `make demo` and `make test`. Both set themselves up.
# They need Python 3.11.5 or newer and the package index, nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes

.PHONY: help demo test lint types contracts check sdk lock clean

help:
	@echo "make demo   a local Microsoft 365, an example team, one run, and a page to look at it"
	@echo "make test   every test"
	@echo "make check  lint, types and import contracts"
	@echo "make sdk    the official msgraph-sdk against the stand-in (installs half a gigabyte)"
	@echo "make lock   work the dependency locks out again (needs uv)"

demo: $(VENV)/run.stamp
	@$(BIN)/python run_bot.py demo

test: $(VENV)/test.stamp
	@$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(VENV)/test.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/test.stamp
	@$(BIN)/mypy

contracts: $(VENV)/test.stamp
	@$(BIN)/lint-imports

check: lint types contracts

# Microsoft's own library is half a gigabyte: it gets an environment of its own, laid over that of the tests.
sdk: $(VENV)-sdk/sdk.stamp
	@$(VENV)-sdk/bin/python -m pytest -W ignore::DeprecationWarning tests/sdk

lock:
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11.5 pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11.5 pyproject.toml --extra test --extra distributed --constraint requirements.lock --output-file requirements-test.lock

clean:
	rm -rf $(VENV) $(VENV)-sdk tests/prism/node_modules .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5))' || \
	  { echo "Python 3.11.5 or newer is needed; name it: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing: apt-get install python3-venv (Debian, Ubuntu), then make again."; exit 1; }
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: requirements.lock $(VENV)/venv.stamp
	@echo "Installing the locked dependencies …"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/venv.stamp
	@echo "Installing the locked dependencies and those of the tests …"
	@$(PIP) -r requirements-test.lock
	@touch $@ $(VENV)/run.stamp

$(VENV)-sdk/sdk.stamp: tests/sdk/requirements.txt $(VENV)/test.stamp
	@echo "Installing the official msgraph-sdk …"
	@$(PYTHON) -m venv $(VENV)-sdk
	@$(BIN)/python -c 'import site; print(site.getsitepackages()[0])' \
	  > "$$($(VENV)-sdk/bin/python -c 'import site; print(site.getsitepackages()[0])')/tests.pth"
	@$(VENV)-sdk/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r tests/sdk/requirements.txt
	@touch $@
