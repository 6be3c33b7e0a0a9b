# SPDX-License-Identifier: GPL-3.0-or-later
"""Every atomic model of the real data: info and run csrop either answer for it or say precisely what is wrong.

Where the real data are is told by ALLOYSCOPE_DATA (else ../shared/data beside the sources); without them there is
nothing to test. With ALLOYSCOPE_TABLE=FILE what each file said is written there."""
import concurrent.futures
import csv
import fnmatch
import json
import os
import subprocess
import sys
import tempfile
import traceback

import cli

SOURCE = os.environ.get('ALLOYSCOPE_SOURCE', '.')
DATA = os.environ.get('ALLOYSCOPE_DATA', os.path.join(SOURCE, '..', 'shared', 'data'))
SANITIZED = '--sanitized' in sys.argv

# What lies beside the models and is none, with the reason. Not even looked at: .mrc (volumes and projections), .csv
# and .json (tables and expected numbers), .md and licences.
NOT_LOOKED_AT = ('*.mrc', '*.csv', '*.json', '*.md', '*LICENSE*', '*LICENCE*')
NOT_MODELS = {
    'aet/*/[Aa]ngle*.mat': 'tilt angles',
    'aet/resire_sample/sample_angles_amorphous.mat': 'tilt angles',
    'aet/*/*_ForBM3D.mat': 'projections',
    'aet/resire_*/*projections*.mat': 'projections',
    'aet/ta_film/Projections_*.mat': 'projections',
    'aet/ta_film/ReconObj_*.mat': 'volumes',
    'aet/ta_film/alignPara.mat': 'centres and sizes of areas',
    'aet/resire_sample/ground_truth_amorphous_vol.mat': 'a volume',
    'aet/si_simulated/aSi208_mask.mat': 'a mask',
    'aet/si_simulated/aSi208_dif_*.mat': 'deviations from the truth, 3xN as positions are',
    'aet/mea_hea/Chemsro_*.mat': 'published order, 3x3xN',
    'aet/hea_nucleation/CSRO_*.mat': 'published order, 3x3xN',
    'aet/mea_hea/MEA_bondlength.mat': 'cutoffs',
    'aet/*/atoms_*.mat': 'types without positions',
    'aet/metallic_glass/final_atom_types.mat': 'types without positions',
    'aet/metallic_glass/localC_res.mat': 'types without positions',
    'aet/metallic_glass/rdf_all_atoms.mat': 'a pair distribution',
    'aet/metallic_glass/boo_q4q6_amorphous_region.mat': 'bond order without positions',
    'atoms/freud_steinhardt/*.txt': 'bond order without positions',
    'atoms/ovito_tests/CUBE/*': 'Gaussian cube, which is not read',
    'atoms/ovito_tests/XSF/*': 'XSF, which is not read',
    'atoms/ovito_tests/STL/*': 'a mesh',
    'atoms/ovito_tests/VTK/*': 'a mesh',
}
# Read, but not worth an analysis.
ONLY_READ = {
    'aet/hea_nucleation/Atom_tracing_all_peaks_HEA_4_nanoparticle.mat':
        'all 19202 peaks of a search, of which 18601 lie on one another: 10^8 pairs at no distance',
}
# More than a test with sanitizers has time for.
LARGE = ('atoms/ovito_examples/NanocrystallinePd.dump.gz', 'atoms/ovito_examples/CuZr_metallic_glass.dump.gz')

# Models that are not good, and the words in which that is said. First by info (None: it answers), then by csrop.
BAD = {
    'bad_number.xyz': ('line 4: x: a number expected, "1.0x" found',) * 2,
    'empty.xyz': ('the file is empty',) * 2,
    'ext_column_count_mismatch.extxyz': ('line 4: 5 columns expected, 4 found',) * 2,
    'ext_degenerate_cell.extxyz': ('line 2: Lattice: the cell has no volume',) * 2,
    'ext_malformed_properties.extxyz': ('line 2: Properties: triplets name:type:count expected',) * 2,
    'ext_missing_pos.extxyz': ('line 2: Properties: a column pos:R:3 is expected',) * 2,
    'huge_count.xyz': ('99999999999 atoms',) * 2,
    'nan_inf.xyz': ('line 4: x: a finite number expected, "nan" found',) * 2,
    'negative_count.xyz': ('line 1: the number of atoms is -3',) * 2,
    'truncated.xyz': ('line 5: the file ends after 3 of the 5 atoms that line 1 announces',) * 2,
    'truncated_gzip.xyz.gz': ('the gzip stream ends early',) * 2,
    'binary_dump.bgq.bin': ('a binary LAMMPS dump',) * 2,
    'binary_dump.x86_64.bin': ('a binary LAMMPS dump',) * 2,
    'latin1_comment.xyz': (None, 'the pair distribution of 1 atom: give --cutoff'),
    'no_trailing_newline.xyz': (None, 'the pair distribution of 1 atom: give --cutoff'),
    'utf8_bom.xyz': (None, 'the pair distribution of 1 atom: give --cutoff'),
    'partial_occupancy.cif': (None, 'every atom has its nearest neighbour at its own place'),
    'zero_atoms.xyz': (None, 'no atoms'),
}

