package scanner

// coarse is spread by classes only: it costs no more than the runs it walks
// along, and remembers the long ones.
func (r *reach) coarse(nodes []*node, starts []between) between {
	lo, hi := starts[0].lo, starts[len(starts)-1].hi
	for i := range nodes {
		if r.back {
			lo = r.coarseBack(nodes[len(nodes)-1-i], lo)
		} else {
			hi = r.coarseAhead(nodes[i], hi)
		}
	}
	return between{lo, hi}
}

func (r *reach) coarseAhead(n *node, p int) int {
	switch {
	case n.kind == kindRun && n.max < 0:
		end, _ := r.runEnd(n, p, p)
		return end
	case n.kind == kindAll:
		for _, sub := range n.subs {
			p = r.coarseAhead(sub, p)
		}
		return p
	case n.kind == kindAny:
		end := p
		for _, sub := range n.subs {
			end = max(end, r.coarseAhead(sub, p))
		}
		return end
	case n.kind == kindRepeat:
		for range n.max {
			p = r.coarseAhead(n.subs[0], p)
		}
		return p
	}
	end := min(len(r.text), p+n.longest)
	for p < end && n.bytes.has(r.text[p]) {
		p++
	}
	return p
}

func (r *reach) coarseBack(n *node, p int) int {
	switch {
	case n.kind == kindRun && n.max < 0:
		start, _ := r.runStart(n, p, p)
		return start
	case n.kind == kindAll:
		for i := range n.subs {
			p = r.coarseBack(n.subs[len(n.subs)-1-i], p)
		}
		return p
	case n.kind == kindAny:
		start := p
		for _, sub := range n.subs {
			start = min(start, r.coarseBack(sub, p))
		}
		return start
	case n.kind == kindRepeat:
		for range n.max {
			p = r.coarseBack(n.subs[0], p)
		}
		return p
	}
	start := max(0, p-n.longest)
	for p > start && n.bytes.has(r.text[p-1]) {
		p--
	}
	return p
}
