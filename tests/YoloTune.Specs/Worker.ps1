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
        Problems = @($result.Containers.ErrorRecord | Where-Object { $_ } | ForEach-Object { "$_`n$($_.ScriptStackTrace)" })
        Results  = @(
            foreach ($test in $result.Tests) {
                @{
                    Line         = $test.ScriptBlock.StartPosition.StartLine
                    Name         = Get-FullName $test
                    Outcome      = "$($test.Result)"
                    Milliseconds = $test.Duration.TotalMilliseconds
                    Errors       = @($test.ErrorRecord | Where-Object { $_ } | ForEach-Object { "$_`n$($_.ScriptStackTrace)" })
                }
            }
        )
    }
    $writer.WriteLine(($answer | ConvertTo-Json -Depth 4 -Compress))
    $writer.Flush()
}
