// Package shape describes the YAML of patterns as Go types. The order of the
// fields is the canonical order of the keys, which the formatter writes; the
// types and tags make the JSON Schema that editors use. The front ends read
// documents by themselves, since they have more to say about mistakes; a test
// holds their lists of keys against these types.
//
// Tags: yaml is the key, doc its documentation, enum the words it takes, min and
// max the bounds of a number, need:"true" a key that must be there.
package shape

// Pattern is a flow pattern.
type Pattern struct {
	Name        string           `yaml:"name" need:"true" doc:"The pattern's name: letters, digits, _ and -, beginning with a letter."`
	Version     Scalar           `yaml:"version" doc:"Its version, such as 1.2.0. Default: 1.0.0."`
	Description string           `yaml:"description" doc:"What it does, on one line."`
	Author      string           `yaml:"author" doc:"Who wrote it."`
	Tags        []string         `yaml:"tags" doc:"Words to find it by."`
	Metadata    map[string]Any   `yaml:"metadata" doc:"Anything else; it has no effect."`
	Task        string           `yaml:"task" doc:"The task that agents get; input.task wins. Default: analyze."`
	Input       map[string]Field `yaml:"input" doc:"The fields of the input."`
	Imports     []Import         `yaml:"imports" doc:"Modules in Prism whose functions the pattern uses."`
	Agents      AgentsOrList     `yaml:"agents" doc:"Which agents are asked."`
	Groups      map[string]Group `yaml:"groups" doc:"Answers picked out by a condition, each under a name."`
	Execution   *Execution       `yaml:"execution" doc:"How the agents are asked."`
	Steps       []Step           `yaml:"steps" doc:"Several phases, one after another."`
	Aggregation *Aggregation     `yaml:"aggregation" doc:"How the answers are combined."`
	Validation  *Validation      `yaml:"validation" doc:"What the outcome must satisfy."`
	Confidence  ConfidenceOrWord `yaml:"confidence" doc:"How the confidence of the outcome is computed."`
	Logic       *Logic           `yaml:"logic" doc:"A function in Prism that makes the result of the answers."`
	Fallback    *Fallback        `yaml:"fallback" doc:"What happens when the outcome is not good enough after all."`
	Budget      *Budget          `yaml:"budget" doc:"What the calls of a run may use up."`
	Timeout     Duration         `yaml:"timeout" doc:"Limit of the whole run. Default: 5m."`
	Output      Any              `yaml:"output" doc:"The result: any value; text that begins with $ is an expression."`
}

// Field is one field of an input or schema.
type Field struct {
	Type                 string           `yaml:"type" need:"true" enum:"string|number|integer|boolean|array|object|any" doc:"The type of the value."`
	Description          string           `yaml:"description" doc:"What the field means."`
	Required             BoolOrNames      `yaml:"required" doc:"Whether the field must be there; of an object, the names of those inside that must. Default: true at the top, false inside."`
	Default              Any              `yaml:"default" doc:"The value of a field that is not given."`
	Enum                 []Any            `yaml:"enum" doc:"The values that are allowed."`
	MinLength            int              `yaml:"minLength" min:"0" doc:"The least number of characters."`
	MaxLength            int              `yaml:"maxLength" min:"0" doc:"The largest number of characters."`
	Pattern              string           `yaml:"pattern" doc:"A regular expression (RE2) that must be found in the text."`
	Format               string           `yaml:"format" enum:"email|uri|date|date-time|uuid" doc:"A format the text must have."`
	Minimum              float64          `yaml:"minimum" doc:"The least value."`
	Maximum              float64          `yaml:"maximum" doc:"The largest value."`
	MultipleOf           float64          `yaml:"multipleOf" doc:"What the number must be a multiple of."`
	Items                *FieldOrName     `yaml:"items" doc:"The type of the elements."`
	MinItems             int              `yaml:"minItems" min:"0" doc:"The least number of elements."`
	MaxItems             int              `yaml:"maxItems" min:"0" doc:"The largest number of elements."`
	UniqueItems          bool             `yaml:"uniqueItems" doc:"Whether all elements must differ."`
	Properties           map[string]Field `yaml:"properties" doc:"The fields inside."`
	AdditionalProperties BoolOrField      `yaml:"additionalProperties" doc:"Whether other fields are allowed, or their type. Default: true."`
	Secret               bool             `yaml:"secret" doc:"Whether the value is kept out of logs, history and traces."`
	Env                  string           `yaml:"env" doc:"The environment variable that a missing value is taken from."`
}

// Import is one module.
type Import struct {
	Name string `yaml:"name" need:"true" doc:"The name that expressions use: $name.function."`
	From string `yaml:"from" need:"true" doc:"The file beside this one, ./module.prism, or std/..."`
}

