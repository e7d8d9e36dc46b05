# Two commands: `make up` and `make test`. Everything else is a part of them.
STACK ?= lab
ARGS ?=
GRACE ?= 30
SIZES ?= 2,8,20
ts := node -r ts-node/register
sources := $(shell find components -name '*.ts' -not -path '*/node_modules/*' -not -path '*/dist/*') $(wildcard components/run/harness/k6/*) components/tsconfig.json tsconfig.base.json

.PHONY: up preview down stop test test-operator bench-start bench-store compare-bench build lab-up lab-down lab-status format

## Stands the stack up (STACK=lab: on this machine, else on your own cluster), runs its load tests and prints the verdicts.
up: build
	@$(ts) stacks/drive/main.ts up --stack $(STACK) $(ARGS)

## Shows what `make up` would do.
preview: build
	@$(ts) stacks/drive/main.ts preview --stack $(STACK) $(ARGS)

## Removes everything of the stack (the lab itself stays: see lab-down).
down: build
	@$(ts) stacks/drive/main.ts down --stack $(STACK) $(ARGS)

## Stops the load of all runs of the stack that go on, whoever started them. GRACE: seconds they have for teardown().
stop: build
	@$(ts) stacks/drive/main.ts stop --stack $(STACK) --grace $(GRACE) $(ARGS)

## All checks and tests; prints "N passed, N failed" at the end. SKIP_LAB_TESTS=1 leaves out those that need root on Linux.
test: build test/types/node_modules/.installed
	@PULUMI_K6_LAB=test $(ts) test/run.ts

## The engines' contract with k6-operator itself in place of the simulator. IMAGES: archives of its controller and starter to load first.
test-operator: node_modules/.installed
	@PULUMI_K6_LAB=test $(ts) test/operator.ts $(IMAGES)

## How fast runs start, against a bare Indexed Job, in the lab that is up: PAIRS=5 SIZES=2,8,20. On a machine that does nothing else.
bench-start: node_modules/.installed
	@eval "$$($(ts) lab/main.ts env)" && $(ts) test/bench/start.ts $(or $(PAIRS),5) $(SIZES)

## How long the judge and the Run dashboard ask a store that holds POINTS=5000000 raw samples of a run, and how much memory that takes it.
bench-store: node_modules/.installed
	@$(ts) test/bench/store-queries.ts $(POINTS)

## How often equal runs are called different, and how often a target that is 10 % slower is found: PAIRS=20 of runs of SECONDS=12.
compare-bench: node_modules/.installed
	@$(ts) test/contract/run/compare-bench.ts $(or $(PAIRS),20) $(or $(SECONDS),12)

build: components/dist/.built

lab-up lab-down lab-status: lab-%: node_modules/.installed
	@$(ts) lab/main.ts $*

format: node_modules/.installed
	@npx prettier --write --log-level warn . && gofmt -w lab/go

# Install scripts are left out: they would fetch provider binaries that are not needed.
node_modules/.installed: package.json package-lock.json components/package.json
	@echo "installing npm packages"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The newest @pulumi/kubernetes, for the compiler only.
test/types/node_modules/.installed: test/types/package.json test/types/package-lock.json
	@npm ci --prefix test/types --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

components/dist/.built: node_modules/.installed $(sources)
	@echo "compiling components"
	@rm -rf node_modules/.dist
	@npx tsc -p components --outDir node_modules/.dist
	@mkdir -p node_modules/.dist/run/harness && cp -r components/run/harness/k6 node_modules/.dist/run/harness/
	@rm -rf components/dist && mv node_modules/.dist components/dist
	@touch $@
