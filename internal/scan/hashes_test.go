package scan

import (
	"math/rand/v2"
	"testing"
)

func TestHashesAreASet(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	var got hashes
	want := map[uint64]bool{}
	for range 100_000 {
		sum := random.Uint64() << (random.Uint64() % 60) // many end alike
		if new := got.add(sum); new == want[max(sum, 1)] {
			t.Fatalf("%x: new is %t", sum, new)
		}
		want[max(sum, 1)] = true
	}
}
