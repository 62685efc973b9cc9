package reports

import "time"

// The parts of SARIF 2.1.0 that policyctl writes. A library would write its
// zero values too: ranks of -1, and empty lists that some readers refuse.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool               sarifTool                `json:"tool"`
	Invocations        []sarifInvocation        `json:"invocations"`
	OriginalURIBaseIDs map[string]sarifArtifact `json:"originalUriBaseIds"`
	AutomationDetails  sarifIdentity            `json:"automationDetails"`
	Taxonomies         []sarifTaxonomy          `json:"taxonomies,omitempty"`
	ColumnKind         string                   `json:"columnKind"`
	RedactionTokens    []string                 `json:"redactionTokens"`
	Results            []sarifResult            `json:"results"`
}

type sarifIdentity struct {
	ID string `json:"id"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name                string           `json:"name"`
	FullName            string           `json:"fullName"`
	Organization        string           `json:"organization"`
	Version             string           `json:"version"`
	SemanticVersion     string           `json:"semanticVersion,omitempty"`
	InformationURI      string           `json:"informationUri"`
	Rules               []sarifRule      `json:"rules"`
	Notifications       []sarifRule      `json:"notifications"`
	SupportedTaxonomies []sarifReference `json:"supportedTaxonomies,omitempty"`
}

type sarifRule struct {
	ID                   string              `json:"id"`
	Name                 string              `json:"name"`
	ShortDescription     sarifText           `json:"shortDescription"`
	FullDescription      sarifText           `json:"fullDescription"`
	HelpURI              string              `json:"helpUri,omitempty"`
	Help                 *sarifText          `json:"help,omitempty"`
	DefaultConfiguration sarifConfiguration  `json:"defaultConfiguration"`
	Properties           *sarifProperties    `json:"properties,omitempty"`
	Relationships        []sarifRelationship `json:"relationships,omitempty"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

type sarifProperties struct {
	Tags             []string `json:"tags,omitempty"`
	Precision        string   `json:"precision,omitempty"`
	ProblemSeverity  string   `json:"problem.severity,omitempty"`
	SecuritySeverity string   `json:"security-severity,omitempty"`
}

type sarifRelationship struct {
	Target sarifReference `json:"target"`
	Kinds  []string       `json:"kinds"`
}

// sarifReference names a rule, a notification, a taxon or a component. The
// index is a pointer because 0 is an index.
type sarifReference struct {
	ID            string          `json:"id,omitempty"`
	Name          string          `json:"name,omitempty"`
	Index         *int            `json:"index,omitempty"`
	ToolComponent *sarifReference `json:"toolComponent,omitempty"`
}

type sarifTaxonomy struct {
	Name             string       `json:"name"`
	Organization     string       `json:"organization"`
	InformationURI   string       `json:"informationUri"`
	ShortDescription sarifText    `json:"shortDescription"`
	Taxa             []sarifTaxon `json:"taxa"`
}

type sarifTaxon struct {
	ID      string `json:"id"`
	HelpURI string `json:"helpUri"`
}

type sarifInvocation struct {
	ExecutionSuccessful        bool                `json:"executionSuccessful"`
	ToolExecutionNotifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Descriptor     sarifReference  `json:"descriptor"`
	Level          string          `json:"level"`
	Message        sarifText       `json:"message"`
	AssociatedRule *sarifReference `json:"associatedRule,omitempty"`
	Locations      []sarifLocation `json:"locations,omitempty"`
}

type sarifResult struct {
	RuleID              string             `json:"ruleId"`
	RuleIndex           int                `json:"ruleIndex"`
	Level               string             `json:"level"`
	Message             sarifText          `json:"message"`
	Locations           []sarifLocation    `json:"locations"`
	RelatedLocations    []sarifLocation    `json:"relatedLocations,omitempty"`
	CodeFlows           []sarifCodeFlow    `json:"codeFlows,omitempty"`
	PartialFingerprints map[string]string  `json:"partialFingerprints"`
	Fingerprints        map[string]string  `json:"fingerprints"`
	Fixes               []sarifFix         `json:"fixes,omitempty"`
	BaselineState       string             `json:"baselineState,omitempty"`
	Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
	Properties          *sarifDetails      `json:"properties,omitempty"`
}

type sarifFix struct {
	Description     sarifText     `json:"description"`
	ArtifactChanges []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	ArtifactLocation sarifArtifact      `json:"artifactLocation"`
	Replacements     []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	DeletedRegion   sarifRegion `json:"deletedRegion"`
	InsertedContent sarifText   `json:"insertedContent"`
}

// sarifDetails say which commit brought a result, and what speaks for a credential.
type sarifDetails struct {
	BlocksFrom string     `json:"blocksFrom,omitempty"`
	Commit     string     `json:"commit,omitempty"`
	Author     string     `json:"author,omitempty"`
	Time       *time.Time `json:"time,omitempty"`
	Confidence float64    `json:"confidence,omitempty"`
	Evidence   []string   `json:"evidence,omitempty"`
	Facts      []string   `json:"facts,omitempty"`
}

type sarifCodeFlow struct {
	ThreadFlows []sarifThreadFlow `json:"threadFlows"`
}

type sarifThreadFlow struct {
	Locations []sarifStep `json:"locations"`
}

type sarifStep struct {
	Location sarifLocation `json:"location"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

type sarifLocation struct {
	ID               int                    `json:"id,omitempty"`
	Message          *sarifText             `json:"message,omitempty"`
	PhysicalLocation sarifPhysicalLocation  `json:"physicalLocation"`
	LogicalLocations []sarifLogicalLocation `json:"logicalLocations,omitempty"`
}

type sarifPhysicalLocation struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI         string     `json:"uri,omitempty"`
	URIBaseID   string     `json:"uriBaseId,omitempty"`
	Description *sarifText `json:"description,omitempty"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

type sarifLogicalLocation struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
}
