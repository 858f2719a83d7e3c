package check

import "github.com/parallaxai/parallax/prism/diag"

// The diagnostics of this package; prism/diag explains each.
const (
	codeUnknownName       diag.Code = "N0001"
	codeBeforeDeclaration diag.Code = "N0002"
	codeBeforeAssignment  diag.Code = "N0003"
	codeRedeclaration     diag.Code = "N0004"
	codeAssignConstant    diag.Code = "N0005"
	codeDuplicateParam    diag.Code = "N0006"
	codeUnassignable      diag.Code = "N0007"
	codeOutsideLoop       diag.Code = "N0008"
	codeMisplacedReturn   diag.Code = "N0009"
	codeUnknownType       diag.Code = "N0010"
	codeArgumentCount     diag.Code = "N0011"
	codeDuplicateExport   diag.Code = "N0012"

	codeUnusedVariable     diag.Code = "N0101"
	codeUnusedFunction     diag.Code = "N0102"
	codeUnusedImport       diag.Code = "N0103"
	codeUnreachable        diag.Code = "N0104"
	codeSimilarName        diag.Code = "N0105"
	codeDuplicateKey       diag.Code = "N0106"
	codeDuplicateArm       diag.Code = "N0107"
	codeUnreachableArm     diag.Code = "N0108"
	codeUnevenAlternatives diag.Code = "N0109"
	codeEmptyRange         diag.Code = "N0110"
	codeParallelDependency diag.Code = "N0111"
	codeUnknownLint        diag.Code = "N0112"
	codeNoEffect           diag.Code = "N0113"
	codeUnusedResult       diag.Code = "N0114"

	codeConfidenceRange diag.Code = "C0001"
	codeConfidenceKind  diag.Code = "C0002"
	codeThresholdOrder  diag.Code = "C0003"
	codeNoBranches      diag.Code = "C0004"
)
