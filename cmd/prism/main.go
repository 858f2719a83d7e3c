// Command prism is the toolchain of the Prism language.
package main

import (
	"os"

	"github.com/parallaxai/parallax/cmd/internal/toolchain"
)

func main() {
	os.Exit(toolchain.Main(toolchain.Prism(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
