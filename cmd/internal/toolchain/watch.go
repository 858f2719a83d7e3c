package toolchain

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long sources must be quiet before a change counts: editors write
// a file in several steps.
const settle = 50 * time.Millisecond

// watcher tells when sources change. Folders are watched rather than files, so
// that files which editors replace and new ones are seen.
type watcher struct {
	notify  *fsnotify.Watcher
	folders map[string]bool
}

func newWatcher() (*watcher, error) {
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return &watcher{notify: n, folders: map[string]bool{}}, nil
}

// Close ends the watch.
func (w *watcher) Close() error { return w.notify.Close() }

// Follow adds folders to those that are watched.
func (w *watcher) Follow(folders []string) error {
	for _, dir := range folders {
		if w.folders[dir] {
			continue
		}
		if err := w.notify.Add(dir); err != nil {
			return err
		}
		w.folders[dir] = true
	}
	return nil
}

// Changed returns after a source has changed and the sources are quiet again, or
// with the error of the watch or the context.
func (w *watcher) Changed(ctx context.Context) error {
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-w.notify.Errors:
			return err
		case e := <-w.notify.Events:
			if isSource(e) {
				quiet = time.After(settle)
			}
		case <-quiet:
			return nil
		}
	}
}

// isSource reports whether an event concerns a program, a YAML file or a folder that may hold
// some; what build writes does not count.
func isSource(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod {
		return false
	}
	if ext := filepath.Ext(e.Name); ext == ".prism" || ext == ".yaml" || ext == ".yml" {
		return true
	}
	info, err := os.Stat(e.Name)
	return e.Has(fsnotify.Create) && err == nil && info.IsDir()
}

// foldersOf lists the folders that hold the arguments and the sources.
func foldersOf(args, sources []string) ([]string, error) {
	var folders []string
	for _, name := range sources {
		folders = append(folders, filepath.Dir(filepath.FromSlash(name)))
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	for _, arg := range args {
		arg = strings.TrimSuffix(arg, "/...")
		if _, err := os.Stat(arg); err != nil {
			return nil, exit(ExitNotFound, "there is no file %s", arg)
		}
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case !d.IsDir():
				if path == arg {
					folders = append(folders, filepath.Dir(path))
				}
				return nil
			case skipped(path, arg, d.Name()):
				return filepath.SkipDir
			}
			folders = append(folders, path)
			return nil
		})
		if err != nil {
			return nil, exit(ExitInternal, "%v", err)
		}
	}
	return folders, nil
}
