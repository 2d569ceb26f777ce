# Two commands for a reader:  make book  and  make test.  The rest is for those who write.
# On Windows, README.md has the same steps as plain commands.

PY = .venv/bin/python
SETUP = sh tools/setup.sh
export PYTHON

# These would let other packages in past the pins.
unexport PYTHONPATH PYTHONHOME

# More options, for one who works on a part: make test PYTEST="-x tests/rules"
PYTEST =

.PHONY: help book build test lab notebooks peers bench pins clean

help:
	@echo 'make book        build the book and serve it here (PORT=8123 chooses the port)'
	@echo 'make test        run every test'
	@echo 'make lab         open the notebooks in JupyterLab'
	@echo 'make build       build the book into _build/html, no more'
	@echo 'make notebooks   run every notebook and store its outputs (NOTEBOOKS="a.ipynb b.ipynb": only these)'
	@echo 'make peers       install PyTorch, JAX, optax and Keras too, which some tests compare with'
	@echo 'make bench      measure steps beside other libraries, about ten minutes on a quiet machine'
	@echo 'make pins        write constraints.txt anew (UPGRADE=1: with newer versions)'
	@echo 'make clean       remove what these commands made'
	@echo 'PYTHON=/path/to/python3.13 chooses the Python (3.11, 3.12 or 3.13)'

book: build
	@$(PY) tools/serve.py _build/html $(PORT)

build:
	@$(SETUP) book
	@$(PY) tools/build.py

test:
	@$(SETUP) book test
	@$(PY) tools/build.py
	$(PY) -m pytest -n 2 --dist loadfile $(PYTEST)

# Without JupyterLab's question to its makers whether there is a newer one.
lab:
	@$(SETUP) book
	$(PY) -m jupyterlab --notebook-dir=book --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

notebooks:
	@$(SETUP) book
	@$(PY) tools/notebooks.py $(NOTEBOOKS)

peers:
	@$(SETUP) book test peers

bench:
	@$(SETUP) fast peers
	$(PY) benchmarks/run.py

pins:
	@$(SETUP) pins
	$(PY) -m uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --fork-strategy fewest --no-annotate $(if $(UPGRADE),--upgrade) \
	  --custom-compile-command 'make pins' --quiet --output-file constraints.txt

clean:
	rm -rf .venv _build dist
