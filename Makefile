# Everything needs the .NET SDK of global.json only; each target does its own set-up. ARGS go to the program:
#   make demo ARGS="--duration 20s"
SHELL := /bin/bash
ARGS ?=
OUT ?= out

.PHONY: demo test bench format publish clean

demo: ## The operator with simulated clusters
	@scripts/demo.sh $(ARGS)

test: ## All tests; real API servers are built on first use
	@scripts/test.sh $(ARGS)

bench: ## The benchmarks
	@scripts/bench.sh $(ARGS)

format: ## Formats the code; ARGS=--verify-no-changes only checks
	@source scripts/dotnet.sh && require_dotnet && dotnet format kube-policy-semaphore.slnx $(ARGS)

publish: ## The program, into $(OUT)
	@source scripts/dotnet.sh && require_dotnet && dotnet publish src/Silo -c Release -o $(OUT) $(ARGS)

clean: ## Removes what was built; the cache of API servers stays
	@rm -rf $(OUT) src/*/bin src/*/obj tests/*/bin tests/*/obj bench/bin bench/obj TestResults
