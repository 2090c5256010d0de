#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

Describe 'Get-YoloDevice' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot '../YoloTune.psd1')
    }

    It 'lists the processor first' {
        $cpu = @(Get-YoloDevice)[0]
        $cpu.Name | Should -Be 'cpu'
        $cpu.TotalMemory | Should -BeGreaterThan 1GB
        $cpu.Threads | Should -BeGreaterThan 0
        $cpu.Description | Should -Not -BeNullOrEmpty
        $cpu.ComputeCapability | Should -BeNullOrEmpty
    }

    It 'takes names by <Kind>' -ForEach @(
        @{ Kind = 'position'; Script = { Get-YoloDevice cpu } }
        @{ Kind = 'wildcard'; Script = { Get-YoloDevice -Name c?u } }
        @{ Kind = 'value from the pipeline'; Script = { 'cpu' | Get-YoloDevice } }
        @{ Kind = 'property name'; Script = { [pscustomobject]@{ Name = 'CPU' } | Get-YoloDevice } }
    ) {
        (& $Script).Name | Should -Be 'cpu'
    }

    It 'shows name, precision and memory within 100 columns' {
        $text = Get-YoloDevice cpu | Out-String -Width 100
        $text | Should -Match '(?m)^Name.*BFloat16'
        $text | Should -Match '(?m)^cpu.*GiB'
    }

    It 'gives nothing for a wildcard that matches nothing' {
        Get-YoloDevice abacus* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'writes an error with a stable id for a name that is not there, names those that are, and goes on' {
        (Get-YoloDevice abacus:3, cpu -ErrorVariable problems -ErrorAction SilentlyContinue).Name | Should -Be cpu
        $problems[0].FullyQualifiedErrorId | Should -Be 'Selection,YoloTune.Commands.GetYoloDeviceCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $problems[0].TargetObject | Should -Be 'abacus:3'
        "$($problems[0])" | Should -BeLike '*cpu*'
    }

    It 'has help with examples' {
        $help = Get-Help Get-YoloDevice
        $help.Synopsis | Should -Match 'devices'
        $help.Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
