package model

// Limits on what one file may mean. Commands call commands, blocks stand within
// blocks and aliases repeat what is long, so a small file can mean much. What is
// left out is a gap.
const (
	MaxReading   = 8_000_000 // bytes of text that are looked at, repeated ones counted
	MaxTriggers  = 200       // more than GitHub has events, and than a file may name
	MaxJobs      = 10_000
	MaxSteps     = 5_000 // calls of commands counted too
	MaxExposures = 20_000
	MaxDepth     = 20   // commands within commands
	MaxWaits     = 100  // jobs that one waits for
	MaxPaths     = 100  // paths, patterns or names in one text
	MaxReference = 1000 // bytes of a reference or of the name of an input: nothing that works is longer
	MaxLabel     = 100  // bytes of one part of an address: an alias can repeat a long key often
	maxCondition = 300  // bytes of a condition that is written as a mapping
)
