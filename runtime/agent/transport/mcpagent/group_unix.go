//go:build unix

package mcpagent

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the process the leader of a group, so that its children can be
// killed with it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup kills the process and its children, if there are any left.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
