#!/usr/bin/env bash
# Runs the benchmarks; arguments go to the bench program. What needs real API servers says so where there are none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/dotnet.sh
source scripts/dotnet.sh
require_dotnet
if assets=$(scripts/envtest.sh); then export KUBEBUILDER_ASSETS=$assets; fi
exec dotnet run --project bench/Bench.csproj -c Release -- "$@"
