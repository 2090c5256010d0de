# The hosted engine has neither Microsoft.PowerShell.Utility nor .Management. These functions do just enough for a pipeline of a document to
# go on; tests/Documents.Tests.ps1 runs the same documents in pwsh with the real ones.
function Group-Object { $input | ForEach-Object { $_ } }
function Sort-Object { $input | ForEach-Object { $_ } }
function Format-Table { $input | ForEach-Object { $_ } }
function Format-List { $input | ForEach-Object { $_ } }
function Export-Csv { $null = @($input) }
function Measure-Object { [pscustomobject]@{ Count = @($input).Count; Sum = 0; Average = 0; Maximum = 0 } }

function Select-Object {
    param([Parameter(ValueFromPipeline)] $InputObject, [Parameter(Position = 0)] [object[]] $Property, [int] $First, [int] $Last,
        [string] $ExpandProperty)
    begin { $all = [System.Collections.Generic.List[object]]::new() }
    process { $all.Add($InputObject) }
    end {
        $from = if ($Last) { [Math]::Max(0, $all.Count - $Last) } else { 0 }
        $count = if ($First) { [Math]::Min($First, $all.Count) } else { $all.Count - $from }
        foreach ($item in $all.GetRange($from, $count)) { if ($ExpandProperty) { $item.$ExpandProperty } else { $item } }
    }
}

function Get-ChildItem([string] $Path = '.') {
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    $pattern = '*'
    if (-not [System.IO.Directory]::Exists($full)) {
        $pattern = [System.IO.Path]::GetFileName($full)
        $full = [System.IO.Path]::GetDirectoryName($full)
    }
    [System.IO.DirectoryInfo]::new($full).GetFileSystemInfos($pattern)
}
