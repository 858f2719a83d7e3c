package diag

// settingsCodes explains what is wrong with files of settings, such as
// agents.yaml.
var settingsCodes = []CodeInfo{
	{
		Code: "Y0901", Name: "settings-syntax", Title: "a file of settings that is no YAML",
		Explanation: "The message tells what the reader stumbled over. YAML is indented with blanks, never with tabs.",
	},
	{
		Code: "Y0902", Name: "settings-unknown-key", Title: "a key that has no meaning there",
		Explanation: "It may be misspelt; the hint names a near one, or all that there are.",
	},
	{
		Code: "Y0903", Name: "settings-wrong-value", Title: "a setting of the wrong kind, or outside its range",
		Explanation: "The message says what is expected.",
	},
	{
		Code: "Y0904", Name: "settings-missing-key", Title: "a setting that must be there",
		Explanation: "The block can't be used without it.",
	},
	{
		Code: "Y0905", Name: "settings-duplicate", Title: "a key or a name that stands twice",
		Explanation: "Keys of a map, and ids of agents, are unique.",
	},
	{
		Code: "Y0906", Name: "unknown-transport", Title: "a way of calling agents that does not exist",
		Explanation: "The hint names the transports there are; docs/agents.md describes them.",
	},
}
