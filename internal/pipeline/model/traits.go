package model

import (
	"regexp"

	"github.com/policyctl/policyctl/internal/shell"
)

// Traits are the ways of a platform that matter to where secrets go.
type Traits struct {
	Mechanisms shell.Mechanisms

	// Masks are the encodings of a secret that the platform hides as well.
	Masks []string

	// MasksBlocks says that a secret of a block of steps is hidden within it alone.
	MasksBlocks bool

	// DropsOutputs says that an output of a job that holds what the platform hides
	// never reaches another job.
	DropsOutputs bool

	// SameMachine says that a job finds what those before it left on the machine.
	SameMachine bool

	// CarriesFiles says that a job finds the artifacts of earlier ones where they stood.
	CarriesFiles bool

	// Windows is the shell of scripts that name none, on Windows.
	Windows string

	// Outsiders are the variables of every job whose text an outsider writes.
	Outsiders []string
	// Changes are those that name what an outsider proposes: a branch of theirs.
	Changes []string

	// Holes finds what the platform replaces in a script before it runs.
	Holes func(script string) []shell.Hole

	// Macro reads a hole that stands for a variable that scripts may have set: the
	// step that made it, "" if any, and its name.
	Macro func(hole string) (step, name string)

	// EnvName is the name in the environment of a variable that a script set.
	EnvName func(name string) string
}

// HolesBy finds what the platform replaces by a pattern, for Traits.Holes.
func HolesBy(pattern func() *regexp.Regexp) func(string) []shell.Hole {
	return func(script string) []shell.Hole {
		var all []shell.Hole
		for _, m := range pattern().FindAllStringIndex(script, -1) {
			all = append(all, shell.Hole{Start: m[0], End: m[1]})
		}
		return all
	}
}
