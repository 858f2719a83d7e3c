// Package format prints Prism in its canonical layout.
//
// In comes a source file (Source), or a syntax tree from the parser or built by
// a program (Node, Expr); out goes its text: two spaces a level, lines of at
// most 100 columns where they can be broken, one statement a line, comments
// where they were. Formatting twice is the same as formatting once, and the
// result parses to the same tree. It never changes what a program means, never
// drops a comment, and never formats a text with syntax errors.
package format
