package value

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// The binary form of a value: a version byte, then the value in prefix order.
//
//	null false true    the tag alone
//	integer            tag, zigzag varint; whole numbers below 2^53
//	number             tag, 8 bytes; all others, with one form of NaN
//	string             tag, length, UTF-8
//	array              tag, count, elements
//	object, error      tag, count, pairs of key (length, UTF-8) and value
//	confident          tag, confidence (8 bytes), plain value
//
// Every value has exactly one form, which is the only one that Decode accepts:
// equal bytes, equal values, and the other way round. Order of keys counts.
const (
	codecVersion = 1

	tagNull byte = iota
	tagFalse
	tagTrue
	tagInteger
	tagNumber
	tagString
	tagArray
	tagObject
	tagError
	tagConfident
)

const canonicalNaN = 0x7FF8000000000001

var errTooLarge = fmt.Errorf("encoded value is larger than %d MiB", maxBytes>>20)

// Encode returns the binary form of v with all confidences. Functions and
// promises have none; nesting beyond 10,000 levels and sizes beyond 256 MiB are
// errors.
func Encode(v Value) ([]byte, error) {
	e := encoder{root: v, b: []byte{codecVersion}}
	if err := e.value(v, 0); err != nil {
		return nil, err
	}
	return e.b, nil
}

type encoder struct {
	root  Value
	sized bool // root is known not to have too many parts
	b     []byte
}

// Digest returns the SHA-256 of the binary form.
func Digest(v Value) ([32]byte, error) {
	b, err := Encode(v)
	if err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256(b), nil
}

func (e *encoder) value(v Value, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("value is nested deeper than %d levels", maxDepth)
	}
	if len(e.b) > maxBytes || len(e.b) > sizeCheckFrom && !e.sized && treeSize(e.root, maxBytes) > maxBytes {
		return errTooLarge
	}
	e.sized = e.sized || len(e.b) > sizeCheckFrom
	if c, ok := v.Confidence(); ok {
		e.b = binary.BigEndian.AppendUint64(append(e.b, tagConfident), math.Float64bits(c))
		v = v.Plain()
	}
	switch v.Kind() {
	case Null:
		e.b = append(e.b, tagNull)
	case Boolean:
		if v.True() {
			e.b = append(e.b, tagTrue)
		} else {
			e.b = append(e.b, tagFalse)
		}
	case Number:
		if i, ok := wholeNumber(v.Float()); ok {
			e.b = binary.AppendVarint(append(e.b, tagInteger), i)
		} else {
			e.b = binary.BigEndian.AppendUint64(append(e.b, tagNumber), canonicalBits(v.Float()))
		}
	case StringKind:
		e.b = appendString(append(e.b, tagString), v.AsString().text)
	case ArrayKind:
		a := v.AsArray()
		e.b = binary.AppendUvarint(append(e.b, tagArray), uint64(len(a.elems)))
		for _, x := range a.elems {
			if err := e.value(x, depth+1); err != nil {
				return err
			}
		}
	case ObjectKind:
		o := v.AsObject()
		tag := tagObject
		if o.isError {
			tag = tagError
		}
		e.b = binary.AppendUvarint(append(e.b, tag), uint64(o.Len()))
		for i, k := range o.Keys() {
			e.b = appendString(e.b, k)
			if err := e.value(o.slots[i], depth+1); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("a %s can't be stored", v.Kind())
	}
	return nil
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// wholeNumber reports whether f is encoded as an integer.
func wholeNumber(f float64) (int64, bool) {
	if math.Abs(f) >= 1<<53 || f != math.Trunc(f) || f == 0 && math.Signbit(f) {
		return 0, false
	}
	return int64(f), f == f
}

func canonicalBits(f float64) uint64 {
	if f != f {
		return canonicalNaN
	}
	return math.Float64bits(f)
}

// Decode reads what Encode wrote. Anything else is an error, whatever it is:
// the bytes may come from anywhere.
func Decode(data []byte) (Value, error) {
	if len(data) == 0 {
		return NullValue, errors.New("encoded value is empty")
	}
	if data[0] != codecVersion {
		return NullValue, fmt.Errorf("encoded value has version %d, expected %d", data[0], codecVersion)
	}
	d := decoder{data: data, i: 1, r: NewRealm()}
	v := d.value(0, true)
	if d.err == nil && d.i < len(data) {
		d.fail("unexpected bytes after the value")
	}
	if d.err != nil {
		return NullValue, d.err
	}
	return v, nil
}

type decoder struct {
	data []byte
	i    int
	r    *Realm
	err  error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("damaged value at byte %d: %s", d.i, fmt.Sprintf(format, args...))
	}
	d.i = len(d.data)
}