# Numbers of atoms, from the README of the data and, for the others, from those of the papers' repositories.
ATOMS = {
    'aet/pdpt_pku/*PB*': 12038, 'aet/pdpt_pku/*EPB*': 5377, 'aet/pdpt_pku/*TO*': 8468,
    'aet/metallic_glass/*': 18356, 'aet/pd_amorphous/*': 52308,
    'aet/pt_alloy/*p1.*': 11559, 'aet/pt_alloy/*p3.*': 14172, 'aet/pt_alloy/*p5.*': 4281,
    'aet/pt_alloy/*S3.*': 13618, 'aet/pt_alloy/*S6.*': 7220,
    'aet/mea_hea/*MEA1.*': 2436, 'aet/mea_hea/*MEA2.*': 8349, 'aet/mea_hea/*MEA3.*': 8141,
    'aet/mea_hea/*MEA4.*': 1794, 'aet/mea_hea/*MEA5.*': 5099, 'aet/mea_hea/*MEA6.*': 5323,
    'aet/mea_hea/*HEA1.*': 5672, 'aet/mea_hea/*HEA2.*': 10053, 'aet/mea_hea/*HEA3.*': 3696,
    'aet/mea_hea/*HEA4.*': 6037,
    'aet/hea_nucleation/*HEA_9*': 27937, 'aet/hea_nucleation/*HEA_17*': 6367, 'aet/hea_nucleation/*HEA_18*': 2904,
    'aet/hea_nucleation/HEA_4.xyz': 1501, 'aet/hea_nucleation/Final*HEA_4_*': 1501,
    'aet/hea_nucleation/Atom_tracing_all*': 19202, 'aet/hea_nucleation/Atom_tracing_non*': 599,
    'aet/hea_nucleation/Atom_local*': 599,
    'aet/si_simulated/aSi208_ground_truth.txt': 208, 'aet/si_simulated/aSi19993_ground_truth.txt': 19993,
    'aet/si_simulated/aSi208_Model_Dose8p0e3.mat': 199, 'aet/si_simulated/aSi208_Model_Dose1p6*': 208,
    'aet/si_simulated/aSi208_polyn*': 444,
    'aet/sigesn_simulated/aSiGeSn*': 13982, 'aet/sigesn_simulated/*1p6e4.mat': 13948,
    'aet/sigesn_simulated/*1p6e5.mat': 14001,
    'atoms/aet_large/*': 94376, 'atoms/warren_cowley/fcc.dump': 4000,
    'atoms/ovito_examples/CuZr*': 108000, 'atoms/ovito_examples/Nano*': 218901,
    'atoms/analytic/*_13.*': 13, 'atoms/analytic/*_147.*': 147, 'atoms/analytic/*_561.*': 561,
    'atoms/analytic/*_2057.*': 2057, 'atoms/analytic/random_Cu70Au30_fcc4000*': 4000,
}
# Lengths in voxels, and the size of one in angstrom (README of the data; None: not stated).
VOXELS = {
    'aet/pdpt_pku/PB.xyz': 0.3434, 'aet/pdpt_pku/coordinates_*.mat': 0.3434,
    'aet/metallic_glass/traced_model_inPixel.mat': None, 'aet/si_simulated/*Model*.mat': None,
    'aet/si_simulated/aSi208_polyn*': None, 'aet/sigesn_simulated/Model_*': None,
    'aet/hea_nucleation/Atom_*': None,
}
ONE_SPECIES = 'chemical order is undefined, it needs two species'


def lookup(table, name):
    """The value of the longest pattern that name matches; None: there is none."""
    matches = [pattern for pattern in table if fnmatch.fnmatch(name, pattern)]
    return table[max(matches, key=len)] if matches else None


