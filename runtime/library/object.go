package library

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// object returns an object argument.
func object(c *vm.Call, who string, v value.Value) (*value.Object, error) {
	p := v.Plain()
	if p.Kind() != value.ObjectKind {
		return nil, wrongKind(c, who, "an object", v)
	}
	return p.AsObject(), nil
}

func keysOf(o *value.Object) value.Value { return made(strs(o.Keys())) }

func valuesOf(o *value.Object) value.Value { return copied(o.Slots()) }

func entriesOf(o *value.Object) value.Value {
	var out []value.Value
	for k, v := range o.All() {
		v.Share()
		out = append(out, made([]value.Value{value.Str(k), v}))
	}
	return made(out)
}

func (b *builder) objects() {
	view := func(name string, f func(*value.Object) value.Value) value.Value {
		return fn("Object."+name, 1, 1, func(c *vm.Call) (value.Value, error) {
			o, err := object(c, "Object."+name, c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			return like(c, f(o), c.Args[0]), nil
		})
	}
	b.namespace("Object", nil, map[string]value.Value{
		"keys":    view("keys", keysOf),
		"values":  view("values", valuesOf),
		"entries": view("entries", entriesOf),
		"has": fn("Object.has", 2, 2, func(c *vm.Call) (value.Value, error) {
			o, err := object(c, "Object.has", c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			_, ok := o.Get(value.Text(c.Args[1].Plain()))
			return value.Bool(ok), nil
		}),
		"fromEntries": fn("Object.fromEntries", 1, 1, func(c *vm.Call) (value.Value, error) {
			a, err := list(c, "Object.fromEntries", c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			o := value.NewObject(c.Realm(), c.Realm().Root(), nil)
			for i, e := range a.Elems() {
				p := e.Plain()
				if p.Kind() != value.ArrayKind || p.AsArray().Len() != 2 {
					return value.NullValue, c.Errorf(codeArgument, "Object.fromEntries needs [key, value] pairs; element %d is %s", i, value.Inspect(p))
				}
				v := like(c, p.AsArray().At(1), e)
				v.Share()
				o = o.Set(c.Realm(), value.Text(p.AsArray().At(0).Plain()), v)
			}
			return like(c, o.Value(), c.Args[0]), nil
		}),
		"assign": fn("Object.assign", 1, -1, func(c *vm.Call) (value.Value, error) {
			o := value.NewObject(c.Realm(), c.Realm().Root(), nil)
			for _, a := range c.Args {
				if a.PlainKind() == value.Null {
					continue
				}
				src, err := object(c, "Object.assign", a)
				if err != nil {
					return value.NullValue, err
				}
				for k, v := range src.All() {
					v = like(c, v, a)
					v.Share()
					o = o.Set(c.Realm(), k, v)
				}
			}
			return o.Value(), nil
		}),
	})
	b.method("object.keys", 0, 0, func(c *vm.Call) (value.Value, error) { return keysOf(c.This.AsObject()), nil })
	b.method("object.values", 0, 0, func(c *vm.Call) (value.Value, error) { return valuesOf(c.This.AsObject()), nil })
	// hash(v) is the SHA-256 of a value's canonical form, in hexadecimal.
	b.global("hash", 1, 1, func(c *vm.Call) (value.Value, error) {
		data, err := value.Encode(c.Args[0].Plain())
		if err != nil {
			return value.NullValue, c.Errorf(codeArgument, "hash: %v", err)
		}
		sum := sha256.Sum256(data)
		return like(c, value.Str(hex.EncodeToString(sum[:])), c.Args[0]), nil
	})
}
