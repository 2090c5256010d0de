#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

# Every command of every document as it would be pasted into pwsh; what the scripts of tests/Documents say is true of this spec. The xunit
# tests do the same in the hosted engine (DocumentTests), where the commands are missing that only pwsh has.

BeforeDiscovery {
    . (Join-Path $PSScriptRoot Documents Documents.ps1)
    $documents = Get-Document (Split-Path $PSScriptRoot) | ForEach-Object { @{ Document = $_ } }
}

BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (Join-Path $root YoloTune.psd1)
    $scripts = 'Documents.ps1', 'Folder.ps1', 'Limits.ps1' | ForEach-Object { Join-Path $PSScriptRoot Documents $_ }
    $scripts[0..1] | ForEach-Object { . $_ }
    $shared = $env:YOLOTUNE_SHARED ? $env:YOLOTUNE_SHARED : [System.IO.Path]::GetFullPath((Join-Path $root .. shared))
    $hasRealWeights = Test-Path (Join-Path $shared data weights yolo11n.pt)
    $template = (New-Item (Join-Path $TestDrive template) -ItemType Directory).FullName
    Initialize-DocumentFolder $template $shared

    # Runs statements in a session of their own, as somebody who pastes one after the other; gives what is wrong with each.
    function Find-RunProblem([object[]] $Command, [string] $Folder) {
        $session = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault())
        $session.Open()
        try {
            $text = $Command.Text -join "`n"
            Clear-ExportTarget $Folder $text
            $prepare = @(
                '$PSStyle.OutputRendering = "PlainText"'
                "Import-Module '$($root.Replace("'", "''"))/YoloTune.psd1'"
                "Set-Location -LiteralPath '$($Folder.Replace("'", "''"))'"
                ". '$($scripts[2].Replace("'", "''"))'"
                Get-DocumentPrelude $Command[0].Document $text
            ) -join "`n"
            $null = Invoke-Statement $session $prepare
            foreach ($statement in $Command) {
                $result = Invoke-Statement $session $statement.Text
                $place = "$($statement.Document), line $($statement.Line): $($statement.Text)"
                foreach ($item in $result.Errors) {
                    if (-not (Test-ErrorShown $statement.Shown "$item")) { "$place`n    $($item.FullyQualifiedErrorId): $item" }
                }
                if (-not $hasRealWeights) { continue }
                foreach ($line in Find-MissingLine $statement.Shown $result.Text) {
                    # A session without a host has no place for the text of -WhatIf.
                    if ($line -notlike 'What if:*') { "$place`n    does not show: $line`n    It shows:`n$($result.Text -split '\n' | Select-Object -First 40 | Join-String -Separator "`n")" }
                }
            }
        }
        finally { $session.Dispose() }
    }

    function Invoke-Statement($Session, [string] $Text) {
        $shell = [powershell]::Create($Session).AddScript($Text).AddCommand('Out-String').AddParameter('Width', 140)
        $errors = @()
        $output = try { $shell.Invoke() } catch { $errors += $_.Exception.InnerException.ErrorRecord }
        [pscustomobject]@{
            Errors = @($shell.Streams.Error) + $errors
            Text   = (@($shell.Streams.Information) + @($shell.Streams.Warning | ForEach-Object { "WARNING: $_" }) + @($output)) -join "`n"
        }
        $shell.Dispose()
    }
}

Describe 'The documents' {
    It '<Document> runs as pasted' -ForEach $documents {
        $commands = @(Get-DocumentCommand $root $Document)
        $runnable = @($commands | Where-Object { -not $_.NotRun -and -not $_.Problem })
        $problems = @($commands | Where-Object Problem | ForEach-Object { "$Document, line $($_.Line): $($_.Problem)" })
        $problems += $commands | ForEach-Object { Find-DocumentProblem $root $_.Text }
        if ($runnable) {
            $folder = (Copy-Item $template (Join-Path $TestDrive ([guid]::NewGuid())) -Recurse -PassThru)[0].FullName
            $problems += Find-RunProblem $runnable $folder
            Remove-Item $folder -Recurse -Force
        }
        $problems -join "`n`n" | Should -BeNullOrEmpty
    }
}
