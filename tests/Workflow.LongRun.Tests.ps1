#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

# A whole way, to be read as an example: find a rate, train, look at the run later, make it longer, go on from its weights.

Describe 'A run that is gone back to' {
    BeforeAll {
        Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
        Push-Location $TestDrive
        $InformationPreference = 'Ignore'
        $data = (New-YoloSampleDataset shapes -Count 40 -ClassName ring, heart -ImageSize 96 -Seed 1).FullName
        $model = Import-YoloModel ([System.IO.Path]::Combine($PSScriptRoot, '..', 'samples', 'shapes', 'shapes.safetensors')) |
            Set-YoloClass ring, heart
    }

    AfterAll { Pop-Location }

    It 'looks for a learning rate and leaves the model as it was' {
        $weights = $model | Get-YoloParameter model.0.conv.weight
        $script:found = $model | Find-YoloLearningRate $data -ImageSize 96 -BatchSize 16 -Optimizer AdamW -Steps 60
        $found.Suggestion | Should -BeGreaterThan 0
        $found.Points.Count | Should -BeGreaterThan 5
        ($model | Get-YoloParameter model.0.conv.weight).Mean | Should -Be $weights.Mean
    }

    It 'slows down what is learned already' {
        $script:model = $model | Set-YoloLearningRate -LayerDecay 0.9
        $rates = ($model | Get-YoloParameter *.weight).LearningRateMultiplier
        $rates[0] | Should -BeLessThan $rates[-1]
    }

    It 'trains with the rate that was found' {
        $training = @{ Data = $data; Epochs = 2; ImageSize = 96; BatchSize = 8; Optimizer = 'AdamW'; NominalBatchSize = 0; NoPlots = $true }
        $script:model = $model | Start-YoloTraining @training -LearningRate $found.Suggestion -OutputPath runs/shapes
        $model.Run.Options['lr0'] | Should -Be $found.Suggestion
    }

    It 'finds the run again in its folder' {
        $script:run = Get-YoloRun runs/shapes
        $run.Completed | Should -BeTrue
        $run.Epochs | Should -HaveCount 2
        (Import-Csv runs/shapes/results.csv) | Should -HaveCount 2
    }

    It 'makes it longer' {
        $script:longer = $run | Resume-YoloTraining -AdditionalEpochs 1
        $longer.Run.Epochs.Epoch | Should -Be 1, 2, 3
    }

    It 'goes on from its best weights in a run of its own' {
        $script:next = Get-YoloRun runs/shapes | ForEach-Object BestWeights | Import-YoloModel |
            Set-YoloFreeze -Part Backbone |
            Start-YoloTraining $data -Epochs 1 -ImageSize 96 -BatchSize 8 -NoPlots -OutputPath runs/next
        $next.Run.Completed | Should -BeTrue
        (Get-YoloRun runs).Directory | Split-Path -Leaf | Should -Be next, shapes
    }
}
