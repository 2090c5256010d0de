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

    It 'is not quiet about labels that lie there unread, as training is not' {
        $yaml = New-TinyDataset unread
        # Another word, and not 'Labels', which is 'labels' where case makes no difference.
        Rename-Item (Join-Path (Split-Path $yaml) labels) label
        Test-YoloDataset $yaml -Quiet | Should -BeFalse
        $problem = (Test-YoloDataset $yaml).Problems[0]
        $problem.Reason | Should -BeLike "*no image of the split 'train' has a label*label?train?*"
        { New-TinyModel | Start-YoloTraining -Data $yaml -Epochs 1 -ImageSize 64 -OutputPath (Join-Path $TestDrive unread-run) -ErrorAction Stop } |
            Should -Throw "*$([wildcardpattern]::Escape($problem.Reason))*"
    }

    It 'refuses a description that is not there' {
        { Test-YoloDataset (Join-Path $TestDrive no.yaml) -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'tells the balance of the classes and the sizes of the boxes' {
        $report = Test-YoloDataset (New-TinyDataset balance) -ImageSize 320
        $report.Classes.ClassName | Should -Be circle, square
        ($report.Classes | Measure-Object Share -Sum).Sum | Should -BeGreaterThan 0.999
        $report.Classes[0].Splits.Split | Should -Be train, val
        $report.BoxSizes.ImageSize | Should -Be 320
        $report.BoxSizes.Total | Should -Be ($report.Splits | Measure-Object Instances -Sum).Sum
    }

    It 'names both files of an image that stands in two splits' {
        $yaml = New-TinyDataset twins
        $images = Join-Path (Split-Path $yaml) images
        Copy-Item (Join-Path $images train 000000.jpg) (Join-Path $images val twin.jpg)
        $report = Test-YoloDataset $yaml
        $report.Duplicates | Should -HaveCount 1
        $problem = $report.Problems | Where-Object File -Like *twin.jpg
        $problem.Reason | Should -BeLike '*the same file stands in train*000000.jpg*'
        $report.IsGood | Should -BeTrue
    }

    It 'shows its tables within 100 columns' {
        $text = Test-YoloDataset (New-TinyDataset shown) | Out-String -Width 100
        $text | Should -BeLike '*Boxes at 640 pixels*'
        ($text -split '\r?\n' | Where-Object { $_ -notlike "*$TestDrive*" } | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
    }
}
