package eval

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown/cache"

	"github.com/policyctl/policyctl/internal/lint"
)

// Options say which policies run, and within which limits.
type Options struct {
	Packs     []Pack
	Platforms []string    // the platforms there are: a policy for another one is an error
	Tiers     []lint.Tier // rules of other tiers do not run
	Disabled  []string    // IDs of rules that do not run
	Secrets   bool        // rules that point at credentials run, whatever their tier, and no others
	Now       time.Time   // data.run.now_ns
	Deadline  time.Duration
}

// DefaultDeadline is how long the policies of a platform may take over one
// document. An honest document takes milliseconds.
const DefaultDeadline = 2 * time.Second

// Program is a set of policies, ready to run. It is safe for concurrent use. The
// policies of a platform are compiled when its first document comes.
type Program struct {
	options   Options
	store     storage.Store
	txn       storage.Transaction
	values    cache.InterQueryValueCache
	rules     map[string][]file // by platform
	libraries map[string][]file // by name
	modules   sync.Map          // of label to what parses it, once: a library for all platforms
	platforms map[string]func() (*platform, error)
}

// platform is the compiled policies of one platform.
type platform struct {
	name     string
	compiler *ast.Compiler
	rules    map[string]*lint.Rule // by the last part of the package
	needs    map[string]needs      // of each rule
	parts    needs                 // of any rule
	queries  sync.Map              // of the parts that have something to the ast.Body that asks
}

