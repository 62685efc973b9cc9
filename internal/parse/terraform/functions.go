package terraform

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// functions are those whose result follows from their arguments alone.
var functions = map[string]function.Function{
	"abs": stdlib.AbsoluteFunc, "alltrue": quantifier(true), "anytrue": quantifier(false),
	"base64decode": textFunction(base64Decode), "base64encode": textFunction(base64Encode),
	"base64sha256": textFunction(func(s string) (string, error) { sum := sha256.Sum256([]byte(s)); return base64Encode(string(sum[:])) }),
	"base64sha512": textFunction(func(s string) (string, error) { sum := sha512.Sum512([]byte(s)); return base64Encode(string(sum[:])) }),
	"basename":     textFunction(func(s string) (string, error) { return path.Base(s), nil }),
	"ceil":         stdlib.CeilFunc, "chomp": stdlib.ChompFunc, "chunklist": stdlib.ChunklistFunc,
	"cidrhost": cidrHostFunction, "cidrnetmask": textFunction(cidrNetmask), "cidrsubnet": cidrSubnetFunction, "cidrsubnets": cidrSubnetsFunction,
	"coalesce": coalesceFunction, "coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc,
	"concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc, "csvdecode": stdlib.CSVDecodeFunc,
	"dirname":  textFunction(func(s string) (string, error) { return path.Dir(s), nil }),
	"distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc, "endswith": textPredicate(strings.HasSuffix),
	"flatten": stdlib.FlattenFunc, "floor": stdlib.FloorFunc, "format": stdlib.FormatFunc, "formatdate": stdlib.FormatDateFunc,
	"formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc, "index": indexFunction, "join": stdlib.JoinFunc,
	"jsondecode": decodeFunction("text.json"), "jsonencode": stdlib.JSONEncodeFunc, "keys": stdlib.KeysFunc, "length": lengthFunction,
	"log": stdlib.LogFunc, "lower": stdlib.LowerFunc, "max": stdlib.MaxFunc,
	"md5":   textFunction(func(s string) (string, error) { sum := md5.Sum([]byte(s)); return hex.EncodeToString(sum[:]), nil }),
	"merge": stdlib.MergeFunc, "min": stdlib.MinFunc, "one": oneFunction, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc,
	"range": stdlib.RangeFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "replace": replaceFunction,
	"reverse": stdlib.ReverseListFunc, "setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc,
	"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc,
	"sha1": textFunction(func(s string) (string, error) { sum := sha1.Sum([]byte(s)); return hex.EncodeToString(sum[:]), nil }),
	"sha256": textFunction(func(s string) (string, error) {
		sum := sha256.Sum256([]byte(s))
		return hex.EncodeToString(sum[:]), nil
	}),
	"sha512": textFunction(func(s string) (string, error) {
		sum := sha512.Sum512([]byte(s))
		return hex.EncodeToString(sum[:]), nil
	}),
	"signum": stdlib.SignumFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc, "split": stdlib.SplitFunc,
	"startswith": textPredicate(strings.HasPrefix), "strcontains": textPredicate(strings.Contains), "strrev": stdlib.ReverseFunc,
	"substr": stdlib.SubstrFunc, "sum": sumFunction, "timeadd": stdlib.TimeAddFunc, "title": stdlib.TitleFunc,
	"tobool": stdlib.MakeToFunc(cty.Bool), "tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
	"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "tonumber": stdlib.MakeToFunc(cty.Number),
	"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), "tostring": stdlib.MakeToFunc(cty.String),
	"trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc,
	"upper": stdlib.UpperFunc, "urlencode": textFunction(func(s string) (string, error) { return url.QueryEscape(s), nil }),
	"base64gunzip": textFunction(gunzipBase64), "base64gzip": textFunction(gzipBase64), "cidrcontains": cidrContainsFunction,
	"list": listFunction, "map": mapFunction, "matchkeys": matchKeysFunction,
	"textdecodebase64": recoded(decodeText), "textencodebase64": recoded(encodeText), "timecmp": timeCompareFunction,
	"transpose": transposeFunction, "urldecode": textFunction(unescape), "uuidv5": uuidFunction,
	"values": stdlib.ValuesFunc, "yamldecode": decodeFunction("text.yaml"), "yamlencode": ctyyaml.YAMLEncodeFunc, "zipmap": stdlib.ZipmapFunc,
}

