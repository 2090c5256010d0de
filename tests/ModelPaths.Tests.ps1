#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $data = New-TinyDataset
    $photos = Join-Path (Split-Path $data) images val
    $file = Join-Path $TestDrive 'best [1].pt'
    $null = New-TinyModel | Export-YoloModel $file
    $null = New-TinyModel | Export-YoloModel (Join-Path $TestDrive tiny.safetensors)
    $null = New-TinyModel | Export-YoloModel (Join-Path $TestDrive tiny.onnx) -ImageSize 64
}

Describe 'A path where a model is wanted' {
    It 'is measured' {
        (Measure-YoloModel $file $data -ImageSize 64).ImageCount | Should -BeGreaterThan 0
        (Measure-YoloModel -Model $file -Data $data -ImageSize 64).ImageCount | Should -BeGreaterThan 0
        ($file | Measure-YoloModel $data -ImageSize 64).ImageCount | Should -BeGreaterThan 0
    }

    It 'takes <_>' -ForEach 'tiny.safetensors', 'tiny.onnx' {
        (Measure-YoloModel (Join-Path $TestDrive $_) $data -ImageSize 64).ImageCount | Should -BeGreaterThan 0
    }

    It 'predicts, images by position and from the pipeline' {
        $one = @(Invoke-YoloPrediction $file $photos -ImageSize 64 -Confidence 0.001)
        $one.Count | Should -BeGreaterThan 0
        @(Get-ChildItem $photos | Invoke-YoloPrediction $file -ImageSize 64 -Confidence 0.001) | Should -HaveCount $one.Count
    }

    It 'takes files from Get-ChildItem' {
        @(Get-ChildItem $TestDrive -File | Where-Object Extension -In .pt, .safetensors | Measure-YoloModel $data -ImageSize 64) | Should -HaveCount 2
    }

    It 'is relative to the location, and may use a drive of PowerShell' {
        $null = New-PSDrive weights FileSystem $TestDrive
        try {
            (Get-YoloLayer weights:\tiny.safetensors).Count | Should -Be 5
            Push-Location $TestDrive
            (Get-YoloLayer tiny.safetensors).Count | Should -Be 5
            (Get-YoloLayer ./*.safetensors 0).Index | Should -Be 0
            (Get-YoloLayer './best `[1`].pt' 0).Index | Should -Be 0
        }
        finally {
            Pop-Location
            Remove-PSDrive weights
        }
    }

    It 'is trained' {
        $option = New-TinyOption $data paths
        $null = $option.Remove('Data')
        (Start-YoloTraining $file $data @option -Epochs 1 -Device cpu).Run.Epochs | Should -HaveCount 1
    }

    It 'is changed and passed on' {
        (Set-YoloClass $file a, b, c).ClassCount | Should -Be 3
        (Set-YoloClass $file single).ClassCount | Should -Be 1
        (Add-YoloClass $file star).ClassCount | Should -Be 3
        (Remove-YoloClass $file square).ClassCount | Should -Be 1
        (Set-YoloFreeze $file -First 1 | Get-YoloLayer 0).Frozen | Should -Be All
        (Set-YoloLearningRate $file -All -Multiplier 0.5).Name | Should -Be tiny
        @(Get-YoloParameter $file model.0.conv.weight) | Should -HaveCount 1
    }

    It 'is compared and copied from and into' {
        @(Compare-YoloModel $file (Join-Path $TestDrive tiny.safetensors) | Where-Object Status -NE Equal) | Should -HaveCount 0
        $report = Copy-YoloWeights $file $file -PassThruReport -InformationAction Ignore
        $report.Transferred | Should -Be $report.Total
        @(Get-YoloTransferPlan $file $file) | Should -HaveCount $report.Total
    }

    It 'is exported to another file' {
        (Export-YoloModel $file (Join-Path $TestDrive copy.onnx) -ImageSize 64).Name | Should -Be copy.onnx
        (Export-YoloModel -Model $file -Path (Join-Path $TestDrive copy2.pt)).Name | Should -Be copy2.pt
    }

    It 'leaves the first argument to other things where the model is piped' {
        $model = New-TinyModel
        ($model | Set-YoloClass cat).ClassNames | Should -Be cat
        ($model | Set-YoloClass cat, dog).ClassNames | Should -Be cat, dog
        ($model | Set-YoloClass @(1, 2)).ClassNames | Should -Be '1', '2'
        ($model | Get-YoloLayer 3).Index | Should -Be 3
        ($model | Get-YoloLayer '3').Index | Should -Be 3
        ($model | Get-YoloLayer).Count | Should -Be 5
        ($model | Get-YoloParameter model.0.*).Count | Should -BeGreaterThan 3
        ($model | Export-YoloModel (Join-Path $TestDrive copy2.pt) -Force).Name | Should -Be copy2.pt
    }

    It 'says what is wrong with <Name>' -ForEach @(
        @{ Name = 'nowhere.pt'; Text = '*nowhere.pt*is not there*' }
        @{ Name = '*.pt'; Text = '*files and one is wanted*' }
    ) {
        { Measure-YoloModel (Join-Path $TestDrive $Name) $data -ErrorAction Stop } | Should -Throw $Text
    }

    It 'says what takes an .onnx file' {
        { Set-YoloClass (Join-Path $TestDrive tiny.onnx) a, b -ErrorAction Stop } | Should -Throw '*Measure-YoloModel*'
        { Import-YoloModel (Join-Path $TestDrive tiny.onnx) -ErrorAction Stop } | Should -Throw '*Measure-YoloModel*'
    }
}

Describe 'Outputs that cannot be written' {
    BeforeAll {
        $model = New-TinyModel
        $taken = Join-Path $TestDrive taken
        Set-Content $taken 'a file'
    }

    It 'names the missing folder and how to create it' {
        $missing = Join-Path $TestDrive missing
        { $model | Export-YoloModel (Join-Path $missing x.pt) -ErrorAction Stop } | Should -Throw "*$missing*New-Item*" -ErrorId 'PathNotFound,*'
    }

    It 'does not take a folder for a file' {
        { $model | Export-YoloModel $TestDrive -Format Pt -ErrorAction Stop } | Should -Throw '*is a folder*'
    }

    It 'does not take a file for a folder: <Name>' -ForEach @(
        @{ Name = 'training'; Run = { Start-YoloTraining $model $data -Epochs 1 -OutputPath $taken -ErrorAction Stop } }
        @{ Name = 'prediction'; Run = { Invoke-YoloPrediction $model $photos -OutputPath $taken -ErrorAction Stop } }
        @{ Name = 'prediction below it'; Run = { Invoke-YoloPrediction $model $photos -OutputPath (Join-Path $taken out) -ErrorAction Stop } }
        @{ Name = 'sample'; Run = { New-YoloSampleDataset $taken -Count 2 -Force -ErrorAction Stop } }
        @{ Name = 'split'; Run = { Split-YoloDataset $data -Destination $taken -ErrorAction Stop } }
        @{ Name = 'conversion'; Run = { ConvertTo-YoloDataset $photos -Destination $taken -ErrorAction Stop } }
        @{ Name = 'download'; Run = { Save-YoloModel yolo11n -Destination $taken -ErrorAction Stop } }
        @{ Name = 'curve'; Run = { $model | Find-YoloLearningRate $data -OutputPath (Join-Path $taken curve.png) -ErrorAction Stop } }
    ) {
        $Run | Should -Throw '*taken* is a file*'
        Get-Content $taken | Should -Be 'a file'
    }

    It 'lists the formats for an extension that none has' {
        { $model | Export-YoloModel (Join-Path $TestDrive x.tflite) -ErrorAction Stop } | Should -Throw '*.onnx*onnx2tf*' -ErrorId 'Selection,*'
        Join-Path $TestDrive x.tflite | Should -Not -Exist
    }
}

Describe 'Runs and devices' {
    BeforeAll {
        $option = New-TinyOption $data devices
        $run = (New-TinyModel | Start-YoloTraining @option).Run
    }

    It 'resumes from <_>' -ForEach 'weights/last.pt', 'weights', 'weights/resume.safetensors', 'args.yaml' {
        (Resume-YoloTraining (Join-Path $run.Directory $_) -AdditionalEpochs 1 -InformationAction Ignore).Run.Directory | Should -Be $run.Directory
    }

    It 'says what resume.safetensors is' {
        { Import-YoloModel (Join-Path $run.Directory weights resume.safetensors) -ErrorAction Stop } | Should -Throw '*Resume-YoloTraining*'
    }

    It 'refuses a device that is not there before anything is written' {
        $option = New-TinyOption $data nodevice
        { New-TinyModel | Start-YoloTraining @option -Device cuda:99 -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
        $option.OutputPath | Should -Not -Exist
        { Resume-YoloTraining $run.Directory -AdditionalEpochs 1 -Device nonsense -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }

    It 'completes -Device' {
        (TabExpansion2 'Start-YoloTraining -Device c').CompletionMatches.CompletionText | Should -Contain cpu
        (TabExpansion2 'Resume-YoloTraining -Device c').CompletionMatches.CompletionText | Should -Contain cpu
    }
}
