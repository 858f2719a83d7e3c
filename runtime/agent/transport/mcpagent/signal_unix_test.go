//go:build unix

package mcpagent_test

import (
	"os"
	"os/signal"
	"syscall"
)

// ignoreTerm keeps a process from ending when it is asked to.
func ignoreTerm(ch chan os.Signal) { signal.Notify(ch, syscall.SIGTERM) }
