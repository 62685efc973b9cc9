package main

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// validate learns on all folds but one and judges that one, for each.
func validate(out io.Writer, s *set, o options) error {
	others, err := readFound(o.found)
	if err != nil {
		return err
	}
	fold := func(repo string) int {
		h := fnv.New32a()
		fmt.Fprint(h, o.seed, repo)
		return int(h.Sum32()>>8) % o.folds
	}
	confidence := make([]float64, len(s.samples))
	gains := map[int]float64{}
	for k := range o.folds {
		var learn []sample
		for _, smp := range s.samples {
			if smp.repo == "clean" || fold(smp.repo) != k {
				learn = append(learn, smp)
			}
		}
		f := boost(learn)
		for _, t := range f.trees {
			for _, n := range t {
				if n.feature >= 0 {
					gains[n.feature]++
				}
			}
		}
		for i := range s.samples {
			if smp := &s.samples[i]; smp.repo != "clean" && fold(smp.repo) == k {
				confidence[i] = 1 / (1 + math.Exp(-f.score(&smp.figures)))
				if smp.certain {
					confidence[i] = 0.9
				}
			}
		}
	}
	for _, floor := range []float64{0.3, 0.4, 0.5, 0.6, 0.7, 0.8} {
		fmt.Fprintf(out, "%.1f  %s\n", floor, score(s, confidence, floor, others))
	}
	for k := range o.folds {
		fmt.Fprintf(out, "fold %d at %.2f  %s\n", k, o.floor, scoreOf(s, confidence, o.floor, others, func(path string) bool {
			repo, _, _ := strings.Cut(path, "/")
			return fold(repo) == k
		}))
	}
	if o.show {
		for f, n := range gains {
			fmt.Fprintf(out, "used %s %g\n", judge.Names[f], n)
		}
		show(out, s, confidence, o.floor, others)
	}
	return nil
}

func show(out io.Writer, s *set, confidence []float64, floor float64, others map[string]bool) {
	seen := map[int]bool{}
	hit := map[int]bool{}
	for i, smp := range s.samples {
		for _, l := range smp.labels {
			seen[l] = true
			hit[l] = hit[l] || confidence[i] >= floor
		}
	}
	for i, smp := range s.samples {
		text := strings.ReplaceAll(smp.text, "\x00", " | ")
		switch {
		case smp.repo == "clean":
		case confidence[i] >= floor && len(smp.labels) == 0:
			kind := "UNLABELLED"
			if smp.false_ {
				kind = "FALSE"
			}
			fmt.Fprintf(out, "%s %.2f %s %s:%d %s\n", kind, confidence[i], smp.rule, smp.path, smp.line, text)
		case confidence[i] < floor && smp.truth && len(smp.labels) > 0 && !hit[smp.labels[0]]:
			fmt.Fprintf(out, "LOW %.2f %s %s:%d %s\n", confidence[i], smp.rule, smp.path, smp.line, text)
		}
	}
	for i, l := range s.labels {
		if l.truth == "T" && !seen[i] && !others[l.path+":"+strconv.Itoa(l.start)] {
			fmt.Fprintf(out, "MISS %s:%d\n", l.path, l.start)
		}
	}
}

func score(s *set, confidence []float64, floor float64, others map[string]bool) string {
	return scoreOf(s, confidence, floor, others, func(string) bool { return true })
}

// scoreOf counts as score.py does.
func scoreOf(s *set, confidence []float64, floor float64, others map[string]bool, in func(string) bool) string {
	hit, wrong, unlabelled := map[int]bool{}, map[string]bool{}, map[string]bool{}
	for i, smp := range s.samples {
		if smp.repo == "clean" || confidence[i] < floor || !in(smp.path) {
			continue
		}
		place := smp.path + ":" + strconv.Itoa(smp.line)
		switch {
		case len(smp.labels) > 0:
			for _, l := range smp.labels {
				hit[l] = true
			}
		case smp.false_:
			wrong[place] = true
		default:
			unlabelled[place] = true
		}
	}
	covered := map[string][]int{}
	truths := 0
	for i, l := range s.labels {
		if l.truth == "T" && in(l.path) {
			truths++
		}
		for line := l.start; line <= l.end; line++ {
			covered[l.path+":"+strconv.Itoa(line)] = append(covered[l.path+":"+strconv.Itoa(line)], i)
		}
	}
	for place := range others {
		if path, _, _ := strings.Cut(place, ":"); !in(path) {
			continue
		}
		labels, true_, false_ := covered[place], false, false
		for _, i := range labels {
			switch s.labels[i].truth {
			case "T":
				hit[i], true_ = true, true
			case "F", "X":
				false_ = true
			}
		}
		if !true_ && false_ {
			wrong[place] = true
		} else if len(labels) == 0 {
			unlabelled[place] = true
		}
	}
	tp, fp, un := float64(len(hit)), float64(len(wrong)), float64(len(unlabelled))
	recall := tp / float64(truths)
	f1 := func(p float64) float64 { return 2 * p * recall / (p + recall) }
	p, strict := tp/(tp+fp), tp/(tp+fp+un)
	return fmt.Sprintf("TP %4.0f FP %3.0f unlabelled %3.0f  precision %.3f recall %.3f F1 %.3f  strict precision %.3f F1 %.3f", tp, fp, un, p, recall, f1(p), strict, f1(strict))
}

func readFound(file string) (map[string]bool, error) {
	found := map[string]bool{}
	if file == "" {
		return found, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		found[lines.Text()] = true
	}
	return found, nil
}
