package graph

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// readActions of AWS give the value of an entry, and the store it is of.
var readActions = []struct{ action, store, arn string }{
	{"secretsmanager:getsecretvalue", "aws-secretsmanager", ":secretsmanager:"},
	{"secretsmanager:batchgetsecretvalue", "aws-secretsmanager", ":secretsmanager:"},
	{"ssm:getparameter", "aws-ssm", ":ssm:"},
	{"ssm:getparameters", "aws-ssm", ":ssm:"},
	{"ssm:getparametersbypath", "aws-ssm", ":ssm:"},
	{"ssm:getparameterhistory", "aws-ssm", ":ssm:"},
}

// maxGrants bounds those of one document, or of one binding: a policy of a
// thousand entries for a thousand roles is a mistake, or an attack.
const maxGrants = 10_000

// rights collects what a document lets identities read.
type rights struct {
	scope string
	to    *Facts
	// entry is the name of the entry that a value refers to, or its slot.
	entry func(*lint.Node) string
}

func (r rights) grant(g Grant) {
	g.Wildcard, g.Scope = strings.Contains(g.Pattern, "*"), r.scope
	if g.Identity != "" && g.Pattern != "" && len(r.to.Grants) < maxGrants {
		r.to.Grants = append(r.to.Grants, g)
	}
}

func (r rights) grantAll(identities []string, g Grant) {
	for _, identity := range identities {
		g.Identity = identity
		r.grant(g)
	}
}

// statements adds what a policy of AWS lets read.
func (r rights) statements(document *lint.Node, identities []string) {
	for _, statement := range oneOrMore(document.Get("Statement")) {
		if statement.Get("Effect").Str() != "Allow" {
			continue
		}
		at := span(statement)
		if at.Source == nil {
			at = span(document)
		}
		r.statement(statement, identities, at)
	}
}

func (r rights) statement(statement *lint.Node, identities []string, at lint.Span) {
	seen := map[string]bool{}
	for _, action := range oneOrMore(statement.Get("Action")) {
		for _, read := range readActions {
			if !fitsAction(strings.ToLower(action.Str()), read.action) {
				continue
			}
			for _, resource := range oneOrMore(statement.Get("Resource")) {
				for _, pattern := range r.patterns(resource, read.arn) {
					if key := pattern + "\x00" + read.store; !seen[key] {
						seen[key] = true
						r.grantAll(identities, Grant{Pattern: pattern, Store: read.store, Action: action.Text, At: at})
					}
				}
			}
		}
	}
}

// oneOrMore are the items of a list, or the one value that stands for it; of one
// that depends on a condition, all that it can be.
func oneOrMore(n *lint.Node) []*lint.Node {
	if n == nil || n.Kind != lint.List {
		n = &lint.Node{Kind: lint.List, Items: []*lint.Node{n}}
	}
	var all []*lint.Node
	for _, item := range n.Items {
		known := item.Get("$candidates").List()
		if known == nil {
			known = []*lint.Node{item}
		}
		all = append(all, known...)
	}
	return all
}

// fitsAction compares an action with one that a policy writes: * and ? stand for
// other characters.
func fitsAction(pattern, action string) bool {
	if len(pattern) > 200 {
		return false
	}
	matched, err := path.Match(pattern, action)
	return err == nil && matched
}

// whereabouts are the parts of an ARN that no template knows.
var whereabouts = regex.Lazy(`\$\{(?:AWS::(?:Partition|Region|AccountId)|(?:[^},]*\.)?data\.aws_(?:caller_identity|partition|region)\.[^},]*)\}`)

// plain is a text, with a star for the region and the account in it; "" if
// anything else of it is not known.
func plain(n *lint.Node) string {
	text := n.Str()
	if known := n.Get("$text").Str(); known != "" {
		text = whereabouts().ReplaceAllString(known, "*")
	}
	if n != nil && n.Kind != lint.String && strings.Contains(text, "${") {
		return ""
	}
	return text
}

// patterns are the names of what an ARN means in a store.
func (r rights) patterns(resource *lint.Node, store string) []string {
	arn := plain(resource)
	if arn == "" {
		return []string{r.entry(resource)}
	}
	name := secretName(arn)
	switch {
	case strings.Trim(arn, "*") == "":
		return []string{"*"}
	case !strings.Contains(arn, store):
		return nil
	case name == arn && strings.HasSuffix(arn, "*"): // of the region, the account or the kind
		return []string{"*"}
	case name == arn:
		return nil
	case strings.HasSuffix(arn, "-*") && !strings.HasSuffix(name, "*"): // the six characters, and names that go on
		return []string{name, name + "-*"}
	}
	return []string{name}
}

