/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/mat-names.h"

#include <string.h>

/* The words of a name, in lower case: "si_3Atoms_xyz" has si, atoms, xyz; "TotPosArr" has tot, pos, arr. */
static char **split_words(const char *name)
{
    GPtrArray *words = g_ptr_array_new();
    for (const char *p = name; *p != '\0';) {
        while (*p != '\0' && !g_ascii_isalpha(*p))
            p++;
        const char *begin = p;
        while (g_ascii_isalpha(*p) && (p == begin || !(g_ascii_islower(p[-1]) && g_ascii_isupper(*p))))
            p++;
        if (p > begin)
            g_ptr_array_add(words, g_ascii_strdown(begin, p - begin));
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

/* A word of the list: exactly it, or with * at its end anything that begins so. */
static gboolean is_word(const char *word, const char *const *list)
{
    for (size_t i = 0; list[i] != NULL; i++) {
        size_t length = strlen(list[i]);
        if (list[i][length - 1] == '*' ? strncmp(word, list[i], length - 1) == 0 : strcmp(word, list[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean has_word(char *const *words, const char *const *list)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (is_word(words[i], list))
            return TRUE;
    return FALSE;
}

static int place_in(const char *name, const char *const *list)
{
    for (int i = 0; list[i] != NULL; i++)
        if (g_ascii_strcasecmp(name, list[i]) == 0)
            return i;
    return -1;
}

int alloy_mat_name_of_positions(const char *name)
{
    static const char *const exact[] = {"pos",        "position", "positions", "coordinates", "coords",
                                        "coord",      "xyz",      "atompos",   "atom_pos",    "atoms_pos",
                                        "atom_coord", "model",    NULL};
    static const char *const other[] = {"angle*",  "dif",   "diff*",  "resid*",  "err",    "error*",
                                        "dev*",    "disp*", "shift*", "vel*",    "force*", "grad*",
                                        "normal",  "quat*", "color*", "colour*", "rgb",    "spin*",
                                        "moment*", "cell*", "box*",   "alpha*",  "conc*",  NULL};
    static const char *const strong[] = {"coord*",     "position*", "xyz", "atompos*",
                                         "atomcoord*", "atomxyz*",  NULL};
    static const char *const total[] = {"tot*", "abs*", "global", NULL};
    static const char *const weak[] = {"pos", "model*", NULL};
    static const char *const atom[] = {"atom", "atoms", NULL};
    int place = place_in(name, exact);
    if (place >= 0)
        return 100 - place;
    g_auto(GStrv) words = split_words(name);
    if (has_word(words, other))
        return -1;
    gboolean is_strong = has_word(words, strong), is_weak = has_word(words, weak);
    if (!is_strong && !is_weak)
        return 0;
    /* A search for peaks keeps offsets (PosArr) and where they are in the volume (TotPosArr), and which of
     * them are atoms. */
    return 20 + (is_strong ? 10 : 0) + (has_word(words, total) ? 15 : 0) + (has_word(words, atom) ? 30 : 0);
}

int alloy_mat_name_of_species(const char *name)
{
    static const char *const ranks[][8] = {
        {"label", "labels", NULL},
        {"atom", "atoms", NULL},
        {"z", NULL},
        {"numbers", "number", NULL},
        {"type", "types", "atomtype*", "kind", "kinds", NULL},
        {"element", "elements", "chem*", "symbol", "symbols", NULL},
        {"species", NULL},
    };
    static const char *const other[] = {"xyz", "pos*",   "coord*", "count*", "dist*",   "radius", "rad", "id",
                                        "ids", "index*", "energy", "mass*",  "volume*", "cn",     NULL};
    g_auto(GStrv) words = split_words(name);
    for (int rank = G_N_ELEMENTS(ranks) - 1; rank >= 0; rank--) {
        /* In number_of_bonds "number" says nothing of species: it has to stand alone or beside "atomic". */
        gboolean sole = rank == 2 || rank == 3;
        if (sole ? alloy_mat_name_of_numbers(name) && has_word(words, ranks[rank])
                 : has_word(words, ranks[rank]))
            return rank <= 1 && has_word(words, other) ? 0 : rank + 1;
    }
    return 0;
}

gboolean alloy_mat_name_of_numbers(const char *name)
{
    static const char *const exact[] = {
        "Z", "numbers", "atomic_number", "atomic_numbers", "atomicnumber", "atomicnumbers", NULL};
    return place_in(name, exact) >= 0;
}
