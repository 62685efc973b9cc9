package judge

import "strings"

// feature is one figure that the classifier looks at.
type feature int

const (
	fNoun feature = iota
	fNounLast
	fMetadata
	fLastMeta
	fKeyWords
	fKeyUpper
	fKeyTest
	fQualified
	fKeyQuoted
	fOperator
	fForm
	fLanguage
	fTestPath
	fLength
	fLowerShare
	fUpperShare
	fDigitShare
	fPunct
	fDistinct
	fEntropy
	fCost
	fWorst
	fSwitches
	fRun
	fLetters
	fSlashes
	fDots
	fDashes
	fUnderscores
	fHex
	fBase64
	fPadded
	fPlaceholder
	fPlaceholderWords
	fSame
	fUUID
	fEven
	fCapital
	fBits
	fComment
	features
)

var operators = []string{"=", ":", ":=", "=>", ",", "(", ">", "pair", "==", "!=", "::"}

func operatorIndex(op string) float64 {
	for i, o := range operators {
		if o == op {
			return float64(i)
		}
	}
	return float64(len(operators))
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Figures are what the classifier sees of a candidate.
type Figures [features]float64

// measure turns a field into figures.
func measure(f *field, key keyFacts, s shape, lang language, testPath, comment bool) (v Figures) {
	n := float64(max(1, s.length))
	v[fNoun], v[fNounLast], v[fMetadata], v[fLastMeta] = float64(key.noun), flag(key.last), float64(key.metadata), flag(key.lastMeta)
	v[fKeyWords], v[fKeyUpper], v[fKeyTest], v[fQualified], v[fKeyQuoted] = float64(key.words), flag(key.upper), flag(key.test), flag(key.qualified), flag(f.keyQuoted)
	v[fOperator], v[fForm], v[fLanguage], v[fTestPath] = operatorIndex(f.op), float64(f.form), float64(lang), flag(testPath)
	v[fLength], v[fLowerShare], v[fUpperShare], v[fDigitShare], v[fPunct] = float64(s.length), float64(s.lower)/n, float64(s.upper)/n, float64(s.digits)/n, float64(s.punct)
	v[fDistinct], v[fEntropy], v[fCost], v[fWorst] = float64(s.distinct), s.entropy, s.cost, s.worst
	v[fSwitches], v[fRun], v[fLetters] = float64(s.switches)/n, float64(s.chain()), float64(s.letters)
	v[fSlashes], v[fDots], v[fDashes], v[fUnderscores] = float64(s.slashes), float64(s.dots), float64(s.dashes), float64(s.underscores)
	v[fHex], v[fBase64], v[fPadded] = flag(s.hex), flag(s.base64), flag(strings.HasSuffix(f.value, "="))
	share, words := placeholderShare(f.value)
	v[fPlaceholder], v[fPlaceholderWords], v[fSame] = share, float64(words), sameAs(f.key, f.value)
	v[fUUID], v[fEven] = flag(isUUID(f.value)), flag(s.length%4 == 0)
	v[fCapital] = flag(s.upper == 1 && f.value[0] >= 'A' && f.value[0] <= 'Z')
	v[fBits] = s.cost * n
	v[fComment] = flag(comment)
	return v
}

// TestPath is the figure that says whether a file is a test or an example.
const TestPath = fTestPath

// Names are the figures in their order, for people.
var Names = [features]string{
	"noun", "noun last", "metadata words", "metadata last", "words of the name", "upper case name", "test name", "qualified", "quoted name",
	"operator", "form", "language", "test path", "length", "lower share", "upper share", "digit share", "punctuation", "distinct", "entropy",
	"letter cost", "worst letter cost", "switches", "run", "longest letters", "slashes", "dots", "dashes", "underscores", "hex", "base64", "padded",
	"placeholder share", "placeholder words", "same as name", "UUID", "length by four", "capitalised", "bits", "comment",
}
