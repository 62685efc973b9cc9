package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/contract/edit"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// Difference is something that a contract and the repository do not agree on.
type Difference struct {
	Contract, File string
	At             lint.Location // in the contract
	Where          lint.Location // in the repository; zero if it is nowhere
	Message        string
	Approval       string // the team that has to agree: the contract would allow more
	Editable       bool   // an edit of the contract settles it

	remove lint.Path // what is to go
	path   lint.Path // where value is to be set, or appended to what is there
	value  *lint.Node
	set    bool
}

// Widens says whether the contract would allow more.
func (d *Difference) Widens() bool { return d.Approval != "" }

// Sync compares contracts with the repository, all or those with one of the names.
func Sync(g *graph.Graph, o Options, only []string) []Difference {
	s := &comparison{graph: g, Options: o, grouper: newGrouper(g, g.Catalog)}
	s.groups = s.grouper.groups()
	for _, secret := range g.Contracts {
		if secret.State == "retired" || len(only) > 0 && !slices.Contains(only, secret.Name) {
			continue
		}
		s.secret = secret
		s.consumers()
		s.absent()
		s.deliveries()
		s.references()
		s.found()
		s.rotations()
	}
	return s.all
}

type comparison struct {
	Options
	graph   *graph.Graph
	grouper *grouper
	groups  []*group
	secret  *graph.Secret // that is compared
	all     []Difference
}

// add notes a difference. What stands in another file, an edit of this one cannot
// settle.
func (s *comparison) add(d Difference, at lint.Span) {
	d.Contract, d.File, d.At = s.secret.Name, s.secret.Document.Path, at.Location()
	if at.Source == nil {
		d.At = declared(s.secret).Location()
	}
	d.Editable = d.Editable && d.At.Path == d.File
	s.all = append(s.all, d)
}

// declared is where a contract says its name.
func declared(s *graph.Secret) lint.Span {
	if name := s.Document.Root.Get("metadata", "name"); name != nil {
		return name.Span
	}
	return s.Document.Root.Span
}

// field is where a field of the contract is written, else its name.
func (s *comparison) field(keys ...string) lint.Span {
	if n := s.secret.Document.Root.Get(append([]string{"spec"}, keys...)...); n != nil {
		return n.Span
	}
	return lint.Span{}
}

// approver is the team without which a contract may not allow more.
func (s *comparison) approver() string { return cmp.Or(s.secret.Owner, "its owner") }

// uses lists what certainly gets the secret, what nobody declares included.
func (s *comparison) uses() []*graph.ResolvedUse {
	var all []*graph.ResolvedUse
	for _, i := range s.secret.Uses {
		all = append(all, s.graph.Uses[i])
	}
	for _, gr := range s.mine() {
		for _, u := range gr.uses {
			if len(u.Claims) == 0 {
				all = append(all, u)
			}
		}
	}
	return slices.DeleteFunc(all, func(u *graph.ResolvedUse) bool { return u.Confidence != graph.Exact })
}

// mine are the groups that belong to the secret and to no other.
func (s *comparison) mine() []*group {
	var all []*group
	for _, gr := range s.groups {
		if slices.Equal(gr.contracts, []string{s.secret.Name}) {
			all = append(all, gr)
		}
	}
	return all
}

// consumers finds who gets the secret and is not listed.
func (s *comparison) consumers() {
	if s.secret.Class == identifier && len(s.secret.Consumers) == 0 {
		return
	}
	seen := map[string]bool{}
	for _, u := range s.uses() {
		key := u.Consumer + "\x00" + u.Environment
		if seen[key] || s.secret.Allows(u) {
			continue
		}
		seen[key] = true
		d := Difference{Where: u.At.Location(), Approval: s.approver(), Editable: true}
		d.Message = fmt.Sprintf("consumer %s gets %s and is not listed", u.Consumer, u.Name)
		d.path, d.value = lint.Path{"spec", "consumers"}, s.consumer(u)
		at := s.field("consumers")
		if i := slices.IndexFunc(s.secret.Consumers, func(c contract.Consumer) bool { return c.Workload == u.Consumer }); i >= 0 {
			d.Message = fmt.Sprintf("consumer %s gets %s in %s and is listed for other environments", u.Consumer, u.Name, u.Environment)
			d.path, d.value = append(s.secret.Consumers[i].At, "environments"), text(u.Environment)
			at = s.secret.Consumers[i].Span
		}
		s.add(d, at)
	}
}

