#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'New-YoloModel' {
    It 'builds a model for named classes' {
        $model = New-YoloModel yolo11n -ClassName cat, dog
        $model.ToString() | Should -Be 'yolo11n (2 classes)'
        $model.ClassNames | Should -Be 'cat', 'dog'
        $model.Device | Should -Be cpu
    }

    It 'names classes that are only counted' {
        (New-YoloModel yolo11n -ClassCount 2).ClassNames | Should -Be 'class_0', 'class_1'
    }

    It 'takes the class count of the description when none is given' {
        (New-YoloModel yolo11n).ClassCount | Should -Be 80
    }

    It 'gives the same values for the same seed' {
        $same = Compare-YoloModel (New-YoloModel yolo11n -ClassCount 2 -Seed 3) (New-YoloModel yolo11n -ClassCount 2 -Seed 3)
        @($same | Where-Object Status -NE Equal) | Should -HaveCount 0
    }

    It 'gives other values for another seed' {
        $other = Compare-YoloModel (New-YoloModel yolo11n -ClassCount 2 -Seed 3) (New-YoloModel yolo11n -ClassCount 2 -Seed 4)
        @($other | Where-Object Status -EQ Changed).Count | Should -BeGreaterThan 80
    }

    It 'builds the class branch as wide as for 80 classes with -KeepClassBranch' {
        $wide = New-YoloModel yolo11n -ClassCount 2 -KeepClassBranch
        ($wide | Get-YoloParameter *.cv3.0.2.weight).Shape | Should -Be 2, 80, 1, 1
    }

    It 'marks every item as new' {
        New-YoloModel yolo11n -ClassCount 2 | Get-YoloParameter -Origin Transferred | Should -BeNullOrEmpty
    }

    It 'takes architectures from the pipeline' {
        (Get-YoloArchitecture yolov8n | New-YoloModel -ClassCount 1).Name | Should -Be yolov8n
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a name that does not exist'; Arguments = @{ Architecture = 'yolo99n' }; Id = 'ModelFormat*' }
        @{ Case = 'a class twice'; Arguments = @{ Architecture = 'yolo11n'; ClassName = 'cat', 'cat' }; Id = 'Selection*' }
        @{ Case = 'zero classes'; Arguments = @{ Architecture = 'yolo11n'; ClassCount = 0 }; Id = 'ParameterArgumentValidationError*' }
        @{ Case = 'a YAML that is not there'; Arguments = @{ Architecture = 'nowhere.yaml' }; Id = '*' }
    ) {
        { New-YoloModel @Arguments -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }
}
