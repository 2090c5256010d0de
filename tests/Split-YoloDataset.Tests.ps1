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

    It 'refuses shares that leave nothing for train' {
        { Split-YoloDataset (New-TinyDataset shares) -Validation 0.5 -Test 0.5 -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }
}
