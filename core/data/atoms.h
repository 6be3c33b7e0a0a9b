/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/data/column.h"

G_BEGIN_DECLS

/* The box of a model. Rows of vector are a, b, c in angstrom; fractional coordinates f give
 * origin + f vector (row times matrix). May be left-handed; never singular. */
typedef struct {
    double origin[3];
    double vector[3][3];
    gboolean periodic[3];
} AlloyCell;
/* Always positive, angstrom^3. */
double alloy_cell_volume(const AlloyCell *cell);
gboolean alloy_cell_is_periodic(const AlloyCell *cell); /* in any direction; NULL: FALSE */
/* FALSE and an error of ALLOY_ERROR_INPUT for a singular or non-finite cell. */
gboolean alloy_cell_check(const AlloyCell *cell, GError **error);

/* One kind of atom: a chemical element, or any other label of a file ("Type 2", "HEA"). */
typedef struct {
    char *name; /* symbol of the element in its usual spelling, or the label */
    int z;      /* atomic number; 0: not an element */
    size_t count;
} AlloySpecies;

/* An atomic model. Positions in angstrom, structure of arrays, finite. Never changes. */
typedef struct {
    AlloyData base;
    size_t n;
    const double *x, *y, *z;
    const uint16_t *species; /* index into kinds */
    const AlloySpecies *kinds;
    unsigned n_kinds;            /* kinds may have count 0 */
    const AlloyCell *cell;       /* NULL: none */
    const AlloyColumns *columns; /* further quantities per atom, each of length n */
    const AlloyColumns *info;    /* what the file says of the whole model: scalars and short arrays */
} AlloyAtoms;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyAtoms, alloy_data_unref)
extern const AlloyDataClass alloy_atoms_class;
#define ALLOY_IS_ATOMS(value) (((const AlloyData *)(value))->klass == &alloy_atoms_class)

/* Index of the kind called name, -1: none. */
int alloy_atoms_find_kind(const AlloyAtoms *atoms, const char *name);
/* The kinds that there are atoms of, in an order that does not depend on who comes first in the file:
 * elements by Z, then labels by name. Tables list species so, and the stages of a series agree. n gets how
 * many; free with g_free. */
unsigned *alloy_atoms_kinds_in_order(const AlloyAtoms *atoms, unsigned *n);
/* The column called name, borrowed; NULL: none. Not "species", "x", "y", "z", which are no columns. */
const AlloyColumn *alloy_atoms_column(const AlloyAtoms *atoms, const char *name);
/* Bounding box; FALSE for no atoms. */
gboolean alloy_atoms_bounds(const AlloyAtoms *atoms, double low[3], double high[3]);

typedef struct _AlloyKindCache AlloyKindCache;

/* How an AlloyAtoms comes to be. The arrays are filled by the caller (by many threads if it likes), then
 * finish makes the value. Owned by one thread; free with finish or discard. */
typedef struct {
    size_t n;
    double *x, *y, *z;
    uint16_t *species;
    /* private */
    GArray *kinds;
    AlloyKindCache *cache;
    AlloyCell *cell;
    AlloyColumns *columns, *info;
    const AlloyAtoms *from;
} AlloyAtomsBuilder;

/* Arrays for n atoms, not cleared. */
AlloyAtomsBuilder *alloy_atoms_builder_new(size_t n);
/* Starts with everything atoms has, shared. x, y, z, species are NULL until one of the two calls below makes
 * them own copies that may be written. */
AlloyAtomsBuilder *alloy_atoms_builder_from(const AlloyAtoms *atoms);
void alloy_atoms_builder_own_positions(AlloyAtomsBuilder *builder);
void alloy_atoms_builder_own_species(AlloyAtomsBuilder *builder);
/* Index of the kind called label, made if new: element symbols in any case ("PD", "pd") become "Pd" with its
 * Z, a bare number 1..118 is an atomic number, anything else is kept as it is (Z 0; but a symbol followed by
 * nothing but digits and signs, "Pt1" or "Fe3+", keeps its name and has the Z of the symbol). What is not
 * UTF-8 is converted from Latin-1. -1 when there are 65535 kinds already. Fast: a reader may call it for
 * every atom. */
int alloy_atoms_builder_kind(AlloyAtomsBuilder *builder, const char *label, size_t length);
/* The same, but name is taken as it stands, with this Z (0: no element). A kind of that name that is there
 * already is returned with the Z it has. */
int alloy_atoms_builder_named_kind(AlloyAtomsBuilder *builder, const char *name, int z);
/* Kinds and species from whole numbers, one per atom, the kinds in the order of the numbers. name (nullable)
 * gives the label of a number and its Z; NULL: "Type N". FALSE: more than 65535 different ones. */
typedef const char *(*AlloyTypeName)(int64_t type, int *z, gpointer data);
gboolean alloy_atoms_builder_set_types(AlloyAtomsBuilder *builder, const int64_t *types, AlloyTypeName name,
                                       gpointer data);
/* An AlloyTypeName for atomic numbers. */
const char *alloy_name_of_atomic_number(int64_t z, int *element, gpointer unused);
void alloy_atoms_builder_set_cell(AlloyAtomsBuilder *builder, const AlloyCell *cell); /* copied; NULL: none */
/* Takes the reference over; a column of the same name is replaced. column->n must be n. The names species, x,
 * y, z are taken: a bug of the caller (readers rename such a column first). */
void alloy_atoms_builder_set_column(AlloyAtomsBuilder *builder, const AlloyColumn *column);
/* The same for a name that no column has, which is not looked for. */
void alloy_atoms_builder_add_column(AlloyAtomsBuilder *builder, const AlloyColumn *column);
void alloy_atoms_builder_set_info(AlloyAtomsBuilder *builder, const AlloyColumn *info);
/* Counts the kinds. Every position must be finite and every species below the number of kinds. */
const AlloyAtoms *alloy_atoms_builder_finish(AlloyAtomsBuilder *builder);
void alloy_atoms_builder_discard(AlloyAtomsBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlloyAtomsBuilder, alloy_atoms_builder_discard)

/* The atoms i with keep[i] != 0, in order, with their columns; cell, kinds and info as they were. */
const AlloyAtoms *alloy_atoms_subset(const AlloyAtoms *atoms, const uint8_t *keep);
/* n models of the atoms begins[k] <= i < begins[k + 1] (ascending, n + 1 of them): cell and info as they
 * were, of the kinds and labels those that a part has. Linear in the atoms, however many parts there are. A
 * GPtrArray that owns them. */
GPtrArray *alloy_atoms_slices(const AlloyAtoms *atoms, const size_t *begins, size_t n);

G_END_DECLS
