<#
.SYNOPSIS
Runs spec files one after the other, as YoloTune.Specs asks for them, and answers with the result of every spec in them.
.DESCRIPTION
A request is a line with the path of a file, an answer a line of JSON. They travel through a named pipe, because specs write to the console.
#>
param([string]$Pester, [string]$PipeName)

$ErrorActionPreference = 'Stop'
Import-Module $Pester

function Get-FullName($Test) {
    $name = $Test.ExpandedName
    for ($block = $Test.Block; $block -and -not $block.IsRoot; $block = $block.Parent) { $name = "$($block.ExpandedName) $name" }
    $name
}

# The message and the lines that led to it, without Pester's own and those of this script.
function Get-ErrorText($Record) {
    foreach ($item in $Record | Where-Object { $_ }) {
        $frames = "$($item.ScriptStackTrace)" -split '\r?\n' | Where-Object { $_ -notmatch 'Pester\.\w+\.?\w*: line |YoloTune\.Specs' }
        @("$item") + $frames -join "`n"
    }
}

# What a spec failed of: its own errors, or those of what runs before and after the blocks around it.
function Get-TestError($Test) {
    $errors = @(Get-ErrorText $Test.ErrorRecord)
    if ("$($Test.Result)" -eq 'Failed' -and $errors.Count -eq 0) {
        for ($block = $Test.Block; $block; $block = $block.Parent) { $errors += Get-ErrorText $block.ErrorRecord }
    }
    $errors
}

$pipe = [System.IO.Pipes.NamedPipeClientStream]::new('.', $PipeName, 'InOut')
$pipe.Connect(60000)
$reader = [System.IO.StreamReader]::new($pipe)
$writer = [System.IO.StreamWriter]::new($pipe)
while ($path = $reader.ReadLine()) {
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = [WildcardPattern]::Escape($path)
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'None'
    $result = & {
        $ErrorActionPreference = 'Continue'
        Invoke-Pester -Configuration $configuration
    }
    $answer = @{
        Problems = @(Get-ErrorText $result.Containers.ErrorRecord)
        Results  = @(
            foreach ($test in $result.Tests) {
                @{
                    Line         = $test.ScriptBlock.StartPosition.StartLine
                    Name         = Get-FullName $test
                    Outcome      = "$($test.Result)"
                    Milliseconds = $test.Duration.TotalMilliseconds
                    Errors       = @(Get-TestError $test)
                }
            }
        )
    }
    $writer.WriteLine(($answer | ConvertTo-Json -Depth 4 -Compress))
    $writer.Flush()
}
