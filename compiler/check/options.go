package check

// Options says what a file can use beyond its own declarations. The zero
// value knows the names of the host and nothing else.
type Options struct {
	// Library reports whether a global library name exists; nil knows none.
	Library func(name string) bool
	// LibraryNames lists the global library names for near spellings.
	LibraryNames []string
	// Arity bounds the number of arguments of a library function, "Math.floor"
	// for members of a namespace; max is -1 without a bound. ok is false for
	// what is no function or unknown. Nil knows none.
	Arity func(name string) (min, max int, ok bool)

	// Session holds the names of earlier inputs of a REPL. When it is not nil
	// names of the module level may be used by inputs to come, so that none of
	// them is reported as unused.
	Session map[string]SessionName
	// SessionTypes are the types that earlier inputs of a REPL have declared.
	SessionTypes []string

	// SyntaxErrors is set when the parser has found fault with the file. Then
	// only errors are reported, and none that may follow from what the parser
	// could not read.
	SyntaxErrors bool

	// SourceIsLibrary is set for the modules of the standard library, the files
	// they import by relative paths included: names
	// that begin with "__" are intrinsics of the runtime, of kind Library.
	SourceIsLibrary bool
}

// SessionName describes a name of an earlier input.
type SessionName struct {
	Const bool // it can't be assigned
}

// hostNames is sorted; see HostNames.
var hostNames = []string{
	"agentCount", "agentList", "agentResults", "execution", "input",
	"parallax", "pattern", "successfulResults", "workspace",
}

// HostNames returns the names that the host binds before a file runs, sorted.
// A program can declare or assign variables of the same names.
func HostNames() []string { return append([]string(nil), hostNames...) }

func isHostName(name string) bool {
	for _, n := range hostNames {
		if n == name {
			return true
		}
	}
	return false
}
