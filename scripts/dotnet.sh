#!/usr/bin/env bash
# Sourced by the other scripts: checks the .NET SDK and keeps it quiet.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

require_dotnet() {
    local required major
    required=$(sed -nE 's/.*"version": *"([0-9]+\.[0-9]+)\..*/\1/p' global.json)
    if ! command -v dotnet >/dev/null; then
        echo "error: dotnet is not on the PATH; install the .NET SDK $required: https://dotnet.microsoft.com/download/dotnet/$required" >&2
        exit 1
    fi
    major=${required%%.*}
    if ! dotnet --list-sdks | grep -q "^$major\."; then
        echo "error: the .NET SDK $required is needed; here are: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ' -)" >&2
        echo "error: install it from https://dotnet.microsoft.com/download/dotnet/$required" >&2
        exit 1
    fi
}
