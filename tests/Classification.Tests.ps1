#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module (Join-Path (Split-Path $PSScriptRoot) YoloTune.psd1)
    $data = (New-YoloSampleDataset (Join-Path $TestDrive 'shapes [1]') -Task Classify -ClassName circle, square -Count 24 -ImageSize 64 -Seed 3).FullName
    $option = @{ ImageSize = 32; BatchSize = 8; NoPlots = $true; WarningAction = 'SilentlyContinue' }
    $model = New-YoloModel yolo11n-cls -ClassName circle, square -Seed 1 |
        Start-YoloTraining $data -Epochs 1 -OutputPath (Join-Path $TestDrive runs) @option -InformationVariable said
    $picture = (Get-ChildItem -LiteralPath (Join-Path $data val circle))[0].FullName
}

Describe 'Classification' {
    It 'draws a dataset with a folder per class' {
        (Get-ChildItem -LiteralPath $data).Name | Should -Be train, val
        (Get-ChildItem -LiteralPath (Join-Path $data train)).Name | Should -Be circle, square
        { New-YoloSampleDataset $data -Task Classify -ErrorAction Stop } | Should -Throw -ErrorId 'Dataset,*'
        { New-YoloSampleDataset (Join-Path $TestDrive few) -Task Classify -Count 4 -ErrorAction Stop } | Should -Throw '*too few*'
    }

    It 'checks such a dataset and shows its images, not boxes' {
        $report = Test-YoloDataset $data
        $report.IsGood | Should -BeTrue
        $report.Classes.Images | Should -Be 12, 12
        $text = $report | Out-String -Width 80
        $text | Should -Match 'Split +Images +Dropped'
        $text | Should -Not -Match 'Boxes'
    }

    It 'divides folders of classes into copies' {
        $all = Join-Path $TestDrive all
        foreach ($name in 'circle', 'square') { Copy-Item -LiteralPath (Join-Path $data train $name) (Join-Path $all $name) -Recurse }
        { Split-YoloDataset $all -ErrorAction Stop } | Should -Throw '*-Copy*'
        $parts = Split-YoloDataset $all (Join-Path $TestDrive divided) -Copy -Validation 0.25 -HashDistance 0
        $parts.Split | Should -Be train, val
        ($parts | Measure-Object Images -Sum).Sum | Should -Be (Get-ChildItem -LiteralPath $all -Recurse -File).Count
        (Test-YoloDataset (Join-Path $TestDrive divided)).IsGood | Should -BeTrue
    }

    It 'trains with the columns of the reference' {
        $model.Run.Best.Top1 | Should -BeGreaterOrEqual 0
        "$said" | Should -BeLike '*Trained: best top-1 ?.??? in epoch 1 of 1.*'
        (Get-Content -LiteralPath (Join-Path $model.Run.Directory results.csv))[0] |
            Should -Be 'epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0,lr/pg1,lr/pg2'
        (Show-YoloRun $model.Run.Directory | Out-String) | Should -Match 'top1 +top5'
        (Get-Content -Raw -LiteralPath (Join-Path $model.Run.Directory args.yaml)) | Should -Match 'task: "classify"'
    }

    It 'shows epochs and runs with top-1 and top-5' {
        foreach ($epochs in $model.Run.Epochs, (Get-YoloRun $model.Run.Directory).Epochs) {
            $text = $epochs | Out-String -Width 80
            $text | Should -Match 'Epoch +Loss +Top-1 +Top-5'
            $text | Should -Not -Match 'NaN|mAP'
        }
        foreach ($text in (Get-YoloRun $model.Run.Directory), (Compare-YoloRun $model.Run.Directory) | ForEach-Object { $_ | Out-String -Width 80 }) {
            $text | Should -Match 'top-1 0\.\d{3}, top-5 1\.000'
            $text | Should -Not -Match 'NaN|mAP'
        }
    }

    It 'measures top-1 and top-5 by class' {
        $metrics = Measure-YoloModel $model $data -ImageSize 32
        $metrics.Top5 | Should -Be 1
        $metrics.Fitness | Should -Be (($metrics.Top1 + 1) / 2)
        $metrics.Measures.Keys | Should -Be 'metrics/accuracy_top1', 'metrics/accuracy_top5'
        $metrics.PerClassAccuracy.ClassName | Should -BeIn circle, square
        $lines = ($metrics | Out-String -Width 80).TrimEnd() -split '\r?\n'
        $lines[0..2] -join "`n" | Should -Match 'Class +Images +Top-1 +Top-5'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'gives one object per image, with the five best classes' {
        (Test-YoloDataset $data).Names[1] | Should -Be square
        $found = @(Invoke-YoloPrediction $model (Join-Path $data val) -ImageSize 32)
        $found.Count | Should -Be (Get-ChildItem -LiteralPath (Join-Path $data val) -Recurse -File).Count
        $found[0].Top5.ClassName | Should -BeIn circle, square
        $found[0].Top1 | Should -Be $found[0].Top5[0].ClassName
        $found[0].ClassId | Should -BeIn 0, 1
        ($found[0].Top5 | Measure-Object Confidence -Sum).Sum | Should -BeGreaterThan 0.999
        ($found[0] | Out-String) | Should -Match 'Top-1'
    }

    It 'writes the rows of the reference and a picture' {
        $folder = Join-Path $TestDrive found
        $found = Invoke-YoloPrediction $model $picture -ImageSize 32 -OutputPath $folder -SaveText
        $name = [System.IO.Path]::GetFileNameWithoutExtension($picture)
        $rows = Get-Content -LiteralPath (Join-Path $folder labels "$name.txt")
        $rows[0] | Should -Be ([string]::Format([cultureinfo]::InvariantCulture, '{0:F2} {1}', $found.Top1Confidence, $found.Top1))
        Join-Path $folder "$name.jpg" | Should -Exist
    }

    It 'exports files that are measured and predict alike' {
        $file = Join-Path $TestDrive shapes.onnx
        Export-YoloModel $model $file -Format Onnx -ImageSize 32
        (Measure-YoloModel $file $data).Top1 | Should -Be (Measure-YoloModel $model $data -ImageSize 32).Top1
        (Invoke-YoloPrediction $file $picture).Top1 | Should -Be (Invoke-YoloPrediction $model $picture -ImageSize 32).Top1
        $again = Import-YoloModel (Export-YoloModel $model (Join-Path $TestDrive shapes.pt) -Format Pt)
        "$($again.Task)", $again.ClassNames | Should -Be Classify, $model.ClassNames
    }

    It 'changes classes as in a detector' {
        $changed = $model.Copy() | Set-YoloClass square, star, circle
        $changed.ClassNames | Should -Be square, star, circle
        $changed.Transfer.MatchedClasses | Should -Be 2
        ($changed | Add-YoloClass ring | Remove-YoloClass star).ClassNames | Should -Be square, circle, ring
    }

    It 'refuses what does not belong together, and says what does' {
        $boxes = (New-YoloSampleDataset (Join-Path $TestDrive boxes) -Count 4).FullName
        { Start-YoloTraining $model $boxes -Epochs 1 -OutputPath (Join-Path $TestDrive no) -ErrorAction Stop } | Should -Throw '*folder per class*'
        { Measure-YoloModel $model $boxes -ErrorAction Stop } | Should -Throw '*classifies images as a whole*'
        { New-YoloModel yolo11n -ClassName circle, square | Measure-YoloModel -Data $data -ErrorAction Stop } | Should -Throw '*predicts objects*'
    }

    It 'matches the folders of val by name and reports what it leaves out' {
        $odd = Join-Path $TestDrive odd
        Copy-Item -LiteralPath $data $odd -Recurse
        Move-Item -LiteralPath (Join-Path $odd val circle) (Join-Path $odd val zebra)
        $report = Test-YoloDataset $odd
        $report.IsGood | Should -BeFalse
        $report.Problems.Reason | Should -Contain "train has no class 'zebra', so that the $(@($report.Splits)[1].ImagesDropped) images of the split 'val' are left out. Rename the folder, or take it out."
        $metrics = Measure-YoloModel $model $odd -ImageSize 32 -WarningVariable warning -WarningAction SilentlyContinue
        $metrics.PerClassAccuracy.ClassId | Should -Be 1
        $warning | Should -Not -BeNullOrEmpty
    }
}
