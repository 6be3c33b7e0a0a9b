#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The demo: the Pd@Ir study's three particles (200, 300, 400 degrees Celsius; 0, 30, 60, 120 min), simulated with exactly
# the atom counts of its tables S1-S3, then analysed as a real series would be.
#
#   data/demo.sh PROGRAM OUTPUT_FOLDER
#
# Everything is synthetic: positions, species and their truth come from a simulation (alloyscope help simulate-series).
set -eu
program=$1
out=$2
mkdir -p "$out"
quiet=--quiet

for particle in 1 2 3; do
    case $particle in 1) temperature=200 ;; 2) temperature=300 ;; 3) temperature=400 ;; esac
    name=$out/synthetic-pd-ir-$temperature
    printf 'particle %s (%s C): simulating' $particle $temperature
    "$program" run simulate-series --particle $particle --seed $particle $quiet -o "$name.xyz"
    printf ', pair distribution'
    "$program" run rdf "$name.xyz" $quiet -o "$name-rdf.csv"
    printf ', coordination'
    "$program" run coordination "$name.xyz" $quiet -o "$name-coordination.csv" -o "histogram:$name-cn.csv"
    printf ', chemical order and its null'
    "$program" run csrop "$name.xyz" --species Pd $quiet -o "$name-csrop.csv" -o "csrop:$name-csrop-pairs.csv" \
        -o "scalars:$name-csrop-stages.csv"
    printf ', local concentration'
    "$program" run local-concentration "$name.xyz" $quiet -o "$name-concentration.csv"
    printf ', the surface'
    "$program" run statistics "$name.xyz" --where 'cn < 12' --species Pd $quiet -o "statistics:$name-surface.csv" \
        -o "composition:$name-surface-composition.csv"
    printf ', figures'
    for ending in png pdf; do
        [ $ending = pdf ] && [ $particle != 3 ] && continue
        "$program" render "$name.xyz" $quiet --slab z:-inf,0 --width 183 --letters -o "$name-species.$ending"
        "$program" render "$name.xyz" $quiet --slab z:-inf,0 --width 183 --letters --colour-by csrop.Pd \
            --range=-3,1 --neutral 0 -o "$name-order.$ending"
    done
    printf '\n'
done

# One project file, with where everything in it comes from: it begins at the simulation, so its script needs no file.
project=$out/synthetic-pd-ir-400.alloy
rm -f "$project"
"$program" run simulate-series --particle 3 --seed 3 $quiet -o "$project#synthetic"
"$program" run csrop "$project#synthetic" --species Pd $quiet -o "$project"
"$program" script "$project" > "$out/synthetic-pd-ir-400.sh"

# What came out, side by side: columns by name, so that a new column does no harm.
column() { awk -F, -v want="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == want) c = i } NR > 2 { print $c }' "$1"; }
where() { # FILE COLUMN KEY VALUE [KEY VALUE]: one value per stage
    awk -F, -v want="$2" -v k1="$3" -v v1="$4" -v k2="${5:-$3}" -v v2="${6:-$4}" '
        NR == 1 { for (i = 1; i <= NF; i++) { if ($i == want) c = i; if ($i == k1) a = i; if ($i == k2) b = i } }
        NR > 2 && $a == v1 && $b == v2 { print $c }' "$1"
}
summary() {
    printf '\nSynthetic Pd@Ir, by stage: order of Pd among Pd (alpha_PdPd, mean over the Pd atoms) against the same\n'
    printf 'sites with species shuffled 999 times, and Pd at the surface (CN < 12) with its binomial error.\n\n'
    printf '%-8s %-8s %7s %8s %11s %9s %8s %8s %16s\n' particle stage atoms C_Pd alpha_PdPd sem z p 'surface Pd / %'
    for temperature in 200 300 400; do
        name=$out/synthetic-pd-ir-$temperature
        for field in stage_label centres concentration_Pd shuffles; do
            column "$name-csrop-stages.csv" $field > "$out/.$field"
        done
        for field in mean sem z p; do
            where "$name-csrop-pairs.csv" $field centre Pd neighbour Pd > "$out/.$field"
        done
        for field in fraction error; do
            where "$name-surface-composition.csv" $field species Pd > "$out/.$field"
        done
        (cd "$out" && paste -d, .stage_label .centres .concentration_Pd .mean .sem .z .p .fraction .error .shuffles) |
            awk -F, -v t="$temperature C" '{ printf "%-8s %-8s %7d %8.4f %11.4f %9.4f %8.1f %s%5.3f %9.1f +- %.1f\n",
                t, $1, $2, $3, $4, $5, $6, $7 * (1 + $10) < 1.5 ? "<= " : "   ", $7, 100 * $8, 100 * $9 }'
    done
    (cd "$out" && rm -f .stage_label .centres .concentration_Pd .mean .sem .z .p .fraction .error .shuffles)
}
summary | tee "$out/summary.txt"
printf '\ntables, models and the project are in %s/; figures of the four stages cut open:\n' "$out"
for temperature in 200 300 400; do
    printf '  %s by species, %s by order of Pd\n' "$out/synthetic-pd-ir-$temperature-species.png" \
        "$out/synthetic-pd-ir-$temperature-order.png"
done
printf '  and as vectors %s\n' "$out/synthetic-pd-ir-400-species.pdf, $out/synthetic-pd-ir-400-order.pdf"
