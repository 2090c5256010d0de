#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module (Join-Path (Split-Path $PSScriptRoot) YoloTune.psd1)
    $data = (New-YoloSampleDataset (Join-Path $TestDrive 'shapes [1]') -Task Segment -ClassName circle, square -Count 16 -ImageSize 96 -Seed 3).FullName
    $folder = Split-Path $data
    $option = @{ ImageSize = 64; BatchSize = 4; NoPlots = $true; WarningAction = 'SilentlyContinue' }
    $model = New-YoloModel yolo11n-seg -ClassName circle, square -Seed 1 |
        Start-YoloTraining $data -Epochs 1 -OutputPath (Join-Path $TestDrive runs) @option
}

Describe 'Segmentation' {
    It 'draws a dataset of outlines that checks find good' {
        $row = (Get-Content -LiteralPath (Get-ChildItem -LiteralPath (Join-Path $folder labels train))[0].FullName)[0]
        ($row -split ' ').Count | Should -BeGreaterThan 6
        (Test-YoloDataset $data).IsGood | Should -BeTrue
    }

    It 'trains with the columns of the reference' {
        (Get-Content -LiteralPath (Join-Path $model.Run.Directory results.csv))[0] | Should -Match (
            'train/box_loss,train/seg_loss,train/cls_loss,train/dfl_loss,train/sem_loss,.*metrics/mAP50-95\(B\),.*metrics/mAP50-95\(M\),')
        (Get-Content -Raw -LiteralPath (Join-Path $model.Run.Directory args.yaml)) | Should -Match 'task: "?segment'
    }

    It 'shows epochs and runs with masks' {
        ($model.Run.Epochs | Out-String -Width 80) | Should -Match 'Epoch +Box +Mask +Class +DFL +mAP50-95 +Masks'
        (Get-YoloRun $model.Run.Directory | Out-String -Width 80) | Should -Match 'mAP50-95 0\.\d{3}, masks 0'
        $other = New-YoloModel yolo11n-cls -ClassName circle, square
        $folders = New-YoloSampleDataset (Join-Path $TestDrive folders) -Task Classify -ClassName circle, square -Count 12 -ImageSize 64
        $other = $other | Start-YoloTraining $folders.FullName -Epochs 1 -OutputPath (Join-Path $TestDrive other) @option
        $text = Compare-YoloRun $other.Run.Directory, $model.Run.Directory | Out-String -Width 80
        $text | Should -Match 'mAP50-95 0\.\d{3}, masks 0'
        $text | Should -Match 'top-1 0'
        $text | Should -Not -Match 'Directory'
    }

    It 'measures boxes and masks' {
        $metrics = Measure-YoloModel $model $data -ImageSize 64
        $metrics.Mask.MAP | Should -BeGreaterOrEqual 0
        $metrics.Fitness | Should -Be ($metrics.MAP + $metrics.Mask.MAP)
        $metrics.Measures.Count | Should -Be 8
        $lines = ($metrics | Out-String -Width 80).TrimEnd() -split '\r?\n'
        $lines -join "`n" | Should -Match 'Mask'
        # PowerShell breaks a line that fills the width.
        ($lines -match 'mAP50')[0] | Should -Match 'mAP50-95$'
        $lines[-1] | Should -Match '^  .* postprocessing per image, \d+ px$'
    }

    It 'gives objects with masks, and writes pictures and rows of outlines' {
        $output = Join-Path $TestDrive found
        $found = @(Invoke-YoloPrediction $model (Join-Path $folder images val) -ImageSize 64 -Confidence 0 -OutputPath $output -SaveText)
        $found.Count | Should -BeGreaterThan 0
        $found[0].Mask.Area | Should -BeGreaterThan 0
        $found[0].Mask.Polygon[0].X | Should -BeGreaterOrEqual 0
        @(Get-ChildItem -LiteralPath $output -File).Count | Should -Be (Get-ChildItem -LiteralPath (Join-Path $folder images val)).Count
        $rows = Get-ChildItem -LiteralPath (Join-Path $output labels) | ForEach-Object { Get-Content -LiteralPath $_.FullName }
        @($rows).Count | Should -Be $found.Count
        ($rows | ForEach-Object { ($_ -split ' ').Count % 2 } | Sort-Object -Unique) | Should -Be 1
    }

    It 'refuses a dataset of boxes with the remedy' {
        $boxes = (New-YoloSampleDataset (Join-Path $TestDrive boxes) -ClassName circle, square -Count 4 -ImageSize 64).FullName
        { $model | Start-YoloTraining $boxes -Epochs 1 -OutputPath (Join-Path $TestDrive no) -ErrorAction Stop @option } |
            Should -Throw -ExpectedMessage '*are boxes*'
    }

    It 'trains a detector on outlines' {
        $detector = New-YoloModel yolo11n -ClassName circle, square |
            Start-YoloTraining $data -Epochs 1 -OutputPath (Join-Path $TestDrive detector) @option
        $detector.Run.Best.Losses.Keys | Should -Be box, cls, dfl
    }

    It 'measures and uses the model as an .onnx file' {
        $file = Export-YoloModel $model (Join-Path $TestDrive seg.onnx) -ImageSize 64
        $metrics = Measure-YoloModel $file.FullName $data
        $metrics.Mask | Should -Not -BeNullOrEmpty
        @(Invoke-YoloPrediction $file.FullName (Join-Path $folder images val) -Confidence 0)[0].Mask | Should -Not -BeNullOrEmpty
    }

    It 'converts outlines of COCO' {
        $coco = Join-Path $TestDrive coco.json
        Copy-Item -LiteralPath (Get-ChildItem -LiteralPath (Join-Path $folder images val))[0].FullName (Join-Path $TestDrive a.jpg)
        '{"images":[{"id":1,"file_name":"a.jpg","width":96,"height":96}],"categories":[{"id":1,"name":"c"}],"annotations":[' +
        '{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,48,48],"segmentation":[[0,0,48,0,48,48]]},' +
        '{"id":2,"image_id":1,"category_id":1,"bbox":[0,0,24,24]}]}' | Set-Content -LiteralPath $coco
        $result = ConvertTo-YoloDataset $coco (Join-Path $TestDrive converted) -Task Segment -WarningVariable told -WarningAction SilentlyContinue
        $result.BoxOutlines | Should -Be 1
        $told | Should -Match '1 object has a box only'
        Get-Content (Join-Path $TestDrive converted labels train a.txt) | Should -Be '0 0 0 0.5 0 0.5 0.5', '0 0 0 0.25 0 0.25 0.25 0 0.25'
    }
}
