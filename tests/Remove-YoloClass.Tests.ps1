#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'Remove-YoloClass' {
    BeforeEach { $model = New-YoloModel yolo11n -ClassName person, car, bus }

    It 'takes classes out and keeps the order of the others' {
        ($model | Remove-YoloClass car).ClassNames | Should -Be 'person', 'bus'
    }

    It 'takes wildcards' {
        (Remove-YoloClass $model ?a?, b*).ClassNames | Should -Be person
    }

    It 'touches nothing with -WhatIf' {
        ($model | Remove-YoloClass car -WhatIf).ClassCount | Should -Be 3
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a class that the model lacks'; Name = 'unicorn' }
        @{ Case = 'to take out all of them'; Name = '*' }
    ) {
        { $model | Remove-YoloClass $Name -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
        $model.ClassCount | Should -Be 3
    }
}
