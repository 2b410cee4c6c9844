"""Shell completion for `loopcheck …`: a script that calls us for the next word."""

SCRIPTS = {
    "bash": """\
_loopcheck() {
    local IFS=$'\\n' before=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
    COMPREPLY=($(compgen -W "$(loopcheck --complete "${before[@]}" 2>/dev/null)" \\
        -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _loopcheck loopcheck
""",
    "zsh": """\
#compdef loopcheck
_loopcheck() {
    local -a found
    found=("${(@f)$(loopcheck --complete "${(@)words[2,CURRENT-1]}" 2>/dev/null)}")
    compadd -a found || _files
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _loopcheck loopcheck
""",
    "fish": """\
complete -c loopcheck -f -a '(loopcheck --complete (commandline -opc)[2..] 2>/dev/null)'
""",
    "powershell": """\
Register-ArgumentCompleter -Native -CommandName loopcheck -ScriptBlock {
    param($word, $line, $at)
    $before = @($line.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $at } | ForEach-Object { $_.ToString() })
    loopcheck --complete @before | Where-Object { $_ -like "$word*" }
}
""",
}
PLACES = {
    "bash": 'add to ~/.bashrc: eval "$(loopcheck completion bash)"',
    "zsh": 'add to ~/.zshrc: eval "$(loopcheck completion zsh)"',
    "fish": "loopcheck completion fish > ~/.config/fish/completions/loopcheck.fish",
    "powershell": "add to $PROFILE: loopcheck completion powershell | Out-String | iex",
}
