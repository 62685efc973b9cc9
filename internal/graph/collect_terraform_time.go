package graph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// managing are the resources whose password AWS keeps and rotates itself if they
// ask for it: every week, those of Redshift every 30 days.
var managing = []string{"aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_redshift_cluster"}

// copies notes where infrastructure code hands a value of a store on to a
// platform: a Secret of Kubernetes, a secret of GitHub.
func (t *terraform) copies(resource *lint.Node) {
	values := resource.Get("values")
	name := values.Get("secret_name").Str()
	s := Supply{Platform: "github", Mechanism: "terraform"}
	switch resource.Get("type").Str() {
	case "kubernetes_secret", "kubernetes_secret_v1":
		metadata := first(values.Get("metadata"))
		s.Platform, s.Environment = "kubernetes", metadata.Get("namespace").Str()
		namespace := s.Environment
		if namespace == "" {
			namespace = unnamed
		}
		if metadata.Get("name").Str() == "" {
			return
		}
		for _, field := range values.Get("data").Object() {
			s.Slot = "k8s-secret:" + namespace + "/" + object(metadata.Get("name").Str(), field.Key)
			t.copy(s, field.Value)
		}
		return
	case "github_actions_secret", "github_actions_organization_secret":
		s.Slot = "github-secret:" + strings.ToUpper(name)
	case "github_actions_environment_secret":
		s.Environment = values.Get("environment").Str()
		s.Slot = "github-secret:" + s.Environment + "/" + strings.ToUpper(name)
		if s.Environment == "" {
			return
		}
	default:
		return
	}
	if name != "" {
		for _, attribute := range []string{"plaintext_value", "value", "encrypted_value"} {
			t.copy(s, values.Get(attribute))
		}
	}
}

func (t *terraform) copy(s Supply, value *lint.Node) {
	slot, name := t.made(t.refersTo(value))
	s.From, s.At = slot, span(value)
	if slot == "" {
		s.From = name
	}
	if s.From != "" {
		t.facts.Supplies = append(t.facts.Supplies, s)
	}
}

// rotation adds the schedules by which resources rotate entries.
func (t *terraform) rotation(resource *lint.Node) {
	typ, values := resource.Get("type").Str(), resource.Get("values")
	r := Rotation{Slot: t.slot(resource)}
	switch typ {
	case "aws_secretsmanager_secret_rotation":
		r.Target, r.TargetName = t.target(values.Get("secret_id"))
		t.rules(r, values, resource)
	case "google_secret_manager_secret":
		r.Target, r.TargetName = r.Slot, entryName(resource)
		t.every(r, first(values.Get("rotation")).Get("rotation_period"), durationOf)
	case "azurerm_key_vault_certificate":
		r.Target, r.TargetName = r.Slot, values.Get("name").Str()
		t.certificate(r, first(values.Get("certificate_policy")))
	case "azurerm_key_vault_key":
		r.Target, r.TargetName = r.Slot, values.Get("name").Str()
		t.every(r, first(first(values.Get("rotation_policy")).Get("automatic")).Get("time_after_creation"), func(n *lint.Node) int64 { return isoSeconds(n.Str()) })
	case "vault_database_secret_backend_static_role":
		if backend, name := t.backend(values), values.Get("name").Str(); backend != "" && name != "" {
			r.TargetName = backend + "/static-creds/" + name
		}
		t.every(r, values.Get("rotation_period"), durationOf)
		r.ByExpression = true
		t.every(r, values.Get("rotation_schedule"), func(n *lint.Node) int64 { return cronGap(n.Str()) })
	}
	if managed := managedPassword(values); slices.Contains(managing, typ) && managed != nil && !t.rotated[r.Slot] {
		r.Target, r.At, r.Interval = r.Slot, managed.Span, 7*day
		if typ == "aws_redshift_cluster" {
			r.Interval = 30 * day
		}
		t.facts.Rotations = append(t.facts.Rotations, r)
	}
}

func managedPassword(values *lint.Node) *lint.Node {
	for _, attribute := range []string{"manage_master_user_password", "manage_master_password"} {
		if managed := values.Get(attribute); isTrue(managed) {
			return managed
		}
	}
	return nil
}

// every adds a rotation whose interval an attribute sets.
func (t *terraform) every(r Rotation, interval *lint.Node, read func(*lint.Node) int64) {
	if interval != nil && interval.Kind != lint.Null {
		r.At, r.Interval = interval.Span, read(interval)
		t.facts.Rotations = append(t.facts.Rotations, r)
	}
}

// rules reads how often Secrets Manager rotates. Without rules it does when the
// function is called, so that only the resource is known.
func (t *terraform) rules(r Rotation, values, resource *lint.Node) {
	rules := first(values.Get("rotation_rules"))
	before := len(t.facts.Rotations)
	t.every(r, rules.Get("automatically_after_days"), func(n *lint.Node) int64 { return numberOf(n) * day })
	r.ByExpression = true
	t.every(r, rules.Get("schedule_expression"), func(n *lint.Node) int64 { return awsGap(n.Str()) })
	if len(t.facts.Rotations) == before {
		r.At, r.ByExpression = span(resource.Get("name")), false
		t.facts.Rotations = append(t.facts.Rotations, r)
	}
}

