/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MATLAB MAT-files, in which the field of atomic tomography publishes its models: a matrix of positions, 3xN
 * or Nx3, and often a vector of N types. A file of vectors alone is a table. */
#include "core/formats/mat-elements.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/unique-names.h"
#include "core/data/atoms.h"
#include "core/data/elements.h"
#include "core/data/table.h"
#include "core/formats/mat-names.h"
#include "core/formats/source.h"

#include <math.h>

/* Vectors of other length than the model stay with it as what the file says of itself up to this length. */
#define SHORT_VECTOR 100
/* A matrix of at most so many numbers per atom becomes columns; so many columns of a table. */
#define ATOM_COMPONENTS 9
#define TABLE_COLUMNS 64
/* Whole numbers are exact up to here. */
#define MOST_WHOLE 9007199254740992.0
/* Names in one message. */
#define MOST_NAMES 12

typedef struct {
    const AlloySource *source;
    GPtrArray *variables; /* of AlloyMatVariable */
    GHashTable *used;     /* variables that went somewhere */
    size_t left;          /* bytes of memory that may still be taken */
    GPtrArray *warnings;
    GError **error;
} File;

/* --- variables --- */

static gboolean is_numeric(const AlloyMatVariable *variable)
{
    return (variable->kind == ALLOY_MAT_NUMBERS || variable->kind == ALLOY_MAT_LOGICAL) &&
           variable->n_dims == 2;
}

static gboolean is_vector(const AlloyMatVariable *variable)
{
    return is_numeric(variable) && variable->n > 0 && (variable->dims[0] == 1 || variable->dims[1] == 1);
}

static double *values_of(File *file, const AlloyMatVariable *variable)
{
    size_t cost = alloy_mat_cost(variable);
    if (cost > file->left) {
        g_autofree char *what = alloy_mat_describe(variable);
        alloy_format_error(file->error, file->source->name, 0, "there is no memory for variable %s", what);
        return NULL;
    }
    double *values = alloy_mat_values(file->source, variable, file->error);
    if (values != NULL) {
        file->left -= cost;
        g_hash_table_add(file->used, (gpointer)variable);
    }
    return values;
}

/* "pos 3x5377 double, type 1x5377 double": the variables that passed (NULL: all) says, and how many. */
static char *list_variables(const File *file, gboolean (*passes)(const File *, const AlloyMatVariable *),
                            unsigned *count)
{
    GString *list = g_string_new(NULL);
    unsigned n = 0;
    for (unsigned i = 0; i < file->variables->len; i++) {
        const AlloyMatVariable *variable = file->variables->pdata[i];
        if (passes != NULL && !passes(file, variable))
            continue;
        if (n++ < MOST_NAMES) {
            g_autofree char *what = alloy_mat_describe(variable);
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", what);
        }
    }
    if (n > MOST_NAMES)
        g_string_append_printf(list, " and %u more", n - MOST_NAMES);
    if (count != NULL)
        *count = n;
    return g_string_free(list, FALSE);
}

static gboolean was_not_used(const File *file, const AlloyMatVariable *variable)
{
    return !g_hash_table_contains(file->used, variable);
}

static void warn_of_rest(File *file)
{
    unsigned n;
    g_autofree char *list = list_variables(file, was_not_used, &n);
    if (n > 0)
        alloy_warn(file->warnings, "ignored", NULL, NULL, "%s: not read: %s", file->source->name, list);
}

/* --- columns --- */

/* The first that is no whole number, n: none is. */
static size_t first_fraction(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(values[i]) <= MOST_WHOLE) || values[i] != floor(values[i]))
            return i;
    return n;
}

/* How the numbers of a variable are kept: MATLAB knows double where others know integers. */
static AlloyType type_of(const AlloyMatVariable *variable, const double *values)
{
    if (variable->kind == ALLOY_MAT_LOGICAL)
        return ALLOY_BOOLEAN;
    return first_fraction(values, variable->n) == variable->n ? ALLOY_INTEGER : ALLOY_REAL;
}

