package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/reports"
)

// fixFlags are the flags of the command that makes the changes which policies propose.
type fixFlags struct {
	checkFlags
	rules []string
	diff  bool
	all   bool
}

func newFix() *cobra.Command {
	var f fixFlags
	cmd := &cobra.Command{
		Use:   "fix [PATH...]",
		Short: "Make the changes that are known to the letter",
		Long: "Make the changes that findings propose, where they are known to the letter; comments and formatting stay.\n\n" +
			"What is waived or in the baseline stays as it is, unless --all is given; what a contract allows is never widened. A file that has changed since it was checked,\n" +
			"and what lies behind a link, is left alone.\n\n" +
			"Exit status: 0 done, with --diff 0 if nothing would change and 1 if something would; 2 wrong use or configuration,\n" +
			"3 something could not be checked or written.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.addPolicyFlags(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.rules, "rule", nil, "only the findings of this rule, by its `ID`; may be given more than once")
	flags.BoolVar(&f.diff, "diff", false, "change nothing; print what would change")
	flags.BoolVar(&f.all, "all", false, "also what is waived or in the baseline")
	return cmd
}

// mostRounds bounds how often the files are checked again: changes that meet in one
// place are made one after the other.
const mostRounds = 20

func (f *fixFlags) run(cmd *cobra.Command, args []string) error {
	f.jobs = 2
	if err := f.load(args); err != nil {
		return err
	}
	c, err := f.prepare(cmd.Context(), nil)
	if err != nil {
		return err
	}
	if err := f.verifyRules(c); err != nil {
		return err
	}
	dir, err := os.OpenRoot(f.root)
	if err != nil {
		return failure{statusNotChecked, err}
	}
	defer dir.Close()
	status := statusPassed
	for round := 1; ; round++ {
		r := fixing{fixFlags: f, dir: dir, check: c, cmd: cmd}
		again, err := r.round(cmd.Context())
		if err != nil {
			return failure{statusNotChecked, err}
		}
		if status = max(status, r.status); !again || f.diff || round == mostRounds {
			r.left()
			if again && !f.diff {
				fmt.Fprintln(cmd.ErrOrStderr(), "policyctl: there are more changes than are made in one run; run it again")
			}
			return ended(status)
		}
	}
}

func (f *fixFlags) verifyRules(c *check.Check) error {
	if len(f.rules) == 0 {
		return nil
	}
	all, err := check.Rules(c.Policies, c.Scanner)
	if err != nil {
		return err
	}
	for _, id := range f.rules {
		if !slices.ContainsFunc(all, func(r *lint.Rule) bool { return r.Named(id) }) {
			return fmt.Errorf("--rule: unknown rule %q; policyctl rules lists them", id)
		}
	}
	return nil
}

// fixing is one check of the files, and the changes that follow from it.
type fixing struct {
	*fixFlags
	dir    *os.Root
	check  *check.Check
	cmd    *cobra.Command
	result check.Result
	open   map[string]int // findings without a change, by rule
	status int
}

// replacement is a change in bytes of a file.
type replacement struct {
	start, end int
	finding    *gate.Judged
}

// round makes the changes that do not meet, and says whether there are more.
func (f *fixing) round(ctx context.Context) (more bool, err error) {
	if f.result, err = f.check.Run(ctx); err != nil {
		return false, err
	}
	if f.result.Verdict.Status() == statusNotChecked {
		f.status = statusNotChecked
	}
	f.open = map[string]int{}
	files := map[string][]*gate.Judged{}
	for i := range f.result.Verdict.Findings {
		finding := &f.result.Verdict.Findings[i]
		if !f.wanted(finding) {
			continue
		}
		// What a contract allows is for people to decide.
		if fix := finding.Fix; fix != nil && fix.Replacement != nil && finding.Rule.Kind() != graph.Platform {
			files[fix.Location.Path] = append(files[fix.Location.Path], finding)
		} else {
			f.open[finding.Rule.ID]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		met, err := f.file(name, files[name])
		if err != nil {
			fmt.Fprintf(f.cmd.ErrOrStderr(), "policyctl: %s: %s; nothing was changed in it\n", f.shown(name), plain(err))
			f.status = statusNotChecked
		}
		more = more || met
	}
	return more, nil
}

func (f *fixing) wanted(finding *gate.Judged) bool {
	counts := f.all || finding.Status == gate.Blocking || finding.Status == gate.Minor
	return counts && (len(f.rules) == 0 || slices.ContainsFunc(f.rules, finding.Rule.Named))
}

// file makes the changes to one file. It says whether some met, and only the first was
// made.
func (f *fixing) file(name string, findings []*gate.Judged) (met bool, err error) {
	mode, err := regular(f.dir, name)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(f.result.Verdict.Findings, func(j gate.Judged) bool { return j.Location.Path == name && j.Rule == lint.SyntaxError }) {
		return false, errors.New("has a syntax error")
	}
	if err := editable(f.dir, name); err != nil {
		return false, errors.New("is not UTF-8")
	}
	src, _, _ := discover.Read(f.dir, name, f.config.MaxFileSize)
	if src == nil || slices.ContainsFunc(findings, func(finding *gate.Judged) bool { return finding.Fix.Of != src.Sum() }) {
		return false, errors.New("has changed since it was checked")
	}
	edits, met := apart(src, findings)
	text := applied(src.Data, edits)
	if _, wrong := parse.Parse([]*lint.Source{{Path: name, Data: text}}, nil); slices.ContainsFunc(wrong, func(w lint.Finding) bool { return w.Rule == lint.SyntaxError }) {
		return false, errors.New("could not be read any more")
	}
	if f.diff {
		f.status = max(f.status, statusBlocked)
		masked := f.masked(src)
		_, shown, _ := bytes.Cut(diff.Diff("a/"+name, masked, "b/"+name, applied(masked, edits)), []byte("\n"))
		_, err := io.WriteString(f.cmd.OutOrStdout(), f.check.Scanner.Redact(string(shown))) // the same value elsewhere in the file
		return met, err
	}
	if err := replaceFile(f.dir, src, text, mode); err != nil {
		return false, err
	}
	for _, e := range edits {
		fmt.Fprintf(f.cmd.OutOrStdout(), "fixed %s: %s (%s)\n", f.place(e.finding.Location), reports.Plain(e.finding.Rule.Title), e.finding.Rule.ID)
	}
	return met, nil
}

// apart gives the changes, in order, that do not meet. Two findings may ask for the same.
func apart(src *lint.Source, findings []*gate.Judged) (edits []replacement, met bool) {
	var all []replacement
	for _, finding := range findings {
		at := finding.Fix.Location
		all = append(all, replacement{src.Offset(at.Start), src.Offset(at.End), finding})
	}
	slices.SortStableFunc(all, func(a, b replacement) int { return cmp.Or(a.start-b.start, a.end-b.end) })
	for _, e := range all {
		if len(edits) > 0 {
			last := edits[len(edits)-1]
			if e.start < last.end || e.start == last.start {
				same := e.start == last.start && e.end == last.end && *e.finding.Fix.Replacement == *last.finding.Fix.Replacement
				met = met || !same
				continue
			}
		}
		edits = append(edits, e)
	}
	return edits, met
}

func applied(data []byte, edits []replacement) []byte {
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, data[at:e.start]...), *e.finding.Fix.Replacement...)
		at = e.end
	}
	return append(out, data[at:]...)
}

