package config

import (
	"errors"
	"fmt"
	"math"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/glob"
	"github.com/policyctl/policyctl/internal/lint"
)

// Type is what a setting takes.
type Type struct {
	Want   string         // completes "want ..."
	Schema map[string]any // JSON Schema

	item  *Type                        // of a list
	clean func(string) (string, error) // of a text: checks it, and gives its usual form
}

func listOf(item Type) Type {
	return Type{
		Want:   "a list, each entry " + item.Want,
		Schema: map[string]any{"type": "array", "items": item.Schema},
		item:   &item,
	}
}

func oneOf(what string, names []string) Type {
	return Type{
		Want:   fmt.Sprintf("a %s (%s)", what, strings.Join(names, ", ")),
		Schema: map[string]any{"enum": names},
		clean: func(name string) (string, error) {
			if !slices.Contains(names, name) {
				return "", errors.New(unknown(what, name, names))
			}
			return name, nil
		},
	}
}

func severity() Type { return oneOf("severity", lint.Severities()) }

func thresholds() Type {
	one := severity()
	each := map[string]any{"type": "object", "additionalProperties": one.Schema, "minProperties": 1}
	return Type{
		Want:   one.Want + ", or a mapping of kinds of rules to severities",
		Schema: map[string]any{"oneOf": []any{one.Schema, each}},
		clean:  one.clean,
	}
}

// perRule is a value for all rules, or one for each kind or rule.
func perRule(one Type) Type {
	each := map[string]any{"type": "object", "additionalProperties": one.Schema, "minProperties": 1}
	return Type{
		Want:   one.Want + ", or a mapping of rules and kinds of rules to such",
		Schema: map[string]any{"oneOf": []any{one.Schema, each}},
		item:   &one,
	}
}

