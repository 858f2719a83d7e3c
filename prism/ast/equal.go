package ast

import (
	"reflect"

	"github.com/parallaxai/parallax/prism/source"
)

// Equal reports whether two trees mean the same program text: the same nodes
// with the same values, whatever their places, comments, spelling of literals
// and numbering of identifiers. A nil node equals only nil.
func Equal(a, b Node) bool {
	return equal(reflect.ValueOf(a), reflect.ValueOf(b))
}

// spelling holds the fields that say how a node was written or where, not what
// it is.
var spelling = map[string]bool{
	"Raw": true, "ID": true, "Parens": true, "Source": true, "Comments": true, "Idents": true, "Offsets": true,
}

var spanType = reflect.TypeFor[source.Span]()

func equal(a, b reflect.Value) bool {
	if a.IsValid() != b.IsValid() {
		return false
	}
	if !a.IsValid() {
		return true
	}
	if a.Type() != b.Type() {
		return false
	}
	switch a.Kind() {
	case reflect.Interface, reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return equal(a.Elem(), b.Elem())
	case reflect.Slice: // nil and empty lists are the same
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			f := a.Type().Field(i)
			if f.Type == spanType || spelling[f.Name] {
				continue
			}
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}
