package lexer

import (
	"fmt"
	"io"

	plex "github.com/alecthomas/participle/v2/lexer"

	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/prism/token"
)

// Definition is this lexer as participle wants it. The type of a participle
// token is the token.Kind, except that the end of the file is plex.EOF.
type Definition struct{}

var _ plex.StringDefinition = Definition{}

// Symbols names the token types.
func (Definition) Symbols() map[string]plex.TokenType {
	symbols := make(map[string]plex.TokenType, token.Count)
	for k := token.EOF; k < token.Count; k++ {
		name := k.String()
		switch k {
		case token.StringHead:
			name = "string head"
		case token.StringMiddle:
			name = "string middle"
		case token.StringTail:
			name = "string tail"
		case token.EOF:
			name = "EOF"
		}
		symbols[name] = tokenType(k)
	}
	return symbols
}

// Lex scans what r yields; the error is r's.
func (d Definition) Lex(filename string, r io.Reader) (plex.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", filename, err)
	}
	return d.LexString(filename, string(text))
}

// LexString scans a text. It never fails.
func (Definition) LexString(filename, text string) (plex.Lexer, error) {
	return &Tokens{Lexer: New(source.NewFile(filename, text))}, nil
}

// Tokens is a Lexer that yields participle's tokens.
type Tokens struct {
	*Lexer
	Last Token // what the last call of Next was made from
}

// Next returns the next token. It never fails: a lexical error is a diagnostic
// of the Lexer and an Illegal token.
func (t *Tokens) Next() (plex.Token, error) {
	l := t.Lexer
	tok := l.Next()
	t.Last = tok
	return plex.Token{
		Type:  tokenType(tok.Kind),
		Value: l.src[tok.Start:tok.End],
		Pos: plex.Position{
			Filename: l.file.Name,
			Offset:   int(tok.Start),
			Line:     int(tok.Line),
			Column:   l.column,
		},
	}, nil
}

func tokenType(k token.Kind) plex.TokenType {
	if k == token.EOF {
		return plex.EOF
	}
	return plex.TokenType(k)
}

// KindOf is the inverse of the mapping of kinds to participle's token types.
func KindOf(t plex.TokenType) token.Kind {
	if t == plex.EOF {
		return token.EOF
	}
	return token.Kind(t)
}