// certificate is renewed some days, or a part of its lifetime, before it ends.
func (t *terraform) certificate(r Rotation, policy *lint.Node) {
	validity := first(policy.Get("x509_certificate_properties")).Get("validity_in_months")
	for _, action := range policy.Get("lifetime_action").List() {
		trigger := first(action.Get("trigger"))
		if first(action.Get("action")).Get("action_type").Str() != "AutoRenew" {
			continue
		}
		lifetime := numberOf(validity) * 30 * day
		t.every(r, trigger.Get("days_before_expiry"), func(n *lint.Node) int64 {
			if lifetime == 0 {
				return 0
			}
			return max(lifetime-numberOf(n)*day, 0)
		})
		t.every(r, trigger.Get("lifetime_percentage"), func(n *lint.Node) int64 { return lifetime * numberOf(n) / 100 })
	}
}

// maxAmount bounds the numbers that are multiplied: more days are a mistake.
const maxAmount = 1_000_000_000

// numberOf is a whole number, written as a number or as a text, else 0.
func numberOf(n *lint.Node) int64 {
	if n == nil || n.Kind != lint.Number && n.Kind != lint.String {
		return 0
	}
	number, err := strconv.ParseInt(n.Text, 10, 64)
	if err != nil || number < 0 || number > maxAmount {
		return 0
	}
	return number
}

// durationOf reads seconds as a number, or a duration with its units.
func durationOf(n *lint.Node) int64 {
	if n.Str() != "" {
		return seconds(n.Text)
	}
	return numberOf(n)
}

// makers are the resources that make a credential anew when what they are kept
// by changes.
var makers = []string{
	"random_password", "random_string", "random_id", "random_bytes", "tls_private_key", "azuread_application_password",
	"azuread_service_principal_password", "google_service_account_key", "aws_iam_access_key", "terraform_data",
}

// timeRotations finds the entries whose values are made anew when a time_rotating
// changes: it may keep a random password, which a version of a secret takes.
func (t *terraform) timeRotations(resources []*lint.Node) {
	var starts []*lint.Node
	for _, resource := range resources {
		if resource.Get("type").Str() == "time_rotating" && resource.Get("mode").Str() == "managed" {
			starts = append(starts, resource)
		}
	}
	if len(starts) == 0 {
		return
	}
	takes := map[string][]*lint.Node{} // resources, by the address they refer to
	for _, resource := range resources {
		for _, address := range referred(resource) {
			takes[address] = append(takes[address], resource)
		}
	}
	for _, start := range starts {
		interval, at := rotatingInterval(start.Get("values"))
		r := Rotation{Slot: t.slot(start), Interval: interval, At: at}
		if at.Source == nil {
			r.At = span(start.Get("name"))
		}
		for i := range t.facts.Workloads {
			if w := &t.facts.Workloads[i]; w.ID == t.locator(start.Get("address").Str()) {
				w.Kind, w.Schedule, w.StartedAt = "rotation", interval, at
			}
		}
		t.facts.Rotations = append(t.facts.Rotations, t.reached(r, start, takes)...)
	}
}

// maxReached bounds how many resources are followed from one.
const maxReached = 1000

// reached gives a rotation for each entry that the values reach, or itself if
// they reach none.
func (t *terraform) reached(r Rotation, start *lint.Node, takes map[string][]*lint.Node) []Rotation {
	var all []Rotation
	seen := map[string]bool{}
	for next := []string{start.Get("address").Str()}; len(next) > 0 && len(seen) < maxReached; next = next[1:] {
		takers := takes[next[0]]
		for _, resource := range takers[:min(len(takers), maxReached)] {
			address, typ := resource.Get("address").Str(), resource.Get("type").Str()
			slot, name := t.made(address)
			switch {
			case seen[address]:
			case slices.Contains(makers, typ):
				next = append(next, address)
			case slot != "" && !seen[slot] && resource.Get("mode").Str() == "managed":
				seen[slot] = true
				found := r
				found.Target, found.TargetName = slot, name
				all = append(all, found)
			}
			seen[address] = true
		}
	}
	if all == nil {
		return []Rotation{r}
	}
	return all
}

// referred lists the addresses that the values of a resource refer to.
func referred(resource *lint.Node) []string {
	var all []string
	add := func(list *lint.Node) {
		for _, name := range list.List() {
			if address := addressOf(name.Str()); address != "" && !slices.Contains(all, address) && len(all) < 100 {
				all = append(all, address)
			}
		}
	}
	resource.Get("values").Walk(func(_ lint.Path, n *lint.Node) bool {
		add(n.Get("$unknown"))
		return true
	})
	for _, derived := range resource.Get("derived").List() {
		add(derived.Get("from"))
	}
	return all
}

// rotatingInterval reads the one argument that says how long it takes. What more
// than one mean together is left open.
func rotatingInterval(values *lint.Node) (int64, lint.Span) {
	var interval int64
	var at lint.Span
	for _, unit := range []struct {
		name    string
		seconds int64
	}{{"minutes", 60}, {"hours", 3600}, {"days", day}, {"months", 30 * day}, {"years", 365 * day}} {
		n := values.Get("rotation_" + unit.name)
		if n == nil || n.Kind == lint.Null {
			continue
		}
		if at.Source != nil {
			return 0, at
		}
		interval, at = numberOf(n)*unit.seconds, n.Span
	}
	return interval, at
}
