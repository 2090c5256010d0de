#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
}

Describe 'Split-YoloDataset' {
    It 'deals out every image once' {
        $yaml = New-TinyDataset all
        $parts = Split-YoloDataset $yaml -Validation 0.25 -Test 0.25
        $parts.Split | Should -Be train, val, test
        ($parts | Measure-Object Images -Sum).Sum | Should -Be 12
        $lines = foreach ($part in 'train', 'val', 'test') { Get-Content (Join-Path (Split-Path $yaml) "$part.txt") }
        $lines | Sort-Object -Unique | Should -HaveCount 12
        Test-YoloDataset $parts[0].Path -Quiet | Should -BeTrue
    }

    It 'writes a description that trains' {
        $part = (Split-YoloDataset (Split-Path (New-TinyDataset trains)) -Validation 0.25)[0]
        $part.Classes[0].ClassName | Should -Be circle
        $option = New-TinyOption $part.Path split
        (New-TinyModel | Start-YoloTraining @option).Run.Completed | Should -BeTrue
    }

    It 'gives the same parts for the same seed and others for another' {
        $yaml = New-TinyDataset seeds
        $list = Join-Path (Split-Path $yaml) val.txt
        $null = Split-YoloDataset $yaml -Seed 5
        $first = Get-Content $list
        $null = Split-YoloDataset $yaml -Seed 5 -Force
        Get-Content $list | Should -Be $first
        $others = 6..9 | ForEach-Object { $null = Split-YoloDataset $yaml -Seed $_ -Force; (Get-Content $list) -join ' ' }
        $others | Where-Object { $_ -ne ($first -join ' ') } | Should -Not -BeNullOrEmpty
    }

    It 'keeps a copy and its original together' {
        $yaml = New-TinyDataset copies
        $folder = Split-Path $yaml
        Copy-Item (Join-Path $folder images train 000000.jpg) (Join-Path $folder images val twin.jpg)
        Copy-Item (Join-Path $folder labels train 000000.txt) (Join-Path $folder labels val twin.txt)
        $parts = Split-YoloDataset $yaml -Validation 0.5
        ($parts | Measure-Object Together -Sum).Sum | Should -Be 2
        $list = Get-Content (Join-Path $folder val.txt)
        @($list -match '000000|twin').Count | Should -BeIn 0, 2
    }

    It 'makes folders of copies with -Copy' {
        $out = Join-Path $TestDrive 'folders [1]'
        $parts = Get-Item (New-TinyDataset tree) | Split-YoloDataset -Destination $out -Copy
        Get-ChildItem -LiteralPath (Join-Path $out images train) | Should -HaveCount $parts[0].Images
        Get-ChildItem -LiteralPath (Join-Path $out labels train) | Should -HaveCount $parts[0].Images
    }

    It 'takes a path from a property and makes a part to test with' {
        $out = Join-Path $TestDrive 'three [1]'
        ([pscustomobject]@{ Path = New-TinyDataset third } | Split-YoloDataset -Destination $out -Copy -Test 0.2).Split | Should -Be train, val, test
        Test-YoloDataset $out -Quiet | Should -BeTrue
        Join-Path $out labels test | ForEach-Object { Test-Path -LiteralPath $_ } | Should -BeTrue
    }

    It 'shows the balance of the parts' {
        $text = Split-YoloDataset (New-TinyDataset view) -Test 0.2 | Out-String -Width 100
        [regex]::Matches($text, 'circle') | Should -HaveCount 3
        $text | Should -BeLike '*wanted*'
    }

    It 'replaces nothing without -Force and writes nothing with -WhatIf' {
        $yaml = New-TinyDataset careful
        Split-YoloDataset $yaml -WhatIf
        Join-Path (Split-Path $yaml) split.yaml | Should -Not -Exist
        $null = Split-YoloDataset $yaml
        { Split-YoloDataset $yaml -ErrorAction Stop } | Should -Throw -ErrorId 'Dataset,*'
    }

    It 'leaves out a test part that is described but not there' {
        $yaml = New-TinyDataset untested
        Add-Content $yaml 'test: ../test/images'
        $parts = Split-YoloDataset $yaml -WarningVariable warning -WarningAction SilentlyContinue
        ($parts | Measure-Object Images -Sum).Sum | Should -Be 12
        $warning | Should -BeLike "*the split 'test' is described but not there*"
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'shares that leave nothing for train'; Arguments = @{ Validation = 0.7; Test = 0.3 }; Id = 'Selection,*' }
        @{ Case = 'a split that is not there'; Arguments = @{ Split = 'nothing' }; Id = 'Dataset,*' }
        @{ Case = 'copies without a destination'; Arguments = @{ Copy = $true }; Id = 'Selection,*' }
    ) {
        { Split-YoloDataset (New-TinyDataset shares) @Arguments -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'refuses a dataset that is not there' {
        { Split-YoloDataset (Join-Path $TestDrive nowhere) -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }
}
