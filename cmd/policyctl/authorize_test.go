package main

import "testing"

func TestConcrete(t *testing.T) {
	for locator, want := range map[string]bool{
		"kubernetes:shop/Deployment/web":           true,
		"github:.github/workflows/ci.yml#release":  true,
		"gitlab:.gitlab-ci.yml#build":              true,
		"app:services/web":                         true,
		"web":                                      false,
		"kubernetes:":                              false,
		":web":                                     false,
		"kubernetes:shop/Deployment/*":             false,
		"kubernetes:shop/Deployment/we?":           false,
		"kubernetes:shop/Deployment/[w]eb":         false,
		"kubernetes:shop/Deployment/":              false,
		"kubernetes:shop/Deployment/web#":          false,
		"kubernetes:shop/Deployment/web#job":       false,
		"kubernetes:shop/Deployment":               false,
		"kubernetes:shop//web":                     false,
		"kubernetes:shop/Deployment/web/more":      false,
		"app:services/../web":                      false,
		"app:services:":                            false,
		"github:.github/workflows/ci.yml":          false,
		"github:.github/workflows/ci.yml#":         false,
		"github:.github/workflows/../ci.yml#build": false,
	} {
		if err := concrete(locator); (err == nil) != want {
			t.Errorf("%s: %v", locator, err)
		}
	}
}
