#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'Add-YoloClass' {
    BeforeEach { $model = New-YoloModel yolo11n -ClassName person, car }

    It 'appends classes and passes the model on' {
        ($model | Add-YoloClass drone, kite).ClassNames | Should -Be 'person', 'car', 'drone', 'kite'
    }

    It 'widens the class output by a row a class' {
        $null = Add-YoloClass $model drone
        ($model | Get-YoloParameter *.cv3.0.2.weight).Shape[0] | Should -Be 3
    }

    It 'touches nothing with -WhatIf' {
        ($model | Add-YoloClass drone -WhatIf).ClassCount | Should -Be 2
    }

    It 'refuses a class that the model has' {
        { $model | Add-YoloClass Car -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
        $model.ClassCount | Should -Be 2
    }
}
