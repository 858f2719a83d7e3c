package value

import (
	"strings"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"
)

// String is immutable text. The text is always valid UTF-8; lengths and
// indices count code points.
//
// Strings from bufferMin bytes on that come from a concatenation are views of
// the first bytes of a growable buffer: appending to the string that ends where
// the buffer ends writes behind it, so that building a text by s += x is linear.
// Bytes once written never change, hence older strings never notice.
//
// A string without a buffer (all that Str makes) may be read by several
// goroutines at once.
type String struct {
	Header
	runes uint32 // code points; len(text) when all are ASCII
	text  string
	tail  atomic.Pointer[tail]
}

// tail is what strings made by appending to one another have in common.
type tail struct {
	b     []byte // every owner is a prefix of b; nil without a buffer
	index atomic.Pointer[runeIndex]
}

// runeIndex finds code points in text that is not ASCII: starts[i] is the byte
// offset of code point i*indexStep.
type runeIndex struct {
	starts []uint32
	bytes  int // covered so far, a code point boundary
	runes  int
}

const (
	bufferMin = 256
	indexStep = 32
)

var (
	emptyString = newString("", 0)
	// ascii holds the strings of one ASCII character.
	ascii = func() (t [utf8.RuneSelf]*String) {
		for i := range t {
			t[i] = newString(string(rune(i)), 1)
		}
		return t
	}()
)

func newString(text string, runes int) *String {
	return &String{Header: Header{Kind: StringKind}, runes: uint32(runes), text: text}
}

// Str returns a string value. Bytes that are not UTF-8 become U+FFFD.
func Str(s string) Value { return NewString(s).Value() }

// NewString is Str for those who need the String.
func NewString(s string) *String {
	switch {
	case len(s) == 0:
		return emptyString
	case len(s) == 1 && s[0] < utf8.RuneSelf:
		return ascii[s[0]]
	}
	n := utf8.RuneCountInString(s)
	if n != len(s) && !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
		n = utf8.RuneCountInString(s)
	} else if n == len(s) && !isASCII(s) {
		// Every byte counted as one code point, yet some are no ASCII: all of
		// those are invalid.
		s = strings.ToValidUTF8(s, "\uFFFD")
		n = utf8.RuneCountInString(s)
	}
	return newString(s, n)
}

func isASCII(s string) bool {
	for len(s) >= 8 {
		// One word at a time.
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if w&0x8080808080808080 != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Value returns s as a value.
func (s *String) Value() Value { return FromObject(&s.Header) }

// AsString returns the string behind v, which must be a plain string.
func (v Value) AsString() *String { return (*String)(v.p) }

// Go returns the text.
func (s *String) Go() string { return s.text }

// Len returns the number of code points.
func (s *String) Len() int { return int(s.runes) }

// BytesLen returns the length in bytes of UTF-8.
func (s *String) BytesLen() int { return len(s.text) }

// IsASCII reports whether every code point is below 128.
func (s *String) IsASCII() bool { return int(s.runes) == len(s.text) }

// Concat returns a followed by b. Appending to the result of an earlier Concat
// takes time in proportion to b alone, amortised.
func Concat(a, b *String) *String {
	la, lb := len(a.text), len(b.text)
	switch {
	case la == 0:
		return b
	case lb == 0:
		return a
	case la+lb < bufferMin:
		return newString(a.text+b.text, int(a.runes+b.runes))
	}
	t := a.tail.Load()
	if t == nil || len(t.b) != la {
		room := max(lb, (la+lb)/4)
		if lb > la {
			room = la // what grows at the front will not grow at the end
		}
		t = &tail{b: make([]byte, la, la+lb+room)}
		copy(t.b, a.text)
	}
	t.b = append(t.b, b.text...)
	s := newString(unsafe.String(&t.b[0], la+lb), int(a.runes+b.runes))
	s.tail.Store(t)
	return s
}

// At returns code point i, with 0 <= i < Len, as a string.
func (s *String) At(i int) *String {
	if s.IsASCII() {
		return ascii[s.text[i]]
	}
	o := s.offset(i)
	_, n := utf8.DecodeRuneInString(s.text[o:])
	if n == 1 {
		return ascii[s.text[o]]
	}
	return newString(s.text[o:o+n], 1)
}

// Rune returns code point i, with 0 <= i < Len.
func (s *String) Rune(i int) rune {
	if s.IsASCII() {
		return rune(s.text[i])
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.offset(i):])
	return r
}

// Slice returns the code points from i up to, not including, j, with
// 0 <= i <= j <= Len.
func (s *String) Slice(i, j int) *String {
	if i == 0 && j == s.Len() {
		return s
	}
	switch j - i {
	case 0:
		return emptyString
	case 1:
		return s.At(i)
	}
	return newString(s.text[s.offset(i):s.offset(j)], j-i)
}

// Offset returns where code point i begins in the text, in bytes; the length in
// bytes for i = Len.
func (s *String) Offset(i int) int { return s.offset(i) }

// CodePoint returns which code point begins at byte offset o.
func (s *String) CodePoint(o int) int {
	if s.IsASCII() {
		return o
	}
	return utf8.RuneCountInString(s.text[:o])
}

func (s *String) offset(i int) int {
	switch {
	case s.IsASCII():
		return i
	case i == s.Len():
		return len(s.text)
	case len(s.text) <= 2*indexStep:
		return skipRunes(s.text, 0, i)
	}
	starts := s.runeIndex().starts
	return skipRunes(s.text, int(starts[i/indexStep]), i%indexStep)
}

func skipRunes(text string, o, n int) int {
	for ; n > 0; n-- {
		if text[o] < utf8.RuneSelf {
			o++
			continue
		}
		_, w := utf8.DecodeRuneInString(text[o:])
		o += w
	}
	return o
}

// runeIndex returns an index that covers s. Strings with a common buffer share
// one, which grows as they do.
func (s *String) runeIndex() *runeIndex {
	t := s.tail.Load()
	if t == nil {
		t = new(tail)
		if !s.tail.CompareAndSwap(nil, t) {
			t = s.tail.Load()
		}
	}
	x := t.index.Load()
	if x != nil && x.bytes >= len(s.text) {
		return x
	}
	next := new(runeIndex)
	if x != nil {
		*next = *x
	}
	for next.bytes < len(s.text) {
		if next.runes%indexStep == 0 {
			next.starts = append(next.starts, uint32(next.bytes))
		}
		next.bytes = skipRunes(s.text, next.bytes, 1)
		next.runes++
	}
	t.index.Store(next)
	return next
}
