#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'Get-YoloArchitecture' {
    It 'lists every family without a name' {
        $families = Get-YoloArchitecture | ForEach-Object Family | Select-Object -Unique
        foreach ($family in 'yolov3', 'yolov5', 'yolov6', 'yolov8', 'yolov9', 'yolov10', 'yolo11', 'yolo12', 'yolo26') {
            @($families -like "$family*").Count | Should -BeGreaterThan 0 -Because $family
        }
    }

    It 'takes wildcards' {
        (Get-YoloArchitecture yolo11?).Name | Should -Be 'yolo11n', 'yolo11s', 'yolo11m', 'yolo11l', 'yolo11x'
    }

    It 'takes names from the pipeline' {
        ('yolo11n', 'yolov8s' | Get-YoloArchitecture).Family | Should -Be 'yolo11', 'yolov8'
    }

    It 'says what a model costs' {
        $model = Get-YoloArchitecture yolo11n
        $model.Task | Should -Be Detect
        $model.Layers | Should -Be 24
        $model.Parameters | Should -Be 2624080
        $model.GFlops | Should -Be 6.6
    }

    It 'names a near one for a name that does not exist' {
        Get-YoloArchitecture yolo11nn -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Selection,*'
        $problem[0].Exception.Message | Should -BeLike '*yolo11n*'
    }

    It 'lists nothing, without an error, for a pattern that fits none' {
        Get-YoloArchitecture nothing* -ErrorAction Stop | Should -BeNullOrEmpty
    }
}
