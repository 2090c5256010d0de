#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

Describe 'Find-YoloLearningRate' {
    BeforeAll {
        . (Join-Path $PSScriptRoot TinyTraining.ps1)
        $data = New-YoloSampleDataset (Join-Path $TestDrive shapes) -Count 8 -ClassName circle, square -ImageSize 64
        $model = New-TinyModel
        $before = New-TinyModel | Copy-YoloWeights -Source $model 6> $null
        $plot = Join-Path $TestDrive 'curve [1].png'
        $found = $model | Find-YoloLearningRate $data -ImageSize 64 -BatchSize 4 -Steps 12 -Minimum 1e-5 -Maximum 0.01 -Workers 1 -OutputPath $plot
    }

    It 'gives the curve as objects, the rate ascending' {
        $found.Points.Count | Should -Be 12
        $found.Points[0].LearningRate | Should -Be 1e-5
        $found.Points.LearningRate | Sort-Object | Should -Be $found.Points.LearningRate
    }

    It 'draws the curve' { $found.Plot | Should -Be $plot; Test-Path -LiteralPath $plot | Should -BeTrue }

    It 'shows the steepest point of it' { $found | Out-String -Width 100 | Should -BeLike '*Steepest*' }

    It 'leaves the model as it was' {
        (Compare-YoloModel $before $model | Where-Object Status -NE Equal) | Should -BeNullOrEmpty
        $model.Run | Should -BeNullOrEmpty
    }

    It 'replaces a picture only with -Force, and says so before the sweep' {
        $mine = Join-Path $TestDrive mine.png
        Set-Content $mine 'mine'
        { $model | Find-YoloLearningRate $data -ImageSize 64 -OutputPath $mine -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        $image = (Get-ChildItem (Join-Path (Split-Path $data) images train))[0].FullName
        { $model | Find-YoloLearningRate $data -ImageSize 64 -OutputPath $image -Force -ErrorAction Stop } | Should -Throw -ErrorId 'OutputIsInput,*'
    }

    It 'refuses a dataset that is not there' {
        { $model | Find-YoloLearningRate (Join-Path $TestDrive nowhere.yaml) -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'refuses a range that does not rise' {
        { $model | Find-YoloLearningRate $data -Minimum 1 -Maximum 0.1 -ErrorAction Stop } | Should -Throw -ErrorId 'Training,*'
    }
}
