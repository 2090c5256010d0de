<#
.SYNOPSIS
Brings the SYNTAX section and the YAML blocks of docs/en-US into line with the built cmdlets.
.DESCRIPTION
Descriptions, examples and everything else a person wrote stay. A parameter that a page lacks gets a section with the description
"{{ Describe NAME }}", one that the cmdlet no longer has loses its section, and a cmdlet without a page gets one to fill in. A default value
that the code does not state (null, 0, empty) keeps the words of the page.
#>
[CmdletBinding()]
param([string[]]$Name = '*')

$ErrorActionPreference = 'Stop'
$root = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..'))
$pages = [System.IO.Path]::Combine($root, 'docs', 'en-US')
$common = [System.Management.Automation.PSCmdlet]::CommonParameters
Import-Module ([System.IO.Path]::Combine($root, 'YoloTune.psd1')) -Force

$standard = @{
    WhatIf  = 'Shows what would happen. Nothing is changed.'
    Confirm = 'Asks before it changes anything.'
}

function Get-TypeName([type]$type) {
    $inner = [System.Nullable]::GetUnderlyingType($type)
    if ($inner) { $inner.Name } else { $type.Name }
}

function Get-OrderedParameter($set) {
    $all = @($set.Parameters | Where-Object { $_.Name -notin $common })
    $last = @('WhatIf', 'Confirm')
    $byPosition = [System.Collections.Generic.SortedList[int, object]]::new()
    foreach ($parameter in $all) { if ($parameter.Position -ge 0) { $byPosition[$parameter.Position] = $parameter } }
    $byPosition.Values
    $all | Where-Object { $_.Position -lt 0 -and $_.IsMandatory }
    $all | Where-Object { $_.Position -lt 0 -and -not $_.IsMandatory -and $_.Name -notin $last }
    $all | Where-Object { $_.Name -in $last }
}

function Get-SyntaxLine($command, $set) {
    $parts = foreach ($parameter in Get-OrderedParameter $set) {
        $label = "-$($parameter.Name)"
        if ($parameter.Position -ge 0) { $label = "[$label]" }
        if ($parameter.ParameterType -ne [switch]) { $label += " <$(Get-TypeName $parameter.ParameterType)>" }
        if ($parameter.IsMandatory) { $label } else { "[$label]" }
    }
    $lines = [System.Collections.Generic.List[string]]::new()
    $line = $command.Name
    foreach ($part in @($parts) + '[<CommonParameters>]') {
        if ($line.Length + $part.Length -gt 110) { $lines.Add($line); $line = '' }
        $line += " $part"
    }
    $lines.Add($line)
    $lines
}

function Get-Syntax($command) {
    $sets = @($command.ParameterSets)
    if ($sets.Count -eq 1) { return @('```') + @(Get-SyntaxLine $command $sets[0]) + @('```', '') }
    foreach ($set in @($sets | Where-Object IsDefault) + @($sets | Where-Object { -not $_.IsDefault })) {
        "### $($set.Name)$(if ($set.IsDefault) { ' (Default)' })"
        '```'
        Get-SyntaxLine $command $set
        '```'
        ''
    }
}

function Get-Pipeline($parameter) {
    $ways = @(if ($parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' }; if ($parameter.ValueFromPipeline) { 'ByValue' })
    if ($ways.Count -eq 0) { 'False' } else { "True ($($ways -join ', '))" }
}

function Get-DefaultValue($command, $metadata, [string]$written) {
    $type = $metadata.ParameterType
    if ($type -eq [switch]) { return 'False' }
    if ($metadata.Name -in 'WhatIf', 'Confirm') { return 'False' }
    $mandatory = @($metadata.ParameterSets.Values | Where-Object IsMandatory).Count -gt 0
    if ($mandatory) { return 'None' }
    $value = $command.ImplementingType.GetProperty($metadata.Name).GetValue([System.Activator]::CreateInstance($command.ImplementingType))
    $text = if ($value -is [array]) { $value -join ', ' } elseif ($value -is [System.IFormattable] -and $value -ne 0 -and $value -isnot [uri]) {
        $value.ToString($null, [cultureinfo]::InvariantCulture) } elseif ($value -is [string] -or $value -is [uri]) { "$value" }
    if ($text) { $text } elseif ($written) { $written } else { 'None' }
}

function Get-Block($command, $metadata, [string]$written) {
    $groups = [ordered]@{}
    $sets = @($command.ParameterSets | Where-Object { $_.Parameters.Name -contains $metadata.Name })
    foreach ($set in $sets) {
        $parameter = $set.Parameters | Where-Object Name -EQ $metadata.Name
        $key = "$($parameter.IsMandatory) $($parameter.Position) $(Get-Pipeline $parameter)"
        if (-not $groups.Contains($key)) {
            $groups[$key] = [pscustomobject]@{ Parameter = $parameter; Sets = [System.Collections.Generic.List[string]]::new() }
        }
        $groups[$key].Sets.Add($set.Name)
    }
    $element = $metadata.ParameterType
    if ($element.IsArray) { $element = $element.GetElementType() }
    $underlying = [System.Nullable]::GetUnderlyingType($element)
    if ($underlying) { $element = $underlying }
    $validation = $metadata.Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateSetAttribute] }
    $values = if ($element.IsEnum) { [System.Enum]::GetNames($element) } elseif ($validation) { $validation.ValidValues }
    $wildcards = @($metadata.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }).Count -gt 0
    foreach ($group in $groups.Values) {
        $all = $group.Sets.Count -eq @($command.ParameterSets).Count
        '```yaml'
        "Type: $(Get-TypeName $metadata.ParameterType)"
        "Parameter Sets: $(if ($all) { '(All)' } else { $group.Sets -join ', ' })"
        "Aliases:$(if ($metadata.Aliases.Count) { ' ' + ($metadata.Aliases -join ', ') })"
        if ($values) { "Accepted values: $($values -join ', ')" }
        ''
        "Required: $($group.Parameter.IsMandatory)"
        "Position: $(if ($group.Parameter.Position -ge 0) { $group.Parameter.Position } else { 'Named' })"
        "Default value: $(Get-DefaultValue $command $metadata $written)"
        "Accept pipeline input: $(Get-Pipeline $group.Parameter)"
        "Accept wildcard characters: $wildcards"
        '```'
        ''
    }
}