// Agents says which agents are asked.
type Agents struct {
	Capabilities  []string      `yaml:"capabilities" doc:"What an agent must be able to do, all of it."`
	Capability    string        `yaml:"capability" doc:"The same for a single one."`
	Min           NumberOrRef   `yaml:"min" doc:"The least number of agents. Default: 1."`
	MinAgents     NumberOrRef   `yaml:"minAgents" doc:"The same as min."`
	Max           NumberOrRef   `yaml:"max" doc:"The largest number of agents."`
	MaxAgents     NumberOrRef   `yaml:"maxAgents" doc:"The same as max."`
	Prefer        NamesOrRef    `yaml:"prefer" doc:"Agents or capabilities that come first, in this order."`
	Exclude       NamesOrRef    `yaml:"exclude" doc:"Agents that are not asked."`
	TaskTimeout   Duration      `yaml:"taskTimeout" doc:"Limit of one call. Default: 30s."`
	MinConfidence ConfidenceRef `yaml:"minConfidence" doc:"The least confidence an answer needs to count."`
}

// Group picks answers.
type Group struct {
	Match Condition `yaml:"match" need:"true" doc:"A condition over result, confidence, agent, capabilities, ..."`
	Take  string    `yaml:"take" enum:"first|last|all" doc:"Which of the answers that match. Default: first."`
}

// Execution says how agents are asked.
type Execution struct {
	Strategy       string      `yaml:"strategy" enum:"parallel|sequential|race|first|cascade|round-robin" doc:"Default: parallel."`
	Timeout        Duration    `yaml:"timeout" doc:"Limit of the phase; agents that are late have failed."`
	MaxConcurrency int         `yaml:"maxConcurrency" min:"1" doc:"Calls in flight. Default: 10."`
	WaitForAll     bool        `yaml:"waitForAll" doc:"Whether all answers are waited for. Default: true."`
	MinResults     int         `yaml:"minResults" min:"0" doc:"The least number of valid answers."`
	MinConfidence  Confidence  `yaml:"minConfidence" doc:"The least confidence of a winner."`
	Steps          []RelayStep `yaml:"steps" doc:"Of a sequential execution: which agents, in turn."`
	StopOnError    bool        `yaml:"stopOnError" doc:"Whether a sequence ends with the first failure. Default: true."`
	MaxSteps       int         `yaml:"maxSteps" min:"1" doc:"How many steps may run altogether. Default: 100."`
	Retries        int         `yaml:"retries" min:"0" doc:"How often a failed call is repeated."`
}

// RelayStep is one step of a sequential execution.
type RelayStep struct {
	Capability   NamesOrRef `yaml:"capability" doc:"What the agent must be able to do."`
	Capabilities []string   `yaml:"capabilities" doc:"The same for several."`
	Task         string     `yaml:"task" doc:"What the agent is to do."`
	Input        Any        `yaml:"input" doc:"What it gets. Default: the previous result."`
	Output       string     `yaml:"output" doc:"A name for the answer."`
}

// Aggregation says how answers are combined.
type Aggregation struct {
	Strategy            string                 `yaml:"strategy" enum:"voting|consensus|merge|best|first|custom|average|median|min|max|sum" doc:"How the answers are combined; without it fields must be given."`
	Method              string                 `yaml:"method" enum:"majority|plurality|unanimous|weighted|shallow|deep|concat|union|intersection|average|min|max|merge|sum|custom" doc:"How votes are counted, or objects joined."`
	By                  Expression             `yaml:"by" doc:"Of best: confidence or custom. Of voting and consensus: the field to compare."`
	Field               string                 `yaml:"field" doc:"The field of an answer that is its vote."`
	Normalize           BoolOrText             `yaml:"normalize" doc:"Whether texts are compared trimmed and without regard to case."`
	Fields              FieldRules             `yaml:"fields" doc:"Of consensus: fields with rules of their own. Of merge: the keys to keep."`
	Threshold           Confidence             `yaml:"threshold" doc:"The agreement that makes a consensus. Default: 0.7."`
	MinVotes            int                    `yaml:"minVotes" min:"0" doc:"The least number of votes. Default: 1."`
	OnInsufficientVotes string                 `yaml:"onInsufficientVotes" enum:"fail|proceed" doc:"Default: fail."`
	Weights             map[string]NumberOrRef `yaml:"weights" doc:"Weights of agents by name; default for the others."`
	TieBreaker          string                 `yaml:"tieBreaker" enum:"first|random|highest-confidence" doc:"How ties are broken."`
	NoMajorityBehavior  string                 `yaml:"noMajorityBehavior" enum:"none|plurality|fail|retry" doc:"What happens without a majority. Default: none."`
	MaxRetries          int                    `yaml:"maxRetries" min:"0" doc:"How often the phase is repeated without a majority. Default: 3."`
	Confidence          string                 `yaml:"confidence" enum:"weighted-share" doc:"Of voting: the share times the mean confidence of the winners."`
	MinConfidence       Confidence             `yaml:"minConfidence" doc:"The least confidence of an answer that counts."`
	ConflictResolution  string                 `yaml:"conflictResolution" enum:"weighted|first|last|highest-confidence|majority|fail" doc:"What happens without agreement."`
	ArrayStrategy       string                 `yaml:"arrayStrategy" enum:"concat|union|replace|vote" doc:"Of a deep merge: how lists are joined. Default: concat."`
	Deduplication       bool                   `yaml:"deduplication" doc:"Whether equal elements are removed."`
	Deduplicate         bool                   `yaml:"deduplicate" doc:"The same as deduplication."`
	DeduplicationKey    string                 `yaml:"deduplicationKey" doc:"The field by which elements are equal."`
	MergeFields         []string               `yaml:"mergeFields" doc:"Fields whose values are collected from duplicates."`
	Scoring             *Scoring               `yaml:"scoring" doc:"A score for each joined element."`
	Limit               int                    `yaml:"limit" min:"0" doc:"The largest number of joined elements."`
	Expression          Expression             `yaml:"expression" doc:"Of best by custom: the score of an answer."`
	Function            Expression             `yaml:"function" doc:"Of custom: a function of a module, $module.name."`
}

