# The verbs people repeat. Run `make` alone to see them.
PY ?= python3
python := .venv/bin/python
pip := $(python) -m pip install -qq --disable-pip-version-check --no-input --require-hashes
lock := $(python) -m uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links
messages := --locale es --domain django --add-location file --no-obsolete --ignore var --ignore tests --ignore benchmarks

.PHONY: help run demo test proof lock staff messages sbom clean

help: ## Say what there is.
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

run: .venv/.ok ## Start the site on this machine: web server and worker, until Ctrl-C.
	@$(python) manage.py prepare --all-new
	@$(python) .ci/serve

# Whatever the shell names as the real database, keys or mail server stays out of the demo.
demo := env -u DATABASE_URL -u SECRET_KEY -u FIELD_KEYS -u INDEX_KEY -u EMAIL_URL -u SITE_URL DATA_DIR=$(CURDIR)/var/demo PORT=$(or $(DEMO_PORT),8001)

demo: .venv/.ok ## Try the desk on fictitious inquiries, in a database of its own, at http://127.0.0.1:8001
	@$(demo) $(python) manage.py prepare --all-new
	@$(demo) $(python) manage.py fill_demo
	@$(demo) $(python) .ci/serve

test: .venv/.ok-dev ## Check everything, on SQLite and PostgreSQL.
	@$(python) .ci/test

proof: .venv/.ok-dev ## Run the long checks, on SQLite and PostgreSQL: faults, fuzzing, drills.
	@$(python) .ci/test proof

bench-%: .venv/.ok-dev ## Measure: see benchmarks/README.md for what there is.
	@$(python) -m benchmarks.$(subst -,_,$*)

staff: .venv/.ok ## Make a staff account.
	@$(python) manage.py createsuperuser

messages: .venv/.ok ## Collect the texts to translate, and compile the translations.
	@$(python) manage.py makemessages $(messages)
	@$(python) manage.py compilemessages --locale es --ignore .venv

lock: .venv/.ok-dev ## Write the lock files again; `make lock UPGRADE=--upgrade` takes newer releases.
	@$(lock) $(UPGRADE) requirements.in -o requirements.txt
	@$(lock) -c requirements.txt requirements-run.in -o requirements-run.txt
	@$(lock) $(UPGRADE) requirements-dev.in -o requirements-dev.txt

sbom: .venv/.ok-dev ## Write what the site is made of, sbom.json, and the licences, from the lock files.
	@$(python) .ci/sbom && $(python) -m pip check

clean: ## Remove what can be made again; var/ with its data and keys stays.
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ok: requirements.txt
	@.ci/venv $(PY)
	@$(pip) -r $< && touch $@

.venv/.ok-dev: requirements-dev.txt .venv/.ok
	@$(pip) -r $< && touch $@
