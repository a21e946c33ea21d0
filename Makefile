# Everything a person or a machine does with Gongzhi. `make help` lists it.
PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8000
ARGS   ?=
# A PostgreSQL where databases may be made and dropped, and a Redis database that may be emptied.
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/gongzhi
REDIS_URL    ?= redis://127.0.0.1:6379/0

BIN := $(abspath $(VENV))/bin
APPS := lib organizations grids committee funding volunteers talent emergency routing cases consultation oversight portal
export VENV
# Tests, checks and the site start many processes: each would compile more than a thousand modules.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test test-postgres e2e pictures faults hammer bench check fix messages migrations lock clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## Install what the project needs, below this folder
	@$(PYTHON) config/set_up.py

run: setup  ## Serve the site with worker and clock in this terminal (PORT=8000)
	@$(BIN)/python manage.py serve --port $(PORT) $(ARGS)

test: setup  ## Run the tests (ARGS="tests/cases -x")
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

test-postgres: setup  ## Run all that asks the database on PostgreSQL and Redis (POSTGRES_URL, REDIS_URL)
	@DATABASE_URL=$(POSTGRES_URL) CELERY_BROKER_URL=$(REDIS_URL) \
	    $(BIN)/python -m tests.services_answer
	@DATABASE_URL=$(POSTGRES_URL) CELERY_BROKER_URL=$(REDIS_URL) $(BIN)/python -m pytest -n 2 --dist worksteal \
	    -m "database and not e2e" --ignore tests/test_permissions.py $(ARGS)

e2e: setup  ## Run the journeys in Chromium
	@$(BIN)/python -m pytest tests/e2e -m e2e -n 3 --dist loadfile $(ARGS)

pictures: setup  ## Take the pictures of the guides in a demo town of its own
	@$(BIN)/python -m tests.e2e.pictures $(ARGS)

faults: setup hammer  ## Kill workers and empty the broker under load, then count; the hammer before it
	@$(BIN)/python -m tests.faults $(ARGS)

hammer: setup  ## Kill who writes into the ledger, stop its database, then count every fen
	@$(BIN)/python -m tests.hammer $(ARGS)

bench: setup  ## Measure; prints one JSON object
	@$(BIN)/python -m bench $(ARGS)

check: setup  ## Everything that can be judged without running the tests
	$(BIN)/python -m pip check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml $(APPS) config
	$(BIN)/python -W error manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	$(BIN)/python -m config.translations check
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_templates.py

fix: setup  ## Put the code in order, as far as a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: setup  ## Bring the catalogues of translations up to date, then list what is missing
	$(BIN)/python -m config.translations update
	$(BIN)/python -m config.translations check

migrations: setup  ## Write migrations for changed tables
	$(BIN)/python manage.py makemigrations

COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
    --no-emit-index-url --no-emit-find-links --strip-extras --allow-unsafe

lock: setup  ## Choose versions anew (Python and npm)
	$(COMPILE) --upgrade --extra dev --output-file requirements/dev.txt pyproject.toml
	$(COMPILE) --constraint requirements/dev.txt --output-file requirements/run.txt pyproject.toml
	$(COMPILE) --upgrade --output-file requirements/node.txt requirements/node.in
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:  ## Remove what the project made here: data, packages, collected files
	rm -rf $(VENV) $(VENV).lock node_modules var .mypy_cache .ruff_cache
