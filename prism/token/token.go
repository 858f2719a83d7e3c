// Package token names the lexical elements of Prism.
package token

// Kind is the kind of a token.
type Kind uint8

const (
	EOF     Kind = iota
	Illegal      // what no rule accepts; the lexer has reported it

	Ident
	Number
	// A string without interpolation is one String token. One with
	// interpolation is StringHead, then for each part the tokens of the
	// expression followed by StringMiddle or, for the last one, StringTail.
	// The tokens' text includes the delimiters (quote, "${", "}").
	String
	StringHead
	StringMiddle
	StringTail

	operatorBegin
	LParen      // (
	RParen      // )
	LBracket    // [
	RBracket    // ]
	LBrace      // {
	RBrace      // }
	Comma       // ,
	Semicolon   // ;
	Colon       // :
	Dot         // .
	DotDot      // ..
	Ellipsis    // ...
	Question    // ?
	QuestionDot // ?.
	Arrow       // =>
	ThinArrow   // ->
	At          // @

	Assign          // =
	PlusAssign      // +=
	MinusAssign     // -=
	StarAssign      // *=
	SlashAssign     // /=
	PercentAssign   // %=
	PowerAssign     // **=
	NullishAssign   // ??=
	ConfPlusAssign  // ~+=
	ConfMinusAssign // ~-=
	ConfStarAssign  // ~*=
	ConfSlashAssign // ~/=
	AttachAssign    // ~=

	Pipe             // |>
	ConfPipe         // ~|>
	ThresholdGate    // ~?>
	ConfQuestion     // ~?
	Attach           // ~>
	Chain            // ~~
	OrOr             // ||
	ConfOr           // ~||
	Stronger         // ~||>
	Gate             // ~@>
	Nullish          // ??
	ConfNullish      // ~??
	AndAnd           // &&
	ConfAnd          // ~&&
	Bar              // |
	Equal            // ==
	NotEqual         // !=
	Same             // ===
	NotSame          // !==
	ConfEqual        // ~==
	ConfNotEqual     // ~!=
	Less             // <
	Greater          // >
	LessEqual        // <=
	GreaterEqual     // >=
	ConfLess         // ~<
	ConfLessEqual    // ~<=
	ConfGreaterEqual // ~>=
	Plus             // +
	Minus            // -
	ConfPlus         // ~+
	ConfMinus        // ~-
	Star             // *
	Slash            // /
	Percent          // %
	ConfStar         // ~*
	ConfSlash        // ~/
	Power            // **
	Not              // !
	Tilde            // ~
	Extract          // <~
	PlusPlus         // ++
	MinusMinus       // --
	ConfDot          // ~.
	operatorEnd

	keywordBegin
	If
	Else
	For
	While
	Do
	Break
	Continue
	Return
	Function
	Fn
	Let
	Const
	True
	False
	Null
	Undefined
	Import
	Export
	Async
	Await
	Try
	Catch
	Finally
	Throw
	Typeof
	Instanceof
	Uncertain
	Match
	keywordEnd

	// In is the operator of the contextual word "in". The lexer never produces
	// it; it stands in syntax trees.
	In

	// Count is the number of kinds, for tables.
	Count
)

var names = [Count]string{
	EOF: "end of file", Illegal: "illegal text", Ident: "name", Number: "number",
	String: "string", StringHead: "string", StringMiddle: "string", StringTail: "string",
	LParen: "(", RParen: ")", LBracket: "[", RBracket: "]", LBrace: "{", RBrace: "}",
	Comma: ",", Semicolon: ";", Colon: ":", Dot: ".", DotDot: "..", Ellipsis: "...",
	Question: "?", QuestionDot: "?.", Arrow: "=>", ThinArrow: "->", At: "@",
	Assign: "=", PlusAssign: "+=", MinusAssign: "-=", StarAssign: "*=", SlashAssign: "/=",
	PercentAssign: "%=", PowerAssign: "**=", NullishAssign: "??=", ConfPlusAssign: "~+=",
	ConfMinusAssign: "~-=", ConfStarAssign: "~*=", ConfSlashAssign: "~/=", AttachAssign: "~=",
	Pipe: "|>", ConfPipe: "~|>", ThresholdGate: "~?>", ConfQuestion: "~?", Attach: "~>", Chain: "~~",
	OrOr: "||", ConfOr: "~||", Stronger: "~||>", Gate: "~@>", Nullish: "??", ConfNullish: "~??",
	AndAnd: "&&", ConfAnd: "~&&", Bar: "|", Equal: "==", NotEqual: "!=", Same: "===", NotSame: "!==",
	ConfEqual: "~==", ConfNotEqual: "~!=", Less: "<", Greater: ">", LessEqual: "<=", GreaterEqual: ">=",
	ConfLess: "~<", ConfLessEqual: "~<=", ConfGreaterEqual: "~>=", Plus: "+", Minus: "-",
	ConfPlus: "~+", ConfMinus: "~-", Star: "*", Slash: "/", Percent: "%", ConfStar: "~*", ConfSlash: "~/",
	Power: "**", Not: "!", Tilde: "~", Extract: "<~", PlusPlus: "++", MinusMinus: "--", ConfDot: "~.",
	If: "if", Else: "else", For: "for", While: "while", Do: "do", Break: "break", Continue: "continue",
	Return: "return", Function: "function", Fn: "fn", Let: "let", Const: "const", True: "true",
	False: "false", Null: "null", Undefined: "undefined", Import: "import", Export: "export",
	Async: "async", Await: "await", Try: "try", Catch: "catch", Finally: "finally", Throw: "throw",
	Typeof: "typeof", Instanceof: "instanceof", Uncertain: "uncertain", Match: "match", In: "in",
}

// String returns the spelling of an operator or keyword, and a noun for the
// other kinds.
func (k Kind) String() string { return names[k] }

// IsKeyword reports whether the kind is a reserved word.
func (k Kind) IsKeyword() bool { return keywordBegin < k && k < keywordEnd }

// IsOperator reports whether the kind is an operator or a punctuation mark.
func (k Kind) IsOperator() bool { return operatorBegin < k && k < operatorEnd }

// Keyword returns the kind of a reserved word, or Ident.
func Keyword(text string) Kind {
	if k, ok := keywords[text]; ok {
		return k
	}
	return Ident
}

var keywords = func() map[string]Kind {
	m := make(map[string]Kind, keywordEnd-keywordBegin)
	for k := keywordBegin + 1; k < keywordEnd; k++ {
		m[names[k]] = k
	}
	return m
}()

// Contextual lists the words that are special only directly before their own
// shape and ordinary names everywhere else.
var Contextual = []string{
	"in", "as", "from", "high", "medium", "low", "default", "context", "agents", "pattern",
	"input", "parallel", "sequential", "race", "threshold", "timeout", "with", "select", "type",
}
