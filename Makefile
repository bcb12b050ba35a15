# The environment of every command below. What is set already stays as it is; README.md explains each variable.
export HOST ?= 127.0.0.1
export PORT ?= 8000
export SITE_URL ?= http://$(patsubst 0.0.0.0,localhost,$(HOST)):$(PORT)
export CONTACT_EMAIL ?= hello@example.com
export EMAIL_URL ?= filemail://$(CURDIR)/mail
export SECRET_KEY ?= $(shell cat .secret-key 2>/dev/null)
export DEBUG = off
# Each command starts several processes, and tests start hundreds: none compiles again what another one has compiled.
unexport PYTHONDONTWRITEBYTECODE

python := .venv/bin/python
manage := $(python) manage.py
setup := .venv/.stamp
key := .secret-key
static := staticfiles/staticfiles.json

templates := find templates -name '*.html' -exec .venv/bin/djade

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run demo undemo dev admin publish prove manage database test check test-times coverage lint format screenshots gallery bench scale torture sbom requirements

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

# A server, and the worker of the outbox beside it. Ctrl-C and SIGTERM stop both, and when one ends so does the other: in
# plain sh, which cannot wait for whichever ends first.
define beside_the_worker
@echo "Mail: $(if $(filter filemail:%,$(EMAIL_URL)),files in $(EMAIL_URL:filemail://%=%)/,as EMAIL_URL says)"
@trap 'kill $$worker $$server 2>/dev/null; wait' EXIT; trap 'exit 0' INT TERM; \
	$(manage) deliver & worker=$$!; $(1) & server=$$!; \
	while kill -0 $$worker && kill -0 $$server; do sleep 1; done 2>/dev/null; exit 1
endef

run: database $(static) ## Try it: set up, load and publish the first guide, serve the site, send mail
	@echo "The site: $(SITE_URL)   Staff: $(SITE_URL)/admin/ (“make admin” makes a login)   Ctrl-C stops it."
	$(call beside_the_worker,.venv/bin/gunicorn -c python:advisor.server)

demo: database ## The same with demonstration data: hosts, leads in every state, calls
	@$(manage) demo
	@$(MAKE) --no-print-directory run

undemo: database ## Remove the demonstration data
	@$(manage) demo --remove $(ARGS)

dev: export DEBUG = on
dev: database ## Serve the site with Django's own server: reloads, shows errors
	$(call beside_the_worker,$(manage) runserver $(HOST):$(PORT))

admin: database ## Make a staff login
	@$(manage) createsuperuser

GUIDE ?= cto-or-head-of-ai
NOTE ?= Published from the command line.

publish: $(setup) $(key) ## Publish the draft of a guide: GUIDE=cto-or-head-of-ai NOTE="What changed"
	@$(manage) publish "$(GUIDE)" --note "$(NOTE)"

prove: $(setup) $(key) ## Ask a guide for every set of answers: GUIDE=cto-or-head-of-ai ARGS=--draft
	@$(manage) prove "$(GUIDE)" $(ARGS)

manage: $(setup) $(key) ## Any command of manage.py: ARGS="retention --dry-run"
	@$(manage) $(ARGS)

database: $(setup) $(key)
	@$(manage) migrate --verbosity 0
	@$(manage) seed

test check test-times coverage lint screenshots gallery bench scale torture: export SECRET_KEY = known-to-everyone-and-good-for-tests-and-checks-only
lint: export SITE_URL = https://advisor.example.com
lint: export EMAIL_URL = smtp+tls://mail.example.com
lint: export CONTROLLER_NAME = Example Ltd
lint: export CONTROLLER_ADDRESS = 1 Example Street, Riga
lint: export DATABASE_URL = sqlite://:memory:

test: $(setup) $(static) ## All tests; ARGS="tests/decision -x" for some of them, DATABASE_URL for another database
	@which chromium-headless-shell chromium chromium-browser google-chrome | grep -q . || \
		echo "Chromium is not installed: the browser tests are left out (Debian: apt-get install chromium-headless-shell)."
	@$(python) -m pytest -n auto --dist worksteal $(ARGS)

