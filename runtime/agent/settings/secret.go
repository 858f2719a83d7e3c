package settings

import (
	"fmt"
	"os"
	"strings"
)

// Secret is a text that must not be shown. Written as env:NAME it is the value of
// an environment variable, read when it is needed, so that a file can be loaded
// where its secrets are not. The zero Secret is not set.
type Secret struct {
	text string
	env  string
	set  bool
}

// Secret returns the secret of a key.
func (b *Block) Secret(key string) Secret { return SecretOf(b.Text(key)) }

// SecretOf makes a secret of a text; "" is none.
func SecretOf(text string) Secret {
	if name, ok := strings.CutPrefix(text, "env:"); ok {
		return Secret{env: name, set: true}
	}
	return Secret{text: text, set: text != ""}
}

// IsSet reports whether there is a secret.
func (s Secret) IsSet() bool { return s.set }

// Reveal returns the text. It fails when an environment variable is not set.
func (s Secret) Reveal() (string, error) {
	if s.env == "" {
		return s.text, nil
	}
	text, ok := os.LookupEnv(s.env)
	if !ok || text == "" {
		return "", fmt.Errorf("the environment variable %s is not set", s.env)
	}
	return text, nil
}

// String hides the secret.
func (s Secret) String() string {
	switch {
	case !s.set:
		return ""
	case s.env != "":
		return "env:" + s.env
	}
	return "[redacted]"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }
