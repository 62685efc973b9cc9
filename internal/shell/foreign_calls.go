package shell

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

var (
	foreignPrint = regex.Lazy(`\b(?:print|pprint|puts|echo|say|console\.(?:log|info|warn|error|debug)|core\.(?:info|notice|warning|debug|error|setFailed)|sys\.std(?:out|err)\.write|process\.std(?:out|err)\.write|logg(?:er|ing)\.(?:debug|info|warning|error|critical|exception))\b\s*\(?`)
	foreignSend  = regex.Lazy(`\b(?:(?:requests|httpx|session|axios|got|superagent|needle|https?)\.(?:get|post|put|patch|delete|request|head)|fetch|axios|got|urlopen|Request)\s*\(`)
	foreignRun   = regex.Lazy(`\b(?:subprocess\.(?:run|call|check_call|check_output|Popen|getoutput)|os\.(?:system|popen|exec[lv]p?e?)|(?:child_process\.)?(?:exec|execSync|execFile|execFileSync|spawn|spawnSync)|exec\.(?:exec|getExecOutput))\s*\(`)
	foreignOpen  = regex.Lazy(`\bopen\s*\(`)
	foreignWrite = regex.Lazy(`(?:\b(\w+)|\))\.(?:write|writelines|write_text|write_bytes)\s*\(`)
	foreignFile  = regex.Lazy(`\b(?:(?:fs\.)?(?:promises\.)?(?:writeFile|appendFile)(?:Sync)?|Deno\.writeTextFile|File\.write)\s*\(`)
	foreignDumpf = regex.Lazy(`\b(?:json|yaml|pickle)\.(?:safe_)?dump\s*\(`)
	foreignCore  = regex.Lazy(`\bcore\.(setOutput|exportVariable|setSecret)\s*\(`)
	foreignWith  = regex.Lazy(`\bas\s+(\w+)\s*:`)
	printsTo     = regex.Lazy(`\bfile\s*=\s*(\w+)`)
	passedOn     = regex.Lazy(`^\s*(?:env|input|stdin|headers)\s*[=:]|^\s*\{`)
)

// calls notes what the calls of a statement do with what they are given.
func (f *foreignReader) calls(start, end int) {
	each := func(find [][]int, do func(m []int, args [][2]int)) {
		for _, m := range find {
			do(m, f.arguments(start+m[1], end))
		}
	}
	code := f.code[start:end]
	if m := foreignWith().FindSubmatchIndex(code); m != nil {
		if file := f.opened(start, end); file != "" {
			f.paths[string(code[m[2]:m[3]])] = file
		}
	}
	each(foreignCore().FindAllSubmatchIndex(code, maxMentions), f.coreCall(start))
	each(foreignPrint().FindAllSubmatchIndex(code, maxMentions), f.printCall(start))
	each(foreignSend().FindAllSubmatchIndex(code, maxMentions), f.sendCall(start))
	each(foreignRun().FindAllSubmatchIndex(code, maxMentions), f.runCall(start))
	each(foreignFile().FindAllSubmatchIndex(code, maxMentions), func(m []int, args [][2]int) {
		if len(args) > 1 {
			f.writes(f.path(args[0][0], args[0][1]), args[1:2], start+m[0], start+m[1])
		}
	})
	each(foreignDumpf().FindAllSubmatchIndex(code, maxMentions), func(m []int, args [][2]int) {
		if len(args) > 1 {
			f.writes(f.path(args[1][0], args[1][1]), args[:1], start+m[0], start+m[1])
		}
	})
	each(foreignWrite().FindAllSubmatchIndex(code, maxMentions), func(m []int, args [][2]int) {
		file := ""
		if m[2] >= 0 {
			file = f.paths[string(code[m[2]:m[3]])]
		} else if file = f.opened(start, start+m[0]); file == "" {
			file = f.pathObject(start, start+m[0])
		}
		f.writes(file, args, start+m[0], start+m[1])
	})
	f.handsOver(start, end)
}

