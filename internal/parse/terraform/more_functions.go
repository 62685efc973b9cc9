package terraform

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// coalesceFunction gives the first argument that is neither null nor the empty text.
var coalesceFunction = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		types := make([]cty.Type, len(args))
		for i, arg := range args {
			types[i] = arg.Type()
		}
		ty, _ := convert.UnifyUnsafe(types)
		if len(args) == 0 || ty == cty.NilType {
			return cty.NilType, errors.New("all arguments must have one type")
		}
		return ty, nil
	},
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		for _, arg := range args {
			plain, _ := arg.Unmark()
			if !plain.IsKnown() {
				return cty.UnknownVal(ty), nil
			}
			v, err := convert.Convert(arg, ty)
			if err != nil {
				return cty.NilVal, err
			}
			plain, _ = v.Unmark()
			if plain.IsNull() || ty == cty.String && plain.AsString() == "" {
				continue
			}
			return v, nil
		}
		return cty.NilVal, errors.New("no argument has a value")
	},
})

// matchKeysFunction gives the values whose keys are among those that are wanted.
var matchKeysFunction = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.DynamicPseudoType)}, {Name: "keys", Type: cty.List(cty.DynamicPseudoType)}, {Name: "search", Type: cty.List(cty.DynamicPseudoType)},
	},
	Type: func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() || !args[1].IsWhollyKnown() || !args[2].IsWhollyKnown() {
			return cty.UnknownVal(ty), nil
		}
		if args[0].LengthInt() != args[1].LengthInt() {
			return cty.NilVal, errors.New("as many keys as values are needed")
		}
		wanted := map[string]bool{}
		for _, v := range args[2].AsValueSlice() {
			wanted[v.GoString()] = true
		}
		var found []cty.Value
		values := args[0].AsValueSlice()
		for i, key := range args[1].AsValueSlice() {
			if wanted[key.GoString()] {
				found = append(found, values[i])
			}
		}
		if len(found) == 0 {
			return cty.ListValEmpty(ty.ElementType()), nil
		}
		return cty.ListVal(found), nil
	},
})

// transposeFunction turns a map of lists around.
var transposeFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "map", Type: cty.Map(cty.List(cty.String))}},
	Type:   function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(ty), nil
		}
		turned := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); {
			key, list := it.Element()
			for _, v := range list.AsValueSlice() {
				if v.IsNull() {
					return cty.NilVal, errors.New("null cannot be a key")
				}
				turned[v.AsString()] = append(turned[v.AsString()], key)
			}
		}
		result := map[string]cty.Value{}
		for key, list := range turned {
			result[key] = cty.ListVal(list)
		}
		if len(result) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		return cty.MapVal(result), nil
	},
})

// timeCompareFunction orders two times.
var timeCompareFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "a", Type: cty.String}, {Name: "b", Type: cty.String}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		a, err := time.Parse(time.RFC3339, args[0].AsString())
		b, errB := time.Parse(time.RFC3339, args[1].AsString())
		if err != nil || errB != nil {
			return cty.NilVal, errors.New("not a time")
		}
		return cty.NumberIntVal(int64(a.Compare(b))), nil
	},
})

// namespaces are the names that uuidv5 has for those of RFC 4122, by their last
// digit but four.
var namespaces = map[string]string{"dns": "0", "url": "1", "oid": "2", "x500": "4"}

var uuidFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "namespace", Type: cty.String}, {Name: "name", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		namespace := args[0].AsString()
		if digit := namespaces[namespace]; digit != "" {
			namespace = "6ba7b81" + digit + "-9dad-11d1-80b4-00c04fd430c8"
		}
		space, err := hex.DecodeString(strings.ReplaceAll(namespace, "-", ""))
		if err != nil || len(space) != 16 {
			return cty.NilVal, errors.New("not a namespace")
		}
		sum := sha1.Sum(append(space, args[1].AsString()...))
		sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
		id := hex.EncodeToString(sum[:16])
		return cty.StringVal(strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:]}, "-")), nil
	},
})

// recoded makes a function that goes between text and an encoding that IANA knows.
func recoded(convert func(text, encoding string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "encoding", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := convert(args[0].AsString(), args[1].AsString())
			return cty.StringVal(s), err
		},
	})
}

// encodings are the common ones of those that IANA knows, by their names in small
// letters.
var encodings = map[string]encoding.Encoding{
	"utf-8": unicode.UTF8, "us-ascii": charmap.Windows1252, "iso-8859-1": charmap.ISO8859_1, "windows-1252": charmap.Windows1252,
	"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
}

var errEncoding = errors.New("not an encoding that is known here")

func encodeText(text, name string) (string, error) {
	encoding := encodings[strings.ToLower(name)]
	if encoding == nil {
		return "", errEncoding
	}
	encoded, err := encoding.NewEncoder().Bytes([]byte(text))
	return base64.StdEncoding.EncodeToString(encoded), err
}

func decodeText(text, name string) (string, error) {
	encoding := encodings[strings.ToLower(name)]
	if encoding == nil {
		return "", errEncoding
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", err
	}
	decoded, err := encoding.NewDecoder().Bytes(data)
	return string(decoded), err
}

func gzipBase64(s string) (string, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(s)); err != nil {
		return "", err
	}
	if err := w.Flush(); err != nil { // Terraform does
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

func gunzipBase64(s string) (string, error) {
	packed, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err == nil && (len(data) > maxText || !utf8.Valid(data)) {
		err = errors.New("too large, or not text")
	}
	return string(data), err
}

func unescape(s string) (string, error) { return url.QueryUnescape(s) }

// cidrContainsFunction is OpenTofu's: whether a network has an address, or all of
// another network.
var cidrContainsFunction = function.New(&function.Spec{
	Params: []function.Parameter{networkParameter, networkParameter},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		outer, err := netip.ParsePrefix(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		if inner, err := netip.ParsePrefix(args[1].AsString()); err == nil {
			return cty.BoolVal(outer.Contains(inner.Addr()) && inner.Bits() >= outer.Bits()), nil
		}
		address, err := netip.ParseAddr(args[1].AsString())
		return cty.BoolVal(err == nil && outer.Contains(address)), err
	},
})

// mapFunction is of old configurations: map("a", 1, "b", 2).
var mapFunction = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "pairs", Type: cty.DynamicPseudoType, AllowNull: true},
	Type:     function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		fields := map[string]cty.Value{}
		for i := 0; i+1 < len(args); i += 2 {
			key, err := convert.Convert(args[i], cty.String)
			if err != nil || key.IsNull() {
				return cty.NilVal, errors.New("a key is no text")
			}
			fields[key.AsString()] = args[i+1]
		}
		if len(args)%2 != 0 {
			return cty.NilVal, errors.New("a key has no value")
		}
		return cty.ObjectVal(fields), nil
	},
})

// listFunction is of old configurations: list("a", "b").
var listFunction = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "items", Type: cty.DynamicPseudoType, AllowNull: true},
	Type:     function.StaticReturnType(cty.DynamicPseudoType),
	Impl:     func(args []cty.Value, _ cty.Type) (cty.Value, error) { return cty.TupleVal(args), nil },
})
