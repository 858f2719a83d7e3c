package engine

import (
	crand "crypto/rand"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"
)

// newSource returns a source seeded by the operating system.
func newSource() rand.Source {
	var seed [32]byte
	crand.Read(seed[:]) // never fails: crypto/rand ends the process instead
	return rand.NewChaCha8(seed)
}

// randomFloat returns a number in [0, 1) with 53 random bits.
func randomFloat(s rand.Source) float64 { return float64(s.Uint64()>>11) / (1 << 53) }

// newUUID returns a UUID of version 7: the time in milliseconds, then random
// bits, so that ids sort by age.
func newUUID(now time.Time, s rand.Source) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16|s.Uint64()&0x0fff|0x7000)
	binary.BigEndian.PutUint64(b[8:], s.Uint64()&(1<<62-1)|1<<63)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
