package lint

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Document is a parsed unit, or a part of one, in the shape of its platform.
type Document struct {
	Platform string // which policies judge it: the folder under policies/
	Path     string // the file in which it begins
	Name     string // logical name within its file, for example Deployment/default/web; may be empty
	Root     *Node  // what a policy sees as input
	Gaps     []Gap  // what could not be resolved
	Skipped  []Skip // files that belong to it and of which no policy sees anything

	// Findings are what is wrong with files that are read for it alone, and that no platform
	// claims by themselves.
	Findings []Finding

	Again bool // says in the words of another platform what another document says: for policies only
}

// Place is the answer of Locate.
type Place struct {
	Location Location
	Via      []Related // how the value came there
	Flow     []Related // the way of a secret to there
	Anchor   string    // the logical path, names in place of indices
	Thing    Thing     // which of several of its kind it is about
}

// Thing is an item of a list that may be made several times, in one document or
// in many: an instance of a resource, a part of a module that is called twice.
type Thing struct {
	Address  string   // what the document calls it
	Local    string   // what it is called where it is written; empty if the same
	Instance string   // what tells it from others that are made by the same text; empty if there are none
	Count    int      // how many it stands for, where one stands for all; 0 if that is not known
	Secret   SecretID // which one it is about
}

// SecretID is where a secret is kept and what it is called there; zero stands for none. The
// group is empty if it is not known, or the store has none.
type SecretID struct{ Store, Group, Name string }

// Written puts the name that a thing has where it is written in place of the one
// that it has in the document.
func (t Thing) Written(text string) string {
	if t.Local == "" || t.Address == "" {
		return text
	}
	return strings.ReplaceAll(text, t.Address, t.Local)
}

// mostCounted is how many things one may stand for; no cloud makes more of one loop.
const mostCounted = 1000

// Made is what tells a thing from others of the same text, or all that it stands for;
// nil if there are no others.
func (t Thing) Made() []string {
	if t.Count > 0 && t.Address != "" {
		var all []string
		for i := range min(t.Count, mostCounted) {
			all = append(all, fmt.Sprintf("%s[%d]", t.Address, i))
		}
		slices.Sort(all)
		return all
	}
	if t.Instance == "" && (t.Local == "" || t.Local == t.Address) {
		return nil
	}
	return []string{cmp.Or(t.Instance, t.Address)}
}

// thing reads the item that a node is.
func (n *Node) thing() Thing {
	count := 0
	if made := n.Get("count"); made != nil && made.Kind == Number {
		count, _ = strconv.Atoi(made.Text)
	}
	return Thing{Address: n.Get("address").Str(), Local: n.Get("local_address").Str(), Instance: n.Get("instance").Str(), Secret: n.secret(), Count: count}
}

// secret names the one that a node is about.
func (n *Node) secret() SecretID {
	of := n.Get("secret")
	group := of.Get("group").Str()
	if n.Get("sink") != nil { // where it goes: an environment may have another of the same name
		group = cmp.Or(group, n.Get("environment").Str())
	}
	return SecretID{of.Get("store").Str(), group, of.Get("name").Str()}
}

// Spot says which part of a value a finding is about. The zero Spot is the value.
type Spot struct {
	Key   bool   // the key of the last part, not its value
	Match string // text within the value; narrows the place, or else a step of the way, to where it occurs first
}

// Locate finds where the value at a path stands. Trailing parts that do not
// exist fall back to the key of the nearest part that does, whatever stands there
// in place of an object. It is an error if nothing stands under the path at all: no
// part of several exists, or there is no such item.
func (d *Document) Locate(path Path, spot Spot) (Place, error) {
	node, key := d.Root, Span{}
	place := Span{}
	var via, way []Step
	var thing Thing
	missing, nowhere := false, false
	for i, part := range path {
		if node.Span.Source != nil {
			place = node.Span
		}
		via, way = append(via, node.Via...), nearest(way, node.Way)
		next, nextKey, err := node.child(part)
		if err != nil {
			return Place{}, fmt.Errorf("nothing stands under the path %s: %s %w", path, describe(path[:i]), err)
		}
		if next == nil {
			if i == 0 && len(path) > 1 {
				return Place{}, fmt.Errorf("nothing stands under the path %s: the document has no %q", path, part)
			}
			missing = true
			break
		}
		nowhere = next.Span.Source == nil && nextKey.Source == nil && next.Kind == Object
		if !nowhere {
			key = nextKey // a mapping that stands nowhere of its own leaves us at the one around it
		}
		node = next
		if _, isItem := part.(int); isItem && thing == (Thing{}) {
			thing = node.thing()
		}
	}
	if !missing {
		via, way = append(via, node.Via...), nearest(way, node.Way)
	}
	if node.Span.Source != nil {
		place = node.Span
	}
	switch {
	case (spot.Key || missing || nowhere) && key.Source != nil:
		place = key
	case spot.Match != "":
		if at := bytes.Index(place.Text(), []byte(spot.Match)); at >= 0 {
			place = Span{Source: place.Source, Start: place.Start + at, End: place.Start + at + len(spot.Match)}
		} else {
			way = narrowed(way, spot.Match)
		}
	}
	location := place.Location()
	switch {
	case place.Source == nil:
		location.Path = d.Path
	case node == d.Root && !spot.Key && spot.Match == "":
		location = firstLine(place)
	}
	return Place{Location: location, Via: related(via), Flow: related(way), Anchor: d.anchor(path), Thing: thing}, nil
}

