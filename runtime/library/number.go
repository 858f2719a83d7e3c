package library

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/parallaxai/parallax/runtime/value"
	"github.com/parallaxai/parallax/runtime/vm"
)

// unary makes a function of one number; the result keeps its confidence.
func unary(name string, f func(float64) float64) vm.NativeFunc {
	return func(c *vm.Call) (value.Value, error) {
		x, err := number(c, name, c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		return like(c, value.Num(f(x)), c.Args[0]), nil
	}
}

func binary(name string, f func(a, b float64) float64) vm.NativeFunc {
	return func(c *vm.Call) (value.Value, error) {
		x, err := number(c, name, c.Args[0])
		if err != nil {
			return value.NullValue, err
		}
		y, err := number(c, name, c.Args[1])
		if err != nil {
			return value.NullValue, err
		}
		return c.Combined(value.Num(f(x, y)), name, c.Args...), nil
	}
}

// round rounds halves up, as people and JavaScript do.
func round(x float64) float64 {
	r := math.Floor(x)
	if x-r >= 0.5 { // x+0.5 would round, for 0.49999999999999994 say
		return r + 1
	}
	return r
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

func (b *builder) numbers() {
	maths := map[string]value.Value{"PI": value.Num(math.Pi), "E": value.Num(math.E), "LN2": value.Num(math.Ln2), "LN10": value.Num(math.Ln10), "SQRT2": value.Num(math.Sqrt2)}
	for name, f := range map[string]func(float64) float64{
		"abs": math.Abs, "floor": math.Floor, "ceil": math.Ceil, "round": round, "trunc": math.Trunc, "sign": sign,
		"sqrt": math.Sqrt, "cbrt": math.Cbrt, "exp": math.Exp, "log": math.Log, "log2": math.Log2, "log10": math.Log10,
		"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
		"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh,
	} {
		maths[name] = fn("Math."+name, 1, 1, unary("Math."+name, f))
	}
	for _, name := range []string{"abs", "floor", "ceil", "sqrt"} {
		f := map[string]func(float64) float64{"abs": math.Abs, "floor": math.Floor, "ceil": math.Ceil, "sqrt": math.Sqrt}[name]
		b.global(name, 1, 1, unary(name, f))
	}
	b.global("round", 1, 2, roundNative)
	b.global("pow", 2, 2, binary("pow", math.Pow))
	maths["pow"] = fn("Math.pow", 2, 2, binary("Math.pow", math.Pow))
	maths["atan2"] = fn("Math.atan2", 2, 2, binary("Math.atan2", math.Atan2))
	maths["hypot"] = fn("Math.hypot", 0, -1, func(c *vm.Call) (value.Value, error) {
		sum := 0.0
		for _, a := range c.Args {
			x, err := number(c, "Math.hypot", a)
			if err != nil {
				return value.NullValue, err
			}
			sum = math.Hypot(sum, x)
		}
		return c.Combined(value.Num(sum), "Math.hypot", c.Args...), nil
	})
	b.global("max", 1, -1, extreme("max", func(a, b float64) bool { return a > b }))
	b.global("min", 1, -1, extreme("min", func(a, b float64) bool { return a < b }))
	maths["max"] = fn("Math.max", 1, -1, extreme("Math.max", func(a, b float64) bool { return a > b }))
	maths["min"] = fn("Math.min", 1, -1, extreme("Math.min", func(a, b float64) bool { return a < b }))
	b.namespace("Math", nil, maths)

	b.lib.Globals["Infinity"] = value.Num(math.Inf(1))
	b.lib.Globals["NaN"] = value.Num(math.NaN())
	b.statistics()
	b.numberNamespace()
	b.method("number.toFixed", 0, 1, func(c *vm.Call) (value.Value, error) {
		digits := 0.0
		if len(c.Args) > 0 {
			var err error
			if digits, err = number(c, "toFixed", c.Args[0]); err != nil {
				return value.NullValue, err
			}
		}
		if !(digits >= 0 && digits <= 100) {
			return value.NullValue, c.Errorf(codeRange, "toFixed: the number of digits is 0 to 100")
		}
		f := c.This.Float()
		if math.Abs(f) >= 1e21 || math.IsNaN(f) {
			return value.Str(value.NumberText(f)), nil
		}
		return value.Str(fixed(f, int(digits))), nil
	})
	b.method("number.toString", 0, 1, func(c *vm.Call) (value.Value, error) {
		radix := 10.0
		if len(c.Args) > 0 {
			var err error
			if radix, err = number(c, "toString", c.Args[0]); err != nil {
				return value.NullValue, err
			}
		}
		if !(radix >= 2 && radix <= 36) {
			return value.NullValue, c.Errorf(codeRange, "toString: the radix is 2 to 36")
		}
		return value.Str(inRadix(c.This.Float(), int(radix))), nil
	})
	b.method("boolean.toString", 0, 0, func(c *vm.Call) (value.Value, error) { return value.TextOf(c.This).Value(), nil })
	b.namespace("Boolean", vm.NewNative("Boolean", 0, 1, func(c *vm.Call) (value.Value, error) {
		return like(c, value.Bool(c.Arg(0).Truthy()), c.Arg(0)), nil
	}), map[string]value.Value{})
}

// fixed writes f with a fixed number of decimals; exact halves go away from
// zero, and a result of 0 has no sign.
func fixed(f float64, digits int) string {
	abs := math.Abs(f)
	if next := strconv.FormatFloat(abs, 'f', digits+1, 64); next[len(next)-1] == '5' {
		if r, ok := new(big.Rat).SetString(next); ok && r.Cmp(new(big.Rat).SetFloat64(abs)) == 0 {
			abs = math.Nextafter(abs, math.Inf(1))
		}
	}
	s := strconv.FormatFloat(abs, 'f', digits, 64)
	if f < 0 && strings.Trim(s, "0.") != "" {
		s = "-" + s
	}
	return s
}

// inRadix writes f in a radix from 2 to 36, with as many digits of the fraction
// as it takes to tell f from its neighbours.
func inRadix(f float64, radix int) string {
	if radix == 10 || math.IsNaN(f) || math.IsInf(f, 0) {
		return value.NumberText(f)
	}
	abs := math.Abs(f)
	whole, fraction := math.Modf(abs)
	i, _ := new(big.Float).SetFloat64(whole).Int(nil)
	b := []byte(i.Text(radix))
	if fraction > 0 {
		b = append(b, '.')
		// rest and gap are what is left of the fraction and half the distance to
		// the next lower number, in units of one: all of it is exact.
		r := new(big.Rat).SetFloat64(fraction)
		g := new(big.Rat).SetFloat64(abs - math.Nextafter(abs, 0))
		one := new(big.Int).Lsh(big.NewInt(1), uint(max(r.Denom().BitLen(), g.Denom().BitLen())))
		units := func(r *big.Rat) *big.Int {
			n := new(big.Int).Mul(r.Num(), one)
			return n.Quo(n, r.Denom())
		}
		rest, gap := units(r), units(g)
		gap.Rsh(gap, 1)
		half, base := new(big.Int).Rsh(one, 1), big.NewInt(int64(radix))
		for rest.Cmp(gap) >= 0 && rest.Sign() > 0 {
			var digit big.Int
			digit.QuoRem(rest.Mul(rest, base), one, rest)
			gap.Mul(gap, base)
			d := int(digit.Int64())
			if rest.Cmp(half) > 0 && new(big.Int).Add(rest, gap).Cmp(one) > 0 && d+1 < radix {
				d++
				rest.SetInt64(0)
			}
			b = append(b, "0123456789abcdefghijklmnopqrstuvwxyz"[d])
		}
	}
	if f < 0 {
		return "-" + string(b)
	}
	return string(b)
}

// roundNative is round(x) or round(x, digits).
func roundNative(c *vm.Call) (value.Value, error) {
	x, err := number(c, "round", c.Args[0])
	if err != nil {
		return value.NullValue, err
	}
	if len(c.Args) == 1 {
		return like(c, value.Num(round(x)), c.Args[0]), nil
	}
	digits, err := number(c, "round", c.Args[1])
	if err != nil {
		return value.NullValue, err
	}
	if !(digits >= -300 && digits <= 300) {
		return value.NullValue, c.Errorf(codeRange, "round: the number of digits is -300 to 300")
	}
	// Shifting the decimal text spares the error of multiplying by a power of ten.
	f, e := strconv.ParseFloat(shift(x, int(math.Trunc(digits))), 64)
	if e != nil || math.IsInf(f, 0) || math.IsNaN(x) {
		return like(c, value.Num(x), c.Args[0]), nil
	}
	r, e := strconv.ParseFloat(shift(round(f), -int(math.Trunc(digits))), 64)
	if e != nil {
		r = x
	}
	return like(c, value.Num(r), c.Args[0]), nil
}

func shift(x float64, digits int) string {
	mantissa, exp, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	n, err := strconv.Atoi(exp)
	if err != nil {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return mantissa + "e" + strconv.Itoa(n+digits)
}

// extreme chooses one of its arguments, which keeps its confidence.
func extreme(name string, better func(a, b float64) bool) vm.NativeFunc {
	return func(c *vm.Call) (value.Value, error) {
		best := 0
		var top float64
		for i, a := range c.Args {
			f, err := number(c, name, a)
			if err != nil {
				return value.NullValue, err
			}
			if math.IsNaN(f) {
				return a, nil
			}
			if i == 0 || better(f, top) {
				best, top = i, f
			}
		}
		return c.Args[best], nil
	}
}

// numbersOf reads the numbers of an array argument.
func numbersOf(c *vm.Call, who string, elems []value.Value) ([]float64, error) {
	out := make([]float64, len(elems))
	for i, e := range elems {
		p := e.Plain()
		if !p.IsNumber() {
			return nil, c.Errorf(codeArgument, "%s needs numbers; element %d is %s", who, i, describe(e))
		}
		out[i] = p.Float()
	}
	return out, nil
}

func sum(c *vm.Call, who string, elems []value.Value) (value.Value, error) {
	xs, err := numbersOf(c, who, elems)
	if err != nil {
		return value.NullValue, err
	}
	total := 0.0
	for _, x := range xs {
		total += x
	}
	return c.Combined(value.Num(total), who, elems...), nil
}

func (b *builder) statistics() {
	stat := func(name string, empty bool, f func([]float64) float64) {
		b.global(name, 1, 1, func(c *vm.Call) (value.Value, error) {
			a, err := list(c, name, c.Args[0])
			if err != nil {
				return value.NullValue, err
			}
			xs, err := numbersOf(c, name, a.Elems())
			if err != nil {
				return value.NullValue, err
			}
			if len(xs) == 0 && !empty {
				return value.NullValue, c.Errorf(codeEmpty, "%s of an empty array", name)
			}
			return like(c, c.Combined(value.Num(f(xs)), name, a.Elems()...), c.Args[0]), nil
		})
	}
	total := func(xs []float64) float64 {
		t := 0.0
		for _, x := range xs {
			t += x
		}
		return t
	}
	mean := func(xs []float64) float64 { return total(xs) / float64(len(xs)) }
	stat("sum", true, total)
	stat("mean", false, mean)
	stat("median", false, func(xs []float64) float64 {
		s := slices.Clone(xs)
		slices.Sort(s)
		if n := len(s); n%2 == 0 {
			return (s[n/2-1] + s[n/2]) / 2
		}
		return s[len(s)/2]
	})
	stat("stdev", false, func(xs []float64) float64 {
		m, v := mean(xs), 0.0
		for _, x := range xs {
			v += (x - m) * (x - m)
		}
		return math.Sqrt(v / float64(len(xs)))
	})
}

func (b *builder) numberNamespace() {
	test := func(name string, f func(float64) bool) value.Value {
		return fn("Number."+name, 1, 1, func(c *vm.Call) (value.Value, error) {
			p := c.Args[0].Plain()
			return like(c, value.Bool(p.IsNumber() && f(p.Float())), c.Args[0]), nil
		})
	}
	finite := func(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }
	integer := func(f float64) bool { return finite(f) && f == math.Trunc(f) }
	b.namespace("Number", vm.NewNative("Number", 0, 1, func(c *vm.Call) (value.Value, error) {
		if len(c.Args) == 0 {
			return value.Num(0), nil
		}
		return like(c, value.Num(toNumber(c.Args[0].Plain())), c.Args[0]), nil
	}), map[string]value.Value{
		"isInteger":     test("isInteger", integer),
		"isFinite":      test("isFinite", finite),
		"isNaN":         test("isNaN", func(f float64) bool { return f != f }),
		"isSafeInteger": test("isSafeInteger", func(f float64) bool { return integer(f) && math.Abs(f) < 1<<53 }),
		"parseFloat": fn("Number.parseFloat", 1, 1, func(c *vm.Call) (value.Value, error) {
			return like(c, value.Num(leadingNumber(value.Text(c.Args[0].Plain()))), c.Args[0]), nil
		}),
		"parseInt": fn("Number.parseInt", 1, 2, parseInt),

		"MAX_SAFE_INTEGER":  value.Num(1<<53 - 1),
		"MIN_SAFE_INTEGER":  value.Num(-(1<<53 - 1)),
		"MAX_VALUE":         value.Num(math.MaxFloat64),
		"MIN_VALUE":         value.Num(math.SmallestNonzeroFloat64),
		"EPSILON":           value.Num(0x1p-52),
		"POSITIVE_INFINITY": value.Num(math.Inf(1)),
		"NEGATIVE_INFINITY": value.Num(math.Inf(-1)),
		"NaN":               value.Num(math.NaN()),
	})
}

func toNumber(p value.Value) float64 {
	switch p.Kind() {
	case value.Null:
		return 0
	case value.Boolean:
		if p.True() {
			return 1
		}
		return 0
	case value.Number:
		return p.Float()
	case value.StringKind:
		return value.ParseNumber(p.AsString().Go())
	}
	return math.NaN()
}

// leadingNumber reads the number that a text begins with, NaN without one.
func leadingNumber(s string) float64 {
	s = strings.TrimSpace(s)
	for n := min(len(s), 400); n > 0; n-- {
		if c := s[n-1]; c < '0' || c > '9' {
			if c != '.' {
				continue
			}
		}
		if strings.ContainsAny(s[:n], "xXpP_iInN") {
			continue
		}
		if f, err := strconv.ParseFloat(s[:n], 64); err == nil {
			return f
		}
	}
	return math.NaN()
}

func parseInt(c *vm.Call) (value.Value, error) {
	radix := 10.0
	if len(c.Args) > 1 && !c.Args[1].IsNull() {
		var err error
		if radix, err = number(c, "Number.parseInt", c.Args[1]); err != nil {
			return value.NullValue, err
		}
	}
	if !(radix >= 2 && radix <= 36) {
		return value.NullValue, c.Errorf(codeRange, "Number.parseInt: the radix is 2 to 36")
	}
	s := strings.TrimSpace(value.Text(c.Args[0].Plain()))
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimLeft(s, "+-")
	if radix == 16 {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "0x"), "0X")
	}
	f, n := 0.0, 0
	for ; n < len(s); n++ {
		d := strings.IndexByte("0123456789abcdefghijklmnopqrstuvwxyz", s[n]|0x20)
		if s[n] >= '0' && s[n] <= '9' {
			d = int(s[n] - '0')
		}
		if d < 0 || float64(d) >= radix {
			break
		}
		f = f*radix + float64(d)
	}
	if n == 0 {
		f = math.NaN()
	}
	if negative {
		f = -f
	}
	return like(c, value.Num(f), c.Args[0]), nil
}