def find_files():
    for top in ('aet', 'atoms'):
        for folder, _, files in os.walk(os.path.join(DATA, top)):
            for file in files:
                name = os.path.relpath(os.path.join(folder, file), DATA)
                if not any(fnmatch.fnmatch(file, pattern) for pattern in NOT_LOOKED_AT):
                    yield name


class Answer:
    def __init__(self, *args):
        process = subprocess.run([cli.PROGRAM, *args, '--threads', '1'], stdin=subprocess.DEVNULL,
                                 capture_output=True, cwd=DATA)
        self.args = args
        self.status = process.returncode
        self.out = process.stdout.decode()
        lines = process.stderr.decode().splitlines()
        self.warnings = [line for line in lines if line.startswith('warning: ')]
        self.errors = [line for line in lines if not line.startswith('warning: ')]

    def good(self):
        if self.status != 0 or self.errors:
            raise AssertionError(f'{self.args}: exit status {self.status}\n' + '\n'.join(self.errors))
        return self

    def refused(self, name, words=''):
        """One line, which names the file."""
        cli.equal((self.status, self.out, len(self.errors)), (1, '', 1))
        line = self.errors[0]
        assert line.startswith(f'alloyscope: {name}') and words in line, f'{line!r} does not say {words!r}'
        return line[len('alloyscope: '):]


def models_of(info):
    return info['stages'] if info['kind'] == 'series' else [info]


def check_info(name, info):
    for model in models_of(info):
        cli.equal(sum(model['species'].values()), model['atoms'])
    expected = lookup(ATOMS, name)
    if expected is not None:
        cli.equal([model['atoms'] for model in models_of(info)], [expected] * len(models_of(info)))
    voxels = any(fnmatch.fnmatch(name, pattern) for pattern in VOXELS)
    # Of the others only models in reduced units, and an example of LAMMPS in other units, are no angstrom.
    units = [warning for warning in info['warnings'] if warning['code'] == 'unit']
    if name.startswith('aet/'):
        cli.equal(len(units), 1 if voxels else 0)
    for warning in units:
        cli.equal(warning['fix'].split('=')[0], 'scale')
    size = lookup(VOXELS, name)
    if size is not None:
        # The distance of neighbours in a particle is not that of the solid: a few per cent.
        assert abs(float(units[0]['fix'].split('=')[1]) / size - 1) < 0.025, units[0]['fix']


def check_fixes(name, info):
    """Every fix that is offered can be done, and what it is offered for is not said again. Those of unit are tried on all
    models, the others on small ones."""
    small = sum(model['atoms'] for model in models_of(info)) < 3000
    for warning in info['warnings']:
        fix = warning.get('fix')
        if fix is None or fix == 'types=FILE' or not (small or warning['code'] == 'unit'):
            continue
        fixed = json.loads(Answer('info', '--json', name, '--fix', fix).good().out)
        again = [other for other in fixed['warnings'] if other['code'] == warning['code'] and other.get('fix') == fix]
        assert not again, f'{fix} does not mend: {again[0]["message"]}'
        if warning['code'] == 'unit':
            assert not any(other['code'] == 'unit' for other in fixed['warnings']), fix


def check_rows(path, info):
    with open(path, newline='') as file:
        rows = csv.reader(file)
        header, units = next(rows), next(rows)
        cli.equal(units[0][:1], '#')
        first = 2 if info['kind'] == 'series' else 0
        cli.equal(header[first:first + 4], ['species', 'x', 'y', 'z'])
        cli.equal(sum(1 for _ in rows), sum(model['atoms'] for model in models_of(info)))


def check_model(name):
    said = []
    told_info, told_csrop = BAD.get(os.path.basename(name), (None, None))
    answer = Answer('info', '--json', name)
    if told_info is not None:
        said.append(answer.refused(name, told_info))
        said.append(Answer('run', 'csrop', name, '--shuffles', '0').refused(name, told_csrop))
        return said[:1] if said[0] == said[1] else said
    info = json.loads(answer.good().out)
    check_info(name, info)
    said += [warning['message'] for warning in info['warnings']]
    check_fixes(name, info)
    if name in ONLY_READ:
        return [ONLY_READ[name]] + said
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'out.csv')
        answer = Answer('run', 'csrop', name, '--shuffles', '0', '-o', out)
        if told_csrop is not None:
            assert not os.path.exists(out)
            return said + [answer.refused(name, told_csrop)]
        answer.good()
        check_rows(out, info)
    alone = [sum(1 for count in model['species'].values() if count > 0) == 1 for model in models_of(info)]
    reasons = [warning for warning in answer.warnings if ONE_SPECIES in warning]
    cli.equal(len(reasons) > 0, any(alone))
    return said + [reason[len('warning: '):] for reason in reasons]


