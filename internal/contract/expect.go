package contract

import (
	"slices"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// Expectations are what a class makes of a contract that says nothing but its
// class, and what it lets such a contract say.
type Expectations struct {
	Known    bool     // there is such a class
	Justify  bool     // a static secret needs a justification
	Delivery []string // what is allowed where the contract does not say
	Denied   []string // what it may not allow
	Interval int64    // between rotations, in seconds; 0 if the class does not say
	Longest  int64    // limit of the interval; 0 for none
}

// Expect gives the expectations of a class at a time.
func (s *Set) Expect(name string, now time.Time) Expectations {
	c := s.classes[name]
	if c == nil {
		return Expectations{}
	}
	m := &merged{origins: map[string]Origin{}}
	for _, doc := range c.defaults {
		m.apply(doc.Root.Get("spec", "defaults"), Origin{Kind: classKind, Name: name})
	}
	if m.spec == nil {
		m.spec = lint.NewObject(lint.Span{})
	}
	x := Expectations{Known: true, Justify: c.alternative != nil && m.spec.Get("lifetime", "kind").Str() == "static"}
	for i := range c.limits {
		l := &c.limits[i]
		if !l.inForce(m.spec, now.UnixNano()) {
			continue
		}
		l.tighten(m)
		x.restrict(l)
	}
	x.Delivery = texts(m.spec.Get("delivery"))
	x.Interval = number(m.spec.Get("rotation", "interval_s"))
	return x
}

func (x *Expectations) restrict(l *limit) {
	switch most, bounded := l.bound("max"); {
	case slices.Equal(l.field, []string{"delivery"}):
		x.Denied = append(x.Denied, l.deny...)
	case slices.Equal(l.field, []string{"rotation", "interval"}) && bounded && (x.Longest == 0 || most < x.Longest):
		x.Longest = most
	}
}
