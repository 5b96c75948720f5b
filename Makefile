# The two commands: `make run` starts the studio, `make test` runs all tests.
# Nothing is needed but Python 3.11 or newer (with venv) and make.

PYTHON ?= python3
# Processes that share the tests.
WORKERS ?= 2
# Which of them: make test TESTS=tests/spend
TESTS ?=
# Which of the benches: make bench BENCHES=thumbs
BENCHES ?=
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --no-input --quiet install --only-binary=:all:
MESSAGES := $(patsubst %.po,%.mo,$(wildcard studio/locale/*/LC_MESSAGES/django.po))

.PHONY: install run sandbox test check bench chaos mutations lock messages
.DEFAULT_GOAL := install

install: .venv/installed $(MESSAGES)

run: install
	@exec $(BIN)/python manage.py run

# Practice mode: all providers are played on this machine, nothing is sent or charged.
sandbox: install
	@exec $(BIN)/python manage.py practice

test: .venv/installed-dev $(MESSAGES)
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(TESTS)

# Silent where all is well; the output of the first thing that is not.
check: export STUDIO_DATA_DIR := $(CURDIR)/.venv/check
check: .venv/installed-dev $(MESSAGES)
	@$(call quietly,$(BIN)/ruff format --check .)
	@$(call quietly,$(BIN)/ruff check .)
	@$(call quietly,$(BIN)/mypy)
	@$(call quietly,$(BIN)/lint-imports --no-logo)
	@$(call quietly,$(BIN)/djlint --lint templates)
	@$(call quietly,$(BIN)/python manage.py check --fail-level WARNING)
	@$(call quietly,$(BIN)/python manage.py makemigrations --check --dry-run)

# Times the studio beside others, on this machine (docs/benchmarks.md).
bench: .venv/installed-bench
	@$(BIN)/python -m tests.bench $(BENCHES)

# Kills a random process of a whole studio again and again (docs/reliability.md): make chaos KILLS=100
chaos: export KILLS ?= 100
chaos: export JOBS ?= 200
chaos: .venv/installed-dev $(MESSAGES)
	@$(BIN)/python -m tests.chaos

# Takes each guard out of a copy and sees a test go red.
mutations: .venv/installed-dev $(MESSAGES)
	@$(BIN)/python -m tests.mutations $(GUARDS)

# Exact versions and hashes; no address of a registry. Run it after a change in pyproject.toml.
lock: .venv/bin/pip
	$(BIN)/pip --disable-pip-version-check --quiet install uv
	$(call lock,,requirements.lock)
	$(call lock,--extra server --constraint requirements.lock,requirements-server.lock)
	$(call lock,--group dev --constraint requirements.lock,requirements-dev.lock)
	$(call lock,--group bench --constraint requirements-dev.lock,requirements-bench.lock)

# Needs gettext. Every string of the studio into studio/locale/*/LC_MESSAGES/django.po.
messages: install
	$(BIN)/python manage.py makemessages

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Seed Studio needs Python 3.11 or newer; '$(PYTHON)' is none. Name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python came without venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

.venv/installed: requirements.lock | .venv/bin/pip
	@echo "Installing what the studio needs..."
	@$(PIP) --require-hashes -r $<
	@touch $@

# A superset of the above: whoever has it needs the other no more.
.venv/installed-dev: requirements-dev.lock | .venv/bin/pip
	@echo "Installing what the studio and its tests need..."
	@$(PIP) --require-hashes -r $<
	@touch .venv/installed $@

# pyvips itself comes as source, in Python; the library it calls comes as a wheel.
.venv/installed-bench: requirements-bench.lock | .venv/bin/pip
	@echo "Installing what the benches compare with..."
	@$(PIP) --no-binary=pyvips --require-hashes -r $<
	@touch .venv/installed $@

%.mo: %.po | .venv/installed
	@$(BIN)/pybabel --quiet compile --domain django --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

quietly = report=$$($(1) 2>&1) || { echo "$$report"; exit 1; }
lock = $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --no-config --quiet --no-annotate pyproject.toml $(1) --output-file $(2)
