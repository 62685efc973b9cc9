package scanner

import (
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/regex"
)

var jwtForm = regex.Lazy(`^(eyJ[A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)$`)

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
	exp, ok := claims["exp"].(float64)
	if ok && exp > 0 && exp < 1e11 {
		return append(all, "valid until "+time.Unix(int64(exp), 0).UTC().Format(time.DateOnly))
	}
	return append(all, "does not expire")
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
