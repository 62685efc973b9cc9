package policyctl.lib.privilege_test

import data.policyctl.lib.privilege

test_needed if {
	every image in ["docker:27-dind", "docker", "registry.example.com/ci/dind:1", "moby/buildkit:v0.17", "tonistiigi/binfmt", "registry.k8s.io/kube-proxy:v1.30.0", "acme/ebs-csi-driver@sha256:0"] {
		privilege.needed(image, [])
	}
	every words in [["sh", "-c", "set -e; sysctl -w vm.max_map_count=262144"], ["/sbin/modprobe", "ip_tables"], ["sh", "-c", "echo never > /sys/kernel/mm/transparent_hugepage/enabled"]] {
		privilege.needed("busybox", words)
	}
}

test_not_needed if {
	every image in ["nginx:1.27", "registry.example.com/shop/web", "acme/docker-docs-not", "postgres", "acme/kindness:1", null, 5] {
		not privilege.needed(image, ["sh", "-c", "exec mountebank --port 1", 5])
	}
}
