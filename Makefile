# Everything a developer or operator does here, by name. uv is used when it is there, pip otherwise.
PYTHON ?= python3
UV     ?= $(shell command -v uv 2>/dev/null)
BIN    := .venv/bin
STAMP  := .venv/.stamp

.PHONY: setup demo serve test test-sqlite test-postgres check format bench docs lock messages

setup: $(STAMP) messages-compiled

$(BIN)/python:
	$(if $(UV),$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv,$(PYTHON) -m venv .venv || true)
	@test -n "$(UV)" -o -x $(BIN)/pip || { rm -rf .venv; \
	  echo "$(PYTHON) makes no working venv: install the venv module (Debian: apt-get install python3-venv) or uv"; exit 1; }

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(if $(UV),VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes --no-deps -r requirements.lock,$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock)
	$(if $(UV),VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --no-build-isolation -e .,$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .)
	@touch $@

# Compiled catalogues are not committed.
PO := $(wildcard src/luoshi/locale/*/LC_MESSAGES/django.po)
.PHONY: messages-compiled
messages-compiled: $(PO:.po=.mo)
%.mo: %.po $(STAMP)
	@$(BIN)/pybabel -q compile -i $< -o $@

demo: setup
	$(BIN)/luoshi demo

serve: setup
	$(BIN)/luoshi serve

test: setup
	$(BIN)/python -m tests.run

check: setup
	$(BIN)/python -m tools.check

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(BIN)/python -m bench

docs: setup
	$(BIN)/luoshi docs
	$(BIN)/luoshi packs docs

messages: setup
	$(BIN)/python -m tools.messages

lock:
	@test -n "$(UV)" || { echo "uv is needed to make the lock: pip install uv"; exit 1; }
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --extra dev pyproject.toml -o requirements.lock
