package jenkins

import "github.com/policyctl/policyctl/internal/pipeline/model"

// traits are the ways of the platform with secrets.
var traits = model.Traits{Masks: []string{"base64", "format"}, Windows: "cmd"}