// take returns the next n bytes, nil after an error.
func (d *decoder) take(n int) []byte {
	if d.err != nil || n > len(d.data)-d.i {
		d.fail("unexpected end")
		return nil
	}
	b := d.data[d.i : d.i+n]
	d.i += n
	return b
}

// count reads a length of items of at least size bytes each, so that a damaged
// one can't ask for more memory than the data warrants.
func (d *decoder) count(size int) int {
	n, w := binary.Uvarint(d.data[d.i:])
	if w <= 0 || w > 1 && d.data[d.i+w-1] == 0 {
		d.fail("bad length")
		return 0
	}
	d.i += w
	if n > uint64((len(d.data)-d.i)/size) {
		d.fail("length %d exceeds the data", n)
		return 0
	}
	return int(n)
}

func (d *decoder) str() string {
	b := d.take(d.count(1))
	if !utf8.Valid(b) {
		d.fail("invalid UTF-8")
		return ""
	}
	return string(b)
}

func (d *decoder) value(depth int, mayBeConfident bool) Value {
	if depth > maxDepth {
		d.fail("nested deeper than %d levels", maxDepth)
	}
	b := d.take(1)
	if b == nil {
		return NullValue
	}
	switch b[0] {
	case tagNull:
		return NullValue
	case tagFalse:
		return Bool(false)
	case tagTrue:
		return Bool(true)
	case tagInteger:
		return d.integer()
	case tagNumber:
		return d.number()
	case tagString:
		return Str(d.str())
	case tagArray:
		elems := make([]Value, 0, d.count(1))
		for range cap(elems) {
			elems = append(elems, d.value(depth+1, true))
			if d.err != nil {
				return NullValue
			}
		}
		return NewArray(elems)
	case tagObject, tagError:
		return d.object(depth, b[0] == tagError)
	case tagConfident:
		bits := d.take(8)
		if bits == nil {
			return NullValue
		}
		c := math.Float64frombits(binary.BigEndian.Uint64(bits))
		if !mayBeConfident || !(c >= 0 && c <= 1) || math.Signbit(c) {
			d.fail("bad confidence")
			return NullValue
		}
		return d.value(depth, false).WithConfidence(c, nil)
	}
	d.fail("unknown tag %d", b[0])
	return NullValue
}

func (d *decoder) integer() Value {
	i, w := binary.Varint(d.data[d.i:])
	if w <= 0 || w > 1 && d.data[d.i+w-1] == 0 {
		d.fail("bad integer")
		return NullValue
	}
	f := float64(i)
	if back, ok := wholeNumber(f); !ok || back != i {
		d.fail("integer out of range")
		return NullValue
	}
	d.i += w
	return Num(f)
}

func (d *decoder) number() Value {
	b := d.take(8)
	if b == nil {
		return NullValue
	}
	bits := binary.BigEndian.Uint64(b)
	f := math.Float64frombits(bits)
	if _, whole := wholeNumber(f); whole || bits != canonicalBits(f) {
		d.fail("number in an unusual form")
		return NullValue
	}
	return Num(f)
}

func (d *decoder) object(depth int, isError bool) Value {
	n := d.count(2)
	keys, vals := make([]string, 0, n), make([]Value, 0, n)
	for range n {
		keys = append(keys, d.str())
		vals = append(vals, d.value(depth+1, true))
		if d.err != nil {
			return NullValue
		}
	}
	o := RecordOf(d.r, keys, vals)
	if o.Len() != n {
		d.fail("duplicate key")
	}
	o.isError = isError
	return o.Value()
}
