#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
}

Describe 'Test-YoloDataset' {
    It 'counts images and boxes of a good dataset' {
        $report = Test-YoloDataset (New-TinyDataset good)
        $report.IsGood | Should -BeTrue
        ($report.Splits | Measure-Object Images -Sum).Sum | Should -Be 12
    }

    It 'takes a file from the pipeline' {
        Get-Item (New-TinyDataset piped) | Test-YoloDataset -Quiet | Should -BeTrue
    }

    It 'names file and line of <Case>' -ForEach @(
        @{ Case = 'a class beyond the last'; Row = '9 0.5 0.5 0.2 0.2' }
        @{ Case = 'a coordinate above 1'; Row = '0 1.5 0.5 0.2 0.2' }
        @{ Case = 'a negative coordinate'; Row = '0 -0.5 0.5 0.2 0.2' }
        @{ Case = 'a value that is no number'; Row = '0 NaN 0.5 0.2 0.2' }
        @{ Case = 'four columns'; Row = '0 0.5 0.5 0.2' }
        @{ Case = 'words'; Row = 'circle in the middle' }
        @{ Case = 'decimal commas'; Row = '0 0,5 0,5 0,2 0,2' }
    ) {
        $yaml = New-TinyDataset bad
        $label = Join-Path (Split-Path $yaml) labels train 000001.txt
        Set-Content $label ('0 0.5 0.5 0.3 0.3', $Row)
        $report = Test-YoloDataset $yaml
        $report.IsGood | Should -BeFalse
        $problem = $report.Problems | Where-Object File -EQ $label
        $problem.Line | Should -Be 2
    }

    It 'finds a broken image and a label without an image' {
        $yaml = New-TinyDataset broken
        $images = Join-Path (Split-Path $yaml) images train
        Set-Content (Join-Path $images 000000.jpg) 'no picture'
        Remove-Item (Join-Path $images 000001.jpg)
        $report = Test-YoloDataset $yaml
        $report.Problems.File | Split-Path -Leaf | Should -Contain 000000.jpg
        $report.Splits.LabelsWithoutImage | Split-Path -Leaf | Should -Contain 000001.txt
    }

    It 'refuses a description that is not there' {
        { Test-YoloDataset (Join-Path $TestDrive no.yaml) -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }
}
