# The two commands: `make run` serves the whole system, `make test` checks and tests everything.
# Only Python 3.11 and make are needed; what was done already is not done again.

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.done

# The system is several processes; without compiled files each compiles all of it at its start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run backup restore assets test test-long check bench lock words screenshots clean

run: assets
	@exec $(BIN)/python app.py

# TO=folder of the backup; unset: backups/tanggap-<moment>.
backup: $(STAMPS)/runtime
	@$(BIN)/python backup.py make $(TO)

# FROM=folder of the backup, STATE_DIR=an empty folder, KEYS=secrets/ of the system backed up.
restore: assets
	@$(if $(FROM),,echo "Name the backup: make restore FROM=backups/..." >&2; exit 1;) \
	$(BIN)/python backup.py restore $(FROM) $(KEYS)

# --- set-up -------------------------------------------------------------------------------------

# The first of these names that is a Python 3.11 or newer and can make environments.
$(VENV)/bin/python:
	@for name in $(PYTHON) python3.11 python3 python3.12 python3.13 python; do \
	  if "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making an environment with $$name."; \
	    "$$name" -m venv $(VENV) && exit 0; \
	  fi; \
	done; \
	echo "Python 3.11 with its venv module was not found. Install it (Debian: apt-get install" \
	  "python3.11-venv), or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1

$(STAMPS)/runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the system needs (once)."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/development: requirements-dev.txt $(STAMPS)/runtime
	@echo "Installing tools and tests (once)."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

assets: $(STAMPS)/runtime
	@$(BIN)/python -m core.assets

# --- checks and tests ---------------------------------------------------------------------------

check: $(STAMPS)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/bandit -q -c pyproject.toml -r app.py backup.py demo.py prepare.py rehearse.py worker.py core accounts sla helpdesk permits reports

# The browser tests drive Debian's Chromium. Where it cannot be had they are left out, and say so.
$(STAMPS)/chromium: | $(STAMPS)/development
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then \
	  touch $@; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests."; \
	  { apt-get install -qq -y --no-install-recommends chromium >/dev/null 2>&1 \
	    || { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; }; } \
	    && touch $@ || echo "Chromium could not be installed; the browser tests are left out." >&2; \
	else \
	  echo "There is no Chromium here, and only root can install it (apt-get install chromium)." \
	    "The browser tests are left out." >&2; \
	fi

test: assets check $(STAMPS)/chromium
	@$(BIN)/pytest -n 2 -m "not long" $(PYTEST)

test-long: assets $(STAMPS)/development
	@$(BIN)/pytest -m long $(PYTEST)

bench: assets $(STAMPS)/development
	@$(BIN)/python -m bench $(BENCH)

screenshots: assets $(STAMPS)/development $(STAMPS)/chromium
	@SCREENSHOTS=docs/screenshots $(BIN)/pytest -q -n 0 -m browser -k screenshots $(PYTEST)

# --- upkeep -------------------------------------------------------------------------------------

# After adding words: extract them, and show which still lack their Indonesian.
words: $(STAMPS)/development
	@$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -o .messages.pot --no-location --sort-output --ignore-dirs=".venv node_modules tests bench state" .
	@$(BIN)/pybabel -q update -i .messages.pot -d translations -D messages -l id --no-fuzzy-matching --width 100
	@rm .messages.pot
	@$(BIN)/pytest -q -n 0 tests/architecture/test_words.py

# The lock names each file by its hash and no host.
lock: $(STAMPS)/development
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) node_modules static/build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
