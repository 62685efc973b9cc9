# Package privilege tells from an image and a command that a container is there to do what
# needs the rights of the host: to start other containers, to set up the kernel, the network or
# the disks. That is no excuse; but to take the rights away is no change to make by itself.
package policyctl.lib.privilege

# needed says whether an image, or the words of a command, are of that kind.
needed(image, _) if {
	is_string(image)
	regex.match(`(?i)(?:^|/)docker(?:[:@]|$)|(?:^|[/:_.-])(?:dind|podman|buildah|buildkit[a-z]*|kind|k3s|k3d|binfmt|qemu[a-z-]*|csi[a-z-]*|[a-z-]*-?driver|[a-z-]*plugin|kube-proxy|cilium|calico|flannel|weave-[a-z]+|falco|tetragon|tracee|systemd|iptables|cadvisor|node-exporter|datadog-agent|rook|ceph|longhorn[a-z-]*|nvidia[a-z-]*|[a-z-]*gpu[a-z-]*)(?:[/:@_.-]|$)`, image)
}

needed(_, words) if {
	some word in words
	is_string(word)
	regex.match(`(?:^|[\s;&|/("'])(?:sysctl|mount|umount|modprobe|insmod|nsenter|chroot|unshare|iptables|ip6?tables|ipset|nft|losetup|mknod|mkfs[.a-z0-9]*|dockerd[a-z.-]*|buildkitd|podman|ethtool|blockdev|swapoff|setenforce)(?:[\s;&|)"']|$)|/proc/sys/|/sys/`, word)
}
