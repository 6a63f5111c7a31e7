# The front of this repository: `make` lists what it can do.
# Plain enough for GNU Make 3.81, which is what macOS has.

.DEFAULT_GOAL := help

STAGES := $(patsubst %/compose.yaml,%,$(wildcard stage-*/compose.yaml))
STAGE := $(filter stage-%,$(MAKECMDGOALS))
SERVICE_COMMANDS := stop start restart kill pause unpause
STAGE_COMMANDS := up dev down status logs traffic watch open usage $(SERVICE_COMMANDS)
# `make site open` opens no stage.
ifneq ($(filter site,$(MAKECMDGOALS)),)
STAGE_COMMANDS := $(filter-out open,$(STAGE_COMMANDS))
endif
COMMAND := $(firstword $(filter $(STAGE_COMMANDS) diff lessons verify drill exercise incident answer fresh save load,$(MAKECMDGOALS)))

# Node 24 comes with the packages; where npm has none for a machine (Apple Silicon), that machine's own Node is used.
# Options meant for other programs may break our tools, and a proxy cannot reach this machine's own services.
# Kept compiled, programs start in half the time.
WITH_NODE = env -u NODE_OPTIONS -u NODE_USE_ENV_PROXY PATH="$$PWD/node_modules/.bin:$$PATH" \
	NODE_COMPILE_CACHE="$${NODE_COMPILE_CACHE:-$$PWD/.run/compile-cache}"

# Compose names a stage's containers and volumes after the stage. These would override that.
unexport COMPOSE_PROJECT_NAME COMPOSE_FILE COMPOSE_PROFILES COMPOSE_ENV_FILES
# With it, `cd stage-1` could lead elsewhere.
unexport CDPATH

# ------------------------------------------------------------------ help

.PHONY: help
help:
	@echo 'Run a stage, for example stage-1 (there are: $(STAGES)):'
	@echo '  make stage-1 up        start it and wait until it is ready; if it is running, restart what has changed'
	@echo '  make stage-1 dev       the same at every save, until you press Ctrl-C'
	@echo '  make stage-1 status    show what is running, and where'
	@echo '  make stage-1 open      print the address of Grafana or the trace viewer, and open it in your browser'
	@echo '  make stage-1 traffic   roll dice: NUM_USERS=5 SEED=1, SERVICE=<another traffic script>'
	@echo '  make stage-1 logs      show what the services print: SERVICE=dice-roller FOLLOW=0 RAW=1'
	@echo '  make stage-1 watch     show traces in the terminal, if no collector is running: LAST=3'
	@echo '  make stage-6 usage     report who rolled what'
	@echo '  make stage-1 down      stop it; named volumes are kept'
	@echo '  make stage-1 fresh     stash your edits (git stash), stop whatever is running, and start it'
	@echo
	@echo 'Break one service of a running stage, and bring it back:'
	@echo '  make stage-1 stop SERVICE=dice-roller       stop it; start brings it back'
	@echo '  make stage-1 start SERVICE=dice-roller      start it and wait until it is ready'
	@echo '  make stage-1 restart SERVICE=dice-roller    stop it and start it'
	@echo '  make stage-1 kill SERVICE=dice-roller       end it at once; another signal: SIGNAL=SIGTERM'
	@echo '  make stage-1 pause SERVICE=dice-roller      freeze it: it accepts connections and never answers'
	@echo '  make stage-1 unpause SERVICE=dice-roller    unfreeze it'
	@echo
	@echo 'Study a stage:'
	@echo '  make stage-2 diff      show what it adds to the stage before: ALL=1, SUMMARY=1 or TELEMETRY=1'
	@echo '  make stage-1 verify    check its telemetry against telemetry.yaml, and its dashboard: FULL=1 JUNIT=verify.xml'
	@echo "  make stage-1 drill     break it on purpose and report what it survives: DRILL='--only sigterm', DRILL=--help"
	@echo
	@echo 'Practice, and have your work checked:'
	@echo '  make stage-1 exercise  list the exercises; NAME=die-faces shows one, and checks it once you have changed the stage:'
	@echo '                         HINT=2 ANSWER=9.5 CHECK=1 JSON=1; START=1 puts in the bug to find, RESET=1 takes it back'
	@echo '  make stage-3 incident  break something for you to find: SEED=7; END=1 restores the stage and says what it was'
	@echo '  make stage-3 answer    check what you found: SINCE=14:05 SERVICE=dice-roller CAUSE=lock TRACE=<id> REPAIR=1 JSON=1;'
	@echo '                         without any of them, show what to choose from'
	@echo
	@echo 'Uses Docker if the engine is running; otherwise runs locally. Choose with RUNTIME=docker or RUNTIME=native.'
	@echo
	@echo 'Prepare a laptop:'
	@echo '  make doctor            check Docker, memory, disk, ports, clock and network, and say how to fix each problem: JSON=1'
	@echo '  make back-ends         download Grafana, Prometheus, Loki, Tempo and the collector, to run without Docker:'
	@echo '                         BACK_ENDS_FROM=http://… or a folder takes them from there, PLATFORM=all serves every laptop'
	@echo '  make back-ends-serve   offer what was downloaded to other machines: LISTEN=192.168.1.5:8099'
	@echo "  make stage-1 save      write its images and npm's packages as one archive, for a room without internet; make save: all"
	@echo '                         FILE=/media/usb/dice.tar, RUNTIME=native leaves the images out, PLATFORM=all serves every laptop'
	@echo '  make load              load that archive, after comparing its digests: FILE=/media/usb/dice.tar'
	@echo
	@echo 'Work on the project:'
	@echo '  make test        run the tests: FAST=1 in a minute or two, ALL=1 also those that are slow or repeated'
	@echo "  make bench       measure what telemetry costs: BENCH='--rounds 2', BENCH=--help"
	@echo '  make typecheck   check the types'
	@echo '  make format      format the sources'
	@echo '  make check       check the stages against shared/stages.yaml and their contracts'
	@echo '  make docs-check  run the commands in the documents and compare the output: PAGE=stage-1/README.md'
	@echo '  make docs        the same, and update the output in the documents'
	@echo '  make site        build the web site from the documents; make site open shows it'
	@echo '  make lessons     fill in the code of docs/lessons from the stages; TODO=1 lists what no page shows yet'
	@echo '  make propagate   carry a change in one stage into the later ones: FROM=1 TO=3 SINCE=HEAD~2 DRY_RUN=1'
	@echo '  make branches    write the branches stage-1, stage-2, …, each one commit on the one before: TAG=1'

