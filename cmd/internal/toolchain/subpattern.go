package toolchain

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/parallaxai/parallax/compiler/build"
	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/compiler/module"
	"github.com/parallaxai/parallax/prism/diag"
	"github.com/parallaxai/parallax/prism/source"
	"github.com/parallaxai/parallax/runtime/engine"
	"github.com/parallaxai/parallax/runtime/library"
)

// compilePattern makes a program of a file that is an agent.
func compilePattern(path, pattern string) (*engine.Program, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var code *bytecode.Program
	if strings.HasSuffix(path, ".prismc") {
		if code, err = bytecode.Decode(text); err != nil {
			return nil, err
		}
		return engine.Load(code, library.Std())
	}
	res, list := build.Compile(source.NewFile(filepath.ToSlash(path), string(text)), build.Options{Loader: module.Dir("."), Pattern: pattern})
	for _, d := range list {
		if d.Severity == diag.Error {
			return nil, fmt.Errorf("%w", d)
		}
	}
	return engine.Load(res.Program, library.Std())
}