// nearest is the way of a part, which knows more than that of the whole around it.
func nearest(whole, part []Step) []Step {
	if len(part) > 0 {
		return part
	}
	return whole
}

// narrowed points the first step at which a text stands to where it does.
func narrowed(way []Step, match string) []Step {
	for i, step := range way {
		if at := bytes.Index(step.Span.Text(), []byte(match)); at >= 0 {
			way = slices.Clone(way)
			way[i].Span.Start += at
			way[i].Span.End = way[i].Span.Start + len(match)
			return way
		}
	}
	return way
}

// firstLine is the place of something that concerns a whole document: a region
// of a thousand lines would help no reader.
func firstLine(whole Span) Location {
	text := whole.Text()
	start := len(text) - len(bytes.TrimLeft(text, "\ufeff \t\r\n"))
	end := len(text)
	if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
		end = start + i
	}
	end = start + len(bytes.TrimRight(text[start:end], " \t\r"))
	return Span{Source: whole.Source, Start: whole.Start + start, End: whole.Start + end}.Location()
}

func related(via []Step) []Related {
	var all []Related
	for _, step := range via {
		all = append(all, Related{Message: step.Message, Location: step.Span.Location()})
	}
	return all
}

func describe(path Path) string {
	if len(path) == 0 {
		return "the document"
	}
	return path.String()
}

// child gives the part of a node, nil if there is none, and an error if there
// can be none.
func (n *Node) child(part any) (*Node, Span, error) {
	switch part := part.(type) {
	case string:
		if field := n.Field(part); field != nil {
			return field.Value, field.Span, nil
		}
	case int:
		if n.Kind != List {
			return nil, Span{}, fmt.Errorf("has no item %d: it is no list", part)
		}
		if part < 0 || part >= len(n.Items) {
			return nil, Span{}, fmt.Errorf("has no item %d: it has %d", part, len(n.Items))
		}
		return n.Items[part], Span{}, nil
	default:
		return nil, Span{}, fmt.Errorf("has no part %v: parts are strings and whole numbers", part)
	}
	return nil, Span{}, nil
}

// anchor writes a path with names in place of indices, so that it survives a
// reordering: Deployment/default/web › spec › containers[web] › image.
func (d *Document) anchor(path Path) string {
	var parts []string
	if d.Name != "" {
		parts = append(parts, d.Name)
	}
	node := d.Root
	for _, part := range path {
		next := (*Node)(nil)
		if node != nil {
			next, _, _ = node.child(part)
		}
		if _, isIndex := part.(int); isIndex {
			label := "[" + next.identity() + "]"
			if len(parts) > 0 {
				parts[len(parts)-1] += label
			} else {
				parts = append(parts, label)
			}
		} else {
			parts = append(parts, fmt.Sprint(part))
		}
		node = next
	}
	return strings.Join(parts, " › ")
}

// identifying are the keys that name an item of a list, best first.
var identifying = []string{"local_address", "address", "id", "name", "key", "uses", "metadata"}

// identity names an item of a list by what its author calls it, and by the secret
// that it is about: another one in its place is another matter. Never by a scalar
// of its own: that may be a credential.
func (n *Node) identity() string {
	secret := n.Get("secret", "name").Str()
	for _, key := range identifying {
		value := n.Get(key)
		if key == "metadata" {
			value = value.Get("name")
		}
		switch text := value.Str(); {
		case text == "":
		case secret == "" || strings.HasSuffix(text, secret):
			return text
		default:
			return text + " " + secret
		}
	}
	return secret
}
