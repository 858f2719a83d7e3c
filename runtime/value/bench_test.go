package value_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/parallaxai/parallax/runtime/value"
)

// BenchmarkConcat protects s += x against copying: 100,000 appends.
func BenchmarkConcat(b *testing.B) {
	part := value.NewString("0123456789")
	for b.Loop() {
		s := value.NewString("")
		for range 100_000 {
			s = value.Concat(s, part)
		}
	}
}

// BenchmarkStringAt protects random access to text beyond ASCII.
func BenchmarkStringAt(b *testing.B) {
	s := value.NewString(strings.Repeat("é☃x", 100_000))
	i := 0
	for b.Loop() {
		i = (i*7919 + 1) % s.Len()
		s.At(i)
	}
}

// BenchmarkPush protects a = a.push(x) where the machine can't tell that the
// old array is dead: 100,000 pushes.
func BenchmarkPush(b *testing.B) {
	for b.Loop() {
		a := value.MakeArray(nil)
		for i := range 100_000 {
			a = a.Push(value.Int(i))
		}
	}
}

// BenchmarkPushSet protects while ... { a = a.push(x); a[i] = v }: 100,000 rounds.
func BenchmarkPushSet(b *testing.B) {
	for b.Loop() {
		a := value.MakeArray(nil)
		for i := range 100_000 {
			a = a.PushOwned(value.Int(i)).Set(i, value.NullValue)
		}
	}
}

// BenchmarkObject protects building and reading small objects by name.
func BenchmarkObject(b *testing.B) {
	r := value.NewRealm()
	for b.Loop() {
		o := value.NewObject(r, r.Root(), nil)
		o = o.Set(r, "label", value.NullValue).Set(r, "score", value.Int(1)).Set(r, "agent", value.NullValue)
		if _, ok := o.Get("agent"); !ok {
			b.Fatal("lost a key")
		}
	}
}

// BenchmarkDictionary protects objects as dictionaries: 100,000 keys in, all
// read back.
func BenchmarkDictionary(b *testing.B) {
	keys := make([]string, 100_000)
	for i := range keys {
		keys[i] = "key" + strconv.Itoa(i)
	}
	r := value.NewRealm()
	for b.Loop() {
		o := value.NewObject(r, r.Root(), nil)
		for i, k := range keys {
			o = o.Set(r, k, value.Int(i))
		}
		for _, k := range keys {
			if _, ok := o.Get(k); !ok {
				b.Fatal("lost a key")
			}
		}
	}
}

// sample is about 1 MB as JSON.
func sample() value.Value {
	r := value.NewRealm()
	shape := r.ShapeOf("id", "name", "score", "tags", "ok")
	rows := make([]value.Value, 10_000)
	for i := range rows {
		rows[i] = value.NewObject(r, shape, []value.Value{
			value.Int(i), value.Str("row number " + strconv.Itoa(i) + ", with some text"), value.Num(float64(i) / 7),
			arr(value.Str("red"), value.Str("grün")), value.Bool(i%2 == 0),
		}).Value()
	}
	return value.NewArray(rows)
}

// BenchmarkToJSON and BenchmarkFromJSON protect the way in and out of every
// execution; the rate is in bytes of JSON.
func BenchmarkToJSON(b *testing.B) {
	v := sample()
	b.SetBytes(int64(len(toJSON(b, v, "").Text)))
	for b.Loop() {
		toJSON(b, v, "")
	}
}

func BenchmarkFromJSON(b *testing.B) {
	data := toJSON(b, sample(), "").Text
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := value.FromJSON(data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncode protects checkpoints and journals.
func BenchmarkEncode(b *testing.B) {
	v := sample()
	for b.Loop() {
		if _, err := value.Encode(v); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSame protects === on large values.
func BenchmarkSame(b *testing.B) {
	x, y := sample(), sample()
	for b.Loop() {
		if !value.Same(x, y) {
			b.Fatal("differ")
		}
	}
}

// BenchmarkLiveSize protects the check of the memory limit: 10,000 rows.
func BenchmarkLiveSize(b *testing.B) {
	v := sample()
	for b.Loop() {
		live(v)
	}
}
