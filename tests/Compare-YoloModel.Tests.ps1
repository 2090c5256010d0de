#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $three = New-YoloModel yolo11n -ClassCount 3
}

Describe 'Compare-YoloModel' {
    It 'finds a model equal to itself' {
        Compare-YoloModel $three $three | ForEach-Object Status | Select-Object -Unique | Should -Be Equal
    }

    It 'tells other shapes' {
        $changed = New-YoloModel yolo11n -ClassCount 4 | Compare-YoloModel $three | Where-Object Status -EQ ShapeMismatch
        $changed | Should -HaveCount 6
        $changed[0].ReferenceShape | Should -Be 3, 64, 1, 1
        $changed[0].DifferenceShape | Should -Be 4, 64, 1, 1
    }

    It 'tells how far an item moved' {
        $item = Compare-YoloModel $three (New-YoloModel yolo11n -ClassCount 3 -Seed 1) | Where-Object Name -EQ model.0.conv.weight
        $item.Status | Should -Be Changed
        $item.RelativeDistance | Should -BeGreaterThan 0.1
    }

    It 'tells items that only one model has' {
        $segment = New-YoloModel yolo11n-seg -ClassCount 3
        (Compare-YoloModel $three $segment | Where-Object Status -EQ OnlyInDifference).Count | Should -BeGreaterThan 50
        (Compare-YoloModel $segment $three | Where-Object Status -EQ OnlyInReference).Count | Should -BeGreaterThan 50
    }
}
