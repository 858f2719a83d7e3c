package shape

// Step is one step of a pattern. Which keys it takes depends on its type.
type Step struct {
	ID           string     `yaml:"id" doc:"What other steps and the output call it."`
	Name         string     `yaml:"name" doc:"The same as id."`
	Type         string     `yaml:"type" enum:"agents|pattern|switch|gate|loop|parallel|merge|batch|map|split|reduce|repeat|filter|assign|compute|compare|default|escalate|consensus|vote|voting|race|sequential|extract|template|threshold|validate|delay|log|cache|retry|timeout|ask" doc:"What the step does. Default: agents."`
	Pattern      string     `yaml:"pattern" doc:"Another pattern to run, name@1.x."`
	Description  string     `yaml:"description" doc:"What it is for."`
	Condition    Condition  `yaml:"condition" doc:"The step is skipped where this is false. Of a gate: what must hold. Of a loop: while it goes on."`
	Task         StepOrText `yaml:"task" doc:"What agents are to do; or the step inside of a step."`
	Instructions string     `yaml:"instructions" doc:"More about the task."`
	Input        Any        `yaml:"input" doc:"What agents get."`
	Config       Any        `yaml:"config" doc:"The other keys may stand in here."`

	Agents      AgentsOrList     `yaml:"agents" doc:"Which agents are asked."`
	Groups      map[string]Group `yaml:"groups" doc:"Answers picked out by a condition."`
	Execution   *Execution       `yaml:"execution" doc:"How the agents are asked."`
	Aggregation *Aggregation     `yaml:"aggregation" doc:"How the answers are combined."`
	Validation  *Validation      `yaml:"validation" doc:"What the outcome must satisfy."`
	Confidence  ConfidenceOrWord `yaml:"confidence" doc:"How the confidence is computed."`

	Value               Any                    `yaml:"value" doc:"Of switch: what decides. Of default: the outcome."`
	Cases               map[string]Any         `yaml:"cases" doc:"Of switch: where to go."`
	Default             Any                    `yaml:"default" doc:"Of switch: where to go otherwise."`
	OnPass              Any                    `yaml:"onPass" doc:"Of gate: where to go when it holds."`
	OnFail              Any                    `yaml:"onFail" doc:"Of gate and threshold: where to go when it does not."`
	OnTimeout           string                 `yaml:"onTimeout" enum:"proceed|fail" doc:"Of gate: what happens when time is up."`
	MaxIterations       int                    `yaml:"maxIterations" min:"1" doc:"Of loop: at most so many rounds. Default: 10."`
	Until               Condition              `yaml:"until" doc:"Of loop: it ends when this holds."`
	Steps               []Step                 `yaml:"steps" doc:"Of loop and sequential: the steps inside."`
	Branches            StepsOrMap             `yaml:"branches" doc:"Of parallel: steps that run at the same time."`
	Tasks               []AgentTask            `yaml:"tasks" doc:"Calls of agents."`
	MaxConcurrency      int                    `yaml:"maxConcurrency" min:"1" doc:"Of parallel: branches at the same time."`
	Inputs              Any                    `yaml:"inputs" doc:"Of merge, consensus, voting, compute and compare: what is combined."`
	Results             Any                    `yaml:"results" doc:"The same as inputs."`
	Strategy            string                 `yaml:"strategy" doc:"Of an aggregating step: as in aggregation."`
	Method              string                 `yaml:"method" doc:"Of an aggregating step: as in aggregation."`
	By                  Expression             `yaml:"by" doc:"As in aggregation."`
	Field               string                 `yaml:"field" doc:"As in aggregation. Of reduce: the field of the elements."`
	Normalize           BoolOrText             `yaml:"normalize" doc:"As in aggregation."`
	Fields              Any                    `yaml:"fields" doc:"As in aggregation. Of extract: [{path, as}]."`
	Threshold           Confidence             `yaml:"threshold" doc:"As in aggregation."`
	MinVotes            int                    `yaml:"minVotes" min:"0" doc:"As in aggregation."`
	OnInsufficientVotes string                 `yaml:"onInsufficientVotes" enum:"fail|proceed" doc:"As in aggregation."`
	Weights             map[string]NumberOrRef `yaml:"weights" doc:"As in aggregation."`
	TieBreaker          string                 `yaml:"tieBreaker" enum:"first|random|highest-confidence" doc:"As in aggregation."`
	NoMajorityBehavior  string                 `yaml:"noMajorityBehavior" enum:"none|plurality|fail|retry" doc:"As in aggregation."`
	MaxRetries          int                    `yaml:"maxRetries" min:"0" doc:"As in aggregation."`
	MinConfidence       Confidence             `yaml:"minConfidence" doc:"Of race, threshold, retry and aggregating steps: the least confidence."`
	ConflictResolution  string                 `yaml:"conflictResolution" doc:"As in aggregation."`
	ArrayStrategy       string                 `yaml:"arrayStrategy" enum:"concat|union|replace|vote" doc:"As in aggregation."`
	Deduplication       bool                   `yaml:"deduplication" doc:"As in aggregation."`
	Deduplicate         bool                   `yaml:"deduplicate" doc:"As in aggregation."`
	DeduplicationKey    string                 `yaml:"deduplicationKey" doc:"As in aggregation."`
	MergeFields         []string               `yaml:"mergeFields" doc:"As in aggregation."`
	Scoring             *Scoring               `yaml:"scoring" doc:"As in aggregation."`
	Limit               int                    `yaml:"limit" min:"0" doc:"As in aggregation."`
	Expression          Expression             `yaml:"expression" doc:"As in aggregation."`
	Function            Expression             `yaml:"function" doc:"As in aggregation. Of reduce: a function of a module."`
	Items               Any                    `yaml:"items" doc:"Of batch, map, split, reduce and filter: the list."`
	Concurrency         int                    `yaml:"concurrency" min:"1" doc:"Of batch and map: items at the same time. Default: 5."`
	BatchSize           int                    `yaml:"batchSize" min:"1" doc:"Of batch and map: the same as concurrency."`
	ChunkSize           int                    `yaml:"chunkSize" min:"1" doc:"Of split: elements of a part."`
	Operation           string                 `yaml:"operation" doc:"Of reduce: merge, sum, average, min, max, concat or custom. Of compute: cosine_similarity, sum or mean."`
	Initial             Any                    `yaml:"initial" doc:"Of reduce: what it begins with."`
	Count               NumberOrRef            `yaml:"count" doc:"Of repeat: how often."`
	Conditions          []Any                  `yaml:"conditions" doc:"Of filter: [{field, operator, value}]."`
	Values              map[string]Any         `yaml:"values" doc:"Of assign: names and their values."`
	Similarity          Any                    `yaml:"similarity" doc:"Of compare: how alike the inputs must be."`
	OnInconsistent      Any                    `yaml:"onInconsistent" doc:"Of compare: what happens otherwise."`
	To                  string                 `yaml:"to" doc:"Of escalate: an agent, a capability or a person."`
	Context             Any                    `yaml:"context" doc:"Of escalate: what they are told."`
	Reason              string                 `yaml:"reason" doc:"Of escalate: why."`
	Source              Any                    `yaml:"source" doc:"Of extract: where fields are taken from."`
	Template            string                 `yaml:"template" doc:"Of template: text with {{expressions}}."`
	Data                Any                    `yaml:"data" doc:"Of template: names for its expressions."`
	Schema              Schema                 `yaml:"schema" doc:"Of validate: the shape of the result."`
	OnInvalid           Any                    `yaml:"onInvalid" doc:"Of validate: what happens otherwise."`
	Ms                  Duration               `yaml:"ms" doc:"Of delay and timeout: the time."`
	Level               string                 `yaml:"level" doc:"Of log: debug, info, warn or error."`
	Message             string                 `yaml:"message" doc:"Of log: what is written."`
	Key                 Any                    `yaml:"key" doc:"Of cache: what the result depends on."`
	TTL                 Duration               `yaml:"ttl" doc:"Of cache: how long it is kept."`
	MaxAttempts         int                    `yaml:"maxAttempts" min:"1" doc:"Of retry: how often it is tried."`
	Delay               Duration               `yaml:"delay" doc:"Of retry: the pause."`
	Backoff             string                 `yaml:"backoff" enum:"fixed|linear|exponential" doc:"Of retry: how the pause grows."`
	Fallback            Any                    `yaml:"fallback" doc:"Of timeout: the result when time is up."`
	Question            string                 `yaml:"question" doc:"Of ask: what a person is asked."`
	Options             []Any                  `yaml:"options" doc:"Of ask: the answers to choose from."`

	Output  Any       `yaml:"output" doc:"Another name for the result, or a map that is made of it."`
	OnError OnError   `yaml:"onError" doc:"What happens when the step fails. Default: fail."`
	Timeout Duration  `yaml:"timeout" doc:"Limit of the step."`
	Next    string    `yaml:"next" doc:"The step that comes next."`
	Then    *NextStep `yaml:"then" doc:"The same as next: {next: id}."`
}

// AgentTask is one call of an agent.
type AgentTask struct {
	ID         string `yaml:"id" doc:"A name for the answer."`
	Agent      string `yaml:"agent" doc:"An agent or capability."`
	Capability string `yaml:"capability" doc:"The same as agent."`
	Task       string `yaml:"task" doc:"What it is to do."`
	Input      Any    `yaml:"input" doc:"What it gets."`
}

// NextStep names a step.
type NextStep struct {
	Next string `yaml:"next" need:"true" doc:"The step that comes next."`
}
