// Package pattern is the mathematics of aggregation: how the answers of several
// agents become one, with one confidence.
//
// The functions are pure: a list of Answers and options in, an outcome out.
// They serve every front end alike; Natives makes them functions of Prism.
// Equality of answers is that of ===: objects without regard to the order of
// keys, "1" different from 1.
package pattern
