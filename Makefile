# One command each. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Spotless and the tests want Maven itself on JDK 25; compiling finds it through toolchains on any JDK >= 17.
MVN = JAVA_HOME="$$(bin/find-jdk)" mvn -q --batch-mode --no-transfer-progress
JAR := server/target/conch-server.jar
JAVA_SOURCES := $(shell find proto/src/main server/src/main -type f 2>/dev/null) pom.xml proto/pom.xml server/pom.xml

.PHONY: help run build test nightly check fmt golden bench bench-engine bench-cpu-model sim load models model templates tokenize-check clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install what is needed, build, start Triton with the CPU model (or MODEL=<name>) and the server; Ctrl-C ends all
	@$(MAKE) --no-print-directory -j2 $(JAR) models
	@CONCH_MODEL="$(MODEL)" exec bin/up

build: ## build everything without running tests
	@$(MAKE) --no-print-directory -j2 everything models

.PHONY: everything
everything:
	@bin/find-jdk >/dev/null
	$(MVN) package -DskipTests

# Only what serving needs, unjudged: tests, format and rules are for `make check`. Maven is not started if no source has changed.
PRODUCT_ONLY := -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true
$(JAR): $(JAVA_SOURCES)
	@bin/find-jdk >/dev/null
	@command -v mvn >/dev/null || { echo 'Maven was not found: install 3.8.7 or newer (Debian: maven).' >&2; exit 1; }
	@echo "building the server (the first time, with downloads, takes about a minute)"
	@$(MVN) package $(PRODUCT_ONLY) -pl server -am
	@touch $@

models: ## install the real Triton and prepare the CPU model
	@triton-models/bin/setup

model: ## from a Hugging Face folder to a served model (SRC=<folder> [GGUF=<file>] [NAME=] [CHAT_FORMAT=] [MAX_LEN=])
	@triton-models/bin/make-model "$${SRC:?is not set (expected: a Hugging Face folder)}" $(if $(GGUF),--gguf "$(GGUF)") \
	  $(if $(NAME),--name "$(NAME)") $(if $(CHAT_FORMAT),--chat-format "$(CHAT_FORMAT)") $(if $(MAX_LEN),--max-len "$(MAX_LEN)")

test: ## install what is needed and run every test
	@bin/test

nightly: ## make every call and form that is drawn by lot 100 times (CONCH_REPEATS=100), through the SDKs, with the CPU model
	@bin/find-jdk >/dev/null
	@triton-models/bin/setup
	@server/src/test/sdk/install
	CONCH_REPEATS="$${CONCH_REPEATS:-100}" $(MVN) verify -Preal-parts -pl server -am -Dtest=NoSuch -Dit.test='SdkIT,JavaToolsIT' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

check: ## format, static analysis and unit tests
	@bin/find-jdk >/dev/null
	$(MVN) verify

fmt: ## format all sources
	$(MVN) spotless:apply
	triton-models/bin/setup --with-test-tools
	.conch/python/bin/python -m ruff format triton-models

golden: ## write the golden files anew; look at the difference before you commit it
	$(MVN) -pl server -am verify -Dtest='*GoldenTest' -Dsurefire.failIfNoSpecifiedTests=false -Dconch.golden.write=true

templates: $(JAR) ## check a folder of chat templates with their prompts (CORPUS=<folder>)
	@exec "$$(bin/find-jdk)/bin/java" -cp $(JAR) dev.conch.cli.TemplateCheck "$(CORPUS)"

sim: ## start the simulated Triton (SIM_ARGS="--port 8001 --itl-ms 20")
	@bin/find-jdk >/dev/null
	$(MVN) package -DskipTests -pl loadtest/sim -am
	@exec "$$(bin/find-jdk)/bin/java" -jar loadtest/sim/target/conch-sim.jar $(SIM_ARGS)

tokenize-check: $(JAR) ## compare the server's tokenizer with the library (TOKENIZER=tokenizer.json TEXTS=file, one text a line)
	@"$$(bin/find-jdk)/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp $(JAR) dev.conch.cli.TokenizerCheck \
	  "$${TOKENIZER:?is not set (expected: a tokenizer.json)}" "$${TEXTS:?is not set (expected: a file with one text a line)}"

bench: ## measure encoding, decoding and rendering, beside the library in the same run (BENCH_ARGS="Prompt")
	@bin/find-jdk >/dev/null
	@command -v npm >/dev/null || { echo 'npm was not found: the tokenizer that is measured comes from there.' >&2; exit 1; }
	$(MVN) package $(PRODUCT_ONLY) -pl loadtest/jmh -am
	@cd loadtest/jmh && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --silent; }
	@[ -x loadtest/jmh/target/peer/bin/python ] || python3 -m venv loadtest/jmh/target/peer || true
	@loadtest/jmh/target/peer/bin/python -c 'import fastokens' 2>/dev/null || loadtest/jmh/target/peer/bin/python -m pip install -q -r loadtest/jmh/peer-requirements.txt \
	  || echo 'fastokens cannot be installed: it needs Python 3.9 with venv and the package registry.' >&2
	@if [ -z "$${CONCH_SHARED:-}" ] && [ -d ../shared ]; then CONCH_SHARED=$$(cd ../shared && pwd); export CONCH_SHARED; fi; \
	texts=$$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))'); \
	python=$$(loadtest/jmh/target/peer/bin/python -c 'import fastokens' 2>/dev/null && echo loadtest/jmh/target/peer/bin/python || true); \
	exec "$$(bin/find-jdk)/bin/java" --sun-misc-unsafe-memory-access=allow -Dconch.bench.root=. -Dconch.bench.texts="$$texts" -Dconch.bench.python=$$python -jar loadtest/jmh/target/conch-jmh.jar $(BENCH_ARGS)

bench-engine: ## measure what Triton costs between engine and client (BENCH_ARGS="--streams 512 --seconds 5")
	@exec triton-models/bin/bench-engine $(BENCH_ARGS)

bench-cpu-model: ## measure the CPU model behind Triton beside llama.cpp's own server (BENCH_ARGS="--streams 8 --threads 2")
	@exec triton-models/bin/bench-cpu-model $(BENCH_ARGS)

URL ?= http://127.0.0.1:8080
PROFILE ?= smoke
load: ## send users to a running server (URL=http://host:8080 PROFILE=smoke|steady|ramp LOAD_ARGS="-Drate=4 -Dslo-ttft-ms=500")
	@bin/find-jdk >/dev/null
	$(MVN) test -Pload -DskipTests -Dspotless.check.skip=true -Denforcer.skip=true -pl loadtest/gatling -am \
	  -Durl="$(URL)" -Dprofile="$(PROFILE)" $(LOAD_ARGS)

clean: ## remove what was built; installed packages and models stay
	rm -rf target proto/target server/target loadtest/*/target
