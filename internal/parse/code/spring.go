package code

import (
	"bytes"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// placeholder is ${NAME} or ${NAME:default}. Spring's own properties are written
// in lower case.
var placeholder = regex.Lazy(`\$\{([A-Z][A-Z0-9_]*)(:|\})`)

// placeholders takes the names within a stretch of the file.
func (f *file) placeholders(start, end int) {
	for _, m := range placeholder().FindAllSubmatchIndex(f.src.Data[start:end], -1) {
		f.add(reader{kind: "env", start: start + m[2], end: start + m[3], optional: f.src.Data[start+m[4]] == ':'})
	}
}

// value reads @Value("${NAME}").
func (f *file) value(_ *call, at int) {
	if k := f.kind(at); (k == plain || k == text) && f.is(at+1, ")") {
		f.placeholders(f.tokens[at].start, f.tokens[at].end)
	}
}

// ofSpring says whether a file holds the properties of a Spring application.
func ofSpring(base string, data []byte) bool {
	named := strings.HasPrefix(base, "application.") || strings.HasPrefix(base, "application-") || strings.HasPrefix(base, "bootstrap.") || strings.HasPrefix(base, "bootstrap-")
	return named && !bytes.Contains(data, []byte("apiVersion:"))
}

// spring reads the properties of an application: lines with placeholders.
func spring(f *file) {
	for start := 0; start < len(f.src.Data); {
		end := len(f.src.Data)
		if length := bytes.IndexByte(f.src.Data[start:], '\n'); length >= 0 {
			end = start + length
		}
		line := bytes.TrimLeft(f.src.Data[start:end], " \t")
		switch {
		case end-start > maxLine:
			f.skipped = append(f.skipped, start)
		case len(line) > 0 && line[0] != '#' && line[0] != '!':
			code, _, _ := bytes.Cut(f.src.Data[start:end], []byte(" #"))
			f.placeholders(start, start+len(code))
		}
		start = end + 1
	}
}
