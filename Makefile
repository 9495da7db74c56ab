# Every name here is relative, so the checkout may lie in a path with spaces.
PYTHON ?= python3
PORT ?= 8000
BASE ?= http://127.0.0.1:$(PORT)
export PORT BASE

# Where nobody reads what was skipped, a database server that is missing is a fault.
ifdef CI
LINLI_TEST_SERVERS ?= needed
export LINLI_TEST_SERVERS
endif

PY := .venv/bin/python
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test check format fuzz demo bench bench-sync bench-requests bench-identity bench-notices openapi access migration faults crashes lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name words; do \
		printf '  make %-10s %s\n' "$$name" "$$words"; done

setup: $(INSTALLED) ## Make .venv and install what Linli needs (PYTHON=python3.12 takes another Python)

run: setup ## Start everything on this machine (PORT=8000); Ctrl-C stops it
	@exec $(PY) -m app.launch

test: setup ## Run all tests
	@$(PY) -m pytest -n auto --dist worksteal

check: setup ## Check format, lint, types and the import law; shows all four
	@failed=; \
	try() { printf '%s\n' "== $$*"; "$$@" || failed="$$failed $$1"; }; \
	try $(PY) -m ruff format --check . ; \
	try $(PY) -m ruff check . ; \
	try $(PY) -m mypy . ; \
	try .venv/bin/lint-imports ; \
	test -z "$$failed"

format: setup ## Put the code into its format
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

fuzz: setup ## Send what the API does not expect
	@$(PY) -m tests.fuzz.run

demo: setup ## Walk through the API of a running Linli (BASE=http://127.0.0.1:8000)
	@$(PY) -m tests.walk.narrate

bench: setup ## Measure
	@$(PY) -m bench.ground

bench-sync: setup ## Measure the exchange beside COPY and dlt (SCALE=10m: ten million rows, for memory)
	@$(PY) -m bench.sync --scale "$(or $(SCALE),1m)"

bench-identity: setup ## Measure what signing in costs: the server, others, and those who are looked for
	@$(PY) -m bench.identity $(if $(QUICK),--quick)

bench-requests: setup ## Measure the life of requests and looks at many of them (SCALE=10m: ten million cases, too)
	@$(PY) -m bench.requests --scale "$(or $(SCALE),1m)"

bench-notices: setup ## Measure publishing, reading and delivering notices (SCALE=10m: ten million residents, too; QUICK=yes: does it run?)
	@$(PY) -m bench.notices --scale "$(SCALE)" $(if $(QUICK),--quick)

openapi: setup ## Write the pages of docs/ that the code is the source of
	@$(PY) -m tests.print_docs

access: setup ## Write the table of what everybody is answered anew; read what changed in it
	@ACCESS=write $(PY) -m pytest -q tests/access/test_answers.py -k write_the_table

migration: setup ## Write a migration from the models: make migration m="what changes"
	@test -n "$(m)" || { echo 'say what changes: make migration m="..."' >&2; exit 2; }
	@$(PY) -m flask --app wsgi db migrate -m "$(m)"

faults: setup ## Kill and freeze processes, and see what is lost
	@$(PY) -m pytest tests/faults

crashes: setup ## Kill a reading of the district's records at every point, and see that nothing is lost
	@CRASHES=all $(PY) -m pytest -n 2 --dist worksteal tests/exchange/crash
	@$(PY) -m tests.exchange.crash.mutations

lock: ## Write requirements.txt and requirements-dev.txt anew from the .in files
	@set -eu; new=$$(mktemp -d); trap 'rm -rf "$$new"' EXIT; \
	$(PYTHON) -m venv "$$new/venv"; \
	install() { "$$new/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$$@"; }; \
	freeze() { "$$new/venv/bin/python" -m pip freeze --disable-pip-version-check; }; \
	install -r requirements.in; freeze > "$$new/run"; \
	install -r requirements-dev.in -c "$$new/run"; freeze | grep -vxFf "$$new/run" > "$$new/dev"; \
	{ echo '# Written by `make lock` from requirements.in.'; cat "$$new/run"; } > requirements.txt; \
	{ echo '# Written by `make lock` from requirements-dev.in: what the tests need on top.'; \
	  cat "$$new/dev"; } > requirements-dev.txt

clean: ## Delete .venv and caches; the data in .linli stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Linli needs Python 3.11 or newer; $(PYTHON) is older or missing. make setup PYTHON=/path/to/python3' >&2; \
		exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@touch $(INSTALLED)
