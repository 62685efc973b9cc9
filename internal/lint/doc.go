// Package lint holds the nouns of policyctl: sources, documents and the places
// of their values, rules and findings. It imports nothing of the module, reads
// no file and decides nothing.
package lint
