package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Limits of what the parser is given. It is recursive, and Go cannot recover
// from a stack that is exhausted; it also joins the pieces of a text one by
// one, which takes the square of their number. So the tokens are looked at
// before.
const (
	maxNesting = 200
	maxFile    = 4 << 20 // bytes
	maxJoins   = 1 << 30 // bytes copied to join the pieces of texts; takes about half a second
)

// level is what stands between one pair of brackets: how often the parser goes
// deeper without a bracket, and the pieces of a text.
type level struct {
	brace      bool // newlines end an expression
	ternaries  int
	prefixes   int
	namespaces int
	pieces     int
	bytes      int
}

// nesting tells where tokens nest deeper than the limit, by brackets, by chains
// of operators or by template directives, or where texts have too many pieces or numbers too many digits.
func nesting(tokens hclsyntax.Tokens) (hcl.Range, bool) {
	levels := []level{{brace: true}}
	directives, joins := 0, 0
	for i, token := range tokens {
		here := &levels[len(levels)-1]
		switch token.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
			hclsyntax.TokenTemplateInterp:
			levels = append(levels, level{brace: token.Type == hclsyntax.TokenOBrace})
		case hclsyntax.TokenTemplateControl:
			directives = max(directives+directive(tokens, i), 0)
			levels = append(levels, level{})
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc,
			hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenEOF:
			joins += here.pieces * here.bytes
			levels = levels[:max(len(levels)-1, 1)]
		case hclsyntax.TokenComma:
			*here = level{brace: here.brace, pieces: here.pieces, bytes: here.bytes}
		case hclsyntax.TokenNewline:
			if here.brace {
				*here = level{brace: true}
			}
		default:
			here.count(token)
		}
		if len(levels) > maxNesting || directives > maxNesting || joins > maxJoins || levels[len(levels)-1].deep() || vast(token) {
			return token.Range, true
		}
	}
	return hcl.Range{}, false
}

// vast says whether a token is a number with an exponent of five digits: to compute with
// it takes minutes.
func vast(token hclsyntax.Token) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(string(token.Bytes)), "e")
	return token.Type == hclsyntax.TokenNumberLit && len(strings.TrimLeft(exponent, "+-0")) > 4
}

func (l *level) count(token hclsyntax.Token) {
	switch token.Type {
	case hclsyntax.TokenQuestion:
		l.ternaries++
	case hclsyntax.TokenBang, hclsyntax.TokenMinus:
		l.prefixes++
	case hclsyntax.TokenDoubleColon:
		l.namespaces++
	case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit:
		l.prefixes = 0
	case hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit:
		l.pieces++
		l.bytes += len(token.Bytes)
	}
}

func (l *level) deep() bool {
	return l.ternaries > maxNesting || l.prefixes > maxNesting || l.namespaces > maxNesting
}

// directive says by how much the template directive that begins at i nests.
func directive(tokens hclsyntax.Tokens, i int) int {
	if i+1 >= len(tokens) {
		return 0
	}
	switch string(tokens[i+1].Bytes) {
	case "if", "for":
		return 1
	case "endif", "endfor":
		return -1
	}
	return 0
}
