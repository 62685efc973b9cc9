package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/reports"
	"github.com/policyctl/policyctl/rules"
	"github.com/policyctl/policyctl/scanner"
)

// TestNoValueIsPrinted plants a credential of every kind, and searches all that a
// user can make policyctl print about them.
func TestNoValueIsPrinted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "repository")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("NO_COLOR", "1")
	plant(t)
	values := planted(t)
	if len(values) < 100 {
		t.Fatalf("only %d values are found", len(values))
	}
	for _, command := range []string{"scan", "check"} {
		args := []string{command, "--verbose"} // what is read once is written in all formats
		for _, format := range reports.Formats() {
			args = append(args, "--format", format+"=../"+command+"."+format)
		}
		printed(t, args...)
		for _, format := range reports.Formats() {
			told(t, command+" --format "+format, written(t, "../"+command+"."+format), values)
			told(t, "report --format "+format, printed(t, "report", "../"+command+".json", "--verbose", "--format", format), values)
		}
		told(t, command+" --sarif-profile full", printed(t, "report", "../"+command+".json", "--format", "sarif", "--sarif-profile", "full"), values)
		told(t, "merge", printed(t, "merge", "a=../"+command+".json", "b=../"+command+".json", "--format", "html"), values)
	}
	for _, place := range slices.Sorted(maps.Values(values))[:12] {
		told(t, "explain "+place, printed(t, "explain", place), values)
	}
}

// told searches an output. What a test says of a leak does not leak it once more.
func told(t *testing.T, command, out string, values map[string]string) {
	t.Helper()
	for value, place := range values {
		for _, form := range forms(value) {
			if strings.Contains(out, form) {
				t.Errorf("%s prints the value of %s", command, place)
				break
			}
		}
	}
}

// forms are the ways in which formats may write a value.
func forms(value string) []string {
	quoted, _ := json.Marshal(value)
	all := []string{value, strings.Trim(string(quoted), `"`), html.EscapeString(value), url.QueryEscape(value), url.PathEscape(value),
		base64.StdEncoding.EncodeToString([]byte(value)), hex.EncodeToString([]byte(value))}
	for shift := range 3 { // within something longer that is encoded
		encoded := base64.StdEncoding.EncodeToString([]byte("xxx"[:shift] + value + "xxx"))
		if inner := encoded[4 : len(encoded)-8]; len(inner) >= 8 { // what is short occurs by chance
			all = append(all, inner)
		}
	}
	return all
}

func written(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) == 0 {
		t.Errorf("%s is empty", name)
	}
	return string(data)
}

func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if status := run(context.Background(), args, nil, &out, &out); status != statusBlocked && status != statusPassed {
		t.Fatalf("%v: status %d: %s", args, status, out.String())
	}
	return out.String()
}

var mark = regexp.MustCompile(`\{\{([a-z0-9]+) ([0-9]+)\}\}`)

