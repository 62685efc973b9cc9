package helm

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// functions are sprig's and Helm's. What is random, or takes its time on purpose, is
// unknown; what depends on the machine gives nothing. All count, and none makes a text
// without end.
func (e *engine) functions() template.FuncMap {
	all := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "hello"} {
		delete(all, name)
	}
	for _, name := range random {
		all[name] = func(...any) string { return Unknown }
	}
	for _, name := range []string{"genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "buildCustomCert"} {
		all[name] = func(...any) map[string]any { return map[string]any{"Cert": Unknown, "Key": Unknown} }
	}
	maps.Copy(all, template.FuncMap{
		"print": fmt.Sprint, "printf": fmt.Sprintf, "println": fmt.Sprintln,
		"getHostByName": func(string) string { return "" },
		"lookup":        func(...any) map[string]any { return map[string]any{} },
		"shuffle":       func(s string) string { return s },
		"now":           func() time.Time { return time.Unix(0, 0).UTC() },
		"ago":           func(any) string { return "0s" },
		"date":          func(layout string, _ any) string { return time.Unix(0, 0).UTC().Format(layout) },
		"keys":          keys, "values": values, "set": set,
		"toYaml": quiet(toYAML), "mustToYaml": toYAML, "toYamlPretty": quiet(toYAML), "toToml": func(any) string { return Unknown },
		"toJson": quiet(toJSON), "mustToJson": toJSON, "toRawJson": quiet(toJSON), "mustToRawJson": toJSON,
		"fromYaml": fromYAML[map[string]any], "fromYamlArray": fromYAML[[]any], "fromJson": fromYAML[map[string]any], "fromJsonArray": fromYAML[[]any],
		"required": required,
		"fail":     func(string) string { return "" }, // helm lint goes on, too
		"until":    func(n int) ([]int, error) { return untilStep(0, n, 1) }, "untilStep": untilStep,
		"seq": func(...int) string { return Unknown },
	})
	for name, function := range all {
		all[name] = e.counted(name, function)
	}
	all["include"] = e.include
	all["tpl"] = e.tpl
	all["__at"] = e.at
	all["__out"] = e.counted("__out", func(v any) any {
		if v == nil {
			return ""
		}
		return v
	})
	all["__get"] = get
	all["__each"] = func(v any) any {
		if v == Unknown {
			return []any{v}
		}
		return v
	}
	all["__nothing"] = func() any { return nil }
	return all
}

var random = []string{
	"randAlpha", "randAlphaNum", "randAscii", "randNumeric", "randBytes", "randInt", "uuidv4", "bcrypt", "htpasswd",
	"derivePassword", "genPrivateKey", "encryptAES", "decryptAES",
}

// counted is a function that counts as a step, more for long values, and whose texts and
// lists have bounds. What a call may make of its arguments at most is reckoned before it.
func (e *engine) counted(name string, function any) any {
	f := reflect.ValueOf(function)
	if f.Kind() != reflect.Func {
		return function
	}
	return reflect.MakeFunc(bothOf(f.Type()), func(args []reflect.Value) []reflect.Value {
		err := e.spend(name, args, f.Type().IsVariadic())
		var results []reflect.Value
		if err == nil {
			if f.Type().IsVariadic() {
				results = f.CallSlice(args)
			} else {
				results = f.Call(args)
			}
			if len(results) == 2 && !results[1].IsNil() {
				err = results[1].Interface().(error)
			} else if size(results[0], 0, new(maxText)) < 0 {
				err = errText
			}
		}
		if err != nil {
			return []reflect.Value{reflect.Zero(f.Type().Out(0)), reflect.ValueOf(&err).Elem()}
		}
		return []reflect.Value{results[0], reflect.Zero(reflect.TypeFor[error]())}
	}).Interface()
}

// bothOf is the type of a function that also gives an error.
func bothOf(t reflect.Type) reflect.Type {
	var in []reflect.Type
	for i := range t.NumIn() {
		in = append(in, t.In(i))
	}
	return reflect.FuncOf(in, []reflect.Type{t.Out(0), reflect.TypeFor[error]()}, t.IsVariadic())
}

