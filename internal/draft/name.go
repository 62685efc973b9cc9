package draft

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// namesOf lists the names by which the class of a secret can be told, the most
// telling first.
func (s *stub) namesOf() []string {
	var all []string
	for _, slot := range s.slots() {
		kind, rest, _ := strings.Cut(slot, ":")
		switch kind {
		case "github-secret":
			all = append(all, rest[strings.LastIndexByte(rest, '/')+1:])
		case "k8s-secret", "k8s-csi", "object":
			whole, key, _ := strings.Cut(rest, "#")
			all = append(all, path.Base(whole)+"_"+key)
		case "compose-secret":
			all = append(all, rest[strings.LastIndexByte(rest, '#')+1:])
		case "tf", "tf-var":
			all = append(all, rest[strings.LastIndexByte(rest, '.')+1:])
		default:
			all = append(all, rest)
		}
	}
	for _, u := range s.group.uses {
		if u.Variable != "" && u.Platform != "github" { // what an input is called, an action decides
			all = append(all, u.Variable)
		}
	}
	return all
}

// slots lists the slots of a secret, the kinds first by which people know it.
func (s *stub) slots() []string {
	var all []string
	add := func(slot string) {
		if slot != "" && !slices.Contains(all, slot) {
			all = append(all, slot)
		}
	}
	for _, u := range s.group.uses {
		add(u.Slot)
	}
	for _, supply := range s.group.supplies {
		add(supply.Slot)
		if supply.From != "" {
			add(source(supply.From))
		}
	}
	for _, o := range s.group.objects {
		add(o.Fills)
		add(s.grouper.entryOf(o))
		add(o.Slot)
	}
	for _, r := range s.group.readers {
		add("env:" + r.Name)
	}
	known := []string{"k8s-secret", "github-secret", "compose-secret", "object", "docker-secret", "tf", "env", "tf-var", "k8s-csi"}
	rank := func(slot string) int {
		kind, _, _ := strings.Cut(slot, ":")
		return slices.Index(known, kind)
	}
	slices.SortStableFunc(all, func(a, b string) int { return rank(a) - rank(b) })
	return all
}

// called is what the contract is called: as the secret is where people know it
// from, without the environment.
func (s *stub) called() string {
	kind, rest, _ := strings.Cut(s.slots()[0], ":")
	whole, key, _ := strings.Cut(rest, "#")
	switch kind {
	case "k8s-secret", "k8s-csi":
		_, name, _ := strings.Cut(whole, "/")
		return label(s.part(name))
	case "object":
		return label(s.part(whole))
	case "github-secret":
		return s.pipelineName(rest[strings.LastIndexByte(rest, '/')+1:])
	case "compose-secret":
		return label(without(key))
	case "tf", "tf-var":
		return label(addressName(rest))
	}
	return label(without(rest))
}

// pipelineName leaves out the environment where the secret has a name for each,
// and that a name is but the id of a credential.
func (s *stub) pipelineName(name string) string {
	names := map[string]bool{}
	for _, u := range s.group.uses {
		if u.Platform == "github" && s.grouper.told(u.Name) != "" {
			names[s.grouper.told(u.Name)] = true
		}
	}
	parts := words(name)
	if len(names) > 1 {
		parts = without(name)
	}
	if s.class == identifier {
		return label(parts)
	}
	return strings.TrimSuffix(label(parts), "-id")
}

// structural are folders that say nothing of what is in them.
var structural = []string{".", "infra", "infrastructure", "terraform", "tf", "modules", "envs", "environments", "stacks"}

// addressName names an address, with its folder if one word says too little.
func addressName(address string) []string {
	name := without(address[strings.LastIndexByte(address, '.')+1:])
	folder := path.Base(strings.Split(address, "//")[0])
	if len(name) > 1 || environmentOf(folder) != "" || slices.Contains(structural, folder) {
		return name
	}
	return append(words(folder), name...)
}

// part names a bag, and the key in it where the bag has several secrets.
func (s *stub) part(whole string) []string {
	name := without(whole)
	slot := s.slots()[0]
	if len(s.grouper.parts[s.grouper.clusterOf(slot)]) == 0 {
		return name
	}
	if generic := []string{"secret", "secrets", "credentials"}; len(name) > 1 && slices.Contains(generic, name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	keys, key := s.own(slot), ""
	if len(keys) > 0 {
		key = keys[0]
	}
	if len(keys) > 1 {
		key = stem(key)
	}
	for _, word := range words(key) {
		if !slices.Contains(name, word) {
			name = append(name, word)
		}
	}
	return name
}

func numbered(name string, n int) string {
	end := fmt.Sprint("-", n)
	return name[:min(len(name), 63-len(end))] + end
}
