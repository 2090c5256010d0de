#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    # A model that knows these shapes: the one that the quickstart starts from.
    $model = Import-YoloModel (Join-Path $PSScriptRoot .. samples shapes shapes.safetensors)
    $data = (New-YoloSampleDataset (Join-Path $TestDrive 'drawn [1]') -Count 10 -ClassName $model.ClassNames -Seed 77).FullName
    $images = Join-Path (Split-Path $data) images val
}

Describe 'Invoke-YoloPrediction' {
    It 'finds objects in a folder and gives one object a box' {
        $found = $model | Invoke-YoloPrediction $images -ImageSize 160
        $found | Should -Not -BeNullOrEmpty
        $found[0].ClassName | Should -BeIn $model.ClassNames
        $found[0].Confidence | Should -BeGreaterOrEqual 0.25
        $found[0].X2 | Should -BeGreaterThan $found[0].X1
    }

    It 'takes files from the pipeline and keeps their order' {
        $files = Get-ChildItem -LiteralPath $images | Sort-Object Name -Descending
        $found = $files | Invoke-YoloPrediction $model -ImageSize 160
        $order = $found.Path | Split-Path -Leaf | Get-Unique
        $order | Should -Be @($files.Name | Where-Object { $_ -in $order })
    }

    It 'takes model and images by position, by name and from the pipeline' {
        $more = @{ Confidence = 0.1; ImageSize = 96 }
        $count = @(Invoke-YoloPrediction $model $images @more).Count
        @($model | Invoke-YoloPrediction $images @more) | Should -HaveCount $count
        @(Invoke-YoloPrediction -Path $images -Model $model @more) | Should -HaveCount $count
        @($images | Invoke-YoloPrediction $model @more) | Should -HaveCount $count
    }

    It 'refuses <Case> in place of a model' -ForEach @(
        @{ Case = 'an .onnx file that is not there'; Name = 'nowhere.onnx'; Text = $null; Id = 'PathNotFound,*' }
        @{ Case = 'an .onnx file of something else'; Name = 'x.onnx'; Text = 'x'; Id = 'ModelFormat,*' }
    ) {
        $file = Join-Path $TestDrive $Name
        if ($Text) { Set-Content $file $Text }
        { Invoke-YoloPrediction -Model $file $images -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'finds fewer objects with more confidence asked for' {
        $few = @(Invoke-YoloPrediction $model $images -ImageSize 160 -Confidence 0.9)
        @(Invoke-YoloPrediction $model $images -ImageSize 160 -Confidence 0.1).Count | Should -BeGreaterThan $few.Count
    }

    It 'finds only the classes and only as many objects as are asked for' {
        $all = @(Invoke-YoloPrediction $model $images -ImageSize 160 -Confidence 0.05)
        $class = $all[0].ClassName
        $some = @(Invoke-YoloPrediction $model $images -ImageSize 160 -Confidence 0.05 -Class $class.ToUpperInvariant())
        $some.ClassName | Sort-Object -Unique | Should -Be $class
        $one = @(Invoke-YoloPrediction $model $images -ImageSize 160 -Confidence 0.05 -MaxDetections 1)
        $one.Count | Should -Be @($all.Path | Sort-Object -Unique).Count
        { Invoke-YoloPrediction $model $images -Class zebra* -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }

    It 'writes annotated pictures and label files' {
        $folder = Join-Path $TestDrive seen
        $null = Invoke-YoloPrediction $model $images -ImageSize 160 -OutputPath $folder -SaveText
        @(Get-ChildItem $folder -File) | Should -HaveCount 2
        $text = Get-ChildItem $folder -Recurse -Filter *.txt | Get-Content
        $text[0] | Should -Match '^\d+( [0-9.e-]+){4,5}$'
    }

    It 'never replaces a photograph, not even with -Force' {
        $photos = New-Item (Join-Path $TestDrive photos) -ItemType Directory
        Get-ChildItem -LiteralPath $images | Copy-Item -Destination $photos
        $before = (Get-ChildItem $photos -File | Get-FileHash).Hash
        foreach ($force in $false, $true) {
            { Invoke-YoloPrediction $model $photos -ImageSize 160 -OutputPath $photos -Force:$force -ErrorAction Stop } |
                Should -Throw '*-OutputPath*' -ErrorId 'OutputIsInput,*'
        }
        (Get-ChildItem $photos -File | Get-FileHash).Hash | Should -Be $before
    }

    It 'keeps label files that are there without -Force' {
        $folder = New-Item (Join-Path $TestDrive hand labels) -ItemType Directory -Force
        $mine = Join-Path $folder "$((Get-ChildItem -LiteralPath $images)[0].BaseName).txt"
        Set-Content $mine 'mine'
        { Invoke-YoloPrediction $model $images -ImageSize 160 -OutputPath (Split-Path $folder) -SaveText -ErrorAction Stop } |
            Should -Throw '*-Force*' -ErrorId 'FileExists,*'
        @(Get-ChildItem (Split-Path $folder) -Recurse -File) | Should -HaveCount 1
        $null = Invoke-YoloPrediction $model $images -ImageSize 160 -OutputPath (Split-Path $folder) -SaveText -Force
        Get-Content $mine | Should -Not -Be 'mine'
    }

    It 'gives each of two images of one stem its own label file' {
        $image = (Get-ChildItem -LiteralPath $images)[0]
        $two = foreach ($name in 'left', 'right') {
            $folder = New-Item (Join-Path $TestDrive $name) -ItemType Directory
            Copy-Item -LiteralPath $image.FullName (Join-Path $folder x.jpg) -PassThru
        }
        $folder = Join-Path $TestDrive stems
        $found = $two | Invoke-YoloPrediction $model -ImageSize 160 -Confidence 0.05 -OutputPath $folder -SaveText
        (Get-ChildItem $folder -Recurse -File).Name | Sort-Object | Should -Be x-2.jpg, x-2.txt, x.jpg, x.txt
        (Get-Content (Join-Path $folder labels x.txt), (Join-Path $folder labels x-2.txt)).Count | Should -Be $found.Count
    }

    It 'writes nothing with -WhatIf and still finds' {
        $folder = Join-Path $TestDrive unseen
        Invoke-YoloPrediction $model $images -ImageSize 160 -OutputPath $folder -WhatIf | Should -Not -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'goes on after a broken image with one error that names it' {
        $folder = New-Item (Join-Path $TestDrive mixed) -ItemType Directory
        Get-ChildItem -LiteralPath $images | Select-Object -First 1 | Copy-Item -Destination (Join-Path $folder b.jpg)
        Set-Content (Join-Path $folder a.jpg) 'no picture'
        $found = Invoke-YoloPrediction $model $folder -ImageSize 160 -Confidence 0.05 -ErrorVariable wrong -ErrorAction SilentlyContinue
        $found | Should -Not -BeNullOrEmpty
        $wrong | Should -HaveCount 1
        "$wrong" | Should -BeLike '*a.jpg*'
    }

    It 'warns of a folder without an image' {
        $folder = New-Item (Join-Path $TestDrive nothing) -ItemType Directory
        Set-Content (Join-Path $folder notes.txt) 'no picture'
        Invoke-YoloPrediction $model $folder -WarningVariable said -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$said" | Should -BeLike "*nothing' holds no image that can be read."
    }

    It 'wants a folder for -SaveText' {
        { Invoke-YoloPrediction $model $images -SaveText -ErrorAction Stop } | Should -Throw '*-OutputPath*'
    }

    It 'refuses an image that is not there' {
        { Invoke-YoloPrediction $model (Join-Path $TestDrive no.jpg) -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }
}
