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
}
