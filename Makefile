# The front of this repository: `make` lists what it can do.
# Plain enough for GNU Make 3.81, which is what macOS has.

.DEFAULT_GOAL := help

STAGES := $(patsubst %/compose.yaml,%,$(wildcard stage-*/compose.yaml))
STAGE := $(filter stage-%,$(MAKECMDGOALS))
STAGE_COMMANDS := up down status logs traffic watch open usage
COMMAND := $(firstword $(filter $(STAGE_COMMANDS) diff lessons verify drill,$(MAKECMDGOALS)))

# Node 24 comes with the packages; where npm has none for a machine (Apple Silicon), its own Node must do.
WITH_NODE = PATH="$(CURDIR)/node_modules/.bin:$$PATH"

# ------------------------------------------------------------------ help

.PHONY: help
help:
	@echo 'A stage, for example stage-1 ($(STAGES)):'
	@echo '  make stage-1 up        start it and wait until it is ready'
	@echo '  make stage-1 traffic   roll dice: NUM_USERS=5 MAX_ROLLS_PER_USER=20 SEED=1'
	@echo '  make stage-1 open      open its page'
	@echo '  make stage-1 status    show what runs, and where'
	@echo '  make stage-1 logs      show what the services print: SERVICE=dice-roller FOLLOW=0'
	@echo '  make stage-1 watch     show traces in the terminal, where no collector runs: LAST=3'
	@echo '  make stage-1 down      stop it; named volumes stay'
	@echo '  make stage-6 usage     show who rolled what, where usage is tracked'
	@echo '  make stage-1 diff      show what it adds to the one before: ALL=1, SUMMARY=1 or TELEMETRY=1'
	@echo '  make stage-1 verify    hold it against its telemetry.yaml, and ask its panels: JUNIT=verify.xml'
	@echo "  make stage-1 drill     break it on purpose, and see what comes of it: DRILL='--only sigterm', DRILL=--help"
	@echo 'Docker runs it where it answers, else this machine does; RUNTIME=native or RUNTIME=docker decides.'
	@echo
	@echo 'The project:'
	@echo '  make test        run the tests: FAST=1 in a minute or two, ALL=1 what is counted elsewhere or slow too'
	@echo "  make bench       measure what telemetry costs: BENCH='--rounds 2', BENCH=--help"
	@echo '  make typecheck   check the types'
	@echo '  make format      format the sources'
	@echo '  make check       hold the stages against shared/stages.yaml and their contracts'
	@echo '  make docs-check  run what the documents say, and compare: PAGE=stage-1/README.md'
	@echo '  make docs        the same, and put what was printed into the documents'
	@echo '  make lessons     fill the code of docs/lessons from the stages; TODO=1 lists what no page shows yet'
	@echo '  make propagate   carry what changed in a stage into the later ones: FROM=1 TO=3 SINCE=HEAD~2 DRY_RUN=1'
	@echo '  make branches    write the branches stage-1 …, each one commit on the one before: TAG=1'

# ------------------------------------------------------------------ make stage-1 up

# A native run is recorded in this folder; commands go to it for as long as it is.
DICE_RUN_DIR ?= .run

ifneq ($(filter $(STAGE_COMMANDS),$(COMMAND)),)
ifeq ($(RUNTIME),)
RUNTIME := $(shell if [ ! -e '$(DICE_RUN_DIR)/state.json' ] && docker info >/dev/null 2>&1; then echo docker; else echo native; fi)
endif
endif

.PHONY: $(STAGE_COMMANDS) stage-given ready-for-docker ready-for-native $(STAGE)

$(STAGE_COMMANDS): stage-given ready-for-$(RUNTIME)
	@$($(RUNTIME)-$@)

ready-for-docker: stage-given

ready-for-native: stage-given packages

ready-for-%: stage-given
	@echo 'RUNTIME is docker or native, not "$*".' >&2; exit 2

stage-given:
	@case '$(words $(STAGE)) $(filter $(STAGES),$(STAGE))' in \
	0*) echo 'Say which stage: make <stage> $(COMMAND). Stages: $(STAGES)' >&2; exit 2 ;; \
	'1 ') echo 'There is no $(STAGE). Stages: $(STAGES)' >&2; exit 2 ;; \
	1*) ;; \
	*) echo 'One stage at a time, not: $(STAGE)' >&2; exit 2 ;; \
	esac

ifneq ($(STAGE),)
$(STAGE): stage-given
ifeq ($(COMMAND),)
	@echo 'Say what to do, for example: make $@ up. Commands: $(STAGE_COMMANDS) diff verify drill' >&2; exit 2
else
	@:
endif
endif

# ------------------------------------------------------------------ by Docker

COMPOSE = cd $(STAGE) && docker compose
PAGES = grafana:3000 frontend:8080 dice-roller:8000 prometheus:9090
GRAFANA = $$($(COMPOSE) port grafana 3000)

