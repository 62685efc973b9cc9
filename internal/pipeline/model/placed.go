package model

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// PlacedText is the text of a scalar together with where each byte of it stands.
type PlacedText struct {
	Text
	offsets []int // by byte of the value: its offset in the file, -1 where that cannot be told
}

// NewPlacedText finds where a text was written. Without a place it has none.
func NewPlacedText(t Text) PlacedText {
	if t.At.Source == nil {
		return PlacedText{Text: t}
	}
	written := string(t.At.Text())
	offsets := align(t.Value, written)
	for i := range offsets {
		if offsets[i] >= 0 {
			offsets[i] += t.At.Start
		}
	}
	return PlacedText{t, offsets}
}

// Part is the place of a part of the value, or that of all of it.
func (s PlacedText) Part(start, end int) lint.Span {
	if start < 0 || start >= end || end > len(s.offsets) || s.offsets[start] < 0 || s.offsets[end-1] < 0 {
		return s.At
	}
	return lint.Span{Source: s.At.Source, Start: s.offsets[start], End: s.offsets[end-1] + 1}
}

// align finds each byte of a value in the text that was written for it: plain,
// quoted once or three times, or as a block with indentation. From where the two
// cannot be brought together the answer is -1.
func align(value, written string) []int {
	offsets := make([]int, len(value))
	quote, at := opening(written)
	if value != "" && !IsBlank(value[0]) {
		at = blanks(written, at)
	}
	for i := 0; i < len(value); {
		switch {
		case at < 0 || at >= len(written):
			offsets[i] = -1
			i++
		case IsBlank(value[i]) && IsBlank(written[at]):
			end, next := blanks(value, i), blanks(written, at)
			for ; i < end; i++ {
				offsets[i] = max(at, next-(end-i))
			}
			at = next
		default:
			offsets[i] = at
			size := sizeOf(value[i], written[at:], quote)
			if size == 0 || opens(written[at:]) && !opens(value[i:]) {
				i, at = pass(value, written, offsets, i, at, quote)
				continue
			}
			at += size
			i++
		}
	}
	return offsets
}

// opening tells the quotation mark, if there is one, and where the text begins.
func opening(written string) (quote byte, at int) {
	switch {
	case written == "":
	case strings.HasPrefix(written, `"""`), strings.HasPrefix(written, `'''`):
		return written[0], 3
	case written[0] == '"' || written[0] == '\'':
		return written[0], 1
	case written[0] == '|' || written[0] == '>':
		return 0, strings.IndexByte(written, '\n') + 1
	}
	return 0, 0
}

func blanks(s string, at int) int {
	for at < len(s) && IsBlank(s[at]) {
		at++
	}
	return at
}

// sizeOf is how many bytes were written for one of the value, 0 if others were.
func sizeOf(c byte, written string, quote byte) int {
	switch {
	case quote == '\'' && c == '\'' && strings.HasPrefix(written, "''"):
		return 2
	case quote != 0 && len(written) > 1 && written[0] == '\\' && (written[1] == c || written[1] == 'n' && c == '\n' || written[1] == 't' && c == '\t'):
		return 2
	case written[0] == c:
		return 1
	}
	return 0
}

// pass goes on behind a parameter that was filled in, or a backslash that keeps
// "<<" from being one. Otherwise the two cannot be brought together.
func pass(value, written string, offsets []int, i, at int, quote byte) (nextByte, nextAt int) {
	if strings.HasPrefix(written[at:], `\<<`) && value[i] == '<' {
		return i, at + 1
	}
	length, took := filled(value[i:], written[at:], quote)
	if length == 0 {
		offsets[i] = -1
		return i + 1, -1
	}
	for end := i + length; i < end; i++ {
		offsets[i] = at
	}
	offsets[i-1] = at + took - 1
	return i, at + took
}

// nextMark is where the next parameter, line or escape begins.
func nextMark(rest string) int {
	next := strings.IndexAny(rest, "<\n\\")
	for _, mark := range dollarMarks {
		if at := strings.Index(rest, mark); at >= 0 && (next < 0 || at < next) {
			next = at
		}
	}
	return next
}

// dollarMarks begin parameters with a sign that what is filled in may begin with too.
var dollarMarks = []string{"${{", "$[["}

func opens(text string) bool {
	return slices.ContainsFunc(dollarMarks, func(mark string) bool { return strings.HasPrefix(text, mark) })
}

// parameterMarks are what stands around a parameter that was filled in.
var parameterMarks = [][2]string{{"<<", ">>"}, {"${{", "}}"}, {"$[[", "]]"}}

// filled finds how much of a value stands for a parameter, "<< name >>": all up
// to where the value goes on with what is written behind it in that line.
func filled(value, written string, quote byte) (length, took int) {
	end := 0
	for _, mark := range parameterMarks {
		if at := strings.Index(written, mark[1]); strings.HasPrefix(written, mark[0]) && at > 0 {
			end = at + len(mark[1])
		}
	}
	if end == 0 {
		return 0, 0
	}
	rest := written[end:]
	if quote != 0 {
		rest = strings.TrimSuffix(rest, string(quote))
	}
	next := nextMark(rest)
	switch {
	case rest == "":
		return len(value), end
	case next < 0:
		next = len(rest)
	case next == 0 && rest[0] == '\n':
		next = 1
	}
	if next == 0 {
		return 0, 0
	}
	return max(0, strings.Index(value, rest[:next])), end
}
