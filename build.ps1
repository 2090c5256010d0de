<#
.SYNOPSIS
Builds, tests and packs YoloTune. A thin layer over dotnet.
.DESCRIPTION
Build   compiles everything; afterwards the checkout itself is the module (Import-Module ./YoloTune.psd1).
Test    runs the xunit suites.
Pester  runs the Pester specs of tests/ in an installed pwsh.
Pack    builds, and lays the module out in out/YoloTune/<version>, ready to be copied into a folder of $env:PSModulePath.
Clean   removes everything that the other tasks made.
.EXAMPLE
./build.ps1 -Task Build, Test
.EXAMPLE
./build.ps1 -Task Pack -TorchBackend cuda-linux
#>
# Only the language, .NET calls and Core commands: this script also runs in YoloTune.Shell, which has nothing else.
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pester', 'Pack', 'Clean')]
    [string[]]$Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string]$Configuration = 'Release',

    # Which libtorch the module carries.
    [ValidateSet('cpu', 'cuda-windows', 'cuda-linux')]
    [string]$TorchBackend = 'cpu'
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

function Invoke-Pack {
    Invoke-Tool dotnet @('build', (Get-RootPath src, YoloTune), '-c', $Configuration, "-p:TorchBackend=$TorchBackend")
    $manifest = [System.Management.Automation.Language.Parser]::ParseFile((Get-RootPath YoloTune.psd1), [ref]$null, [ref]$null)
    $version = $manifest.Find({ $args[0] -is [System.Management.Automation.Language.HashtableAst] }, $false).SafeGetValue().ModuleVersion
    $package = Get-RootPath out, YoloTune, $version
    Remove-Folder $package

    $files = 'YoloTune.psd1', 'YoloTune.psm1', 'YoloTune.Format.ps1xml', 'LICENSE', 'THIRD-PARTY-NOTICES.md', 'README.md', 'CHANGELOG.md'
    foreach ($file in $files) {
        Copy-ToPackage $file $package
    }
    foreach ($folder in 'lib', 'en-US') {
        foreach ($file in [System.IO.Directory]::GetFiles((Get-RootPath $folder), '*', 'AllDirectories')) {
            # Debug symbols are for those who have the sources, and so have the checkout.
            if ($file.EndsWith('.pdb')) { continue }
            Copy-ToPackage ([System.IO.Path]::GetRelativePath($root, $file)) $package
        }
    }
    "Packed YoloTune $version ($TorchBackend) in '$package'."
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

foreach ($step in $Task) {
    switch ($step) {
        'Build' { Invoke-Build }
        'Test' { Invoke-Test }
        'Pester' { Invoke-PesterSpec }
        'Pack' { Invoke-Pack }
        'Clean' { Invoke-Clean }
    }
}
