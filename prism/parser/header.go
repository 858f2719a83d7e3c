package parser

import (
	"strings"

	"github.com/parallaxai/parallax/prism/ast"
	"github.com/parallaxai/parallax/prism/source"
)

// headerKeys are the keys that split a header even in the middle of a line.
var headerKeys = map[string]bool{
	"name": true, "version": true, "description": true, "input": true, "output": true, "agents": true,
	"minAgents": true, "maxAgents": true, "timeout": true, "confidence": true, "primitives": true,
	"author": true, "tags": true,
}

// findHeader returns the pattern header of a file: its first /** */ comment, if
// that stands before the first statement and has keys. It is nil otherwise.
func findHeader(file *ast.File) *ast.Header {
	for _, c := range file.Comments {
		if len(file.Stmts) > 0 && c.Start > file.Stmts[0].Range().Start {
			return nil
		}
		if strings.HasPrefix(c.Text, "/**") && len(c.Text) >= 5 {
			return parseHeader(c)
		}
	}
	return nil
}

// headerText is the text of a header without the " * " of its lines; offsets
// says for each byte where it stands in the file.
type headerText struct {
	text    []byte
	offsets []int32
}

// parseHeader splits a comment into its entries.
func parseHeader(c ast.Comment) *ast.Header {
	h := stripStars(c)
	header := &ast.Header{Span: c.Span}
	starts := h.entryStarts()
	for i, at := range starts {
		end := len(h.text)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		header.Entries = append(header.Entries, h.entry(at, end))
	}
	if len(header.Entries) == 0 {
		return nil
	}
	return header
}

// stripStars removes the delimiters of the comment and the star that begins a
// line, with the white space before it and one space behind it.
func stripStars(c ast.Comment) headerText {
	var h headerText
	i, end := 3, len(c.Text)
	if strings.HasSuffix(c.Text, "*/") {
		end -= 2
	}
	for first := true; i < end; first = false {
		stop := end
		if n := strings.IndexByte(c.Text[i:end], '\n'); n >= 0 {
			stop = i + n + 1
		}
		line := i
		for line < stop && (c.Text[line] == ' ' || c.Text[line] == '\t') {
			line++
		}
		switch {
		case first:
			line = i
		case line < stop && c.Text[line] == '*':
			line++
			if line < stop && c.Text[line] == ' ' {
				line++
			}
		default:
			line = i
		}
		for ; line < stop; line++ {
			if c.Text[line] == '\r' && line+1 < stop && c.Text[line+1] == '\n' {
				continue
			}
			h.text = append(h.text, c.Text[line])
			h.offsets = append(h.offsets, c.Start+int32(line))
		}
		i = stop
	}
	return h
}

// entryStarts returns where the entries begin: at an "@key" that begins a line,
// and inside a line at a known key or behind two spaces. JSON values are passed
// whole, unless they are so broken that a line with a known key follows inside.
func (h headerText) entryStarts() []int {
	var starts []int
	depth := 0
	inString := false
	blankLine := true   // nothing but white space on the line so far
	blankValue := false // nothing but white space behind the last key
	for i := 0; i < len(h.text); i++ {
		c := h.text[i]
		lineStart, valueStart := blankLine, blankValue
		if c == '\n' {
			blankLine = true
		} else if !isSpace(c) {
			blankLine, blankValue = false, false
		}
		switch {
		case c == '@':
			key := h.key(i)
			spaced := i > 0 && isSpace(h.text[i-1])
			wide := spaced && i > 1 && isSpace(h.text[i-2])
			inside := depth > 0 || inString
			if key == "" || !(lineStart || spaced) {
				continue
			}
			if lineStart && (!inside || headerKeys[key]) || !inside && (headerKeys[key] || wide) {
				starts = append(starts, i)
				depth, inString, blankValue = 0, false, true
				i += len(key)
			}
		case inString && c == '\\':
			i++
		case c == '"' && depth > 0:
			inString = !inString
		case c == '\n':
			inString = false // a string of JSON ends with its line
		case inString:
		case (c == '{' || c == '[') && (depth > 0 || valueStart):
			depth++
		case (c == '}' || c == ']') && depth > 0:
			depth--
		}
	}
	return starts
}

// key returns the name behind the "@" at i, "" when there is none.
func (h headerText) key(i int) string {
	j := i + 1
	for j < len(h.text) && (isLetter(h.text[j]) || j > i+1 && (h.text[j] >= '0' && h.text[j] <= '9' || h.text[j] == '-' || h.text[j] == '_')) {
		j++
	}
	return string(h.text[i+1 : j])
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// entry builds the entry whose "@" is byte at and that ends before byte end.
func (h headerText) entry(at, end int) ast.HeaderEntry {
	e := ast.HeaderEntry{Key: h.key(at)}
	from := at + 1 + len(e.Key)
	for from < end && isSpace(h.text[from]) {
		from++
	}
	for end > from && isSpace(h.text[end-1]) {
		end--
	}
	e.Value = string(h.text[from:end])
	e.Offsets = h.offsets[from:end]
	keyEnd := h.offsets[at] + 1 + int32(len(e.Key))
	e.ValueSpan = source.Span{Start: keyEnd, End: keyEnd}
	if end > from {
		e.ValueSpan = source.Span{Start: h.offsets[from], End: h.offsets[end-1] + 1}
	}
	e.Span = source.Span{Start: h.offsets[at], End: max(keyEnd, e.ValueSpan.End)}
	return e
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