# ------------------------------------------------------------------ make stage-1 up

# A native run is recorded in this folder; commands go to it for as long as it is.
DICE_RUN_DIR ?= .run

ifneq ($(filter $(STAGE_COMMANDS),$(COMMAND)),)
ifeq ($(RUNTIME),)
RUNTIME := $(shell if [ ! -e '$(DICE_RUN_DIR)/state.json' ] && docker info >/dev/null 2>&1; then echo docker; else echo native; fi)
endif
endif

.PHONY: $(STAGE_COMMANDS) stage-given service-given ready-for-docker ready-for-native $(STAGE)

$(STAGE_COMMANDS): stage-given ready-for-$(RUNTIME)
	@$($(RUNTIME)-$@)

$(SERVICE_COMMANDS): service-given

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
	@$(if $(UNKNOWN),echo '$(STAGE) does not know $(UNKNOWN). It knows: $(call variables-of,$(STAGE)) (and the options that make lists with each command)' >&2; exit 2)

service-given: stage-given
	@$(if $(SERVICE),:,echo 'Say which service: make $(STAGE) $(COMMAND) SERVICE=dice-roller' >&2; exit 2)

# A variable that is misspelled, or that only another stage has, would otherwise be ignored silently.
OPTIONS := RUNTIME SERVICE SIGNAL FOLLOW RAW LAST ALL SUMMARY TELEMETRY PAGE TODO FULL JUNIT DRILL DICE_RUN_DIR \
	NAME HINT ANSWER START RESET CHECK JSON SEED END SINCE CAUSE TRACE REPAIR BACK_ENDS_FROM DICE_BACK_ENDS PLATFORM \
	LISTEN FILE SHELL DOCKER_%
ON_COMMAND_LINE = $(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name)))
variables-of = $(sort $(shell grep -oh '[$$]{[A-Z_]*' $(1:%=%/compose.yaml) | tr -d '{$$'))
IN_ENVIRONMENT = $(foreach name,$(call variables-of,$(STAGES)),$(if $(findstring environment,$(origin $(name))),$(name)))
# What a shell may say for all stages, since it describes the machine.
OF_MACHINE := %_PORT CHROMIUM
GIVEN = $(ON_COMMAND_LINE) $(if $(filter traffic,$(COMMAND)),$(filter-out $(OF_MACHINE),$(IN_ENVIRONMENT)))
UNKNOWN = $(filter-out $(OPTIONS) $(call variables-of,$(STAGE)),$(GIVEN))

