package spec

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// LCOV writes the coverage in the tracefile format of LCOV, which editors and
// coverage services read.
func (c *Coverage) LCOV(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, f := range c.Files {
		fmt.Fprintf(b, "TN:\nSF:%s\n", f.Path)
		lines, linesRun, ways, waysRun := f.Totals()
		for i, br := range f.Branches {
			ran := br.Ways[0]+br.Ways[1] > 0
			for way, n := range br.Ways {
				text := "-"
				if ran {
					text = fmt.Sprint(n)
				}
				fmt.Fprintf(b, "BRDA:%d,%d,%d,%s\n", br.Line, i, way, text)
			}
		}
		fmt.Fprintf(b, "BRF:%d\nBRH:%d\n", ways, waysRun)
		for _, l := range f.Lines {
			fmt.Fprintf(b, "DA:%d,%d\n", l.Line, l.Runs)
		}
		fmt.Fprintf(b, "LF:%d\nLH:%d\nend_of_record\n", lines, linesRun)
	}
	return b.Flush()
}

// MissedLines lists the lines that never ran: "3-5, 9"; "" when all did.
func (f *FileCoverage) MissedLines() string {
	var parts []string
	for i := 0; i < len(f.Lines); {
		if f.Lines[i].Runs > 0 {
			i++
			continue
		}
		j := i
		for j+1 < len(f.Lines) && f.Lines[j+1].Runs == 0 {
			j++
		}
		if j == i {
			parts = append(parts, fmt.Sprint(f.Lines[i].Line))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", f.Lines[i].Line, f.Lines[j].Line))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
