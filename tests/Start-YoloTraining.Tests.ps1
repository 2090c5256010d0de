#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $data = New-TinyDataset
}

Describe 'Start-YoloTraining' {
    It 'trains the model it is given and hands it on with its run' {
        $model = New-TinyModel
        $option = New-TinyOption $data hand-on
        $trained = $model | Start-YoloTraining @option
        [object]::ReferenceEquals($model, $trained) | Should -BeTrue
        $trained.Run.Epochs | Should -HaveCount 2
        $trained.Run.Completed | Should -BeTrue
    }

    It 'writes the run''s folder' {
        $option = New-TinyOption $data folder
        $run = (New-TinyModel | Start-YoloTraining @option).Run
        'args.yaml', 'results.csv', 'weights/best.pt', 'weights/last.pt' | ForEach-Object { Join-Path $run.Directory $_ | Should -Exist }
        (Import-Csv (Join-Path $run.Directory results.csv)).epoch | Should -Be '1', '2'
    }

    It 'says with -Verbose what was decided' {
        $option = New-TinyOption $data verbose
        $said = New-TinyModel | Start-YoloTraining @option -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$said" | Should -BeLike '*Optimiser: AdamW*'
        "$said" | Should -BeLike '*Float32 on cpu, 1 data threads*'
    }

    It 'writes where the run goes and a line per epoch, within 79 columns' {
        $option = New-TinyOption $data lines
        $option.InformationAction = 'Continue'
        $said = New-TinyModel | Start-YoloTraining @option -Verbose 6>&1 4>$null | Where-Object { $_ -is [System.Management.Automation.InformationRecord] }
        $lines = @("$($said -join "`n")" -split '\n' | Where-Object { $_ -notlike "*$TestDrive*" })
        "$($said[0])" | Should -BeLike "*'$($option.OutputPath)'*"
        $lines[1] | Should -Match '^ +Epoch +box +cls +dfl +mAP50 +mAP50-95 +Time +Left$'
        $lines[2] | Should -Match '^ +1/2( +\d+\.\d{3}){5} +[\d.]+s +[\d.]+s'
        $lines[3] | Should -Match '^ +2/2( +\d+\.\d{3}){5} +[\d.]+s'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 79
    }

    It 'gives epochs and runs that table files hold flat and whole' {
        $option = New-TinyOption $data flat
        $run = (New-TinyModel | Start-YoloTraining @option).Run
        $epoch = $run.Epochs | ConvertTo-Csv | ConvertFrom-Csv | Select-Object -Last 1
        $epoch.Epoch | Should -Be 2
        $epoch.Losses | Should -Match '^box=[\d.]+; cls=[\d.]+; dfl=[\d.]+$'
        $epoch.MAP | Should -Not -BeNullOrEmpty
        $epoch.psobject.Properties.Name | Should -Not -Contain 'mAP50-95'
        $whole = Get-YoloRun $option.OutputPath | ConvertTo-Csv | ConvertFrom-Csv
        $whole.Name, $whole.EpochCount | Should -Be flat, 2
        $whole.Options | Should -BeLike '*imgsz=64*'
        ($run.Epochs | ConvertTo-Json | ConvertFrom-Json)[1].Losses.box | Should -BeGreaterThan 0
        ($run.Epochs | Sort-Object Rate -Descending)[0].LearningRate | Should -Be ($run.Epochs.LearningRate | Measure-Object -Maximum).Maximum
    }

    It 'puts a number behind a folder that is taken' {
        $option = New-TinyOption $data taken
        $option.Epochs = 1
        $null = New-TinyModel | Start-YoloTraining @option
        (New-TinyModel | Start-YoloTraining @option).Run.Directory | Should -BeLike '*taken2'
    }

    It 'lets a given learning rate win over the automatic choice' {
        $option = New-TinyOption $data rate
        $run = (New-TinyModel | Start-YoloTraining @option -LearningRate 0.0042).Run
        $run.Options['lr0'] | Should -Be 0.0042
        $run.Options['optimizer'] | Should -Be AdamW
        $run.Options['optimizer_reason'] | Should -BeLike '*as given*'
    }

    It 'gives the same numbers for the same seed' {
        $option = New-TinyOption $data seed
        $first, $second = 1..2 | ForEach-Object { (New-TinyModel | Start-YoloTraining @option -Seed 7).Run }
        $second.Epochs.BoxLoss | Should -Be $first.Epochs.BoxLoss
    }

    It 'leaves its image size with the model, for everything that comes after it' {
        $option = New-TinyOption $data size
        $model = New-TinyModel | Start-YoloTraining @option
        (Measure-YoloModel $model $data).Settings.ImageSize | Should -Be 64
        $picture = Get-ChildItem (Join-Path (Split-Path $data) images val) | Select-Object -First 1
        (Invoke-YoloPrediction $model $picture -Confidence 0).ImageSize | Sort-Object -Unique | Should -Be 64
        $option.Remove('ImageSize')
        $option.OutputPath += '-again'
        ($model | Start-YoloTraining @option).Run.Options['imgsz'] | Should -Be 64
        (Measure-YoloModel $model $data -ImageSize 96).Settings.ImageSize | Should -Be 96
    }

    It 'warns of a run that makes few steps, with what to do' {
        $option = New-TinyOption $data few
        $null = New-TinyModel | Start-YoloTraining @option -NominalBatchSize 64 -WarmupEpochs 0 -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeLike '*2 steps*-NominalBatchSize 0*'
    }

    It 'fine-tunes a re-classed detector head first, unless an option or -Preset says otherwise' {
        $learned = New-TinyModel star, moon
        function Get-Stage([hashtable] $more) {
            $option = New-TinyOption $data preset
            $model = New-TinyModel | Copy-YoloWeights -Source $learned | Set-YoloClass circle, square
            ($model | Start-YoloTraining @option @more).Run.Epochs.Stage
        }
        Get-Stage @{} | Should -Be head, all
        Get-Stage @{ Preset = 'Plain' } | Should -Be train, train
        Get-Stage @{ LearningRate = 0.001 } | Should -Be train, train
        Get-Stage @{ Preset = 'FineTune'; LearningRate = 0.001 } | Should -Be head, all
    }

    It 'takes augmentation by the reference''s names in any case' {
        $option = New-TinyOption $data augmentation
        $run = (New-TinyModel | Start-YoloTraining @option -Augmentation @{ Mosaic = 0; HSV_H = 0.1 }).Run
        $run.Options['mosaic'] | Should -Be 0
        $run.Options['hsv_h'] | Should -Be 0.1
    }

    It 'neither trains nor writes with -WhatIf' {
        $option = New-TinyOption $data whatif
        New-TinyModel | Start-YoloTraining @option -WhatIf | Should -BeNullOrEmpty
        $option.OutputPath | Should -Not -Exist
    }

    It 'refuses with -WhatIf what a run refuses: <Name> <Value>' -ForEach @(
        @{ Name = 'Epochs'; Value = 0; Words = '*Epochs*' }
        @{ Name = 'LearningRate'; Value = -1; Words = '*LearningRate*' }
        @{ Name = 'Precision'; Value = 'Float16'; Words = '*BFloat16*' }
        @{ Name = 'FeatureCache'; Value = 'Memory'; Words = '*-AugmentationVariants*' }
        @{ Name = 'Preset'; Value = 'GradualUnfreeze'; Words = '*6 epochs or more*' }
    ) {
        $option = New-TinyOption $data whatif
        $option[$Name] = $Value
        { New-TinyModel | Start-YoloTraining @option -WhatIf -ErrorAction Stop } | Should -Throw $Words
    }

    It 'measures nothing with -NoValidation' {
        $option = New-TinyOption $data unmeasured
        (New-TinyModel | Start-YoloTraining @option -NoValidation).Run.Epochs[0].MAP | Should -BeNullOrEmpty
    }

    It 'refuses <Case> and writes nothing' -ForEach @(
        @{ Case = 'no epochs'; Change = @{ Epochs = 0 }; Words = '*Epochs*' }
        @{ Case = 'a learning rate of 0'; Change = @{ LearningRate = 0 }; Words = '*LearningRate*' }
        @{ Case = 'a learning rate that is no number'; Change = @{ LearningRate = [double]::NaN }; Words = '*LearningRate*' }
        @{ Case = 'an unknown augmentation'; Change = @{ Augmentation = @{ mosaik = 1 } }; Words = '*mosaic*' }
        @{ Case = 'float16 on a processor'; Change = @{ Precision = 'Float16' }; Words = '*BFloat16*' }
        @{ Case = 'no variants'; Change = @{ AugmentationVariants = 0 }; Words = '*AugmentationVariants*' }
        @{ Case = 'a dataset that is not there'; Change = @{ Data = 'nowhere.yaml' }; Words = '*nowhere.yaml*' }
        @{ Case = 'a feature cache of ever new images'; Change = @{ FeatureCache = 'Memory' }; Words = '*-AugmentationVariants*' }
    ) {
        $option = New-TinyOption $data refused
        foreach ($name in $Change.Keys) { $option[$name] = $Change[$name] }
        { New-TinyModel | Start-YoloTraining @option -ErrorAction Stop } | Should -Throw $Words
        $option.OutputPath | Should -Not -Exist
    }

    It 'keeps the outputs of frozen layers in <_> and says how much they take' -ForEach 'Memory', 'Disk' {
        $option = New-TinyOption $data "features$_"
        $said = New-TinyModel | Set-YoloFreeze -First 2 |
            Start-YoloTraining @option -AugmentationVariants 1 -FeatureCache $_ -Verbose 4>&1
        ($said | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }) -join "`n" | Should -BeLike '*2 frozen first layers are kept*MB*'
        $run = ($said | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }).Run
        $run.Completed | Should -BeTrue
        $run.Options['feature_cache'] | Should -Be $_.ToLowerInvariant()
        $run.Options['augmentation_variants'] | Should -Be 1
        Join-Path $run.Directory features.tmp | Should -Not -Exist
    }

    It 'says how to give the model the dataset''s classes' {
        $option = New-TinyOption $data classes
        { New-TinyModel ring | Start-YoloTraining @option -ErrorAction Stop } | Should -Throw "*Set-YoloClass 'circle', 'square'*"
    }

    It 'refuses a model of which every layer is frozen' {
        $option = New-TinyOption $data frozen
        { New-TinyModel | Set-YoloFreeze -All | Start-YoloTraining @option -ErrorAction Stop } | Should -Throw '*Set-YoloFreeze -None*'
    }
}