// plant writes the examples of all detectors, with characters in place of their marks.
func plant(t *testing.T) {
	t.Helper()
	detectors, err := scanner.ReadDetectors(rules.FS)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, d := range detectors {
		for n, text := range d.Match {
			name := filepath.Join("src", d.ID, strconv.Itoa(n), filepath.FromSlash(cmp.Or(d.In, "app.env")))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(mark.ReplaceAllStringFunc(text, func(m string) string { return fill(m, random) })+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func fill(text string, random *rand.Rand) string {
	parts := mark.FindStringSubmatch(text)
	alphabet := map[string]string{"hex": "0123456789abcdef", "digits": "123456789", "base32": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "lower": "abcdefghijklmnopqrstuvwxyz", "zero": "0", "x": "x"}[parts[1]]
	if alphabet == "" {
		alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	}
	n, _ := strconv.Atoi(parts[2])
	filled := make([]byte, n)
	for i := range filled {
		filled[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(filled)
}

// planted gives the values that are found, and their places.
func planted(t *testing.T) map[string]string {
	t.Helper()
	var report struct {
		Findings []struct{ Location lint.Location }
	}
	if err := json.Unmarshal([]byte(printed(t, "scan", "--format", "json")), &report); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, f := range report.Findings {
		data, err := os.ReadFile(f.Location.Path)
		if err != nil {
			t.Fatal(err)
		}
		src := &lint.Source{Data: data}
		for line := range strings.Lines(string(data[src.Offset(f.Location.Start):src.Offset(f.Location.End)])) {
			// What is short, or a word, occurs by chance.
			if line = strings.TrimSpace(line); len(line) >= 12 && strings.ContainsAny(line, "0123456789") && !strings.HasPrefix(line, "-----") {
				values[line] = fmt.Sprintf("%s:%d", f.Location.Path, f.Location.Start.Line)
			}
		}
	}
	return values
}

// What was found in one file is shown nowhere, whatever its length: not in names of files,
// objects and people, and not in messages that quote them; neither as it is nor encoded.
func TestNoFoundValueIsPrinted(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("NO_COLOR", "1")
	random := rand.New(rand.NewPCG(5, 6))
	values := map[string]string{} // every form that must not be shown
	git := func(args ...string) {
		command := exec.Command("git", args...)
		command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_COMMITTER_NAME=test", "GIT_COMMITTER_EMAIL=test@example.com")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v: %s", args[0], err, out)
		}
	}
	git("init", "-q")
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var planted int
	for _, n := range []int{6, 7, 8, 9, 10, 11, 12, 15, 16, 17, 23, 24, 32, 40} {
		value := fill(fmt.Sprintf("{{random %d}}", n-3), random) + "7q#" // no word
		secret := fmt.Sprintf("%d/app.env", n)
		write(secret, "DB_PASSWORD='"+value+"'\n")
		planted++
		forms := []string{
			strings.ReplaceAll(value, "#", "%23"), base64.RawURLEncoding.EncodeToString([]byte(value)),
			strings.TrimRight(base64.URLEncoding.EncodeToString([]byte("u:"+value+":")), "="), percentEncoded(value), hex.EncodeToString([]byte(value)), value,
		}
		for i, form := range forms {
			told := form
			if i == 2 { // what encodes the neighbours too is no part of it
				told = form[3 : len(form)-3]
			}
			values[told] = fmt.Sprintf("%s, form %d", secret, i)
			dir := fmt.Sprintf("%d/%s", n, form)
			write(dir+"/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: 'x"+form+"', image: web, securityContext: {privileged: true}}]}\n")
			write(dir+"/broken.yaml", "a: b\n"+form+": {")
			write(dir+"/app.env", fmt.Sprintf("API_TOKEN='%s'\n", fill("{{random 30}}", random)))
		}
		author := forms[n%len(forms)]
		git("add", ".")
		git("commit", "-q", "-m", "test", "--author="+author+" <"+author+"@example.com>")
	}
	for _, command := range []string{"scan", "scan --history", "check"} {
		for _, format := range []string{"--verbose", "--format json", "--format sarif", "--format sarif --sarif-profile full", "--format html", "--format csv"} {
			var out bytes.Buffer
			run(context.Background(), append(strings.Fields(command), strings.Fields(format)...), nil, &out, &out)
			told(t, command+" "+format, out.String(), values)
			if found := strings.Count(out.String(), "app.env"); found < planted {
				t.Errorf("%s: only %d of %d values are found", command, found, planted)
			}
		}
	}
}

func percentEncoded(text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, "%%%02x", text[i])
	}
	return b.String()
}

// What is mistaken for a name, of a setting, a commit or a file, may be a credential.
func TestNoMistakeIsPrinted(t *testing.T) {
	t.Chdir(t.TempDir())
	token := "ghp" + "_" + fill("{{random 36}}", rand.New(rand.NewPCG(3, 4)))
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(token, "a"), "nothing")
	for _, args := range []string{"scan", "scan --format json", "scan --format sarif", "check", "check --format html", "check --format github", "check --format csv", "scan --history " + token, "scan " + token + "/b", "explain " + token, "scan --fail-on " + token, "scan --format " + token, token} {
		silent(t, args, token)
	}
	for _, settings := range []string{"fail_on: " + token, token + ": 1", "exclude: " + token} {
		write(".policyctl/config.yaml", settings)
		silent(t, "scan", token)
	}
}

func silent(t *testing.T, args, token string) {
	t.Helper()
	var out bytes.Buffer
	if status := run(context.Background(), strings.Fields(args), nil, &out, &out); status == statusPassed || out.Len() == 0 {
		t.Errorf("%s passes", strings.ReplaceAll(args, token, "TOKEN"))
	}
	if strings.Contains(out.String(), token) {
		t.Errorf("%s prints the credential", strings.ReplaceAll(args, token, "TOKEN"))
	}
}

// What a policy, or a detector elsewhere, calls a credential is hidden also where it is a
// key, an address, a name, or stands beside what is changed.
func TestNoKnownValueIsPrinted(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("NO_COLOR", "1")
	random := rand.New(rand.NewPCG(7, 8))
	values := map[string]string{}
	made := func(what string) string {
		value := fill("{{random 17}}", random) + "7"
		values[value] = what
		return value
	}
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key, other, given, pasted := made("a key"), made("a second key"), made("a password"), "ghp"+"_"+fill("{{random 36}}", random)
	values[pasted] = "a token"
	write("tf/main.tf", fmt.Sprintf(`resource "aws_secretsmanager_secret" "a" {
  for_each = toset([%[1]q, %[2]q])
  name     = "shop/${each.key}"
}
resource "aws_secretsmanager_secret_version" "a" {
  for_each      = toset([%[1]q, %[2]q])
  secret_id     = aws_secretsmanager_secret.a[each.key].id
  secret_string = each.key
}
output "p" {
  value = %[3]q
}
resource "aws_db_instance" "d" {
  engine              = "postgres"
  publicly_accessible = true
  storage_encrypted   = false
  password            = %[3]q
}
`, key, other, given))
	write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: x\n    image: web\n    args: ["+given+", "+key+"]\n    securityContext:\n      privileged: true # "+given+"\n")
	write("docs/"+given+".txt", "nothing")
	write(".policyctl/waivers.yaml", fmt.Sprintf("waivers:\n- {rule: terraform/literal-secret, path: 'docs/%s/%s', owner: a, reason: 'was %s once', until: 2099-01-01}\n", pasted, key, pasted))
	commands := []string{"inventory", "inventory --format json", "flows", "contracts init --dry-run", "fix --diff", "fix --diff --all --tier strict --tier audit", "parse tf/main.tf", "explain tf/main.tf:8", "doctor", "waive list"}
	for _, format := range []string{"json", "dot", "mermaid", "svg"} {
		commands = append(commands, "graph --format "+format)
	}
	for _, format := range reports.Formats() {
		commands = append(commands, "check --verbose --tier strict --tier audit --format "+format)
	}
	hiding := []string{"inventory", "graph --format json", "fix --diff", "parse tf/main.tf", "waive list"}
	for _, command := range commands {
		var out bytes.Buffer
		run(context.Background(), strings.Fields(command), nil, &out, &out)
		told(t, command, out.String(), values)
		if masked := strings.Contains(out.String(), reports.Mask); out.Len() == 0 || !masked && slices.Contains(hiding, command) {
			t.Errorf("%s does not show the place of a value", command)
		}
	}
}
