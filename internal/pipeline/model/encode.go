package model

import (
	"reflect"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Node is the document that policies see.
func (p *Pipeline) Node() *lint.Node { return node(reflect.ValueOf(*p)) }

// node turns a part of the model into the tree that policies see. The model's
// struct tags are the names, as in encoding/json, which cannot carry places.
func node(v reflect.Value) *lint.Node {
	switch value := v.Interface().(type) {
	case Text:
		return &lint.Node{Kind: lint.String, Text: value.Value, Span: value.At, Via: value.Via}
	case *lint.Node:
		return value
	}
	switch v.Kind() {
	case reflect.Pointer:
		return node(v.Elem())
	case reflect.Struct:
		return object(v)
	case reflect.Slice:
		list := lint.NewList(lint.Span{})
		for i := range v.Len() {
			list.Items = append(list.Items, node(v.Index(i)))
		}
		return list
	case reflect.Bool:
		return lint.NewBool(v.Bool(), lint.Span{})
	case reflect.Int:
		return lint.NewNumber(v.Int(), lint.Span{})
	}
	return lint.NewString(v.String(), lint.Span{})
}

// object encodes a struct; its fields At, Via and Way are the place of the whole.
func object(v reflect.Value) *lint.Node {
	result := lint.NewObject(v.FieldByName("At").Interface().(lint.Span))
	if via := v.FieldByName("Via"); via.IsValid() {
		result.Via = via.Interface().([]lint.Step)
	}
	if way := v.FieldByName("Way"); way.IsValid() {
		result.Way = way.Interface().([]lint.Step)
	}
	for i := range v.NumField() {
		name, omit, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name == "-" || omit != "" && absent(v.Field(i)) {
			continue
		}
		result.Set(name, lint.Span{}, node(v.Field(i)))
	}
	return result
}

func absent(v reflect.Value) bool {
	if text, ok := v.Interface().(Text); ok {
		return text.Value == ""
	}
	return v.IsZero()
}
