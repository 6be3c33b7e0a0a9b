#!/usr/bin/env bash
# fuzz.sh [SECONDS] [TARGET...]: builds the fuzzers with clang and runs each for SECONDS (60), the new inputs kept in
# build-fuzz/corpus/TARGET and what fails in build-fuzz/failures. TARGET: xyz, text, any, ... expression, project or origin; all
# without one.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}; shift || true

if [ ! -f build-fuzz/build.ninja ]; then
    CC=clang meson setup build-fuzz -Dfuzz=true -Dbuildtype=debugoptimized -Db_sanitize=address,undefined \
        -Db_lundef=false >/dev/null
fi
targets=()
for folder in tests/fuzz/corpus/*/; do
    name=$(basename "$folder")
    if [ $# -eq 0 ]; then targets+=("$name"); continue; fi
    for wanted in "$@"; do
        case "$name" in "$wanted" | "reader-$wanted") targets+=("$name") ;; esac
    done
done
[ ${#targets[@]} -gt 0 ] || { echo "no such target: $*" >&2; exit 2; }
ninja -C build-fuzz "${targets[@]/#/tests/fuzz/fuzz-}" >build-fuzz/fuzz.log || { cat build-fuzz/fuzz.log; exit 1; }

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export G_DEBUG=fatal-criticals OPENBLAS_NUM_THREADS=1 LC_ALL=C.UTF-8
status=0
for name in "${targets[@]}"; do
    mkdir -p "build-fuzz/corpus/$name" build-fuzz/failures
    log=build-fuzz/$name.log
    dictionary=()
    longest=4096
    [ "$name" = project ] && longest=65536 # an HDF5 file is never small
    [ -f "tests/fuzz/$name.dict" ] && dictionary=(-dict="tests/fuzz/$name.dict")
    if "build-fuzz/tests/fuzz/fuzz-$name" -max_total_time="$seconds" -max_len=$longest -rss_limit_mb=2048 -timeout=10 \
        -print_final_stats=1 -artifact_prefix="build-fuzz/failures/$name-" "${dictionary[@]}" \
        "build-fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
        echo "$name: $(grep -o 'number_of_executed_units: *[0-9]*' "$log" | grep -o '[0-9]*$') inputs, nothing found"
    else
        status=1
        echo "$name: FAILED, see $log and build-fuzz/failures"
        grep -aE '^SUMMARY|ERROR|assertion|CRITICAL' "$log" | head -3 || true
    fi
done
exit $status
