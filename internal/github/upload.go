package github

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"

	"github.com/policyctl/policyctl/reports"
)

const (
	maxUpload = 10 << 20 // what GitHub takes, packed
	maxPolls  = 20
	maxPoll   = 10 * time.Second
)

// Upload gives a SARIF report to code scanning, and waits until it is processed.
// The report's root is a folder of the repository, or all of it if that is empty.
func (c *Client) Upload(ctx context.Context, t Target, p Post, folder string, sarif []byte) (string, error) {
	switch err := t.published(p); {
	case err != nil:
		return "", err
	case t.Event == "merge_group" || strings.HasPrefix(t.Ref, "refs/heads/gh-readonly-queue/"):
		return "", Skip("code scanning takes no results of a merge queue, whose branch goes away")
	case !strings.HasPrefix(t.Ref, "refs/") || t.SHA == "":
		return "", errors.New("the commit and its ref are not known: GITHUB_SHA or GITHUB_REF is empty")
	}
	packed, err := pack(sarif, p.Category, folder)
	if err != nil {
		return "", err
	}
	var id string
	err = c.do(ctx, func(api *github.Client) error {
		answer, _, err := api.CodeScanning.UploadSarif(ctx, t.Owner, t.Name, &github.SarifAnalysis{CommitSHA: &t.SHA, Ref: &t.Ref, Sarif: &packed})
		id = answer.GetID()
		return err
	})
	switch {
	case err != nil:
		return "", err
	case id == "":
		return "", errors.New("code scanning did not say how it calls the upload")
	}
	return "code scanning took " + reports.Plain(id), c.processed(ctx, t, id)
}

// pack sets what a run does not know, its category and the folder that it is of,
// and packs the report as the API takes it.
func pack(sarif []byte, category, folder string) (string, error) {
	var log any
	decoder := json.NewDecoder(bytes.NewReader(sarif))
	decoder.UseNumber()
	if err := decoder.Decode(&log); err != nil {
		return "", fmt.Errorf("the report is no SARIF: %w", err)
	}
	root, _ := log.(map[string]any)
	runs, ok := root["runs"].([]any)
	if !ok || root["version"] != "2.1.0" {
		return "", errors.New("the report is no SARIF 2.1.0")
	}
	for _, run := range runs {
		if run, ok := run.(map[string]any); ok {
			run["automationDetails"] = map[string]any{"id": category + "/"}
		}
	}
	if folder != "" {
		move(log, (&url.URL{Path: folder}).EscapedPath())
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	encoder := json.NewEncoder(zip)
	encoder.SetEscapeHTML(false)
	if err := errors.Join(encoder.Encode(log), zip.Close()); err != nil {
		return "", err
	}
	if packed.Len() > maxUpload {
		return "", fmt.Errorf("the report is %d MB packed, and code scanning takes %d", packed.Len()>>20, maxUpload>>20)
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

// move puts a folder in front of all places below the root of a report.
func move(value any, folder string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			move(item, folder)
		}
	case map[string]any:
		if uri, ok := value["uri"].(string); ok && value["uriBaseId"] == "%SRCROOT%" {
			value["uri"] = path.Join(folder, uri)
		}
		for _, item := range value {
			move(item, folder)
		}
	}
}

// processed waits for code scanning, and says what it did not like.
func (c *Client) processed(ctx context.Context, t Target, id string) error {
	for n := range maxPolls {
		var state struct {
			Status string   `json:"processing_status"`
			Errors []string `json:"errors"`
		}
		err := c.do(ctx, func(api *github.Client) error {
			req, err := api.NewRequest(http.MethodGet, fmt.Sprintf("repos/%s/%s/code-scanning/sarifs/%s", t.Owner, t.Name, url.PathEscape(id)), nil)
			if err != nil {
				return err
			}
			_, err = api.Do(ctx, req, &state)
			if status(err) == http.StatusNotFound {
				return nil // it is not known everywhere yet
			}
			return err
		})
		switch {
		case err != nil:
			return err
		case state.Status == "complete":
			return nil
		case state.Status == "failed":
			return fmt.Errorf("code scanning could not process the report: %s", reports.Plain(strings.Join(state.Errors, "; ")))
		}
		if err := c.Wait(ctx, min(time.Duration(n+1)*time.Second, maxPoll)); err != nil {
			return err
		}
	}
	return errors.New("code scanning has not processed the report yet")
}
