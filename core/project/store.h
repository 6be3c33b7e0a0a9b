/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/project/project.h"

G_BEGIN_DECLS

/* The project file, PROJECT.alloy: HDF5 behind a block of 512 bytes, which begins with "alloyscope project"
 * and holds the format's version, the length and the CRC-32 of what follows. So damage is found before HDF5
 * sees the bytes, while h5py, h5dump and their like open the file as it is. The layout:
 *
 *   /                 format_version, program_version, count
 *   /items/K          id, name, kind, origin (JSON); K = 0 .. count-1 in the order of the project; and by
 * kind atoms           n, cell, periodic; x, y, z (angstrom), species, kinds, kinds_z; columns/K, info/K
 *     series          n, title; times (s), temperatures (K), labels; stages/K like atoms
 *     table           title; columns/K, scalars/K
 *     selection       n; words: bit i of word i/64
 *   a column          a dataset with attributes name, unit, type; of text a dataset "K labels" beside it
 *
 * Lists of strings are bytes, each string ended by a NUL; texts of 8 KB and more are such bytes too instead
 * of an attribute. A list of more than 64 lies in groups of 64: number 70 of 100 is 1/70. Large arrays are
 * shuffled and deflated; arrays that values share are stored once and are shared again after loading. The
 * same project gives the same bytes.
 *
 * The library of HDF5 writes the file; a reader of this program's own reads it (hdf5-reader.h). */
#define ALLOY_STORE_VERSION 1

/* Saves to a new file in the same folder, synced and renamed over path: whatever happens, path holds the old
 * project or the new one. What killed savings left in the folder goes. Who adds to a project that may be
 * another's too holds its lock from loading to saving (lock.h). */
gboolean alloy_project_save(const AlloyProject *project, const char *path, AlloyProgress *progress,
                            GError **error);
/* NULL with ALLOY_ERROR_VERSION for a file of a newer program, ALLOY_ERROR_FORMAT for one that is damaged or
 * no project. */
AlloyProject *alloy_project_load(const char *path, AlloyProgress *progress, GError **error);
/* The same from memory. */
AlloyProject *alloy_project_load_memory(const char *name, const void *bytes, size_t length,
                                        AlloyProgress *progress, GError **error);
/* Puts the length and checksum of what follows the first 512 bytes into them, as saving does: for tests that
 * change the rest on purpose. */
void alloy_project_seal(void *bytes, size_t length);

G_END_DECLS