/* One row of a matrix, or one column: n numbers, `step` apart. */
static const AlloyColumn *make_column(const char *name, AlloyType type, const double *values, size_t step,
                                      size_t n)
{
    if (type == ALLOY_BOOLEAN) {
        uint8_t *out = alloy_array_new(uint8_t, n);
        for (size_t i = 0; i < n; i++)
            out[i] = values[i * step] != 0;
        return alloy_column_new_boolean(name, out, n);
    }
    if (type == ALLOY_INTEGER) {
        int64_t *out = alloy_array_new(int64_t, n);
        for (size_t i = 0; i < n; i++)
            out[i] = (int64_t)values[i * step];
        return alloy_column_new_integer(name, ALLOY_UNIT_NONE, out, n);
    }
    double *out = alloy_array_new(double, n);
    for (size_t i = 0; i < n; i++)
        out[i] = values[i * step];
    return alloy_column_new_real(name, ALLOY_UNIT_NONE, out, n);
}

/* Text of one row of a matrix of characters, without blanks behind it. */
static char *text_row(const AlloyMatVariable *variable, const double *values, size_t row)
{
    GString *text = g_string_new(NULL);
    for (size_t k = 0; k < variable->n / variable->dims[0]; k++) {
        double character = values[row + k * variable->dims[0]];
        gboolean good = character >= 0x20 && character != 0x7f && character <= 0x10ffff &&
                        g_unichar_validate((gunichar)character);
        g_string_append_unichar(text, good ? (gunichar)character : ' ');
    }
    g_strchomp(text->str);
    return g_string_free(text, FALSE);
}

/* Columns that are gathered, with names that differ. */
typedef struct {
    AlloyColumns *columns;
    AlloyUniqueNames *names;
} Gathered;

static void gathered_init(Gathered *gathered)
{
    static const char *const reserved[] = {"species", "x", "y", "z", NULL};
    gathered->columns = alloy_columns_new();
    gathered->names = alloy_unique_names_new(reserved);
}

