package github

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// testToken is what no request but its header, and nothing that is said, may show.
const testToken = "made-up-token-of-a-test"

// server is a GitHub on the loopback. It keeps what it is told, and holds every
// request against GitHub's own description of its API.
type server struct {
	*httptest.Server
	lock       sync.Mutex
	t          *testing.T
	operations []operation
	requests   []string       // METHOD /path
	answers    map[string]any // what is asked for by METHOD /path, before anything was told

	// faults answer requests in their order, by METHOD /path; nil lets one through.
	faults map[string][]fault

	comments, reviews, notes, checks []map[string]any
	sarif                            map[string]any
	states                           []map[string]any // of the upload, one a request
}

// fault answers in place of the server, which would have given answer.
type fault func(w http.ResponseWriter, answer func(http.ResponseWriter))

// operation is one of the description.
type operation struct {
	method, template    string
	path                *regexp.Regexp
	names               []string // of what is in the path
	params, query, body *jsonschema.Schema
	inPath, inQuery     map[string]any // the types of parameters
	success             []int
}

func newServer(t *testing.T) *server {
	s := &server{t: t, operations: operations(t), answers: map[string]any{}, faults: map[string][]fault{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// client gives a client of the server that does not wait, and what it waited.
func (s *server) client() (*Client, *time.Duration) {
	s.t.Helper()
	c, err := NewClient(s.URL+"/api/v3", testToken)
	if err != nil {
		s.t.Fatal(err)
	}
	var waited time.Duration
	c.Wait = func(_ context.Context, d time.Duration) error { waited += d; return nil }
	return c, &waited
}

func operations(t *testing.T) []operation {
	t.Helper()
	data, err := os.ReadFile("testdata/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	description, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("openapi.json", description); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for key, value := range description.(map[string]any)["operations"].(map[string]any) {
		method, template, _ := strings.Cut(key, " ")
		parts := value.(map[string]any)
		compile := func(part string) *jsonschema.Schema {
			if parts[part] == nil {
				return nil
			}
			pointer := strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
			schema, err := compiler.Compile("openapi.json#/operations/" + strings.NewReplacer(" ", "%20", "{", "%7B", "}", "%7D").Replace(pointer) + "/" + part)
			if err != nil {
				t.Fatalf("%s: %v", key, err)
			}
			return schema
		}
		op := operation{method: method, template: template, params: compile("path"), query: compile("query"), body: compile("body")}
		op.inPath = parts["path"].(map[string]any)["properties"].(map[string]any)
		op.inQuery = parts["query"].(map[string]any)["properties"].(map[string]any)
		for _, status := range parts["success"].([]any) {
			n, _ := strconv.Atoi(fmt.Sprint(status))
			op.success = append(op.success, n)
		}
		parameter := regexp.MustCompile(`\\\{(\w+)\\\}`)
		for _, m := range parameter.FindAllStringSubmatch(regexp.QuoteMeta(template), -1) {
			op.names = append(op.names, m[1])
		}
		op.path = regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(template), "([^/]+)") + "$")
		all = append(all, op)
	}
	if len(all) < 10 {
		t.Fatalf("the description has only %d operations", len(all))
	}
	return all
}

// typed gives a parameter as JSON of the type that is described.
func typed(schema any, value string) any {
	if m, ok := schema.(map[string]any); ok && m["type"] == "integer" {
		if n, err := strconv.Atoi(value); err == nil {
			return json.Number(strconv.Itoa(n))
		}
	}
	return value
}

// operation finds what a request asks for, and holds it against the description.
func (s *server) operation(r *http.Request, body []byte) *operation {
	path := strings.TrimPrefix(r.URL.Path, "/api/v3")
	for i := range s.operations {
		op := &s.operations[i]
		m := op.path.FindStringSubmatch(path)
		if op.method != r.Method || m == nil {
			continue
		}
		params, query := map[string]any{}, map[string]any{}
		for i, name := range op.names {
			params[name] = typed(op.inPath[name], m[i+1])
		}
		for name, values := range r.URL.Query() {
			if len(values) != 1 {
				s.t.Errorf("%s %s: %q is given more than once", r.Method, path, name)
			}
			query[name] = typed(op.inQuery[name], values[0])
		}
		s.valid(r, "path", op.params, params)
		s.valid(r, "query", op.query, query)
		if op.body == nil {
			if len(body) > 0 {
				s.t.Errorf("%s %s has a body: %s", r.Method, path, body)
			}
			return op
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			s.t.Errorf("%s %s: %v", r.Method, path, err)
			return op
		}
		s.valid(r, "body", op.body, value)
		return op
	}
	s.t.Errorf("GitHub has no %s %s that we describe", r.Method, path)
	return nil
}

func (s *server) valid(r *http.Request, part string, schema *jsonschema.Schema, value any) {
	if err := schema.Validate(value); err != nil {
		s.t.Errorf("%s %s: %s: %v", r.Method, r.URL.Path, part, err)
	}
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	path := strings.TrimPrefix(r.URL.Path, "/api/v3")
	key := r.Method + " " + path
	s.lock.Lock()
	s.requests = append(s.requests, key)
	s.lock.Unlock()
	if got := r.Header.Get("Authorization"); got != "Bearer "+testToken {
		s.t.Errorf("%s: the token is not where it belongs", key)
	}
	if strings.Contains(r.URL.String()+string(body), testToken) {
		s.t.Errorf("%s holds the token", key)
	}
	if r.Header.Get("X-GitHub-Api-Version") == "" {
		s.t.Errorf("%s names no version of the API", key)
	}
	op := s.operation(r, body)
	if op == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	var told map[string]any
	if len(body) > 0 {
		if err := json.Unmarshal(body, &told); err != nil {
			s.t.Error(err)
		}
	}
	answer := func(w http.ResponseWriter) {
		s.lock.Lock()
		defer s.lock.Unlock()
		s.answer(w, r, op, path, told)
	}
	s.lock.Lock()
	var first fault
	if queue := s.faults[key]; len(queue) > 0 {
		first, s.faults[key] = queue[0], queue[1:]
	}
	s.lock.Unlock()
	if first != nil {
		first(w, answer)
		return
	}
	answer(w)
}

const bot = "Bot"

func (s *server) answer(w http.ResponseWriter, r *http.Request, op *operation, path string, told map[string]any) {
	id := func(all []map[string]any) map[string]any {
		told := maps.Clone(told)
		told["id"] = len(all) + 1
		told["user"] = map[string]any{"login": "github-actions[bot]", "type": bot, "id": 41898282}
		told["html_url"] = fmt.Sprintf("https://github.example/%d", len(all)+1)
		return told
	}
	last := path[strings.LastIndex(path, "/")+1:]
	switch op.method + " " + op.template {
	case "GET /user":
		fail(http.StatusForbidden, "Resource not accessible by integration", nil)(w, nil)
	case "GET /repos/{owner}/{repo}/pulls/{pull_number}/comments":
		s.page(w, r, s.comments)
	case "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews":
		s.page(w, r, s.reviews)
	case "GET /repos/{owner}/{repo}/issues/{issue_number}/comments":
		s.page(w, r, s.notes)
	case "GET /repos/{owner}/{repo}/pulls/{pull_number}/files":
		all, _ := s.answers[r.Method+" "+path].([]map[string]any)
		s.page(w, r, all)
	case "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews":
		review := id(s.reviews)
		s.reviews = append(s.reviews, review)
		for _, comment := range list(told["comments"]) {
			comment["user"] = review["user"]
			s.comments = append(s.comments, comment)
		}
		s.write(w, op, review)
	case "POST /repos/{owner}/{repo}/issues/{issue_number}/comments":
		note := id(s.notes)
		s.notes = append(s.notes, note)
		s.write(w, op, note)
	case "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}":
		for _, note := range s.notes {
			if fmt.Sprint(note["id"]) == last {
				note["body"] = told["body"]
				s.write(w, op, note)
				return
			}
		}
		fail(http.StatusNotFound, "Not Found", nil)(w, nil)
	case "POST /repos/{owner}/{repo}/check-runs":
		if told["status"] == "completed" && told["conclusion"] == nil {
			s.t.Error("a check run that is completed has no conclusion") // the description says so in words only
		}
		run := id(s.checks)
		s.annotate(run, told)
		s.checks = append(s.checks, run)
		s.write(w, op, run)
	case "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}":
		n, _ := strconv.Atoi(last)
		run := s.checks[n-1]
		run["conclusion"] = told["conclusion"]
		s.annotate(run, told)
		s.write(w, op, run)
	case "GET /repos/{owner}/{repo}/commits/{ref}/check-runs":
		s.write(w, op, map[string]any{"total_count": len(s.checks), "check_runs": s.checks})
	case "POST /repos/{owner}/{repo}/code-scanning/sarifs":
		s.sarif = told
		s.write(w, op, map[string]any{"id": "47177e22-5596-11eb-80a1-c1e54ef945c6", "url": s.URL})
	case "GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}":
		state := map[string]any{"processing_status": "complete"}
		if len(s.states) > 0 {
			state, s.states = s.states[0], s.states[1:]
		}
		s.write(w, op, state)
	default:
		answer, ok := s.answers[r.Method+" "+path]
		if !ok {
			fail(http.StatusNotFound, "Not Found", nil)(w, nil)
			return
		}
		s.write(w, op, answer)
	}
}

func list(value any) []map[string]any {
	var all []map[string]any
	items, _ := value.([]any)
	for _, item := range items {
		all = append(all, item.(map[string]any))
	}
	return all
}

// annotate appends annotations, as the API does.
func (s *server) annotate(run, told map[string]any) {
	output := told["output"].(map[string]any)
	annotations := append(list(run["annotations"]), list(output["annotations"])...)
	var all []any
	for _, a := range annotations {
		all = append(all, a)
		if a["start_line"] != a["end_line"] && (a["start_column"] != nil || a["end_column"] != nil) {
			s.t.Errorf("an annotation of more than one line has columns: %v", a)
		}
	}
	run["annotations"] = all
	run["output"] = map[string]any{"title": output["title"], "summary": output["summary"], "annotations_count": len(all)}
}

func (s *server) page(w http.ResponseWriter, r *http.Request, all []map[string]any) {
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	if size < 1 || size > 100 {
		s.t.Errorf("%s: %d items a page", r.URL, size)
		size = 100
	}
	number = max(number, 1)
	from := min((number-1)*size, len(all))
	to := min(from+size, len(all))
	if to < len(all) {
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?page=%d>; rel="next"`, s.URL, r.URL.Path, number+1))
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(append([]map[string]any{}, all[from:to]...))
}

func (s *server) write(w http.ResponseWriter, op *operation, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(slices.Min(op.success))
	_ = json.NewEncoder(w).Encode(value)
}

// fail answers with an error as GitHub does.
func fail(status int, message string, header map[string]string, errors ...any) fault {
	return func(w http.ResponseWriter, _ func(http.ResponseWriter)) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		answer := map[string]any{"message": message, "documentation_url": "https://docs.github.com/rest"}
		if strings.Contains(message, "secondary rate limit") {
			answer["documentation_url"] = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"
		}
		if len(errors) > 0 {
			answer["errors"] = errors
		}
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// cutOff ends the connection within the answer.
func cutOff(w http.ResponseWriter, _ func(http.ResponseWriter)) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"id": `)
	panic(http.ErrAbortHandler)
}

// lost does what is asked, and the answer never arrives.
func lost(_ http.ResponseWriter, answer func(http.ResponseWriter)) {
	answer(httptest.NewRecorder())
	panic(http.ErrAbortHandler)
}

// slow answers later than the client waits.
func slow(w http.ResponseWriter, answer func(http.ResponseWriter)) {
	time.Sleep(200 * time.Millisecond)
	answer(w)
}

// count gives how many requests there were of one kind.
func (s *server) count(prefix string) int {
	n := 0
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, request := range s.requests {
		if strings.HasPrefix(request, prefix) {
			n++
		}
	}
	return n
}
