package vm

import (
	"fmt"
	"math"
	"strings"

	"github.com/parallaxai/parallax/compiler/bytecode"
	"github.com/parallaxai/parallax/runtime/value"
)

// Image is a program joined with a library. It is immutable and serves any
// number of machines at once.
type Image struct {
	Program *bytecode.Program
	funcs   []*function
	libs    []value.Value
	library *Library
	explain bool
}

// function is a bytecode function ready to run.
type function struct {
	*bytecode.Func
	image   *Image
	index   int
	consts  []value.Value
	methods []*methods // by name index
	closure *Closure   // for functions without captures
	simple  bool       // exactly Params arguments, not async
	module  *bytecode.Module
	cover   *funcCounters // nil unless the image counts what it runs
}

// methods are the library methods of one name by kind of receiver.
type methods [value.KindCount]*Native

var kindNames = map[string]value.Kind{
	"array": value.ArrayKind, "string": value.StringKind, "number": value.Number,
	"object": value.ObjectKind, "boolean": value.Boolean, "promise": value.Promise,
}

// Link resolves the library names of a program. It fails when the library lacks
// one, which means that program and toolchain do not fit.
func Link(p *bytecode.Program, lib *Library) (*Image, error) {
	im := &Image{Program: p, library: lib, explain: p.Meta.Explain}
	for _, name := range p.Libs {
		v, ok := lib.Globals[name]
		if !ok {
			return nil, fmt.Errorf("the program uses %s, which this version's library does not have", name)
		}
		im.libs = append(im.libs, v)
	}
	table := lib.methodTable()
	for i, f := range p.Funcs {
		fn := &function{Func: f, image: im, index: i, simple: !f.Rest && !f.Async && f.MinArgs == f.Params}
		if f.Module >= 0 && f.Module < len(p.Modules) {
			fn.module = &p.Modules[f.Module]
		}
		fn.consts = make([]value.Value, len(f.Consts))
		for j, c := range f.Consts {
			fn.consts[j] = constant(c)
		}
		fn.methods = make([]*methods, len(f.Names))
		for j, name := range f.Names {
			fn.methods[j] = table[name]
		}
		if len(f.Captures) == 0 {
			fn.closure = newClosure(fn, nil)
		}
		im.funcs = append(im.funcs, fn)
	}
	return im, nil
}

func constant(c bytecode.Const) value.Value {
	switch c.Kind {
	case bytecode.ConstBool:
		return value.Bool(c.Bits != 0)
	case bytecode.ConstNumber:
		return value.Num(math.Float64frombits(c.Bits))
	case bytecode.ConstString:
		return value.Str(c.String)
	case bytecode.ConstUnset:
		return value.UnsetValue()
	}
	return value.NullValue
}

// methodTable groups the methods of a library by name.
func (lib *Library) methodTable() map[string]*methods {
	lib.once.Do(func() {
		lib.table = make(map[string]*methods, len(lib.Methods))
		for key, n := range lib.Methods {
			kind, name, ok := strings.Cut(key, ".")
			if !ok {
				continue
			}
			m := lib.table[name]
			if m == nil {
				m = new(methods)
				lib.table[name] = m
			}
			m[kindNames[kind]] = n
		}
	})
	return lib.table
}