# Types are checked beside the tests, on the other core.
check: $(setup) $(static) ## In a minute, before every commit: style, types, the repository's rules, the decision, one journey
	.venv/bin/ruff check --quiet
	.venv/bin/ruff format --check --quiet
	$(templates) --check {} +
	@.venv/bin/mypy & types=$$!; $(python) -m pytest -q -n 2 -m "not slow" tests/decision tests/repository \
		tests/browser/test_call.py::test_from_the_landing_to_a_captured_lead; tests=$$?; wait $$types && exit $$tests

# The whole run gets another clock from outside; tests/clock/instants.py names the instants.
test-times: $(setup) $(static) ## What depends on the time, at nine instants; needs faketime. INSTANT="leap-day", ARGS=tests/booking
	@$(python) -m tests.clock.instants

coverage: $(setup) $(static) ## The lines of advisor/ that no test reaches
	@$(python) -m coverage run -m pytest -n auto $(ARGS)
	@$(python) -m coverage combine --quiet
	@$(python) -m coverage report

lint: $(setup) ## Style, types, dependencies, migrations, deployment
	.venv/bin/ruff check
	.venv/bin/ruff format --check --output-format concise
	$(templates) --check {} +
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/deptry .
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows docs/guides-in-git/guides.yaml
	.venv/bin/hadolint --failure-threshold warning Dockerfile
	$(manage) makemigrations --check
	$(manage) check --deploy --fail-level WARNING

format: $(setup) ## Put code and templates into their one format
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
	$(templates) {} +

screenshots: $(setup) $(static) ## Take the pictures of docs/editing.md anew; needs Chromium
	@$(python) -m tests.browser.screenshots

gallery: $(setup) $(static) ## Every public page and state as pictures on one page, gallery/index.html; ARGS="results calls" for some
	@$(python) -m tests.browser.gallery $(ARGS)

bench: $(setup) $(static) ## Measure what docs promise about speed, side by side with others
	@$(python) -m tests.load.bench $(ARGS)

scale: $(setup) $(static) ## Measure the pages of staff with a million leads, beside ten thousand; DATABASE_URL for PostgreSQL
	@$(python) -m tests.load.scale

torture: $(setup) $(static) ## Every fault at hand, with real processes, and a report; ARGS="kills clock" for some, DATABASE_URL
	@$(python) -m tests.load.torture $(ARGS)

# From an environment of its own, so that nothing is in it that only developers have.
sbom: $(setup) ## What an installation is made of, as CycloneDX, and its licences; in sbom/
	@rm -rf sbom
	@$(python) -m venv --without-pip sbom/venv
	@$(python) -m pip --python sbom/venv/bin/python install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.txt
	@.venv/bin/cyclonedx-py environment sbom/venv --pyproject pyproject.toml --output-reproducible \
		--output-file sbom/advisor.cdx.json
	@.venv/bin/pip-licenses --python sbom/venv/bin/python --from mixed --format markdown \
		--output-file "$(CURDIR)/sbom/licences.md"
	@rm -rf sbom/venv

compile := uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header pyproject.toml

requirements: ## Pin what pyproject.toml asks for, with hashes; needs uv
	$(compile) -o requirements.txt
	$(compile) --group dev -o requirements-dev.txt

$(setup): requirements-dev.txt .python-version
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 12))' || \
		{ echo "Python 3.12 or newer is needed (pyenv install $$(cat .python-version))."; exit 1; }
	@echo "Setting up .venv …"
	@python3 -m venv .venv
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Made once for this copy of the repository, readable by its owner only.
$(key):
	@umask 077 && python3 -c 'import secrets; print(secrets.token_urlsafe(64))' > $@

$(static): $(setup) advisor/settings.py $(shell find static)
	@$(manage) collectstatic --noinput --verbosity 0
