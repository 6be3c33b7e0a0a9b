/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/data/elements.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Atomic weights: IUPAC 2021 (Prohaska et al., Pure Appl. Chem. 94, 573 (2022), doi 10.1515/pac-2019-0603),
 * the abridged value where the standard one is an interval; elements without one have the mass number of a
 * long-lived isotope.
 *
 * Covalent radii: Cordero et al., Dalton Trans. 2832 (2008), doi 10.1039/b801115j, table 2; of C the sp3 one,
 * of Mn, Fe and Co the low-spin one.
 *
 * Nearest-neighbour distances: from the lattice constants (angstrom, a and c) in the comments, at room
 * temperature, after the CRC Handbook of Chemistry and Physics (Crystal structures and lattice parameters of
 * allotropes of the elements) and Kittel, Introduction to Solid State Physics, table 3; the lanthanides after
 * Beaudry and Gschneidner, Handbook on the Physics and Chemistry of Rare Earths 1, ch. 2 (1978):
 *   fcc a/sqrt(2); bcc sqrt(3)a/2; diamond sqrt(3)a/4; sc a; bct the least of a, c and sqrt(a^2/2 + c^2/4);
 *   white tin sqrt(a^2/4 + c^2/16); hcp the lesser of a and sqrt(a^2/3 + c^2/4), dhcp with c/2 for c, 9R with
 *   c/4.5.
 * Structures with a free coordinate have the shortest distance of their determination (Donohue, The
 * Structures of the Elements, 1974). */
