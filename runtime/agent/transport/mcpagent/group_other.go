//go:build !unix

package mcpagent

import "os/exec"

func ownGroup(*exec.Cmd) {}

// killGroup kills the process alone: this system has no groups of processes.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
