package code

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/policyctl/policyctl/internal/lint"
)

// language is what has to be known of a language to tell its code from its
// comments and strings, and its readers.
type language struct {
	name     string
	suffixes []string
	names    []string // of files that have no suffix

	line     []string    // what begins a comment up to the end of the line
	block    [][2]string // what encloses a comment
	nested   bool        // comments of that kind may stand within each other
	quotes   []quote     // the longest first
	prefixes []string    // words that, just before a quote, make it interpolate {}
	word     string      // characters of words beside letters, digits and _
	char     bool        // ' encloses one character
	hashes   bool        // r#"..."# is a string
	regex    bool        // / may begin a pattern
	heredoc  string      // what begins a text that ends at a word of its own
	island   [2]string   // what encloses code within other text
	markup   bool        // text between tags may hold single quotes

	tokens []string // one of these stands in every file that reads something
	calls  []*call
	scan   func(*file) // in place of all of the above

	special [256]bool // characters that may begin a comment or string
	letters [256]bool // characters of words
	byWord  map[string][]*call
	withV   []string // tokens
	rest    []string // the other tokens
}

// quote is one kind of string.
type quote struct {
	open, end string
	escape    byte   // 0, a backslash, or the quote itself for doubled quotes
	lines     bool   // may hold line breaks
	code      string // what begins code within, if it can be there
}

var (
	double    = quote{open: `"`, end: `"`, escape: '\\'}
	single    = quote{open: `'`, end: `'`, escape: '\\'}
	tripled   = quote{open: `"""`, end: `"""`, escape: '\\', lines: true}
	tripled1  = quote{open: `'''`, end: `'''`, escape: '\\', lines: true}
	slashes   = []string{"//"}
	starBlock = [][2]string{{"/*", "*/"}}
)

// inline makes a quote that may hold code.
func inline(q quote, code string) quote {
	q.code = code
	return q
}

// languages are all by suffix or name; only a run that looks for references makes them.
var languages = sync.OnceValue(func() map[string]*language {
	return prepare([]*language{
		{
			name: "go", suffixes: []string{".go"}, line: slashes, block: starBlock, char: true,
			quotes: []quote{double, {open: "`", end: "`", lines: true}},
			tokens: []string{"etenv(", "LookupEnv("}, calls: calls(goCalls),
		},
		{
			name: "python", suffixes: []string{".py", ".pyw"}, line: []string{"#"},
			quotes:   []quote{tripled, tripled1, double, single},
			prefixes: []string{"f", "F", "fr", "rf", "Fr", "rF", "fR", "Rf", "FR", "RF", "t", "T"},
			tokens:   []string{"environ", "getenv", "decouple"}, calls: calls(pythonCalls),
		},
		scripting("javascript", ".js", ".mjs", ".cjs", ".jsx", ".vue", ".svelte"),
		scripting("typescript", ".ts", ".mts", ".cts", ".tsx"),
		{
			name: "java", suffixes: []string{".java"}, line: slashes, block: starBlock, char: true,
			quotes: []quote{tripled, double}, tokens: []string{"getenv", "@Value"}, calls: calls(javaCalls),
		},
		{
			name: "kotlin", suffixes: []string{".kt", ".kts"}, line: slashes, block: starBlock, nested: true, char: true,
			quotes: []quote{{open: `"""`, end: `"""`, lines: true, code: "${"}, inline(double, "${")},
			tokens: []string{"getenv", "@Value"}, calls: calls(javaCalls, kotlinCalls),
		},
		{
			name: "scala", suffixes: []string{".scala", ".sc"}, line: slashes, block: starBlock, nested: true, char: true,
			quotes: []quote{{open: `"""`, end: `"""`, lines: true, code: "${"}, inline(double, "${")},
			tokens: []string{"getenv", "sys.env", "@Value"}, calls: calls(javaCalls, scalaCalls),
		},
		{
			name: "groovy", suffixes: []string{".groovy", ".gradle"}, line: slashes, block: starBlock, regex: true,
			quotes: []quote{inline(tripled, "${"), tripled1, inline(double, "${"), single},
			tokens: []string{"getenv", "@Value"}, calls: calls(javaCalls, kotlinCalls),
		},
		{
			name: "ruby", suffixes: []string{".rb", ".rake", ".ru", ".gemspec"}, names: []string{"Rakefile", "Gemfile", "Capfile", "Fastfile", "Podfile"},
			line: []string{"#"}, block: [][2]string{{"\n=begin", "\n=end"}}, regex: true, heredoc: "<<",
			quotes: []quote{inline(double, "#{"), single, inline(quote{open: "`", end: "`", escape: '\\'}, "#{")},
			tokens: []string{"ENV[", "ENV.", "vault", "Vault"}, calls: calls(rubyCalls),
		},
		{
			name: "csharp", suffixes: []string{".cs"}, line: slashes, block: starBlock, char: true,
			quotes: []quote{
				{open: `$@"`, end: `"`, escape: '"', lines: true, code: "{"}, {open: `@$"`, end: `"`, escape: '"', lines: true, code: "{"},
				{open: `$"""`, end: `"""`, lines: true, code: "{"}, {open: `"""`, end: `"""`, lines: true},
				inline(quote{open: `$"`, end: `"`, escape: '\\'}, "{"), {open: `@"`, end: `"`, escape: '"', lines: true}, double,
			},
			tokens: []string{"GetEnvironmentVariable"}, calls: calls(csharpCalls),
		},
		{
			name: "php", suffixes: []string{".php"}, line: []string{"//", "#"}, block: starBlock, word: "$", heredoc: "<<<", island: [2]string{"<?", "?>"},
			quotes: []quote{{open: `"`, end: `"`, escape: '\\', lines: true, code: "{$"}, {open: `'`, end: `'`, escape: '\\', lines: true}},
			tokens: []string{"getenv", "$_ENV", "env(", "Env::get"}, calls: calls(phpCalls),
		},
		{
			name: "rust", suffixes: []string{".rs"}, line: slashes, block: starBlock, nested: true, char: true, hashes: true,
			quotes: []quote{{open: `"`, end: `"`, escape: '\\', lines: true}},
			tokens: []string{"env::", "env!", "dotenv"}, calls: calls(rustCalls),
		},
		{name: "shell", suffixes: []string{".sh", ".bash", ".zsh", ".ksh"}, tokens: []string{"$", "VAULT"}, scan: shell},
		{name: "spring", suffixes: []string{".properties", ".yml", ".yaml"}, tokens: []string{"${"}, scan: spring},
	})
})

