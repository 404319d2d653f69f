# make demo and make test are all that a newcomer needs: each makes the environment .venv first.
# PYTHON=... chooses the Python (3.11 to 3.13); UV= (empty) goes without uv.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test test-full check format bench docs build lock clean

BIN := .venv/bin
CORE := .venv/.core
DEV := .venv/.dev
INPUTS := pyproject.toml uv.lock requirements-dev.txt tools/environment
export PYTHON
export UV ?= uv

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

demo: $(CORE) ## plan a bundled example
	@$(BIN)/sourcemix demo

test: $(DEV) ## run the tests, with small seeded samples
	$(BIN)/python -m pytest

test-full: $(DEV) ## run the tests at full size (this takes long)
	SOURCEMIX_FULL=1 $(BIN)/python -m pytest

check: $(DEV) ## style, types and the floors of the house
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV) ## put the style right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(DEV) ## run the small half of the benchmarks (ten minutes)
	@set -e; for script in startup exact planning; do $(BIN)/python "benchmarks/$$script.py"; done

docs: $(DEV) ## build the documentation into build/docs
	$(BIN)/sphinx-build -W -n -q -b html docs build/docs

build: $(DEV) ## build sdist and wheel into dist
	$(BIN)/python -m build

lock: ## bring uv.lock and requirements-dev.txt in step with pyproject.toml (needs uv)
	$(UV) lock
	$(UV) export --quiet --locked --no-hashes --no-emit-project --no-annotate --no-header \
		--format requirements-txt --output-file requirements-dev.txt

clean: ## remove everything that can be made again
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CORE): $(INPUTS)
	tools/environment core
	@touch $@

$(DEV): $(INPUTS)
	tools/environment dev
	@touch $(CORE) $@
