package module

import "github.com/parallaxai/parallax/prism/diag"

// The diagnostics of this package; prism/diag explains each.
const (
	codeMissingModule   diag.Code = "M0001"
	codeMissingExport   diag.Code = "M0002"
	codeUnsupported     diag.Code = "M0003"
	codeUnreadable      diag.Code = "M0004"
	codeCyclicRead      diag.Code = "M0005"
	codeAmbiguousExport diag.Code = "M0006"
)
