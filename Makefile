# The commands of the project: `make help` lists them. CI calls the same targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

export UV_PYTHON_DOWNLOADS := never
# keep the cache of compiled modules even if the environment turns it off: the tests start hundreds of processes
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3.13
UV := $(or $(shell command -v uv 2>/dev/null),.tools/uv/bin/uv)
SYNC := $(UV) pip sync --quiet --require-hashes --python
LOCK := $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock'
LOCKED := src/requirements src/requirements-export layers/console/requirements requirements/dev requirements/mutate requirements/sam requirements/ministack requirements/node requirements/checkov requirements/bench requirements/official requirements/awscli requirements/uv
# typed and linted code; `wildcard` leaves out folders that a checkout lacks
CODE := $(wildcard src/autotag src/autotag_console src/autotag_library src/handlers autotag_cli deploy simulator local tests bench events/consumer/src events/consumer/tests)
BIN := .venv/bin
# what the command imports: compiled at once, since a start without compiled modules takes three times as long
COMPILED := {typer,rich,msgspec,boto3,botocore,requests,urllib3}
NODE_SUITE := tests/integration/sdk/node
BROWSER_SUITE := tests/browser/node
# no address of a registry in a lock file: the registry is each machine's own
NPM := $(CURDIR)/.tools/node/bin/npm --loglevel=error --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved

.PHONY: help
help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: .venv/.installed .tools/sam/.installed .tools/ministack/.installed  ## create the three environments (.venv, .tools/sam, .tools/ministack)

.tools/uv/bin/uv: requirements/uv.txt
	$(PYTHON) -m venv .tools/uv
	.tools/uv/bin/python -m pip install --quiet --require-hashes --requirement requirements/uv.txt
	@touch $@

.venv/.installed: requirements/dev.txt pyproject.toml | $(UV)
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(SYNC) $(BIN)/python requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q autotag_cli src/autotag .venv/lib/python*/site-packages/$(COMPILED)
	@touch $@

