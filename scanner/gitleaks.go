package scanner

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"

	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
)

// maxExtends bounds a chain of configurations that extend each other.
const maxExtends = 5

// gitleaksConfig reads the user's configuration, or gitleaks' own. It does not
// go through gitleaks' loader: that one keeps its state in package variables,
// loses all rules at the third load, and panics on a pattern that does not compile.
func gitleaksConfig(user *Gitleaks) (config.Config, error) {
	if user == nil {
		cfg, err := translate("gitleaks' own rules", []byte(config.DefaultConfig), nil, 0)
		if err != nil {
			return cfg, err
		}
		delete(cfg.Rules, genericID) // the judge finds more, and is wrong less often
		cfg.Allowlists, err = valuesOnly(cfg.Allowlists)
		return cfg, err
	}
	return translate(user.Path, user.Data, user.Read, 0)
}

// misgrouped is a pattern of gitleaks that means to allow three words and allows
// every value that begins with, holds or ends with one of them.
const misgrouped = "(?i)^true|false|null$"

// valuesOnly leaves of gitleaks' allow-lists what they say of values. What they
// say of paths would leave out whole files without a word: which files are read
// is decided, and accounted for, elsewhere.
func valuesOnly(lists []*config.Allowlist) ([]*config.Allowlist, error) {
	values := &config.Allowlist{Description: "values that are no credentials"}
	for _, list := range lists {
		if list.RegexTarget != "" || list.MatchCondition != config.AllowlistMatchOr {
			continue
		}
		for _, pattern := range list.Regexes {
			if pattern.String() != misgrouped {
				values.Regexes = append(values.Regexes, pattern)
			}
		}
		values.StopWords = append(values.StopWords, list.StopWords...)
	}
	values.Regexes = append(values.Regexes, regexp.MustCompile("^(?i:true|false|null)$"))
	return []*config.Allowlist{values}, values.Validate()
}

func translate(name string, data []byte, read func(string) ([]byte, error), depth int) (config.Config, error) {
	if depth > maxExtends {
		return config.Config{}, fmt.Errorf("%s: more than %d configurations extend each other", name, maxExtends)
	}
	v := viper.New()
	v.SetConfigType("toml")
	if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
		return config.Config{}, fmt.Errorf("%s: %w", name, err)
	}
	var raw config.ViperConfig
	if err := v.Unmarshal(&raw); err != nil {
		return config.Config{}, fmt.Errorf("%s: %w", name, err)
	}
	if err := checkPatterns(name, raw); err != nil {
		return config.Config{}, err
	}
	extend := raw.Extend
	raw.Extend = config.Extend{}
	base, err := extended(name, extend, read, depth)
	if err != nil {
		return config.Config{}, err
	}
	if base != nil { // rules that only refine one of the base are no complete rules yet
		for i := range raw.Rules {
			if rule, known := base.Rules[raw.Rules[i].ID]; known && raw.Rules[i].Regex == "" && raw.Rules[i].Path == "" && rule.Regex != nil {
				raw.Rules[i].Regex = rule.Regex.String()
			}
		}
	}
	cfg, err := raw.Translate()
	if err != nil {
		return config.Config{}, fmt.Errorf("%s: %w", name, err)
	}
	if base != nil {
		inherit(&cfg, base, extend.DisabledRules)
	}
	return cfg, nil
}

// extended reads the configuration that another extends, nil if there is none.
func extended(name string, extend config.Extend, read func(string) ([]byte, error), depth int) (*config.Config, error) {
	switch {
	case extend.UseDefault && extend.Path != "":
		return nil, fmt.Errorf("%s: extend.path and extend.useDefault exclude each other", name)
	case extend.UseDefault:
		base, err := gitleaksConfig(nil)
		return &base, err
	case extend.Path != "":
		if read == nil {
			return nil, fmt.Errorf("%s: extend.path cannot be read here", name)
		}
		data, err := read(path.Clean(extend.Path))
		if err != nil {
			return nil, fmt.Errorf("%s: extend.path: %w", name, err)
		}
		base, err := translate(extend.Path, data, read, depth+1)
		return &base, err
	case extend.URL != "":
		return nil, fmt.Errorf("%s: extend.url is not supported: a check does not use the network", name)
	}
	return nil, nil
}

// inherit adds the rules of a base. A rule that both have takes what it says
// itself, and adds up tags, keywords and allow-lists.
func inherit(cfg *config.Config, base *config.Config, disabled []string) {
	for _, id := range slices.Sorted(maps.Keys(base.Rules)) {
		rule := base.Rules[id]
		if slices.Contains(disabled, id) {
			continue
		}
		if own, both := cfg.Rules[id]; both {
			rule = refine(rule, own)
		} else {
			cfg.OrderedRules = append(cfg.OrderedRules, id)
		}
		cfg.Rules[id] = rule
		for _, keyword := range rule.Keywords {
			cfg.Keywords[keyword] = struct{}{}
		}
	}
	cfg.Allowlists = append(cfg.Allowlists, base.Allowlists...)
}

func refine(rule, own config.Rule) config.Rule {
	if own.Description != "" {
		rule.Description = own.Description
	}
	if own.Entropy != 0 {
		rule.Entropy = own.Entropy
	}
	if own.SecretGroup != 0 {
		rule.SecretGroup = own.SecretGroup
	}
	if own.Regex != nil {
		rule.Regex = own.Regex
	}
	if own.Path != nil {
		rule.Path = own.Path
	}
	rule.Tags = slices.Concat(rule.Tags, own.Tags)
	rule.Keywords = slices.Concat(rule.Keywords, own.Keywords)
	rule.Allowlists = slices.Concat(rule.Allowlists, own.Allowlists)
	return rule
}

// checkPatterns compiles every pattern: gitleaks itself panics on a bad one.
func checkPatterns(name string, raw config.ViperConfig) error {
	check := func(where string, patterns ...string) error {
		for _, pattern := range patterns {
			if _, err := regexp.Compile(pattern); err != nil {
				return fmt.Errorf("%s: %s: %w", name, where, err)
			}
		}
		return nil
	}
	for _, rule := range raw.Rules {
		where := fmt.Sprintf("rule %q", rule.ID)
		patterns := []string{rule.Regex, rule.Path}
		if rule.AllowList != nil {
			patterns = slices.Concat(patterns, rule.AllowList.Regexes, rule.AllowList.Paths)
		}
		for _, list := range rule.Allowlists {
			patterns = slices.Concat(patterns, list.Regexes, list.Paths)
		}
		if err := check(where, patterns...); err != nil {
			return err
		}
	}
	lists := raw.Allowlists
	//lint:ignore SA1019 configurations in use still have it
	if list := raw.AllowList; list != nil {
		lists = append(lists, list)
	}
	for _, list := range lists {
		if err := check("allowlist", slices.Concat(list.Regexes, list.Paths)...); err != nil {
			return err
		}
	}
	return nil
}
