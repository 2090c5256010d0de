#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

# Every type that a cmdlet says it returns, and what users look at inside: as it is shown by itself, as a table and as a list.
BeforeDiscovery {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $plain = 'System.IO.FileInfo', 'System.IO.DirectoryInfo', 'System.Boolean'
    $types = @(Get-Command -Module YoloTune | ForEach-Object { $_.OutputType.Name } | Where-Object { $_ -notin $plain })
    $inner = 'YoloTune.Models.Transfer.TransferGroup', 'YoloTune.Evaluation.ClassMetrics', 'YoloTune.Evaluation.ClassGroupMetrics',
        'YoloTune.Runs.Records.YoloEpoch', 'YoloTune.Evaluation.ConfusionMatrix', 'YoloTune.Evaluation.ConfusionCell', 'YoloTune.Evaluation.ImageMeasure', 'YoloTune.Evaluation.ImageObject', 'YoloTune.Runs.Finder.LearningRatePoint', 'YoloTune.Data.DatasetProblem'
    # Reports of several parts, which only a view of their own can show.
    $reports = 'YoloTune.DatasetTools.Checks.DatasetReport', 'YoloTune.DatasetTools.Conversion.ConversionResult', 'YoloTune.DatasetTools.Splitting.DatasetPart',
        'YoloTune.Runs.Records.RunSummary', 'YoloTune.Evaluation.ConfusionMatrix'
    $cases = @($types + $inner | Sort-Object -Unique | ForEach-Object { @{ Type = $_; IsReport = $_ -in $reports } })
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'TinyTraining.ps1'))
    # Names as long as they get.
    $names = 'a class with a rather long name', 'another class with a name that is longer still than that'
    $data = (New-YoloSampleDataset ([System.IO.Path]::Combine($TestDrive, 'data')) -Count 12 -ClassName $names -ImageSize 96).FullName
    $source = New-TinyModel 'circle', 'square'
    $options = New-TinyOption $data train
    $model = New-TinyModel $names | Copy-YoloWeights -Source $source -InformationAction Ignore | Start-YoloTraining @options
    $metrics = Measure-YoloModel $model $data -ImageSize 64 -NewClass $names[1]
    $search = Find-YoloLearningRate $model $data -ImageSize 64 -BatchSize 4 -Steps 10 -Workers 1 -WarningAction Ignore
    $labels = [System.IO.Path]::Combine($TestDrive, 'data', 'labels', 'train', '000000.txt')
    [System.IO.File]::WriteAllText($labels, '9 0.5 0.5 0.2 0.2')
    $images = [System.IO.Path]::Combine($TestDrive, 'data', 'images', 'val')
    $report = Test-YoloDataset $data
    # Annotations of one picture.
    $picture = [System.IO.Directory]::GetFiles($images)[0]
    $shape = @{ label = $names[1]; shape_type = 'rectangle'; points = @(@(5, 5), @(40, 40)) }, @{ label = $names[0]; shape_type = 'line'; points = @(@(1, 1), @(2, 2)) }
    $annotation = @{ imagePath = [System.IO.Path]::GetFileName($picture); imageWidth = 96; imageHeight = 96; shapes = $shape }
    $labelme = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($TestDrive, 'labelme')).FullName
    [System.IO.File]::Copy($picture, [System.IO.Path]::Combine($labelme, $annotation.imagePath))
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($labelme, 'one.json'), ($annotation | ConvertTo-Json -Depth 4))
    # What a download would give.
    $type = (Get-Command Save-YoloModel).OutputType[0].Type
    $check = [Enum]::ToObject($type.GetProperty('Verified').PropertyType, 2)
    $saved = $type.GetConstructors()[0]
    $objects = @(
        $model; $model.Transfer; $model.Transfer.Layers; $model.Run; $model.Run.Epochs; $metrics; $metrics.PerClass; $metrics.Groups; $metrics.ConfusionMatrix; $metrics.ConfusionMatrix.Cells; $metrics.Images; $metrics.Images.Objects
        Merge-YoloModel $model -Original $source -Data $data -Weight 0, 1 -ImageSize 64; $search; $search.Points; $report; $report.Problems
        Get-YoloLayer $model; Get-YoloParameter $model; Get-YoloTransferPlan $model -Source $source; Compare-YoloModel $model $source
        Invoke-YoloPrediction $model $images -ImageSize 64 -Confidence 0; Get-YoloArchitecture yolov8n*; Get-YoloDevice; Get-YoloRun $model.Run.Directory
        Show-YoloRun $model.Run; Compare-YoloRun $model.Run, $model.Run; Split-YoloDataset $data -WarningAction Ignore
        ConvertTo-YoloDataset $labelme -Destination ([System.IO.Path]::Combine($TestDrive, 'converted')) -WarningAction Ignore
        Import-YoloModel ([System.IO.Path]::Combine($model.Run.Directory, 'weights', 'best.pt')) -Inspect
        New-YoloStage -Preset FineTune -Epochs 10; New-YoloStage 3 -Name 'a stage with a long name' -Freeze Backbone, Neck, '*.bias'
        $saved.Invoke(@([System.IO.Path]::Combine($TestDrive, 'yolo26n-seg.pt'), 'yolo26n-seg', 5538835L, ('0' * 64), $check, 'AGPL-3.0',
                [uri]'https://example.org/yolo26n-seg.pt'))
    )
    $own = 'YoloTune.Evaluation.YoloMetrics', 'YoloTune.Evaluation.ConfusionMatrix', 'YoloTune.Runs.Records.RunSummary',
        'YoloTune.DatasetTools.Checks.DatasetReport', 'YoloTune.DatasetTools.Splitting.DatasetPart', 'YoloTune.DatasetTools.Conversion.ConversionResult'
    function Get-Line($Text) { ($Text | Out-String -Width 80) -split "`r?`n" | ForEach-Object TrimEnd }
    function Get-Sample([string] $Type) { @($objects | Where-Object { $_.GetType().FullName -eq $Type } | Select-Object -First 30) }
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'Views of <Type>' -ForEach $cases {
    It 'has an example here' {
        Get-Sample $Type | Should -Not -BeNullOrEmpty -Because 'a new output type needs an object in $objects above'
    }

    It 'fits 80 columns as it is shown by itself' {
        Get-Line (Get-Sample $Type) | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 -Because $_ }
    }

    It 'has lines of its own width, not ones that the terminal breaks' {
        # Messages and paths are as long as they are; tables of a text are not.
        if ($Type -notin $own) { return }
        $lines = @(((Get-Sample $Type) | Out-String -Width 300) -split "`r?`n" | ForEach-Object TrimEnd)
        $lines = $lines.Where({ $_ -notlike "*$TestDrive*" -and $_ -notmatch '^    |best.pt|results.png' })
        $lines.Count | Should -BeGreaterThan 1
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 79 -Because $_ }
    }

    It 'fits 80 columns as a table, every heading whole' {
        $lines = Get-Line (Get-Sample $Type | Format-Table)
        $view = Get-FormatData -TypeName $Type -PowerShellVersion $PSVersionTable.PSVersion | ForEach-Object FormatViewDefinition |
            Where-Object { $_.Control.GetType().Name -eq 'TableControl' } | Select-Object -First 1
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 -Because $_ }
        @($lines -match '\w').Count | Should -BeGreaterThan 1
        # What has no room is left out without a word.
        foreach ($label in $view.Control.Headers.Label | Where-Object { $_ }) { ($lines -match '\w')[0] | Should -BeLike "*$label*" }
        ($lines -match '\w')[0] | Should -Not -Match ([char]0x2026)
    }

    It 'fits 80 columns as a list' {
        $lines = Get-Line (Get-Sample $Type | Format-List)
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 -Because $_ }
        @($lines -match '^\w+ +:').Count | Should -BeGreaterThan 1
        # What a record prints of itself is no reading for people.
        if (-not $IsReport) { $lines | Should -Not -Match '\w+ \{ \w+ = ' }
    }

    It 'can be sorted by the names that its table shows' {
        $sample = Get-Sample $Type
        $own = $sample[0].GetType().GetProperties().Name
        foreach ($member in (Get-TypeData $Type).Members.Values) {
            # A heading that is a property of another meaning would hide that.
            $member.Name | Should -Not -BeIn $own
            { $sample | Sort-Object $member.Name } | Should -Not -Throw
            $sample[0].psobject.Members[$member.Name] | Should -Not -BeNullOrEmpty
        }
    }

    It 'has a table of its own' {
        $views = Get-FormatData -TypeName $Type -PowerShellVersion $PSVersionTable.PSVersion | ForEach-Object FormatViewDefinition
        @($views | Where-Object { $_.Control.GetType().Name -eq 'TableControl' }).Count |
            Should -BeGreaterThan ($IsReport ? -1 : 0)
    }
}

Describe 'Redirected output' {
    It 'has no escape codes' {
        $file = [System.IO.Path]::Combine($TestDrive, 'out.txt')
        $PSStyle.OutputRendering = 'Host'
        try {
            & {
                $new = New-YoloModel yolo11n -ClassName a, b
                $new; $new | Set-YoloFreeze -First 10 | Get-YoloLayer; $new | Get-YoloParameter -Layer 23
                Get-YoloTransferPlan $new -Source (New-YoloModel yolo11n -ClassCount 80); $objects
            } > $file
        }
        finally { $PSStyle.OutputRendering = 'PlainText' }
        $text = [System.IO.File]::ReadAllText($file)
        $text | Should -Match 'C3k2'
        $text.Contains([char]27) | Should -BeFalse
    }
}
