// Package github tells GitHub about a report: as a review, a check run, code
// scanning results or a comment. It is the only package that opens a
// connection, and only for the commands whose purpose that is. It checks
// nothing: what it says comes from a report that was written before, and what
// GitHub answers never changes a verdict.
package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"

	"github.com/policyctl/policyctl/reports"
)

// Bounds of what is asked of a server, and of what it may answer.
const (
	tries       = 3               // of one command
	patience    = 2 * time.Minute // that a command waits in all, for limits and between tries
	timeout     = 30 * time.Second
	maxResponse = 32 << 20
	perPage     = 100
	maxPages    = 30 // 3,000 files is what GitHub tells of a pull request
)

// Client speaks to one API.
type Client struct {
	api   *url.URL
	token string
	http  *http.Client

	// Wait waits, and Now is the time. Tests need not wait.
	Wait func(context.Context, time.Duration) error
	Now  func() time.Time

	waited time.Duration
}

// NewClient gives a client of an API, for example https://api.github.com. The
// token goes to that host alone, and to no other that it redirects to.
func NewClient(api, token string) (*Client, error) {
	u, err := url.Parse(strings.TrimSuffix(api, "/") + "/")
	token = strings.TrimSpace(token)
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("the address of the API is no URL; write for example https://api.github.com")
	case u.User != nil:
		return nil, errors.New("the address of the API holds a user: a token goes into GITHUB_TOKEN")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the address of the API has a query")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, fmt.Errorf("the address of the API begins with %q, want https: the token would go over the network as it is", u.Scheme+"://")
	case token == "":
		return nil, errors.New("there is no token: GITHUB_TOKEN is empty")
	}
	c := &Client{api: u, token: token, Wait: wait, Now: time.Now}
	c.http = &http.Client{Timeout: timeout, Transport: transport{c}}
	return c, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// transport adds the token and bounds answers. A redirect to another host ends
// here, before the token goes there.
type transport struct{ *Client }

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != t.api.Host || req.URL.Scheme != t.api.Scheme {
		return nil, errors.New("the API redirects to another host")
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+t.token)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, maxResponse), res.Body}
	return res, nil
}

// Skip says why something is not posted though nothing went wrong. The zero
// Skip is no reason.
type Skip string

func (s Skip) Error() string { return string(s) }

// ReadOnly says whether the reason is that the token may only read.
func (s Skip) ReadOnly() bool { return s == onFork || s == readsOnly }

const (
	onFork    = Skip("the pull request comes from a fork, so the token may only read")
	readsOnly = Skip("the token may only read: the job lacks the permission, or the change comes from a fork or a bot")
)

// do runs one command, and again if that may help. A try begins with what is
// there already: an answer that was lost may have been a yes.
func (c *Client) do(ctx context.Context, try func(*github.Client) error) error {
	for n := 1; ; n++ {
		// A client remembers limits and then asks no more; here waiting is up to us.
		api := github.NewClient(c.http)
		api.BaseURL = c.api
		api.UserAgent = "policyctl"
		err := try(api)
		if err == nil || errors.As(err, new(Skip)) {
			return err
		}
		d, again := c.pause(err, n)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !again:
			return c.explained(err)
		case n == tries:
			return fmt.Errorf("%w (after %d tries)", c.explained(err), n)
		case c.waited+d > patience:
			return fmt.Errorf("%w; it asks to wait %s, which is too long", c.explained(err), d.Round(time.Second))
		}
		c.waited += d
		if err := c.Wait(ctx, d); err != nil {
			return err
		}
	}
}

// pause says whether another try may help, and how long to wait before it.
func (c *Client) pause(err error, n int) (time.Duration, bool) {
	backoff := time.Duration(1<<(2*n-1)) * time.Second // 2, 8
	var primary *github.RateLimitError
	var answer *github.ErrorResponse
	var secondary *github.AbuseRateLimitError
	switch {
	case errors.As(err, &primary):
		return c.until(primary.Response, backoff), true
	case errors.As(err, &secondary):
		return c.until(secondary.Response, time.Minute), true
	case !errors.As(err, &answer):
		return backoff, isTransport(err)
	case answer.Response.StatusCode == http.StatusTooManyRequests, says(err, "secondary rate limit"), says(err, "submitted too quickly"):
		return c.until(answer.Response, time.Minute), true
	default:
		return backoff, answer.Response.StatusCode >= 500
	}
}

// until reads how long a limit lasts: the server's word, or what its
// documentation recommends where it says nothing.
func (c *Client) until(res *http.Response, otherwise time.Duration) time.Duration {
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 1<<20)) * time.Second
	}
	if at, err := strconv.ParseInt(res.Header.Get("X-RateLimit-Reset"), 10, 64); err == nil && res.Header.Get("X-RateLimit-Remaining") == "0" {
		return max(time.Unix(at, 0).Sub(c.Now()), 0) + time.Second
	}
	return otherwise
}

// isTransport says whether an answer was cut, late, or no answer of the API.
func isTransport(err error) bool {
	var syntax *json.SyntaxError
	var u *url.Error
	return errors.As(err, &u) || errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.As(err, new(net.Error))
}

// says looks for words in the messages of an answer.
func says(err error, words string) bool {
	return strings.Contains(strings.ToLower(err.Error()), words)
}

// status is the HTTP status of an answer that is an error, or 0.
func status(err error) int {
	var answer *github.ErrorResponse
	if errors.As(err, &answer) {
		return answer.Response.StatusCode
	}
	return 0
}

// explained says what an error means. What the server wrote is shown as one
// line, without the token. What a repository does not offer, or not to this
// token, is no error.
func (c *Client) explained(err error) error {
	hint := ""
	switch code := status(err); {
	case code == http.StatusForbidden && says(err, "resource not accessible by"):
		return readsOnly
	case code == http.StatusForbidden && (says(err, "security must be enabled") || says(err, "code scanning is not enabled")):
		return Skip("code scanning is not enabled for this repository")
	case code == http.StatusUnauthorized:
		hint = "the token is not valid: "
	case code == http.StatusNotFound:
		hint = "there is no such thing, or the token may not see it: "
	}
	return errors.New(reports.Plain(hint + strings.ReplaceAll(err.Error(), c.token, "[REDACTED]")))
}

// pages collects all pages of a list.
func pages[T any](list func(github.ListOptions) ([]T, *github.Response, error)) ([]T, error) {
	var all []T
	for page := 1; page <= maxPages; page++ {
		some, res, err := list(github.ListOptions{Page: page, PerPage: perPage})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if res.NextPage == 0 {
			return all, nil
		}
	}
	return nil, fmt.Errorf("a list is longer than %d pages", maxPages)
}
