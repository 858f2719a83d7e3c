package value

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// Tags of the binary form. A confident value is tagConfident, the confidence
// and the plain value. Numbers are 8 bytes big-endian; lengths are varints.
const (
	tagNull byte = iota
	tagFalse
	tagTrue
	tagNumber
	tagString
	tagArray
	tagObject
	tagConfident
)

// Encode writes a value in a canonical binary form: equal values with equal
// confidences and equal order of keys give equal bytes. Functions and promises
// have none and are an error.
func Encode(v Value) ([]byte, error) { return appendValue(nil, v, 0) }

// Digest is the SHA-256 of the canonical form.
func Digest(v Value) ([32]byte, error) {
	data, err := Encode(v)
	return sha256.Sum256(data), err
}

func appendFloat(b []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(b, math.Float64bits(f))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendValue(b []byte, v Value, depth int) ([]byte, error) {
	if depth > maxJSONDepth {
		return nil, ErrTooDeep
	}
	if c, ok := v.Confidence(); ok {
		b = appendFloat(append(b, tagConfident), c)
		v = v.Plain()
	}
	var err error
	switch v.Kind() {
	case Null:
		return append(b, tagNull), nil
	case Boolean:
		if v.True() {
			return append(b, tagTrue), nil
		}
		return append(b, tagFalse), nil
	case Number:
		f := v.Float()
		if f != f {
			f = math.NaN() // one NaN
		}
		return appendFloat(append(b, tagNumber), f), nil
	case StringKind:
		return appendText(append(b, tagString), v.AsString().Go()), nil
	case ArrayKind:
		b = binary.AppendUvarint(append(b, tagArray), uint64(v.AsArray().Len()))
		for _, e := range v.AsArray().Elems() {
			if b, err = appendValue(b, e, depth+1); err != nil {
				return nil, err
			}
		}
		return b, nil
	case ObjectKind:
		b = binary.AppendUvarint(append(b, tagObject), uint64(v.AsObject().Len()))
		for k, e := range v.AsObject().All() {
			if b, err = appendValue(appendText(b, k), e, depth+1); err != nil {
				return nil, err
			}
		}
		return b, nil
	}
	return nil, fmt.Errorf("a %s can't be stored", v.Kind())
}

// Decode reads what Encode wrote, all of it.
func Decode(data []byte) (Value, error) {
	d := decoder{data: data, realm: NewRealm()}
	v := d.value(0)
	if d.err == nil && len(d.data) > 0 {
		d.err = errors.New("stored value: extra bytes at the end")
	}
	if d.err != nil {
		return Value{}, d.err
	}
	return v, nil
}

type decoder struct {
	data  []byte
	err   error
	realm *Realm
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = errors.New("stored value: " + what)
	}
	d.data = nil
}

func (d *decoder) float() float64 {
	if len(d.data) < 8 {
		d.fail("truncated number")
		return 0
	}
	f := math.Float64frombits(binary.BigEndian.Uint64(d.data))
	d.data = d.data[8:]
	return f
}

// length reads a count of things that take at least one byte each.
func (d *decoder) length() int {
	n, k := binary.Uvarint(d.data)
	if k <= 0 || n > uint64(len(d.data)-k) {
		d.fail("bad length")
		return 0
	}
	d.data = d.data[k:]
	return int(n)
}

func (d *decoder) text() string {
	n := d.length()
	s := string(d.data[:n])
	d.data = d.data[n:]
	if !utf8.ValidString(s) {
		d.fail("text that is not UTF-8")
	}
	return s
}

func (d *decoder) value(depth int) Value {
	if depth > maxJSONDepth {
		d.fail("nests too deep")
		return Value{}
	}
	if len(d.data) == 0 {
		d.fail("truncated")
		return Value{}
	}
	tag := d.data[0]
	d.data = d.data[1:]
	switch tag {
	case tagNull:
		return Value{}
	case tagFalse, tagTrue:
		return Bool(tag == tagTrue)
	case tagNumber:
		return Num(d.float())
	case tagString:
		return Str(d.text())
	case tagArray:
		n := d.length()
		elems := make([]Value, 0, n)
		for i := 0; i < n && d.err == nil; i++ {
			elems = append(elems, d.value(depth+1))
		}
		return NewArray(elems)
	case tagObject:
		n := d.length()
		o := NewObject(d.realm, d.realm.Root(), nil)
		for i := 0; i < n && d.err == nil; i++ {
			k := d.text()
			o = o.Set(d.realm, k, d.value(depth+1))
		}
		if d.err == nil && o.Len() != n {
			d.fail("an object with equal keys")
		}
		return o.Value()
	case tagConfident:
		c := d.float()
		if !(c >= 0 && c <= 1) {
			d.fail("a confidence outside 0 to 1")
		}
		if len(d.data) > 0 && d.data[0] == tagConfident {
			d.fail("a confidence of a confident value")
		}
		return d.value(depth+1).WithConfidence(c, nil)
	}
	d.fail("unknown tag")
	return Value{}
}
