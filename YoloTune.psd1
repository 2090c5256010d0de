@{
    RootModule           = 'YoloTune.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b0f7d52-6f4e-4c8f-9d0a-1f2f6b0a7c31'
    Author               = 'The YoloTune authors'
    CompanyName          = 'The YoloTune authors'
    Copyright            = '(c) The YoloTune authors. MIT licence.'
    Description          = 'Fine-tuning YOLO models in PowerShell, for boxes, masks, keypoints, oriented boxes and classes: which weights are kept, which layers learn and how fast, as objects.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('YoloTune.Types.ps1xml')
    FormatsToProcess     = @('YoloTune.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Get-YoloArchitecture'
        'New-YoloModel'
        'Import-YoloModel'
        'Export-YoloModel'
        'Save-YoloModel'
        'Get-YoloLayer'
        'Get-YoloParameter'
        'Compare-YoloModel'
        'Merge-YoloModel'
        'Copy-YoloWeights'
        'Get-YoloTransferPlan'
        'Set-YoloClass'
        'Add-YoloClass'
        'Remove-YoloClass'
        'Set-YoloFreeze'
        'Set-YoloLearningRate'
        'New-YoloStage'
        'Get-YoloDevice'
        'Measure-YoloModel'
        'Invoke-YoloPrediction'
        'ConvertTo-YoloDataset'
        'Split-YoloDataset'
        'Test-YoloDataset'
        'New-YoloSampleDataset'
        'Start-YoloTraining'
        'Resume-YoloTraining'
        'Get-YoloRun'
        'Compare-YoloRun'
        'Show-YoloRun'
        'Export-YoloReport'
        'Show-YoloDataset'
        'Show-YoloImage'
        'Find-YoloLearningRate'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('YOLO', 'TorchSharp', 'fine-tuning', 'object-detection', 'segmentation', 'pose-estimation', 'image-classification', 'machine-learning', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'What is new in each version is in CHANGELOG.md, in the folder of the module.'
        }
    }
}