ifneq ($(STAGE),)
$(STAGE): stage-given
ifeq ($(COMMAND),)
	@echo 'Say what to do, for example: make $@ up. Commands: $(STAGE_COMMANDS) diff verify drill exercise incident answer fresh save' >&2; exit 2
else
	@:
endif
endif

.PHONY: fresh

fresh: stage-given
	@! git rev-parse --git-dir >/dev/null 2>&1 || git stash push --include-untracked -- $(STAGES)
	@for stage in $(STAGES); do $(MAKE) --no-print-directory $$stage down >/dev/null || exit 1; done
	@$(MAKE) --no-print-directory $(STAGE) up

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

define docker-dev
$(docker-up); \
docker compose watch --no-up
endef

define docker-down
$(end-incident) && \
$(COMPOSE) --profile '*' down
endef

define docker-status
$(COMPOSE) ps
endef

define docker-logs
if [ '$(FOLLOW)' != 0 ] && { [ -t 1 ] || [ -n '$(FOLLOW)' ]; }; then follow=--follow; fi; \
$(COMPOSE) logs $$follow $(if $(RAW),--no-log-prefix) $(SERVICE)
endef

define docker-traffic
$(COMPOSE) --profile traffic run --rm --build $(or $(SERVICE),traffic)
endef

# For commands that have nothing to do unless the stage is running.
define docker-running
[ -n "$$($(COMPOSE) ps --quiet)" ] || { echo '$(STAGE) is not running. Start it: make $(STAGE) up' >&2; exit 1; }
endef

define docker-watch
$(docker-running); \
address=$(GRAFANA) || exit 1; \
echo "With Docker, the collector sends traces to Tempo. Look at them in Grafana: http://$$address/explore" >&2; exit 1
endef

define docker-usage
$(COMPOSE) --profile usage config --services | grep -q '^usage$$' || { \
echo '$(STAGE) does not track usage: its compose.yaml has no report named usage.' >&2; exit 1; }; \
docker compose --profile usage run --rm --build usage
endef

define docker-open
$(docker-running); \
address=$(GRAFANA) || exit 1; \
echo "http://$$address"; \
if [ -t 1 ]; then open "http://$$address" >/dev/null 2>&1 || xdg-open "http://$$address" >/dev/null 2>&1 || true; fi
endef

# `start` would not wait until the service is ready.
docker-start = $(COMPOSE) up --detach --wait --no-deps --no-build --no-recreate $(SERVICE)
docker-stop = $(COMPOSE) stop $(SERVICE)
docker-restart = $(docker-stop) && docker compose up --detach --wait --no-deps --no-build --no-recreate $(SERVICE)
docker-kill = $(COMPOSE) kill $(if $(SIGNAL),--signal $(SIGNAL)) $(SERVICE)
docker-pause = $(COMPOSE) pause $(SERVICE)
docker-unpause = $(COMPOSE) unpause $(SERVICE)

# ------------------------------------------------------------------ as local processes

NATIVE = $(WITH_NODE) node shared/runtime/cli.ts

native-up = $(NATIVE) up $(STAGE)
native-dev = $(NATIVE) dev $(STAGE)
native-down = $(end-incident) && $(NATIVE) down $(STAGE)
native-status = $(NATIVE) status $(STAGE)
native-open = $(NATIVE) open $(STAGE)
native-logs = $(NATIVE) logs $(STAGE) $(if $(SERVICE),--service '$(SERVICE)') $(if $(RAW),--raw) \
	$(if $(FOLLOW),$(if $(filter 0,$(FOLLOW)),--no-follow,--follow))
native-watch = $(NATIVE) watch $(STAGE) $(if $(LAST),--last '$(LAST)')
native-traffic = $(NATIVE) traffic $(STAGE) $(SERVICE)
native-usage = $(NATIVE) usage $(STAGE)
native-stop = $(NATIVE) stop $(STAGE) '$(SERVICE)'
native-start = $(NATIVE) start $(STAGE) '$(SERVICE)'
native-restart = $(NATIVE) restart $(STAGE) '$(SERVICE)'
native-kill = $(NATIVE) kill $(STAGE) '$(SERVICE)' $(if $(SIGNAL),--signal '$(SIGNAL)')
native-pause = $(NATIVE) pause $(STAGE) '$(SERVICE)'
native-unpause = $(NATIVE) unpause $(STAGE) '$(SERVICE)'

