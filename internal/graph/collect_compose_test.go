package graph

import "testing"

func TestFactsOfCompose(t *testing.T) {
	testCollect(t, []gathered{
		{"secrets of files, of variables and of elsewhere", one("compose.yaml", `services:
  web:
    build:
      context: .
      secrets: [npm]
      args: {NPM: '${NPM_TOKEN:?missing}', PUBLIC: '${OTHER}'}
    secrets: [db, {source: far}]
    environment:
      NPM_TOKEN:
      TOKEN: $NPM_TOKEN
      MORE: x$NPM_TOKEN
secrets:
  db: {file: ./db}
  npm: {environment: NPM_TOKEN}
  far: {external: true}
`), `
supply 14:22 compose-secret:compose.yaml#npm from=env:NPM_TOKEN environment
use 5:17 compose-secret:compose.yaml#npm by=compose:compose.yaml#web build-secret
use 6:19 compose-secret:compose.yaml#npm by=compose:compose.yaml#web build-arg var=NPM
use 7:15 compose-secret:compose.yaml#db by=compose:compose.yaml#web file holds
use 7:19 compose-secret:compose.yaml#far by=compose:compose.yaml#web file
use 9:7 compose-secret:compose.yaml#npm by=compose:compose.yaml#web env var=NPM_TOKEN
use 10:14 compose-secret:compose.yaml#npm by=compose:compose.yaml#web env var=TOKEN
`},
		{"look-alikes", one("compose.yaml", `services:
  web:
    image: a
    env_file: .env
    environment: {PASSWORD: '${PASSWORD}', NPM_TOKEN: ""}
    configs: [db]
secrets:
  npm: {environment: NPM_TOKEN}
`), `
supply 8:22 compose-secret:compose.yaml#npm from=env:NPM_TOKEN environment
`},
	})
}

func TestServicesAndImagesAreWorkloads(t *testing.T) {
	facts := composeFacts(parsed(t, "compose.yaml", "services: {web: {image: a}, x: }\n"))
	if len(facts.Workloads) != 1 || facts.Workloads[0].ID != "compose:compose.yaml#web" {
		t.Errorf("got %v", facts.Workloads)
	}
	facts = dockerfileFacts(parsed(t, "web/Dockerfile", "FROM scratch\n"))
	if len(facts.Workloads) != 1 || facts.Workloads[0].ID != "docker:web/Dockerfile" || facts.Workloads[0].At.Location().Start.Line != 1 {
		t.Errorf("got %v", facts.Workloads)
	}
}

func TestFactsOfDockerfiles(t *testing.T) {
	testCollect(t, []gathered{
		{"secrets that a build mounts", one("Dockerfile", `FROM scratch
RUN --mount=type=secret,id=npm npm ci
RUN --mount=type=secret,target=/run/pip pip install
RUN --mount=type=secret,id=aws,env=AWS_SECRET_ACCESS_KEY make
`), `
use 2:13 docker-secret:npm by=docker:Dockerfile file
use 3:13 docker-secret:pip by=docker:Dockerfile file
use 4:13 docker-secret:aws by=docker:Dockerfile env var=AWS_SECRET_ACCESS_KEY key=aws
`},
		{"look-alikes", one("Dockerfile", `FROM scratch
ARG NPM_TOKEN
ENV PASSWORD=x
RUN --mount=type=cache,id=npm npm ci
RUN --mount=type=secret npm ci
RUN --network=type=secret,id=npm npm ci
`), ""},
	})
}
