// Package module finds the modules of a program and links their names.
//
// In come the source of the entry module and a Loader for the others; out goes
// a Graph of parsed, resolved modules in the order in which they initialise,
// with a Target for every imported name, and the diagnostics of all of them.
// The package never runs a module and never reads anything but through the
// Loader and the file system of the standard library it was given.
package module
