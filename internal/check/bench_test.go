package check_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/discover"
)

// BenchmarkOneWorkflow is what a hook waits for: everything from loading
// policies to the verdict on one staged workflow.
func BenchmarkOneWorkflow(b *testing.B) {
	root := b.TempDir()
	write(b, filepath.Join(root, ".github/workflows/ci.yml"), "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n"+
		"      - uses: actions/checkout@v6\n      - run: make\n        env:\n          TOKEN: ${{ secrets.TOKEN }}\n")
	for b.Loop() {
		run(b, check.Check{Files: discover.Options{Root: root, Paths: []string{".github/workflows/ci.yml"}}, Jobs: 1})
	}
}

// BenchmarkFiles shows that twice the files cost twice the time, and that the
// heap that is left does not grow with them.
func BenchmarkFiles(b *testing.B) {
	for _, n := range []int{500, 1000, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			root := b.TempDir()
			for i := range n {
				write(b, filepath.Join(root, fmt.Sprintf("f%d.yaml", i)), fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-%d
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.%d
          env:
            - {name: LOG_LEVEL, value: info}
`, i, i))
			}
			policies, scanner := program(b), credentials(b)
			var kept check.Result
			for b.Loop() {
				kept = run(b, check.Check{Files: discover.Options{Root: root}, Policies: policies, Scanner: scanner, Jobs: 1})
			}
			runtime.GC()
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			b.ReportMetric(float64(memory.HeapAlloc)/1e6, "MB-kept")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/file")
			runtime.KeepAlive(kept)
		})
	}
}
