#!/usr/bin/env python3
"""Times the core and the program beside what its users have today, in one run.

    ./dev bench [--quick] [--only WORD]

Each row: what, how many atoms, seconds (best of several), atoms per second, the peer and its seconds on the same
atoms in this run, and the ratio peer / ours, with the limit that the project holds itself to.
"""
import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time



def there(module):
    """Whether a peer is installed, without importing it: what this process holds counts for its children's peak
    memory (Linux takes it over at exec)."""
    import importlib.util
    return importlib.util.find_spec(module) is not None

CUTOFF = 3.3
parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--quick", action="store_true", help="a tenth of the atoms, no ten million")
parser.add_argument("--only", default="", help="rows whose name holds this word")
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
core = os.path.join(os.path.dirname(options.program), "..", "tests", "bench", "bench-core")
scale = 10 if options.quick else 1
missed = []


def ours(*words, repeats=3):
    words = [str(w) for w in words]
    command = [core, *words[:3], str(options.threads), str(repeats), *words[3:]]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: {result.stderr}")
    return json.loads(result.stdout)


def timed(function, repeats=1):
    best, value = float("inf"), None
    for _ in range(repeats):
        start = time.perf_counter()
        value = function()
        best = min(best, time.perf_counter() - start)
    return best, value


def row(name, atoms, seconds, peer="", peer_seconds=None, limit="", ok=None):
    rate = atoms / seconds
    ratio = f"{peer_seconds / seconds:8.1f}x" if peer_seconds else " " * 9
    times = f"{peer} {peer_seconds:.3f} s" if peer_seconds else peer
    verdict = "" if ok is None else ("ok" if ok else "MISSED")
    if ok is False:
        missed.append(name)
    print(f"{name:34} {atoms:>10,} {seconds:9.4f} s {rate / 1e6:9.2f} M/s  {times:34} {ratio}  {limit:26} {verdict}",
          flush=True)


def wanted(name):
    return options.only in name


