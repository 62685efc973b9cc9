package graph

import "testing"

func TestFactsOfKubernetes(t *testing.T) {
	testCollect(t, []gathered{
		{"what pods get, as whom, and what restarts them", one("d.yaml", `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, annotations: {reloader.stakater.com/auto: "true"}}
spec:
  template:
    spec:
      serviceAccountName: web
      containers:
        - env: [{name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: aws, key: k}}}]
          envFrom: [{secretRef: {name: all}}]
      imagePullSecrets: [{name: pull}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: files, namespace: shop}
spec: {template: {spec: {volumes: [{name: v, secret: {secretName: tls}}], containers: [{volumeMounts: [{name: v, mountPath: /x}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: part, namespace: shop}
spec: {template: {spec: {volumes: [{name: v, secret: {secretName: tls}}], containers: [{volumeMounts: [{name: v, subPath: a}]}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: sums, namespace: shop}
spec: {template: {metadata: {annotations: {checksum/secret: abc}}, spec: {containers: []}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {containers: []}}}}}
`), `
use 9:80 k8s-secret:shop/aws#k by=kubernetes:shop/Deployment/web env var=AWS_SECRET_ACCESS_KEY env=shop key=aws
use 10:40 k8s-secret:shop/all by=kubernetes:shop/Deployment/web env env=shop
use 11:33 k8s-secret:shop/pull by=kubernetes:shop/Deployment/web file env=shop
workload 3:18 kubernetes:shop/Deployment/web Deployment as=kubernetes-sa:shop/web restarts
use 16:67 k8s-secret:shop/tls by=kubernetes:shop/Deployment/files file env=shop
workload 15:18 kubernetes:shop/Deployment/files Deployment as=kubernetes-sa:shop/default restarts
use 21:67 k8s-secret:shop/tls by=kubernetes:shop/Deployment/part file env=shop
workload 20:18 kubernetes:shop/Deployment/part Deployment as=kubernetes-sa:shop/default
workload 25:18 kubernetes:shop/StatefulSet/sums StatefulSet as=kubernetes-sa:shop/default restarts
workload 30:18 kubernetes:default/CronJob/nightly CronJob every=1d as=kubernetes-sa:default/default restarts
`},
		{"volumes of single keys", one("d.yaml", `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  volumes:
    - {name: a, secret: {secretName: tls, items: [{key: crt, path: x}, {key: key, path: y}]}}
    - {name: b, projected: {sources: [{secret: {name: db, items: [{key: url, path: z}]}}]}}
`), `
use 6:38 k8s-secret:shop/tls#crt by=kubernetes:shop/Pod/web file env=shop
use 6:38 k8s-secret:shop/tls#key by=kubernetes:shop/Pod/web file env=shop
use 7:55 k8s-secret:shop/db#url by=kubernetes:shop/Pod/web file env=shop
workload 3:18 kubernetes:shop/Pod/web Pod as=kubernetes-sa:shop/default restarts
`},
		{"operators that fill Secrets", one("es.yaml", `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: x, namespace: shop}
spec:
  refreshInterval: 1h30m
  secretStoreRef: {name: vault}
  target: {name: synced}
  data:
    - {secretKey: t, remoteRef: {key: kv/data/shop/token, property: value}}
    - {secretKey: u, remoteRef: {key: other}, sourceRef: {storeRef: {name: aws}}}
  dataFrom:
    - {extract: {key: shop/all}}
    - {find: {name: {regexp: ".*"}}}
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: {name: templated, namespace: shop}
spec:
  target: {template: {data: {config: "{{ .t }}"}}}
  data: [{secretKey: t, remoteRef: {key: kv/a}}]
---
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: {name: everywhere}
spec:
  namespaces: [a, b]
  externalSecretSpec: {dataFrom: [{extract: {key: kv/b}}]}
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: vault}
spec: {provider: {vault: {path: kv}}}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed, namespace: shop}
spec: {encryptedData: {a: AgBy}}
`), `
supply 9:39 k8s-secret:shop/synced#t from=kv/shop/token#value external-secret store=vault refresh=5400s
supply 10:39 k8s-secret:shop/synced#u from=other external-secret store=aws refresh=5400s
supply 12:23 k8s-secret:shop/synced from=kv/shop/all external-secret store=vault refresh=5400s
supply 20:42 k8s-secret:shop/templated from=kv/a external-secret
supply 27:51 k8s-secret:a/everywhere from=kv/b external-secret
supply 27:51 k8s-secret:b/everywhere from=kv/b external-secret
supply 37:24 k8s-secret:shop/sealed#a sealed
`},
		{"the CSI driver", one("csi.yaml", `apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: aws, namespace: shop}
spec:
  provider: aws
  secretObjects:
    - {secretName: made, data: [{objectName: db, key: password}]}
  parameters:
    objects: |
      - objectName: "arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-AbCdEf"
        objectAlias: db
        jmesPath: [{path: user, objectAlias: db-user}]
---
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: vault, namespace: shop}
spec:
  provider: vault
  parameters:
    roleName: shop
    objects: |
      - {objectName: token, secretPath: kv/data/shop/token, secretKey: value}
---
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: azure, namespace: shop}
spec:
  provider: azure
  parameters:
    objects: |
      array:
        - |
          objectName: db
          objectType: secret
---
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: gcp, namespace: shop}
spec:
  provider: gcp
  parameters:
    secrets: |
      - resourceName: "projects/p/secrets/db/versions/latest"
        path: db.txt
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  volumes:
    - {name: a, csi: {driver: secrets-store.csi.k8s.io, volumeAttributes: {secretProviderClass: aws}}}
    - {name: b, csi: {driver: ebs.csi.aws.com, volumeAttributes: {secretProviderClass: aws}}}
`), `
supply 9:14 k8s-csi:shop/aws#db from=prod/db csi store=aws
supply 9:14 k8s-csi:shop/aws#db-user from=prod/db#user csi store=aws
supply 7:46 k8s-secret:shop/made#password from=prod/db csi store=aws
supply 21:14 k8s-csi:shop/vault#token from=kv/shop/token#value csi store=vault
supply 30:14 k8s-csi:shop/azure#db from=db csi store=azure
supply 42:14 k8s-csi:shop/gcp#db.txt from=db csi store=gcp
use 51:97 k8s-csi:shop/aws by=kubernetes:shop/Pod/web csi env=shop
workload 48:18 kubernetes:shop/Pod/web Pod as=kubernetes-sa:shop/default restarts
`},
		{"the agent of Vault", one("pod.yaml", `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations:
    vault.hashicorp.com/agent-inject: "true"
    vault.hashicorp.com/role: shop
    vault.hashicorp.com/auth-path: auth/k8s
    vault.hashicorp.com/agent-inject-secret-token: kv/data/shop/token
spec: {containers: []}
`), `
use 10:52 object:kv/shop/token by=kubernetes:shop/Pod/web sidecar var=token env=shop
workload 4:9 kubernetes:shop/Pod/web Pod as=kubernetes-sa:shop/default also=vault-role:k8s/shop restarts
`},
		{"who may read Secrets, in whatever file the role stands", map[string]string{"role.yaml": `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: shop}
rules:
  - {apiGroups: [""], resources: [secrets], verbs: [get, update], resourceNames: [a, b]}
  - {apiGroups: [""], resources: [pods], verbs: ["*"]}
  - {apiGroups: [apps], resources: ["*"], verbs: [get]}
  - {apiGroups: [""], resources: [secrets], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: c}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
`, "binding.yaml": `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: web}, {kind: Group, name: g}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: c}
subjects: [{kind: User, name: alice}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: e, namespace: shop}
roleRef: {kind: ClusterRole, name: edit}
subjects: [{kind: ServiceAccount, name: ci, namespace: tools}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: other, namespace: other}
roleRef: {kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: web}]
`}, `
grant 5:5 kubernetes-sa:shop/web a kubernetes action=get
grant 5:5 kubernetes-sa:shop/web b kubernetes action=get
grant 13:9 human:alice * kubernetes action=* wildcard
grant 16:10 kubernetes-sa:tools/ci * kubernetes action=edit wildcard
`},
		{"plain Secrets hold values, accounts act as roles of clouds", map[string]string{
			"secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\nstringData: {k: v}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: b, namespace: shop}\n",
			"sa.yaml":     "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop, annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::1:role/shop/web'}}\nimagePullSecrets: [{name: b}]\n",
			"pod.yaml":    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  serviceAccountName: web\n  volumes: [{projected: {sources: [{secret: {name: a}}]}}, {secret: {secretName: b}}]\n",
		}, `
use 4:27 k8s-secret:shop/b by=kubernetes:shop/ServiceAccount/web file env=shop
use 6:52 k8s-secret:shop/a by=kubernetes:shop/Pod/web file env=shop holds
use 6:82 k8s-secret:shop/b by=kubernetes:shop/Pod/web file env=shop
workload 3:18 kubernetes:shop/Pod/web Pod as=kubernetes-sa:shop/web also=aws-iam:arn:aws:iam::1:role/shop/web,aws-iam:role/web restarts
workload 3:18 kubernetes:shop/ServiceAccount/web ServiceAccount also=aws-iam:arn:aws:iam::1:role/shop/web,aws-iam:role/web
`},
		{"certificates", one("c.yaml", `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: tls, namespace: shop}
spec: {secretName: tls, duration: 2160h, renewBefore: 360h}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: usual, namespace: shop}
spec: {secretName: usual}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {tls: [{hosts: [a], secretName: tls}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec: {listeners: [{tls: {certificateRefs: [{name: usual}, {name: x, namespace: other}]}}]}
`), `
rotation 4:55 kubernetes:shop/Certificate/tls of=k8s-secret:shop/tls every=75d
rotation 9:20 kubernetes:shop/Certificate/usual of=k8s-secret:shop/usual every=60d
use 14:39 k8s-secret:shop/tls by=kubernetes:shop/Ingress/web file env=shop
use 19:52 k8s-secret:shop/usual by=kubernetes:shop/Gateway/web file env=shop
`},
		{"look-alikes", one("x.yaml", `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations: {vault.hashicorp.com/agent-inject-secret-a: kv/a, secret.reloader.stakater.com/match: "true", reloader.stakater.com/auto: "false"}
spec:
  containers:
    - env: [{name: A, value: secret}, {name: B, valueFrom: {configMapKeyRef: {name: c, key: k}}}]
      envFrom: [{configMapRef: {name: c}}]
  volumes: [{configMap: {name: c}}]
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: s}
spec: {tls: [{secretName: x}]}
`), `
workload 4:9 kubernetes:default/Pod/web Pod as=kubernetes-sa:default/default
`},
	})
}
