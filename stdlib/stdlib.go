// Package stdlib embeds the part of the library that is written in Prism: the
// modules that programs import as "std/...".
package stdlib

import "embed"

// FS holds the modules: "std/a/b" is the file a/b.prism.
//
//go:embed *.prism
var FS embed.FS
