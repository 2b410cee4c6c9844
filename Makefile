# make lab        opens a copy of the lessons in workbook/; make lab ARGS="--lesson LC102 --no-browser"
# make test       checks everything; make test PYTHON=python3.13 does so on another Python,
#                 make test WORKERS=8 with more processes at once
# make test-binder  builds what Binder would, without Docker, and opens a lesson in it
# make notebooks  runs all lessons again and stores what they print
# make pages      writes what the catalogue, the faces and the lessons decide: the README's parts,
#                 docs/reference.md, workshop/lessons.md, the field guide's stored output
# make site       all pages, a page for each mode, and the lessons with their outputs: site/
# make lite       the lessons in a browser tab, with Python and all they need: build/lite
# make try-lite   runs all lessons of build/lite in Chromium, with all other addresses cut off:
#                 docs/lite.md; make try-lite ARGS=lc102 those whose names begin so
# make lint       ruff, mypy and the check of our English only; make check the tests only
# make test-workshop  a class at a real JupyterHub; make test-workshop LEARNERS=3 for a small one
# make test-hard  breaks what can break around us, and counts what is lost, into
#                 docs/reliability.md; make test-hard ROUNDS=20 KILLS=500 SEED=7 for an hour
# make wrong-answers  grades five wrong answers and more to each exercise: docs/exercises.md;
#                 make wrong-answers ARGS=LC202 those of one, and its part of the page
# make try-others  runs the suites of other people's projects without and with loopcheck: docs/others.md
# make try-real   tests of public projects before and after a fix of an async fault: docs/real_faults.md
# make try-mutants faults planted by machine into public projects: is the line named? docs/mutants.md
# make try-hangs  ends small projects that hang, and measures when: docs/hangs.md;
#                 ARGS=--busy beside two busy processes
# make try-versions  installs older and newer versions of what users have, and tries each: docs/versions.md
# make try-reporters  shows findings beside other reporters of pytest: docs/reporters.md;
#                 make measure-formats  how long they are, in characters and tokens
# make bench      what looking costs, beside what others offer: docs/benchmarks.md; QUICK=1 to try it
# make accuracy   what is named in all samples, and what others say of them: docs/accuracy.md,
#                 docs/comparison.md
# make page-ages  says which of these pages were measured on older code; `make lint` does, too
# make release-check  builds sdist and wheel, and tries each in an empty environment
# make lock       resolves the dependencies anew and writes all lock files

PYTHON ?= python3
NAME := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
ifeq ($(NAME),)
$(error $(PYTHON) does not run here. Try: make PYTHON=python3.11)
endif
VENV ?= .venv-$(NAME)
BIN := $(VENV)/bin
# Tests wait for servers and processes about as long as they work: with three, two cores idle for a
# third of the time. The lessons run beside them, since both have times when they wait.
WORKERS ?= 4
READERS ?= 2
# Nothing that the caller's shell is set to may lead into another Python.
unexport PYTHONPATH PYTHONHOME
# Some images set it; then each of some thousand processes would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

WORKSHOP ?= .venv-workshop-$(NAME)
PEERS ?= .venv-bench-$(NAME)
RELEASE ?= .venv-release-$(NAME)
LEARNERS ?= 30
ROUNDS ?= 2
KILLS ?= 50
SEED ?= $(shell date +%s)

.PHONY: lab lite test check tests lessons wrong-answers test-binder test-workshop test-hard lint bench notebooks pages site lock clean try-lite try-others try-real try-mutants try-hangs try-versions try-reporters measure-formats accuracy page-ages release-check
.DEFAULT_GOAL := test

lab: $(VENV)/ready
	@$(BIN)/loopcheck lab --dir workbook $(ARGS)

test: $(VENV)/ready
	@$(MAKE) --no-print-directory -j 3 lint tests lessons

check: $(VENV)/ready
	@$(MAKE) --no-print-directory -j 2 tests lessons