// Load reads packs. The user's own policies are parsed and compiled here, so
// that a mistake in them ends a run before anything is checked.
func Load(ctx context.Context, options Options) (*Program, error) {
	if options.Deadline == 0 {
		options.Deadline = DefaultDeadline
	}
	p := &Program{
		options:   options,
		rules:     map[string][]file{},
		libraries: map[string][]file{},
		platforms: map[string]func() (*platform, error){},
		values: cache.NewInterQueryValueCache(ctx, &cache.Config{InterQueryBuiltinValueCache: cache.InterQueryBuiltinValueCacheConfig{
			// OPA's own cache holds 100 patterns and evicts at random: with more, each
			// document would compile them again.
			NamedCacheConfigs: map[string]*cache.NamedValueCacheConfig{},
			MaxNumEntries:     entriesLimit(),
		}}),
	}
	if err := p.openStore(ctx); err != nil {
		return nil, err
	}
	eager, err := p.readPacks()
	if err != nil {
		return nil, err
	}
	for _, name := range options.Platforms {
		p.platforms[name] = sync.OnceValues(func() (*platform, error) { return p.compile(name) })
	}
	if eager[libraryPlatform] { // a library of the user's may break any policy that imports it
		eager = maps.Collect(func(yield func(string, bool) bool) {
			for _, name := range options.Platforms {
				if !yield(name, true) {
					return
				}
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(eager)) {
		if _, err := p.platforms[name](); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func entriesLimit() *int { n := 10_000; return &n }

func (p *Program) openStore(ctx context.Context) error {
	data := map[string]any{"run": map[string]any{"now_ns": p.options.Now.UnixNano()}}
	p.store = inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(true), inmem.OptReturnASTValuesOnRead(true))
	var err error
	p.txn, err = p.store.NewTransaction(ctx)
	return err
}

// readPacks files every policy under its platform. It returns the platforms for
// which there are policies that are not built in.
func (p *Program) readPacks() (map[string]bool, error) {
	eager := map[string]bool{}
	var problems []string
	for i := range p.options.Packs {
		pack := &p.options.Packs[i]
		files, err := pack.files(false)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("no policy (*.rego) stands in %s", pack.Label)
		}
		for _, f := range files {
			if !pack.Trusted {
				if f, err = p.examine(f); err != nil {
					problems = append(problems, err.Error())
					continue
				}
				eager[f.platform] = true
			}
			if f.platform == libraryPlatform {
				p.libraries[f.name] = append(p.libraries[f.name], f)
			} else {
				p.rules[f.platform] = append(p.rules[f.platform], f)
			}
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return eager, nil
}

// examine parses a file of the user's, and learns from its package what it is.
// A package that another pack defines already would change the rule or library
// of that pack.
func (p *Program) examine(f file) (file, error) {
	module, err := p.module(f)
	if err != nil {
		return f, err
	}
	if f.platform, f.name, err = identity(module, p.options.Platforms); err != nil {
		return f, err
	}
	others := p.rules[f.platform]
	if f.platform == libraryPlatform {
		others = p.libraries[f.name]
	}
	for _, other := range others {
		if other.name == f.name && other.pack != f.pack {
			return f, fmt.Errorf("%spackage %s.%s.%s is defined already, by %s; choose another name", at(module.Package.Location), root, f.platform, f.name, other.source())
		}
	}
	return f, nil
}

func (f file) source() string {
	if f.pack.Label == "" {
		return "the built-in library"
	}
	return f.label()
}

// module parses a file, once.
func (p *Program) module(f file) (*ast.Module, error) {
	parse, known := p.modules.Load(f.label())
	if !known {
		parse, _ = p.modules.LoadOrStore(f.label(), sync.OnceValues(f.parse))
	}
	return parse.(func() (*ast.Module, error))()
}

// compile compiles the enabled rules of a platform and the libraries they use.
func (p *Program) compile(name string) (*platform, error) {
	all, modules, err := p.declared(name)
	if err != nil {
		return nil, err
	}
	rules := map[string]*lint.Rule{}
	chosen := map[string]*ast.Module{}
	for _, f := range p.rules[name] {
		if rule := all[f.name]; p.enabled(rule) {
			rules[f.name] = rule
			chosen[f.label()] = modules[f.label()]
		}
	}
	if err := p.addLibraries(chosen); err != nil {
		return nil, err
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithEnablePrintStatements(false)
	// The compiler rewrites its modules: libraries are shared between platforms.
	if compiler.Compile(copies(chosen)); compiler.Failed() {
		return nil, regoError(compiler.Errors)
	}
	compiled := &platform{name: name, compiler: compiler, rules: rules, needs: map[string]needs{}, parts: needs{}}
	for rule := range rules {
		deny := ast.MustParseRef(fmt.Sprintf("data.%s.%s.%s.deny[found]", root, name, rule))
		compiled.needs[rule] = refNeeds(compiler, deny)
		maps.Copy(compiled.parts, compiled.needs[rule])
	}
	return compiled, nil
}

func copies(modules map[string]*ast.Module) map[string]*ast.Module {
	out := make(map[string]*ast.Module, len(modules))
	for name, module := range modules {
		out[name] = module.Copy()
	}
	return out
}

func compileQuery(compiler *ast.Compiler, text string) (ast.Body, error) {
	body, err := ast.ParseBodyWithOpts(text, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, err
	}
	return compiler.QueryCompiler().Compile(body)
}

// declared reads the METADATA of all rules of a platform, enabled or not.
func (p *Program) declared(name string) (map[string]*lint.Rule, map[string]*ast.Module, error) {
	rules := map[string]*lint.Rule{}
	modules := map[string]*ast.Module{}
	for _, f := range p.rules[name] {
		module, err := p.module(f)
		if err != nil {
			return nil, nil, err
		}
		modules[f.label()] = module
		if _, described := rules[f.name]; described && !slices.ContainsFunc(module.Annotations, isPackageScoped) {
			continue // a further file of a rule
		}
		if rules[f.name], err = ruleOf(module, name, f.name); err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(module.Rules, isDeny) {
			return nil, nil, fmt.Errorf("%srule %s has no deny, so it can never find anything; write: deny contains {\"path\": …, \"message\": …} if { … }",
				at(module.Package.Location), rules[f.name].ID)
		}
	}
	return rules, modules, nil
}

// isDeny says whether a rule is a set named deny: a deny of another kind would
// never be asked.
func isDeny(r *ast.Rule) bool { return r.Head.Name == "deny" && r.Head.RuleKind() == ast.MultiValue }

func isPackageScoped(a *ast.Annotations) bool { return a.Scope == "package" }

func (p *Program) enabled(rule *lint.Rule) bool {
	if p.options.Secrets {
		return rule.PointsAtSecret()
	}
	return slices.Contains(p.options.Tiers, rule.Tier) && !slices.ContainsFunc(p.options.Disabled, rule.Named)
}

// addLibraries adds the libraries that modules refer to, and those that these
// refer to.
func (p *Program) addLibraries(modules map[string]*ast.Module) error {
	queue := slices.Collect(maps.Values(modules))
	for len(queue) > 0 {
		module := queue[0]
		queue = queue[1:]
		for name := range librariesOf(module) {
			for _, f := range p.libraries[name] {
				if modules[f.label()] != nil {
					continue
				}
				library, err := p.module(f)
				if err != nil {
					return err
				}
				modules[f.label()] = library
				queue = append(queue, library)
			}
		}
	}
	return nil
}

var libraryPrefix = ast.MustParseRef("data." + root + "." + libraryPlatform)

func librariesOf(module *ast.Module) map[string]bool {
	names := map[string]bool{}
	ast.WalkRefs(module, func(ref ast.Ref) bool {
		if len(ref) > len(libraryPrefix) && ref.HasPrefix(libraryPrefix) {
			if name, ok := ref[len(libraryPrefix)].Value.(ast.String); ok {
				names[string(name)] = true
			}
		}
		return false
	})
	return names
}

// Prepare compiles the policies of a platform that will be needed, so that nobody waits
// for them later. What is wrong with them shows when they are.
func (p *Program) Prepare(name string) {
	if compile := p.platforms[name]; compile != nil {
		_, _ = compile()
	}
}

// Rules lists the rules that run for a platform, sorted by ID.
func (p *Program) Rules(name string) ([]*lint.Rule, error) {
	compile := p.platforms[name]
	if compile == nil {
		return nil, nil
	}
	compiled, err := compile()
	if err != nil {
		return nil, err
	}
	return sorted(compiled.rules), nil
}

// AllRules lists the rules of all platforms, those that do not run included,
// sorted by ID. It compiles nothing.
func (p *Program) AllRules() ([]*lint.Rule, error) {
	found, errs := make([]map[string]*lint.Rule, len(p.options.Platforms)), make([]error, len(p.options.Platforms))
	var readers sync.WaitGroup
	for i, name := range p.options.Platforms {
		readers.Go(func() { found[i], _, errs[i] = p.declared(name) })
	}
	readers.Wait()
	var all []*lint.Rule
	for i, rules := range found {
		if errs[i] != nil {
			return nil, errs[i]
		}
		all = append(all, sorted(rules)...)
	}
	slices.SortFunc(all, byID)
	return all, nil
}

// IDs lists all rules by nothing but their IDs, which their packages give: it parses
// nothing.
func (p *Program) IDs() []*lint.Rule {
	var all []*lint.Rule
	for platform, files := range p.rules {
		for _, f := range files {
			all = append(all, &lint.Rule{ID: ruleID(platform, f.name)})
		}
	}
	return all
}

func byID(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) }

func sorted(rules map[string]*lint.Rule) []*lint.Rule {
	return slices.SortedFunc(maps.Values(rules), byID)
}
