package git

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// read reads the output of git log up to its end. A line of a file never begins in
// the first column, so none can pass for one of git's own.
func (l *log) read(out *io.LimitedReader) {
	lines := bufio.NewReaderSize(out, 64<<10)
	var c *change
	end := func() {
		if c != nil && c.path != "" {
			l.change(c)
		}
		c = nil
	}
	for {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) && len(line) == 0 && out.N > 0 {
			end() // a change that was cut short says nothing
		}
		if err != nil {
			return
		}
		switch {
		case len(line) > 0 && line[0] == 0:
			end()
			l.commit(string(line[1:]))
		case bytes.HasPrefix(line, []byte("diff ")):
			end()
			c = &change{}
		case c != nil:
			c.line(line, l.files)
		}
	}
}

// readLine gives a line without its line break. Of one that does not fit into the
// buffer it gives the beginning: nothing that is looked for is as long. A line
// without its break is half a line of a git that was stopped.
func readLine(lines *bufio.Reader) ([]byte, error) {
	line, err := lines.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line = bytes.Clone(line)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = lines.ReadSlice('\n')
		}
	}
	return bytes.TrimSuffix(line, []byte("\n")), err
}

// change is what one commit does to one file. A merge has as many old versions as
// it has parents.
type change struct {
	path  string
	added bool
	old   [][]byte
	new   []byte
	body  bool // behind the first @@
	keep  bool // the versions are wanted
}

// largestVersion is beyond what people write by hand.
const largestVersion = 5_000_000

func (c *change) line(line []byte, files map[string]Values) {
	switch {
	case bytes.HasPrefix(line, []byte("@@")):
		if parents := len(line) - len(bytes.TrimLeft(line, "@")) - 1; !c.body {
			c.old = make([][]byte, parents)
		}
		c.body, c.keep = true, files[c.path] != nil && len(c.new) < largestVersion
	case c.body && c.keep:
		c.text(line)
		c.keep = len(c.new) < largestVersion
	case c.body:
	case bytes.HasPrefix(line, []byte("--- ")):
		c.added = string(line) == "--- /dev/null"
		c.name(string(line[len("--- "):]))
	case bytes.HasPrefix(line, []byte("+++ ")):
		c.name(string(line[len("+++ "):]))
	}
}

// name takes the name that a file has before or behind the change. Git puts a tab
// behind one with a blank in it, and quotes those with stranger characters.
func (c *change) name(text string) {
	text = strings.TrimSuffix(text, "\t")
	if text == "/dev/null" {
		return
	}
	if unquoted, err := strconv.Unquote(text); err == nil && text[0] == '"' {
		text = unquoted
	}
	c.path = text
}

// text adds a line to the versions that have it. In front stands a mark for each
// parent: "+" if only the new version has it, "-" if only that parent.
func (c *change) text(line []byte) {
	n := len(c.old)
	if len(line) < n || line[0] == '\\' {
		return // "\ No newline at end of file"
	}
	marks, text := line[:n], line[n:]
	removed := bytes.IndexByte(marks, '-') >= 0
	for i, mark := range marks {
		if removed && mark == '-' || !removed && mark == ' ' {
			c.old[i] = append(append(c.old[i], text...), '\n')
		}
	}
	if !removed {
		c.new = append(append(c.new, text...), '\n')
	}
}

// changed lists the values that were there before, and are others now. A merge
// changes what it takes from none of its parents.
func (c *change) changed(values Values) []string {
	var names []string
	if !c.keep {
		return nil
	}
	now := values(c.new)
	before := make([]map[string]string, len(c.old))
	for i, version := range c.old {
		before[i] = values(version)
	}
	for name, value := range now {
		was, differs := false, true
		for _, old := range before {
			former, known := old[name]
			was = was || known
			differs = differs && former != value
		}
		if was && differs {
			names = append(names, name)
		}
	}
	return names
}