// differs are functions whose result is another one in every run, or depends on
// the machine. That their value is unknown is no gap.
var differs = map[string]bool{"abspath": true, "bcrypt": true, "plantimestamp": true, "timestamp": true, "uuid": true}

// costs foretells the work of functions that make much out of little, in bytes
// or comparisons. The others are bounded by the size of what they are given.
var costs = map[string]func([]cty.Value) int{
	"distinct":   func(args []cty.Value) int { return length(args, 0) * length(args, 0) },
	"format":     formatCost,
	"formatlist": formatCost,
	"indent":     func(args []cty.Value) int { return wholeNumber(args, 0) * (strings.Count(text(args, 1), "\n") + 1) },
	"join":       joinCost,
	"regex":      func(args []cty.Value) int { return patternCost(text(args, 0), text(args, 1)) },
	"regexall":   func(args []cty.Value) int { return patternCost(text(args, 0), text(args, 1)) },
	"replace":    replaceCost,
	"setproduct": productCost,
}

// digests are functions that nobody can undo for a long text that was made at random. The
// digest of what somebody chose can be guessed.
var digests = regex.Lazy(`^(?:core::)?(?:bcrypt|md5|uuidv5|(?:base64)?sha(?:1|256|512))$`)

var generated = regex.Lazy(`(?:^|\.)(?:random_(?:password|string|bytes|id|uuid)|tls_private_key)\.`)

func (e *evaluator) function(expr *hclsyntax.FunctionCallExpr, in *scope) cty.Value {
	v := e.applied(expr, in)
	if !digests().MatchString(expr.Name) {
		return v
	}
	plain, marks := v.Unmark()
	for mark := range marks {
		if name, ok := mark.(reference); ok && generated().MatchString(string(name)) {
			delete(marks, mark)
		}
	}
	return plain.WithMarks(marks)
}

func (e *evaluator) applied(expr *hclsyntax.FunctionCallExpr, in *scope) cty.Value {
	called := strings.TrimPrefix(expr.Name, "core::")
	switch called {
	case "try":
		return e.try(expr, in)
	case "can":
		return e.can(expr, in)
	}
	args, ok := e.args(expr, in)
	if !ok {
		return e.unknown(cty.DynamicPseudoType, args...)
	}
	if len(args) == 1 {
		switch called {
		case "sensitive":
			return args[0].Mark(sensitive{})
		case "nonsensitive":
			return e.nonsensitive(args[0])
		case "issensitive":
			if plain, marks := args[0].Unmark(); plain.IsKnown() || isSensitive(marks) {
				return cty.BoolVal(isSensitive(marks))
			}
			return e.unknown(cty.Bool, args...)
		case "ephemeralasnull":
			return args[0]
		case "pathexpand":
			if plain, _ := args[0].Unmark(); plain.IsKnown() && !plain.IsNull() && plain.Type() == cty.String && !strings.HasPrefix(plain.AsString(), "~") {
				return args[0]
			}
			return e.unknown(cty.String, args...)
		}
		if make := ofText[called]; make != nil {
			return e.fileFunction(expr, make, args)
		}
	}
	if v, does := e.readsFile(called, expr, args); does {
		return v
	}
	if called == "lookup" && len(args) == 2 {
		return e.index(args[0], args[1], expr.Range())
	}
	if called == "lookup" && len(args) == 3 {
		return e.lookup(args, expr.Range())
	}
	if v, does := e.decoded(called, args); does {
		return v
	}
	f, known := functions[called]
	if !known {
		return e.unevaluated(expr, args)
	}
	if cost := costs[called]; cost != nil && !e.affords(cost, args) {
		return e.fail(expr.Range(), fmt.Sprintf("the function %q would make a value that is too large", expr.Name), args...)
	}
	return e.call(f, args, expr.Range(), fmt.Sprintf("the function %q", expr.Name))
}

