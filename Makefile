# Every target sets up what it needs. Only Python 3.11 or newer, with its venv (a package of its own on
# Debian and Ubuntu), and make have to be there.

# The versions that tests are run on: the oldest supported, and the one that Lambda runs.
VERSIONS := 3.11 3.13
INTERPRETERS := $(shell requirements/interpreters.sh $(VERSIONS))
HERE := $(shell python3 -c 'import sys; sys.version_info < (3, 11) or print("%d.%d" % sys.version_info[:2])')
FOUND := $(filter $(VERSIONS),$(INTERPRETERS))
# Without one of them, whatever python3 is.
TESTED := $(if $(FOUND),$(FOUND),$(HERE))
MAIN := $(firstword $(filter $(HERE),$(TESTED)) $(TESTED))

VENV := .venv/py$(MAIN)
PYTHON := $(VENV)/bin/python
STORE ?= ministack
SEEDS ?= 200
ACTIONS ?= 5000
ARGS ?=
# Each file's tests stay together: a stack serves them all. In their order: the longest come first.
# Three keep two processors busy: who waits for a stack uses none.
AT_ONCE := -q -n 3 --dist loadfile --no-loadscope-reorder

# Bytecode is kept, whatever the shell says: tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: run soak test test-all acceptance check rows bench examples camt build deploy docs lock clean coverage

run: $(VENV)/.installed .venv/ministack/.installed
	@PYTHONUNBUFFERED=1 $(PYTHON) -m local.tour --store $(STORE) $(ARGS)

# ---------------------------------------------------------------- tests
test: .venv/ministack/.installed $(TESTED:%=test-on-%)
	@for version in $(filter-out $(TESTED),$(VERSIONS)); do \
	  echo "Python $$version is not on this machine: the tests were NOT run on it."; done

test-on-%: .venv/py%/.installed
	@echo "== Python $*"
	@# Large accounts, and deaths at every point, take minutes: once is enough, on Lambda's version.
	@SHEAF_LONG_TESTS_ON=$(filter-out $*,$(lastword $(TESTED))) \
	  .venv/py$*/bin/python -m pytest $(AT_ONCE) $(ARGS)

test-all: test
	@echo "== acceptance on the second data store"
	@# A stack for each file: moto looks through all items for a query of an index, and keeps them in
	@# memory. Two files at once, each printed whole.
	@printf '%s\n' tests/acceptance/test_*.py | xargs -P 2 -I{} sh -c '\
	  printed=$$(SHEAF_STORE=moto $(PYTHON) -m pytest -q {} 2>&1); status=$$?; \
	  echo "== {}"; echo "$$printed"; exit $$status'

acceptance: $(VENV)/.installed .venv/ministack/.installed
	@SHEAF_STORE=$(STORE) $(PYTHON) -m pytest $(AT_ONCE) tests/acceptance $(ARGS)

coverage: $(VENV)/.installed .venv/ministack/.installed
	@$(PYTHON) -m coverage run -m pytest -q tests/unit tests/integration tests/template
	@$(PYTHON) -m coverage report --skip-covered --sort=cover

# Random histories of Harvest and of the stack; `make soak SEEDS=20 ACTIONS=1000 ARGS="--minutes 15"`.
soak: $(VENV)/.installed
	@PYTHONPATH=functions:. $(PYTHON) -m tests.model --seeds $(SEEDS) --actions $(ACTIONS) --jobs 2 $(ARGS)

rows: $(VENV)/.installed .venv/ministack/.installed
	@$(PYTHON) -m pytest $(AT_ONCE) tests/acceptance --rows-file .rows.json; status=$$?; \
	 $(PYTHON) -m tests.rows .rows.json && exit $$status

# ---------------------------------------------------------------- checks
check: $(VENV)/.installed .venv/sam/.installed
	$(VENV)/bin/ruff format --check -q .
	$(VENV)/bin/ruff check -q .
	$(VENV)/bin/mypy functions local layers bench docs tests
	PYTHONPATH=functions $(VENV)/bin/lint-imports --no-cache
	@# Without --lint SAM translates the template, with it cfn-lint checks it: no account is needed.
	SAM_CLI_TELEMETRY=0 .venv/sam/bin/sam validate -t template.yaml --region eu-central-1
	SAM_CLI_TELEMETRY=0 .venv/sam/bin/sam validate --lint -t template.yaml --region eu-central-1
	@mkdir -p build
	$(PYTHON) -m local.translated > build/translated.json
	$(VENV)/bin/cfn-lint -r eu-central-1 -t build/translated.json

# ---------------------------------------------------------------- measuring, documents
bench: $(VENV)/.installed .venv/ministack/.installed
	@PYTHONPATH=functions $(PYTHON) -m bench $(ARGS)

examples: $(VENV)/.installed
	@PYTHONPATH=functions $(PYTHON) -m bench.examples "$(DIR)"

camt: $(VENV)/.installed
	@PYTHONPATH=functions $(PYTHON) -m bench.camt_files "$(DIR)"

docs: $(VENV)/.installed
	@$(PYTHON) -m docs.openapi
	@$(PYTHON) -m tests.contract.page

# ---------------------------------------------------------------- AWS
build: $(VENV)/.installed .venv/sam/.installed
	SAM_CLI_TELEMETRY=0 PATH="$(CURDIR)/$(VENV)/bin:$$PATH" .venv/sam/bin/sam build --parallel $(ARGS)

deploy: build
	SAM_CLI_TELEMETRY=0 .venv/sam/bin/sam deploy --config-env $(or $(ENV),default) $(ARGS)

# ---------------------------------------------------------------- environments
# A stamp holds the lock that was installed: one that only got a new date costs nothing.
.venv/py%/.installed: requirements/dev.txt
	@$(call install,py$*,$*,$<)

.venv/ministack/.installed .venv/sam/.installed: .venv/%/.installed: requirements/%.txt
	@$(call install,$*,$(MAIN),$<)

# Without any Python that is new enough there is no version to name.
.venv/py/.installed:
	@$(call install,py,,requirements/dev.txt)

# (environment, version of Python, lock)
define install
if cmp -s $(3) .venv/$(1)/.installed; then touch .venv/$(1)/.installed; exit 0; fi; \
python="$$(requirements/interpreters.sh $(2) | cut -d' ' -f2-)"; \
if [ -z "$$python" ]; then \
  echo "Python $(or $(2),3.11 or newer) is needed and was not found on this machine." >&2; exit 1; fi; \
echo "installing into .venv/$(1): this takes a minute or two, once ..."; \
if ! "$$python" -m venv --clear .venv/$(1); then \
  echo "$$python could not make .venv/$(1). On Debian and Ubuntu install python3-venv" >&2; \
  echo "(or python$(2)-venv, where python3 is another version); then try again." >&2; exit 1; fi; \
.venv/$(1)/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(3) && \
cp $(3) .venv/$(1)/.installed
endef

lock: $(VENV)/.installed
	UV="$(CURDIR)/$(VENV)/bin/uv" requirements/lock.sh

clean:
	rm -rf .venv .aws-sam build .sheaf .pytest_cache .mypy_cache .ruff_cache .hypothesis
