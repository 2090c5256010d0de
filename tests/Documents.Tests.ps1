#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

# Every command of every document as it would be pasted, in a folder with files of the names that the document uses, and the samples. What
# counts as a command, what is not run and why, and what is made smaller is said in the scripts of tests/Documents.

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

    # A session of its own in a folder, with the module and with the limits on what trains.
    function New-DocumentSession([string] $Folder) {
        $session = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault())
        $session.Open()
        $null = Invoke-Statement $session (@(
                '$PSStyle.OutputRendering = "PlainText"'
                "Import-Module '$($root.Replace("'", "''"))/YoloTune.psd1'"
                "Set-Location -LiteralPath '$($Folder.Replace("'", "''"))'"
                ". '$($scripts[2].Replace("'", "''"))'"
            ) -join "`n")
        $session
    }

    # Runs statements in a session, as somebody who pastes one after the other; gives what is wrong with each.
    function Find-RunProblem([object[]] $Command, [string] $Folder) {
        $session = New-DocumentSession $Folder
        try {
            $text = $Command.Text -join "`n"
            Clear-ExportTarget $Folder $text
            $null = Invoke-Statement $session (Get-DocumentPrelude $Command[0].Document $text)
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
            $folder = Join-Path $TestDrive ([guid]::NewGuid())
            Copy-DocumentFolder $template $folder
            $problems += Find-RunProblem $runnable $folder
            Remove-Item $folder -Recurse -Force
        }
        $problems -join "`n`n" | Should -BeNullOrEmpty
    }

    It '<Document> names cmdlets and parameters that exist' -ForEach $documents {
        $problems = foreach ($mention in Get-DocumentMention $root $Document) {
            Find-DocumentProblem $root $mention.Text | ForEach-Object { "$Document, line $($mention.Line): $_" }
        }
        $problems -join "`n" | Should -BeNullOrEmpty
    }

    It '<Document> links to files and headings that exist' -ForEach $documents {
        (Find-BrokenLink $root $Document) -join "`n" | Should -BeNullOrEmpty
    }

    It 'need every exception that is made for them' {
        $names = Get-Document $root | ForEach-Object { (Get-DocumentCommand $root $_).Names }
        $needless = & (Join-Path $PSScriptRoot Documents Exceptions.ps1) | Where-Object { -not ($names -like $_.Command) }
        $needless.Command | Should -BeNullOrEmpty
    }
}

# With runs of two epochs, as the documents have them.
Describe 'The samples' {
    It '<Command> runs to its end' -ForEach @(
        @{ Command = 'quickstart.ps1 -Folder quick'; Last = '0 of 499 items differ.' }
        @{ Command = 'tasks.ps1 -Folder tasks -Epochs 1'; Last = 'The pictures are in' }
        @{ Command = 'train-shapes.ps1 -Count 5 -Destination shapes.safetensors'; Last = 'Bytes' }
        @{ Command = 'finetune-bccd.ps1 -Weights yolo11n.pt -Data bccd/data.yaml -Way Short, Long, Frozen, LongFrozen'; Last = 'LongFrozen' }
        @{ Command = 'recipes.ps1 -Weights yolo11n.pt -Data bccd/data.yaml -Seed 0 -Recipe Long, EveryBatch, FineTune'; Last = 'FineTune' }
        @{ Command = 'add-class.ps1 -Weights yolo11n.pt -OldData coco128 -Count 5'; Last = 'Merge' }
    ) {
        $script, $arguments = $Command -split ' ', 2
        $path = (Join-Path $root samples $script).Replace("'", "''")
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        Copy-DocumentFolder $template $folder
        $session = New-DocumentSession $folder
        try {
            $result = Invoke-Statement $session "& '$path' $arguments"
            $result.Errors | ForEach-Object { "$_ $($_.InvocationInfo.PositionMessage)" } | Should -BeNullOrEmpty
            $result.Text | Should -BeLike "*$Last*"
        }
        finally { $session.Dispose() }
        Remove-Item $folder -Recurse -Force
    }
}
