package pattern

import (
	"math"

	"github.com/parallaxai/parallax/runtime/value"
)

func allNumbers(list []Answer) bool {
	for _, a := range list {
		if !a.Value.IsNumber() {
			return false
		}
	}
	return true
}

// average is the mean of the numeric values, how much they agree, and the
// answers that hold them: null and 0 without any.
//
//	agreement = max(0, 1 - sigma/|mean|), sigma of the population
//
// A mean of 0 agrees only if all values are 0.
func average(list []Answer) (v value.Value, agreement float64, numeric []Answer) {
	m := 0.0
	for _, a := range list {
		if a.Value.IsNumber() {
			numeric = append(numeric, a)
			m += a.Value.Float()
		}
	}
	if len(numeric) == 0 {
		return value.NullValue, 0, nil
	}
	n := float64(len(numeric))
	m /= n
	variance := 0.0
	for _, a := range numeric {
		d := a.Value.Float() - m
		variance += d * d
	}
	sigma := math.Sqrt(variance / n)
	switch {
	case sigma == 0:
		agreement = 1
	case m == 0 || math.IsNaN(m) || math.IsInf(m, 0) || math.IsInf(sigma, 0) || math.IsNaN(sigma):
		agreement = 0
	default:
		agreement = max(0, 1-sigma/math.Abs(m))
	}
	return value.Num(m), agreement, numeric
}

// weightedMean is the mean of numeric answers, each weighted by its confidence.
func weightedMean(list []Answer) value.Value {
	sum, weights := 0.0, 0.0
	for _, a := range list {
		sum += a.Value.Float() * a.Confidence
		weights += a.Confidence
	}
	if weights == 0 {
		return value.NullValue
	}
	return value.Num(sum / weights)
}
