#!/usr/bin/env bash
# The whole operator on this machine, with simulated clusters; arguments go to `kube-policy-semaphore demo`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/dotnet.sh
source scripts/dotnet.sh
require_dotnet
exec dotnet run --project src/Silo -c Release -- demo "$@"
