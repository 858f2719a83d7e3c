package engine

import "github.com/parallaxai/parallax/prism/diag"

// Codes of the errors that the engine itself raises. Their symbolic names stand
// in Error.Name.
const (
	CodeInputInvalid   diag.Code = "R0501" // INPUT_INVALID
	CodeNondeterminism diag.Code = "R0502" // NONDETERMINISM
	CodeTimeout        diag.Code = "R0503" // TIMEOUT
	CodeCancelled      diag.Code = "R0504" // CANCELLED
	CodeDeadlock       diag.Code = "R0505" // DEADLOCK
	CodeNoHandler      diag.Code = "R0506" // UNSUPPORTED_EFFECT
	CodeJournal        diag.Code = "R0507" // JOURNAL_FAILED
	CodeInternal       diag.Code = "R0508" // INTERNAL_ERROR
	CodeAskFailed      diag.Code = "R0509" // ASK_FAILED
)

// Codes of the errors of agents and models.
const (
	CodeNotEnoughAgents  diag.Code = "R0601" // NOT_ENOUGH_AGENTS
	CodeUnknownAgent     diag.Code = "R0602" // UNKNOWN_AGENT
	CodeLLMNotConfigured diag.Code = "R0603" // LLM_NOT_CONFIGURED
	CodeLLMFailed        diag.Code = "R0604" // LLM_FAILED
)

// Codes of warnings about results.
const (
	CodeNotData         diag.Code = "R0702" // a part of the result that JSON can't express
	CodeConfidenceField diag.Code = "R0703" // a field "confidence" outside [0, 1]
	CodeWarned          diag.Code = "R0704" // what the program or its library warned about
)