// Scoring scores joined elements.
type Scoring struct {
	Formula  Expression `yaml:"formula" doc:"Over foundByCount, totalAgents, avgConfidence, maxConfidence. Default: foundByCount / totalAgents."`
	MinScore Confidence `yaml:"minScore" doc:"Elements below are dropped."`
}

// Validation says what an outcome must satisfy.
type Validation struct {
	MinConfidence Confidence `yaml:"minConfidence" doc:"The least confidence of the outcome."`
	Schema        Schema     `yaml:"schema" doc:"The shape of the result, in the language of input."`
	Checks        []Check    `yaml:"checks" doc:"Conditions with names."`
	MaxLatency    Duration   `yaml:"maxLatency" doc:"The longest time."`
	Custom        *Override  `yaml:"$custom" doc:"Replaces the result where a condition holds."`
	OnFailure     string     `yaml:"onFailure" enum:"fail|retry|fallback" doc:"Default: fail."`
	OnInvalid     string     `yaml:"onInvalid" enum:"fail|retry|fallback" doc:"The same for schema."`
	OnTimeout     string     `yaml:"onTimeout" enum:"fail|retry|fallback|proceed" doc:"The same for maxLatency."`
	MaxRetries    int        `yaml:"maxRetries" min:"0" doc:"How often the phase is repeated. Default: 3."`
	RetryDelay    Duration   `yaml:"retryDelay" doc:"The pause before that."`
	Fallback      *Rescue    `yaml:"fallback" doc:"What takes the place of an outcome that failed."`
}

// Check is a condition with a name.
type Check struct {
	Name      string    `yaml:"name" need:"true" doc:"What the message calls it."`
	Condition Condition `yaml:"condition" need:"true" doc:"What must hold."`
	Message   string    `yaml:"message" doc:"What it means."`
}

// Override replaces a result.
type Override struct {
	Condition Condition `yaml:"condition" need:"true" doc:"When."`
	Action    string    `yaml:"action" enum:"override" doc:"What happens."`
	Value     Any       `yaml:"value" doc:"The new result."`
}

// Rescue replaces an outcome that failed.
type Rescue struct {
	Type           string   `yaml:"type" need:"true" enum:"default|escalate|previous|cached" doc:"Where the new outcome comes from."`
	Value          Any      `yaml:"value" doc:"Of default: the outcome, {result, confidence}."`
	To             string   `yaml:"to" doc:"Of escalate: an agent or capability."`
	IncludeContext bool     `yaml:"includeContext" doc:"Of escalate: whether it gets the input and the outcome."`
	MaxAge         Duration `yaml:"maxAge" doc:"Of previous and cached: how old it may be."`
}

// Fallback is applied after the output has been made.
type Fallback struct {
	Condition  Condition `yaml:"condition" need:"true" doc:"When it applies."`
	Action     string    `yaml:"action" need:"true" enum:"default|escalate|retry" doc:"What happens."`
	Value      Any       `yaml:"value" doc:"Of default: the new output."`
	To         string    `yaml:"to" doc:"Of escalate: to whom. Default: human."`
	Target     string    `yaml:"target" doc:"The same as to."`
	MaxRetries int       `yaml:"maxRetries" min:"0" doc:"Of retry: how often. Default: 3."`
}

// ConfidenceRule says how a confidence is computed.
type ConfidenceRule struct {
	Method     string                 `yaml:"method" enum:"average|weighted|min|max|custom" doc:"Default: average."`
	Weights    map[string]NumberOrRef `yaml:"weights" doc:"Of weighted: the weights of groups or steps."`
	Expression Expression             `yaml:"expression" doc:"Of custom: the confidence."`
}

// Logic names a function.
type Logic struct {
	Module string `yaml:"module" need:"true" doc:"The file beside this one, ./module.prism."`
	Entry  string `yaml:"entry" need:"true" doc:"The function."`
}

// Budget bounds what calls use up.
type Budget struct {
	Tokens NumberOrRef `yaml:"tokens" doc:"Tokens of models."`
	Cost   NumberOrRef `yaml:"cost" doc:"Cost, where agents have prices."`
	Calls  NumberOrRef `yaml:"calls" doc:"Calls of agents."`
}
