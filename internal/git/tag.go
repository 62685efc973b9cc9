package git

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Ref is a name for an object.
type Ref struct{ Name, Object string }

// NoCommits lists the references to anything else than a commit.
func (r *Repo) NoCommits(ctx context.Context) ([]Ref, error) {
	out, err := r.run(ctx, "for-each-ref", "--format=%(objecttype) %(objectname) %(refname)")
	if err != nil {
		return nil, err
	}
	var refs []Ref
	for line := range strings.Lines(out) {
		kind, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		object, name, _ := strings.Cut(rest, " ")
		if kind != "commit" {
			refs = append(refs, Ref{name, object})
		}
	}
	return refs, nil
}

// Head gives what people or programs wrote into the head of a commit or a tag: names
// without their times, and lines that git does not know. Signatures, and tags within
// merges, whose own objects tell the same, are left out.
func Head(data []byte) []string {
	head, _, _ := strings.Cut(string(data), "\n\n")
	var lines []string
	skipped := false
	for line := range strings.Lines(head) {
		line = strings.TrimSuffix(line, "\n")
		word, value, _ := strings.Cut(line, " ")
		switch word {
		case "tree", "parent", "encoding", "object", "type", "tag", "gpgsig", "gpgsig-sha256", "mergetag":
			skipped = true
			continue
		case "": // goes on
		case "author", "committer", "tagger":
			skipped = false
			if end := strings.LastIndexByte(value, '>'); end >= 0 {
				line = word + " " + value[:end+1]
			}
		default:
			skipped = false
		}
		if !skipped {
			lines = append(lines, line)
		}
	}
	return lines
}

// Tag is a tag with a message of its own.
type Tag struct {
	Object, Kind string // what it names
	Author       string
	Time         time.Time
	Message      string
}

// ParseTag reads the object of a tag: lines of a word and what it stands for, a blank
// line, and the message.
func ParseTag(data []byte) Tag {
	head, message, _ := strings.Cut(string(data), "\n\n")
	tag := Tag{Message: message}
	for line := range strings.Lines(head) {
		word, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch word {
		case "object":
			tag.Object = value
		case "type":
			tag.Kind = value
		case "tagger":
			name, rest, _ := strings.Cut(value, ">")
			tag.Author = name + ">"
			stamp, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			seconds, _ := strconv.ParseInt(stamp, 10, 64)
			tag.Time = time.Unix(seconds, 0).UTC()
		}
	}
	return tag
}

// Notes gives the commits that hold notes, each with its reference.
func (r *Repo) Notes(ctx context.Context) (map[string]string, error) {
	out, err := r.run(ctx, "for-each-ref", "--format=%(refname)", "refs/notes")
	if err != nil {
		return nil, err
	}
	notes := map[string]string{}
	for _, ref := range strings.Fields(out) {
		commits, err := r.run(ctx, "rev-list", ref, "--")
		if err != nil {
			return nil, err
		}
		for _, commit := range strings.Fields(commits) {
			notes[commit] = ref
		}
	}
	return notes, nil
}
