# make         the binary, artifacts/fastdist         make test    everything that must hold
# make run     try it: proxy, backend, two queries    make bench   the load comparison
# make fuzz    random input for a minute              make format  lay the code out
# make simulate  SEEDS lives of each kind against clients and backends that misbehave

FUZZ_SECONDS ?= 60
SEEDS ?= 300
# The runtime's own OpenSSL shim, compiled in the course of this, is not free of warnings.
PUBLISH = CFLAGS="$$CFLAGS -Wno-unused-value" dotnet publish -c Release -o artifacts
REPORTS = artifacts/reports

.PHONY: all fastdist responder binaries formatted fuzz-built browser build pure real test run bench fuzz simulate format clean

all: fastdist

fastdist:
	tools/install-deps build
	$(PUBLISH) src/Fastdist
	artifacts/fastdist --version

# The embedded backend of the demonstration, the tests and the load comparison.
responder:
	$(PUBLISH) tools/Fastdist.Responder

# Warnings are errors by Directory.Build.props.
build:
	tools/build-all

# Two things at a time where neither loads all processors, and what fails soonest first: a publish takes a minute and ends with a
# linker; fuzzing is one thread, beside tests that wait for processes most of their time.
test:
	tools/install-deps build test
	rm -rf $(REPORTS)
	$(MAKE) -j2 build browser
	$(MAKE) -j2 pure binaries formatted
	$(MAKE) -j2 real fuzz-built
	tests/verdict $(REPORTS)

# The tests that need no binary.
pure:
	tests/run --pure --into $(REPORTS)

# Those that start the published one, with real peers.
real:
	tests/run -p Fastdist.Integration.Tests --into $(REPORTS)

run:
	tools/install-deps build run
	$(MAKE) fastdist responder
	tools/run-demo

bench:
	tools/install-deps build bench
	$(MAKE) fastdist responder
	perf/bench

fuzz:
	dotnet run -c Release --project tests/Fastdist.Fuzz -- --seconds $(FUZZ_SECONDS)

# What fails prints a line that plays it again.
simulate:
	dotnet run -c Release --project tests/Fastdist.Simulation -- --seeds $(SEEDS) --first $(or $(FIRST),1)

# Two publishes at once would write into the same folders.
binaries:
	$(MAKE) fastdist
	$(MAKE) responder

# The other parts of dotnet format, style and analyzers, are the build's already, where warnings are errors; the order of using lines
# has a test.
formatted:
	dotnet format whitespace . --folder --verify-no-changes

fuzz-built:
	tests/Fastdist.Fuzz/bin/Release/net10.0/Fastdist.Fuzz --seconds $(FUZZ_SECONDS)

# What drives the browser over the web page.
browser:
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund

format:
	dotnet format fastdist.sln

clean:
	rm -rf artifacts
	find src tools tests perf -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
