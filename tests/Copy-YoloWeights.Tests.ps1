#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $coco = New-YoloModel yolo11n -ClassCount 80 -Seed 11
    $file = Join-Path $TestDrive 'source.safetensors'
    $null = $coco | Export-YoloModel $file
}

Describe 'Copy-YoloWeights' {
    It 'copies 448 of 499 items to three classes and passes the model on' {
        $model = New-YoloModel yolo11n -ClassCount 3
        $same = $model | Copy-YoloWeights -Source $coco -InformationVariable told 6> $null
        [object]::ReferenceEquals($same, $model) | Should -BeTrue
        $model.Transfer.Transferred | Should -Be 448
        $model.Transfer.Total | Should -Be 499
        "$($told[0])" | Should -BeLike 'Transferred 448/499 items from *'
    }

    It 'says how to keep the class branch' {
        $null = New-YoloModel yolo11n -ClassCount 3 | Copy-YoloWeights -Source $coco -InformationVariable told 6> $null
        "$told" | Should -BeLike '*-KeepClassBranch*'
    }

    It 'copies 493 items when the class branch is kept' {
        $model = New-YoloModel yolo11n -ClassCount 3 -KeepClassBranch | Copy-YoloWeights -Source $coco 6> $null
        $model.Transfer.Transferred | Should -Be 493
    }

    It 'takes the path of a file, behind the model' {
        (Copy-YoloWeights (New-YoloModel yolo11n -ClassCount 80) $file 6> $null).Transfer.Transferred | Should -Be 499
    }

    It 'touches nothing with -WhatIf' {
        $model = New-YoloModel yolo11n -ClassCount 3
        $null = $model | Copy-YoloWeights -Source $coco -WhatIf
        $model.Transfer | Should -BeNullOrEmpty
        $model | Get-YoloParameter -Origin Transferred | Should -BeNullOrEmpty
    }

    It 'copies only what is selected' {
        $model = New-YoloModel yolo11n -ClassCount 3 | Copy-YoloWeights -Source $coco -Part Backbone -Exclude *.bn.* 6> $null
        $items = $model | Get-YoloParameter -Origin Transferred
        $items.Part | Select-Object -Unique | Should -Be Backbone
        $items.Name | Where-Object { $_ -like '*.bn.*' } | Should -BeNullOrEmpty
    }

    It 'copies the rows of matching and mapped classes' {
        $named = New-YoloModel yolo11n -ClassName person, car, bus -KeepClassBranch -Seed 2
        $model = New-YoloModel yolo11n -ClassName Car, drone, human -KeepClassBranch
        $report = $model | Copy-YoloWeights -Source $named -MatchClass -ClassMap @{ human = 'person' } -PassThruReport 6> $null
        $report.MatchedClasses | Should -Be 2
        ($model | Get-YoloParameter *.cv3.0.2.weight).Origin | Should -Be Remapped
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a map to a class that does not exist'; Arguments = @{ ClassMap = @{ class_0 = 'unicorn' } } }
        @{ Case = 'a map from a class that does not exist'; Arguments = @{ ClassMap = @{ unicorn = 'class_0' } } }
        @{ Case = 'a pattern that matches nothing'; Arguments = @{ Include = 'nothing*' } }
    ) {
        $model = New-YoloModel yolo11n -ClassCount 3
        { $model | Copy-YoloWeights -Source $coco @Arguments -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
        $model.Transfer | Should -BeNullOrEmpty
    }

    It 'refuses a source that is not there' {
        { New-YoloModel yolo11n -ClassCount 3 | Copy-YoloWeights -Source nowhere.pt -ErrorAction Stop } |
            Should -Throw -ErrorId 'PathNotFound,*'
    }
}
