package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/policyctl/policyctl/internal/suggest"
)

// Schema gives the JSON Schema (2020-12) of a kind, for editors. It says what the
// shapes say, as far as JSON Schema can: policyctl itself does not use it.
func Schema(kind string) ([]byte, error) {
	declared := kindOf(kind)
	if declared == nil {
		if near := suggest.Nearest(kind, Kinds()); near != "" {
			return nil, fmt.Errorf("unknown kind %q, did you mean %q?", kind, near)
		}
		return nil, fmt.Errorf("unknown kind %q, want one of %s", kind, strings.Join(Kinds(), ", "))
	}
	w := schemaWriter{defs: map[string]any{}}
	schema := w.schema(declared.shape)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["$id"] = "https://policyctl.dev/schemas/v1/" + kind + ".json"
	schema["title"] = kind
	schema["properties"].(map[string]any)["apiVersion"] = map[string]any{"const": Version, "description": "Version of the format."}
	schema["$defs"] = w.defs
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(schema)
	return out.Bytes(), err
}

// schemaWriter collects the shapes that have a name of their own.
type schemaWriter struct{ defs map[string]any }

func (w schemaWriter) schema(s shape) map[string]any {
	if s.def == "" {
		return w.plain(s)
	}
	if _, known := w.defs[s.def]; !known {
		w.defs[s.def] = w.plain(s)
	}
	return map[string]any{"$ref": "#/$defs/" + s.def}
}

// durationPattern spells out which units may follow which: RE2 cannot look ahead.
func durationPattern() string {
	const digits = `[1-9][0-9]{0,8}`
	var forms []string
	for i := range units {
		form := digits + string(units[i].letter)
		for _, smaller := range units[i+1:] {
			form += "(?:" + digits + string(smaller.letter) + ")?"
		}
		forms = append(forms, form)
	}
	return "^(?:0s|" + strings.Join(forms, "|") + ")$"
}

func (w schemaWriter) plain(s shape) map[string]any {
	switch s.sort {
	case isAnything:
		return map[string]any{}
	case isExpression:
		return map[string]any{"type": "string", "format": "regex"}
	case isBool:
		return map[string]any{"type": "boolean"}
	case isNumber:
		return map[string]any{"type": "integer", "minimum": 1, "maximum": 999_999_999}
	case isDuration:
		return map[string]any{"type": "string", "pattern": durationPattern(), "description": "Whole numbers with units, the largest first: 90d, 1w2d, 1h30m (y w d h m s)."}
	case isAmount:
		return map[string]any{"anyOf": []any{w.schema(duration), w.plain(number)}}
	case isDate:
		return map[string]any{"type": "string", "anyOf": []any{map[string]any{"format": "date"}, map[string]any{"format": "date-time"}}}
	case isList:
		schema := map[string]any{"type": "array", "items": w.schema(*s.each)}
		if s.some {
			schema["minItems"] = 1
		}
		return schema
	case isMapping:
		schema := map[string]any{"type": "object", "additionalProperties": w.schema(*s.each)}
		if s.keys != nil {
			schema["propertyNames"] = map[string]any{"pattern": s.keys.is().String()}
		}
		return schema
	case isRecord:
		return w.record(s)
	}
	schema := map[string]any{"type": "string"}
	switch {
	case len(s.words) == 1:
		schema = map[string]any{"const": s.words[0]}
	case s.words != nil:
		schema = map[string]any{"enum": s.words}
	case s.form != nil:
		schema["pattern"] = s.form.is().String()
	}
	return schema
}

func (w schemaWriter) record(s shape) map[string]any {
	properties := map[string]any{}
	var required []string
	for _, f := range s.fields {
		property := w.schema(f.shape)
		if f.doc != "" {
			property["description"] = f.doc
		}
		properties[f.key] = property
		if f.need != "" {
			required = append(required, f.key)
		}
	}
	schema := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if required != nil {
		schema["required"] = required
	}
	if s.also != nil { // of limits, the only ones
		var some []any
		for _, key := range bounds {
			some = append(some, map[string]any{"required": []string{key}})
		}
		schema["anyOf"] = some
	}
	return schema
}