tests: $(VENV)/ready $(if $(shell command -v npm),lite/node_modules)
	$(BIN)/python -m pytest tests -n $(WORKERS) --dist loadfile

# Half of a lesson's time goes into starts of pytest: most lessons fork them.
lessons: $(VENV)/ready
	PYTHONPATH=tests/modes:tests/lab $(BIN)/python -m pytest --nbval notebooks -p warm_kernels \
		-n $(READERS) --dist loadfile -q

test-binder: $(VENV)/ready
	$(BIN)/python scripts/replay_binder.py

# Not in `make test`: it needs a Hub and its proxy, and some minutes.
test-workshop: $(WORKSHOP)/ready workshop/node_modules
	$(WORKSHOP)/bin/python tests/workshop/measure_class.py $(LEARNERS)

# Not in `make test`: some minutes, and it kills what it starts. Kills mostly wait, so that four
# processes keep two cores busy; dealt one by one, no worker is left with the long tests at the end.
test-hard: WORKERS = 4
test-hard: $(VENV)/ready
	$(BIN)/python -m pytest tests/hard -p no:cacheprovider -n $(WORKERS) --dist load \
		--maxschedchunk 1 --rounds=$(ROUNDS) --kills=$(KILLS) --seed=$(SEED) --write

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/check_prose.py
	$(BIN)/python scripts/page_ages.py
	$(BIN)/mypy

page-ages:
	@$(PYTHON) scripts/page_ages.py

# Both with those who do similar things, in an environment of their own.
bench: $(PEERS)/ready
	$(PEERS)/bin/python tests/bench/make_page.py

accuracy: $(PEERS)/ready
	PYTHONPATH=tests/modes $(PEERS)/bin/python tests/bench/make_accuracy.py

# Some minutes; `make test` has a tenth of it.
wrong-answers: $(VENV)/ready
	PYTHONPATH=tests/modes:tests/lab $(BIN)/python -m wrong_answers $(ARGS)

try-others: $(VENV)/ready
	$(BIN)/python scripts/try_others.py $(ARGS)

try-real: $(VENV)/ready
	$(BIN)/python scripts/try_real.py $(ARGS)

try-mutants: $(VENV)/ready
	$(BIN)/python scripts/try_mutants.py $(ARGS)

try-hangs: $(VENV)/ready
	$(BIN)/python scripts/try_hangs.py $(ARGS)

try-versions: $(VENV)/ready
	$(BIN)/python scripts/try_versions.py $(ARGS)

try-reporters: $(VENV)/ready
	$(BIN)/python scripts/try_reporters.py $(ARGS)

measure-formats: $(VENV)/ready
	$(BIN)/python -m pip install -qq --target build/tokenizer bpe-openai==0.1.4
	PYTHONPATH=tests/modes:build/tokenizer $(BIN)/python scripts/measure_formats.py

notebooks: $(VENV)/ready
	$(BIN)/python scripts/store_outputs.py

# Seconds: to be run after a mode, an option or a lesson's first cell has changed.
pages: $(VENV)/ready
	$(BIN)/python tests/test_readme.py
	$(BIN)/python tests/test_reference.py
	$(BIN)/python tests/cli/test_library_names.py
	$(BIN)/python tests/workshop/test_guide.py
	$(BIN)/python scripts/store_outputs.py notebooks/92_field_guide.ipynb

site: $(VENV)/ready
	$(BIN)/python scripts/make_site.py

# The lessons in a browser tab, for any static host.
lite: $(VENV)/ready lite/node_modules build/lite-wheels
	$(BIN)/python scripts/make_lite.py build/lite-wheels

# Not in `make test`: it needs Chromium and the site, and an hour.
try-lite: $(VENV)/ready
	$(BIN)/python scripts/try_lite.py $(ARGS)

# Not in `make test`: it needs a package index, and two minutes.
release-check: $(RELEASE)/ready
	@$(RELEASE)/bin/python scripts/check_release.py $(ARGS)

