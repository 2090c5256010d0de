#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $data = New-TinyDataset
    foreach ($name in 'a', 'b [x]') {
        $option = New-TinyOption $data $name
        $option.LearningRate = if ($name -eq 'a') { 0.01 } else { 0.02 }
        $option.Epochs = if ($name -eq 'a') { 2 } else { 3 }
        $model = New-TinyModel | Start-YoloTraining @option
    }
    $runs = Join-Path $TestDrive runs
}

Describe 'Compare-YoloRun' {
    It 'gives one object per run with only the options that differ' {
        $compared = Compare-YoloRun $runs
        $compared.Name | Should -Be 'a', 'b [x]'
        $compared.Epochs | Should -Be 2, 3
        $compared[0].Differences.Keys | Sort-Object | Should -Be epochs, lr0
        $compared.ForEach({ $_.Differences['lr0'] }) | Should -Be 0.01, 0.02
        @($compared | Where-Object IsBest) | Should -HaveCount 1
    }

    It 'takes <Case>' -ForEach @(
        @{ Case = 'runs from Get-YoloRun'; Get = { Get-YoloRun $runs | Compare-YoloRun } }
        @{ Case = 'folders from Get-ChildItem'; Get = { Get-ChildItem $runs | Compare-YoloRun } }
        @{ Case = 'wildcards'; Get = { Compare-YoloRun (Join-Path $runs *) } }
        @{ Case = 'a model beside a folder'; Get = { Compare-YoloRun (Join-Path $runs a), $model } }
        @{ Case = 'a model and a run from the pipeline'; Get = { (Get-YoloRun (Join-Path $runs a)), $model | Compare-YoloRun } }
        @{ Case = 'the run of a model'; Get = { Compare-YoloRun (Join-Path $runs a), $model.Run } }
        @{ Case = 'nothing, for the folder runs'; Get = { Push-Location $TestDrive; try { Compare-YoloRun } finally { Pop-Location } } }
    ) {
        (& $Get).Name | Should -Be 'a', 'b [x]'
    }

    It 'shows the options that differ' {
        Compare-YoloRun $runs | Out-String -Width 100 | Should -BeLike '*lr0=0.01*'
    }

    It 'refuses a folder without a run and goes on with the others' {
        $compared = Compare-YoloRun (Split-Path $data), (Join-Path $runs a) -ErrorVariable failed -ErrorAction SilentlyContinue
        $compared.Name | Should -Be a
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Training,*'
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a folder that is not there'; Get = { Compare-YoloRun (Join-Path $TestDrive nowhere) -ErrorAction Stop }; Id = 'PathNotFound,*' }
        @{ Case = 'a model without a run'; Get = { New-TinyModel | Compare-YoloRun -ErrorAction Stop }; Id = 'Training,*' }
        @{ Case = 'a damaged record'; Get = { Compare-YoloRun $damaged -ErrorAction Stop }; Id = 'Training,*' }
    ) {
        $damaged = Join-Path $TestDrive damaged
        Copy-Item (Join-Path $runs a) $damaged -Recurse -Force
        Set-Content (Join-Path $damaged run.json) '{'
        $Get | Should -Throw -ErrorId $Id
    }
}
