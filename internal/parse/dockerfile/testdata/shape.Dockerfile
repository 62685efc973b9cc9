# syntax=docker/dockerfile:1
ARG VERSION=1.26 \
    REGISTRY

FROM --platform=$BUILDPLATFORM ${REGISTRY}/golang:$VERSION AS build
ARG NPM_TOKEN
ENV CGO_ENABLED=0 \
    # where the sources are
    GOFLAGS="-mod=vendor -trimpath" \
    HOME=/home/$USER
WORKDIR /src
COPY --chown=app:app go.mod go.sum ./
COPY <<EOF /etc/app.conf
listen = 8080
EOF
RUN --mount=type=secret,id=npm,target=/root/.npmrc \
    npm ci && curl -fsSL https://example.com/install.sh | sh -s -- "$NPM_TOKEN"
RUN ["/bin/sh", "-c", "echo hello"]
RUN <<EOF
export PASSPHRASE='correct-horse'
make > build.log
EOF
ONBUILD ENV STAGE=child

FROM scratch
LABEL "org.example.vendor"="Example Inc." version=1
ENV OLD form with blanks
ADD ["https://example.com/a b.tar", "/opt/"]
COPY --from=build /src/app /app
USER 1000:1000
EXPOSE 8080 9090/udp
HEALTHCHECK --interval=30s CMD wget -q localhost:8080 || exit 1
ENTRYPOINT ["/app", "--port", "8080"]
