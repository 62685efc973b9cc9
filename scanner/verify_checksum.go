package scanner

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/big"
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
	base62Form     = regex.Lazy(`^(?:(?:gh[pousr]_|npm_|nbp_)([0-9A-Za-z]{30})|polar_[a-z_]+_([0-9A-Za-z]{37})|(sy[tr]_[0-9A-Za-z+/]+_[A-Za-z]{20}|m(?:at|ct|ar|cr)_[0-9A-Za-z]{30})_)([0-9A-Za-z]{6})$`)
	cloudflareForm = regex.Lazy(`^cf(?:k|ut|at)_([0-9A-Za-z]{40})([0-9a-f]{8})$`)
	grafanaForm    = regex.Lazy(`^(glsa_[0-9A-Za-z]{32})_([0-9a-f]{8})$`)
	atlassianForm  = regex.Lazy(`^(AT[AC]TT3[A-Za-z0-9_-]+)=([0-9A-F]{8})$`)
	bech32Form     = regex.Lazy(`^(?:(AGE-SECRET-KEY-(?:PQ-)?)1([QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})|(nsec|suiprivkey|ed25519e?_sk|(?:root|acct|addr|stake)_xsk)1([qpzry9x8gf2tvdw0s3jn54khce6mua7l]+))$`)
	base58Form     = regex.Lazy(`^(?:[xyztuv]prv|edsk|[5KL])[1-9A-HJ-NP-Za-km-z]{50,108}$`)
	natsForm       = regex.Lazy(`^S[A-Z2-7]{57}$`)
	stellarForm    = regex.Lazy(`^S[A-Z2-7]{55}$`)
)

// crcBase62 checks tokens of GitHub, npm, NetBird and Polar: the last six characters are
// the CRC-32 of those between them and the prefix; in those of Matrix of the prefix too.
func crcBase62(value string) []string {
	parts := base62Form().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	return checksum(base62(crc32.ChecksumIEEE([]byte(parts[1]+parts[2]+parts[3])), 6) == parts[4])
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

// sumBech32 checks identities of age and keys of wallets (BIP 173).
func sumBech32(value string) []string {
	parts := bech32Form().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	return checksum(bech32(strings.ToLower(parts[1]+parts[3]), strings.ToLower(parts[2]+parts[4])) == 1)
}

// sumBase58 checks keys of wallets: the last four bytes are those of a digest of the others.
func sumBase58(value string) []string {
	if !base58Form().MatchString(value) {
		return nil
	}
	n := new(big.Int)
	for _, c := range value {
		n.Add(n.Mul(n, big.NewInt(58)), big.NewInt(int64(strings.IndexRune("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", c))))
	}
	data := n.Bytes() // no such key begins with a byte of zero
	body := data[:len(data)-4]
	once := sha256.Sum256(body)
	twice := sha256.Sum256(once[:])
	ok := bytes.Equal(twice[:4], data[len(body):])
	if !ok && !strings.Contains(value[:4], "prv") { // what else has this form
		return nil
	}
	return checksum(ok)
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
	return append([]string{"seed of a NATS " + kind}, checksum(sumCRC16(data))...)
}

// seedStellar checks a seed of Stellar, which has the form of those of NATS and is shorter.
func seedStellar(value string) []string {
	data, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(value)
	if err != nil || !stellarForm().MatchString(value) {
		return nil
	}
	if !sumCRC16(data) { // what else has this form
		return nil
	}
	return append([]string{"seed of a Stellar account"}, checksum(true)...)
}

func sumCRC16(data []byte) bool {
	body := data[:len(data)-2]
	return crc16(body) == binary.LittleEndian.Uint16(data[len(body):])
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
