package reports

import (
	"cmp"
	"encoding/xml"
	"io"
)

// Checkstyle's XML, which reviewdog and the plugins of many CI servers read.

type checkstyle struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"` // of the format that readers know
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr,omitempty"`
	Column   int    `xml:"column,attr,omitempty"`
	Severity string `xml:"severity,attr"` // error, warning or info
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

func writeCheckstyle(w io.Writer, r *jsonReport) error {
	out := checkstyle{Version: "8.0"}
	add := func(path string, e checkstyleError) {
		if last := len(out.Files) - 1; last < 0 || out.Files[last].Name != path {
			out.Files = append(out.Files, checkstyleFile{Name: path})
		}
		file := &out.Files[len(out.Files)-1]
		file.Errors = append(file.Errors, e)
	}
	for _, failure := range r.NotChecked.Failures {
		add(cmp.Or(failure.Path, "."), checkstyleError{Severity: "error", Message: "could not check: " + failure.Message, Source: notifyFailure})
	}
	for _, f := range r.open() { // in the order of files
		add(f.Location.Path, checkstyleError{
			Line: f.Location.Start.Line, Column: f.Location.Start.Column, Message: f.Message, Source: f.Rule,
			Severity: [...]string{"error", "warning", "info"}[f.grade()],
		})
	}
	return encodeXML(w, out)
}