// lookup is an element, or what is said for its absence: of any type, null as well.
func (e *evaluator) lookup(args []cty.Value, at hcl.Range) cty.Value {
	all, _ := args[0].Unmark()
	key, _ := args[1].Unmark()
	if !all.IsKnown() || !key.IsKnown() {
		return e.unknown(cty.DynamicPseudoType, args...)
	}
	name, err := convert.Convert(key, cty.String)
	if ty := all.Type(); err != nil || name.IsNull() || all.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
		return e.fail(at, `the function "lookup" cannot work with what it is given`, args...)
	}
	if has := all.Type(); has.IsObjectType() && has.HasAttribute(name.AsString()) || has.IsMapType() && all.HasIndex(name).True() {
		return e.index(args[0], args[1], at)
	}
	return args[2]
}

func (e *evaluator) affords(cost func([]cty.Value) int, args []cty.Value) bool {
	plain := make([]cty.Value, len(args))
	for i, arg := range args {
		steps, ok := size(arg)
		if !ok || !e.spend(steps) {
			return false
		}
		plain[i], _ = arg.UnmarkDeep()
	}
	work := cost(plain)
	return work >= 0 && work <= maxWork*textPerStep && e.spend(work/textPerStep)
}

// args evaluates the arguments of a call, and takes the last one apart if the
// call says so.
func (e *evaluator) args(expr *hclsyntax.FunctionCallExpr, in *scope) ([]cty.Value, bool) {
	var args []cty.Value
	for _, arg := range expr.Args {
		args = append(args, e.eval(arg, in))
	}
	if !expr.ExpandFinal || len(args) == 0 {
		return args, true
	}
	last := args[len(args)-1]
	list, marks := last.Unmark()
	if !list.IsKnown() {
		return args, false
	}
	if list.IsNull() || !list.CanIterateElements() {
		e.gap(expr.Range(), "the last argument is no list and cannot be expanded")
		return args, false
	}
	args = args[:len(args)-1]
	for it := list.ElementIterator(); it.Next() && e.spend(1); {
		_, item := it.Element()
		args = append(args, item.WithMarks(marks))
	}
	return args, true
}

func (e *evaluator) unevaluated(expr *hclsyntax.FunctionCallExpr, args []cty.Value) cty.Value {
	if !differs[expr.Name] {
		e.gap(expr.Range(), fmt.Sprintf("the function %q is not evaluated, its result is treated as unknown", expr.Name))
	}
	return e.unknown(cty.DynamicPseudoType, args...)
}

// try gives the first argument that can be evaluated.
func (e *evaluator) try(expr *hclsyntax.FunctionCallExpr, in *scope) cty.Value {
	for _, arg := range expr.Args {
		if v, ok := e.attempt(arg, in); ok {
			return v
		}
	}
	return e.fail(expr.Range(), "none of the choices of try can be evaluated")
}

func (e *evaluator) can(expr *hclsyntax.FunctionCallExpr, in *scope) cty.Value {
	if len(expr.Args) != 1 {
		return e.fail(expr.Range(), "can takes one argument")
	}
	v, ok := e.attempt(expr.Args[0], in)
	if plain, _ := v.Unmark(); ok && !plain.IsKnown() {
		return e.unknown(cty.Bool, v)
	}
	return cty.BoolVal(ok)
}

// attempt evaluates something that is allowed to fail.
func (e *evaluator) attempt(expr hclsyntax.Expression, in *scope) (cty.Value, bool) {
	missed := e.missed
	e.missed = false
	e.quiet++
	defer func() {
		e.quiet--
		e.missed = missed
	}()
	v := e.eval(expr, in)
	return v, !e.missed
}

func (e *evaluator) nonsensitive(v cty.Value) cty.Value {
	steps, _ := size(v)
	if !e.spend(steps) {
		return cty.DynamicVal
	}
	plain, marked := v.UnmarkDeepWithPaths()
	for i := range marked {
		delete(marked[i].Marks, sensitive{})
	}
	return plain.MarkWithPaths(marked)
}