// scripting is JavaScript under the suffixes of one of its dialects.
func scripting(name string, suffixes ...string) *language {
	return &language{
		name: name, suffixes: suffixes, line: slashes, block: starBlock, word: "$#", regex: true, markup: true,
		quotes: []quote{double, single, {open: "`", end: "`", escape: '\\', lines: true, code: "${"}},
		tokens: []string{".env"}, calls: calls(scriptCalls),
	}
}

// prepare makes the tables by which files are read fast.
func prepare(languages []*language) map[string]*language {
	bySuffix := map[string]*language{}
	for _, lang := range languages {
		if lang.scan == nil {
			lang.calls = append(lang.calls, calls(storeCalls)...)
			lang.tokens = append(slices.Clone(lang.tokens), storeTokens...)
			lang.index()
		}
		for _, token := range lang.tokens {
			if strings.ContainsAny(token, "vV") {
				lang.withV = append(lang.withV, token)
			} else {
				lang.rest = append(lang.rest, token)
			}
		}
		for _, suffix := range slices.Concat(lang.suffixes, lang.names) {
			bySuffix[suffix] = lang
		}
	}
	return bySuffix
}

func (l *language) index() {
	for c := range 256 {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c >= 0x80
		l.letters[c] = letter || strings.IndexByte(l.word, byte(c)) >= 0
	}
	for _, text := range l.line {
		l.special[text[0]] = true
	}
	for _, text := range l.block {
		l.special[text[0][0]] = true
	}
	for _, q := range l.quotes {
		l.special[q.open[0]] = true
	}
	for i, on := range [256]bool{'\'': l.char, '/': l.regex, '<': l.heredoc != "", '\n': true} {
		l.special[i] = l.special[i] || on
	}
	if l.island[1] != "" {
		l.special[l.island[1][0]] = true
	}
	l.byWord = map[string][]*call{}
	for _, c := range l.calls {
		l.byWord[c.word] = append(l.byWord[c.word], c)
	}
}

func languageOf(src *lint.Source) *language {
	base := path.Base(src.Path)
	switch suffix := path.Ext(base); {
	case suffix == ".properties" || suffix == ".yml" || suffix == ".yaml":
		if !ofSpring(base, src.Data) {
			return nil
		}
		return languages()[suffix]
	case suffix != "":
		return languages()[suffix]
	case bytes.HasPrefix(src.Data, []byte("#!")) && shebang().Match(src.Data):
		return languages()[".sh"]
	}
	return languages()[base]
}

// mayRead looks for the tokens. Most have a v, which is rare in source code: the
// search goes from one v to the next, which takes a fifth of the time of a
// search for each token.
func (l *language) mayRead(data []byte) bool {
	for _, letter := range []byte("vV") {
		for at := 0; ; at++ {
			next := bytes.IndexByte(data[at:], letter)
			if next < 0 {
				break
			}
			if at += next; l.tokenAt(data, at, letter) {
				return true
			}
		}
	}
	return slices.ContainsFunc(l.rest, func(token string) bool { return bytes.Contains(data, []byte(token)) })
}

// tokenAt says whether the v at a place is that of a token.
func (l *language) tokenAt(data []byte, at int, letter byte) bool {
	for _, token := range l.withV {
		start := at - strings.IndexByte(token, letter)
		if start >= 0 && start <= at && data[start] == token[0] && hasPrefix(data[start:], token) {
			return true
		}
	}
	return false
}

// testFolders are folders that hold nothing but tests, by the conventions of one
// language or other.
var testFolders = []string{"test", "tests", "spec", "specs", "__tests__", "__mocks__", "testdata", "e2e", "cypress"}

// testSuffixes are what names of test files end in, without the last suffix.
var testSuffixes = []string{"_test", "_spec", ".test", ".spec", ".cy", ".e2e", "Test", "Tests", "TestCase"}

// isTest says whether a file holds tests, by its name.
func isTest(file string) bool {
	folders := strings.Split(path.Dir(file), "/")
	if slices.ContainsFunc(folders, func(f string) bool { return slices.Contains(testFolders, f) || strings.HasSuffix(f, ".Tests") }) {
		return true
	}
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	return strings.HasPrefix(name, "test_") || name == "conftest" ||
		slices.ContainsFunc(testSuffixes, func(suffix string) bool { return strings.HasSuffix(name, suffix) && name != suffix })
}
