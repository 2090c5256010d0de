# Reads the commands out of the documents: README.md and its neighbours, docs/*.md, and the examples of the help pages.
#
# What counts as a command:
# - the lines behind "PS> " (">> " goes on with one); the lines between are what it shows
# - a block fenced as powershell, sh or bash
# - any other block, fenced without a name or indented, whose first line looks like a command
# Other blocks are text, configuration, or what a command before them prints.

# The documents under a root, by their paths relative to it.
function Get-Document([string] $Root) {
    foreach ($folder in '', 'docs', 'docs/en-US') {
        $files = [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($Root, $folder), '*.md')
        [array]::Sort($files, [System.StringComparer]::Ordinal)
        foreach ($file in $files) { [System.IO.Path]::GetRelativePath($Root, $file).Replace('\', '/') }
    }
}

# The code blocks of a document: Line (of its first line, from 1), Tag, Lines, Follows (only empty lines or "Prints" stand between it and
# the block before).
function Get-DocumentBlock([string] $Path) {
    $lines = [System.IO.File]::ReadAllLines($Path)
    # A help page describes syntax and parameters in blocks, too; only its examples are commands.
    $isHelp = [System.IO.Path]::GetFileName($Path) -cmatch '^[A-Z]\w+-Yolo'
    $section = ''
    $follows = $false
    for ($i = 0; $i -lt $lines.Count; $i++) {
        $line = $lines[$i]
        if ($line -match '^## (.+)') { $section = $Matches[1] }
        $tag = $null
        if ($line -match '^\s*```(\w*)\s*$') {
            $tag = $Matches[1]
            $first = $i + 1
            for ($end = $first; $end -lt $lines.Count -and $lines[$end] -notmatch '^\s*```\s*$'; $end++) { }
            $body = @(for ($j = $first; $j -lt $end; $j++) { $lines[$j] })
            $i = $end
        }
        elseif ($line -match '^    \S' -and ($i -eq 0 -or $lines[$i - 1].Trim().Length -eq 0)) {
            $tag = ''
            $first = $i
            for ($end = $i; $end -lt $lines.Count -and $lines[$end] -match '^(    |\s*$)'; $end++) { }
            $body = @(for ($j = $first; $j -lt $end; $j++) { if ($lines[$j].Length -gt 4) { $lines[$j].Substring(4) } else { '' } })
            $i = $end - 1
        }
        elseif ($line.Trim() -notin '', 'Prints') { $follows = $false }
        if ($null -eq $tag) { continue }
        if (-not $isHelp -or $section -eq 'EXAMPLES') { @{ Line = $first + 1; Tag = $tag; Lines = $body; Follows = $follows } }
        $follows = $true
    }
}

# Whether a line of a block without a name is something to type.
function Test-DocumentCommand([string] $Line) {
    $Line -cmatch '^(#|\$\w+\s*(=|\|)|\(?[A-Z]\w+-[A-Z]\w+\b|(dotnet|git|cd|pwsh|\./[\w-]+\.ps1|samples/[\w-]+\.ps1)\b)'
}

# The statements of a script with their first lines.
function Split-DocumentScript([string] $Text, [int] $Line) {
    $errors = $null
    $script = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $errors)
    if ($errors) { return @{ Line = $Line; Text = $Text; Problem = "It cannot be parsed: $($errors[0].Message)" } }
    foreach ($statement in $script.EndBlock.Statements) {
        @{ Line = $Line + $statement.Extent.StartLineNumber - 1; Text = $statement.Extent.Text; Problem = $null }
    }
}

# The statements of a document in their order: Document, Line, Text, Problem (why it cannot be parsed), Shown (the lines that the document
# shows as its output), NeedsRun.
function Get-DocumentCommand([string] $Root, [string] $Document) {
    $exceptions = & ([System.IO.Path]::Combine($Root, 'tests', 'Documents', 'Exceptions.ps1'))
    $last = $null
    $found = foreach ($block in Get-DocumentBlock ([System.IO.Path]::Combine($Root, $Document))) {
        $lines = $block.Lines
        $isTranscript = @($lines -clike 'PS> *').Count -gt 0
        if ($isTranscript) {
            for ($i = 0; $i -lt $lines.Count; $i++) {
                if ($lines[$i] -cnotlike 'PS> *') { continue }
                $start = $i
                $text = $lines[$i].Substring(4)
                while ($i + 1 -lt $lines.Count -and $lines[$i + 1] -like '>> *') { $text += "`n" + $lines[++$i].Substring(3) }
                $shown = @(for ($j = $i + 1; $j -lt $lines.Count -and $lines[$j] -cnotlike 'PS> *'; $j++) { $lines[$j] })
                $statements = @(Split-DocumentScript $text ($block.Line + $start))
                $statements[-1].Shown = $shown
                $statements
            }
            $last = $null
        }
        elseif ($block.Tag -in 'powershell', 'pwsh', 'sh', 'bash' -or ($block.Tag -eq '' -and (Test-DocumentCommand $lines[0]))) {
            $statements = @(Split-DocumentScript ([string]::Join("`n", $lines)) $block.Line)
            $statements
            $last = if ($statements.Count -gt 0) { $statements[-1] }
        }
        elseif ($block.Follows -and $last) { $last.Shown = $lines; $last = $null }
    }
    foreach ($statement in $found) {
        $names = @(Get-StatementCommand $statement.Text | ForEach-Object { $_.GetCommandName() } | Where-Object { $_ })
        $exception = $exceptions | Where-Object {
            @($names -like $_.Command).Count -gt 0 -and
            (-not $_.Text -or $statement.Text -like $_.Text) -and (-not $_.Document -or $_.Document -eq $Document)
        } | ForEach-Object { $_.Reason }
        [pscustomobject]@{
            Document = $Document
            Line     = $statement.Line
            Text     = $statement.Text
            Problem  = $statement.Problem
            Shown    = @($statement.Shown | Where-Object { $_ })
            Names    = $names
            NotRun   = @($exception)[0]
        }
    }
}

# The calls of commands in a script.
function Get-StatementCommand([string] $Text) {
    $script = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $null)
    $script.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)
}

