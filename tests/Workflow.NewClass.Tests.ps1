#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

# A whole way, to be read as an example: a class more, from images that show nothing else, and the old classes keep every bit.

Describe 'A new class beside the old ones' {
    BeforeAll {
        Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
        Push-Location $TestDrive
        $InformationPreference = 'Ignore'
        $checkpoint = [System.IO.Path]::Combine($PSScriptRoot, '..', 'samples', 'shapes', 'shapes.safetensors')
        $model = Import-YoloModel $checkpoint
        $oldClasses = $model.ClassNames
        $oldData = (New-YoloSampleDataset old -Count 20 -ClassName $oldClasses -ImageSize 128 -Seed 5).FullName
        $newData = (New-YoloSampleDataset new -Count 40 -ClassName ring -ImageSize 128 -Seed 6).FullName
    }

    AfterAll { Pop-Location }

    It 'measures the old classes first' {
        $script:before = Measure-YoloModel $model -Data $oldData -ImageSize 128
        $before.MAP50 | Should -BeGreaterThan 0.5
    }

    It 'appends the class and keeps all learned rows' {
        $script:model = $model | Add-YoloClass ring
        $model.ClassNames | Should -Be ($oldClasses + 'ring')
        (Measure-YoloModel $model -Data $oldData -ImageSize 128 -Class $oldClasses).MAP | Should -Be $before.MAP
    }

    It 'freezes everything but the rows of the new class' {
        $script:model = $model | Set-YoloFreeze -All -ExceptClass ring
        $model | Get-YoloParameter -Trainable | ForEach-Object Name | Should -BeLike '*.cv3.*.2.*'
    }

    It 'trains on images of the new class alone' {
        $training = @{ Data = $newData; Epochs = 4; ImageSize = 128; BatchSize = 8; NominalBatchSize = 0; LearningRate = 0.02 }
        $script:model = $model | Start-YoloTraining @training -NoPlots
        $model.Run.Completed | Should -BeTrue
    }

    It 'has learned the new class' {
        $groups = (Measure-YoloModel $model -Data $newData -ImageSize 128 -NewClass ring).Groups
        ($groups | Where-Object Name -EQ New).MAP50 | Should -BeGreaterThan 0.1
    }

    It 'has lost nothing of the old ones, to the last digit' {
        (Measure-YoloModel $model -Data $oldData -ImageSize 128 -Class $oldClasses).MAP | Should -Be $before.MAP
    }

    It 'is the model it was when the class goes again' {
        $script:model = $model | Remove-YoloClass ring
        Compare-YoloModel (Import-YoloModel $checkpoint) $model | Where-Object Status -NE Equal | Should -BeNullOrEmpty
    }
}
