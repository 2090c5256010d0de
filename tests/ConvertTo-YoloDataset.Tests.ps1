#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $images = Join-Path (Split-Path (New-TinyDataset)) images train

    function New-Voc([string] $Folder, [string] $Object = '<object><name>cat</name><bndbox><xmin>25</xmin><ymin>25</ymin><xmax>72</xmax><ymax>72</ymax></bndbox></object>') {
        $path = Join-Path $TestDrive $Folder
        Copy-Item $images $path -Recurse
        foreach ($image in Get-ChildItem -LiteralPath $path) {
            Set-Content -LiteralPath (Join-Path $path "$($image.BaseName).xml") "<annotation>`n<size><width>96</width><height>96</height></size>`n$Object</annotation>"
        }
        $path
    }

    # The drawn images annotated as COCO for two splits, each with a box that stands for a crowd.
    function New-Coco([string] $Folder) {
        $path = Join-Path $TestDrive $Folder
        $null = New-Item $path -ItemType Directory
        foreach ($split in @{ Name = 'train'; Ids = 0..3 }, @{ Name = 'val'; Ids = 4, 5 }) {
            $boxes = foreach ($id in $split.Ids) { @{ id = $id; image_id = $id; category_id = $id % 2 ? 3 : 18; bbox = 24, 24, 48, 48; iscrowd = 0 } }
            @{
                images      = @($split.Ids | ForEach-Object { @{ id = $_; file_name = '../data/images/train/{0:D6}.jpg' -f $_; width = 96; height = 96 } })
                annotations = @($boxes) + @{ id = 99; image_id = $split.Ids[0]; category_id = 18; bbox = 1, 1, 2, 2; iscrowd = 1 }
                categories  = @{ id = 18; name = 'square' }, @{ id = 3; name = 'circle' }
            } | ConvertTo-Json -Depth 4 | Set-Content (Join-Path $path "instances_$($split.Name)2017.json")
        }
        $path
    }
}

