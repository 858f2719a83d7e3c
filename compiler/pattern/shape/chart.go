package shape

// Chart is an org chart.
type Chart struct {
	Name        string           `yaml:"name" need:"true" doc:"The pattern's name: letters, digits, _ and -, beginning with a letter."`
	Version     Scalar           `yaml:"version" doc:"Its version, such as 1.2.0. Default: 1.0.0."`
	Description string           `yaml:"description" doc:"What it does, on one line."`
	Author      string           `yaml:"author" doc:"Who wrote it."`
	Tags        []string         `yaml:"tags" doc:"Words to find it by."`
	Metadata    map[string]Any   `yaml:"metadata" doc:"Anything else; it has no effect."`
	Input       map[string]Field `yaml:"input" doc:"The fields of the input; they may also stand in workflow."`
	Workspace   *Workspace       `yaml:"workspace" doc:"The code that the roles work on, where the host offers that."`
	Structure   *Structure       `yaml:"structure" need:"true" doc:"The roles and how they talk to each other."`
	Workflow    *Workflow        `yaml:"workflow" need:"true" doc:"What is done."`
	Timeout     Duration         `yaml:"timeout" doc:"Limit of the whole run. Default: 5m."`
}

// Workspace is a checkout of code.
type Workspace struct {
	Enabled        bool         `yaml:"enabled" doc:"Whether one is prepared."`
	Repo           string       `yaml:"repo" doc:"The repository."`
	BaseBranch     string       `yaml:"baseBranch" doc:"The branch to begin from."`
	BranchStrategy string       `yaml:"branchStrategy" doc:"How branches are named."`
	CreatePR       bool         `yaml:"createPr" doc:"Whether a pull request is made."`
	PR             *PullRequest `yaml:"pr" doc:"What it looks like."`
}

// PullRequest describes a pull request.
type PullRequest struct {
	Draft     bool     `yaml:"draft" doc:"Whether it is a draft."`
	Labels    []string `yaml:"labels" doc:"Its labels."`
	Reviewers []string `yaml:"reviewers" doc:"Who reviews it."`
}

// Structure holds the roles.
type Structure struct {
	Name        string          `yaml:"name" doc:"What the organisation is called."`
	Description string          `yaml:"description" doc:"What it is for."`
	Roles       map[string]Role `yaml:"roles" need:"true" doc:"The roles by their ids."`
	Routing     []Route         `yaml:"routing" doc:"Where questions between roles go."`
	Escalation  *Escalation     `yaml:"escalation" doc:"Where other questions go."`
}

// Role is filled by agents.
type Role struct {
	ID           string         `yaml:"id" doc:"An id of its own."`
	Name         string         `yaml:"name" doc:"What people call it."`
	Description  string         `yaml:"description" doc:"What it does."`
	AgentType    TextOrList     `yaml:"agentType" doc:"The kind of agent."`
	Type         TextOrList     `yaml:"type" doc:"The same as agentType."`
	Capabilities []string       `yaml:"capabilities" doc:"What an agent must be able to do, all of it."`
	Expertise    TextOrList     `yaml:"expertise" doc:"Topics that it answers questions about."`
	ReportsTo    string         `yaml:"reportsTo" doc:"The role that answers its questions."`
	Singleton    bool           `yaml:"singleton" doc:"Whether exactly one agent fills it."`
	MinInstances int            `yaml:"minInstances" min:"0" doc:"The least number of agents. Default: 1."`
	MaxInstances int            `yaml:"maxInstances" min:"1" doc:"The largest number of agents. Default: the least."`
	AgentConfig  map[string]Any `yaml:"agentConfig" doc:"Settings for the host."`
	ThreadConfig *Threads       `yaml:"threadConfig" doc:"Work in threads, where the host offers that."`
	Metadata     map[string]Any `yaml:"metadata" doc:"Anything else; it has no effect."`
}

// Threads are long-lived sessions of an agent.
type Threads struct {
	Enabled        bool   `yaml:"enabled" doc:"Whether the role works in threads. Default: true."`
	Objective      string `yaml:"objective" doc:"What a thread is to reach."`
	ApprovalPreset string `yaml:"approvalPreset" enum:"readonly|standard|permissive|autonomous" doc:"What it may do unasked."`
	Workspace      Any    `yaml:"workspace" doc:"Where it works. Default: inherit."`
	Policy         Any    `yaml:"policy" doc:"Rules for it."`
	Env            Any    `yaml:"env" doc:"Its environment."`
	Metadata       Any    `yaml:"metadata" doc:"Anything else."`
}

