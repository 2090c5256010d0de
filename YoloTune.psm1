$ErrorActionPreference = 'Stop'
$lib = Join-Path $PSScriptRoot lib
$loader = Join-Path $lib YoloTune.Loader.dll
if (-not (Test-Path -LiteralPath $loader)) {
    throw [System.IO.FileNotFoundException]::new("'$loader' is not there. Build the module first: dotnet build -c Release", $loader)
}
$null = [System.Reflection.Assembly]::LoadFrom($loader)
$commands = [YoloTune.Loader.ModuleContext]::Load($lib)
$inner = Import-Module -Assembly $commands -PassThru

# A module made from an assembly stays in the session's table when the module that imported it goes, and the next import then finds it
# there and exports nothing (PowerShell/PowerShell#20710). So it goes together with this module.
$ExecutionContext.SessionState.Module.OnRemove = { Remove-Module -ModuleInfo $inner -Force }.GetNewClosure()