# Two stages would want the same ports.
define docker-up
other=$$(docker compose ls --quiet | grep '^stage-[0-9]*$$' | grep -v '^$(STAGE)$$'); \
if [ -n "$$other" ]; then echo "$$other is running, and one stage runs at a time. Stop it first: make $$other down" >&2; exit 1; fi; \
$(COMPOSE) up --detach --build --wait || exit 1; \
echo '$(STAGE) is running:'; \
for page in $(PAGES); do \
if address=$$(docker compose port $${page%:*} $${page#*:} 2>/dev/null); then echo "  $${page%:*}  http://$$address"; fi; \
done
endef

define docker-down
$(COMPOSE) --profile '*' down
endef

define docker-status
$(COMPOSE) ps
endef

define docker-logs
if [ '$(FOLLOW)' != 0 ] && { [ -t 1 ] || [ -n '$(FOLLOW)' ]; }; then follow=--follow; fi; \
$(COMPOSE) logs $$follow $(SERVICE)
endef

define docker-traffic
$(COMPOSE) --profile traffic run --rm --build $(or $(SERVICE),traffic)
endef

define docker-watch
echo "Docker runs a real collector: look at the traces in Grafana, http://$(GRAFANA)/explore" >&2; exit 1
endef

define docker-usage
$(COMPOSE) --profile usage config --services | grep -q '^usage$$' || { \
echo '$(STAGE) tracks no usage: there is no report named usage in its compose.yaml.' >&2; exit 1; }; \
docker compose --profile usage run --rm --build usage
endef

define docker-open
address=$(GRAFANA) || exit 1; \
echo "http://$$address"; \
if [ -t 1 ]; then open "http://$$address" >/dev/null 2>&1 || xdg-open "http://$$address" >/dev/null 2>&1 || true; fi
endef

# ------------------------------------------------------------------ as processes of this machine

NATIVE = $(WITH_NODE) node --import tsx shared/runtime/cli.ts

native-up = $(NATIVE) up $(STAGE)
native-down = $(NATIVE) down $(STAGE)
native-status = $(NATIVE) status $(STAGE)
native-open = $(NATIVE) open $(STAGE)
native-logs = $(NATIVE) logs $(STAGE) $(if $(SERVICE),--service '$(SERVICE)') \
	$(if $(FOLLOW),$(if $(filter 0,$(FOLLOW)),--no-follow,--follow))
native-watch = $(NATIVE) watch $(STAGE) $(if $(LAST),--last '$(LAST)')
native-traffic = $(NATIVE) traffic $(STAGE) $(SERVICE)
native-usage = $(NATIVE) usage $(STAGE)

# ------------------------------------------------------------------ what a running stage emits, and stands

.PHONY: verify drill

verify: stage-given packages
	@$(WITH_NODE) node --import tsx shared/verify/cli.ts $(STAGE) \
	$(if $(RUNTIME),--runtime '$(RUNTIME)') $(if $(JUNIT),--junit '$(JUNIT)')

drill: stage-given packages
	@$(WITH_NODE) node --import tsx shared/drill/cli.ts $(STAGE) $(if $(RUNTIME),--runtime '$(RUNTIME)') $(DRILL)

# ------------------------------------------------------------------ the differences between stages

LESSONS = $(WITH_NODE) node --import tsx shared/lessons/cli.ts

.PHONY: diff lessons check propagate branches

diff: stage-given packages
	@$(LESSONS) diff $(STAGE) $(if $(ALL),--all) $(if $(SUMMARY),--summary) $(if $(TELEMETRY),--telemetry)

lessons: packages
	@$(LESSONS) pages $(STAGE) $(if $(TODO),--todo)

check: packages
	@$(LESSONS) check

propagate: packages
	@$(LESSONS) propagate --from '$(FROM)' $(if $(TO),--to '$(TO)') $(if $(SINCE),--since '$(SINCE)') $(if $(DRY_RUN),--dry-run)

branches: packages
	@$(LESSONS) branches $(if $(TAG),--tag)

# ------------------------------------------------------------------ the documents

DOCUMENTS = $(WITH_NODE) node --import tsx shared/documents/cli.ts

.PHONY: docs docs-check

docs-check: packages
	@$(DOCUMENTS) follow $(PAGE)

docs: packages
	@$(DOCUMENTS) follow --write $(PAGE)

# ------------------------------------------------------------------ the project

.PHONY: packages test bench typecheck format

# 24.11.1, as package.json's "engines" says.
NODE_IS_FIT = const [a, b, c] = process.versions.node.split(".").map(Number); \
	process.exit(a * 1e4 + b * 100 + c >= 241101 ? 0 : 1)

packages: node_modules/.package-lock.json
	@$(WITH_NODE) node -e '$(NODE_IS_FIT)' 2>/dev/null || \
	{ echo 'This needs Node 24.11.1 or newer, and npm brings none for this machine: https://nodejs.org' >&2; exit 1; }

node_modules/.package-lock.json: package-lock.json
	@command -v npm >/dev/null || { echo 'This needs npm, which comes with Node: https://nodejs.org' >&2; exit 1; }
	@echo 'Installing what the tools need ...'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Without tsx, as each package's own `npm test`. The last line counts what passed, failed and was not checked.
test: packages
	@$(WITH_NODE) node shared/test/cli.ts $(if $(ALL),--all) $(if $(FAST),--fast)

bench: packages
	@$(WITH_NODE) node --import tsx shared/bench/cli.ts $(BENCH)

typecheck: packages
	@printf '%s\n' shared $(dir $(wildcard stage-*/*/tsconfig.json shared/baseline/*/tsconfig.json)) | \
	$(WITH_NODE) xargs -P 2 -n 1 tsc --noEmit --project

format: packages
	@$(WITH_NODE) prettier --write --log-level warn .
