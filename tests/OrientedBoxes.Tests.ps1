#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module (Join-Path (Split-Path $PSScriptRoot) YoloTune.psd1)
    $data = (New-YoloSampleDataset (Join-Path $TestDrive 'turned [1]') -Task Obb -ClassName bar, arrow -Count 16 -ImageSize 96 -Seed 3).FullName
    $folder = Split-Path $data
    $option = @{ ImageSize = 64; BatchSize = 4; NoPlots = $true; WarningAction = 'SilentlyContinue' }
    $model = New-YoloModel yolo26n-obb -ClassName bar, arrow -Seed 1 |
        Start-YoloTraining $data -Epochs 1 -OutputPath (Join-Path $TestDrive runs) @option
    $images = Join-Path $folder images val
}

Describe 'Oriented boxes' {
    It 'draws a dataset of corners that checks find good' {
        $row = (Get-Content -LiteralPath (Get-ChildItem -LiteralPath (Join-Path $folder labels train))[0].FullName)[0]
        ($row -split ' ').Count | Should -Be 9
        (Test-YoloDataset $data).IsGood | Should -BeTrue
    }

    It 'trains with the columns of the reference' {
        (Get-Content -LiteralPath (Join-Path $model.Run.Directory results.csv))[0] | Should -Match (
            'train/box_loss,train/cls_loss,train/dfl_loss,train/angle_loss,.*metrics/mAP50-95\(B\),val/box_loss')
    }

    It 'measures from the confidence 0.01' {
        $metrics = Measure-YoloModel $model $data -ImageSize 64
        $metrics.Settings.Confidence | Should -Be 0.01
        $metrics.ConfusionMatrix.Confidence | Should -Be 0.25
        $metrics.Measures.Count | Should -Be 4
    }

    It 'gives objects with corners and angle, and writes pictures and rows that are labels again' {
        $output = Join-Path $TestDrive found
        $found = @(Invoke-YoloPrediction $model $images -ImageSize 64 -Confidence 0.0001 -OutputPath $output -SaveText)
        $found.Count | Should -BeGreaterThan 0
        $found[0].Corners.Count | Should -Be 4
        $found[0].X1 | Should -Be ($found[0].Corners.X | Measure-Object -Minimum).Minimum
        $found | ForEach-Object { $_.Angle | Should -BeGreaterOrEqual (-[Math]::PI / 4); $_.Angle | Should -BeLessThan (3 * [Math]::PI / 4) }
        @(Get-ChildItem -LiteralPath $output -File).Count | Should -Be (Get-ChildItem -LiteralPath $images).Count
        $rows = Get-ChildItem -LiteralPath (Join-Path $output labels) | ForEach-Object { Get-Content -LiteralPath $_.FullName }
        ($rows | ForEach-Object { ($_ -split ' ').Count } | Sort-Object -Unique) | Should -Be 9
    }

    It 'writes the files of the evaluation of DOTA' {
        $dota = Join-Path $TestDrive task1
        $found = @(Invoke-YoloPrediction $model $images -ImageSize 64 -Confidence 0.0001 -DotaPath $dota)
        $rows = Get-ChildItem -LiteralPath $dota -File | ForEach-Object { Get-Content -LiteralPath $_.FullName }
        @($rows).Count | Should -Be $found.Count
        ($rows[0] -split ' ').Count | Should -Be 10
        { Invoke-YoloPrediction $model $images -ImageSize 64 -DotaPath $dota -ErrorAction Stop } | Should -Throw '*Task1_*'
        $detector = New-YoloModel yolo11n -ClassName bar, arrow
        { Invoke-YoloPrediction $detector $images -ImageSize 64 -DotaPath $dota -ErrorAction Stop } | Should -Throw '*takes oriented boxes*'
    }

    It 'measures and uses the model as an .onnx file' {
        $file = Export-YoloModel $model (Join-Path $TestDrive obb.onnx) -ImageSize 64
        (Measure-YoloModel $file.FullName $data).Instances | Should -BeGreaterThan 0
        @(Invoke-YoloPrediction $file.FullName $images -Confidence 0.0001)[0].Corners.Count | Should -Be 4
    }

    It 'refuses a dataset of boxes with the remedy' {
        $boxes = (New-YoloSampleDataset (Join-Path $TestDrive boxes) -ClassName bar, arrow -Count 4 -ImageSize 64).FullName
        { $model | Start-YoloTraining $boxes -Epochs 1 -OutputPath (Join-Path $TestDrive no) -ErrorAction Stop @option } |
            Should -Throw -ExpectedMessage '*are boxes*four corners*'
    }

    It 'reports rows that are no corners with file and line' {
        $copy = Join-Path $TestDrive bad
        Copy-Item -LiteralPath $folder $copy -Recurse
        $file = (Get-ChildItem -LiteralPath (Join-Path $copy labels train))[0].FullName
        Add-Content -LiteralPath $file '0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.4 0'
        $before = (Get-Content -LiteralPath $file).Count
        $problem = (Test-YoloDataset (Join-Path $copy data.yaml)).Problems | Where-Object { $_.File -eq $file -and $_.Line -eq $before }
        $problem.Reason | Should -Match 'odd number'
    }

    It 'converts DOTA' {
        $dota = New-Item -ItemType Directory (Join-Path $TestDrive dota labelTxt) -Force
        $null = New-Item -ItemType Directory (Join-Path $TestDrive dota images)
        Copy-Item -LiteralPath (Get-ChildItem -LiteralPath $images)[0].FullName (Join-Path $TestDrive dota images P1.jpg)
        Set-Content (Join-Path $dota P1.txt) 'imagesource:GoogleEarth', 'gsd:0.1', '0 0 48 0 48 24 0 24 ship 0'
        $result = ConvertTo-YoloDataset $dota (Join-Path $TestDrive converted) -Task Obb
        $result.Classes | Should -Be ship
        Get-Content (Join-Path $TestDrive converted labels train P1.txt) | Should -Be '0 0 0 0.5 0 0.5 0.25 0 0.25'
    }
}
