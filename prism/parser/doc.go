// Package parser turns Prism source text into a syntax tree.
//
// In comes a source.File; out come a tree, always, and all syntax errors of the
// file in one list. participle drives the lexer and the token stream; the one
// production of its grammar is parsed by hand, statements by recursive descent
// and expressions by precedence climbing, which gives exact messages, recovery
// and speed. Nothing of participle shows outside this package.
// The parser resolves no names and checks no meaning.
package parser
