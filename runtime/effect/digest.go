package effect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/parallaxai/parallax/runtime/value"
)

// Digest identifies what an effect asked for: the SHA-256 of its kind and of
// the canonical encoding of its request.
type Digest [sha256.Size]byte

// String returns the digest in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// DigestOf returns the digest of a request. It fails for requests that hold
// something that can't be encoded, such as a function.
func DigestOf(kind string, request value.Value) (Digest, error) {
	enc, err := value.Encode(request)
	if err != nil {
		return Digest{}, fmt.Errorf("the request of the effect %q can't be recorded: %w", kind, err)
	}
	h := sha256.New()
	h.Write([]byte(kind))
	h.Write([]byte{0}) // kinds hold no NUL, so that kind and request can't run into each other
	h.Write(enc)
	var d Digest
	h.Sum(d[:0])
	return d, nil
}
