#Requires -Version 7.4
<#
.SYNOPSIS
Builds, tests and packs YoloTune. A thin layer over dotnet.
.DESCRIPTION
Quickstart  builds the module and runs samples/quickstart.ps1, which fine-tunes a small model and prints what it does.
Build       compiles everything; afterwards the checkout itself is the module (Import-Module ./YoloTune.psd1).
Test        runs all tests: the xunit suites and the Pester specs.
Pack        builds for each -Rid, and lays the module out in out/<rid>-<cpu or cuda>/YoloTune/<version>, ready to be copied into a folder
            of $env:PSModulePath, with a bill of materials in it (sbom.cdx.json) and a .nupkg for Install-PSResource beside it.
Audit       asks the package sources for known vulnerabilities of what the module ships, and says so where they cannot tell.
Clean       removes everything that the other tasks made.

Without an installed PowerShell, the .NET SDK brings one: dotnet tool exec -y PowerShell@7.6.9 -- build.ps1 -Task Build
.EXAMPLE
./build.ps1 -Task Quickstart
.EXAMPLE
./build.ps1 -Task Build, Test
.EXAMPLE
./build.ps1 -Task Pack -TorchBackend cuda-linux
.EXAMPLE
./build.ps1 -Task Pack -Rid win-x64, linux-x64, osx-arm64
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Quickstart', 'Build', 'Test', 'Pack', 'Audit', 'Clean')]
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

function Invoke-Tool([string]$Tool, [string[]]$Arguments) {
    & $Tool @Arguments
    if ($LASTEXITCODE -ne 0) { throw "'$Tool $($Arguments -join ' ')' ended with status $LASTEXITCODE." }
}

function Invoke-Build {
    Invoke-Tool dotnet @('build', (Join-Path $root YoloTune.sln), '-c', $Configuration, "-p:TorchBackend=$TorchBackend")
}

function Invoke-Test {
    Invoke-Tool dotnet @('test', (Join-Path $root YoloTune.sln), '-c', $Configuration, "-p:TorchBackend=$TorchBackend")
}

# In a PowerShell of its own, which does not keep the module's files open once the sample has ended.
function Invoke-Quickstart {
    'Building the module. The first time, that takes a minute or two.'
    Invoke-Tool dotnet @('build', (Join-Path $root src YoloTune), '-c', $Configuration, "-p:TorchBackend=$TorchBackend", '--nologo', '-v', 'q')
    $pwsh = @([System.Environment]::ProcessPath)
    # The .NET tool has no program of its own: it is a library that dotnet runs.
    if ((Split-Path $pwsh -LeafBase) -eq 'dotnet') { $pwsh += Join-Path $PSHOME pwsh.dll }
    $program, $arguments = $pwsh
    Invoke-Tool $program (@($arguments | Where-Object { $_ }) + '-NoProfile', '-File', (Join-Path $root samples quickstart.ps1))
}

function Remove-Folder([string[]]$Path) {
    $Path | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
}

function Get-MachineRid {
    if ($IsWindows) { 'win-x64' } elseif ($IsMacOS) { 'osx-arm64' } else { 'linux-x64' }
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
    $package = [System.Xml.Linq.XElement]::new($namespace + 'package', $metadata, [System.Xml.Linq.XElement]::new($namespace + 'files', $file))
    Set-Content -LiteralPath $Path '<?xml version="1.0" encoding="utf-8"?>', "$package"
}

function Invoke-Packaging([string[]]$Arguments) {
    $null = Invoke-Tool dotnet @('build', (Join-Path $root build Packaging), '-c', $Configuration, '--nologo', '-v', 'q')
    & dotnet (Join-Path $root build Packaging bin $Configuration net10.0 YoloTune.Packaging.dll) @Arguments
}

