<#
.SYNOPSIS
Builds, tests and packs YoloTune. A thin layer over dotnet.
.DESCRIPTION
Build   compiles everything; afterwards the checkout itself is the module (Import-Module ./YoloTune.psd1).
Test    runs the xunit suites.
Pester  runs the Pester specs of tests/ in an installed pwsh.
Pack    builds for each -Rid, and lays the module out in out/<rid>-<cpu or cuda>/YoloTune/<version>, ready to be copied into a folder of
        $env:PSModulePath, with a bill of materials in it (sbom.cdx.json) and a .nupkg for Install-PSResource beside it.
Audit   asks the package sources for known vulnerabilities of what the module ships, and says so where they cannot tell.
Clean   removes everything that the other tasks made.
.EXAMPLE
./build.ps1 -Task Build, Test
.EXAMPLE
./build.ps1 -Task Pack -TorchBackend cuda-linux
.EXAMPLE
./build.ps1 -Task Pack -Rid win-x64, linux-x64, osx-arm64
#>
# Only the language, .NET calls and Core commands: this script also runs in YoloTune.Shell, which has nothing else.
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pester', 'Pack', 'Audit', 'Clean')]
    [string[]]$Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string]$Configuration = 'Release',

    # Which libtorch the module carries.
    [ValidateSet('cpu', 'cuda-windows', 'cuda-linux')]
    [string]$TorchBackend = 'cpu',

    # Pack: for which machines; this one when not given.
    [ValidateSet('win-x64', 'linux-x64', 'osx-arm64')]
    [string[]]$Rid,

    # Pack: the folder to write to; out in the checkout when not given.
    [string]$Output
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot

function Get-RootPath([string[]]$Part) { [System.IO.Path]::Combine([string[]](@($root) + $Part)) }

function Invoke-Tool([string]$Tool, [string[]]$Arguments) {
    & $Tool @Arguments
    if ($LASTEXITCODE -ne 0) { throw "'$Tool $($Arguments -join ' ')' ended with status $LASTEXITCODE." }
}

function Invoke-Build {
    Invoke-Tool dotnet @('build', (Get-RootPath YoloTune.sln), '-c', $Configuration, "-p:TorchBackend=$TorchBackend")
}

function Invoke-Test {
    Invoke-Tool dotnet @('test', (Get-RootPath YoloTune.sln), '-c', $Configuration, "-p:TorchBackend=$TorchBackend")
}

function Invoke-PesterSpec {
    if (-not (Get-Command pwsh -CommandType Application -ErrorAction Ignore)) {
        throw 'The Pester specs need an installed pwsh with Pester 5.5 or later. The task Test covers the same ground without it.'
    }
    & pwsh -NoProfile -NonInteractive -File (Get-RootPath tests, Invoke-Specs.ps1)
    if ($LASTEXITCODE -eq 3) { throw 'pwsh has no Pester 5.5 or later: Install-PSResource Pester' }
    if ($LASTEXITCODE -ne 0) { throw 'A Pester spec failed. See above.' }
}

function Remove-Folder([string]$Path) {
    if ([System.IO.Directory]::Exists($Path)) { [System.IO.Directory]::Delete($Path, $true) }
}

function Copy-ToPackage([string]$RelativePath, [string]$Package) {
    $target = [System.IO.Path]::Combine($Package, $RelativePath)
    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($target))
    [System.IO.File]::Copy((Get-RootPath $RelativePath), $target, $true)
}

function Get-Manifest {
    $manifest = [System.Management.Automation.Language.Parser]::ParseFile((Get-RootPath YoloTune.psd1), [ref]$null, [ref]$null)
    $manifest.Find({ $args[0] -is [System.Management.Automation.Language.HashtableAst] }, $false).SafeGetValue()
}

function Get-MachineRid {
    if ([System.OperatingSystem]::IsWindows()) { 'win-x64' } elseif ([System.OperatingSystem]::IsMacOS()) { 'osx-arm64' } else { 'linux-x64' }
}

