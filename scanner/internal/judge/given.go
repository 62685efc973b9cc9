package judge

import "bytes"

// accounts reads the lines user:password that chpasswd is given, in a script or by
// cloud-init, and says whether a name is that of the command.
func (r *reader) accounts(start, end int) bool {
	if string(r.data[start:end]) != "chpasswd" {
		return false
	}
	at := r.lineEnd(end)
	if line := r.data[max(0, start-maxGap):at]; r.byteAt(end) != ':' && !bytes.Contains(line[bytes.LastIndexByte(line, '\n')+1:], []byte("<<")) {
		return true
	}
	begin := at
	for limit := min(len(r.data), at+farthest); at < limit && r.spent <= 4*len(r.data); {
		from := r.spaces(at + 1)
		at = r.lineEnd(min(at+1, len(r.data)))
		line := bytes.TrimRight(r.data[min(from, at):at], " \r")
		user, rest, found := bytes.Cut(line, []byte(":"))
		if !found {
			break
		}
		if len(rest) > 0 && rest[0] != ' ' && bytes.IndexByte(user, ' ') < 0 { // else a member of cloud-init: list: |
			r.yieldTrimmed(field{key: "password", keyStart: from, op: ":", form: bareLine}, from+len(user)+1, from+len(line))
		}
	}
	r.spent += at - begin
	return true
}

// generated reads what Terraform made up and keeps in its state, and says whether a name
// is the type of such a resource.
func (r *reader) generated(start, end int) bool {
	if r.lang != data || string(r.data[start:end]) != "random_password" || r.byteAt(start-1) != '"' || r.byteAt(end) != '"' || r.byteAt(r.spaces(end+1)) == ':' {
		return false
	}
	const member = `"result"`
	rest := r.data[end:min(len(r.data), end+farthest)]
	if n := bytes.Index(rest, []byte(`"random_`)); n >= 0 { // the next of them
		rest = rest[:n]
	}
	for at := 0; r.spent <= 4*len(r.data); {
		n := bytes.Index(rest[at:], []byte(member))
		r.spent += max(n, 0)
		if n < 0 {
			break
		}
		at += n + len(member)
		value := end + at + len(rest[at:]) - len(bytes.TrimLeft(rest[at:], ": "))
		if mark := r.quote(value); mark != nil {
			r.quotedValue(field{key: string(r.data[start:end]), keyStart: start, op: ":"}, value, mark)
		}
	}
	return true
}
