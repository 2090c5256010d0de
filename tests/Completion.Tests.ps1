#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'TinyTraining.ps1'))
    $global:completionModel = New-TinyModel
    function Get-Completion([string] $Line) {
        [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches.CompletionText
    }
}

AfterAll { Remove-Variable completionModel -Scope Global }

Describe 'Tab completion' {
    It 'offers the keys of -Augmentation @{ } in <Line>' -ForEach @(
        @{ Line = 'New-YoloStage 3 -Augmentation @{ mo'; Expected = 'mosaic', 'mosaic_n' }
        @{ Line = '$completionModel | Start-YoloTraining d.yaml -Augmentation @{ hsv_h = 0.1; hsv_'; Expected = 'hsv_s', 'hsv_v' }
        @{ Line = 'Find-YoloLearningRate $completionModel d.yaml -Augmentation @{ deg'; Expected = 'degrees' }
    ) {
        Get-Completion $Line | Should -Be $Expected
    }

    It 'offers names of the model in <Line>' -ForEach @(
        @{ Line = '$completionModel | Remove-YoloClass c'; Expected = 'circle' }
        @{ Line = '$completionModel | Set-YoloFreeze -None | Get-YoloParameter model.0.conv'; Expected = 'model.0.conv.weight' }
        @{ Line = 'Get-YoloLayer -Model $completionModel -Type D'; Expected = 'Detect' }
        @{ Line = 'Save-YoloModel yolov9e'; Expected = 'yolov9e', 'yolov9e-seg' }
    ) {
        Get-Completion $Line | Should -Be $Expected
    }

    It 'completes paths where there are no runs' {
        $null = New-Item -ItemType Directory (Join-Path $TestDrive 'elsewhere')
        Push-Location $TestDrive
        try { (Get-Completion 'Get-YoloRun else') -replace '\\', '/' | Should -Be './elsewhere' } finally { Pop-Location }
    }
}
