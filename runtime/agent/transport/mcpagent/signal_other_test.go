//go:build !unix

package mcpagent_test

import "os"

func ignoreTerm(chan os.Signal) {}
