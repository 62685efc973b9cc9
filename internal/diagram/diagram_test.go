package diagram

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sample has contracts with slots, consumers and identities, and edges that pass
// through columns, stay in one and go back.
func sample(contracts int) Diagram {
	d := Diagram{Version: Version, Complete: true}
	node := func(kind, name string) string {
		id := kind + ":" + name
		if !slices.ContainsFunc(d.Nodes, func(n Node) bool { return n.ID == id }) {
			d.Nodes = append(d.Nodes, Node{ID: id, Kind: kind, Name: name, File: name + ".yaml", Line: 3})
		}
		return id
	}
	edge := func(from, kind, to, confidence string) {
		d.Edges = append(d.Edges, Edge{From: from, To: to, Kind: kind, Confidence: confidence, File: "a.yaml", Line: 7})
	}
	for i := range contracts {
		contract, slot := node("contract", fmt.Sprint("secret-", i)), node("slot", fmt.Sprint("SLOT_", i))
		object, consumer := node("object", fmt.Sprint("kv/", i)), node("consumer", fmt.Sprint("shop/Deployment/web-", i%7))
		identity := node("identity", fmt.Sprint("role/", i%5))
		edge(contract, "declares", slot, "exact")
		edge(contract, "storedIn", object, "exact")
		edge(slot, "suppliedBy", object, "derived")
		edge(consumer, "consumes", slot, "wildcard")
		edge(consumer, "runsIn", node("environment", "prod"), "exact")
		edge(identity, "mayRead", object, "exact")
		edge(contract, "ownedBy", node("team", fmt.Sprint("team-", i%3)), "exact")
		if i > 0 {
			edge(contract, "needs", fmt.Sprint("contract:secret-", i-1), "exact")
		}
	}
	return d
}

func TestLayout(t *testing.T) {
	for _, n := range []int{0, 1, 5, 60} {
		d := sample(n)
		l := newLayout(d)
		placed := 0
		for _, column := range l.columns {
			for i, v := range column {
				if l.vertices[v].node >= 0 {
					placed++
				}
				if i == 0 {
					continue
				}
				above, below := l.vertices[column[i-1]], l.vertices[v]
				if free := below.y - below.height/2 - (above.y + above.height/2); free < between-0.01 {
					t.Errorf("%d contracts: %.2f pixels between vertices", n, free)
				}
			}
		}
		if placed != len(d.Nodes) {
			t.Errorf("%d contracts: %d of %d nodes placed", n, placed, len(d.Nodes))
		}
	}
}

// TestOrderUncrosses: what only crosses by a bad order does not cross.
func TestOrderUncrosses(t *testing.T) {
	d := Diagram{}
	for i := range 9 {
		d.Nodes = append(d.Nodes, Node{ID: fmt.Sprint("c", i), Kind: "contract"}, Node{ID: fmt.Sprint("s", i), Kind: "slot"})
		d.Edges = append(d.Edges, Edge{From: fmt.Sprint("c", i), To: fmt.Sprint("s", (i*5+3)%9)})
	}
	if n := newLayout(d).crossings(); n != 0 {
		t.Errorf("%d crossings", n)
	}
}

func TestLargestPictureIsQuick(t *testing.T) {
	d := sample(95)
	if len(d.Nodes) < 295 {
		t.Fatalf("only %d nodes", len(d.Nodes))
	}
	start := time.Now()
	if err := d.WriteSVG(io.Discard); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %s", took)
	}
}

func TestOnly(t *testing.T) {
	d := sample(3)
	d.Around = "slot:SLOT_1"
	some := d.Only([]string{"contract", "team"})
	for _, n := range some.Nodes {
		if n.Kind != "contract" && n.Kind != "team" && n.ID != d.Around {
			t.Errorf("%s is left", n.ID)
		}
	}
	if len(some.Nodes) != 7 || len(some.Edges) != 6 {
		t.Errorf("%d nodes, %d edges", len(some.Nodes), len(some.Edges))
	}
}

// named is a diagram in which a text stands wherever one can.
func named(text string) Diagram {
	d := Diagram{Around: "a" + text}
	d.Nodes = []Node{
		{ID: "a" + text, Kind: "contract", Name: text, Attributes: map[string]string{"class": text}, File: text, Line: 1},
		{ID: "b" + text, Kind: "slot", Name: text},
	}
	d.Edges = []Edge{{From: "a" + text, To: "b" + text, Kind: "declares", Label: text, Confidence: "derived", File: text, Line: 1}}
	return d
}

var hostile = []string{
	"plain", `a"b`, `a\`, `\"`, `\N`, "a\nb", "<script>alert(1)</script>", "</title>", "&amp;", "]]>", "#quot;", `"]; x["`, "end", "%%{init: {}}%%",
	"style: #a;", "é世界", "\x00", "\xff", `|"|`, "click n0 href", "'",
}

func FuzzDOT(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	// what Graphviz takes for one quoted text
	quoted := regexp.MustCompile(`"(?:[^"\\]|\\[^\n])*"`)
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		if err := named(text).WriteDOT(&b); err != nil {
			t.Fatal(err)
		}
		bare := quoted.ReplaceAllString(b.String(), "Q")
		want := "digraph secrets {\n\trankdir=LR\n\tnode [fontname=monospace, fontsize=10, shape=box]\n\tedge [fontname=monospace, fontsize=9]\n" +
			"\tQ [label=Q, tooltip=Q, shape=note, penwidth=3]\n\tQ [label=Q, tooltip=Q, shape=box]\n\tQ -> Q [label=Q, tooltip=Q, style=dashed]\n}\n"
		if bare != want {
			t.Errorf("%q breaks out:\n%s", text, bare)
		}
	})
}

func FuzzMermaid(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	label := regexp.MustCompile(`"(?:[A-Za-z0-9 ./-]|#([0-9]+);)*"`)
	code := regexp.MustCompile(`#([0-9]+);`)
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		if err := named(text).WriteMermaid(&b); err != nil {
			t.Fatal(err)
		}
		labels := label.FindAllString(b.String(), -1)
		if bare := label.ReplaceAllString(b.String(), "Q"); bare != "flowchart LR\n  n0[Q]\n  n1(Q)\n  n0 -.->|Q| n1\n  style n0 stroke-width:4px\n" {
			t.Fatalf("%q breaks out:\n%s", text, bare)
		}
		got := code.ReplaceAllStringFunc(strings.Trim(labels[0], `"`), func(s string) string {
			r, _ := strconv.Atoi(s[1 : len(s)-1])
			return string(rune(r))
		})
		if want := strings.Map(func(r rune) rune { return r }, text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func FuzzSVG(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	allowed := []string{"svg", "title", "desc", "rect", "text", "g", "path"}
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		if err := named(text).WriteSVG(&b); err != nil {
			t.Fatal(err)
		}
		decoder := xml.NewDecoder(strings.NewReader(b.String()))
		elements := 0
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			if start, is := token.(xml.StartElement); is {
				elements++
				if !slices.Contains(allowed, start.Name.Local) {
					t.Errorf("%q makes an element %s", text, start.Name.Local)
				}
				for _, attribute := range start.Attr {
					if strings.HasPrefix(attribute.Name.Local, "on") || strings.Contains(attribute.Name.Local, "href") {
						t.Errorf("%q makes an attribute %s", text, attribute.Name.Local)
					}
				}
			}
		}
		if want := 26; elements != want {
			t.Errorf("%q makes %d elements, want %d", text, elements, want)
		}
	})
}