func (s *comparison) consumer(u *graph.ResolvedUse) *lint.Node {
	n := lint.NewObject(lint.Span{})
	n.Set("workload", lint.Span{}, text(u.Consumer))
	if u.Environment != "" {
		n.Set("environments", lint.Span{}, lint.NewList(lint.Span{}, text(u.Environment)))
	}
	return n
}

func text(value string) *lint.Node { return lint.NewString(value, lint.Span{}) }

// absent finds who is listed and exists nowhere. A list of nobody would allow
// everybody: then the contract is what is wrong.
func (s *comparison) absent() {
	var gone []contract.Consumer
	for _, c := range s.secret.Consumers {
		if found, known := s.graph.Exists(c.Workload); known && !found {
			gone = append(gone, c)
		}
	}
	for _, c := range gone {
		d := Difference{Message: fmt.Sprintf("consumer %s exists nowhere", c.Workload), Editable: len(gone) < len(s.secret.Consumers), remove: c.At}
		if !d.Editable {
			d.Message += ", and no other consumer is listed; correct the list, or retire the contract"
		}
		s.add(d, c.Span)
	}
}

// deliveries finds ways by which the secret arrives and that are not allowed.
func (s *comparison) deliveries() {
	if len(s.secret.Delivery) == 0 {
		return
	}
	seen, ways := map[string]bool{}, s.secret.Delivery
	for _, u := range s.uses() {
		way := strings.Replace(u.Delivery, "build-secret", "file", 1)
		if way == "" || seen[way] || slices.Contains(s.secret.Delivery, way) {
			continue
		}
		seen[way] = true
		d := Difference{Where: u.At.Location(), Editable: true, Approval: s.approver(), path: lint.Path{"spec", "delivery"}, value: text(way)}
		d.Message = fmt.Sprintf("%s gets %s by %s, which delivery does not allow", u.Consumer, u.Name, way)
		if slices.Contains(s.Class(s.secret.Class).Denied, way) {
			d.Message += fmt.Sprintf(" and class %s denies; change the consumer", s.secret.Class)
			d.Editable, d.Approval = false, ""
		}
		at := s.field("delivery")
		if at.Source == nil || at.Location().Path != s.secret.Document.Path { // inherited
			ways = append(slices.Clip(ways), way)
			d.set, d.value, at = true, list(ways), lint.Span{}
		}
		s.add(d, at)
	}
}

func list(all []string) *lint.Node {
	n := lint.NewList(lint.Span{})
	for _, value := range all {
		n.Items = append(n.Items, text(value))
	}
	return n
}

// references finds names that nothing uses. If nothing uses any, the contract is
// what is wrong.
func (s *comparison) references() {
	var gone []contract.Claim
	for _, c := range s.secret.Claims {
		if used, known := s.graph.UsesSlot(s.secret, c.Slot); known && !used {
			gone = append(gone, c)
		}
	}
	left := len(s.secret.Claims) - len(gone)
	for _, e := range s.secret.Environments {
		if e.Path != "" {
			left++
		}
	}
	for _, c := range gone {
		_, name := reference(c.Slot)
		d := Difference{Message: fmt.Sprintf("reference %s is used nowhere", name), Editable: left > 0, remove: c.At}
		if !d.Editable {
			d.Message += ", and neither is any other; correct the references, or retire the contract"
		}
		s.add(d, c.Span)
	}
}

