// Package lexer turns Prism source text into tokens.
//
// In comes a source.File; out come tokens (kind, place, line), one for each
// call of Next and without allocation, and beside them the comments and the
// lexical diagnostics of the file. The lexer never stops at an error: what no
// rule accepts becomes an Illegal token that has been reported already.
// It knows nothing of grammar, except that a string's "${" hands over to
// ordinary tokens until the "}" that belongs to it, and that the version of a
// pattern ("pattern p v1.2.0") is one token.
package lexer