// multiplying are functions whose result may be a product of two of their arguments.
var multiplying = []string{
	"repeat", "replace", "join", "indent", "nindent", "wrapWith", "regexReplaceAll", "mustRegexReplaceAll",
	"regexReplaceAllLiteral", "mustRegexReplaceAllLiteral", "urlJoin",
}

// printing are functions that go through the whole of what they get.
var printing = []string{
	"print", "printf", "println", "html", "js", "urlquery", "quote", "squote", "cat", "toString", "toStrings", "join", "__out",
	"toYaml", "mustToYaml", "toYamlPretty", "toJson", "mustToJson", "toRawJson", "mustToRawJson", "toPrettyJson", "mustToPrettyJson",
	"deepCopy", "mustDeepCopy", "merge", "mustMerge", "mergeOverwrite", "mustMergeOverwrite", "deepEqual", "uniq", "mustUniq", "has", "mustHas", "without", "mustWithout",
}

func (e *engine) spend(name string, args []reflect.Value, variadic bool) error {
	e.steps++
	if slices.Contains(printing, name) {
		budget := maxText
		for i, arg := range args {
			if variadic && i == len(args)-1 && arg.Len() == 0 {
				continue
			}
			if n := size(arg, 0, &budget); n < 0 {
				return errText
			} else {
				e.steps += n / 1024
			}
		}
	}
	if strings.Contains(strings.ToLower(name), "merge") && holds(args[len(args)-1], args[0].Pointer(), 0, new(maxNumbers*10)) {
		return errNesting
	}
	if slices.Contains(multiplying, name) {
		product := 1
		for _, arg := range args {
			n := 1
			switch arg.Kind() {
			case reflect.Int, reflect.Int64:
				n = int(arg.Int()) + 1
			case reflect.String:
				n = arg.Len() + 1
			case reflect.Interface:
				n = max(1, flat(arg))
			}
			if product = product * max(n, 1); n > maxText || product > maxText*64 {
				return errText
			}
		}
		e.steps += product / 65536
	}
	if e.steps > maxSteps {
		return errSteps
	}
	return nil
}

func flat(v reflect.Value) int {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Array, reflect.Map:
		return v.Len() + 1
	}
	return 1
}

// size is how much there is to print of a value, or -1 if that is more than the budget, or
// a value holds itself.
func size(v reflect.Value, depth int, budget *int) int {
	if !v.IsValid() {
		return 0
	}
	if depth > maxNesting {
		return -1
	}
	before := *budget
	*budget -= 8
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			size(v.Elem(), depth+1, budget)
		}
	case reflect.String:
		*budget -= v.Len()
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			*budget -= v.Len()
			break
		}
		for i := 0; i < v.Len() && *budget > 0; i++ {
			if size(v.Index(i), depth+1, budget) < 0 {
				return -1
			}
		}
	case reflect.Map:
		for each := v.MapRange(); *budget > 0 && each.Next(); {
			size(each.Key(), depth+1, budget)
			if size(each.Value(), depth+1, budget) < 0 {
				return -1
			}
		}
	}
	if *budget <= 0 {
		return -1
	}
	return before - *budget
}

// at notes that a part of the template is written from here on.
func (e *engine) at(id int) (string, error) {
	if e.steps++; e.steps > maxSteps {
		return "", errSteps
	}
	if id >= 0 && e.nesting == 0 {
		e.hits = append(e.hits, hit{e.out.Len(), id})
	}
	return "", nil
}

func (e *engine) include(name string, data any) (string, error) {
	if e.set.Lookup(name) == nil {
		e.miss(name)
		return Unknown, nil
	}
	return e.inside(func(out *bounded) error { return e.set.ExecuteTemplate(out, name, data) })
}

// miss says, once for each name, that nothing defines it.
func (e *engine) miss(name string) {
	if e.missed[name] {
		return
	}
	e.missed[name] = true
	at := lint.Location{Path: e.current.Path}
	if n := len(e.hits); n > 0 {
		at = e.spots[e.hits[n-1].spot].at.Location()
	}
	e.gaps = append(e.gaps, lint.Gap{Location: at, Message: "unknown: no chart in this repository defines what is included"})
}