// handsOver gives the parameters of the script's own functions what they are called with.
func (f *foreignReader) handsOver(start, end int) {
	if len(f.params) == 0 {
		return
	}
	code := f.code[start:end]
	for _, m := range identifier().FindAllIndex(code, maxMentions) {
		params, ok := f.params[string(code[m[0]:m[1]])]
		if !ok || m[1] >= len(code) || code[m[1]] != '(' {
			continue
		}
		name := string(code[m[0]:m[1]])
		for i, arg := range f.arguments(start+m[1]+1, end) {
			if v := f.value(arg[0], arg[1]); v.Tainted() && i < len(params) {
				key := name + "/" + params[i]
				f.vars[key] = f.vars[key].Plus(v)
				if len(f.vars[key].pieces) == 1 {
					f.vars[key] = v.Through("it is handed to "+shortened(name)+" here", f.at(start+m[0], start+m[1]))
				}
			}
		}
	}
}

// pathObject is the file of Path("name").
func (f *foreignReader) pathObject(start, end int) string {
	at := strings.LastIndex(string(f.code[start:end]), "Path(")
	if at < 0 {
		return ""
	}
	args := f.arguments(start+at+len("Path("), end)
	return f.path(args[0][0], args[0][1])
}

// all is what the arguments of a call hold.
func (f *foreignReader) all(args [][2]int) Value {
	var parts []Value
	for _, a := range args {
		parts = append(parts, f.value(a[0], a[1]))
	}
	return joined(parts...)
}

func (f *foreignReader) writes(file string, args [][2]int, start, end int) {
	if file == "" || len(args) == 0 {
		return
	}
	v := f.all(args)
	if text, ok := f.text(args[0][0], args[0][1]); ok && len(args) == 1 && text.Tainted() {
		v = text // NAME=value
	}
	if v.Tainted() {
		f.write(file, stream{{value: v, command: "write", at: f.at(start, end)}}, f.at(start, end))
	}
}

// namesBefore finds what takes nothing but the names of all variables, unless valueByName
// finds that something is read by them.
var (
	namesBefore = regex.Lazy(`(?:\bin\s+|\b(?:len|list|set|sorted|tuple|Object\.keys)\(\s*|\.join\(\s*)$`)
	valueByName = regex.Lazy(`environ\s*(?:\[|\.get\()|\b(?:env|ENV)\s*\[|getenv`)
)

func (f *foreignReader) printCall(start int) func([]int, [][2]int) {
	return func(m []int, args [][2]int) {
		from, to := args[0][0], args[len(args)-1][1]
		out := stream{{value: f.all(args), command: "print"}}
		if text, ok := f.text(args[0][0], args[0][1]); ok && len(args) == 1 && text.Tainted() {
			out[0].value = text
		}
		for _, d := range foreignDump().FindAllIndex(f.code[from:to], maxMentions) {
			if after := strings.TrimLeft(string(f.code[from+d[1]:to]), " ") + ")"; strings.IndexByte("),]}", after[0]) >= 0 && !(namesBefore().Match(f.code[from:from+d[0]]) && !valueByName().Match(f.code[from:to])) {
				out = append(out, f.dump(false, string(f.code[from+d[0]:from+d[1]]), f.at(start+m[0], start+m[1]), from+d[0], from+d[1])...)
			}
		}
		if target := printsTo().FindSubmatch(f.code[from:to]); target != nil && string(target[1]) != "sys" {
			if file := f.paths[string(target[1])]; file != "" && out[0].value.Tainted() {
				f.write(file, out, f.at(start+m[0], start+m[1]))
			}
			return
		}
		if !f.u.script.Captured {
			f.log(out)
		}
	}
}

