#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $coco = New-YoloModel yolo11n -ClassCount 80
    $model = New-YoloModel yolo11n -ClassCount 3
}

Describe 'Get-YoloTransferPlan' {
    It 'gives a decision for every item' {
        $plan = $model | Get-YoloTransferPlan -Source $coco
        $plan | Should -HaveCount 499
        @($plan | Where-Object Status -EQ Transfer) | Should -HaveCount 448
    }

    It 'gives each of the 51 others its reason' {
        $others = Get-YoloTransferPlan $model $coco | Where-Object Status -NE Transfer
        $others | Should -HaveCount 51
        $width = $others | Where-Object Reason -EQ 'class branch hidden width follows the class count: 80 in the source, 64 here'
        $rows = $others | Where-Object Reason -Like 'class output has one row per class: 80 in the source, 3 here*'
        $width | Should -HaveCount 45
        $rows | Should -HaveCount 6
    }

    It 'marks what a selection leaves out' {
        $plan = Get-YoloTransferPlan $model $coco -Layer 0
        @($plan | Where-Object Status -EQ Transfer) | Should -HaveCount 6
        @($plan | Where-Object Status -EQ Excluded) | Should -HaveCount 493
    }

    It 'changes nothing' {
        $null = Get-YoloTransferPlan $model $coco
        $model | Get-YoloParameter -Origin Transferred | Should -BeNullOrEmpty
    }
}