# Its own environment: uv resolves for all systems and Pythons at once, pip only for this one.
# Pins stay as they are where they still fit; `make lock UPGRADE=--upgrade` takes the newest.
# With extras: without, pip takes `jsonschema[format-nongpl]` for another package, tries its newest
# release, and stops, since that has no hash here.
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-strip-extras \
	--custom-compile-command "make lock" $(UPGRADE)

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	echo pip | $(COMPILE) - --output-file scripts/requirements.lock
	$(COMPILE) pyproject.toml --extra workbook --extra test --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra workbook --constraint requirements.lock --output-file binder/requirements.lock
	$(COMPILE) pyproject.toml workshop/requirements.in --extra workbook --constraint requirements.lock \
		--output-file workshop/requirements.lock
	$(COMPILE) pyproject.toml tests/bench/requirements.in --extra workbook --extra test \
		--constraint requirements.lock --output-file tests/bench/requirements.lock
	$(COMPILE) scripts/release/requirements.in --output-file scripts/release/requirements.lock
	$(subst --universal --python-version 3.11,--python-version 3.14 --python-platform wasm32-pyodide2024,$(COMPILE)) \
		lite/requirements.in --output-file lite/requirements.lock

clean:
	rm -rf .venv-* build dist site .pytest_cache .mypy_cache .ruff_cache workshop/node_modules lite/node_modules

# A Python brings an old pip, which takes twice as long for what follows. A lock names all that is
# to be installed: nothing is left to resolve.
LOCKED = -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

# Two stamps: the dependencies are installed again only when the lock changes.
$(VENV)/ready: $(VENV)/locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "loopcheck needs Python 3.11 or newer. Try: make PYTHON=python3.11")'
	@echo "Installing into $(VENV): about a minute, 650 MB."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python $(LOCKED) -r scripts/requirements.lock
	@# Half of what is installed is never imported: Python compiles the rest when it is.
	@$(BIN)/python $(LOCKED) --no-compile -r requirements.lock
	@touch $@

$(WORKSHOP)/ready: workshop/requirements.lock pyproject.toml
	@echo "Installing into $(WORKSHOP): about a minute, 400 MB."
	@$(PYTHON) -m venv --clear $(WORKSHOP)
	@$(WORKSHOP)/bin/python $(LOCKED) -r scripts/requirements.lock
	@$(WORKSHOP)/bin/python $(LOCKED) -r workshop/requirements.lock
	@$(WORKSHOP)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(PEERS)/ready: tests/bench/requirements.lock pyproject.toml
	@echo "Installing into $(PEERS): about a minute, 650 MB."
	@$(PYTHON) -m venv --clear $(PEERS)
	@$(PEERS)/bin/python $(LOCKED) -r scripts/requirements.lock
	@$(PEERS)/bin/python $(LOCKED) -r tests/bench/requirements.lock
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(RELEASE)/ready: scripts/release/requirements.lock
	@echo "Installing into $(RELEASE): half a minute."
	@$(PYTHON) -m venv --clear $(RELEASE)
	@$(RELEASE)/bin/python $(LOCKED) -r scripts/requirements.lock
	@$(RELEASE)/bin/python $(LOCKED) -r scripts/release/requirements.lock
	@touch $@

# The wheels that run in a tab: for Pyodide's Python, and not for the one that builds the site.
build/lite-wheels: lite/requirements.lock
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
		--only-binary :all: --implementation cp --python-version 3.14 --abi cp314 \
		--platform pyemscripten_2026_0_wasm32 -r lite/requirements.lock -d $@
	@touch $@

# Python in a browser tab: the tests run it in Node.js, where there is one, and the site carries it.
lite/node_modules: lite/package-lock.json
	@npm ci --silent --no-audit --no-fund --prefix lite
	@touch $@

workshop/node_modules: workshop/package-lock.json
	@command -v npm >/dev/null || { echo "The Hub's proxy comes from npm, and there is none. Install Node.js 18 or newer, with npm."; exit 2; }
	@npm ci --silent --no-audit --no-fund --prefix workshop
	@touch $@
