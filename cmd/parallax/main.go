// Command parallax runs patterns over AI agents.
package main

import (
	"os"

	"github.com/parallaxai/parallax/cmd/internal/toolchain"
)

func main() {
	os.Exit(toolchain.Main(toolchain.Parallax(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