# ------------------------------------------------------------------ back ends for machines without Docker

BACK_ENDS = $(WITH_NODE) node shared/back-ends/cli.ts

.PHONY: back-ends back-ends-serve

back-ends: packages
	@$(BACK_ENDS) fetch $(if $(BACK_ENDS_FROM),--from '$(BACK_ENDS_FROM)') $(if $(PLATFORM),--platform '$(PLATFORM)')

back-ends-serve: packages
	@$(BACK_ENDS) serve $(if $(LISTEN),--listen '$(LISTEN)')

# ------------------------------------------------------------------ rooms without internet

OFFLINE = $(WITH_NODE) node shared/offline/cli.ts
ARCHIVE = $(or $(FILE),$(DICE_RUN_DIR)/save/$(or $(STAGE),all-stages).tar)

.PHONY: save load options-known

save: options-known packages
	@$(OFFLINE) save $(STAGE) $(if $(FILE),--file '$(FILE)') $(if $(RUNTIME),--runtime '$(RUNTIME)') $(if $(PLATFORM),--platform '$(PLATFORM)')

load: options-known packages
	@rm -rf '$(UNPACKED)'
	@$(OFFLINE) load $(STAGE) $(if $(FILE),--file '$(FILE)') $(if $(RUNTIME),--runtime '$(RUNTIME)')

options-known: $(if $(STAGE),stage-given)
	@$(if $(filter-out $(OPTIONS),$(ON_COMMAND_LINE)),echo '$(COMMAND) does not know $(filter-out $(OPTIONS),$(ON_COMMAND_LINE)).' >&2; exit 2,:)

# The tools that load an archive are packages themselves, so they come from it. npm compares each with package-lock.json.
ifeq ($(COMMAND),load)
UNPACKED = $(DICE_RUN_DIR)/npm-from-archive
UNPACK = [ -e '$(ARCHIVE)' ] || { echo 'There is no $(ARCHIVE). Name the archive: make load FILE=/path/to/stage-3.tar' >&2; exit 1; }; \
	mkdir -p '$(UNPACKED)' && tar -xf '$(ARCHIVE)' -C '$(UNPACKED)' npm
FROM_ARCHIVE = --offline --cache '$(UNPACKED)/npm' --registry https://registry.npmjs.org/
endif

# ------------------------------------------------------------------ whether this machine is ready

.PHONY: doctor

doctor: packages
	@$(WITH_NODE) node shared/doctor/cli.ts $(if $(JSON),--json)

# ------------------------------------------------------------------ what a running stage emits, and survives

.PHONY: verify drill

verify: stage-given packages
	@$(WITH_NODE) node shared/verify/cli.ts $(STAGE) \
	$(if $(RUNTIME),--runtime '$(RUNTIME)') $(if $(JUNIT),--junit '$(JUNIT)') $(if $(FULL),--full)

drill: stage-given packages
	@$(WITH_NODE) node shared/drill/cli.ts $(STAGE) $(if $(RUNTIME),--runtime '$(RUNTIME)') $(DRILL)

# ------------------------------------------------------------------ exercises

.PHONY: exercise

# NAME is the machine's own name in the environment of WSL.
EXERCISE = $(if $(findstring command line,$(origin NAME)),$(NAME))

exercise: stage-given packages
	@$(WITH_NODE) node shared/practice/cli.ts $(STAGE) $(if $(RUNTIME),--runtime '$(RUNTIME)') \
	$(if $(EXERCISE),--name '$(EXERCISE)') $(if $(HINT),--hint '$(HINT)') $(if $(ANSWER),--answer='$(ANSWER)') \
	$(if $(START),--start) $(if $(RESET),--reset) $(if $(CHECK),--check) $(if $(JSON),--json)

# ------------------------------------------------------------------ incidents

INCIDENTS = $(WITH_NODE) node shared/incidents/cli.ts

# `down` ends a running incident first, since volumes outlive the stage.
end-incident = { [ ! -e '$(DICE_RUN_DIR)/incident.json' ] || $(INCIDENTS) incident $(STAGE) --end || true; }

.PHONY: incident answer

incident: stage-given packages
	@$(INCIDENTS) incident $(STAGE) $(if $(RUNTIME),--runtime '$(RUNTIME)') $(if $(SEED),--seed '$(SEED)') $(if $(END),--end)

