package document

import "github.com/parallaxai/parallax/prism/diag"

// Codes of what can be wrong with a YAML pattern. People and programs see their
// symbolic names, which diag.Code.Public gives.
const (
	EmptyDocument    diag.Code = "Y0001" // EMPTY_DOCUMENT
	YAMLSyntax       diag.Code = "Y0002" // YAML_SYNTAX
	DuplicateKey     diag.Code = "Y0003" // DUPLICATE_KEY
	WrongType        diag.Code = "Y0004" // WRONG_TYPE
	MissingKey       diag.Code = "Y0005" // MISSING_KEY
	UnknownValue     diag.Code = "Y0006" // UNKNOWN_VALUE
	OutOfRange       diag.Code = "Y0007" // OUT_OF_RANGE
	UnknownReference diag.Code = "Y0008" // UNKNOWN_REFERENCE
	UnknownStep      diag.Code = "Y0009" // UNKNOWN_STEP
	DuplicateStep    diag.Code = "Y0010" // DUPLICATE_STEP
	ForwardReference diag.Code = "Y0011" // FORWARD_REFERENCE
	CyclicSteps      diag.Code = "Y0012" // CYCLIC_STEPS
	BadExpression    diag.Code = "Y0013" // BAD_EXPRESSION
	UnknownRole      diag.Code = "Y0014" // UNKNOWN_ROLE
	CyclicRoles      diag.Code = "Y0015" // CYCLIC_ROLES
)

// Codes of warnings.
const (
	UnknownKey      diag.Code = "Y0101" // UNKNOWN_KEY
	SingletonCounts diag.Code = "Y0102" // SINGLETON_COUNTS
	UnusedGroup     diag.Code = "Y0103" // UNUSED_GROUP
	UnusedRole      diag.Code = "Y0104" // UNUSED_ROLE
	NoCapabilities  diag.Code = "Y0105" // NO_CAPABILITIES
	NoSteps         diag.Code = "Y0106" // NO_STEPS
)
