package graph

import (
	"cmp"
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// cloudFormationFacts reads the resources of one template, and of those that it
// nests.
func cloudFormationFacts(doc *lint.Document) Facts {
	c := &cloudFormation{dir: path.Dir(doc.Path), byID: map[string]*lint.Node{}, byName: map[string]string{}, rotated: map[string]bool{}}
	c.rights = rights{c.dir, &c.facts, func(n *lint.Node) string {
		slot, name, _ := c.entry(n)
		return cmp.Or(name, slot)
	}}
	c.handed = handed{platform: "cloudformation", dir: c.dir, to: &c.facts, entry: c.entry, seen: map[Use]bool{}}
	resources := doc.Root.Get("resources").List()
	for _, resource := range resources {
		c.byID[resource.Get("id").Str()] = resource
		if name := plain(resource.Get("values", "Name")); name != "" && resource.Get("type").Str() == "AWS::SecretsManager::Secret" {
			c.byName[name] = c.slot(resource)
		}
		if resource.Get("type").Str() == "AWS::SecretsManager::RotationSchedule" {
			slot, _, _ := c.entry(resource.Get("values", "SecretId"))
			c.rotated[slot] = true
		}
	}
	for _, resource := range resources {
		c.resource(resource)
	}
	return c.facts
}

// cloudFormation reads one template.
type cloudFormation struct {
	dir     string
	byID    map[string]*lint.Node
	byName  map[string]string // slots of the entries that the template makes
	rotated map[string]bool
	facts   Facts
	rights
	handed handed
}

// slot is what a resource makes: by the file that it stands in, which may be that
// of a nested stack.
func (c *cloudFormation) slot(resource *lint.Node) string {
	return "cfn-secret:" + writtenIn(resource.Get("id"))
}

func (c *cloudFormation) locator(resource *lint.Node) string {
	return "cloudformation:" + writtenIn(resource.Get("id"))
}

// writtenIn is the file of a resource and its name there, without those of the
// templates around it.
func writtenIn(name *lint.Node) string {
	return span(name).Location().Path + "#" + name.Str()[strings.LastIndexByte(name.Str(), '.')+1:]
}

func (c *cloudFormation) resource(resource *lint.Node) {
	typ, values, at := resource.Get("type").Str(), resource.Get("values"), span(resource.Get("id"))
	if resource.Get("id").Str() == "" || values == nil {
		return
	}
	w := Workload{ID: c.locator(resource), Platform: "cloudformation", Kind: "resource", At: at}
	c.runsAs(&w, typ, values)
	before := len(c.facts.Rotations)
	switch typ {
	case "AWS::SecretsManager::Secret":
		c.facts.Objects = append(c.facts.Objects, Object{
			Slot: c.slot(resource), Name: plain(values.Get("Name")), Type: typ, StoreType: "aws-secretsmanager", Platform: "cloudformation",
			Encryption: c.encryption(values.Get("KmsKeyId")), EncryptedAt: span(values.Get("KmsKeyId")), Folder: c.dir, At: at,
		})
	case "AWS::SecretsManager::RotationSchedule":
		c.rotation(resource, values)
	case "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Redshift::Cluster":
		c.managed(resource, values)
	case "AWS::SSO::PermissionSet":
		c.lifetime(resource, plain(values.Get("Name")), isoSeconds(values.Get("SessionDuration").Str()), values.Get("SessionDuration"))
	case "AWS::SecretsManager::ResourcePolicy":
		slot, name, _ := c.entry(values.Get("SecretId"))
		c.resourcePolicy(values.Get("ResourcePolicy"), cmp.Or(name, slot), "aws-secretsmanager", c.principal)
	case "AWS::IAM::Role":
		c.lifetime(resource, plain(values.Get("RoleName")), numberOf(values.Get("MaxSessionDuration")), values.Get("MaxSessionDuration"))
		c.trusts(values.Get("AssumeRolePolicyDocument"), c.identity("role", resource))
		c.held(values, c.identity("role", resource))
	case "AWS::IAM::User":
		c.held(values, c.identity("user", resource))
	case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy":
		identities := c.holders(resource, values)
		if len(identities) == 0 && typ == "AWS::IAM::ManagedPolicy" {
			identities = []string{c.locator(resource)}
		}
		c.statements(values.Get("PolicyDocument"), identities)
	case "AWS::Serverless::Function", "AWS::Serverless::StateMachine":
		c.serverless(values, w.ID)
	}
	if rotations := c.facts.Rotations[before:]; len(rotations) > 0 {
		w.Kind, w.Schedule, w.StartedAt = "rotation", rotations[0].Interval, rotations[0].At
	}
	c.facts.Workloads = append(c.facts.Workloads, w)
	c.handed.resource(w.ID, values, at)
}

// acting are the properties that name the role which something runs as.
var acting = []string{"Role", "TaskRoleArn", "ExecutionRoleArn", "JobRoleArn", "InstanceRoleArn", "RoleArn"}

// runsAs notes the roles of a resource that runs something. A function of the
// serverless model without one gets a role of its own.
func (c *cloudFormation) runsAs(w *Workload, typ string, values *lint.Node) {
	switch typ {
	case "AWS::Lambda::Function", "AWS::ECS::TaskDefinition", "AWS::Batch::JobDefinition", "AWS::StepFunctions::StateMachine":
	case "AWS::Serverless::Function", "AWS::Serverless::StateMachine":
		if values.Get("Role") == nil {
			w.Identity = w.ID
		}
	default:
		return
	}
	for _, property := range acting {
		identity := c.principal(values.Get(property))
		switch {
		case identity == "":
		case w.Identity == "":
			w.Identity = identity
		default:
			w.Roles = append(w.Roles, identity)
		}
	}
}

var resourceReference = regex.Lazy(`^\$\{Resources\.([A-Za-z0-9.]+)\}(?::([^:]*).*)?$`)

// entry finds the entry that a value names: its slot if the template makes it, its
// name and the key in it if they are known.
func (c *cloudFormation) entry(value *lint.Node) (slot, name, key string) {
	text := cmp.Or(value.Str(), value.Get("$text").Str(), onlyReference(value))
	if found := resourceReference().FindStringSubmatch(text); found != nil {
		slot, name = c.made(c.at(found[1]))
		return slot, name, found[2]
	}
	if text = whereabouts().ReplaceAllString(text, "*"); strings.Contains(text, "${") {
		return "", "", ""
	}
	name, key = entryOfText(text)
	return c.byName[name], name, key
}

// onlyReference is the one thing that a value depends on, as it is written in texts.
func onlyReference(value *lint.Node) string {
	if all := value.Get("$unknown").List(); len(all) == 1 {
		return "${" + all[0].Str() + "}"
	}
	return ""
}

// at is the resource of a reference, behind which an attribute may stand.
func (c *cloudFormation) at(reference string) *lint.Node {
	for {
		if resource := c.byID[reference]; resource != nil {
			return resource
		}
		dot := strings.LastIndexByte(reference, '.')
		if dot < 0 {
			return nil
		}
		reference = reference[:dot]
	}
}

// made follows a resource to the entry: what ties a secret to a database stands
// for the secret.
func (c *cloudFormation) made(resource *lint.Node) (slot, name string) {
	for range 3 {
		switch values := resource.Get("values"); resource.Get("type").Str() {
		case "AWS::SecretsManager::Secret":
			return c.slot(resource), plain(values.Get("Name"))
		case "AWS::SecretsManager::SecretTargetAttachment":
			resource = c.referred(values.Get("SecretId"))
		case "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Redshift::Cluster":
			return c.slot(resource), "" // the password that AWS manages
		default:
			return "", ""
		}
	}
	return "", ""
}

// referred is the resource that a value is, nil for others.
func (c *cloudFormation) referred(value *lint.Node) *lint.Node {
	reference, _ := strings.CutPrefix(strings.TrimSuffix(onlyReference(value), "}"), "${Resources.")
	return c.at(reference)
}

func (c *cloudFormation) encryption(key *lint.Node) string {
	if key == nil || key.Kind == lint.Null {
		return "default"
	}
	name := plain(key)
	if made := c.referred(key); name == "" && made != nil {
		name = cmp.Or(made.Get("values", "AliasName").Str(), made.Get("id").Str())
	}
	switch {
	case name == "":
		return ""
	case strings.Contains(name, "alias/aws/"):
		return "managed:" + name
	}
	return "customer:" + name
}

// rotation reads a schedule. Without rules AWS rotates when the function is called,
// so that only the resource is known.
func (c *cloudFormation) rotation(resource, values *lint.Node) {
	r := Rotation{Slot: c.locator(resource), At: span(resource.Get("id"))}
	r.Target, r.TargetName, _ = c.entry(values.Get("SecretId"))
	rules := values.Get("RotationRules")
	if days := rules.Get("AutomaticallyAfterDays"); days != nil {
		r.Interval, r.At = numberOf(days)*day, days.Span
	} else if schedule := rules.Get("ScheduleExpression"); schedule != nil {
		r.Interval, r.At, r.ByExpression = awsGap(schedule.Str()), schedule.Span, true
	}
	c.facts.Rotations = append(c.facts.Rotations, r)
}

// managed reads a database whose password AWS keeps and rotates itself.
func (c *cloudFormation) managed(resource, values *lint.Node) {
	for _, property := range []string{"ManageMasterUserPassword", "ManageMasterPassword"} {
		if asked := values.Get(property); asked != nil && strings.EqualFold(asked.Text, "true") && !c.rotated[c.slot(resource)] {
			r := Rotation{Slot: c.locator(resource), Target: c.slot(resource), Interval: 7 * day, At: asked.Span}
			if resource.Get("type").Str() == "AWS::Redshift::Cluster" {
				r.Interval = 30 * day
			}
			c.facts.Rotations = append(c.facts.Rotations, r)
		}
	}
}

func (c *cloudFormation) lifetime(resource *lint.Node, name string, seconds int64, at *lint.Node) {
	if seconds > 0 {
		c.facts.Lifetimes = append(c.facts.Lifetimes, Lifetime{Slot: c.locator(resource), Kind: "session", Path: name, Seconds: seconds, At: span(at)})
	}
}

// identity is the locator of a role or a user: by its name if it has one, as the
// account, and so the ARN, no file knows.
func (c *cloudFormation) identity(kind string, resource *lint.Node) string {
	if name := plain(resource.Get("values", map[string]string{"role": "RoleName", "user": "UserName"}[kind])); name != "" {
		return "aws-iam:" + kind + "/" + name
	}
	return c.locator(resource)
}

// principal is the locator of the role or user that a value is, or names by its ARN.
func (c *cloudFormation) principal(value *lint.Node) string {
	if resource := c.referred(value); resource != nil {
		switch resource.Get("type").Str() {
		case "AWS::IAM::Role":
			return c.identity("role", resource)
		case "AWS::IAM::User":
			return c.identity("user", resource)
		}
		return ""
	}
	return namedPrincipal(plain(value))
}

// holders are the identities that a policy names.
func (c *cloudFormation) holders(resource, values *lint.Node) []string {
	var all []string
	for kind, properties := range map[string][]string{"role": {"Roles", "RoleName"}, "user": {"Users", "UserName"}} {
		for _, property := range properties {
			for _, name := range oneOrMore(values.Get(property)) {
				if identity := c.principal(name); identity != "" {
					all = append(all, identity)
				} else if plain(name) != "" {
					all = append(all, "aws-iam:"+kind+"/"+plain(name))
				}
			}
		}
	}
	for _, holder := range c.byID { // those that name the policy
		for _, arn := range holder.Get("values", "ManagedPolicyArns").List() {
			if c.referred(arn) == resource {
				kind := map[string]string{"AWS::IAM::Role": "role", "AWS::IAM::User": "user"}[holder.Get("type").Str()]
				all = append(all, c.identity(kind, holder))
			}
		}
	}
	return sorted(all)
}

// held adds what a role or a user may read by the policies within it.
func (c *cloudFormation) held(values *lint.Node, identity string) {
	for _, policy := range values.Get("Policies").List() {
		c.statements(policy.Get("PolicyDocument"), []string{identity})
	}
	for _, arn := range values.Get("ManagedPolicyArns").List() {
		c.managedPolicy(arn, identity)
	}
}

// serverless adds what a function of the serverless model may read: by statements,
// and by policies that the model knows.
func (c *cloudFormation) serverless(values *lint.Node, identity string) {
	if role := c.principal(values.Get("Role")); role != "" {
		identity = role
	}
	for _, policy := range oneOrMore(values.Get("Policies")) {
		c.statements(policy, []string{identity})
		c.managedPolicy(policy, identity)
		for _, known := range policy.Object() {
			g := Grant{Identity: identity, Action: known.Key, At: known.Span}
			switch known.Key {
			case "AWSSecretsManagerGetSecretValuePolicy":
				for _, pattern := range c.patterns(known.Value.Get("SecretArn"), ":secretsmanager:") {
					g.Pattern, g.Store = pattern, "aws-secretsmanager"
					c.grant(g)
				}
			case "SSMParameterReadPolicy", "SSMParameterWithSlashPrefixReadPolicy":
				if name := plain(known.Value.Get("ParameterName")); name != "" {
					g.Pattern, g.Store = "/"+strings.TrimPrefix(name, "/"), "aws-ssm"
					c.grant(g)
				}
			}
		}
	}
}