func (f *foreignReader) sendCall(start int) func([]int, [][2]int) {
	return func(m []int, args [][2]int) {
		name := strings.TrimRight(string(f.code[start+m[0]:start+m[1]]), "( ")
		fill := Sink{Command: name, Unverified: strings.Contains(string(f.code[args[0][0]:args[len(args)-1][1]]), "verify=False")}
		for i, a := range args {
			here := fill
			if url, ok := f.text(a[0], a[1]); ok && strings.Contains(url.text(), "://") {
				to := addressOf(url, true, 0)
				fill.Host, fill.Scheme = to.host, to.scheme
				here = fill
				here.InURL = true
				f.sink("network", url, here)
				continue
			}
			if i > 0 || len(args) == 1 {
				here = fill
			}
			f.sink("network", f.value(a[0], a[1]), here)
		}
	}
}

// shellRun finds the calls that give their first argument to a shell.
var shellRun = regex.Lazy(`^(?:os\.(?:system|popen)|subprocess\.getoutput|(?:child_process\.)?exec(?:Sync)?)\s*\($`)

// runCall follows the command that a call starts: a list of words, or a line of a shell.
func (f *foreignReader) runCall(start int) func([]int, [][2]int) {
	return func(m []int, args [][2]int) {
		first := args[0]
		if name := f.code[start+m[0] : start+m[1]]; shellRun().Match(name) || strings.Contains(f.u.text[first[0]:args[len(args)-1][1]], "shell=True") {
			f.ran(f.value(first[0], first[1]), string(name))
		}
		written := strings.TrimSpace(f.u.text[first[0]:first[1]])
		if line, ok := f.text(first[0], first[1]); ok {
			if len(args) > 1 && strings.HasPrefix(strings.TrimSpace(f.u.text[args[1][0]:args[1][1]]), "[") {
				f.runWords(append([]Value{line}, f.words(args[1])...), start+m[0], start+m[1])
				return
			}
			if line.Tainted() {
				f.sink("argv", line, Sink{Command: "sh"})
			}
			f.Session.log(f.Session.script(within(line), nil))
			f.Session.unit = f.u
			return
		}
		if strings.HasPrefix(written, "[") {
			f.runWords(f.words(first), start+m[0], start+m[1])
			return
		}
		for _, a := range args {
			if !passedOn().Match(f.code[a[0]:a[1]]) {
				f.sink("argv", f.value(a[0], a[1]), Sink{Command: "a program"})
			}
		}
	}
}

// words are the items of a list.
func (f *foreignReader) words(list [2]int) []Value {
	from := list[0] + strings.IndexByte(f.u.text[list[0]:list[1]], '[') + 1
	var all []Value
	for _, item := range f.arguments(from, list[1]) {
		v, ok := f.text(item[0], item[1])
		if !ok {
			v = f.value(item[0], item[1])
			if len(v.pieces) == 0 {
				v = Value{[]piece{{text: "$x", unit: f.u, start: item[0], end: item[1]}}}
			}
		}
		all = append(all, v)
	}
	return all
}

func (f *foreignReader) runWords(words []Value, start, end int) {
	if len(words) == 0 || words[0].Tainted() {
		return
	}
	out := f.invoke(&call{full: words[0].text(), args: words[1:], start: start, end: end, unit: f.u})
	if !slices.ContainsFunc([]string{"check_output", "getoutput", "getExecOutput", "capture_output"}, func(w string) bool {
		return strings.Contains(string(f.code[start:min(len(f.code), end+maxAround)]), w)
	}) {
		f.log(out.all())
	}
}

// coreCall reads what scripts of GitHub's own action hand to the runner.
func (f *foreignReader) coreCall(start int) func([]int, [][2]int) {
	return func(m []int, args [][2]int) {
		at := f.at(start+m[0], start+m[1])
		what := string(f.code[start+m[2] : start+m[3]])
		if what == "setSecret" {
			f.hide(f.all(args))
			return
		}
		if len(args) < 2 {
			return
		}
		name, _ := f.text(args[0][0], args[0][1])
		kind := map[string]string{"setOutput": "output", "exportVariable": "env"}[what]
		if v := f.all(args[1:]); v.Tainted() {
			f.give(kind, name.text(), v, at)
		}
	}
}
