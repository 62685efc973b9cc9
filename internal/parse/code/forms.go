package code

// form is a way by which a language reads something, as it is written: % stands
// for the name, _ for any other argument, ? for a default, ^ for a function that
// is no method.
type form struct {
	text  string
	store string                  // kind of the store, if it is one
	needs []string                // one of these stands in the file, if the form alone could mean something else
	read  func(*file, *call, int) // what is read behind it; by default, a name
}

// What the languages offer to read the environment.
var (
	goCalls = []form{{text: "os.Getenv(%)"}, {text: "os.LookupEnv(%)"}, {text: "syscall.Getenv(%)"}}

	pythonCalls = []form{
		{text: "os.getenv(%, ?)"}, {text: "os.environ[%]"}, {text: "os.environ.get(%, ?)"}, {text: "os.environ.pop(%, ?)"},
		{text: "^getenv(%, ?)", needs: fromOS}, {text: "^environ[%]", needs: fromOS}, {text: "^environ.get(%, ?)", needs: fromOS},
		{text: "^env(%)", needs: environs}, {text: "^env.str(%)", needs: environs}, {text: "^env.int(%)", needs: environs},
		{text: "^env.bool(%)", needs: environs}, {text: "^env.list(%)", needs: environs}, {text: "^env.db(%)", needs: environs}, {text: "^env.url(%)", needs: environs},
		{text: "^config(%)", needs: []string{"from decouple import"}},
	}
	fromOS   = []string{"from os import"}
	environs = []string{"import environ\n", "from environ import", "from environs import"}

	scriptCalls = []form{
		{text: "process.env.%"}, {text: "process.env[%]"}, {text: "import.meta.env.%"}, {text: "import.meta.env[%]"},
		{text: "Bun.env.%"}, {text: "Bun.env[%]"}, {text: "Deno.env.get(%)"},
		{text: "} = process.env%", read: (*file).members}, {text: "} = import.meta.env%", read: (*file).members}, {text: "} = Bun.env%", read: (*file).members},
	}

	javaCalls = []form{
		{text: "System.getenv(%)"}, {text: "System.getenv().get(%)"}, {text: "System.getenv().getOrDefault(%, ?)"},
		{text: "@Value(%)", read: (*file).value, needs: []string{"springframework"}},
	}
	kotlinCalls = []form{{text: "System.getenv()[%]"}}
	scalaCalls  = []form{{text: "sys.env(%)"}, {text: "sys.env.get(%)"}, {text: "sys.env.getOrElse(%, ?)"}}

	rubyCalls   = []form{{text: "ENV[%]"}, {text: "ENV.fetch(%, ?)"}}
	csharpCalls = []form{{text: "Environment.GetEnvironmentVariable(%)"}}
	phpCalls    = []form{{text: "^getenv(%)"}, {text: "$_ENV[%]"}, {text: "^env(%, ?)"}, {text: "Env::get(%, ?)"}}
	rustCalls   = []form{
		{text: "env::var(%)"}, {text: "env::var_os(%)"}, {text: "^env!(%)"}, {text: "option_env!(%)"}, {text: "dotenv::var(%)"}, {text: "dotenvy::var(%)"},
	}
)
