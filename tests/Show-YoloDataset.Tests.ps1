#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $data = New-TinyDataset
}

Describe 'Show-YoloDataset' {
    It 'draws sheets of classes, chosen by wildcards' {
        $drawn = Show-YoloDataset $data c*, square -Sort Smallest -Count 4 -OutputPath (Join-Path $TestDrive sheets)
        $drawn.Name | Should -Be smallest_0_circle.jpg, smallest_1_square.jpg, labels.jpg
        $drawn | ForEach-Object { $_.Length | Should -BeGreaterThan 1000 }
    }

    It 'draws a split' {
        (Show-YoloDataset $data -Split val -OutputPath (Join-Path $TestDrive val)).Name | Should -Be images.jpg, labels.jpg
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a split that is not there'; Show = { Show-YoloDataset $data -Split nowhere -OutputPath $new -ErrorAction Stop }; Id = 'Dataset,*' }
        @{ Case = 'a class that is not there'; Show = { Show-YoloDataset $data bird -OutputPath $new -ErrorAction Stop }; Id = 'Selection,*' }
    ) {
        $new = Join-Path $TestDrive new
        $Show | Should -Throw -ErrorId $Id
        $new | Should -Not -Exist
    }

    It 'draws nothing with -WhatIf' {
        Show-YoloDataset $data -OutputPath (Join-Path $TestDrive none) -WhatIf | Should -BeNullOrEmpty
        Join-Path $TestDrive none | Should -Not -Exist
    }
}
