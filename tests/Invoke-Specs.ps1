<#
.SYNOPSIS
Runs the Pester specs (tests/*.Tests.ps1) against the built module of this checkout.
.DESCRIPTION
The exit code is 0 when all passed, 1 when a spec failed or none was found, 3 where there is no Pester 5.5 or later.
#>
[CmdletBinding()]
param([string]$Name = '*')

$ErrorActionPreference = 'Stop'
$pester = Get-Module -ListAvailable -Name Pester | Where-Object Version -GE ([version]'5.5') |
    Sort-Object Version -Descending | Select-Object -First 1
if (-not $pester) { exit 3 }
Import-Module $pester.Path

$configuration = New-PesterConfiguration
$configuration.Run.Path = @([System.IO.Directory]::GetFiles($PSScriptRoot, "$Name.Tests.ps1"))
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration

# A container that cannot even be read has no failed spec, and would be taken for a success.
$failed = $result.FailedCount + $result.FailedContainersCount
"Pester specs  - Failed: $failed, Passed: $($result.PassedCount), Skipped: $($result.SkippedCount)"
exit [int]($failed -gt 0 -or $result.PassedCount -eq 0)