static const AlloyElement elements[ALLOY_ELEMENTS] = {
    {1, "H", "hydrogen", 1.008, 0.31, NAN},
    {2, "He", "helium", 4.002602, 0.28, NAN},
    {3, "Li", "lithium", 6.94, 1.28, 3.0392},        /* bcc 3.5094 */
    {4, "Be", "beryllium", 9.0121831, 0.96, 2.2256}, /* hcp 2.2858 3.5843 */
    {5, "B", "boron", 10.81, 0.84, NAN},
    {6, "C", "carbon", 12.011, 0.76, 1.5445}, /* diamond 3.5668 */
    {7, "N", "nitrogen", 14.007, 0.71, NAN},
    {8, "O", "oxygen", 15.999, 0.66, NAN},
    {9, "F", "fluorine", 18.998403162, 0.57, NAN},
    {10, "Ne", "neon", 20.1797, 0.58, NAN},
    {11, "Na", "sodium", 22.98976928, 1.66, 3.7158},   /* bcc 4.2906 */
    {12, "Mg", "magnesium", 24.305, 1.41, 3.1971},     /* hcp 3.2094 5.2108 */
    {13, "Al", "aluminium", 26.9815384, 1.21, 2.8635}, /* fcc 4.0496 */
    {14, "Si", "silicon", 28.085, 1.11, 2.3517},       /* diamond 5.4310 */
    {15, "P", "phosphorus", 30.973761998, 1.07, NAN},
    {16, "S", "sulfur", 32.06, 1.05, NAN},
    {17, "Cl", "chlorine", 35.45, 1.02, NAN},
    {18, "Ar", "argon", 39.95, 1.06, NAN},
    {19, "K", "potassium", 39.0983, 2.03, 4.6142},   /* bcc 5.328 */
    {20, "Ca", "calcium", 40.078, 1.76, 3.9516},     /* fcc 5.5884 */
    {21, "Sc", "scandium", 44.955907, 1.70, 3.2538}, /* hcp 3.3088 5.2680 */
    {22, "Ti", "titanium", 47.867, 1.60, 2.8958},    /* hcp 2.9506 4.6835 */
    {23, "V", "vanadium", 50.9415, 1.53, 2.6189},    /* bcc 3.0240 */
    {24, "Cr", "chromium", 51.9961, 1.39, 2.4981},   /* bcc 2.8846 */
    {25, "Mn", "manganese", 54.938043, 1.39, 2.24},  /* alpha-Mn, shortest */
    {26, "Fe", "iron", 55.845, 1.32, 2.4825},        /* bcc 2.8665 */
    {27, "Co", "cobalt", 58.933194, 1.26, 2.4971},   /* hcp 2.5071 4.0695 */
    {28, "Ni", "nickel", 58.6934, 1.24, 2.4918},     /* fcc 3.5240 */
    {29, "Cu", "copper", 63.546, 1.32, 2.5561},      /* fcc 3.6149 */
    {30, "Zn", "zinc", 65.38, 1.22, 2.6649},         /* hcp 2.6649 4.9468 */
    {31, "Ga", "gallium", 69.723, 1.22, 2.484},      /* alpha-Ga, the pairs */
    {32, "Ge", "germanium", 72.630, 1.20, 2.4499},   /* diamond 5.6579 */
    {33, "As", "arsenic", 74.921595, 1.19, 2.517},   /* A7 */
    {34, "Se", "selenium", 78.971, 1.20, 2.373},     /* trigonal chains */
    {35, "Br", "bromine", 79.904, 1.20, NAN},
    {36, "Kr", "krypton", 83.798, 1.16, NAN},
    {37, "Rb", "rubidium", 85.4678, 2.20, 4.9407},  /* bcc 5.705 */
    {38, "Sr", "strontium", 87.62, 1.95, 4.3027},   /* fcc 6.0849 */
    {39, "Y", "yttrium", 88.905838, 1.90, 3.5567},  /* hcp 3.6482 5.7318 */
    {40, "Zr", "zirconium", 91.224, 1.75, 3.1789},  /* hcp 3.2316 5.1475 */
    {41, "Nb", "niobium", 92.90637, 1.64, 2.8582},  /* bcc 3.3004 */
    {42, "Mo", "molybdenum", 95.95, 1.54, 2.7254},  /* bcc 3.1470 */
    {43, "Tc", "technetium", 97, 1.47, 2.7062},     /* hcp 2.738 4.393 */
    {44, "Ru", "ruthenium", 101.07, 1.46, 2.6502},  /* hcp 2.7058 4.2816 */
    {45, "Rh", "rhodium", 102.90549, 1.42, 2.6893}, /* fcc 3.8032 */
    {46, "Pd", "palladium", 106.42, 1.39, 2.7509},  /* fcc 3.8903 */
    {47, "Ag", "silver", 107.8682, 1.45, 2.8890},   /* fcc 4.0857 */
    {48, "Cd", "cadmium", 112.414, 1.44, 2.9793},   /* hcp 2.9793 5.6181 */
    {49, "In", "indium", 114.818, 1.42, 3.2523},    /* bct 3.2523 4.9461 */
    {50, "Sn", "tin", 118.71, 1.39, 3.0223},        /* white tin 5.8316 3.1815 */
    {51, "Sb", "antimony", 121.76, 1.39, 2.908},    /* A7 */
    {52, "Te", "tellurium", 127.60, 1.38, 2.835},   /* trigonal chains */
    {53, "I", "iodine", 126.90447, 1.39, NAN},
    {54, "Xe", "xenon", 131.293, 1.40, NAN},
    {55, "Cs", "caesium", 132.90545196, 2.44, 5.3183},   /* bcc 6.141 */
    {56, "Ba", "barium", 137.327, 2.15, 4.3500},         /* bcc 5.023 */
    {57, "La", "lanthanum", 138.90547, 2.07, 3.7425},    /* dhcp 3.774 12.171 */
    {58, "Ce", "cerium", 140.116, 2.04, 3.6494},         /* fcc 5.1610 */
    {59, "Pr", "praseodymium", 140.90766, 2.03, 3.6394}, /* dhcp 3.6721 11.8326 */
    {60, "Nd", "neodymium", 144.242, 2.01, 3.6274},      /* dhcp 3.6582 11.7966 */
    {61, "Pm", "promethium", 145, 1.99, 3.5949},         /* dhcp 3.65 11.65 */
    {62, "Sm", "samarium", 150.36, 1.98, 3.5873},        /* 9R 3.6290 26.207 */
    {63, "Eu", "europium", 151.964, 1.98, 3.9687},       /* bcc 4.5827 */
    {64, "Gd", "gadolinium", 157.25, 1.96, 3.5716},      /* hcp 3.6336 5.7810 */
    {65, "Tb", "terbium", 158.925354, 1.94, 3.5279},     /* hcp 3.6055 5.6966 */
    {66, "Dy", "dysprosium", 162.50, 1.92, 3.5044},      /* hcp 3.5915 5.6501 */
    {67, "Ho", "holmium", 164.930329, 1.92, 3.4867},     /* hcp 3.5778 5.6178 */
    {68, "Er", "erbium", 167.259, 1.89, 3.4671},         /* hcp 3.5592 5.5850 */
    {69, "Tm", "thulium", 168.934219, 1.90, 3.4472},     /* hcp 3.5375 5.5540 */
    {70, "Yb", "ytterbium", 173.045, 1.87, 3.8783},      /* fcc 5.4848 */
    {71, "Lu", "lutetium", 174.9668, 1.87, 3.4343},      /* hcp 3.5052 5.5494 */
    {72, "Hf", "hafnium", 178.486, 1.75, 3.1273},        /* hcp 3.1946 5.0511 */
    {73, "Ta", "tantalum", 180.94788, 1.70, 2.8605},     /* bcc 3.3030 */
    {74, "W", "tungsten", 183.84, 1.62, 2.7411},         /* bcc 3.1652 */
    {75, "Re", "rhenium", 186.207, 1.51, 2.7403},        /* hcp 2.7608 4.4580 */
    {76, "Os", "osmium", 190.23, 1.44, 2.6743},          /* hcp 2.7344 4.3173 */
    {77, "Ir", "iridium", 192.217, 1.41, 2.7147},        /* fcc 3.8391 */
    {78, "Pt", "platinum", 195.084, 1.36, 2.7744},       /* fcc 3.9236 */
    {79, "Au", "gold", 196.96657, 1.36, 2.8840},         /* fcc 4.0786 */
    {80, "Hg", "mercury", 200.592, 1.32, NAN},
    {81, "Tl", "thallium", 204.38, 1.45, 3.4079}, /* hcp 3.4566 5.5248 */
    {82, "Pb", "lead", 207.2, 1.46, 3.5006},      /* fcc 4.9506 */
    {83, "Bi", "bismuth", 208.9804, 1.48, 3.072}, /* A7 */
    {84, "Po", "polonium", 209, 1.40, 3.3590},    /* sc 3.359 */
    {85, "At", "astatine", 210, 1.50, NAN},
    {86, "Rn", "radon", 222, 1.50, NAN},
    {87, "Fr", "francium", 223, 2.60, NAN},
    {88, "Ra", "radium", 226, 2.21, 4.4583},             /* bcc 5.148 */
    {89, "Ac", "actinium", 227, 2.15, 3.7554},           /* fcc 5.311 */
    {90, "Th", "thorium", 232.0377, 2.06, 3.5953},       /* fcc 5.0845 */
    {91, "Pa", "protactinium", 231.03588, 2.00, 3.2131}, /* bct 3.925 3.238 */
    {92, "U", "uranium", 238.02891, 1.96, 2.754},        /* alpha-U */
    {93, "Np", "neptunium", 237, 1.90, 2.60},            /* alpha-Np */
    {94, "Pu", "plutonium", 244, 1.87, 2.57},            /* alpha-Pu, shortest */
    {95, "Am", "americium", 243, 1.80, 3.4506},          /* dhcp 3.468 11.241 */
    {96, "Cm", "curium", 247, 1.69, 3.4783},             /* dhcp 3.496 11.331 */
    {97, "Bk", "berkelium", 247, NAN, 3.3981},           /* dhcp 3.416 11.069 */
    {98, "Cf", "californium", 251, NAN, 3.3815},         /* dhcp 3.384 11.040 */
    {99, "Es", "einsteinium", 252, NAN, NAN},
    {100, "Fm", "fermium", 257, NAN, NAN},
    {101, "Md", "mendelevium", 258, NAN, NAN},
    {102, "No", "nobelium", 259, NAN, NAN},
    {103, "Lr", "lawrencium", 262, NAN, NAN},
    {104, "Rf", "rutherfordium", 267, NAN, NAN},
    {105, "Db", "dubnium", 268, NAN, NAN},
    {106, "Sg", "seaborgium", 269, NAN, NAN},
    {107, "Bh", "bohrium", 270, NAN, NAN},
    {108, "Hs", "hassium", 269, NAN, NAN},
    {109, "Mt", "meitnerium", 277, NAN, NAN},
    {110, "Ds", "darmstadtium", 281, NAN, NAN},
    {111, "Rg", "roentgenium", 282, NAN, NAN},
    {112, "Cn", "copernicium", 285, NAN, NAN},
    {113, "Nh", "nihonium", 286, NAN, NAN},
    {114, "Fl", "flerovium", 290, NAN, NAN},
    {115, "Mc", "moscovium", 290, NAN, NAN},
    {116, "Lv", "livermorium", 293, NAN, NAN},
    {117, "Ts", "tennessine", 294, NAN, NAN},
    {118, "Og", "oganesson", 294, NAN, NAN},
};