static void gathered_clear(Gathered *gathered)
{
    g_clear_pointer(&gathered->columns, g_ptr_array_unref);
    g_clear_pointer(&gathered->names, alloy_unique_names_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gathered, gathered_clear)

/* The numbers of a vector of n, or of a matrix of n rows or n columns, as columns. */
static gboolean add_columns(File *file, Gathered *columns, const AlloyMatVariable *variable, size_t n)
{
    g_autofree double *values = values_of(file, variable);
    if (values == NULL)
        return FALSE;
    AlloyType type = type_of(variable, values);
    size_t count = variable->n / n;
    gboolean across = variable->dims[0] != n; /* an item is a column of the matrix */
    for (size_t k = 0; k < count; k++) {
        g_autofree char *plain = count == 1 ? g_strdup(variable->name)
                                            : g_strdup_printf("%s_%" G_GSIZE_FORMAT, variable->name, k + 1);
        g_ptr_array_add(columns->columns,
                        (gpointer)make_column(alloy_unique_names_take(columns->names, plain), type,
                                              across ? values + k : values + k * n, across ? count : 1, n));
    }
    return TRUE;
}

/* Scalars, short vectors and texts. */
static gboolean add_info(File *file, Gathered *info, const AlloyMatVariable *variable)
{
    g_autofree double *values = values_of(file, variable);
    if (values == NULL)
        return FALSE;
    const char *name = alloy_unique_names_take(info->names, variable->name);
    if (variable->kind == ALLOY_MAT_TEXT) {
        g_autofree char *text = text_row(variable, values, 0);
        g_ptr_array_add(info->columns, (gpointer)alloy_scalar_text(name, text));
    } else {
        g_ptr_array_add(info->columns,
                        (gpointer)make_column(name, type_of(variable, values), values, 1, variable->n));
    }
    return TRUE;
}

static gboolean is_line(const AlloyMatVariable *variable)
{
    return variable->kind == ALLOY_MAT_TEXT && variable->n_dims == 2 && variable->dims[0] == 1 &&
           variable->n <= 4096;
}

/* --- positions --- */

static size_t atoms_in(const AlloyMatVariable *variable)
{
    return variable->dims[0] == 3 ? variable->dims[1] : variable->dims[0];
}

/* Whether a variable can be positions: 0 no, 1 by its sizes alone, more by its name. */
static int rank_positions(const AlloyMatVariable *variable)
{
    if (variable->kind != ALLOY_MAT_NUMBERS || variable->n_dims != 2 || variable->n == 0 ||
        (variable->dims[0] != 3 && variable->dims[1] != 3))
        return 0;
    int rank = alloy_mat_name_of_positions(variable->name);
    return rank != 0 ? MAX(rank, 0) : atoms_in(variable) > 3 ? 1 : 0;
}

/* NULL: there are none, or several that only their sizes speak for. */
static const AlloyMatVariable *find_positions(const File *file)
{
    const AlloyMatVariable *best = NULL;
    int best_rank = 0;
    unsigned alike = 0;
    for (unsigned i = 0; i < file->variables->len; i++) {
        const AlloyMatVariable *variable = file->variables->pdata[i];
        int rank = rank_positions(variable);
        alike = rank > best_rank ? 1 : alike + (rank == best_rank);
        if (rank > best_rank) {
            best = variable;
            best_rank = rank;
        }
    }
    return best_rank == 1 && alike > 1 ? NULL : best;
}

static void warn_of_choice(File *file, const AlloyMatVariable *positions)
{
    const char *name = file->source->name;
    g_autofree char *taken = alloy_mat_describe(positions);
    g_autoptr(GString) others = g_string_new(NULL);
    for (unsigned i = 0; i < file->variables->len; i++) {
        const AlloyMatVariable *variable = file->variables->pdata[i];
        if (variable == positions || rank_positions(variable) <= 1)
            continue;
        g_autofree char *what = alloy_mat_describe(variable);
        if (atoms_in(variable) != atoms_in(positions)) /* said here; else it stays as columns */
            g_hash_table_add(file->used, (gpointer)variable);
        g_string_append_printf(others, "%s%s", others->len > 0 ? ", " : "", what);
    }
    if (others->len > 0)
        alloy_warn(file->warnings, "variables", NULL, NULL,
                   "%s: several variables could hold positions: %s is taken, not %s", name, taken,
                   others->str);
    else if (rank_positions(positions) == 1)
        alloy_warn(file->warnings, "variables", NULL, NULL,
                   "%s: %s is taken for positions, which its name does not say", name, taken);
    if (positions->dims[0] == 3 && positions->dims[1] == 3)
        alloy_warn(file->warnings, "variables", NULL, NULL,
                   "%s: each column of %s is taken for an atom, as in a matrix 3xN", name, taken);
}

static gboolean check_position(const File *file, const AlloyMatVariable *variable, size_t atom, double value,
                               int axis)
{
    if (isfinite(value))
        return TRUE;
    const char *found = isnan(value) ? "NaN" : value > 0 ? "Inf" : "-Inf";
    if (axis < 0)
        return alloy_format_error(file->error, file->source->name, 0,
                                  "variable \"%s\", atom %" G_GSIZE_FORMAT
                                  ": a finite number expected, %s found",
                                  variable->name, atom + 1, found);
    return alloy_format_error(file->error, file->source->name, 0,
                              "variable \"%s\", atom %" G_GSIZE_FORMAT ": a finite %c expected, %s found",
                              variable->name, atom + 1, "xyz"[axis], found);
}

static gboolean fill_positions(File *file, const AlloyMatVariable *positions, AlloyAtomsBuilder *builder)
{
    g_autofree double *values = values_of(file, positions);
    if (values == NULL)
        return FALSE;
    double *const into[3] = {builder->x, builder->y, builder->z};
    size_t n = builder->n;
    gboolean across = positions->dims[0] == 3;
    for (size_t i = 0; i < n; i++)
        for (int axis = 0; axis < 3; axis++) {
            double value = across ? values[3 * i + (size_t)axis] : values[i + n * (size_t)axis];
            if (!check_position(file, positions, i, value, axis))
                return FALSE;
            into[axis][i] = value;
        }
    return TRUE;
}

/* Three vectors x, y, z of one length do as well. */
static gboolean find_axes(const File *file, const AlloyMatVariable *axes[3])
{
    static const char *const names[3] = {"x", "y", "z"};
    for (int axis = 0; axis < 3; axis++) {
        axes[axis] = NULL;
        for (unsigned i = 0; i < file->variables->len; i++) {
            const AlloyMatVariable *variable = file->variables->pdata[i];
            if (variable->kind == ALLOY_MAT_NUMBERS && is_vector(variable) &&
                g_ascii_strcasecmp(variable->name, names[axis]) == 0)
                axes[axis] = variable;
        }
        if (axes[axis] == NULL || axes[axis]->n != axes[0]->n)
            return FALSE;
    }
    return TRUE;
}

static gboolean fill_axes(File *file, const AlloyMatVariable *const axes[3], AlloyAtomsBuilder *builder)
{
    double *const into[3] = {builder->x, builder->y, builder->z};
    for (int axis = 0; axis < 3; axis++) {
        g_autofree double *values = values_of(file, axes[axis]);
        if (values == NULL)
            return FALSE;
        for (size_t i = 0; i < builder->n; i++) {
            if (!check_position(file, axes[axis], i, values[i], -1))
                return FALSE;
            into[axis][i] = values[i];
        }
    }
    return TRUE;
}

/* --- species --- */

/* A vector's length; of text the rows. */
static size_t items_in(const AlloyMatVariable *variable)
{
    return variable->kind == ALLOY_MAT_TEXT ? variable->dims[0] : variable->n;
}

/* The variable that tells the species of n atoms; other: one that would, but for its length. */
static const AlloyMatVariable *find_species(const File *file, size_t n, const AlloyMatVariable **other)
{
    const AlloyMatVariable *best = NULL;
    int best_rank = 0, other_rank = 0;
    *other = NULL;
    for (unsigned i = 0; i < file->variables->len; i++) {
        const AlloyMatVariable *variable = file->variables->pdata[i];
        int rank = alloy_mat_name_of_species(variable->name);
        gboolean vector = variable->kind == ALLOY_MAT_NUMBERS && is_vector(variable);
        gboolean labels = variable->kind == ALLOY_MAT_TEXT && variable->n_dims == 2 && variable->n > 0;
        if (rank == 0 || !(vector || labels) || g_hash_table_contains(file->used, variable))
            continue;
        size_t length = items_in(variable);
        if (length == n && rank > best_rank) {
            best = variable;
            best_rank = rank;
        } else if (length != n && length > 1 && rank > other_rank) {
            *other = variable;
            other_rank = rank;
        }
    }
    return best;
}

static gboolean too_many_kinds(const File *file, const AlloyMatVariable *species)
{
    return alloy_format_error(file->error, file->source->name, 0,
                              "variable \"%s\": more than 65535 different species", species->name);
}

static gboolean fill_numbered(File *file, const AlloyMatVariable *species, const double *values,
                              AlloyAtomsBuilder *builder)
{
    gboolean atomic = alloy_mat_name_of_numbers(species->name);
    g_autofree int64_t *types = g_new(int64_t, builder->n);
    for (size_t i = 0; i < builder->n; i++) {
        types[i] = (int64_t)values[i];
        atomic = atomic && types[i] >= 1 && types[i] <= ALLOY_ELEMENTS;
    }
    return alloy_atoms_builder_set_types(builder, types, atomic ? alloy_name_of_atomic_number : NULL, NULL) ||
           too_many_kinds(file, species);
}

static gboolean fill_labelled(File *file, const AlloyMatVariable *species, const double *values,
                              AlloyAtomsBuilder *builder)
{
    for (size_t i = 0; i < builder->n; i++) {
        g_autofree char *label = text_row(species, values, i);
        g_strstrip(label);
        int kind = alloy_atoms_builder_kind(builder, *label != '\0' ? label : "X",
                                            *label != '\0' ? strlen(label) : 1);
        if (kind < 0)
            return too_many_kinds(file, species);
        builder->species[i] = (uint16_t)kind;
    }
    return TRUE;
}

static void fill_unknown(File *file, AlloyAtomsBuilder *builder, const char *why)
{
    alloy_atoms_builder_named_kind(builder, "X", 0);
    memset(builder->species, 0, builder->n * sizeof *builder->species);
    alloy_warn(file->warnings, "species", ALLOY_FIX_TYPES, ALLOY_FIX_TYPES_TITLE,
               "%s: %s: all %" G_GSIZE_FORMAT " atoms are X", file->source->name, why, builder->n);
}

static gboolean fill_species(File *file, const AlloyMatVariable *positions, AlloyAtomsBuilder *builder)
{
    const AlloyMatVariable *other;
    const AlloyMatVariable *species = find_species(file, builder->n, &other);
    if (species == NULL) {
        if (other != NULL)
            alloy_warn(file->warnings, "counts", NULL, NULL,
                       "%s: \"%s\" holds %" G_GSIZE_FORMAT " types for the %" G_GSIZE_FORMAT
                       " atoms of \"%s\": which belongs to which is not known, so they are not used",
                       file->source->name, other->name, items_in(other), builder->n, positions->name);
        fill_unknown(file, builder, "no variable tells the species");
        return TRUE;
    }
    g_autofree double *values = values_of(file, species);
    if (values == NULL)
        return FALSE;
    if (species->kind == ALLOY_MAT_TEXT)
        return fill_labelled(file, species, values, builder);
    size_t wrong = first_fraction(values, builder->n);
    if (wrong < builder->n) {
        char number[ALLOY_DOUBLE_TEXT];
        alloy_format_double(values[wrong], number);
        g_autofree char *why = g_strdup_printf("\"%s\" holds no types, but %s for atom %" G_GSIZE_FORMAT,
                                               species->name, number, wrong + 1);
        g_hash_table_remove(file->used, species); /* a quantity like any other */
        fill_unknown(file, builder, why);
        return TRUE;
    }
    return fill_numbered(file, species, values, builder);
}

/* --- what a file is --- */

/* Everything else that belongs to the atoms or to the model as a whole. */
static gboolean keep_rest(File *file, AlloyAtomsBuilder *builder)
{
    size_t n = builder->n;
    g_auto(Gathered) columns = {0}, info = {0};
    gathered_init(&columns);
    gathered_init(&info);
    for (unsigned i = 0; i < file->variables->len; i++) {
        const AlloyMatVariable *variable = file->variables->pdata[i];
        if (g_hash_table_contains(file->used, variable) || variable->n == 0)
            continue;
        gboolean good = TRUE;
        if (is_numeric(variable) && n > 1 && (variable->dims[0] == n || variable->dims[1] == n) &&
            variable->n / n <= ATOM_COMPONENTS)
            good = add_columns(file, &columns, variable, n);
        else if ((is_vector(variable) && variable->n <= SHORT_VECTOR) || is_line(variable))
            good = add_info(file, &info, variable);
        if (!good)
            return FALSE;
    }
    for (unsigned i = 0; i < columns.columns->len; i++)
        alloy_atoms_builder_add_column(builder, alloy_ref((const AlloyColumn *)columns.columns->pdata[i]));
    for (unsigned i = 0; i < info.columns->len; i++)
        alloy_atoms_builder_set_info(builder, alloy_ref((const AlloyColumn *)info.columns->pdata[i]));
    return TRUE;
}

static AlloyData *read_atoms(File *file, const AlloyMatVariable *positions,
                             const AlloyMatVariable *const axes[3])
{
    size_t n = positions != NULL ? atoms_in(positions) : axes[0]->n;
    const AlloyMatVariable *first = positions != NULL ? positions : axes[0];
    /* Before the arrays of n are made: the values have to be there, and room for them. */
    size_t bytes = MAX(first->unpacked, first->length);
    size_t need = MIN(n, bytes) * (3 * sizeof(double) + sizeof(uint16_t));
    if (n > bytes || need > file->left) {
        g_autofree char *what = alloy_mat_describe(first);
        if (n > bytes)
            alloy_format_error(file->error, file->source->name, 0,
                               "at byte %" G_GSIZE_FORMAT ": %s, which its %" G_GSIZE_FORMAT
                               " bytes cannot hold",
                               first->offset, what, bytes);
        else
            alloy_format_error(file->error, file->source->name, 0, "there is no memory for variable %s",
                               what);
        return NULL;
    }
    file->left -= need;
    g_autoptr(AlloyAtomsBuilder) builder = alloy_atoms_builder_new(n);
    if (positions != NULL)
        warn_of_choice(file, positions);
    if (!(positions != NULL ? fill_positions(file, positions, builder) : fill_axes(file, axes, builder)) ||
        !fill_species(file, first, builder) || !keep_rest(file, builder))
        return NULL;
    warn_of_rest(file);
    return (AlloyData *)alloy_atoms_builder_finish(g_steal_pointer(&builder));
}

static size_t rows_of(const AlloyMatVariable *variable)
{
    return MAX(variable->dims[0], variable->dims[1]);
}

/* A vector, or a matrix of few columns. Not a number alone: that belongs to the table as a whole. */
static gboolean is_of_table(const AlloyMatVariable *variable)
{
    return is_numeric(variable) && variable->n > 1 && variable->n / rows_of(variable) <= TABLE_COLUMNS;
}

static AlloyData *read_table(File *file)
{
    size_t rows = 0, others = 0;
    for (unsigned i = 0; i < file->variables->len; i++) {
        const AlloyMatVariable *variable = file->variables->pdata[i];
        if (is_of_table(variable)) {
            others += rows != 0 && rows_of(variable) != rows;
            rows = rows_of(variable);
        }
    }
    if (rows == 0 || others > 0) {
        g_autofree char *list = list_variables(file, NULL, NULL);
        alloy_format_error(
            file->error, file->source->name, 0,
            "it holds no atomic model and no table: a matrix of positions (3xN or Nx3) or vectors "
            "of one length expected, found %s",
            file->variables->len > 0 ? list : "no variables");
        return NULL;
    }
    g_auto(Gathered) columns = {0}, scalars = {0};
    gathered_init(&columns);
    gathered_init(&scalars);
    for (unsigned i = 0; i < file->variables->len; i++) {
        const AlloyMatVariable *variable = file->variables->pdata[i];
        gboolean good = TRUE;
        if (is_of_table(variable))
            good = add_columns(file, &columns, variable, rows);
        else if ((is_numeric(variable) && variable->n == 1) || is_line(variable))
            good = add_info(file, &scalars, variable);
        if (!good)
            return NULL;
    }
    warn_of_rest(file);
    return (AlloyData *)alloy_table_new(file->source->base, g_steal_pointer(&columns.columns),
                                        g_steal_pointer(&scalars.columns));
}

static AlloyData *read_mat(const AlloySource *source, GPtrArray *warnings, AlloyProgress *progress,
                           GError **error)
{
    g_autoptr(GPtrArray) variables = alloy_mat_variables(source, progress, error);
    if (variables == NULL)
        return NULL;
    g_autoptr(GHashTable) used = g_hash_table_new(NULL, NULL);
    File file = {source, variables, used, alloy_source_limit(), warnings, error};
    const AlloyMatVariable *positions = find_positions(&file), *axes[3] = {NULL};
    if (positions != NULL || find_axes(&file, axes))
        return read_atoms(&file, positions, axes);
    return read_table(&file);
}

static int detect_mat(const AlloySource *source)
{
    return alloy_mat_is(source) ? 100 : 0;
}

static const char *const extensions[] = {"mat", NULL};

const AlloyFormat alloy_format_mat = {
    .name = "mat",
    .title = "MATLAB",
    .extensions = extensions,
    .detect = detect_mat,
    .read = read_mat,
};
