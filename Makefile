# Each command sets up what it needs on a machine with Rust, Node (20 or newer) and make, and does nothing twice.

WASM32  := wasm32-unknown-unknown
BINDGEN := tools/target/debug/wasm-bindgen
RUNNER  := $(CURDIR)/tools/target/debug/wasm-bindgen-test-runner
PACK    := tools/target/wasm-pack/bin/wasm-pack
MODULES := node_modules/.package-lock.json
PEERS   := benches/peers/node_modules/.package-lock.json
DENY    := $(CURDIR)/tools/target/deny/bin/cargo-deny
VICEROY ?= $(CURDIR)/tools/target/viceroy/bin/viceroy
BUNDLERS := tests/packaging/tools/node_modules/.package-lock.json
FUZZ    := tools/target/cargo-fuzz/bin/cargo-fuzz
FUZZED  := $(patsubst fuzz/targets/%.rs,%,$(wildcard fuzz/targets/*.rs))
WASM    := js/dist/pointsman.wasm
SITE    := www/dist/index.html
SITE_MODULES := www/node_modules/.package-lock.json
# Of all that the bundles make, what is written last, when the types hold.
PACKAGE := js/dist/node.d.ts

# Where Debian's package puts them; a browser of your own: make test CHROMIUM=... CHROMEDRIVER=...
export CHROMIUM     ?= /usr/bin/chromium
export CHROMEDRIVER ?= /usr/bin/chromedriver

# Seconds for a browser to start and to run its tests: the runner's own 5 and 20 are short for a busy machine.
export WASM_BINDGEN_TEST_DRIVER_TIMEOUT ?= 60
export WASM_BINDGEN_TEST_TIMEOUT ?= 120

# The same tests in another place: the runner reads from the environment where that is.
WEB_TESTS = CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=$(RUNNER) cargo test --target $(WASM32) --test web
# A test file that hangs, or leaves something running, ends as a failure.
NODE_TEST := node --test --test-timeout=300000
RUNTIMES := $(wildcard tests/runtimes/*.test.mjs tests/hostile/*.test.mjs tests/traps/*.test.mjs js/test/*.test.mjs tests/schema/*.test.mjs)

.PHONY: help build playground demo test test-native test-web test-runtimes test-platforms test-playground test-packaging test-soak soak test-fastly fuzz fuzz-packer simulate bench bench-engine bench-native bench-instructions bench-memory bench-scale bench-workerd reproduce deny check format clean wasm32 wasip1 components browsers chromium valgrind
.NOTPARALLEL:
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 27

build: $(PACKAGE) ## the .wasm and the npm package, ready in js/

playground: $(SITE) ## the playground, a static site in www/dist

demo: $(PACKAGE) $(SITE) ## the main job, live, on http://127.0.0.1:8787 (PORT=... changes it)
	@exec node demo/main.mjs

test: test-native test-web test-runtimes test-platforms test-playground test-packaging test-soak ## everything below

test-native: ## the crate, natively: cases, vectors, laws, the twin, documentation examples; then the full build, and that of flags alone
	cargo test
	cargo test --features full --lib --test cases --test compiled --test errors --test twin
	cargo test --no-default-features --lib --tests

test-web: $(BINDGEN) $(PACK) wasm32 chromium ## the crate as wasm: in Node, a page, a worker, and through wasm-pack
	$(WEB_TESTS)
	WASM_BINDGEN_USE_BROWSER=1 $(WEB_TESTS)
	WASM_BINDGEN_USE_DEDICATED_WORKER=1 $(WEB_TESTS)
	PATH="$(dir $(RUNNER)):$$PATH" WASM_BINDGEN_USE_BROWSER=1 $(PACK) test --headless --chrome \
		--chromedriver $(CHROMEDRIVER) --mode no-install -- --test web

test-runtimes: $(PACKAGE) chromium ## the package in Node, workerd and headless Chromium
	$(NODE_TEST) $(or $(RUNTIMES),$(error no tests found in tests/runtimes))

test-platforms: $(PACKAGE) $(BUNDLERS) chromium ## each platform's example in workerd, Vercel's edge runtime, Deno, Bun, Node and a service worker
	$(NODE_TEST) $(wildcard tests/platforms/*.test.mjs)

test-playground: $(SITE) chromium browsers ## the playground and the demo's page, in Chromium, Firefox and WebKit
	$(NODE_TEST) $(wildcard www/test/*.test.mjs)

test-packaging: $(PACKAGE) $(BUNDLERS) chromium ## the package as users get it: packed, installed, bundled by each bundler, in each runtime, type-checked
	$(NODE_TEST) $(wildcard tests/packaging/*.test.mjs)

test-soak: $(PACKAGE) $(SITE_MODULES) ## the whole router in workerd under load, with a store and origins that fail in every way; two minutes
	node tests/soak/main.mjs --seconds 120 --rate 60

soak: $(PACKAGE) $(SITE_MODULES) ## the same for longer: make soak TIME=1200 (seconds; ARGS="--help" for more)
	@node tests/soak/main.mjs --seconds $(or $(TIME),1200) $(ARGS)

test-fastly: $(VICEROY) wasip1 ## the example for Fastly Compute, in its local server; the first time builds that, six minutes (not part of test)
	cargo build --release --locked --target wasm32-wasip1 --target-dir target --manifest-path examples/fastly/Cargo.toml
	VICEROY=$(VICEROY) $(NODE_TEST) $(wildcard tests/fastly/*.test.mjs)

fuzz: $(FUZZ) ## the laws of fuzz/, on bytes that libFuzzer makes up: TIME=60 seconds each, TARGET=load one of them (not part of test)
	cargo run --quiet --manifest-path fuzz/Cargo.toml --target-dir fuzz/target --example seeds
	@for target in $(or $(TARGET),$(FUZZED)); do \
		echo "== $$target"; mkdir -p fuzz/corpus/$$target fuzz/regressions/$$target; \
		PATH="$(CURDIR)/$(dir $(FUZZ)):$$PATH" cargo fuzz run --sanitizer none --target-dir fuzz/target $$target fuzz/corpus/$$target fuzz/regressions/$$target -- \
			-max_total_time=$(or $(TIME),60) -max_len=8192 -timeout=10 -rss_limit_mb=2048 -dict=fuzz/pointsman.dict -verbosity=0 -print_final_stats=1 || exit 1; \
	done

fuzz-packer: $(PACKAGE) ## contexts of all shapes, packed by JavaScript, against what the crate decides natively: TIME=60 seconds (not part of test)
	@node fuzz/packer/main.mjs --time $(or $(TIME),60) $(ARGS)

simulate: ## what guards do on simulated traffic: false verdicts, seconds to a verdict (ARGS="--help" for more)
	@cargo run --quiet --release --example simulate -- $(ARGS)

bench: $(PACKAGE) $(PEERS) ## speed against a hand-written floor, and size, beside published engines (ARGS="--help" for more)
	@node benches/peers/main.mjs $(ARGS)
	@node js/scripts/size.mjs

bench-engine: $(PACKAGE) ## the same without the published engines
	@node benches/peers/main.mjs --only pointsman --only pointsman-flags $(ARGS)

bench-native: ## the crate natively, timed: hashes, decisions, loads, routes, guards (ARGS=... are divan's, "load" say)
	cargo bench --bench native -- $(ARGS)

bench-instructions: valgrind ## the same, as instructions counted by callgrind (ARGS=--check fails where one moved by over 2 %)
	node benches/instructions.mjs $(ARGS)

bench-memory: $(PACKAGE) ## what decisions allocate, and what 10,000 reloads leave behind (ARGS="--help" for more)
	@node benches/memory.mjs $(ARGS)

bench-scale: $(PACKAGE) ## what grows with flags, lists, rules, routes, attributes, bytes, and what does not (ARGS="--write" for docs/scale.md)
	@node benches/scale.mjs $(ARGS)

bench-workerd: $(PACKAGE) ## speed against the hand-written floor inside workerd (ARGS="--check" fails over a bound)
	@node benches/workerd.mjs $(ARGS)

reproduce: $(BINDGEN) $(MODULES) wasm32 ## two builds of the last commit in two places, compared byte for byte; four minutes
	node js/scripts/reproduce.mjs

deny: $(DENY) ## licences and sources of the crate's dependencies, one version of each (deny.toml); the first time installs cargo-deny
	$(DENY) check licenses bans sources
	$(DENY) --manifest-path tools/Cargo.toml --config deny.toml check sources
	$(DENY) --manifest-path examples/fastly/Cargo.toml --config deny.toml check sources

check: $(PACKAGE) $(SITE_MODULES) wasm32 components ## formats, lints, types, documentation
	cargo fmt --check
	cargo fmt --check --manifest-path tools/Cargo.toml
	cargo fmt --check --manifest-path examples/fastly/Cargo.toml
	cargo fmt --check --manifest-path fuzz/Cargo.toml
	cargo clippy --all-targets -- -D warnings
	cargo clippy --all-targets --features full -- -D warnings
	cargo clippy --all-targets --no-default-features -- -D warnings
	cargo clippy --target $(WASM32) --lib --test web -- -D warnings
	cargo clippy --target $(WASM32) --lib --features full -- -D warnings
	cargo clippy --target $(WASM32) --lib --no-default-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
	node_modules/.bin/prettier --check .
	node_modules/.bin/eslint .
	node_modules/.bin/tsc
	node_modules/.bin/tsc --project www

format: $(MODULES) components ## writes the formats that check asks for
	cargo fmt
	cargo fmt --manifest-path tools/Cargo.toml
	cargo fmt --manifest-path examples/fastly/Cargo.toml
	cargo fmt --manifest-path fuzz/Cargo.toml
	node_modules/.bin/prettier --write --log-level=warn .

clean: ## removes what was built here; the tools and node_modules stay
	rm -rf target www/dist js/dist js/src/wasm js/README.md js/LICENSE-*

# ---- what the commands need

$(PACKAGE): $(WASM) $(shell find js/src) js/package.json js/tsconfig.json js/scripts/bundle.mjs js/scripts/command.mjs js/scripts/notices.mjs js/scripts/sums.mjs $(wildcard README.md LICENSE-*)
	@echo "== bundles and types -> js/dist"
	node js/scripts/bundle.mjs

$(WASM): $(BINDGEN) $(MODULES) $(shell find src) Cargo.toml Cargo.lock js/scripts/build-wasm.mjs js/scripts/glue.mjs js/scripts/prune.mjs js/scripts/glue.d.ts | wasm32
	@echo "== the crate -> $@"
	node js/scripts/build-wasm.mjs

$(MODULES): package.json package-lock.json
	@echo "== the npm packages that build and test, pinned by package-lock.json"
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PEERS): benches/peers/package.json benches/peers/package-lock.json
	@echo "== the published engines to compare with, pinned by their own package-lock.json"
	cd benches/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# No `npm ci`: for rollup, deno and workerd npm leaves other platforms' binaries out of the lock, and then refuses it.
$(BUNDLERS): tests/packaging/tools/package.json
	@echo "== the bundlers and runtimes to try the package in, by exact versions (once, about half a minute)"
	cd tests/packaging/tools && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(SITE): $(PACKAGE) $(SITE_MODULES) $(shell find www -name dist -prune -o -name node_modules -prune -o -name test -prune -o -type f -print)
	@echo "== the playground -> www/dist"
	cd www && node_modules/.bin/vite build --logLevel warn

$(SITE_MODULES): www/package.json www/package-lock.json
	@echo "== the npm packages of the playground, pinned by www/package-lock.json"
	cd www && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BINDGEN): tools/Cargo.toml tools/Cargo.lock $(wildcard tools/src/*.rs)
	@echo "== wasm-bindgen and its test runner, pinned by tools/Cargo.lock (once, about a minute)"
	cargo build --locked --manifest-path tools/Cargo.toml --target-dir tools/target
	@touch $@

$(PACK):
	@echo "== wasm-pack (once, about a minute and a half)"
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=tools/target cargo install wasm-pack --version 0.15.1 --locked --debug --root tools/target/wasm-pack

$(FUZZ):
	@echo "== cargo-fuzz (once, about half a minute)"
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=tools/target cargo install cargo-fuzz --version 0.13.2 --locked --debug --root tools/target/cargo-fuzz

$(DENY):
	@echo "== cargo-deny (once, some minutes)"
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=tools/target cargo install cargo-deny --version 0.20.2 --locked --debug --root tools/target/deny

$(VICEROY):
	@echo "== viceroy, Fastly's local server (once, about six minutes)"
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=tools/target cargo install viceroy --version 0.22.0 --locked --debug --root tools/target/viceroy

wasip1:
	@test -d "$$(rustc --print target-libdir --target wasm32-wasip1)" || rustup target add wasm32-wasip1

wasm32:
	@test -d "$$(rustc --print target-libdir --target $(WASM32))" || rustup target add $(WASM32)

components:
	@cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 || rustup component add rustfmt clippy

browsers:
	@sh www/test/browsers.sh

chromium:
	@sh js/scripts/chromium.sh

valgrind:
	@sh benches/valgrind.sh
