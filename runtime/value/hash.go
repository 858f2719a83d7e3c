package value

import (
	"hash/maphash"
	"math"
)

// hashSeed makes hashes differ between processes, so that nobody can choose
// keys that collide.
var hashSeed = maphash.MakeSeed()

// hashParts bounds the work for one value; what follows does not count.
const hashParts = 1024

// Hash returns a number that is equal for any two values that are Same. It
// holds within one process only.
func Hash(v Value) uint64 {
	parts := hashParts
	return hashValue(v, 0, &parts)
}

func hashValue(v Value, depth int, parts *int) uint64 {
	v = v.Plain()
	h := uint64(v.Kind()) + 1
	if *parts--; *parts < 0 {
		return h
	}
	switch v.Kind() {
	case Null:
		return mix(h, 0)
	case Boolean:
		return mix(h, v.n)
	case Number:
		f := v.Float()
		if f == 0 {
			f = 0 // -0 equals 0
		}
		return mix(h, math.Float64bits(f))
	case StringKind:
		return mix(h, maphash.String(hashSeed, v.AsString().text))
	case ArrayKind:
		h = mix(h, uint64(v.AsArray().Len()))
		if depth >= 8 {
			return h
		}
		for i, e := range v.AsArray().elems {
			if i == 64 {
				break
			}
			h = mix(h, hashValue(e, depth+1, parts))
		}
		return h
	case ObjectKind:
		o := v.AsObject()
		h = mix(h, uint64(o.Len()))
		// The order of keys must not matter, hence the sum, and neither must
		// where a budget would run out: large objects count by size alone.
		if depth >= 4 || o.Len() > 16 {
			return h
		}
		var sum uint64
		for i, k := range o.Keys() {
			own := 16
			sum += mix(maphash.String(hashSeed, k), hashValue(o.slots[i], depth+1, &own))
		}
		return mix(h, sum)
	}
	return h
}

func mix(h, x uint64) uint64 {
	h ^= x
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}
