package main

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/parallaxai/parallax/cmd/internal/scripttest"
	"github.com/parallaxai/parallax/cmd/internal/toolchain"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"prism": main})
}

// TestScripts runs the command as people do: its files, streams and exit codes.
func TestScripts(t *testing.T) { scripttest.Run(t, "prism", "testdata/script", *update) }

// TestHelp demands an example of every command.
func TestHelp(t *testing.T) {
	for _, c := range toolchain.Prism().Commands() {
		if c.Example == "" && c.Name() != "completion" && c.Name() != "help" {
			t.Errorf("prism %s --help shows no example", c.Name())
		}
	}
}
