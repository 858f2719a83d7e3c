package value

import (
	"slices"
	"strings"
)

// Shape is the layout of an object: its keys in order, each with the slot of
// the same number. Shapes are immutable; equal pointers mean equal layouts, so
// the machine caches slots by shape.
type Shape struct {
	keys []string
	// tags has one byte per key, by which Lookup finds candidates quickly.
	tags string
	// index is set for large layouts only.
	index map[string]int
}

const (
	// maxShapeKeys is the number of keys from which an object that gets keys
	// one by one turns into a dictionary.
	maxShapeKeys = 64
	// maxTransitions bounds the memory of a Realm: programs that use objects as
	// small dictionaries would otherwise leave a shape per key behind.
	maxTransitions = 1 << 14
)

var rootShape = &Shape{}

// NewShape returns a private shape. Keys must be distinct.
func NewShape(keys ...string) *Shape {
	s := &Shape{keys: keys}
	tags := make([]byte, len(keys))
	for i, k := range keys {
		tags[i] = tag(k)
	}
	s.tags = string(tags)
	if len(keys) > maxShapeKeys {
		s.index = make(map[string]int, len(keys))
		for i, k := range keys {
			s.index[k] = i
		}
	}
	return s
}

func tag(key string) byte {
	n := len(key)
	if n == 0 {
		return 0
	}
	return byte(n)*31 ^ key[0]*7 ^ key[n/2]*3 ^ key[n-1]
}

// Len returns the number of keys.
func (s *Shape) Len() int { return len(s.keys) }

// Keys returns the keys in order, to be read only.
func (s *Shape) Keys() []string { return s.keys }

// Lookup returns the slot of key, -1 if the layout lacks it.
func (s *Shape) Lookup(key string) int {
	if s.index != nil {
		if i, ok := s.index[key]; ok {
			return i
		}
		return -1
	}
	t := tag(key)
	for i := 0; ; i++ {
		j := strings.IndexByte(s.tags[i:], t)
		if j < 0 {
			return -1
		}
		i += j
		if s.keys[i] == key {
			return i
		}
	}
}

// Realm holds the transitions between the shapes of one running machine. It
// must not be used by two goroutines at once; the shapes it hands out may be.
type Realm struct {
	transitions map[transition]*Shape
}

type transition struct {
	from *Shape
	key  string
}

// NewRealm returns a realm that knows the root shape alone.
func NewRealm() *Realm { return &Realm{} }

// Root returns the shape without keys.
func (r *Realm) Root() *Shape { return rootShape }

// Extend returns the shape s with key added at the end; s must lack it. A nil
// realm makes a private shape.
func (r *Realm) Extend(s *Shape, key string) *Shape {
	if r == nil {
		return s.extended(key)
	}
	t := transition{s, key}
	if next := r.transitions[t]; next != nil {
		return next
	}
	next := s.extended(key)
	if len(r.transitions) < maxTransitions {
		if r.transitions == nil {
			r.transitions = make(map[transition]*Shape)
		}
		r.transitions[t] = next
	}
	return next
}

// ShapeOf returns the realm's shape for distinct keys in this order.
func (r *Realm) ShapeOf(keys ...string) *Shape {
	if len(keys) > maxShapeKeys {
		return NewShape(slices.Clone(keys)...)
	}
	s := rootShape
	for _, k := range keys {
		s = r.Extend(s, k)
	}
	return s
}

func (s *Shape) extended(key string) *Shape {
	keys := make([]string, len(s.keys)+1)
	copy(keys, s.keys)
	keys[len(s.keys)] = key
	if len(keys) > maxShapeKeys {
		return NewShape(keys...)
	}
	return &Shape{keys: keys, tags: s.tags + string([]byte{tag(key)})}
}
