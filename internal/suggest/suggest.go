// Package suggest finds the word that somebody probably meant. It knows no
// words of its own.
package suggest

import "strings"

// longest is the length up to which words are compared: what is longer was
// hardly mistyped, and comparing costs the product of the two lengths.
const longest = 64

// Nearest gives the known word that is most like word, or "" if none is like
// it. Of equally near words the first wins. Letter case, and which of "-", "_"
// and " " separates parts, make no difference.
func Nearest(word string, known []string) string {
	if len(word) == 0 || len(word) > longest {
		return ""
	}
	best, least := "", len(word)
	for _, candidate := range known {
		if len(candidate) > longest {
			continue
		}
		d := distance(plain(word), plain(candidate))
		if d < least && d <= tolerated(word, candidate) {
			best, least = candidate, d
		}
	}
	return best
}

// tolerated is one slip in three letters: fewer would miss common slips, more
// would suggest any short word for any other.
func tolerated(a, b string) int { return max(1, min(len(a), len(b))/3) }

func plain(word string) []rune {
	return []rune(strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(word)))
}

// distance counts the letters to add, drop, replace or swap with their
// neighbour to get from a to b (optimal string alignment).
func distance(a, b []rune) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range b {
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+differ(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