# The description that PowerShellGet and PSResourceGet look for: tags say that it is a module, and which commands are in it.
function Write-Nuspec([hashtable]$Manifest, [string]$Folder, [string]$Path) {
    $data = $Manifest.PrivateData.PSData
    $tags = @('PSModule', 'PSIncludes_Cmdlet') + $data.Tags
    foreach ($cmdlet in $Manifest.CmdletsToExport) { $tags += "PSCmdlet_$cmdlet", "PSCommand_$cmdlet" }
    $namespace = [System.Xml.Linq.XNamespace]'http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd'
    $metadata = [System.Xml.Linq.XElement]::new($namespace + 'metadata')
    $values = [ordered]@{
        id = 'YoloTune'; version = $Manifest.ModuleVersion; authors = $Manifest.Author; description = $Manifest.Description
        releaseNotes = $data.ReleaseNotes; copyright = $Manifest.Copyright; tags = $tags -join ' '
    }
    foreach ($name in $values.Keys) { $metadata.Add([System.Xml.Linq.XElement]::new($namespace + $name, $values[$name])) }
    $licence = [System.Xml.Linq.XElement]::new($namespace + 'license', 'MIT')
    $licence.SetAttributeValue('type', 'expression')
    $metadata.Add($licence)
    $file = [System.Xml.Linq.XElement]::new($namespace + 'file')
    $file.SetAttributeValue('src', "$Folder/**")
    $file.SetAttributeValue('target', '')
    $root = [System.Xml.Linq.XElement]::new($namespace + 'package', $metadata, [System.Xml.Linq.XElement]::new($namespace + 'files', $file))
    [System.IO.File]::WriteAllText($Path, "<?xml version=`"1.0`" encoding=`"utf-8`"?>`n$root`n")
}

function Invoke-Packaging([string[]]$Arguments) {
    $null = Invoke-Tool dotnet @('build', (Get-RootPath build, Packaging), '-c', $Configuration, '--nologo', '-v', 'q')
    & dotnet (Get-RootPath build, Packaging, bin, $Configuration, net10.0, YoloTune.Packaging.dll) @Arguments
}

function Invoke-PackFor([string]$Runtime) {
    $kind = if ($TorchBackend -eq 'cpu') { 'cpu' } else { 'cuda' }
    $flavour = "$Runtime-$kind"
    $manifest = Get-Manifest
    $version = $manifest.ModuleVersion
    $build = [System.IO.Path]::Combine($Output, 'build', $flavour) + [System.IO.Path]::DirectorySeparatorChar
    $folder = [System.IO.Path]::Combine($Output, $flavour)
    $package = [System.IO.Path]::Combine($folder, 'YoloTune', $version)
    Remove-Folder $folder
    $null = [System.IO.Directory]::CreateDirectory($package)
    & dotnet build (Get-RootPath src, YoloTune) -c $Configuration --nologo -v q "-p:TorchBackend=$TorchBackend" "-p:TorchRid=$Runtime" `
        "-p:PackageBuildFolder=$build" "-p:ModuleOutput=$package$([System.IO.Path]::DirectorySeparatorChar)"
    if ($LASTEXITCODE -ne 0) {
        $needed = if ($kind -eq 'cpu') { "libtorch-cpu-$Runtime" } else { "TorchSharp-$TorchBackend" }
        throw "YoloTune for $flavour was not built; see above. It needs the package $needed; NU1101 says that your package sources lack it."
    }
    foreach ($file in 'YoloTune.psd1', 'YoloTune.psm1', 'YoloTune.Format.ps1xml', 'LICENSE', 'THIRD-PARTY-NOTICES.md', 'README.md', 'CHANGELOG.md') {
        Copy-ToPackage $file $package
    }
    # Debug symbols are for those who have the sources, and so have the checkout.
    foreach ($symbols in [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($package, 'lib'), '*.pdb', 'AllDirectories')) {
        [System.IO.File]::Delete($symbols)
    }
    $assets = foreach ($project in 'YoloTune', 'YoloTune.Core') { [System.IO.Path]::Combine($build, $project, 'obj', 'project.assets.json') }
    Invoke-Packaging (@('bill', $package, $version, $flavour) + $assets)
    if ($LASTEXITCODE -ne 0) { throw 'The bill of materials was not written; see above.' }

    # The pattern of files is relative to the nuspec, so that no character of this folder's own path has a meaning in it.
    $nuspec = [System.IO.Path]::Combine($folder, 'YoloTune.nuspec')
    Write-Nuspec $manifest "YoloTune/$version" $nuspec
    # NuGet would have assemblies in folders named after frameworks; a module's are where the module wants them. So its advice is not shown.
    $said = & dotnet pack $nuspec --output $folder 2>&1
    if ($LASTEXITCODE -ne 0) { throw "'dotnet pack $nuspec' ended with status $LASTEXITCODE. $($said -join [Environment]::NewLine)" }
    [System.IO.File]::Delete($nuspec)
    $size = [System.IO.FileInfo]::new([System.IO.Path]::Combine($folder, "YoloTune.$version.nupkg")).Length
    [string]::Format([cultureinfo]::InvariantCulture, "Packed YoloTune {0} for {1}: the module's folder is '{2}', the package of {3:0} MB is beside it.",
        $version, $flavour, $package, $size / 1e6)
}

function Invoke-Pack {
    $only = switch ($TorchBackend) { 'cuda-windows' { 'win-x64' } 'cuda-linux' { 'linux-x64' } }
    foreach ($runtime in $Rid) {
        if ($only -and $runtime -ne $only) { throw "-TorchBackend $TorchBackend is for $only, not for $runtime." }
        Invoke-PackFor $runtime
    }
}

function Invoke-Audit {
    Invoke-Tool dotnet @('restore', (Get-RootPath src, YoloTune), "-p:TorchBackend=$TorchBackend", '-v', 'q')
    Invoke-Packaging @('audit', (Get-RootPath src, YoloTune, YoloTune.csproj))
    if ($LASTEXITCODE -notin 0, 3) { throw 'The audit failed; see above.' }
}

function Invoke-Clean {
    foreach ($folder in 'lib', 'en-US', 'out') { Remove-Folder (Get-RootPath $folder) }
    foreach ($parent in 'src', 'tests', 'build') {
        foreach ($project in [System.IO.Directory]::GetFiles((Get-RootPath $parent), '*.csproj', 'AllDirectories')) {
            $projectFolder = [System.IO.Path]::GetDirectoryName($project)
            foreach ($folder in 'bin', 'obj') { Remove-Folder ([System.IO.Path]::Combine($projectFolder, $folder)) }
        }
    }
}

if (-not $Rid) { $Rid = switch ($TorchBackend) { 'cuda-windows' { 'win-x64' } 'cuda-linux' { 'linux-x64' } default { Get-MachineRid } } }
$Output = if ($Output) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output) } else { Get-RootPath out }

foreach ($step in $Task) {
    switch ($step) {
        'Build' { Invoke-Build }
        'Test' { Invoke-Test }
        'Pester' { Invoke-PesterSpec }
        'Pack' { Invoke-Pack }
        'Audit' { Invoke-Audit }
        'Clean' { Invoke-Clean }
    }
}
