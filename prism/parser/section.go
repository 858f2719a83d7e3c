package parser

import (
	plex "github.com/alecthomas/participle/v2/lexer"

	"github.com/parallaxai/parallax/prism/lexer"
	"github.com/parallaxai/parallax/prism/token"
)

// sectionSize is the least number of tokens in a section of a file. participle
// holds a stream in memory at 64 bytes a token, in a slice that it grows step by
// step; short streams keep that in the processor's cache and make a large file
// parse several times faster.
const sectionSize = 200

// sections yields the tokens of a file with an EOF wherever a section ends:
// outside all brackets, before a line that begins with a word. A statement that
// goes on over such a place is incomplete before it, which shows when the
// section is parsed.
type sections struct {
	tokens lexer.Tokens
	size   int
	whole  bool // no sections

	ahead  plex.Token
	primed bool
	done   bool // the end of the file has been returned
	count  int
	last   token.Kind
	open   []token.Kind
}

// Next implements participle's lexer.
func (s *sections) Next() (plex.Token, error) {
	if !s.primed {
		s.primed = true
		s.skip()
	}
	t := s.ahead
	if t.EOF() {
		s.done = true
		return t, nil
	}
	if s.count >= s.size && !s.whole && len(s.open) == 0 && s.beginsSection() {
		s.count = 0
		return plex.EOFToken(t.Pos), nil
	}
	s.count++
	s.last = lexer.KindOf(t.Type)
	s.nest(s.last)
	s.skip()
	return t, nil
}

// skip takes the next token from the lexer.
func (s *sections) skip() {
	s.ahead, _ = s.tokens.Next() // it never fails
}

// beginsSection reports whether the token ahead begins a line with a word that
// no statement before it can go on with.
func (s *sections) beginsSection() bool {
	t := s.tokens.Last
	if !t.NewLine || s.last == token.Comma { // a comma goes on where an operator would be an error
		return false
	}
	switch t.Kind {
	case token.Let, token.Const, token.Function, token.Fn, token.Import, token.Export, token.For, token.If,
		token.Return, token.Uncertain, token.Async:
		return true
	case token.Ident:
		switch s.ahead.Value {
		case "until", "in", "of", "elif", "elsif", "elseif", "except", "rescue":
			return false
		}
		return true
	}
	return false
}

// nest follows the brackets. After a mismatch the rest of the file is one
// section: which bracket is wrong can only be told from the whole.
func (s *sections) nest(k token.Kind) {
	switch k {
	case token.LParen, token.LBracket, token.LBrace, token.StringHead:
		s.open = append(s.open, k)
	case token.RParen, token.RBracket, token.RBrace, token.StringTail:
		n := len(s.open) - 1
		if n < 0 || s.open[n] != opener[k] {
			s.whole = true
			return
		}
		s.open = s.open[:n]
	}
}

// opener gives for each closing bracket the opening one.
var opener = [token.Count]token.Kind{
	token.RParen: token.LParen, token.RBracket: token.LBracket, token.RBrace: token.LBrace,
	token.StringTail: token.StringHead,
}
