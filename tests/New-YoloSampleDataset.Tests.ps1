#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
}

Describe 'New-YoloSampleDataset' {
    It 'draws images, labels and a description' {
        $yaml = New-YoloSampleDataset (Join-Path $TestDrive drawn) -Count 10 -ClassName ring, heart -ImageSize 64
        $yaml | Should -BeOfType System.IO.FileInfo
        @(Get-ChildItem (Join-Path $TestDrive drawn images) -Recurse -File) | Should -HaveCount 10
        @(Get-ChildItem (Join-Path $TestDrive drawn labels) -Recurse -File) | Should -HaveCount 10
        Test-YoloDataset $yaml -Quiet | Should -BeTrue
    }

    It 'draws the same pictures for the same seed' {
        $hashes = foreach ($name in 'one', 'two') {
            $null = New-YoloSampleDataset (Join-Path $TestDrive $name) -Count 3 -ImageSize 64 -Seed 5
            (Get-FileHash (Join-Path $TestDrive $name images train 000000.jpg)).Hash
        }
        $hashes[0] | Should -Be $hashes[1]
    }

    It 'leaves a folder that is not empty alone without -Force' {
        $folder = New-Item (Join-Path $TestDrive full) -ItemType Directory
        Set-Content (Join-Path $folder note.txt) here
        { New-YoloSampleDataset $folder -ErrorAction Stop } | Should -Throw '*-Force*'
        @(Get-ChildItem $folder) | Should -HaveCount 1
    }

    It 'keeps images that it did not draw even with -Force' {
        $folder = Split-Path (New-TinyDataset own)
        Set-Content (Join-Path $folder images train holiday.jpg) mine
        { New-YoloSampleDataset $folder -Force -ErrorAction Stop } | Should -Throw '*holiday.jpg*'
        Join-Path $folder images train holiday.jpg | Should -Exist
    }

    It 'draws nothing with -WhatIf' {
        New-YoloSampleDataset (Join-Path $TestDrive nothing) -WhatIf | Should -BeNullOrEmpty
        Join-Path $TestDrive nothing | Should -Not -Exist
    }

    It 'refuses a class name twice' {
        { New-YoloSampleDataset (Join-Path $TestDrive twice) -ClassName a, a -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }
}