function Split-Section([string[]]$lines, [string]$mark) {
    $sections = [ordered]@{ '' = [System.Collections.Generic.List[string]]::new() }
    $current = ''
    $fence = $false
    foreach ($line in $lines) {
        if ($line.StartsWith('```')) { $fence = -not $fence }
        if (-not $fence -and $line.StartsWith("$mark ")) {
            $current = $line.Substring($mark.Length + 1).Trim()
            $sections[$current] = [System.Collections.Generic.List[string]]::new()
        }
        else { $sections[$current].Add($line) }
    }
    $sections
}

function Get-Parameters($command, [string[]]$lines) {
    $sections = Split-Section $lines '###'
    $names = @($command.Parameters.Keys | Where-Object { $_ -notin $common -and $_ -notin 'WhatIf', 'Confirm' })
    [array]::Sort($names, [System.StringComparer]::Ordinal)
    $names += @('WhatIf', 'Confirm') | Where-Object { $command.Parameters.ContainsKey($_) }
    ''
    foreach ($parameter in $names) {
        "### -$parameter"
        $written = ''
        $text = [System.Collections.Generic.List[string]]::new()
        if ($sections.Contains("-$parameter")) {
            $fence = $false
            foreach ($line in $sections["-$parameter"]) {
                if ($line.StartsWith('Default value: ') -and $fence) { $written = $line.Substring(15) }
                if ($line.StartsWith('```yaml')) { $fence = $true } elseif ($line -eq '```' -and $fence) { $fence = $false }
                elseif (-not $fence) { $text.Add($line) }
            }
        }
        while ($text.Count -and -not $text[$text.Count - 1].Trim()) { $text.RemoveAt($text.Count - 1) }
        if (-not $text.Count) { $text.Add(($standard[$parameter] ?? "{{ Describe $parameter }}")) }
        $text
        ''
        Get-Block $command $command.Parameters[$parameter] $written
    }
    '### CommonParameters'
    'This cmdlet supports the common parameters. For more information, see'
    '[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).'
    ''
}

foreach ($command in Get-Command -Module YoloTune -CommandType Cmdlet -Name $Name) {
    $path = [System.IO.Path]::Combine($pages, "$($command.Name).md")
    $lines = if ([System.IO.File]::Exists($path)) { [System.IO.File]::ReadAllLines($path) } else {
        @('---', 'external help file: YoloTune.dll-Help.xml', 'Module Name: YoloTune', 'schema: 2.0.0', '---', '', "# $($command.Name)", '',
            '## SYNOPSIS', '{{ Synopsis }}', '', '## SYNTAX', '', '## DESCRIPTION', '{{ Description }}', '', '## EXAMPLES', '',
            '### Example 1: {{ Title }}', '```powershell', $command.Name, '```', '', '## PARAMETERS', '', '## INPUTS', '', '## OUTPUTS', '',
            '## NOTES', '', '## RELATED LINKS', '')
    }
    $sections = Split-Section $lines '##'
    $sections['SYNTAX'] = @('') + @(Get-Syntax $command)
    $sections['PARAMETERS'] = @(Get-Parameters $command @($sections['PARAMETERS']))
    $result = [System.Collections.Generic.List[string]]::new()
    foreach ($title in $sections.Keys) {
        if ($title) { $result.Add("## $title") }
        foreach ($line in $sections[$title]) { $result.Add($line) }
    }
    [System.IO.File]::WriteAllText($path, ($result -join "`n").TrimEnd() + "`n")
}