Describe 'ConvertTo-YoloDataset' {
    It 'makes a good dataset of VOC annotations' {
        $voc = New-Voc 'voc [1]'
        $null = $voc | ConvertTo-YoloDataset -Destination (Join-Path $TestDrive 'out [1]') -Split val
        $result = $voc | ConvertTo-YoloDataset -Destination (Join-Path $TestDrive 'out [1]')
        $result.Formats | Should -Be Voc
        $result.Classes | Should -Be cat
        $result.Images | Should -Be $result.Boxes
        $result | Test-YoloDataset -Quiet | Should -BeTrue
        Get-Content -LiteralPath (Join-Path (Split-Path $result.Path) labels train 000000.txt) | Should -Be '0 0.5 0.5 0.5 0.5'
    }

    It 'makes one dataset of the COCO files of two splits, which trains' {
        $files = Join-Path (New-Coco coco) instances_*.json
        $result = ConvertTo-YoloDataset $files (Join-Path $TestDrive coco-out) -WarningVariable warning -WarningAction SilentlyContinue
        $result.Splits.Split | Should -Be train, val
        $result.Images, $result.Boxes | Should -Be 6, 6
        $result.Classes | Should -Be circle, square
        "$warning" | Should -BeLike 'Left out: 2 Crowd. First: annotation 99*'
        $result | Test-YoloDataset -Quiet | Should -BeTrue
        $option = New-TinyOption $result.Path coco
        $option.Remove('Data')
        ($result | Start-YoloTraining (New-TinyModel) @option).Run.Completed | Should -BeTrue
    }

    It 'keeps the classes that are asked for and shows how many boxes are left out' {
        $file = Join-Path (New-Coco wanted) instances_train2017.json
        $text = ConvertTo-YoloDataset $file (Join-Path $TestDrive wanted-out) -ClassName square -WarningAction Ignore | Out-String -Width 100
        $text | Should -BeLike '*: square*'
        $text | Should -BeLike '*2 UnwantedClass*'
    }

    It 'refuses <Case> and leaves nothing behind' -ForEach @(
        @{ Case = 'annotations that are not there'; From = { Join-Path $TestDrive nowhere }; More = @{}; Id = 'PathNotFound,*' }
        @{ Case = 'a file of another kind'; From = { Join-Path $PSScriptRoot TinyTraining.ps1 }; More = @{}; Id = 'Dataset,*' }
        @{ Case = 'a class that no box has'; From = { $voc }; More = @{ ClassName = 'dog' }; Id = 'Selection,*' }
    ) {
        $voc = New-Voc ([guid]::NewGuid())
        $out = Join-Path $TestDrive refused
        { ConvertTo-YoloDataset (& $From) $out @More -ErrorAction Stop } | Should -Throw -ErrorId $Id
        Test-Path $out | Should -BeFalse
    }

    It 'counts what it leaves out: <Case>' -ForEach @(
        @{ Case = 'a box that is no number'; Box = '<xmin>NaN</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax>'; Reason = 'BadBox' }
        @{ Case = 'a box outside the image'; Box = '<xmin>200</xmin><ymin>1</ymin><xmax>300</xmax><ymax>9</ymax>'; Reason = 'EmptyBox' }
    ) {
        $good = '<object><name>cat</name><bndbox><xmin>25</xmin><ymin>25</ymin><xmax>72</xmax><ymax>72</ymax></bndbox></object>'
        $voc = New-Voc ([guid]::NewGuid()) "<object><name>cat</name><bndbox>$Box</bndbox></object>$good"
        $result = ConvertTo-YoloDataset $voc (Join-Path $TestDrive ([guid]::NewGuid())) -WarningVariable warning -WarningAction SilentlyContinue
        $result.SkippedByReason.Reason | Should -Be $Reason
        $result.Skipped[0].Line | Should -Be 3
        $warning | Should -BeLike "Left out: * $Reason.*"
        $result.Boxes | Should -Be $result.Images
    }

    It 'says every reason and writes nothing when nothing can be used' {
        $out = Join-Path $TestDrive nothing-usable
        $voc = New-Voc unusable '<object><name></name></object><object><name>cat</name></object>'
        $failure = { ConvertTo-YoloDataset $voc $out -ErrorAction Stop } | Should -Throw -ErrorId 'Dataset,*' -PassThru
        "$failure" | Should -BeLike '*NoClassName*BadBox*'
        Test-Path $out | Should -BeFalse
    }

    It 'refuses a document type declaration and converts the other files' {
        $voc = New-Voc dtd
        $all = @(Get-ChildItem $voc -Filter *.xml).Count
        Set-Content (Join-Path $voc 000000.xml) '<!DOCTYPE a [<!ENTITY x "y">]><annotation/>'
        $result = ConvertTo-YoloDataset $voc (Join-Path $TestDrive dtd-out) -WarningAction SilentlyContinue
        $result.Images | Should -Be ($all - 1)
        $result.Skipped.Reason | Should -Be FileUnreadable
        $result.Skipped.Detail | Should -BeLike '*document type declaration*'
    }

    It 'keeps originals that lie in the split that -Force replaces' {
        $voc = New-Voc originals
        $out = Join-Path $TestDrive originals-out
        $null = ConvertTo-YoloDataset $voc $out
        $split = Join-Path $out images train
        Copy-Item (Get-ChildItem $split)[0].FullName (Join-Path $split original.jpg)
        { ConvertTo-YoloDataset $voc $out -ImagePath $split -Force -ErrorAction Stop } | Should -Throw '*originals would be lost*'
        Join-Path $split original.jpg | Should -Exist
    }

    It 'writes nothing with -WhatIf' {
        $out = Join-Path $TestDrive whatif
        ConvertTo-YoloDataset (New-Voc quiet) $out -WhatIf
        Test-Path $out | Should -BeFalse
    }

    It 'adds a second split, and replaces one only with -Force' {
        $voc = New-Voc twice
        $out = Join-Path $TestDrive twice-out
        $null = ConvertTo-YoloDataset $voc $out -Split train
        $null = ConvertTo-YoloDataset $voc $out -Split val
        (Test-YoloDataset $out).Splits.Split | Should -Be train, val
        { ConvertTo-YoloDataset $voc $out -Split val -ErrorAction Stop } | Should -Throw -ErrorId 'Dataset,*'
        { ConvertTo-YoloDataset $voc $out -Split val -Force -ErrorAction Stop } | Should -Not -Throw
    }

    It 'makes no dataset for a task whose labels are folders' {
        $out = Join-Path $TestDrive refused
        { ConvertTo-YoloDataset (New-Voc folders) $out -Task Classify -ErrorAction Stop } | Should -Throw '*folders that images lie in*'
        Test-Path $out | Should -BeFalse
    }
}
