# syntax=docker/dockerfile:1
#   docker buildx build --platform linux/amd64,linux/arm64 --sbom=true --provenance=true -t REGISTRY/kube-policy-semaphore:TAG --push .
#
# For a release pin both images by digest; this prints what a tag stands for now:
#   docker buildx imagetools inspect mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
#   --build-arg RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled@sha256:…
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
# No shell, no package manager; the -extra variant would add ICU, which the invariant globalization of the build makes useless.
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG TARGETARCH
# The commit that `version` prints; the build sees no .git.
ARG COMMIT=unknown
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig BannedSymbols.txt ./
COPY src/ src/
RUN dotnet publish src/Silo --configuration Release --arch $TARGETARCH --output /app -p:SourceRevisionId=$COMMIT

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build /app ./
# The image's user app, as a number: runAsNonRoot can judge no name.
USER 1654:1654
EXPOSE 8080 11111
ENTRYPOINT ["/app/kube-policy-semaphore"]