const AlloyElement *alloy_element(int z)
{
    return z >= 1 && z <= ALLOY_ELEMENTS ? &elements[z - 1] : NULL;
}

const AlloyElement *alloy_element_by_symbol(const char *symbol, gssize length)
{
    if (symbol == NULL)
        return NULL;
    size_t n = length < 0 ? strnlen(symbol, 3) : (size_t)length;
    if (n < 1 || n > 2)
        return NULL;
    char first = g_ascii_toupper(symbol[0]), second = n == 2 ? g_ascii_tolower(symbol[1]) : '\0';
    if (!g_ascii_isupper(first) || (n == 2 && !g_ascii_islower(second)))
        return NULL;
    for (size_t i = 0; i < ALLOY_ELEMENTS; i++)
        if (elements[i].symbol[0] == first && elements[i].symbol[1] == second)
            return &elements[i];
    return NULL;
}

/* Elements that occur in nature have a standard atomic weight. */
static gboolean has_standard_weight(int z)
{
    return (z <= 83 && z != 43 && z != 61) || (z >= 90 && z <= 92);
}

const AlloyElement *alloy_element_by_mass(double mass)
{
    const AlloyElement *nearest = NULL;
    gboolean natural = FALSE;
    for (size_t i = 0; i < ALLOY_ELEMENTS; i++) {
        const AlloyElement *element = &elements[i];
        double off = fabs(mass - element->mass);
        if (!(off <= 0.005 * element->mass && off <= 0.5))
            continue;
        gboolean standard = has_standard_weight(element->z);
        if (nearest != NULL && natural && !standard)
            continue;
        if (nearest == NULL || (standard && !natural) || off < fabs(mass - nearest->mass)) {
            nearest = element;
            natural = standard;
        }
    }
    return nearest;
}
