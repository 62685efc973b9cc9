package yaml

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/policyctl/policyctl/internal/lint"
)

// readJSON reads a file that is JSON by name. The YAML parser would do for most,
// but not for surrogate pairs, long keys and tabs.
func readJSON(src *lint.Source) ([]*lint.Node, []lint.Finding) {
	body := bytes.TrimPrefix(src.Data, []byte("\ufeff"))
	r := &jsonReader{src: src, shift: len(src.Data) - len(body), decoder: json.NewDecoder(bytes.NewReader(body))}
	r.decoder.UseNumber()
	var docs []*lint.Node
	for {
		node, err := r.value(0)
		if errors.Is(err, io.EOF) {
			return docs, r.findings
		}
		if err != nil {
			r.fail(err)
			return docs, r.findings
		}
		docs = append(docs, node)
	}
}

type jsonReader struct {
	src      *lint.Source
	shift    int // bytes of a byte order mark
	decoder  *json.Decoder
	nodes    int
	findings []lint.Finding
}

// next reads a token and tells where it stands.
func (r *jsonReader) next() (json.Token, lint.Span, error) {
	before := int(r.decoder.InputOffset()) + r.shift
	token, err := r.decoder.Token()
	if err != nil {
		return nil, lint.Span{}, err
	}
	for before < len(r.src.Data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.src.Data[before]) >= 0 {
		before++
	}
	return token, lint.Span{Source: r.src, Start: before, End: int(r.decoder.InputOffset()) + r.shift}, nil
}

func (r *jsonReader) value(depth int) (*lint.Node, error) {
	token, at, err := r.next()
	if err != nil {
		return nil, err
	}
	r.nodes++
	if depth > MaxDepth || r.nodes > MaxNodes {
		r.findings = append(r.findings, at.Report(lint.TooComplex,
			fmt.Sprintf("values are nested more than %d deep, or are more than %d", MaxDepth, MaxNodes)))
		return nil, errStop
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return r.object(at, depth+1)
		}
		return r.list(at, depth+1)
	case string:
		return lint.NewString(token, at), nil
	case json.Number:
		if digits, ok := number(token.String()); ok {
			return &lint.Node{Kind: lint.Number, Text: digits, Span: at}, nil
		}
		return lint.NewString(token.String(), at), nil
	case bool:
		return lint.NewBool(token, at), nil
	}
	return &lint.Node{Kind: lint.Null, Span: at}, nil
}

func (r *jsonReader) list(at lint.Span, depth int) (*lint.Node, error) {
	list := lint.NewList(at)
	for r.decoder.More() {
		item, err := r.value(depth)
		if err != nil {
			return nil, unexpected(err)
		}
		list.Items = append(list.Items, item)
	}
	_, end, err := r.next()
	list.Span.End = end.End
	return list, unexpected(err)
}

func (r *jsonReader) object(at lint.Span, depth int) (*lint.Node, error) {
	object := lint.NewObject(at)
	seen := map[string]int{}
	for r.decoder.More() {
		token, span, err := r.next()
		if err != nil {
			return nil, unexpected(err)
		}
		value, err := r.value(depth)
		if err != nil {
			return nil, unexpected(err)
		}
		field := lint.Field{Key: fmt.Sprint(token), Span: span, Value: value}
		if first, twice := seen[field.Key]; twice {
			r.findings = append(r.findings, duplicate(object.Fields[first], field))
			object.Fields[first] = field
			continue
		}
		seen[field.Key] = len(object.Fields)
		object.Fields = append(object.Fields, field)
	}
	_, end, err := r.next()
	object.Span.End = end.End
	return object, unexpected(err)
}

// unexpected keeps the end of a file within a value from passing for the end of
// the stream.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (r *jsonReader) fail(err error) {
	if errors.Is(err, errStop) {
		return
	}
	at := int(r.decoder.InputOffset()) + r.shift
	message := "JSON cannot be parsed"
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		at = int(syntax.Offset) - 1 + r.shift
		message += ": " + syntax.Error()
	case errors.Is(err, io.ErrUnexpectedEOF):
		message += ": the file ends within a value"
		at = len(r.src.Data)
	}
	at = min(max(at, 0), len(r.src.Data))
	span := lint.Span{Source: r.src, Start: at, End: min(at+1, len(r.src.Data))}
	r.findings = append(r.findings, span.Report(lint.SyntaxError, message))
}
