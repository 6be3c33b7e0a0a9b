#!/usr/bin/env bash
# The walls of the house: what may include what. Prints each breach; fails on any.
cd "$(dirname "$0")/.." || exit 1
status=0
breach() { # WHERE PATTERN WHY
    local found
    found=$(grep -rnE "#include [<\"]($2)" $1 --include='*.[ch]' 2>/dev/null)
    [ -z "$found" ] || { printf '%s:\n%s\n' "$3" "$found"; status=1; }
}
breach core '(gtk|adwaita|gdk|epoxy|EGL|GL)/' 'core knows the screen'
breach core '(ui|app|tests)/' 'core looks up'
breach core/base 'core/(data|formats|structure|simulation|project)/' 'base looks up'
breach core/data 'core/(formats|structure|simulation|project)/' 'data looks up'
breach core/formats 'core/(structure|simulation|project)/' 'formats looks up'
breach core/structure 'core/(simulation|project)/' 'structure reaches aside or up'
breach core/simulation 'core/(structure|project)/' 'simulation reaches aside or up'
breach ui/figure '(gtk|adwaita|gdk|epoxy|EGL|GL)/' 'figures are drawn without GTK and OpenGL'
breach ui/plot '(gtk|adwaita|gdk|epoxy|EGL|GL)/' 'plots are drawn without GTK and OpenGL'
missing=$(git ls-files '*.c' '*.h' '*.sh' | xargs grep -L 'SPDX-License-Identifier' | grep -v '\.sh$')
[ -z "$missing" ] || { printf 'no SPDX line:\n%s\n' "$missing"; status=1; }
long=$(git ls-files '*.c' '*.h' | xargs wc -l | awk '$2 != "total" && $1 > 900 {print $2 ": " $1 " lines"}')
[ -z "$long" ] || { printf 'long files:\n%s\n' "$long"; status=1; }
exit $status