// textFunction makes a function from text to text.
func textFunction(f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := f(args[0].AsString())
			return cty.StringVal(s), err
		},
	})
}

func textPredicate(f func(string, string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "part", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(f(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

func base64Encode(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil }

func base64Decode(s string) (string, error) {
	decoded, err := base64.StdEncoding.DecodeString(s)
	if err == nil && !utf8.Valid(decoded) {
		err = errors.New("not text")
	}
	return string(decoded), err
}

// quantifier is alltrue, or anytrue.
func quantifier(all bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result := cty.BoolVal(all)
			for it := args[0].ElementIterator(); it.Next(); {
				_, v := it.Element()
				switch {
				case !v.IsKnown():
					result = cty.UnknownVal(cty.Bool)
				case v.IsNull() || v.True() != all:
					return cty.BoolVal(!all), nil
				}
			}
			return result, nil
		},
	})
}

var anyParameter = function.Parameter{Name: "value", Type: cty.DynamicPseudoType}

var lengthFunction = function.New(&function.Spec{
	Params: []function.Parameter{anyParameter},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if args[0].Type() == cty.String {
			return stdlib.Strlen(args[0])
		}
		if args[0].Type().IsObjectType() {
			return cty.NumberIntVal(int64(len(args[0].Type().AttributeTypes()))), nil
		}
		return stdlib.Length(args[0])
	},
})

var oneFunction = function.New(&function.Spec{
	Params: []function.Parameter{anyParameter},
	Type:   function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if !args[0].CanIterateElements() || args[0].LengthInt() > 1 {
			return cty.NilVal, errors.New("not a list of at most one element")
		}
		for it := args[0].ElementIterator(); it.Next(); {
			_, v := it.Element()
			return v, nil
		}
		return cty.NullVal(cty.DynamicPseudoType), nil
	},
})

var indexFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, anyParameter},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if ty := args[0].Type(); !ty.IsListType() && !ty.IsTupleType() {
			return cty.NilVal, errors.New("not a list")
		}
		for it := args[0].ElementIterator(); it.Next(); {
			i, v := it.Element()
			if equal := v.Equals(args[1]); !equal.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			} else if equal.True() {
				return i, nil
			}
		}
		return cty.NilVal, errors.New("not in the list")
	},
})

var sumFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Number)}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if args[0].LengthInt() == 0 {
			return cty.NilVal, errors.New("nothing to add up")
		}
		total := cty.Zero
		for it := args[0].ElementIterator(); it.Next(); {
			_, v := it.Element()
			if v.IsNull() || v.IsKnown() && !reasonable(v) {
				return cty.NilVal, errors.New("not a number")
			}
			total = total.Add(v)
		}
		return total, nil
	},
})

// replaceFunction takes a pattern between slashes as a regular expression.
var replaceFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "part", Type: cty.String}, {Name: "by", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		text, part, by := args[0].AsString(), args[1].AsString(), args[2].AsString()
		if len(part) < 2 || part[0] != '/' || part[len(part)-1] != '/' {
			return cty.StringVal(strings.ReplaceAll(text, part, by)), nil
		}
		pattern, err := regexp.Compile(part[1 : len(part)-1])
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(pattern.ReplaceAllString(text, by)), nil
	},
})

// decodeFunction reads JSON or YAML with the reader of this program, which has
// limits where a library has none.
func decodeFunction(name string) function.Function {
	read := func(args []cty.Value) (cty.Value, error) {
		docs, findings := yaml.Read(&lint.Source{Path: name, Data: []byte(args[0].AsString())})
		if len(findings) > 0 || len(docs) != 1 {
			return cty.NilVal, errors.New("not one document")
		}
		return fromNode(docs[0], nil), nil
	}
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}},
		Type:   function.StaticReturnType(cty.DynamicPseudoType),
		Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return read(args) },
	})
}

// words are those of YAML 1.1 for truth values, as Terraform reads them.
var words = map[string]bool{
	"y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
	"n": false, "N": false, "no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false,
}

