# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of alloyscope for bash: the program itself knows what fits.
_alloyscope()
{
    local word=${COMP_WORDS[COMP_CWORD]} line
    COMPREPLY=()
    [[ $word == "=" ]] && word=
    local IFS=$'\n'
    if line=$("${COMP_WORDS[0]}" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); then
        for line in $line; do
            line=${line% }
            [[ $line == "$word"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
        done
    else
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$word"))
    fi
} && complete -F _alloyscope alloyscope
