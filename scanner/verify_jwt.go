package scanner

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/regex"
)

// jwtForm may have a prefix in front, as in tokens of jobs of GitLab and of Buildkite.
var jwtForm = regex.Lazy(`^(?:[a-z0-9]{2,12}[_-]){0,2}(eyJ[A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)$`)

// publicRoles are what Supabase and its like hand to every browser.
var publicRoles = map[string]bool{"anon": true, "anonymous": true}

// jwt reads the claims of a JSON web token (RFC 7519). It names the end of its
// validity and leaves the verdict to the reader: what is found must not depend
// on the day.
func jwt(value string) []string {
	parts := jwtForm().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	header, ok := decodeObject(parts[1])
	claims, readable := decodeObject(parts[2])
	if !ok || !readable {
		return []string{"JWT that does not decode: cut or made up"}
	}
	all := append([]string{signature(header, parts[3])}, named("issued by", claims, "iss")...)
	if role, _ := claims["role"].(string); publicRoles[role] {
		all = append(all, "role "+role+", public by design")
	} else {
		all = append(all, named("role", claims, "role")...)
	}
	return append(all, expiry(claims["exp"]))
}

// expiry says when a token ends (RFC 7519, 4.1.4). Some write the seconds as a text, or
// milliseconds; what is neither is not taken for no end.
func expiry(exp any) string {
	if exp == nil {
		return "does not expire"
	}
	seconds, err := strconv.ParseFloat(fmt.Sprint(exp), 64)
	const mostSeconds = 1e11 // in the year 5138; in milliseconds it is in 1973
	if seconds >= mostSeconds {
		seconds /= 1000
	}
	if err != nil || seconds <= 0 || !(seconds < mostSeconds) {
		return "expiry not readable"
	}
	return "valid until " + time.Unix(int64(seconds), 0).UTC().Format(time.DateOnly)
}

func signature(header map[string]any, signed string) string {
	alg, _ := header["alg"].(string)
	switch {
	case strings.EqualFold(alg, "none") || signed == "":
		return "JWT without a signature"
	case !plain().MatchString(alg):
		return "JWT without an algorithm"
	}
	return "JWT signed with " + alg
}