func aDay() Type {
	return Type{
		Want:   "a day such as 2027-01-31",
		Schema: map[string]any{"type": "string", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`},
		clean: func(text string) (string, error) {
			if _, err := time.Parse(time.DateOnly, text); err != nil {
				return "", fmt.Errorf("%q is no day, want one such as 2027-01-31", text)
			}
			return text, nil
		},
	}
}

func aGlob() Type {
	return Type{
		Want:   "a glob",
		Schema: map[string]any{"type": "string", "minLength": 1},
		clean: func(text string) (string, error) {
			_, err := glob.Parse(text)
			return text, err
		},
	}
}

// rulePattern is the form of the ID of a rule: kind/name.
const rulePattern = `^[a-z0-9-]+/[a-z0-9-]+$`

func ruleID() Type {
	return Type{
		Want:   "the ID of a rule",
		Schema: map[string]any{"type": "string", "pattern": rulePattern},
		clean: func(id string) (string, error) {
			switch {
			case slices.ContainsFunc(lint.Own(), func(rule *lint.Rule) bool { return rule.Named(id) }):
				return "", fmt.Errorf("%s cannot be disabled: it tells that something was not checked, or not waived", id)
			case !regexp.MustCompile(rulePattern).MatchString(id):
				return "", fmt.Errorf("%q is no ID of a rule, want one such as %q", id, "kubernetes/privileged-container")
			}
			return id, nil
		},
	}
}

func aPath(what string) Type {
	return Type{
		Want:   "the path of a " + what,
		Schema: map[string]any{"type": "string", "minLength": 1},
		clean: func(text string) (string, error) {
			clean := path.Clean(text)
			switch {
			case text == "" || clean == "." && what == "file":
				return "", fmt.Errorf("want the path of a %s, relative to the root", what)
			case path.IsAbs(clean) || !filepath.IsLocal(filepath.FromSlash(clean)):
				return "", fmt.Errorf("%q leads out of the root, want a path within", text)
			}
			return clean, nil
		},
	}
}

// units are what a size may end in, to bytes.
var units = []struct {
	name  string
	bytes int64
}{{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"b", 1}, {"", 1}}

// maxSize keeps a mistyped size from filling the memory.
const maxSize = 1e9

func aSize() Type {
	return Type{
		Want: "a size such as 5MB, from 1 byte to 1GB",
		Schema: map[string]any{"oneOf": []any{
			map[string]any{"type": "string", "pattern": `^[0-9]+ ?([kKmMgG][iI]?)?[bB]?$`},
			map[string]any{"type": "integer", "minimum": 1, "maximum": maxSize},
		}},
	}
}

// parseSize reads "5MB", "5 MiB" or "5000000".
func parseSize(text string) (int64, bool) {
	text = strings.ToLower(text)
	for _, unit := range units {
		digits, ok := strings.CutSuffix(text, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSuffix(digits, " "), 10, 32)
		size := int64(n) * unit.bytes
		return size, err == nil && size >= 1 && size <= maxSize
	}
	return 0, false
}

func aShare() Type {
	return Type{
		Want:   "a number from 0 to 1, such as 0.8",
		Schema: map[string]any{"type": "number", "minimum": 0, "maximum": 1},
	}
}

// text reads a scalar; it is not ok if a problem was reported.
func (r *reader) text(n *lint.Node, t Type) (string, bool) {
	if n.Kind != lint.String {
		r.wrongType(n, t.Want)
		return "", false
	}
	text, err := t.clean(n.Text)
	if err != nil {
		r.fail(n.Span, "%s", err)
	}
	return text, err == nil
}

// each calls use for every sound entry of a list.
func (r *reader) each(n *lint.Node, t Type, use func(text string, at lint.Span)) {
	if n.Kind != lint.List {
		r.wrongType(n, t.Want)
		return
	}
	for _, item := range n.Items {
		if text, ok := r.text(item, *t.item); ok {
			use(text, item.Span)
		}
	}
}

func (r *reader) texts(n *lint.Node, t Type) []string {
	var texts []string
	r.each(n, t, func(text string, _ lint.Span) { texts = append(texts, text) })
	return texts
}

func (r *reader) tiers(n *lint.Node, t Type) {
	r.each(n, t, func(name string, _ lint.Span) {
		tier, err := lint.ParseTier(name)
		if err == nil && tier != lint.Default && !slices.Contains(r.config.Tiers, tier) {
			r.config.Tiers = append(r.config.Tiers, tier)
		}
	})
}

func (r *reader) disable(n *lint.Node, t Type) {
	r.each(n, t, func(id string, at lint.Span) {
		r.config.Disable = append(r.config.Disable, id)
		r.config.rules = append(r.config.rules, mention{id, at.Location()})
	})
}

func (r *reader) size(n *lint.Node, t Type) {
	size, ok := parseSize(n.Text)
	switch {
	case n.Kind != lint.String && n.Kind != lint.Number:
		r.wrongType(n, t.Want)
	case !ok:
		r.fail(n.Span, "%q is no size policyctl can use, want %s", n.Text, t.Want)
	}
	r.config.MaxFileSize = size
}

func (r *reader) confidence(n *lint.Node, t Type) {
	share, err := strconv.ParseFloat(n.Text, 64)
	switch {
	case n.Kind != lint.Number:
		r.wrongType(n, t.Want)
	case err != nil || share < 0 || share > 1:
		r.fail(n.Span, "%s is no confidence, want %s", n.Text, t.Want)
	}
	r.config.Confidence = max(share, math.SmallestNonzeroFloat64)
}

// enforce calls set with a value for all rules, or one for each kind or rule. What two
// settings say about the same ones would contradict itself.
func (r *reader) enforce(n *lint.Node, t Type, set func(name, value string)) {
	if n.Kind != lint.Object {
		if value, ok := r.text(n, *t.item); ok {
			r.enforced(n.Span, DefaultKind, func() { set(DefaultKind, value) })
		}
		return
	}
	if len(n.Fields) == 0 {
		r.fail(n.Span, "names no rule and no kind of rules, want %s", t.Want)
	}
	own := lint.SyntaxError.Kind()
	for _, field := range n.Fields {
		value, ok := r.text(field.Value, *t.item)
		switch {
		case field.Key == own || strings.HasPrefix(field.Key, own+"/"):
			r.fail(field.Span, "%s always blocks: it tells that something was not checked, or not waived", field.Key)
			continue
		case strings.Contains(field.Key, "/"):
			r.config.rules = append(r.config.rules, mention{field.Key, field.Span.Location()})
		case field.Key != DefaultKind:
			r.config.kinds = append(r.config.kinds, mention{field.Key, field.Span.Location()})
		}
		if ok {
			r.enforced(field.Span, field.Key, func() { set(field.Key, value) })
		}
	}
}

func (r *reader) enforced(at lint.Span, name string, set func()) {
	_, dated := r.config.EnforceFrom[name]
	if dated || slices.Contains(r.config.Warn, name) || slices.Contains(r.config.Block, name) {
		r.fail(at, "enforcement and enforce_from both name %s, want one of them", name)
		return
	}
	set()
}

func (r *reader) enforcement(n *lint.Node, t Type) {
	r.enforce(n, t, func(name, value string) {
		if value == "block" {
			r.config.Block = append(r.config.Block, name)
			return
		}
		r.config.Warn = append(r.config.Warn, name)
	})
}

func (r *reader) enforceFrom(n *lint.Node, t Type) {
	r.enforce(n, t, func(name, value string) {
		if r.config.EnforceFrom == nil {
			r.config.EnforceFrom = map[string]time.Time{}
		}
		r.config.EnforceFrom[name], _ = time.Parse(time.DateOnly, value) // clean knows days
	})
}

// failOn reads one severity for all kinds, or one for each.
func (r *reader) failOn(n *lint.Node, t Type) {
	r.config.FailOn = map[string]lint.Severity{}
	if n.Kind != lint.Object {
		r.threshold(DefaultKind, n, t)
		return
	}
	if len(n.Fields) == 0 {
		r.fail(n.Span, "names no kind of rule, want %s", t.Want)
	}
	own := lint.SyntaxError.Kind()
	for _, field := range n.Fields {
		r.threshold(field.Key, field.Value, severity())
		switch field.Key {
		case DefaultKind:
		case own:
			r.fail(field.Span, "%s has no threshold: what could not be checked always blocks", own)
		default:
			r.config.kinds = append(r.config.kinds, mention{field.Key, field.Span.Location()})
		}
	}
}

func (r *reader) threshold(kind string, n *lint.Node, t Type) {
	if name, ok := r.text(n, t); ok {
		r.config.FailOn[kind], _ = lint.ParseSeverity(name) // clean knows the names
	}
}
