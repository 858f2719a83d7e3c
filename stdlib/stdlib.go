// Package stdlib embeds the part of the library that is written in Prism: the
// modules that programs import as "std/...".
//
// "std/a/b" is the file a/b.prism; "std/a" re-exports all of its category. The
// prelude implements global functions and what the compiler calls for the blocks
// of agents; programs have it without importing it. The package holds text only.
package stdlib

import "embed"

// FS holds the modules.
//
//go:embed *.prism
//go:embed aggregation confidence control coordination execution goal pattern resource temporal transaction workflow
var FS embed.FS
