#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $data = New-TinyDataset
    $model = New-TinyModel
    $option = @{ ImageSize = 64; Confidence = 0.0001; WarningAction = 'Ignore' }
    $metrics = Measure-YoloModel $model $data @option
    $photos = [System.IO.Path]::Combine($TestDrive, 'data', 'images', 'val')
}

Describe 'Show-YoloImage' {
    It 'draws the worst images of a measurement, labels beside predictions' {
        $metrics.Images.Count | Should -Be $metrics.ImageCount
        ($metrics.Images | Measure-Object Labels -Sum).Sum | Should -Be $metrics.Instances
        $drawn = $metrics.Images | Sort-Object Score | Select-Object -First 20 | Show-YoloImage -OutputPath (Join-Path $TestDrive 'worst [1]')
        $drawn.Name | Should -Be images.jpg
        $drawn.Length | Should -BeGreaterThan 1000
        { $metrics | Show-YoloImage -OutputPath (Join-Path $TestDrive 'worst [1]') -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        ($metrics | Show-YoloImage -OutputPath (Join-Path $TestDrive 'worst [1]') -Force).Name | Should -Be images.jpg
    }

    It 'draws predictions' {
        $found = Invoke-YoloPrediction $model $photos -ImageSize 64 -Confidence 0
        ($found | Show-YoloImage -OutputPath (Join-Path $TestDrive found)).Name | Should -Be predictions.jpg
    }

    It 'draws nothing with -WhatIf and refuses what is no image' {
        $metrics.Images | Show-YoloImage -OutputPath (Join-Path $TestDrive none) -WhatIf
        Join-Path $TestDrive none | Should -Not -Exist
        { 42 | Show-YoloImage -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }
}

Describe 'Measure-YoloModel -OutputPath' {
    It 'draws the measurement of a split and of an .onnx file, and asks before it replaces' {
        $file = (Export-YoloModel $model (Join-Path $TestDrive tiny.onnx) -ImageSize 64 -Force).FullName
        foreach ($measured in $model, $file) {
            $null = Measure-YoloModel $measured $data -Split train -OutputPath (Join-Path $TestDrive measured) -Force @option
            (Get-ChildItem (Join-Path $TestDrive measured)).Name | Should -Contain confusion_matrix.png
            (Get-ChildItem (Join-Path $TestDrive measured)).Name | Should -Contain train_batch0_pred.jpg
        }
        { Measure-YoloModel $model $data -OutputPath (Join-Path $TestDrive measured) -ErrorAction Stop @option } | Should -Throw -ErrorId 'FileExists,*'
    }
}