func (e *engine) inside(execute func(*bounded) error) (string, error) {
	if e.nesting++; e.nesting > maxNesting {
		return "", errNesting
	}
	defer func() { e.nesting-- }()
	out := &bounded{}
	if err := execute(out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// tpl renders a text that is a template itself.
func (e *engine) tpl(text string, data any) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	if e.steps += 100 + len(text)/64; e.steps > maxSteps {
		return "", errSteps
	}
	set, err := e.set.Clone()
	if err != nil {
		return "", err
	}
	inner, err := set.New("tpl").Parse(text)
	if err != nil {
		return "", err
	}
	e.watch(inner.Root, nil)
	return e.inside(func(out *bounded) error { return inner.Execute(out, data) })
}

// required takes what users have to set for unknown.
func required(_ string, v any) any {
	if v == nil || v == "" {
		return Unknown
	}
	return v
}

// get looks fields up, one in the other, as templates do. Helm renders nothing if there is
// nothing to look one up in; here it is unknown.
func get(of any, names ...string) (any, error) {
	for _, name := range names {
		v := reflect.ValueOf(of)
		switch {
		case of == nil, v.Kind() == reflect.String:
			return Unknown, nil
		case v.MethodByName(name).IsValid() && v.MethodByName(name).Type().NumIn() == 0:
			of = v.MethodByName(name).Call(nil)[0].Interface()
		case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
			of = nil
			if value := v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key())); value.IsValid() {
				of = value.Interface()
			}
		case v.Kind() == reflect.Struct && v.FieldByName(name).IsValid():
			of = v.FieldByName(name).Interface()
		default:
			return nil, fmt.Errorf("no field %s", name)
		}
	}
	return of, nil
}

func untilStep(from, to, step int) ([]int, error) {
	list := []int{}
	for i := from; step != 0 && (step > 0 && i < to || step < 0 && i > to); i += step {
		if len(list) == maxNumbers {
			return nil, errSteps
		}
		list = append(list, i)
	}
	return list, nil
}

// keys and values are in order, so that a chart renders the same each time.
func keys(dicts ...map[string]any) []string {
	all := []string{}
	for _, dict := range dicts {
		all = append(all, slices.Sorted(maps.Keys(dict))...)
	}
	return all
}

func values(dict map[string]any) []any {
	all := []any{}
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		all = append(all, dict[key])
	}
	return all
}

// set does not let a map hold itself: to print it would not end.
func set(dict map[string]any, key string, value any) (map[string]any, error) {
	if holds(reflect.ValueOf(value), reflect.ValueOf(dict).Pointer(), 0, new(maxNumbers)) {
		return nil, errNesting
	}
	dict[key] = value
	return dict, nil
}

func holds(v reflect.Value, dict uintptr, depth int, budget *int) bool {
	if *budget--; depth > maxNesting || *budget < 0 {
		return true
	}
	switch v.Kind() {
	case reflect.Interface:
		return holds(v.Elem(), dict, depth+1, budget)
	case reflect.Slice:
		for i := range v.Len() {
			if holds(v.Index(i), dict, depth+1, budget) {
				return true
			}
		}
	case reflect.Map:
		if v.Pointer() == dict {
			return true
		}
		for each := v.MapRange(); each.Next(); {
			if holds(each.Value(), dict, depth+1, budget) {
				return true
			}
		}
	}
	return false
}

func quiet(f func(any) (string, error)) func(any) string {
	return func(v any) string {
		text, _ := f(v)
		return text
	}
}

func toJSON(v any) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return strings.TrimSuffix(out.String(), "\n"), err
}

// toYAML goes through JSON, which knows values that hold themselves.
func toYAML(v any) (string, error) {
	text, err := toJSON(v)
	if err != nil {
		return "", err
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", err
	}
	var out bytes.Buffer
	encoder := yamlv3.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(fromJSON(value)); err != nil {
		return "", err
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// fromYAML reads YAML and JSON within the limits of any file. What is none gives nothing.
func fromYAML[T any](text string) (none T) {
	roots, findings := yaml.Read(&lint.Source{Path: "value.yaml", Data: []byte(text)})
	if len(roots) > 0 && len(findings) == 0 {
		if v, ok := plain(roots[0], nil).(T); ok {
			return v
		}
	}
	if reflect.TypeFor[T]().Kind() == reflect.Map {
		return reflect.MakeMap(reflect.TypeFor[T]()).Interface().(T)
	}
	return none
}

func encode(data []byte) string { return base64.StdEncoding.EncodeToString(data) }