// fromNode makes a value of a node. in is the file that it stands in, if it does.
func fromNode(node *lint.Node, in *origin) cty.Value {
	switch node.Kind {
	case lint.String:
		if b, plain := words[string(node.Span.Text())]; plain { // without quotes
			return in.part(node, cty.BoolVal(b))
		}
		return in.part(node, cty.StringVal(node.Text))
	case lint.Bool:
		return in.part(node, cty.BoolVal(node.Text == "true"))
	case lint.Number:
		text := node.Text
		switch raw := string(node.Span.Text()); {
		case strings.HasPrefix(raw, "0b") || strings.Contains(raw, "_"):
			return in.part(node, cty.StringVal(raw))
		case raw != "" && strings.Trim(raw, "0123456789") == "": // no octal number
			text = raw
		}
		if v, err := cty.ParseNumberVal(text); err == nil {
			return in.part(node, v)
		}
	case lint.List:
		var items []cty.Value
		for _, item := range node.Items {
			items = append(items, fromNode(item, in))
		}
		return cty.TupleVal(items)
	case lint.Object:
		fields := map[string]cty.Value{}
		for _, field := range node.Fields {
			fields[field.Key] = fromNode(field.Value, in)
		}
		return cty.ObjectVal(fields)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func text(args []cty.Value, i int) string {
	if i >= len(args) || !args[i].IsKnown() || args[i].IsNull() || args[i].Type() != cty.String {
		return ""
	}
	return args[i].AsString()
}

func length(args []cty.Value, i int) int {
	if i >= len(args) || !args[i].IsKnown() || args[i].IsNull() || !args[i].CanIterateElements() {
		return 0
	}
	return args[i].LengthInt()
}

// wholeNumber is a bound for a number; what is no small number counts as too much.
func wholeNumber(args []cty.Value, i int) int {
	if i >= len(args) || !args[i].IsKnown() || args[i].IsNull() {
		return 0
	}
	if args[i].Type() != cty.Number {
		return -1
	}
	n, _ := args[i].AsBigFloat().Int64()
	if n < 0 || n > maxText {
		return -1
	}
	return int(n)
}

var (
	// wide is a width or precision that makes more of a format than is read.
	wide = regex.Lazy(`%[^a-zA-Z%]*[0-9]{4}`)
	// huge is a number of more digits than anyone writes down.
	huge = regex.Lazy(`^\s*[-+]?[0-9._]*[eEpP][-+]?[0-9_]{4,}\s*$`)
	// repeats is a counted repetition, which multiplies a pattern.
	repeats = regex.Lazy(`\{[0-9]+`)
)

func hugeNumber(s string) bool { return huge().MatchString(s) }

func formatCost(args []cty.Value) int {
	pattern, rounds := text(args, 0), 1
	if wide().MatchString(pattern) {
		return -1
	}
	for i := range args {
		if i > 0 && hugeNumber(text(args, i)) {
			return -1
		}
		rounds = max(rounds, length(args, i))
	}
	total := 0
	for _, arg := range args {
		steps, _ := size(arg)
		total += steps * textPerStep
	}
	return rounds*len(pattern) + total*(strings.Count(pattern, "%")+1)
}

func joinCost(args []cty.Value) int {
	total := 0
	for i := 1; i < len(args); i++ {
		total += len(text(args, 0)) * length(args, i)
	}
	return total
}

func patternCost(pattern, text string) int {
	if len(pattern) > 1_000 {
		return -1
	}
	states := len(pattern)
	if repeats().MatchString(pattern) {
		states += 1_000
	}
	return states * len(text) / textPerStep
}

func replaceCost(args []cty.Value) int {
	whole, part, by := text(args, 0), text(args, 1), text(args, 2)
	if strings.HasPrefix(part, "/") {
		work := patternCost(part, whole)
		if work < 0 {
			return work
		}
		return work + (len(whole)+1)*(len(by)+strings.Count(by, "$")*64)
	}
	if part == "" {
		return (len(whole) + 1) * len(by)
	}
	return strings.Count(whole, part) * len(by)
}

func productCost(args []cty.Value) int {
	product := len(args)
	for i := range args {
		if product *= length(args, i); product > maxWork*textPerStep {
			return -1
		}
	}
	return product * textPerStep
}
