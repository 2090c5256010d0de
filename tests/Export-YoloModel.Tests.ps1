#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $model = New-YoloModel yolo11n -ClassName cat, dog
}

Describe 'Export-YoloModel' {
    It 'writes a file and returns it' {
        $path = Join-Path $TestDrive 'a.safetensors'
        ($model | Export-YoloModel $path).FullName | Should -Be $path
        $path | Should -Exist
    }

    It 'takes the model as the first argument' {
        (Export-YoloModel $model (Join-Path $TestDrive 'b.pt')).Name | Should -Be b.pt
    }

    It 'does not replace a file without -Force' {
        $path = Join-Path $TestDrive 'c.pt'
        Set-Content $path 'mine'
        { $model | Export-YoloModel $path -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        Get-Content $path | Should -Be mine
        $model | Export-YoloModel $path -Force | Should -Not -BeNullOrEmpty
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'd.pt'
        $model | Export-YoloModel $path -WhatIf | Should -BeNullOrEmpty
        $path | Should -Not -Exist
    }

    It 'writes half the size with -Half and leaves the model as it is' {
        $whole = $model | Export-YoloModel (Join-Path $TestDrive 'e.safetensors')
        $half = $model | Export-YoloModel (Join-Path $TestDrive 'f.safetensors') -Half
        $half.Length | Should -BeLessThan ($whole.Length * 0.6)
        ($model | Get-YoloParameter model.0.conv.weight).DataType | Should -Be Float32
    }

    It 'leaves no half-written file where it cannot write' {
        { $model | Export-YoloModel (Join-Path $TestDrive 'none/g.pt') -ErrorAction Stop } | Should -Throw
        Get-ChildItem $TestDrive -Filter '*g.pt*' | Should -BeNullOrEmpty
    }

    It 'writes <_> as a whole model of Ultralytics that comes back equal' -ForEach 'h.pt', 'H2.PT' {
        $path = Join-Path $TestDrive $_
        $null = $model | Export-YoloModel $path
        [System.Text.Encoding]::Latin1.GetString([System.IO.File]::ReadAllBytes($path)) | Should -BeLike '*DetectionModel*'
        Compare-YoloModel $model (Import-YoloModel $path) | Where-Object Status -NE Equal | Should -BeNullOrEmpty
    }

    It 'writes an .onnx file that finds what the model finds' {
        $null = New-YoloSampleDataset (Join-Path $TestDrive data) -Count 6 -ClassName cat, dog -Seed 1
        $images = Join-Path $TestDrive 'data/images/val'
        $path = Join-Path $TestDrive 'i [1].onnx'
        $null = $model | Export-YoloModel $path -Dynamic
        $expected = Invoke-YoloPrediction $model $images -ImageSize 96 -Confidence 0.001
        $found = Invoke-YoloPrediction $path $images -ImageSize 96 -Confidence 0.001
        $found.Count | Should -Be $expected.Count
        $found[0].Path | Should -Be $expected[0].Path
        $found[0].ClassName | Should -BeIn $model.ClassNames
    }

    It 'writes an .onnx file that stands for a model as <Case>' -ForEach @(
        @{ Case = '-Model of a prediction'; Use = { Invoke-YoloPrediction -Model $onnx $images -Confidence 0.001 -ImageSize 64 } }
        @{ Case = 'a path piped to a prediction'; Use = { $onnx | Invoke-YoloPrediction $images -Confidence 0.001 -ImageSize 64 } }
        @{ Case = 'a file piped to a prediction'; Use = { Get-Item -LiteralPath $onnx | Invoke-YoloPrediction $images -Confidence 0.001 -ImageSize 64 } }
        @{ Case = 'a file in front of a prediction''s images'; Use = { Invoke-YoloPrediction (Get-Item -LiteralPath $onnx) $images -Confidence 0.001 -ImageSize 64 } }
        @{ Case = '-Model of a measurement'; Use = { Measure-YoloModel -Model $onnx $data -ImageSize 64 | Where-Object ImageCount -GT 0 } }
        @{ Case = 'a path in front of a measurement''s data'; Use = { Measure-YoloModel $onnx $data -ImageSize 64 | Where-Object ImageCount -GT 0 } }
        @{ Case = 'a path piped to a measurement'; Use = { $onnx | Measure-YoloModel $data -ImageSize 64 | Where-Object ImageCount -GT 0 } }
    ) {
        $onnx = Join-Path $TestDrive 'i [1].onnx'
        $data = Join-Path $TestDrive data
        $images = Join-Path $data images val
        & $Use | Should -Not -BeNullOrEmpty
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'an option of ONNX for another format'; Name = 'j.pt'; Arguments = @{ Dynamic = $true } }
        @{ Case = 'open sizes of a state dict'; Name = 'j.onnx'; Arguments = @{ Format = 'StateDict'; Dynamic = $true } }
        @{ Case = 'a size that is no multiple of the stride'; Name = 'j.onnx'; Arguments = @{ ImageSize = 100 } }
        @{ Case = 'a confidence without -EmbedNms'; Name = 'j.onnx'; Arguments = @{ Confidence = 0.5 } }
    ) {
        { $model | Export-YoloModel (Join-Path $TestDrive $Name) @Arguments -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }

    It 'writes an .onnx file of one size that refuses another' {
        $path = Join-Path $TestDrive fixed.onnx
        $null = $model | Export-YoloModel $path -ImageSize 64
        { Invoke-YoloPrediction $path (Join-Path $TestDrive data images val) -ImageSize 128 -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }

    It 'gives rows of boxes with -EmbedNms and refuses it for classifiers' {
        (Export-YoloModel $model (Join-Path $TestDrive 'k.onnx') -ImageSize 64 -EmbedNms).Length | Should -BeGreaterThan 0
        $classifier = New-YoloModel yolo11n-cls -ClassName cat, dog
        { $classifier | Export-YoloModel (Join-Path $TestDrive 'l.onnx') -EmbedNms -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }
}
