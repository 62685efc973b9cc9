package main

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// sample is a candidate of which it is known whether it is a credential.
type sample struct {
	figures judge.Figures
	truth   bool
	weight  float64
	repo    string
	path    string
	line    int
	labels  []int // credentials that stand on its line
	false_  bool  // the line has a label that says that it is none
	certain bool
	rule    string
	text    string
}

type label struct {
	path       string
	start, end int // lines
	from, to   int // columns, -1 if the whole line is meant
	truth      string
}

type set struct {
	samples []sample
	labels  []label
}

// odd are categories that are no credentials by themselves.
var odd = map[string]bool{"UUID": true, "Nonce": true, "Salt": true, "AWS S3 Bucket": true, "Firebase Domain": true, "Tencent WeChat API App ID": true}

func readLabels(file string) ([]label, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var all []label
	for _, row := range rows[1:] {
		l := label{path: row[0], from: -1, to: -1, truth: row[5]}
		l.start, _ = strconv.Atoi(row[1])
		l.end, _ = strconv.Atoi(row[2])
		if row[3] != "" {
			l.from, _ = strconv.Atoi(row[3])
			l.to, _ = strconv.Atoi(row[4])
		}
		if strings.Contains(row[6], "PEM Private Key") {
			l.end = min(l.end, l.start+3)
		}
		known := false
		for _, c := range strings.Split(row[6], ":") {
			known = known || !odd[c]
		}
		if l.truth == "T" && !known {
			l.truth = "skip"
		}
		all = append(all, l)
	}
	return all, nil
}

func readSet(dir, clean string) (*set, error) {
	labels, err := readLabels(filepath.Join(dir, "labels.csv"))
	if err != nil {
		return nil, err
	}
	s := &set{labels: labels}
	byPath := map[string][]int{}
	for i, l := range labels {
		byPath[l.path] = append(byPath[l.path], i)
	}
	j := judge.New(0)
	err = s.collect(j, filepath.Join(dir, "files"), func(smp *sample, column, width int) bool {
		return s.label(smp, byPath[smp.path], column, width)
	})
	for _, dir := range strings.Split(clean, ",") {
		if err == nil && clean != "" {
			err = s.collect(j, dir, func(smp *sample, _, _ int) bool {
				smp.repo = "clean"
				return !smp.certain && smp.figures[judge.TestPath] == 0 && !strings.Contains(smp.path, ".md")
			})
		}
	}
	s.weigh()
	return s, err
}

// label takes the truth of a sample from the labels of its line.
func (s *set) label(smp *sample, labels []int, column, width int) bool {
	exact, onLine := "", ""
	for _, i := range labels {
		l := s.labels[i]
		if smp.line < l.start || smp.line > l.end {
			continue
		}
		switch l.truth {
		case "T":
			smp.labels = append(smp.labels, i)
		case "F", "X":
			smp.false_ = true
		}
		if l.from < 0 || l.start != l.end || column < l.to && l.from < column+width {
			if exact != "T" {
				exact = l.truth
			}
		}
		if onLine != "T" {
			onLine = l.truth
		}
	}
	if exact == "skip" || exact == "" && onLine == "skip" {
		return false
	}
	smp.truth = exact == "T"
	if exact == "" && onLine == "T" { // something else on the line of a credential
		return false
	}
	return true
}

func (s *set) collect(j *judge.Judge, root string, keep func(*sample, int, int) bool) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 || len(data) > 1<<20 {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		j.Candidates(rel, data, judge.PlacesOf(data), func(c *judge.Candidate) {
			start, end := c.Place()
			before := data[:start]
			smp := sample{figures: c.Figures, path: rel, line: bytes.Count(before, []byte("\n")) + 1, certain: c.Certain(), rule: c.Rule}
			smp.repo, _, _ = strings.Cut(rel, "/")
			from := bytes.LastIndexByte(before, '\n') + 1
			smp.text = c.Key() + "\x00" + string(data[max(from, start-60):min(len(data), end+30)])
			if keep(&smp, len([]rune(string(data[from:start]))), end-start) {
				s.samples = append(s.samples, smp)
			}
		})
		return nil
	})
}

// weigh makes what repeats in a repository count less: forty recordings of one
// request teach no more than a few.
func (s *set) weigh() {
	counts := map[string]float64{}
	id := func(smp *sample) string {
		key, _, _ := strings.Cut(smp.text, "\x00")
		return smp.repo + "\x00" + key + strconv.FormatBool(smp.truth)
	}
	for i := range s.samples {
		counts[id(&s.samples[i])]++
	}
	for i := range s.samples {
		s.samples[i].weight = 1 / math.Sqrt(counts[id(&s.samples[i])])
		if s.samples[i].repo == "clean" {
			s.samples[i].weight *= 0.5
		}
	}
	sort.SliceStable(s.samples, func(a, b int) bool { return s.samples[a].path < s.samples[b].path })
}
