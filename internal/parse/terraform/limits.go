package terraform

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/policyctl/policyctl/internal/lint"
)

// Limits of evaluation. A step is one expression or one part of a value, and
// takes about a microsecond.
const (
	maxSteps     = 500_000 // of one root module
	moreSteps    = 50_000  // for each module that it calls
	stepsEach    = 1_000   // for each instance that count and for_each make
	maxWork      = 30_000  // of one argument, and the size of one value
	maxText      = 1 << 20 // bytes of one computed string
	maxDepth     = 100     // of one value
	maxRecursion = 1_000   // expressions within expressions, through references
	maxExpanded  = 100     // blocks that one dynamic block makes
	maxInstances = 1_000   // of one resource or one call
	maxMade      = 5_000   // instances of one root module and all that it calls
	maxModules   = 1_000   // modules that one root module calls, each instance counted
	maxCalls     = 30      // calls within calls
	maxExponent  = 1_024   // binary exponent of a number
	textPerStep  = 16      // bytes that count like one part of a value
)

// frame is the evaluation of one argument.
type frame struct {
	from string // what the literals in it belong to
	left int    // steps that it may still take
	at   lint.Span
	full bool // its limit was reported
}

// spend takes steps off the budget and says whether there is any left. What runs
// out is reported once: for the argument as a gap, for the directory as a
// finding, since from there on nothing but plain literals is judged.
func (e *evaluator) spend(steps int) bool {
	e.steps -= steps
	e.frame.left -= steps
	if e.steps < 0 {
		if !e.exhausted {
			e.exhausted = true
			e.findings = append(e.findings, e.frame.at.Report(lint.TooComplex,
				"the module takes too many steps to evaluate; from here on only plain literals were judged"))
		}
		return false
	}
	if e.frame.left < 0 {
		if !e.frame.full {
			e.frame.full = true
			e.gapAt(e.frame.at, fmt.Sprintf("the value takes more than %d steps to evaluate and is treated as unknown", maxWork))
		}
		return false
	}
	return true
}

// size is what it costs to walk a value: its parts, and its text. It says false
// for a value beyond the limits, after having walked no further than needed.
func size(v cty.Value) (int, bool) {
	left := maxWork
	ok := walkable(v, &left, 0)
	return maxWork - left, ok
}

func walkable(v cty.Value, left *int, depth int) bool {
	v, _ = v.Unmark()
	*left--
	if *left < 0 || depth > maxDepth {
		return false
	}
	if v.IsNull() || !v.IsKnown() {
		return true
	}
	switch ty := v.Type(); {
	case ty == cty.String:
		*left -= len(v.AsString()) / textPerStep
		return *left >= 0 && len(v.AsString()) <= maxText
	case ty == cty.Number:
		return reasonable(v)
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			if _, part := it.Element(); !walkable(part, left, depth+1) {
				return false
			}
		}
	}
	return true
}

// reasonable says whether the digits of a number can be written down.
func reasonable(v cty.Value) bool {
	number := v.AsBigFloat()
	if number.IsInf() {
		return false
	}
	exponent := number.MantExp(nil)
	return -maxExponent < exponent && exponent < maxExponent
}

// keep lets a computed value pass if it is within the limits.
func (e *evaluator) keep(v cty.Value, at hcl.Range) cty.Value {
	steps, ok := size(v)
	if !e.spend(steps) {
		return cty.DynamicVal
	}
	if !ok {
		return e.fail(at, "the value is too large to evaluate and is treated as unknown")
	}
	return trim(v)
}

// gap records what could not be resolved.
func (e *evaluator) gap(at hcl.Range, message string) { e.gapAt(e.span(at), message) }

func (e *evaluator) gapAt(at lint.Span, message string) {
	if e.quiet > 0 {
		e.missed = true
		return
	}
	e.gaps = append(e.gaps, lint.Gap{Location: at.Location(), Message: message})
}

// fail is an evaluation that came to nothing: a gap, and an unknown value that
// still refers to what it was made from.
func (e *evaluator) fail(at hcl.Range, message string, from ...cty.Value) cty.Value {
	e.gap(at, message)
	return e.unknown(cty.DynamicPseudoType, from...)
}

// unknown is a value of a type that depends on others and inherits their
// references. Their literals are no part of it.
func (e *evaluator) unknown(ty cty.Type, from ...cty.Value) cty.Value {
	marks := cty.ValueMarks{}
	for _, v := range from {
		steps, _ := size(v)
		if !e.spend(steps) {
			break
		}
		_, deep := v.UnmarkDeep()
		marks = union(marks, withoutOrigins(deep))
	}
	return trim(cty.UnknownVal(ty).WithMarks(marks))
}