def check_other(name):
    """No model: csrop says so, info answers or says why not."""
    said = Answer('run', 'csrop', name, '--shuffles', '0').refused(name)
    return [said]


def types_of_another_file():
    """pt_alloy: positions and types are apart, and those of p1 do not belong together (a defect of the source)."""
    model, types = 'aet/pt_alloy/model_p1.mat', 'aet/pt_alloy/atoms_p1.mat'
    said = Answer('run', 'csrop', model, '--fix', f'types={types}', '--shuffles', '0').refused(
        model, f'{types} holds 11561 types for the 11559 atoms')
    for name in ('p3', 'S6'):
        folder = 'aet/pt_alloy'
        fixes = ('--fix', f'types={folder}/atoms_{name}.mat', '--fix', 'species=Type 1:Ni', '--fix', 'species=Type 2:Pt')
        mine = json.loads(Answer('run', 'csrop', f'{folder}/model_{name}.mat', '--json', '--cutoff', '3.4', '--shuffles',
                                 '0', *fixes).good().out)
        same = json.loads(Answer('run', 'csrop', f'{folder}/{name}.xyz', '--json', '--cutoff', '3.4', '--shuffles',
                                 '0').good().out)
        for pair in range(4):
            # Positions of five decimals there: a few of some 40000 pairs change sides of the cutoff.
            one, other = (answer['tables']['csrop']['pooled'][pair] for answer in (mine, same))
            assert abs(one - other) < 1e-4, (name, pair, one, other)
    return [said]


def true_size_of_voxels():
    """With the size that the authors give, PB is what its conversion is."""
    figures = []
    for name, fixes in (('PB.xyz', ['--fix', 'scale=0.3434']), ('coordinates_PB.mat', ['--fix', 'scale=0.3434']),
                        ('PB_angstrom.xyz', [])):
        answer = Answer('run', 'rdf', f'aet/pdpt_pku/{name}', '--json', *fixes).good()
        assert not any('lengths cannot be angstrom' in warning for warning in answer.warnings)
        figures.append(json.loads(answer.out)['scalars'])
    for scalars in figures:
        # README of the data: first peak 2.750, first minimum 3.330 angstrom
        assert abs(scalars['first_peak'] - 2.750) < 0.02, scalars
        assert abs(scalars['first_minimum'] - 3.330) < 0.05, scalars
    return []


def attempt(job):
    name, check, args = job
    try:
        return name, True, check(*args)
    except Exception:
        return name, False, traceback.format_exc().splitlines()


def main():
    if not os.path.isdir(os.path.join(DATA, 'aet')) or not os.path.isdir(os.path.join(DATA, 'atoms')):
        print(f'1..0 # SKIP the real data are not at {DATA}')
        return 0
    names = sorted(find_files())
    # What is listed is there, so that no list outlives its files.
    jobs = [(f'{check.__name__}', check, ()) for check in (types_of_another_file, true_size_of_voxels)]
    for name in names:
        if SANITIZED and name in LARGE:
            continue
        reason = lookup(NOT_MODELS, name)
        jobs.append((name, check_model, (name,)) if reason is None else (name, check_other, (name,)))
    print(f'1..{len(jobs)}')
    table = open(os.environ['ALLOYSCOPE_TABLE'], 'w') if 'ALLOYSCOPE_TABLE' in os.environ else None
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (name, good, lines) in enumerate(pool.map(attempt, jobs), 1):
            reason = lookup(NOT_MODELS, name)
            if not good:
                failed += 1
                for line in lines:
                    print('# ' + line)
            print(f'{"ok" if good else "not ok"} {number} {name}' + (f' ({reason})' if reason else ''), flush=True)
            if table is not None:
                print(name, *(line.replace(f'{name}: ', '') for line in lines), sep='\n    ', file=table)
    for pattern in NOT_MODELS:
        if not any(fnmatch.fnmatch(name, pattern) for name in names):
            print(f'# no file is {pattern}')
    return 1 if failed else 0


sys.exit(main())
