package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// alarms runs the judge over trees and says what it finds, how much it read and
// how much processor time that took.
func alarms(out io.Writer, dirs []string, o options) error {
	j := judge.New(o.floor)
	var size, found int
	var spent time.Duration
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil || len(data) > 4<<20 || bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 {
				return err
			}
			size += len(data)
			before := cpu()
			findings := j.Find(path, data, judge.PlacesOf(data))
			spent += cpu() - before
			for _, f := range findings {
				found++
				from := bytes.LastIndexByte(data[:f.Start], '\n') + 1
				if o.show {
					fmt.Fprintf(out, "%.2f %s %s:%d | %s\n", f.Confidence, f.Rule, path, bytes.Count(data[:f.Start], []byte("\n"))+1, data[max(from, f.Start-60):min(len(data), f.End+20)])
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	mb := float64(size) / (1 << 20)
	fmt.Fprintf(out, "%d findings in %.1f MB: %.2f a MB; %.0f MB a CPU second\n", found, mb, float64(found)/mb, mb/spent.Seconds())
	return nil
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
