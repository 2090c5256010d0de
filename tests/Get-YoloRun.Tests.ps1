#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $data = New-TinyDataset
    foreach ($name in 'a', 'b') {
        $option = New-TinyOption $data $name
        $null = New-TinyModel | Start-YoloTraining @option
    }
    $runs = Join-Path $TestDrive runs
}

Describe 'Get-YoloRun' {
    It 'lists the runs of a folder in order' {
        (Get-YoloRun $runs).Directory | Split-Path -Leaf | Should -Be 'a', 'b'
    }

    It 'reads one run with its epochs, options and best epoch' {
        $run = Get-YoloRun (Join-Path $runs a)
        $run.Epochs.Epoch | Should -Be 1, 2
        $run.Options['imgsz'] | Should -Be 64
        $run.Best.Epoch | Should -BeIn 1, 2
        $run.Completed | Should -BeTrue
    }

    It 'takes wildcards and folders from the pipeline' {
        Get-YoloRun (Join-Path $runs *) | Should -HaveCount 2
        Get-Item (Join-Path $runs b) | Get-YoloRun | Should -HaveCount 1
    }

    It 'reads results.csv when the record is gone' {
        $copy = Join-Path $TestDrive copy
        Copy-Item (Join-Path $runs a) $copy -Recurse
        Remove-Item (Join-Path $copy run.json)
        (Get-YoloRun $copy).Epochs | Should -HaveCount 2
    }

    It 'refuses a folder without a run' {
        { Get-YoloRun (Split-Path $data) -ErrorAction Stop } | Should -Throw -ErrorId 'Training,*'
        { Get-YoloRun (Join-Path $TestDrive nowhere) -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }
}