// masked is a file in which each byte of a credential is a star, so that all places stay.
func (f *fixing) masked(src *lint.Source) []byte {
	data := slices.Clone(src.Data)
	mask := func(at lint.Location) {
		if at.Path != src.Path {
			return
		}
		for i := src.Offset(at.Start); i < src.Offset(at.End); i++ {
			if data[i] != '\n' && data[i] != '\r' {
				data[i] = '*'
			}
		}
	}
	for _, at := range f.result.Sensitive {
		mask(at)
	}
	for i := range f.result.Verdict.Findings {
		if finding := &f.result.Verdict.Findings[i]; finding.Rule.PointsAtSecret() {
			mask(finding.Location)
		}
	}
	return data
}

// left says what was found and has no change that is known to the letter, in a line: the
// rules that say most, and how many others there are.
func (f *fixing) left() {
	if len(f.open) == 0 {
		return
	}
	n := 0
	rules := slices.SortedFunc(maps.Keys(f.open), func(a, b string) int { return cmp.Or(f.open[b]-f.open[a], strings.Compare(a, b)) })
	for i, id := range rules {
		n += f.open[id]
		rules[i] = fmt.Sprintf("%d of %s", f.open[id], id)
	}
	fmt.Fprintf(f.cmd.ErrOrStderr(), "policyctl: %s to be fixed by hand: %s\n", reports.Count(n, "finding"), lint.Listed(rules))
}

func (f *fixing) shown(name string) string {
	return f.check.Scanner.Redact(reports.Plain(path.Join(f.prefix, name)))
}

func (f *fixing) place(at lint.Location) string {
	at.Path = f.shown(at.Path)
	return at.String()
}

// regular gives the mode of a file, if neither it nor a folder on the way is a link.
func regular(dir *os.Root, name string) (fs.FileMode, error) {
	for i := range name {
		if name[i] != '/' {
			continue
		}
		if info, err := dir.Lstat(name[:i]); err != nil || !info.IsDir() {
			return 0, cmp.Or(err, errors.New("lies behind a link"))
		}
	}
	info, err := dir.Lstat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is no regular file")
	}
	if err != nil {
		return 0, err
	}
	return info.Mode().Perm(), nil
}

// replaceFile puts a text in place of a file at once, unless somebody changed it.
func replaceFile(dir *os.Root, src *lint.Source, text []byte, mode fs.FileMode) (err error) {
	beside := path.Join(path.Dir(src.Path), ".policyctl-"+strings.ToLower(rand.Text()))
	file, err := dir.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			dir.Remove(beside)
		}
	}()
	_, err = file.Write(text)
	if err = cmp.Or(err, file.Chmod(mode), file.Close()); err != nil {
		return err
	}
	now, err := dir.ReadFile(src.Path)
	if err = cmp.Or(err, changed(now, src.Data)); err != nil {
		return err
	}
	return dir.Rename(beside, src.Path)
}

func changed(now, then []byte) error {
	if bytes.Equal(now, then) {
		return nil
	}
	return errors.New("has changed since it was checked")
}
