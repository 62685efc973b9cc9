package pipeline

// jenkinsTraits are the ways of the platform with secrets.
var jenkinsTraits = Traits{Masks: []string{"base64", "format"}, Windows: "cmd"}
