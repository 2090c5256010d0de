#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $data = New-TinyDataset
    foreach ($name in 'a', 'b') {
        $option = New-TinyOption $data $name
        $option.LearningRate = if ($name -eq 'a') { 0.01 } else { 0.02 }
        $model = New-TinyModel | Start-YoloTraining @option
    }
    $runs = Join-Path $TestDrive runs
}

Describe 'Compare-YoloRun' {
    It 'gives one object a run with only the options that differ' {
        $compared = Compare-YoloRun $runs
        $compared.Name | Should -Be a, b
        $compared[0].Differences.Keys | Should -Be lr0
        $compared.ForEach({ $_.Differences['lr0'] }) | Should -Be 0.01, 0.02
        @($compared | Where-Object IsBest) | Should -HaveCount 1
    }

    It 'takes <Case>' -ForEach @(
        @{ Case = 'runs from Get-YoloRun'; Get = { Get-YoloRun $runs | Compare-YoloRun } }
        @{ Case = 'folders from Get-ChildItem'; Get = { Get-ChildItem $runs | Compare-YoloRun } }
        @{ Case = 'wildcards'; Get = { Compare-YoloRun (Join-Path $runs *) } }
        @{ Case = 'a model beside a folder'; Get = { Compare-YoloRun (Join-Path $runs a), $model } }
    ) {
        (& $Get).Name | Should -Be a, b
    }

    It 'refuses a folder without a run and goes on with the others' {
        $compared = Compare-YoloRun (Split-Path $data), (Join-Path $runs a) -ErrorVariable failed -ErrorAction SilentlyContinue
        $compared.Name | Should -Be a
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Training,*'
    }
}