def apart(function, *words):
    """Runs a peer in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, words)


def peer_order(path, n):
    """Neighbours, coordination and the four alpha of the default definition, the way a script does them."""
    import numpy as np
    from scipy.spatial import cKDTree
    raw = np.fromfile(path).reshape(4, n)
    positions, species = np.ascontiguousarray(raw[:3].T), raw[3].astype(int)

    def work():
        pairs = cKDTree(positions).query_pairs(CUTOFF, output_type="ndarray")
        i = np.concatenate([pairs[:, 0], pairs[:, 1]])
        j = np.concatenate([pairs[:, 1], pairs[:, 0]])
        cn = np.bincount(i, minlength=n)
        alpha = {}
        for b in (0, 1):
            near = np.bincount(i, weights=species[j] == b, minlength=n)
            c = np.mean(species == b)
            with np.errstate(invalid="ignore", divide="ignore"):
                p = near / cn
            for a in (0, 1):
                alpha[a, b] = np.where(species == a, (p - c) / ((a == b) - c), np.nan)
        return alpha

    return timed(work)[0]


def peer_ase(path, other):
    import ase.io
    read, model = timed(lambda: ase.io.read(path, format="extxyz"))
    return read, timed(lambda: ase.io.write(other, model, format="extxyz"))[0]


def main():
    with tempfile.TemporaryDirectory() as folder:
        print(f"threads: {options.threads}; best of several runs; M/s: million atoms a second\n")
        million = 1_000_000 // scale

        if wanted("csrop"):
            mine = ours("run", "csrop", million, f"cutoff={CUTOFF}", "shuffles=0", repeats=7)
            peer = None
            if there("scipy"):
                path = os.path.join(folder, "positions.raw")
                subprocess.run([core, "positions", path, str(million)], check=True)
                peer = apart(peer_order, path, million)
            row("neighbours + cn + csrop", million, mine["seconds"], "SciPy cKDTree + bincount" if peer else "(no SciPy)",
                peer, "10x SciPy", peer / mine["seconds"] >= 10 if peer else None)
            once = ours("run", "csrop", million, f"cutoff={CUTOFF}", "shuffles=0", repeats=1)
            print(f"{'  peak memory, model included':34} {once['peak_mb'] * 1048576 / million:10.0f} bytes an atom")
        for name, words in (("coordination", [f"cutoff={CUTOFF}", "sensitivity=0"]), ("rdf", ["maximum=8"])):
            if wanted(name):
                row(name, million, ours("run", name, million, *words)["seconds"])
        if wanted("null"):
            mine = ours("run", "csrop", 15000, f"cutoff={CUTOFF}", "shuffles=999")
            row("null of 999 shuffles", 15000, mine["seconds"], limit="1 s", ok=mine["seconds"] < 1)

        if wanted("xyz"):
            path = os.path.join(folder, "particle.xyz")
            mine = ours("write", path, million)
            row("extended XYZ, write", million, mine["seconds"], limit="2 M atoms/s", ok=million / mine["seconds"] >= 2e6)
            mine = ours("read", path, million)
            row("extended XYZ, read", million, mine["seconds"], limit="5 M atoms/s", ok=million / mine["seconds"] >= 5e6)
            if there("ase"):
                few = 100_000 // scale
                path = os.path.join(folder, "few.xyz")
                written = ours("write", path, few)["seconds"]
                read = ours("read", path, few)["seconds"]
                peer_read, peer_written = apart(peer_ase, path, os.path.join(folder, "ase.xyz"))
                row("extended XYZ, read", few, read, "ASE", peer_read)
                row("extended XYZ, write", few, written, "ASE", peer_written)

        if wanted("program"):
            path = os.path.join(folder, "whole.xyz")
            ours("write", path, million, repeats=1)
            command = [options.program, "run", "csrop", path, "--cutoff", str(CUTOFF), "--shuffles", "0", "--threads",
                       str(options.threads), "--quiet", "-o", os.path.join(folder, "out.csv")]
            start = time.perf_counter()
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - start
            if status:
                sys.exit("run csrop failed")
            bytes_an_atom = usage.ru_maxrss * 1024 / million
            row("program: run csrop, xyz to csv", million, seconds, limit="250 bytes an atom",
                ok=bytes_an_atom <= 250 if scale == 1 else None)
            print(f"{'  peak memory of the program':34} {bytes_an_atom:10.0f} bytes an atom")

        if wanted("cancel"):
            # From a cancel to the end of the work, the worst of many moments of the run.
            condition = "where=csrop.Pd < 0 && cn < 12"
            for name, words in (("neighbours", ()), ("rdf", ()), ("coordination", ()), ("csrop", ()),
                                ("csrop", ("surface=drop-atoms", "surface-by=mesh", "shuffles=0")),
                                ("local-concentration", ()), ("select", (condition, "grow=2")),
                                ("statistics", (condition,)), ("simulate-particle", ("core-atoms=800000", "shell-atoms=200000")),
                                ("simulate-series", ())):
                mine = json.loads(subprocess.run([core, "cancel", name, str(million), str(options.threads), "24", *words],
                                                 capture_output=True, text=True, check=True).stdout)
                row(f"cancel: {name}", million, mine["worst"], limit="0.1 s", ok=mine["worst"] < 0.1,
                    peer=f"of {mine['seconds']:.1f} s, at {mine['when']:.2f} s")

        if wanted("scene"):
            program = os.path.join(os.path.dirname(core), "bench-scene")
            for n, frames in ((15_000, 30), (100_000, 12), (million, 4)):
                mine = json.loads(subprocess.run([program, str(n), str(options.threads), "1600", "1000"],
                                                 capture_output=True, text=True, check=True).stdout)
                gl = mine["gl"] or None
                row("scene: turning, 1600 x 1000", n, mine["moving"], mine["driver"].split(" (")[0] if gl else "no OpenGL", gl,
                    f"{frames} frames/s", mine["moving"] <= 1 / frames)
                row("scene: full quality at rest", n, mine["still"], limit="0.5 s", ok=mine["still"] <= 0.5)
                row("scene: new colours", n, mine["recolour"])
            row("scene: lasso through, statistics", n, mine["through"], f"{mine['through_atoms']:,} selected", limit="16 ms",
                ok=mine["through"] <= 0.016)
            row("scene: lasso visible, statistics", n, mine["visible"], limit="16 ms", ok=mine["visible"] <= 0.016)

        if wanted("curve"):
            # The work is linear; what grows is the time that a place in memory takes when atoms stand in no order and
            # their arrays outgrow the caches.
            print("\ncost against size (neighbours + cn + csrop): seconds per million atoms")
            for order, what in (("none", "atoms in no order"), ("lattice", "atoms plane by plane")):
                for n in (10_000, 100_000, 1_000_000) + (() if options.quick else (10_000_000,)):
                    os.environ["BENCH_ORDER"] = order
                    mine = ours("run", "csrop", n, f"cutoff={CUTOFF}", "shuffles=0", repeats=2 if n > 2e6 else 5)
                    print(f"  {what:22} {n:>12,} {mine['seconds']:10.4f} s {mine['seconds'] / n * 1e6:8.3f} s/M "
                          f"{mine['peak_mb'] * 1048576 / n:6.0f} bytes an atom", flush=True)
            del os.environ["BENCH_ORDER"]

    if missed:
        sys.exit("missed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