// found finds names of the secret that the contract lacks.
func (s *comparison) found() {
	for _, gr := range s.mine() {
		st := &stub{writer: &writer{Options: s.Options, graph: s.graph, catalog: s.graph.Catalog, grouper: s.grouper}, group: gr}
		for _, m := range gr.undeclared() {
			platform, name := reference(m.slot)
			if platform == "" {
				continue
			}
			environment := s.grouper.environment(m.slot)
			for _, u := range gr.uses {
				if u.Slot == m.slot && len(u.Claims) == 0 {
					environment = cmp.Or(s.grouper.told(u.Name), st.environmentOf(u))
					_, name = reference(st.slotOf(u))
					if s.grouper.told(u.Name) != "" {
						name = strings.ToUpper(u.Name)
					}
				}
			}
			path := lint.Path{"spec", "references", platform}
			if environment != "" {
				path = lint.Path{"spec", "environments", environment, "references", platform}
			}
			s.add(Difference{
				Message: fmt.Sprintf("%s is the same secret and is not among the references", name),
				Where:   m.at.Location(), Approval: s.approver(), Editable: true, path: path, value: text(name),
			}, s.field("references"))
		}
	}
}

// rotations finds intervals that infrastructure code sets otherwise. The stricter
// one holds: a contract takes over a shorter interval, and a longer one is to be
// changed where it is set.
func (s *comparison) rotations() {
	for _, i := range s.secret.Rotations {
		r := s.graph.Rotations[i]
		interval, path := s.interval(r)
		if interval == 0 || r.Interval == 0 || r.Interval == interval {
			continue
		}
		d := Difference{Where: r.At.Location(), Editable: r.Interval < interval, path: path, value: text(duration(r.Interval)), set: true}
		d.Message = fmt.Sprintf("rotation is every %s here and every %s in the infrastructure code", duration(interval), duration(r.Interval))
		if !d.Editable {
			d.Message += "; change the infrastructure code, which is the slower"
		}
		at := s.field("rotation", "interval")
		if at.Source != nil && at.Location().Path != s.secret.Document.Path {
			at = lint.Span{}
		}
		s.add(d, at)
	}
}

// interval is what the contract says about the environment of a rotation.
func (s *comparison) interval(r *graph.ResolvedRotation) (int64, lint.Path) {
	for _, c := range r.Claims {
		own := s.secret.Document.Root.Get("spec", "environments", c.Environment, "rotation")
		if seconds := seconds(own); c.Secret == s.secret && seconds > 0 {
			return seconds, lint.Path{"spec", "environments", c.Environment, "rotation", "interval"}
		}
	}
	return s.secret.Rotation.Interval, lint.Path{"spec", "rotation", "interval"}
}

// Apply settles differences by edits of a contract's file.
func Apply(file *edit.File, all []Difference) error {
	removed := slices.Clone(all)
	slices.SortStableFunc(removed, func(a, b Difference) int { return last(b.remove) - last(a.remove) })
	for _, d := range removed {
		if d.remove == nil {
			continue
		}
		if err := take(file, file.Find("SecretContract", d.Contract), d.remove); err != nil {
			return err
		}
	}
	for _, d := range all {
		doc := file.Find("SecretContract", d.Contract)
		var err error
		switch {
		case d.path == nil:
		case d.set:
			err = file.Set(doc, d.path, d.value)
		default:
			err = file.Append(doc, d.path, d.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// last is the index at the end of a path: items are removed from the last on, for
// those behind one that goes move up.
func last(path lint.Path) int {
	if len(path) == 0 {
		return -1
	}
	i, _ := path[len(path)-1].(int)
	return i
}

// take removes an item, and with the last reference the list and the mapping that
// have no other.
func take(file *edit.File, doc int, path lint.Path) error {
	for path[len(path)-1] != "references" {
		parent := file.Root(doc).At(path[:len(path)-1])
		if parent == nil || len(parent.Items)+len(parent.Fields) > 1 {
			break
		}
		path = path[:len(path)-1]
	}
	return file.Remove(doc, path)
}