// resourcePolicy adds whom the policy of one entry lets read it.
func (r rights) resourcePolicy(document *lint.Node, pattern, store string, identity func(*lint.Node) string) {
	for _, statement := range oneOrMore(document.Get("Statement")) {
		action := reading(statement, store)
		if statement.Get("Effect").Str() != "Allow" || action == "" {
			continue
		}
		at := span(statement)
		if at.Source == nil {
			at = span(document)
		}
		for _, principal := range oneOrMore(statement.Get("Principal", "AWS")) {
			r.grant(Grant{Identity: identity(principal), Pattern: pattern, Store: store, Action: action, At: at})
		}
	}
}

// reading is an action of a statement that reads values of a store, "" if it has none.
func reading(statement *lint.Node, store string) string {
	for _, action := range oneOrMore(statement.Get("Action")) {
		for _, read := range readActions {
			if read.store == store && fitsAction(strings.ToLower(action.Str()), read.action) {
				return action.Text
			}
		}
	}
	return ""
}

// namedPrincipal is the locator of the role or user that an ARN names. Infrastructure
// code knows no account, so that the name alone has to do. Of a whole account nobody
// knows the members.
func namedPrincipal(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || strings.Contains(parts[5], "*") {
		return ""
	}
	for _, kind := range []string{"role", "user"} {
		if name, found := strings.CutPrefix(parts[5], kind+"/"); found {
			return "aws-iam:" + kind + "/" + path.Base(name)
		}
	}
	return ""
}

// managedReads are policies of AWS itself that let read every entry, by the store.
var managedReads = map[string][]string{
	"AdministratorAccess":     {"aws-secretsmanager", "aws-ssm"},
	"PowerUserAccess":         {"aws-secretsmanager", "aws-ssm"},
	"SecretsManagerReadWrite": {"aws-secretsmanager"},
	"AmazonSSMFullAccess":     {"aws-ssm"},
	"AmazonSSMReadOnlyAccess": {"aws-ssm"},
}

// managedPolicy adds what a policy of AWS itself lets read.
func (r rights) managedPolicy(arn *lint.Node, identity string) {
	text := plain(arn)
	if strings.HasPrefix(text, "arn:") && !strings.Contains(text, ":iam::aws:policy/") {
		return
	}
	for _, store := range managedReads[path.Base(text)] {
		r.grant(Grant{Identity: identity, Pattern: "*", Store: store, Action: path.Base(text), At: span(arn)})
	}
}

// issuerOf is the host of a provider of tokens, as the ARN of the provider or the
// name of a claim has it.
var issuerOf = regex.Lazy(`^(?:.*:oidc-provider/)?([a-z0-9][a-z0-9.-]*\.[a-z]+)(?:/[^:]*)?(?::[a-z_]+)?$`)

func issuer(text string) string {
	if found := issuerOf().FindStringSubmatch(strings.TrimPrefix(text, "https://")); found != nil {
		return found[1]
	}
	return ""
}

// trusts adds whose tokens open a role, as its policy says.
func (r rights) trusts(document *lint.Node, identity string) {
	for _, statement := range oneOrMore(document.Get("Statement")) {
		if statement.Get("Effect").Str() != "Allow" || !opensByToken(statement) {
			continue
		}
		at := span(statement)
		if at.Source == nil {
			at = span(document)
		}
		for _, provider := range oneOrMore(statement.Get("Principal", "Federated")) {
			r.subjects(Trust{Identity: identity, Issuer: issuer(plain(provider)), At: at}, statement.Get("Condition"))
		}
	}
}

func opensByToken(statement *lint.Node) bool {
	for _, action := range oneOrMore(statement.Get("Action")) {
		if strings.EqualFold(action.Str(), "sts:AssumeRoleWithWebIdentity") {
			return true
		}
	}
	return false
}

// bindsNothing are the operators that say what a claim is not, or whether it is there.
var bindsNothing = regex.Lazy(`(?i)^(?:For(?:AllValues|AnyValue):)?(?:(?:Arn|Numeric|String)Not|Null$)`)

// subjects adds a trust for each subject that a condition names. Of a condition that
// is not known nothing is said.
func (r rights) subjects(t Trust, condition *lint.Node) {
	limited := condition.Get("$unknown") != nil
	for _, operator := range condition.Object() {
		if bindsNothing().MatchString(operator.Key) {
			continue
		}
		for _, claim := range operator.Value.Object() {
			host, name, _ := strings.Cut(claim.Key, ":")
			if name != "sub" {
				limited = limited || name != "aud"
				continue
			}
			limited = true
			for _, value := range oneOrMore(claim.Value) {
				found := t
				if found.Subject = plain(value); found.Issuer == "" {
					found.Issuer = issuer(host)
				}
				if value != nil && value.Span.Source != nil {
					found.At = value.Span
				}
				if found.Subject != "" {
					r.trust(found)
				}
			}
		}
	}
	if !limited {
		r.trust(t)
	}
}

func (r rights) trust(t Trust) {
	if t.Identity != "" && len(r.to.Trusts) < maxGrants {
		r.to.Trusts = append(r.to.Trusts, t)
	}
}
