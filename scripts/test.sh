#!/usr/bin/env bash
# Builds once and runs every test project; the last line sums all of them up: "N passed, N failed[, N skipped]".
#
#   scripts/test.sh [PROJECT...]     all of tests/*.Tests, or only these (Grains.Tests)
#
# Tests on real API servers are skipped, loudly, where scripts/envtest.sh cannot provide them; with CI=true they fail.
# CONFIGURATION chooses the build, Debug by default.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/dotnet.sh
source scripts/dotnet.sh
require_dotnet

configuration=${CONFIGURATION:-Debug}
passed=0 failed=0 skipped=0

summary() {
    local line="$passed passed, $failed failed"
    ((skipped == 0)) || line+=", $skipped skipped"
    echo "$line"
}

if assets=$(scripts/envtest.sh); then
    export KUBEBUILDER_ASSETS=$assets
else
    echo "================================================================================" >&2
    echo "NOTICE: no real API servers here, see above." >&2
    if [[ ${CI:-} == true ]]; then
        echo "NOTICE: CI=true, so the tests that need them FAIL." >&2
    else
        echo "NOTICE: the tests that need them are SKIPPED." >&2
    fi
    echo "================================================================================" >&2
fi

if faketime=$(scripts/faketime.sh); then export KPS_TEST_FAKETIME=$faketime; fi

if (($# > 0)); then projects=("${@/#/tests/}"); else projects=(tests/*.Tests); fi

if ! dotnet build kube-policy-semaphore.slnx -c "$configuration" -v quiet --nologo; then
    echo "error: the build failed, no test ran" >&2
    failed=1
    summary
    exit 1
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
broken=() failures=()

# Reads one number of a trx file's counters.
counter() { sed -nE "s/.*<Counters [^>]*\\b$2=\"([0-9]+)\".*/\\1/p" "$1" | head -n 1; }

# The failed tests of a trx file, each with the beginning and the end of its message.
failures() {
    awk -v RS='</UnitTestResult>' '/<ErrorInfo>/ && /outcome="Failed"/ {
        name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name)
        message = $0; sub(/.*<Message>/, "", message); sub(/<\/Message>.*/, "", message)
        if (length(message) > 2000) message = substr(message, 1, 600) "\n    ...\n" substr(message, length(message) - 1400)
        print "FAILED " name; print "    " message
    }' "$1"
}

for project in "${projects[@]}"; do
    name=$(basename "$project")
    started=$SECONDS
    # One after the other: several would fight over the processors, and tests with deadlines would lose.
    dotnet test "$project" -c "$configuration" --no-build --nologo -v quiet \
        --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=quiet" \
        --blame-hang-timeout 10m --blame-hang-dump-type none
    code=$?
    trx=$results/$name.trx
    if [[ -f $trx ]]; then
        total=$(counter "$trx" total) good=$(counter "$trx" passed) executed=$(counter "$trx" executed)
        ((passed += good, skipped += total - executed, failed += executed - good))
        printf '%-28s %5d passed %3d failed %3d skipped %5ds\n' \
            "$name" "$good" "$((executed - good))" "$((total - executed))" "$((SECONDS - started))"
        ((executed == good)) || failures+=("$(failures "$trx")")
        # A run that was aborted has counters too, but not of everything.
        ((code == 0 || executed > good)) || { broken+=("$name"); ((failed += 1)); }
    elif ((code != 0)); then
        broken+=("$name")
        ((failed += 1))
    else
        printf '%-28s has no tests\n' "$name"
    fi
done

# Once more at the end: whoever keeps only the last lines of the log still learns what failed.
((${#failures[@]} == 0)) || printf '%s\n' "${failures[@]}"
((${#broken[@]} == 0)) || echo "error: did not run to the end, counted as one failure each: ${broken[*]}" >&2
((passed + failed > 0)) || echo "error: no test ran" >&2
echo "total time ${SECONDS}s"
summary
((failed == 0 && passed > 0))
