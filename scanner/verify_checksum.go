package scanner

import (
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

func checksum(ok bool) []string {
	if ok {
		return []string{"checksum ok"}
	}
	return []string{"checksum bad: cut, changed or made up"}
}

var (
	base62Form     = regex.Lazy(`^(?:(?:gh[pousr]_|npm_)([0-9A-Za-z]{30})|polar_[a-z_]+_([0-9A-Za-z]{37}))([0-9A-Za-z]{6})$`)
	cloudflareForm = regex.Lazy(`^cf(?:k|ut|at)_([0-9A-Za-z]{40})([0-9a-f]{8})$`)
	grafanaForm    = regex.Lazy(`^(glsa_[0-9A-Za-z]{32})_([0-9a-f]{8})$`)
	atlassianForm  = regex.Lazy(`^(AT[AC]TT3[A-Za-z0-9_-]+)=([0-9A-F]{8})$`)
	ageForm        = regex.Lazy(`^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{58}$`)
	natsForm       = regex.Lazy(`^S[A-Z2-7]{57}$`)
)

// crcBase62 checks tokens of GitHub, npm and Polar: the last six characters are
// the CRC-32 of those between them and the prefix.
func crcBase62(value string) []string {
	parts := base62Form().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	return checksum(base62(crc32.ChecksumIEEE([]byte(parts[1]+parts[2])), 6) == parts[3])
}

func base62(n uint32, width int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	text := make([]byte, width)
	for i := range text {
		text[width-1-i] = digits[n%62]
		n /= 62
	}
	return string(text)
}

func crcCloudflare(value string) []string {
	parts := cloudflareForm().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	return checksum(fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(parts[1]))) == parts[2])
}

// crcGrafana checks a token of a service account of Grafana: the CRC-32 of all that
// precedes it, its lowest byte first.
func crcGrafana(value string) []string {
	parts := grafanaForm().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(parts[1])))
	return checksum(hex.EncodeToString(sum) == parts[2])
}

// crcAtlassian checks API tokens of Atlassian. Both readings of "what precedes"
// are accepted: with and without the equals sign.
func crcAtlassian(value string) []string {
	parts := atlassianForm().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	for _, body := range []string{parts[1], parts[1] + "="} {
		if fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(body))) == parts[2] {
			return checksum(true)
		}
	}
	return checksum(false)
}

var gitlabForm = regex.Lazy(`^(gl[a-z]{2,8}-(?:t[0-9]_)?([0-9A-Za-z_-]{27,300})\.(?:[0-9a-z]{2}\.)?[0-9a-z]{2})([0-9a-z]{7})$`)

// crcGitLab checks routable tokens of GitLab: a CRC-32 of all that precedes it, in base 36.
// Their payload names whose they are.
func crcGitLab(value string) []string {
	parts := gitlabForm().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	sum := strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(parts[1]))), 36)
	all := checksum(strings.Repeat("0", 7-len(sum))+sum == parts[3])
	return append(all, ownersGitLab(parts[2])...)
}

// gitlabOwners are whom a payload names.
var gitlabOwners = map[string]string{"u": "user", "p": "project", "g": "group", "o": "organization"}

// ownersGitLab reads lines such as u:1z. Random bytes follow, and how many they are.
func ownersGitLab(payload string) []string {
	data, ok := decode(payload)
	if !ok || len(data) == 0 || int(data[len(data)-1]) >= len(data) {
		return nil
	}
	var all []string
	for line := range strings.SplitSeq(string(data[:len(data)-1-int(data[len(data)-1])]), "\n") {
		key, id, _ := strings.Cut(line, ":")
		n, err := strconv.ParseUint(id, 36, 64)
		if what := gitlabOwners[key]; what != "" && err == nil {
			all = append(all, fmt.Sprintf("GitLab %s %d", what, n))
		}
	}
	return all
}

// bech32Age checks an identity of age (BIP 173).
func bech32Age(value string) []string {
	if !ageForm().MatchString(value) {
		return nil
	}
	value = strings.ToLower(value)
	i := strings.LastIndexByte(value, '1')
	return checksum(bech32(value[:i], value[i+1:]) == 1)
}

// bech32 gives the checksum of a prefix and data, 1 if it holds.
func bech32(prefix, data string) uint32 {
	sum := uint32(1)
	add := func(v uint32) {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ v
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for _, c := range prefix {
		add(uint32(c) >> 5)
	}
	add(0)
	for _, c := range prefix {
		add(uint32(c) & 31)
	}
	for _, c := range data {
		add(uint32(strings.IndexRune("qpzry9x8gf2tvdw0s3jn54khce6mua7l", c)))
	}
	return sum
}

// natsKinds are the roles that the second character of a seed tells.
var natsKinds = map[byte]string{'U': "user", 'A': "account", 'O': "operator", 'N': "server", 'C': "cluster", 'X': "curve"}

// seedNATS checks a seed of NATS: base 32 that ends with CRC-16.
func seedNATS(value string) []string {
	kind := ""
	if natsForm().MatchString(value) {
		kind = natsKinds[value[1]]
	}
	data, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(value)
	if kind == "" || err != nil {
		return nil
	}
	body := data[:len(data)-2]
	return append([]string{"seed of a NATS " + kind}, checksum(crc16(body) == binary.LittleEndian.Uint16(data[len(body):]))...)
}

// crc16 is CRC-16/XMODEM.
func crc16(data []byte) uint16 {
	var sum uint16
	for _, b := range data {
		sum ^= uint16(b) << 8
		for range 8 {
			top := sum & 0x8000
			sum <<= 1
			if top != 0 {
				sum ^= 0x1021
			}
		}
	}
	return sum
}