.venv/.mutate: requirements/mutate.txt .venv/.installed | $(UV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/mutate.txt
	@touch $@

.tools/%/.installed: requirements/%.txt | $(UV)
	@test -x .tools/$*/bin/python || $(UV) venv --quiet --python $(PYTHON) .tools/$*
	$(SYNC) .tools/$*/bin/python requirements/$*.txt
	@touch $@

%/node_modules/.installed: %/package.json %/package-lock.json .tools/node/.installed
	@$(NPM) --prefix $* ci >/dev/null
	@touch $@

.tools/chromium/.unpacked: $(BROWSER_SUITE)/node_modules/.installed $(BROWSER_SUITE)/unpack.mjs
	@rm -rf $(@D) && mkdir -p $(@D)
	@TMPDIR=$(CURDIR)/$(@D) .tools/node/bin/node $(BROWSER_SUITE)/unpack.mjs
	@touch $@

# The source distributions hold the clients' tests; pip compares them with the hashes of the lock file
.tools/official/sources/.downloaded: .tools/official/.installed
	@rm -rf $(@D)
	.tools/official/bin/python -m pip download --quiet --require-hashes --constraint requirements/official.txt --no-deps \
		--no-binary :all: --no-build-isolation --dest $(@D) cloudinary cloudinary-cli
	@touch $@

.PHONY: lock
lock: .tools/node/.installed | $(UV)  ## resolve requirements/*.in, src/requirements.in and the two package.json again, pinned with hashes
	@for name in $(LOCKED); do echo "$$name.txt"; $(LOCK) --upgrade $$name.in --output-file $$name.txt; done
	@echo $(NODE_SUITE)/package-lock.json; $(NPM) --prefix $(NODE_SUITE) install --package-lock-only cloudinary@latest
	@echo $(BROWSER_SUITE)/package-lock.json; $(NPM) --prefix $(BROWSER_SUITE) install --package-lock-only @sparticuz/chromium@latest axe-core@latest

.PHONY: check
check: install scan  ## check lint, types, import rules, template and workflows, and run the policy scan
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(BIN)/cfn-lint template.yaml events/consumer/template.yaml
	$(BIN)/zizmor --offline --quiet .github/workflows
	AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam validate --lint --template template.yaml

.PHONY: scan
scan: export CKV_SKIP_PACKAGE_UPDATE_CHECK := true
scan: install .tools/checkov/.installed  ## scan the policies of the template as AWS sees it (checkov, without network)
	@mkdir -p .local/scan
	$(BIN)/python -m tests.infra.sam_transform > .local/scan/template.json
	.tools/checkov/bin/checkov --file .local/scan/template.json --framework cloudformation secrets --skip-download --compact --quiet

# Crashes at every effect and interleavings, runs over libraries, statistics, memory, whatever may be sent or stored;
# sign-ins, which make RSA keys; exports, which DuckDB reads and writes; pages, which a server in the process sends;
# commands, documents and init phases, which start processes
SLOWER := tests/unit/service/tagging/faults tests/unit/service/tagging/people/test_assigned_again.py \
	tests/unit/service/tagging/lifecycle/test_restored.py tests/unit/service/tagging/reading/test_hint_bounds.py \
	tests/unit/service/tagging/due_work/test_shares.py tests/unit/service/runs tests/unit/service/operations/test_scan.py \
	tests/unit/service/review/test_candidates.py tests/unit/service/review/test_undo_machine.py \
	tests/unit/domain/learning tests/unit/domain/decisions/properties tests/unit/domain/decisions/replay \
	tests/unit/domain/rules/test_ruleset_memory.py tests/unit/domain/model/test_folder_glob.py \
	tests/unit/domain/model/test_admin_shares.py tests/unit/adapters/codec/test_blob.py \
	tests/unit/adapters/codec/test_any_decision.py tests/unit/handlers/console tests/unit/handlers/ops/runs \
	tests/unit/handlers/webhook/test_webhook_fuzz.py tests/unit/handlers/test_cold_start.py \
	tests/unit/handlers/test_bootstrap.py tests/unit/autotag_library tests/unit/autotag_console tests/unit/autotag_cli \
	tests/unit/docs
# seconds for one test, with what it sets up: a test that hangs fails with its name and where it hangs
ALONE := -n auto --dist worksteal --disable-socket --allow-unix-socket --timeout 300
STAGE := --timeout 1200

.PHONY: test
test: install .tools/awscli/.installed $(NODE_SUITE)/node_modules/.installed .tools/chromium/.unpacked  ## run all tests: unit, then the slower of them (sockets off), then integration, infra, e2e on the emulator, and the console in Chromium
	$(BIN)/pytest tests/unit events/consumer $(foreach folder,$(SLOWER),--ignore $(folder)) $(ALONE)
	$(BIN)/pytest $(SLOWER) $(ALONE)
	@$(MAKE) --no-print-directory --jobs 3 --output-sync=target test-processes test-typed test-stack

# Side by side, since they wait most of the time: what starts processes, what is typed on stacks of its own, and what
# shares one stack
.PHONY: test-processes
test-processes: install $(NODE_SUITE)/node_modules/.installed .tools/chromium/.unpacked
	$(BIN)/pytest tests/integration tests/infra tests/browser $(STAGE)

.PHONY: test-typed
test-typed: install .tools/awscli/.installed
	$(BIN)/pytest tests/e2e/typed $(STAGE)

.PHONY: test-stack
test-stack: install
	$(BIN)/pytest tests/e2e --ignore tests/e2e/typed $(STAGE)

.PHONY: browser
browser: install .tools/chromium/.unpacked  ## run the tests of the console in a real Chromium; what it showed is in .local/screenshots
	$(BIN)/pytest tests/browser

.PHONY: images
images: install .tools/chromium/.unpacked  ## take the pictures of the console in docs/images anew
	CONSOLE_IMAGES=docs $(BIN)/pytest tests/browser/stack/test_pictures.py -k manual

.PHONY: official
official: .venv/.installed .tools/official/sources/.downloaded  ## run the tests of Cloudinary's own Python SDK and command against the local Cloudinary, and those of their runner
	@$(BIN)/python -m tests.official.run
	$(BIN)/pytest tests/official $(STAGE)

TAG ?=

.PHONY: release
release: export TAG := $(TAG)
release: install  ## build the wheel, the packaged stack and their checksums into dist/ (TAG=v1.2.3 must be the version's tag)
	@$(BIN)/python -m local release --tag "$$TAG"

# Not from the environment: shells have an ENV of their own
ENV := default
SET :=
ARGS :=

.PHONY: deploy
deploy: export SET := $(SET)
deploy: .venv/.installed .tools/sam/.installed  ## build and deploy to AWS (make deploy ENV=production SET="LogLevel=WARNING" ARGS="--region eu-west-1")
	@$(BIN)/python -m deploy --config-env '$(ENV)' --set "$$SET" $(ARGS)

INTAKE ?= webhook
PROVIDER ?= aws_rek_tagging

.PHONY: demo
demo: install  ## run the whole system on a separate stack and check it (INTAKE=poll: without a public endpoint; PROVIDER=rekognition: without the add-on)
	@$(BIN)/python -m local demo --intake $(INTAKE) --provider $(PROVIDER)

N ?= 2000
SEED ?= 1

.PHONY: soak
soak: install  ## send N notifications (make soak N=2000 SEED=1) through faults and killed processes: none is lost, doubled or left
	@$(BIN)/python -m local soak --n $(N) --seed $(SEED)

LOST ?= 500
LIMIT ?= 500

.PHONY: library
library: install  ## retag, revert and backfill N assets (make library N=2000 LOST=500 LIMIT=500) while processes are killed
	@$(BIN)/python -m local library --n $(N) --lost $(LOST) --limit $(LIMIT) --seed $(SEED)

SECONDS ?= 600

.PHONY: outage
outage: N = 500
outage: install  ## let Cloudinary hang (make outage N=500 SECONDS=600) while notifications arrive: no receive is used, and all is tagged soon after
	@$(BIN)/python -m local outage --n $(N) --seconds $(SECONDS)

.PHONY: fuzz
fuzz: install  ## send a hundred thousand hostile requests to the webhook: every answer is a documented one
	$(BIN)/pytest tests/unit/handlers/webhook/test_webhook_fuzz.py --disable-socket --hypothesis-profile=long

.PHONY: machine
machine: install  ## try ten thousand examples of the state machine: all messages, runs and answers, two processes at a time, any of which may die
	$(BIN)/pytest tests/unit/service/tagging/faults/machine/test_machine.py tests/unit/service/tagging/faults/machine/test_two_at_once.py -k "TestLibrary or two_messages" --disable-socket --allow-unix-socket --hypothesis-profile=machine

RULE ?=

.PHONY: model
model: .venv/.installed  ## search every interleaving of a model of the protocol: no promise is broken, and without any one rule one is (make model RULE=HAND)
	@$(BIN)/python -m bench.protocol $(if $(RULE),--rule $(RULE))

MODULES ?=

.PHONY: mutate
mutate: install .venv/.mutate  ## break the modules behind the guarantees, one place at a time: a test fails (make mutate MODULES=domain/state/merge)
	@$(BIN)/python -m bench.mutate $(MODULES)

.PHONY: bench
bench: .tools/bench/.installed  ## compare decisions with other rule engines, in a separate environment
	@$(PYTHON) bench/decide.py

# the last commit before the service was made for load; `make load BASELINE=` measures only the code that is there
BASELINE ?= 9ac16a5e2

.PHONY: load
load: install  ## measure bursts, outages, cold starts and a long life, before and after (make load BASELINE=REVISION)
	@$(BIN)/python -m bench.load $(if $(BASELINE),--baseline $(BASELINE))

.PHONY: up
up: install  ## start the local stack (AWS emulator, simulated Cloudinary) and leave it running
	@$(BIN)/python -m local up

.PHONY: down
down: install  ## stop the local stack
	@$(BIN)/python -m local down

.PHONY: invoke
invoke: install  ## call the deployed function that an event belongs to: make invoke EVENT=events/x.json
	@test -n "$(EVENT)" || { echo "EVENT is missing: make invoke EVENT=events/x.json" >&2; exit 2; }
	@$(BIN)/python -m local invoke "$(EVENT)"

.PHONY: events
events: install  ## write the schemas and samples of the events in docs/events anew, from the types and the code
	@$(BIN)/python -m tests.unit.docs.events.regenerate

.PHONY: sample
sample: install  ## upload the two sample assets to the running local stack again
	@$(BIN)/python -m local sample
