package graph

import (
	"slices"
	"strings"
)

// most is how many contracts are written down where a wildcard reaches all of
// them: twenty pipelines and ten thousand contracts must not make a graph of
// their product.
const most = 100

// inScope gives the claims on what a job of GitHub can see: what its environment
// has, and the repository. Those that list the job go first, and there are at most
// as many as can be written down.
func (r *resolver) inScope(u *ResolvedUse) []Claim {
	if u.Platform != "github" {
		return nil
	}
	name := strings.ToLower(u.Scope)
	s := r.visible[name]
	if s == nil {
		s = r.scope(name)
		r.visible[name] = s
	}
	u.Reaches = len(s.claims)
	var claims []Claim
	for _, i := range s.listing(u.names()) {
		claims = append(claims, s.claims[i])
	}
	claims = claims[:min(len(claims), most)]
	for i := 0; i < len(s.claims) && len(claims) < most; i++ {
		claims = append(claims, s.claims[i])
	}
	return claims
}

// scope is what the jobs of an environment of GitHub can see.
type scope struct {
	claims   []Claim
	named    map[string][]int // claims, by the locator that the contract lists
	patterns []int            // claims whose contracts list everybody or a pattern
}

func (r *resolver) scope(name string) *scope {
	all := slices.Clone(r.scopes[""])
	if name != "" {
		all = append(all, r.scopes[name]...)
	}
	s := &scope{claims: distinct(all), named: map[string][]int{}}
	for i, c := range s.claims {
		c.Secret.Wildcard = true
		isPattern := len(c.Secret.Consumers) == 0
		for _, allowed := range c.Secret.Consumers {
			s.named[allowed.Workload] = append(s.named[allowed.Workload], i)
			isPattern = isPattern || strings.ContainsAny(allowed.Workload, meta)
		}
		if isPattern {
			s.patterns = append(s.patterns, i)
		}
	}
	return s
}

// listing gives the claims whose contracts list one of the consumers.
func (s *scope) listing(consumers []string) []int {
	var found []int
	for _, consumer := range consumers {
		file, _, _ := strings.Cut(consumer, "#")
		found = append(found, s.named[consumer]...)
		found = append(found, s.named[file]...)
	}
	for _, i := range s.patterns {
		if len(found) >= most {
			break
		}
		if listed, _ := lists(s.claims[i].Secret, consumers, ""); listed {
			found = append(found, i)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