// Route is a rule for questions.
type Route struct {
	From         TextOrList `yaml:"from" need:"true" doc:"The roles it is for; * for all."`
	To           TextOrList `yaml:"to" need:"true" doc:"The roles that answer; * for all."`
	Topics       TextOrList `yaml:"topics" doc:"The topics it is for. Default: any."`
	MessageTypes TextOrList `yaml:"messageTypes" doc:"task, question, response, status, escalation, feedback. Default: any."`
	Priority     float64    `yaml:"priority" doc:"The rule with the highest one is taken. Default: 0."`
	Broadcast    bool       `yaml:"broadcast" doc:"Whether all roles of to are asked."`
}

// Escalation says where questions go that no rule is for.
type Escalation struct {
	DefaultBehavior string            `yaml:"defaultBehavior" enum:"route_to_reports_to|broadcast|surface_to_user|fail|return_best_effort" doc:"Default: route_to_reports_to."`
	TopicRoutes     map[string]string `yaml:"topicRoutes" doc:"The roles that answer questions about topics."`
	TimeoutMs       Duration          `yaml:"timeoutMs" doc:"Limit of one question. Default: 30s."`
	MaxDepth        int               `yaml:"maxDepth" min:"0" doc:"How often a question may lead to another. Default: 5."`
	OnMaxDepth      string            `yaml:"onMaxDepth" enum:"surface_to_user|fail|return_best_effort" doc:"Default: surface_to_user."`
}

// Workflow is what is done.
type Workflow struct {
	Name        string           `yaml:"name" doc:"What it is called."`
	Description string           `yaml:"description" doc:"What it is for."`
	Input       map[string]Field `yaml:"input" doc:"The fields of the input."`
	Steps       []OrgStepOrShort `yaml:"steps" need:"true" doc:"The steps, one after another."`
	Output      Any              `yaml:"output" doc:"The result: a path such as step_1_result, or a map of them. Default: the last step."`
}

// OrgStep is one step of a workflow.
type OrgStep struct {
	ID             string           `yaml:"id" doc:"What other steps and the output call it."`
	Name           string           `yaml:"name" doc:"What people call it."`
	Type           string           `yaml:"type" need:"true" enum:"assign|parallel|sequential|select|review|approve|aggregate|condition|wait" doc:"What the step does."`
	Description    string           `yaml:"description" doc:"What it is for."`
	Role           string           `yaml:"role" doc:"Of assign and select: the role."`
	Reviewer       string           `yaml:"reviewer" doc:"Of review: the role."`
	Approver       string           `yaml:"approver" doc:"Of approve: the role."`
	Task           Scalar           `yaml:"task" doc:"Of assign: what is to be done, with ${references}."`
	Subject        Any              `yaml:"subject" doc:"Of review and approve: what is judged. Default: the previous result."`
	Input          Any              `yaml:"input" doc:"Of assign: what the agent gets. Default: the input of the workflow."`
	Criteria       string           `yaml:"criteria" enum:"availability|expertise|round_robin|best" doc:"Of select: how the agent is chosen. Default: availability."`
	Method         string           `yaml:"method" enum:"consensus|majority|merge|best|all|custom" doc:"Of aggregate: how the results are combined. Default: consensus."`
	Sources        Any              `yaml:"sources" doc:"Of aggregate: references to the results. Default: the previous result."`
	CustomFn       string           `yaml:"customFn" doc:"Of aggregate: a function, ./module.prism#name."`
	Check          Condition        `yaml:"check" doc:"Of condition: what decides."`
	Then           OrgStepOrShort   `yaml:"then" doc:"Of condition: the step when it holds."`
	Else           OrgStepOrShort   `yaml:"else" doc:"Of condition: the step when it does not."`
	Condition      Condition        `yaml:"condition" doc:"Of wait: what is waited for."`
	Steps          []OrgStepOrShort `yaml:"steps" doc:"Of parallel and sequential: the steps inside."`
	MaxConcurrency int              `yaml:"maxConcurrency" min:"1" doc:"Of parallel: steps at the same time. Default: 10."`
	MaxIterations  int              `yaml:"maxIterations" min:"1" doc:"Of review: how often it is judged. Default: 1."`
	Timeout        Duration         `yaml:"timeout" doc:"Limit of the step."`
}
