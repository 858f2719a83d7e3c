package spec

import (
	"fmt"
	"html/template"
	"io"
	"strings"
)

// htmlLine is a line of a file in the report.
type htmlLine struct {
	Number int
	Text   string
	Class  string // "", run, part or missed
	Runs   string
	Note   string
}

type htmlFile struct {
	ID, Path        string
	Lines, Branches string
	Share           float64
	Source          []htmlLine
}

// HTML writes the coverage as one page that needs nothing else.
func (c *Coverage) HTML(w io.Writer) error {
	var files []htmlFile
	share := func(run, all int) string { return fmt.Sprintf("%.1f %% (%d/%d)", Percent(run, all), run, all) }
	for i, f := range c.Files {
		lines, linesRun, ways, waysRun := f.Totals()
		files = append(files, htmlFile{fmt.Sprintf("file%d", i), f.Path, share(linesRun, lines), share(waysRun, ways), Percent(linesRun, lines), f.html()})
	}
	lines, linesRun, ways, waysRun := c.Totals()
	return coveragePage.Execute(w, struct {
		Files           []htmlFile
		Lines, Branches string
	}{files, share(linesRun, lines), share(waysRun, ways)})
}

func (f *FileCoverage) html() []htmlLine {
	runs := map[int]int64{}
	for _, l := range f.Lines {
		runs[l.Line] = l.Runs
	}
	notes := map[int][]string{}
	for _, b := range f.Branches {
		if b.Missed() == 0 || b.Ways[0]+b.Ways[1] == 0 {
			continue
		}
		notes[b.Line] = append(notes[b.Line], shortenTo(f.Source.Text(b.Span), 60)+" always goes the same way")
	}
	var out []htmlLine
	for n := 1; n <= f.Source.LineCount(); n++ {
		l := htmlLine{Number: n, Text: f.Source.LineText(n)}
		if count, ok := runs[n]; ok {
			l.Runs, l.Class = fmt.Sprint(count), "run"
			if count == 0 {
				l.Class = "missed"
			} else if len(notes[n]) > 0 {
				l.Class, l.Note = "part", strings.Join(notes[n], "; ")
			}
		}
		out = append(out, l)
	}
	return out
}

var coveragePage = template.Must(template.New("coverage").Parse(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Coverage</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c1e21; }
table { border-collapse: collapse; }
th, td { padding: .2rem 1rem .2rem 0; text-align: left; }
pre { font: 13px/1.45 ui-monospace, monospace; overflow-x: auto; border: 1px solid #d7dade; }
pre span { display: block; white-space: pre; padding: 0 .5rem; }
pre b { display: inline-block; width: 3.5rem; text-align: right; padding-right: 1rem; font-weight: normal; color: #777; }
pre i { color: #8a5a00; padding-left: 2rem; }
.run { background: #e7f6ea; } .missed { background: #fde8e8; } .part { background: #fff5d6; }
meter { width: 8rem; }
@media (prefers-color-scheme: dark) {
  body { background: #16181b; color: #e4e6e9; } pre { border-color: #3a3f45; }
  .run { background: #14301c; } .missed { background: #421a1a; } .part { background: #3d3210; } pre i { color: #e0b050; }
}
</style>
<h1>Coverage</h1>
<p>Lines {{.Lines}}, branches {{.Branches}}.</p>
<table>
<tr><th>File</th><th></th><th>Lines</th><th>Branches</th></tr>
{{range .Files}}<tr><td><a href="#{{.ID}}">{{.Path}}</a></td><td><meter min="0" max="100" value="{{.Share}}"></meter></td><td>{{.Lines}}</td><td>{{.Branches}}</td></tr>
{{end}}</table>
{{range .Files}}<h2 id="{{.ID}}">{{.Path}}</h2>
<pre>{{range .Source}}<span{{if .Class}} class="{{.Class}}"{{end}}><b>{{.Number}}</b><b>{{.Runs}}</b>{{.Text}}{{if .Note}}<i>{{.Note}}</i>{{end}}</span>{{end}}</pre>
{{end}}</html>
`))
