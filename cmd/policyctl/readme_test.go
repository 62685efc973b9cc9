package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// TestReadme runs the README's first command, and holds what the README shows of
// its output to what it prints.
func TestReadme(t *testing.T) {
	t.Chdir("../..")
	t.Setenv("NO_COLOR", "1")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	const command = "    go run ./cmd/policyctl check --schedule testdata/shop\n"
	_, rest, found := strings.Cut(string(readme), command)
	shown, _, ended := strings.Cut(rest, "`testdata/shop-clean`")
	if !found || !ended {
		t.Fatal("README.md does not show the command and its output")
	}
	var stdout, stderr bytes.Buffer
	if status := run(context.Background(), []string{"check", "--schedule", "testdata/shop"}, nil, &stdout, &stderr); status != statusBlocked {
		t.Fatalf("status %d, want %d: %s", status, statusBlocked, stderr.String())
	}
	lines := 0
	for line := range strings.Lines(shown) {
		if text, indented := strings.CutPrefix(line, "    "); indented {
			lines++
			if !strings.Contains(stdout.String(), text) {
				t.Errorf("README.md shows a line that is not printed: %s", text)
			}
		}
	}
	if lines < 10 {
		t.Errorf("README.md shows only %d lines", lines)
	}
}
