# Anlan: everything a newcomer types. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .make
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup run test lint bench clean lock types

help:  ## what can be typed here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMPS)/run $(STAMPS)/pwa  ## install what is needed and build the pages

run: setup  ## everything, embedded: demo city, live simulator, http://127.0.0.1:8000
	@$(BIN)/anlan run

test: setup $(STAMPS)/dev  ## all tests, as CI runs them
	@bash .ci/test

lint: $(STAMPS)/dev $(STAMPS)/pwa  ## format, lint, types, import rules
	@bash .ci/lint

bench: setup $(STAMPS)/dev  ## figures, one JSON object a line
	@$(BIN)/python -m bench

lock: $(STAMPS)/dev  ## renew the locked requirements from pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --extra embedded pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --extra embedded --group dev pyproject.toml -o requirements/dev.txt

types: $(STAMPS)/run  ## write the OpenAPI document and the page's types from it
	$(BIN)/anlan openapi > pwa/openapi.json
	cd pwa && npm run types

clean:  ## remove what setup made (data of a run stays where it is)
	rm -rf $(VENV) $(STAMPS) pwa/node_modules pwa/dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Anlan needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/node: pwa/package-lock.json $(STAMPS)/run
	cd pwa && npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/pwa: $(STAMPS)/node $(shell find pwa/src pwa/public pwa/index.html pwa/vite.config.ts -type f 2>/dev/null)
	cd pwa && npm run --silent build
	@mkdir -p $(STAMPS) && touch $@
