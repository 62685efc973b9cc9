package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every place of a text with a byte order mark is that of the text without.
func TestByteOrderMark(t *testing.T) {
	const mark, text = "\ufeff", "aé\nb\n"
	plain, marked := &Source{Data: []byte(text)}, &Source{Data: []byte(mark + text)}
	for offset := range len(text) + 1 {
		at := plain.Position(offset)
		if got := marked.Position(len(mark) + offset); got != at {
			t.Errorf("%d: %v, want %v", offset, got, at)
		}
		if got, want := marked.Offset(at), len(mark)+plain.Offset(at); got != want {
			t.Errorf("%v: %d, want %d", at, got, want)
		}
	}
	if got := marked.Position(0); got != (Position{1, 1}) || string(marked.Line(1)) != "aé" || marked.Lines() != 2 {
		t.Error(got, marked.Lines())
	}
}

func TestPosition(t *testing.T) {
	src := &Source{Path: "x", Data: []byte("ab\r\nä😀c\n\xff\xfez\n")}
	tests := []struct {
		name   string
		offset int
		want   Position
	}{
		{"the first byte", 0, Position{1, 1}},
		{"a line break counts as the end of its line", 2, Position{1, 3}},
		{"its second byte too", 3, Position{1, 3}},
		{"columns count code points", 4 + 2 + 4, Position{2, 3}},
		{"a byte that is no UTF-8 counts as one", 4 + 8 + 2, Position{3, 3}},
		{"within a code point", 4 + 2 + 2, Position{2, 2}},
		{"behind the last line break", len(src.Data), Position{3, 4}},
		{"far outside", 1000, Position{3, 4}},
		{"before the start", -5, Position{1, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := src.Position(tt.offset); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func FuzzPosition(f *testing.F) {
	f.Add("a\nb", 2)
	f.Add("\r\nä\xff", 4)
	f.Add("😀", 2)
	f.Add("a\n"+strings.Repeat("é😀a", 2000)+"\nb", 9999)
	f.Fuzz(func(t *testing.T, text string, offset int) {
		src := &Source{Data: []byte(text)}
		at := src.Position(offset)
		if at.Line < 1 || at.Line > max(src.Lines(), 1) || at.Column < 1 {
			t.Fatalf("%v is outside of a text of %d lines", at, src.Lines())
		}
		if again := src.Position(src.Offset(at)); again != at {
			t.Fatalf("%v leads to the offset %d, which is %v", at, src.Offset(at), again)
		}
	})
}

// tree is a document of the text "a: [{name: x, v: secret}]", spans by hand.
func tree() *Document {
	src := &Source{Path: "f.yaml", Data: []byte("a: [{name: x, v: secret}]\n")}
	at := func(start, end int) Span { return Span{Source: src, Start: start, End: end} }
	item := NewObject(at(4, 24))
	item.Set("name", at(5, 9), NewString("x", at(11, 12)))
	item.Set("v", at(14, 15), NewString("secret", at(17, 23)))
	root := NewObject(at(0, 25))
	root.Set("a", at(0, 1), NewList(at(3, 25), item))
	return &Document{Path: "f.yaml", Name: "N", Root: root}
}

func TestLocate(t *testing.T) {
	tests := []struct {
		name string
		path Path
		spot Spot
		want string
	}{
		{"a value", Path{"a", 0, "v"}, Spot{}, "1:18-1:24 N › a[x] › v"},
		{"a key", Path{"a", 0, "v"}, Spot{Key: true}, "1:15-1:16 N › a[x] › v"},
		{"text within a value", Path{"a", 0, "v"}, Spot{Match: "cre"}, "1:20-1:23 N › a[x] › v"},
		{"text that is not there", Path{"a", 0, "v"}, Spot{Match: "zzz"}, "1:18-1:24 N › a[x] › v"},
		{"a missing part below an item", Path{"a", 0, "w"}, Spot{}, "1:5-1:25 N › a[x] › w"},
		{"a missing part at the top", Path{"b"}, Spot{}, "1:1-1:26 N › b"},
		{"no path", nil, Spot{}, "1:1-1:26 N"},
		{"a path of several, none of which stands there", Path{"b", "c"}, Spot{}, `nothing stands under the path b.c: the document has no "b"`},
		{"an index that is too high", Path{"a", 1}, Spot{}, "nothing stands under the path a[1]: a has no item 1: it has 1"},
		{"a part of a scalar", Path{"a", 0, "v", "w"}, Spot{}, "1:15-1:16 N › a[x] › v › w"},
		{"an item of a scalar", Path{"a", 0, "v", 0}, Spot{}, `nothing stands under the path a[0].v[0]: a[0].v has no item 0: it is no list`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			place, err := tree().Locate(tt.path, tt.spot)
			got := strings.TrimPrefix(place.Location.String(), "f.yaml:") + "-" + strings.TrimPrefix(Location{Path: "", Start: place.Location.End}.String(), ":") + " " + place.Anchor
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnchorNamesTheSecret(t *testing.T) {
	anchor := func(address, name string) string {
		item, secret, root := NewObject(Span{}), NewObject(Span{}), NewObject(Span{})
		secret.Set("name", Span{}, NewString(name, Span{}))
		item.Set("address", Span{}, NewString(address, Span{}))
		item.Set("secret", Span{}, secret)
		root.Set("a", Span{}, NewList(Span{}, item))
		place, err := (&Document{Root: root}).Locate(Path{"a", 0, "secret"}, Spot{})
		if err != nil {
			t.Fatal(err)
		}
		return place.Anchor
	}
	if a, b := anchor("steps.x", "A"), anchor("steps.x", "B"); a == b || a != "a[steps.x A] › secret" {
		t.Errorf("got %q and %q", a, b)
	}
	if got := anchor("steps.x.A", "A"); got != "a[steps.x.A] › secret" {
		t.Errorf("got %q", got)
	}
}

func TestADetachedSpanKeepsItsPlace(t *testing.T) {
	span := tree().Root.Get("a").Items[0].Get("v").Span
	detached := span.Detach()
	if detached.Location() != span.Location() || detached.Source.Data != nil {
		t.Errorf("%v became %v with %d bytes", span.Location(), detached.Location(), len(detached.Source.Data))
	}
}

func TestIdentify(t *testing.T) {
	rule := &Rule{ID: "k/r"}
	at := func(line int) Location { return Location{Path: "f", Start: Position{line, 1}, End: Position{line, 2}} }
	first := Identify([]Finding{{Rule: rule, Location: at(3), Anchor: "x"}, {Rule: rule, Location: at(1), Anchor: "x"}, {Rule: rule, Location: at(1), Anchor: "x"}})
	if len(first) != 2 {
		t.Fatalf("%d findings, want the repetition gone", len(first))
	}
	moved := Identify([]Finding{{Rule: rule, Location: at(10), Anchor: "x"}, {Rule: rule, Location: at(30), Anchor: "x"}})
	for i := range first {
		if first[i].Fingerprint != moved[i].Fingerprint {
			t.Error("a fingerprint changed when lines moved")
		}
	}
	if first[0].Fingerprint == first[1].Fingerprint {
		t.Error("two findings share a fingerprint")
	}
}

// TestFieldsOfLargeObjects has objects whose keys are in order and not.
func TestFieldsOfLargeObjects(t *testing.T) {
	for _, step := range []int{1, 7} { // 7 leads through all of 200, out of order
		object := NewObject(Span{})
		for i := range 200 {
			key := fmt.Sprintf("%03d", i*step%200)
			object.Fields = append(object.Fields, Field{Key: key, Value: NewString(key, Span{})})
		}
		for i := range 200 {
			key := fmt.Sprintf("%03d", i)
			if got := object.Get(key).Str(); got != key {
				t.Errorf("under %q stands %q", key, got)
			}
		}
		if object.Get("x") != nil || object.Get("") != nil || object.Size() != 201 {
			t.Errorf("a field that is none, or %d values", object.Size())
		}
	}
}