function Invoke-PackFor([string]$Runtime) {
    $kind = if ($TorchBackend -eq 'cpu') { 'cpu' } else { 'cuda' }
    $flavour = "$Runtime-$kind"
    $manifest = Import-PowerShellDataFile -LiteralPath (Join-Path $root YoloTune.psd1)
    $version = $manifest.ModuleVersion
    $separator = [System.IO.Path]::DirectorySeparatorChar
    $build = Join-Path $Output build $flavour
    $folder = Join-Path $Output $flavour
    $package = Join-Path $folder YoloTune $version
    Remove-Folder $folder
    $null = [System.IO.Directory]::CreateDirectory($package)
    & dotnet build (Join-Path $root src YoloTune) -c $Configuration --nologo -v q "-p:TorchBackend=$TorchBackend" "-p:TorchRid=$Runtime" `
        "-p:PackageBuildFolder=$build$separator" "-p:ModuleOutput=$package$separator"
    if ($LASTEXITCODE -ne 0) {
        $needed = if ($kind -eq 'cpu') { "libtorch-cpu-$Runtime" } else { "TorchSharp-$TorchBackend" }
        throw "YoloTune for $flavour was not built; see above. It needs the package $needed; NU1101 says that your package sources lack it."
    }
    $files = 'YoloTune.psd1', 'YoloTune.psm1', 'LICENSE', 'THIRD-PARTY-NOTICES.md', 'README.md', 'CHANGELOG.md'
    $files | ForEach-Object { Copy-Item -LiteralPath (Join-Path $root $_) -Destination $package }
    # Debug symbols are for those who have the sources, and so have the checkout.
    Get-ChildItem -LiteralPath (Join-Path $package lib) -Filter *.pdb -Recurse | Remove-Item
    $assets = foreach ($project in 'YoloTune', 'YoloTune.Core') { Join-Path $build $project obj project.assets.json }
    Invoke-Packaging (@('bill', $package, $version, $flavour) + $assets)
    if ($LASTEXITCODE -ne 0) { throw 'The bill of materials was not written; see above.' }

    # The pattern of files is relative to the nuspec, so that no character of this folder's own path has a meaning in it.
    $nuspec = Join-Path $folder YoloTune.nuspec
    Write-Nuspec $manifest "YoloTune/$version" $nuspec
    # NuGet would have assemblies in folders named after frameworks; a module's are where the module wants them. So its advice is not shown.
    $said = & dotnet pack $nuspec --output $folder 2>&1
    if ($LASTEXITCODE -ne 0) { throw "'dotnet pack $nuspec' ended with status $LASTEXITCODE. $($said -join [Environment]::NewLine)" }
    Remove-Item -LiteralPath $nuspec
    $size = (Get-Item -LiteralPath (Join-Path $folder "YoloTune.$version.nupkg")).Length
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
    Invoke-Tool dotnet @('restore', (Join-Path $root src YoloTune), "-p:TorchBackend=$TorchBackend", '-v', 'q')
    Invoke-Packaging @('audit', (Join-Path $root src YoloTune YoloTune.csproj))
    if ($LASTEXITCODE -notin 0, 3) { throw 'The audit failed; see above.' }
}

function Invoke-Clean {
    'lib', 'en-US', 'out' | ForEach-Object { Remove-Folder (Join-Path $root $_) }
    'src', 'tests', 'build' | ForEach-Object { Get-ChildItem -LiteralPath (Join-Path $root $_) -Filter *.csproj -Recurse } |
        ForEach-Object { Remove-Folder (Join-Path $_.DirectoryName bin), (Join-Path $_.DirectoryName obj) }
}

if (-not $Rid) { $Rid = switch ($TorchBackend) { 'cuda-windows' { 'win-x64' } 'cuda-linux' { 'linux-x64' } default { Get-MachineRid } } }
$Output = if ($Output) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output) } else { Join-Path $root out }

foreach ($step in $Task) {
    switch ($step) {
        'Quickstart' { Invoke-Quickstart }
        'Build' { Invoke-Build }
        'Test' { Invoke-Test }
        'Pack' { Invoke-Pack }
        'Audit' { Invoke-Audit }
        'Clean' { Invoke-Clean }
    }
}
