# Everything that README.md promises. On a fresh Debian machine only python3 and make are needed.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
VAR := $(or $(LUUKKU_VAR),var)
PORT ?= 8000
# Links in letters, feeds and the spec lead to where the site is served.
LUUKKU_BASE_URL ?= http://127.0.0.1:$(PORT)
AT := LUUKKU_BASE_URL=$(LUUKKU_BASE_URL)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Byte code is kept, whatever the machine says: without, every process compiles all of ours and all tests again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run demo dev test test-fast check fix docs messages shell stop bench soak lock

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# -- set-up: each stamp is made anew only when what it stands on has changed ------------------
$(VENV)/bin/python:
	@bash bin/make_venv "$(PYTHON)" "$(VENV)"

# Exactly what the lock says and nothing asked: no resolving (an old pip resolves again and wants what
# was released since), no building (a build fetches its own tools). `pip check` tells whether it fits.
INSTALL := -m pip install --quiet --no-deps --only-binary :all: --require-hashes

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(PY) $(INSTALL) -r requirements.txt
	@$(PY) -m pip check
	@touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.run
	$(PY) $(INSTALL) -r requirements-dev.txt
	@$(PY) -m pip check
	@touch $@

lock: | $(VENV)/bin/python ## Write the locks anew from requirements*.in, keeping every version that still fits
	$(PY) -m venv $(VENV)/uv && $(VENV)/uv/bin/pip install --quiet uv
	for file in requirements requirements-dev; do $(VENV)/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-strip-extras --no-emit-index-url --no-emit-find-links $$file.in -o $$file.txt; done

$(VENV)/.words: $(wildcard locale/*/LC_MESSAGES/*.po locale-editor/*/LC_MESSAGES/*.po) $(VENV)/.run
	$(PY) bin/compile_words
	@touch $@

# Finnish search: where Voikko cannot be had, the site goes on with simplemma.
VOIKKO := libvoikko1:libvoikko.so.1 voikko-fi:/usr/lib/voikko/5/mor-standard

$(VENV)/.voikko: bin/need_debian | $(VENV)/bin/python
	@bash bin/need_debian --wish $(VOIKKO)
	@touch $@

# Certificates as PDF: where pango cannot be had, the pages of certificates are printed.
PANGO := libpango-1.0-0:libpango-1.0.so.0 libpangoft2-1.0-0:libpangoft2-1.0.so.0 \
  libharfbuzz-subset0:libharfbuzz-subset.so.0

$(VENV)/.pango: bin/need_debian | $(VENV)/bin/python
	@bash bin/need_debian --wish $(PANGO)
	@touch $@

$(VENV)/.browser: bin/need_debian
	@bash bin/need_debian chromium:chromium gettext:xgettext $(VOIKKO) $(PANGO)
	@bash bin/need_debian --wish chromium-headless-shell:chromium-headless-shell
	@touch $@

setup: $(VENV)/.run $(VENV)/.words $(VENV)/.voikko $(VENV)/.pango ## Make ready to serve: environment, database, reference data, static files
	@$(AT) $(PY) manage.py prepare

demo: setup ## Fill the database with invented people and orders
	@$(AT) $(PY) manage.py load_demo

run: $(VENV)/.run $(VENV)/.words $(VENV)/.voikko $(VENV)/.pango ## Serve with reference data and demo people at http://127.0.0.1:8000
	@$(AT) LUUKKU_DEMO=1 $(PY) manage.py prepare --demo
	@$(AT) LUUKKU_DEMO=1 exec $(PY) manage.py serve --port $(PORT) --with-worker

dev: setup ## Serve with auto-reload for developing
	$(AT) LUUKKU_DEBUG=1 LUUKKU_GALLERY=1 LUUKKU_DEMO=1 exec $(PY) manage.py runserver 127.0.0.1:$(PORT)

stop: ## Stop the embedded database (a server that runs starts it again: stop that first)
	@$(PY) manage.py stop_database

shell: setup ## Open a Python shell with the models
	$(PY) manage.py shell

# Whole files, so that what a module shares is made once; in the order of tests/conftest.py, which begins with what is long.
AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder

test: $(VENV)/.test $(VENV)/.words $(VENV)/.browser check ## Run every test, browser journeys included
	$(PY) -m pytest $(AT_ONCE) -p tests.covering
	@$(PY) bin/check_coverage

test-fast: $(VENV)/.test $(VENV)/.words $(VENV)/.voikko ## Run what the domain does and may do: without pages, browser and what is slow
	$(PY) -m pytest $(AT_ONCE) -m "not browser and not slow" --ignore tests/web

# All look, whatever the first ones found; what failed is named at the end.
check: $(VENV)/.test $(VENV)/.words ## Look for faults without running tests: style, layers, types, migrations, settings
	@failed=; look() { echo "$$*"; "$$@" || failed="$$failed\n  $$*"; }; \
	look $(VENV)/bin/ruff check .; \
	look $(VENV)/bin/ruff format --check .; \
	look $(VENV)/bin/djangofmt --quiet --check luukku; \
	look $(VENV)/bin/lint-imports; \
	look $(PY) bin/check_types; \
	look $(PY) manage.py makemigrations --check --dry-run; \
	look $(PY) bin/docs_reference --check; \
	if [ -n "$$failed" ]; then printf "Failed:$$failed\n"; exit 1; fi

fix: $(VENV)/.test ## Mend what a machine can mend
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(VENV)/bin/djangofmt --quiet luukku

docs: $(VENV)/.test $(VENV)/.words ## Write the reference pages that come from the code
	$(PY) bin/docs_reference

messages: $(VENV)/.test $(VENV)/.browser ## Collect texts for translation into locale/
	$(PY) manage.py makemessages --all --no-location --no-obsolete --no-wrap --ignore=.venv --ignore=var --ignore=tests --ignore=bench

bench: $(VENV)/.test $(VENV)/.browser ## Measure matching and search against the plain ways, and pages
	@bash bin/need_debian wrk:wrk
	$(PY) bench/match
	$(PY) bench/search
	$(PY) bench/web
	$(PY) bench/export

soak: $(VENV)/.test $(VENV)/.words ## Kill, race and flood a site of its own for some minutes, then look for what was lost
	$(PY) bin/soak
