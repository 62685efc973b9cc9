package model

import (
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// SetImage takes an image reference apart: registry/name:tag@digest.
func (c *Component) SetImage(ref string) {
	if strings.Contains(ref, "${{") || len(ref) > MaxReference {
		c.Pin = "unknown"
		return
	}
	name, digest, pinned := strings.Cut(ref, "@")
	path, tag := name, ""
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		path, tag = name[:colon], name[colon+1:]
	}
	c.Name, c.Version = strings.ToLower(path), tag
	if first, rest, ok := strings.Cut(c.Name, "/"); ok && strings.ContainsAny(first, ".:") {
		c.Owner, c.Name = first, rest
	}
	switch {
	case pinned && strings.Contains(digest, ":"):
		c.Pin = "digest"
	case tag == "":
		c.Pin = "none"
	case slices.Contains(moving, tag):
		c.Pin = "branch"
	default:
		c.Pin = "version"
	}
}

// moving are the tags of images that mean something else tomorrow.
var moving = []string{"latest", "main", "master", "develop", "dev", "edge", "nightly", "canary", "next", "unstable"}

// IsDigest holds for the hash of a commit.
func IsDigest(version string) bool {
	return (len(version) == 40 || len(version) == 64) && strings.Trim(version, "0123456789abcdef") == ""
}

// IsVersion holds for 4, v4 and v4.1.2-beta.
func IsVersion(version string) bool {
	number := strings.TrimPrefix(version, "v")
	return number != "" && number[0] >= '0' && number[0] <= '9'
}

// Release reads the version. Both are -1 where they are not known: "v4" may be any
// minor.
func (c Component) Release() (major, minor int) {
	major, minor = -1, -1
	if !IsVersion(c.Version) {
		return
	}
	parts := strings.Split(strings.TrimPrefix(c.Version, "v"), ".")
	if n, err := strconv.Atoi(parts[0]); err == nil {
		major = n
	}
	if len(parts) > 1 {
		if n, err := strconv.Atoi(parts[1]); err == nil {
			minor = n
		}
	}
	return
}

// InputsOf gives the inputs of a component by lower-case names, scalars as text:
// "false" and false mean the same to an action. Of two that differ only in case
// the first counts.
func InputsOf(with *lint.Node) *lint.Node {
	if with == nil {
		return lint.NewObject(lint.Span{})
	}
	all, seen := lint.NewObject(with.Span), map[string]bool{}
	for _, field := range with.Object() {
		name, value := strings.ToLower(field.Key), field.Value
		if IsScalar(value) || value.Kind == lint.Null {
			value = &lint.Node{Kind: lint.String, Text: value.Text, Span: value.Span, Via: value.Via}
		}
		if !seen[name] && len(name) <= MaxReference {
			all.Fields = append(all.Fields, lint.Field{Key: name, Span: field.Span, Value: value})
		}
		seen[name] = true
	}
	return all
}

// Same says whether both are one secret of the same store.
func (s Secret) Same(other Secret) bool {
	return s.Name.Value == other.Name.Value && s.All == other.All
}

var privileges = regex.Lazy(`(?:^|\s)--privileged(?:=true)?(?:\s|$)|(?:^|\s)(?:-v|--volume)[ =]?/(?:var/)?run/docker\.sock\b`)

// Privileges says whether options of docker run let the container control the machine:
// by right, or through the socket of Docker.
func Privileges(options string) bool { return privileges().MatchString(options) }