# Calls of the module's cmdlets that stand in the running text, between single backquotes.
function Get-DocumentMention([string] $Root, [string] $Document) {
    $text = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($Root, $Document))
    $number = 0
    foreach ($line in $text.Split("`n")) {
        $number++
        foreach ($match in [regex]::Matches($line, '(?<!`)`([A-Z]\w+-Yolo[^`]*)`(?!`)')) {
            [pscustomobject]@{ Document = $Document; Line = $number; Text = $match.Groups[1].Value }
        }
    }
}

# The links of a document that lead to no file, or to no heading of it.
function Find-BrokenLink([string] $Root, [string] $Document) {
    $path = Join-Path $Root $Document
    foreach ($link in [regex]::Matches([System.IO.File]::ReadAllText($path), '\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)')) {
        $file, $heading = $link.Groups[1].Value, $link.Groups[2].Value
        $target = $file ? (Join-Path (Split-Path $path) $file) : $path
        if (-not (Test-Path -LiteralPath $target)) { "${Document}: $($link.Value) leads nowhere."; continue }
        if (-not $heading) { continue }
        $headings = @(Get-Content -LiteralPath $target) -like '#*' |
            ForEach-Object { ($_.TrimStart('#').Trim().ToLowerInvariant() -replace '[^\w\- ]').Replace(' ', '-') }
        if ($heading -cnotin $headings) { "${Document}: $($link.Value) leads to no heading of $target." }
    }
}

# What a static look finds wrong with a statement: cmdlets, parameters, scripts and projects that do not exist. This is all that is done
# with the exceptions, and it is done with everything.
function Find-DocumentProblem([string] $Root, [string] $Text) {
    foreach ($call in Get-StatementCommand $Text) {
        $name = $call.GetCommandName()
        if (-not $name) { continue }
        $parameters = @($call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] } |
                ForEach-Object { $_.ParameterName })
        if ($name -like '*-Yolo*') {
            $command = Get-Command $name -CommandType Cmdlet -ErrorAction Ignore
            if (-not $command) { "There is no cmdlet $name."; continue }
            foreach ($parameter in $parameters) {
                if (-not $command.Parameters.ContainsKey($parameter)) { "$name has no parameter -$parameter." }
            }
        }
        elseif ($name -like '*.ps1') {
            $file = [System.IO.Path]::Combine($Root, $name)
            if (-not [System.IO.File]::Exists($file)) { "There is no script $name."; continue }
            $script = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $null)
            $known = @($script.ParamBlock.Parameters | ForEach-Object { $_.Name.VariablePath.UserPath })
            foreach ($parameter in $parameters) { if ($parameter -notin $known) { "$name has no parameter -$parameter." } }
        }
        elseif ($name -eq 'dotnet') {
            # Paths below src and tests, and scripts of samples, are those of the checkout; PowerShell is named as the manifest of tools names it.
            $manifest = Get-Content (Join-Path $Root .config dotnet-tools.json) | ConvertFrom-Json
            foreach ($element in $call.CommandElements) {
                $value = $element.Extent.Text
                if ($value -like 'PowerShell@*' -and $value -ne "PowerShell@$($manifest.tools.powershell.version)") { "The manifest of tools has not $value." }
                if ($value -like '*.ps1' -and -not (Test-Path -LiteralPath (Join-Path $Root $value))) { "There is no script $value." }
                if ($value -notmatch '^\.?/?(src|tests|samples|build)/[\w./-]+$') { continue }
                $path = [System.IO.Path]::Combine($Root, $value)
                if (-not [System.IO.File]::Exists($path) -and -not [System.IO.Directory]::Exists($path)) { "There is no $value." }
            }
        }
    }
}

# Which of the lines that a document shows are missing from what a command put out. Compared are lines that no dataset and no machine can
# change: words without a number, and counts of items such as "448/499". White space does not count: a line is broken where the window ends.
function Find-MissingLine([string[]] $Shown, [string] $Output) {
    $there = [regex]::Replace($Output, '\s', '')
    foreach ($line in $Shown) {
        $wanted = [regex]::Replace($line, '\s', '')
        if ($wanted -match '^[-.]*$' -or ($wanted -match '\d' -and $wanted -notmatch '\d/\d')) { continue }
        if (-not $there.Contains($wanted)) { $line }
    }
}

# Whether a document shows the message of an error, so that it is meant to occur.
function Test-ErrorShown([string[]] $Shown, [string] $Message) {
    [regex]::Replace([string]::Join('', $Shown), '\s', '').Contains([regex]::Replace($Message, '\s', ''))
}