answer: stage-given packages
	@$(INCIDENTS) answer $(STAGE) $(if $(SINCE),--since '$(SINCE)') $(if $(SERVICE),--service '$(SERVICE)') \
	$(if $(CAUSE),--cause '$(CAUSE)') $(if $(TRACE),--trace '$(TRACE)') $(if $(REPAIR),--repair) $(if $(JSON),--json)

# ------------------------------------------------------------------ the differences between stages

LESSONS = $(WITH_NODE) node shared/lessons/cli.ts

.PHONY: diff lessons check propagate branches

diff: stage-given packages
	@$(LESSONS) diff $(STAGE) $(if $(ALL),--all) $(if $(SUMMARY),--summary) $(if $(TELEMETRY),--telemetry)

lessons: packages
	@$(LESSONS) pages $(STAGE) $(if $(TODO),--todo)

check: packages
	@$(LESSONS) check
	@$(DOCUMENTS) check

propagate: packages
	@$(LESSONS) propagate --from '$(FROM)' $(if $(TO),--to '$(TO)') $(if $(SINCE),--since '$(SINCE)') $(if $(DRY_RUN),--dry-run)

branches: packages
	@$(LESSONS) branches $(if $(TAG),--tag)

# ------------------------------------------------------------------ the documents

DOCUMENTS = $(WITH_NODE) node shared/documents/cli.ts

.PHONY: docs docs-check

docs-check: packages
	@$(DOCUMENTS) follow $(PAGE)

docs: packages
	@$(DOCUMENTS) follow --write $(PAGE)

# ------------------------------------------------------------------ the web site

.PHONY: site

# Packages of its own, with a lock of their own: `npm ci --prefix site` fetches them, and building needs no network.
site: packages
	@[ -e site/node_modules/.package-lock.json ] || \
	{ echo 'The site has its own packages. Install them first: npm ci --prefix site' >&2; exit 1; }
	@ASTRO_TELEMETRY_DISABLED=1 $(WITH_NODE) npm run --silent --prefix site build

ifneq ($(filter site,$(MAKECMDGOALS)),)
.PHONY: open
open: site
	@ASTRO_TELEMETRY_DISABLED=1 $(WITH_NODE) npm run --silent --prefix site preview
endif

# ------------------------------------------------------------------ the project

.PHONY: packages test bench typecheck format

packages: node_modules/.package-lock.json
	@case "$$PWD" in *:*) echo "PATH cannot hold a folder with a colon. Rename this one, or move it: $$PWD" >&2; exit 1 ;; esac
	@$(WITH_NODE) node shared/node-version.cjs || { [ $$? != 127 ] || \
	echo 'npm has no Node for this machine. Install Node 24: https://nodejs.org' >&2; exit 1; }

# An `npm ci --omit=dev` by hand leaves the tools out.
ifeq ($(wildcard node_modules/tsx/package.json),)
.PHONY: node_modules/.package-lock.json
endif

# Whatever NODE_ENV, ~/.npmrc or the environment leave out elsewhere, the tools are wanted here, and Node 24 among them.
# npm may need NODE_OPTIONS, for example to trust a company's proxy, but not those with which no Node starts here.
node_modules/.package-lock.json: package-lock.json
	@command -v npm >/dev/null || { echo 'This needs npm, which comes with Node: https://nodejs.org' >&2; exit 1; }
	@echo 'Installing what the tools need ...'
	@$(or $(UNPACK),:)
	@env $$(node --eval 0 2>/dev/null || echo -u NODE_OPTIONS) npm ci $(FROM_ARCHIVE) --include=dev --include=optional --include=peer \
	--bin-links --no-engine-strict --install-strategy=hoisted --no-audit --no-fund --loglevel=error
	@touch $@

# Without tsx, as each package's own `npm test`. The last line counts what passed, failed and was not checked.
test: packages
	@$(WITH_NODE) node shared/test/cli.ts $(if $(ALL),--all) $(if $(FAST),--fast)

bench: packages
	@$(WITH_NODE) node shared/bench/cli.ts $(BENCH)

typecheck: packages
	@printf '%s\n' shared $(dir $(wildcard stage-*/*/tsconfig.json shared/baseline/*/tsconfig.json)) | \
	$(WITH_NODE) xargs -P 2 -n 1 tsc --noEmit --singleThreaded --project

format: packages
	@$(WITH_NODE) prettier --write --log-level warn .
