#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module (Join-Path (Split-Path $PSScriptRoot) YoloTune.psd1)
    $data = (New-YoloSampleDataset (Join-Path $TestDrive 'points [1]') -Task Pose -ClassName arrow, star -Count 16 -ImageSize 96 -Seed 3).FullName
    $folder = Split-Path $data
    $option = @{ ImageSize = 64; BatchSize = 4; NoPlots = $true; WarningAction = 'SilentlyContinue' }
    $model = New-YoloModel yolo11n-pose -ClassName arrow, star -KeypointShape 3, 3 -Seed 1 |
        Start-YoloTraining $data -Epochs 1 -OutputPath (Join-Path $TestDrive runs) @option
    $images = Join-Path $folder images val
}

Describe 'Pose' {
    It 'draws a dataset of keypoints that checks find good' {
        $row = (Get-Content -LiteralPath (Get-ChildItem -LiteralPath (Join-Path $folder labels train))[0].FullName)[0]
        ($row -split ' ').Count | Should -Be 14
        Get-Content -LiteralPath $data | Should -Contain 'kpt_shape: [3, 3]'
        (Test-YoloDataset $data).IsGood | Should -BeTrue
    }

    It 'trains with the columns of the reference' {
        (Get-Content -LiteralPath (Join-Path $model.Run.Directory results.csv))[0] | Should -Match (
            'train/box_loss,train/pose_loss,train/kobj_loss,train/cls_loss,train/dfl_loss,.*metrics/mAP50-95\(B\),.*metrics/mAP50-95\(P\),')
        (Get-Content -Raw -LiteralPath (Join-Path $model.Run.Directory args.yaml)) | Should -Match 'pose: 12'
    }

    It 'measures boxes and keypoints, 80 columns wide' {
        $metrics = Measure-YoloModel $model $data -ImageSize 64
        $metrics.Fitness | Should -Be ($metrics.MAP + $metrics.Pose.MAP)
        $metrics.Measures.Count | Should -Be 8
        # A row that is too wide would go on in the next line, and nothing would end with the last figure.
        $lines = ($metrics | Out-String -Width 80).TrimEnd() -split '\r?\n'
        $lines | Where-Object { $_ -match '^  (Class|all|keypoints) ' } | Should -HaveCount 3
        $lines | Where-Object { $_ -match '^  (all|keypoints) ' } | ForEach-Object { $_ | Should -Match '(\d\.\d{3}\s*){4}$' }
    }

    It 'gives objects with named keypoints, and writes pictures and rows of them' {
        $output = Join-Path $TestDrive found
        $found = @(Invoke-YoloPrediction $model $images -ImageSize 64 -Confidence 0.001 -OutputPath $output -SaveText)
        $found.Count | Should -BeGreaterThan 0
        $found[0].Keypoints.Name | Should -Be top, left, right
        $found[0].Keypoints[0].X | Should -BeGreaterOrEqual 0
        $found[0].Keypoints[0].Confidence | Should -BeGreaterOrEqual 0
        @(Get-ChildItem -LiteralPath $output -File).Count | Should -Be (Get-ChildItem -LiteralPath $images).Count
        $rows = Get-ChildItem -LiteralPath (Join-Path $output labels) | ForEach-Object { Get-Content -LiteralPath $_.FullName }
        @($rows).Count | Should -Be $found.Count
        ($rows | ForEach-Object { ($_ -split ' ').Count } | Sort-Object -Unique) | Should -Be 14
    }

    It 'keeps keypoints and their names in .pt and .onnx files, which are measured and used' {
        $onnx = Export-YoloModel $model (Join-Path $TestDrive pose.onnx) -ImageSize 64
        (Measure-YoloModel $onnx.FullName $data).Pose | Should -Not -BeNullOrEmpty
        (@(Invoke-YoloPrediction $onnx.FullName $images -Confidence 0.001)[0].Keypoints.Name) | Should -Be top, left, right
        $again = Import-YoloModel (Export-YoloModel $model (Join-Path $TestDrive pose.pt)).FullName
        $again.Shape.ToString() | Should -Be '3 keypoints of 3 values'
        $again.KeypointNames[0] | Should -Be top, left, right
    }

    It 'refuses a dataset with other keypoints, or with none, and names the command' {
        $other = New-YoloModel yolo11n-pose -ClassName arrow, star -KeypointShape 5, 3
        { $other | Start-YoloTraining $data -Epochs 1 -OutputPath (Join-Path $TestDrive no) -ErrorAction Stop @option } |
            Should -Throw -ExpectedMessage "*kpt_shape is ?3, 3?*Set-YoloClass 'arrow', 'star' -KeypointShape 3, 3*"
        $boxes = (New-YoloSampleDataset (Join-Path $TestDrive boxes) -ClassName arrow, star -Count 4 -ImageSize 64).FullName
        { $model | Start-YoloTraining $boxes -Epochs 1 -OutputPath (Join-Path $TestDrive no) -ErrorAction Stop @option } |
            Should -Throw -ExpectedMessage '*kpt_shape*'
        { Measure-YoloModel $model $boxes -ErrorAction Stop } | Should -Throw -ExpectedMessage '*kpt_shape*'
    }

    It 'gives a model other keypoints and says what stays behind' {
        $changed = New-YoloModel yolo11n-pose -ClassCount 1 | Set-YoloClass mouse -KeypointShape 4, 3 -InformationAction Ignore
        $changed.Shape.Count | Should -Be 4
        $changed.Transfer.Items.Reason | Should -Contain '17 keypoints before, 4 now'
        $plan = $changed | Get-YoloTransferPlan -Source (New-YoloModel yolo11n-pose -ClassCount 1)
        $plan.Reason | Should -Contain '17 keypoints in the source, 4 here'
        { New-YoloModel yolo11n -KeypointShape 4, 3 -ErrorAction Stop } | Should -Throw -ExpectedMessage '*no keypoints*'
        { New-YoloModel yolo11n-pose -KeypointShape 4, 5 -ErrorAction Stop } | Should -Throw -ExpectedMessage '*2 or 3*'
    }

    It 'reports keypoint rows of another width with file and line' {
        $copy = Join-Path $TestDrive bad
        Copy-Item -LiteralPath $folder $copy -Recurse
        $file = (Get-ChildItem -LiteralPath (Join-Path $copy labels train))[0].FullName
        Add-Content -LiteralPath $file '0 0.5 0.5 0.2 0.2 0.5 0.5 2'
        $problem = (Test-YoloDataset (Join-Path $copy data.yaml)).Problems | Where-Object File -eq $file
        $problem.Line | Should -Be (Get-Content -LiteralPath $file).Count
        $problem.Reason | Should -Match '8 fields; with kpt_shape \[3, 3\] it needs 14'
        (Get-Content -LiteralPath (Join-Path $copy data.yaml)) -replace 'flip_idx: .*', 'flip_idx: [0, 0, 1]' | Set-Content -LiteralPath (Join-Path $copy data.yaml)
        (Test-YoloDataset (Join-Path $copy data.yaml)).Problems.Reason -join ' ' | Should -Match 'flip_idx'
    }

    It 'trains a detector on the boxes of the keypoints' {
        $detector = New-YoloModel yolo11n -ClassName arrow, star |
            Start-YoloTraining $data -Epochs 1 -OutputPath (Join-Path $TestDrive detector) @option
        $detector.Run.Best.Losses.Keys | Should -Be box, cls, dfl
    }
}
