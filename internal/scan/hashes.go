package scan

// hashes is a set of what is random already, so that its last bits say where a member
// is looked for. A map spends most of the time of a history on hashing it again.
type hashes struct {
	table []uint64 // a power of two long, at most two thirds full; 0 where nothing is
	count int
}

// add puts a hash into the set, unless the set is full, and says whether it was not in it.
func (h *hashes) add(sum uint64) bool {
	if 3*h.count >= 2*len(h.table) {
		h.grow()
	}
	sum = max(sum, 1) // 0 stands for nothing
	at := h.find(sum)
	if h.table[at] == sum {
		return false
	}
	if h.count < mostSeen {
		h.table[at] = sum
		h.count++
	}
	return true
}

// find gives the place of a hash, or the one that it would have.
func (h *hashes) find(sum uint64) uint64 {
	mask := uint64(len(h.table) - 1)
	at := sum & mask
	for h.table[at] != 0 && h.table[at] != sum {
		at = (at + 1) & mask
	}
	return at
}

func (h *hashes) grow() {
	old := h.table
	h.table = make([]uint64, max(1<<12, 2*len(old)))
	for _, sum := range old {
		if sum != 0 {
			h.table[h.find(sum)] = sum
		}
	}
}
