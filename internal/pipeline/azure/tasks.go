package azure

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// scriptTask says in which inputs a task has its script, in lower case.
type scriptTask struct {
	inline string // the input with the script
	file   string // the input that names a file
	mode   string // the input that decides between them
	asks   string // its value for the script; the file is the default
	kind   string // the shell, or the input that names it, with "="
}

// scripts are the platform's tasks that run a script.
var scripts = map[string]scriptTask{
	"bash":            {"script", "filepath", "targettype", "inline", "bash"},
	"powershell":      {"script", "filepath", "targettype", "inline", "powershell"},
	"cmdline":         {"script", "", "", "", ""},
	"batchscript":     {"", "filename", "", "", "cmd"},
	"shellscript":     {"", "scriptpath", "", "", "bash"},
	"azurecli":        {"inlinescript", "scriptpath", "scriptlocation", "inlinescript", "=scripttype"},
	"azurepowershell": {"inline", "scriptpath", "scripttype", "inlinescript", "powershell"},
	"pythonscript":    {"script", "scriptpath", "scriptsource", "inline", "python"},
}

// script is the input that is run as a script, or "".
func (t scriptTask) script(inputs *lint.Node) string {
	inline := inputs.Get(t.inline).Str() != ""
	switch {
	case t.inline == "" || !inline:
		return ""
	case t.mode == "" || strings.EqualFold(inputs.Get(t.mode).Str(), t.asks):
		return t.inline
	case inputs.Get(t.mode).Str() == "" && inputs.Get(t.file).Str() == "":
		return t.inline
	}
	return ""
}

// shellTypes are the shells that tasks let choose.
var shellTypes = map[string]string{"bash": "bash", "pscore": "pwsh", "ps": "powershell", "batch": "cmd"}

func (t scriptTask) shell(inputs *lint.Node, a *collector, p place) string {
	switch input, chosen := strings.CutPrefix(t.kind, "="); {
	case chosen:
		return shellTypes[strings.ToLower(inputs.Get(input).Str())]
	case t.kind == "powershell" && strings.EqualFold(inputs.Get("pwsh").Str(), "true"):
		return "pwsh"
	}
	return a.shellName(t.kind, p)
}

// buildArgs are the inputs with build arguments.
var buildArgs = map[string][]string{"docker": {"arguments", "buildarguments"}, "dockercompose": {"arguments"}, "acrbuild": {"arguments"}}

// secureFiles are the inputs that name a secure file.
var secureFiles = map[string][]string{
	"downloadsecurefile":              {"securefile"},
	"installapplecertificate":         {"certsecurefile"},
	"installappleprovisioningprofile": {"provprofilesecurefile"},
	"installsshkey":                   {"sshkeysecurefile"},
	"androidsigning":                  {"apksignerkeystorefile", "keystorefile"},
}

// connections are the inputs that name a service connection, of all tasks.
var connections = strings.Fields(`
	azuresubscription azuresubscriptionendpoint azureresourcemanagerconnection azureserviceconnection azureconnection azureendpoint
	connectedservicename connectedservicenamearm connectedservice serviceconnection serviceconnectionname serviceendpoint serviceendpointname
	containerregistry dockerregistryserviceconnection dockerregistryendpoint dockerregistryconnection azurecontainerregistry
	kubernetesserviceconnection kubernetesserviceendpoint kubernetesconnection
	awscredentials backendservicearm environmentservicenameazurerm environmentservicenameaws environmentservicenamegcp backendserviceaws backendservicegcp
	providerserviceconnection sshendpoint sshservice serverendpoint ftpserver githubconnection githubendpoint
	nugetserviceconnections publishfeedcredentials externalendpoint externalendpoints externalfeedcredentials customendpoint publishendpoint
	pythonuploadserviceconnection artifactfeedserviceconnection workloadidentityserviceconnection
	sonarqube sonarcloud snykserviceconnection serviceconnectiontopublish mavenserviceconnections cargoserviceconnections
	jenkinsserver endpoint`)

// tasks are the tasks that the platform brings along.
var tasks = set(`
	advancedsecurity-codeql-analyze advancedsecurity-codeql-autobuild advancedsecurity-codeql-init advancedsecurity-dependency-scanning advancedsecurity-publish
	acrbuild androidsigning ant appcentertest appcenterdistribute archivefiles azureappconfigurationexport azureappconfigurationimport
	azureappconfigurationpush azureappconfigurationsnapshot azureappservicemanage azureappservicesettings azurecli azurecloudpowershelldeployment
	azurecontainerapps azurefilecopy azurefunction azurefunctionapp azurefunctionappcontainer azurefunctiononkubernetes azureiotedge azurekeyvault
	azureloadtest azuremonitor azuremonitoralerts azuremysqldeployment azurenlbmanagement azurepolicy azurepolicycheckgate azurepowershell
	azureresourcegroupdeployment azureresourcemanagertemplatedeployment azurermwebappdeployment azurespringcloud azuresqldacpacdeployment
	azurestaticwebapp azuretestplan azurevmssdeployment azurewebapp azurewebappcontainer bash batchscript bicepdeploy bicepinstall cache cachebeta
	cargoauthenticate chefknife cmake cmdline cocoapods condaauthenticate condaenvironment containerbuild containerstructuretest copyfiles
	copyfilesoverssh curluploader cvsdownload decryptfile delay deletefiles deployvisualstudiotestagent docker dockercompose dockerinstaller
	dotnetcorecli dotnetcoreinstaller downloadbuildartifacts downloadfileshareartifacts downloadgithubnpmpackage downloadgithubnugetpackage
	downloadgithubrelease downloadpackage downloadpipelineartifact downloadsecurefile duffle extractfiles filetransform ftpupload
	functoolsinstaller generatereleasenotes githubcomment githubrelease gotool go gradle grunt gulp helmdeploy helminstaller
	iiswebappdeploymentonmachinegroup iiswebappmanagementonmachinegroup installapplecertificate installappleprovisioningprofile installsshkey
	invokerestapi iosbuild javatoolinstaller jenkinsdownloadartifacts jenkinsqueuejob jobauthorizedscope kubectlinstaller kubelogininstaller
	kubernetes kubernetesmanifest manualintervention manualvalidation maven mavenauthenticate msbuild mysqldeploymentonmachinegroup node
	nodetaskrunnerinstaller nodetool notationinstaller notation npm npmauthenticate nuget nugetauthenticate nugetcommand nugetinstaller nugetpackager
	nugetpublisher nugetrestore nugettoolinstaller opapolicyinstaller openpolicyagentinstaller packerbuild pipauthenticate powershell
	powershellontargetmachines powershellonmachine publishbuildartifacts publishcodecoverageresults publishpipelineartifact
	publishpipelinemetadata publishsymbols publishtestresults publishtoazureservicebus pypipublisher pythonscript queryazuremonitor queryworkitems
	reviewapp runvisualstudiotestsusingtestagent rubygemsauthenticate servicefabriccomposedeploy servicefabricdeploy
	servicefabricpowershell servicefabricupdateappversions servicefabricupdatemanifests shellscript sqlazuredacpacdeployment
	sqldacpacdeploymentonmachinegroup ssh twineauthenticate universalpackages usedotnet usenode usepythonversion userubyversion
	vsbuild vsmobilecentertest vsmobilecenterupload vstest vsteestresult visualstudiotestplatforminstaller windowsmachinefilecopy
	xamarinandroid xamarincomponentrestore xamarinios xamarintestcloud xamarinlicense xcode xcodepackageios yarninstaller`)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(words) {
		all[strings.ToLower(word)] = true
	}
	return all
}
