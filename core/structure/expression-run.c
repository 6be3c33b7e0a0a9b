/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/structure/expression-program.h"

#include <math.h>
#include <string.h>

/* Items that go through the program together: a few vectors of them stay in the first cache. */
#define BLOCK 512
typedef double Vector[BLOCK];
/* Items per piece of work. */
#define GRAIN 8192

/* --- binding: types, then values --- */

typedef enum { NUMBER, CONDITION, TEXT, UNKNOWN } Type;

typedef struct {
    Type type;
    int leaf; /* the instruction that alone makes this value, -1: several do */
    uint32_t begin, end;
} Operand;

/* What an OP_NAME or OP_NUMBER turns out to load. */
typedef enum { LOAD_NUMBER, LOAD_COLUMN, LOAD_LABEL } Load;

typedef struct {
    Load load;
    int text; /* LOAD_LABEL, and LOAD_COLUMN of a text: the instruction of the text that it is compared with;
                 -1 */
    const AlloyColumn *column; /* borrowed from `columns` */
    double *codes; /* of a text column: code -> code of the column it is compared with; NULL: the same */
    double value;
} Binding;

typedef struct {
    const AlloyExpression *expression;
    const AlloyNames *names;
    const AlloyInstruction *program;
    guint length;
    Binding *bindings; /* one per instruction */
    GHashTable *columns;
    GArray *stack; /* of Operand */
    guint deepest;
} Bound;

static void bound_clear(Bound *bound)
{
    for (guint i = 0; bound->bindings != NULL && i < bound->length; i++)
        g_free(bound->bindings[i].codes);
    g_free(bound->bindings);
    g_clear_pointer(&bound->columns, g_hash_table_unref);
    g_clear_pointer(&bound->stack, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bound, bound_clear)

static void push(Bound *bound, Type type, int leaf, uint32_t begin, uint32_t end)
{
    Operand operand = {type, leaf, begin, end};
    g_array_append_val(bound->stack, operand);
    bound->deepest = MAX(bound->deepest, bound->stack->len);
}

static Operand pop(Bound *bound)
{
    g_assert(bound->stack->len > 0);
    Operand operand = g_array_index(bound->stack, Operand, bound->stack->len - 1);
    g_array_set_size(bound->stack, bound->stack->len - 1);
    return operand;
}

static gboolean unknown_quantity(const Bound *bound, const Operand *operand, GError **error)
{
    const char *name = bound->program[operand->leaf].name;
    g_auto(GStrv) list = bound->names->list(bound->names->data);
    return alloy_expression_unknown(bound->expression->text, operand->begin, operand->end, "quantity", name,
                                    (const char *const *)list, error);
}

static gboolean need_number(const Bound *bound, const Operand *operand, GError **error)
{
    if (operand->type == UNKNOWN)
        return unknown_quantity(bound, operand, error);
    if (operand->type == TEXT)
        return alloy_expression_error(
            bound->expression->text, operand->begin, operand->end, error,
            "`%s` is text: it can be compared with ==, != and in, not computed with",
            bound->program[operand->leaf].name);
    return TRUE;
}

static gboolean need_condition(const Bound *bound, const Operand *operand, GError **error)
{
    if (operand->type == CONDITION)
        return TRUE;
    if (operand->type == UNKNOWN)
        return unknown_quantity(bound, operand, error);
    return alloy_expression_error(bound->expression->text, operand->begin, operand->end, error,
                                  "%s is no condition: compare it with something (%s)",
                                  operand->type == TEXT ? "a text" : "a number",
                                  operand->type == TEXT ? "== or in" : "<, <=, ==, !=, >= or >");
}

/* Two operands of == or != or `in`. */
static gboolean match(Bound *bound, const Operand *a, const Operand *b, GError **error)
{
    if (a->type != TEXT && b->type != TEXT)
        return need_number(bound, a, error) && need_number(bound, b, error);
    const Operand *text = a->type == TEXT ? a : b, *other = a->type == TEXT ? b : a;
    const AlloyInstruction *instruction = other->leaf < 0 ? NULL : &bound->program[other->leaf];
    if (instruction == NULL || instruction->condition)
        return alloy_expression_error(bound->expression->text, other->begin, other->end, error,
                                      "`%s` is text: it can be compared with a label, not with a number",
                                      bound->program[text->leaf].name);
    if (other->type != TEXT && instruction->quantity)
        return other->type == UNKNOWN
                   ? unknown_quantity(bound, other, error)
                   : alloy_expression_error(bound->expression->text, other->begin, other->end, error,
                                            "`%s` is a number, `%s` a text", instruction->name,
                                            bound->program[text->leaf].name);
    if (other->type != TEXT)
        bound->bindings[other->leaf].load = LOAD_LABEL;
    bound->bindings[other->leaf].text = text->leaf;
    return TRUE;
}

static void bind_name(Bound *bound, guint i)
{
    const AlloyInstruction *instruction = &bound->program[i];
    int type = bound->names->type(instruction->name, bound->names->data);
    bound->bindings[i].load = LOAD_COLUMN;
    push(bound,
         type < 0                ? UNKNOWN
         : type == ALLOY_TEXT    ? TEXT
         : type == ALLOY_BOOLEAN ? CONDITION
                                 : NUMBER,
         (int)i, instruction->begin, instruction->end);
}

/* Types of one instruction, as the stack would hold them. */
static gboolean bind(Bound *bound, guint i, GError **error)
{
    const AlloyInstruction *in = &bound->program[i];
    Operand a, b, c;
    switch (in->op) {
    case OP_NUMBER:
        bound->bindings[i].load = LOAD_NUMBER;
        bound->bindings[i].value = in->value;
        push(bound, in->condition ? CONDITION : NUMBER, (int)i, in->begin, in->end);
        return TRUE;
    case OP_NAME:
        bind_name(bound, i);
        return TRUE;
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_MODULO:
    case OP_POWER:
    case OP_MIN:
    case OP_MAX:
        b = pop(bound), a = pop(bound);
        push(bound, NUMBER, -1, a.begin, b.end);
        return need_number(bound, &a, error) && need_number(bound, &b, error);
    case OP_NEGATE:
    case OP_ABS:
    case OP_SQRT:
    case OP_EXP:
    case OP_LOG:
    case OP_LOG10:
    case OP_SIN:
    case OP_COS:
    case OP_FLOOR:
    case OP_CEIL:
    case OP_ROUND:
    case OP_ISNAN:
        a = pop(bound);
        push(bound, in->op == OP_ISNAN ? CONDITION : NUMBER, -1, MIN(in->begin, a.begin),
             MAX(in->end, a.end));
        return need_number(bound, &a, error);
    case OP_EQUAL:
    case OP_UNEQUAL:
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_MORE:
    case OP_MORE_EQUAL:
        b = pop(bound), a = pop(bound);
        push(bound, CONDITION, -1, a.begin, b.end);
        if (in->keep)
            push(bound, NUMBER, -1, b.begin, b.end);
        if ((in->op == OP_EQUAL || in->op == OP_UNEQUAL) && !in->keep)
            return match(bound, &a, &b, error);
        return need_number(bound, &a, error) && need_number(bound, &b, error);
    case OP_NOT:
        a = pop(bound);
        push(bound, CONDITION, -1, MIN(in->begin, a.begin), a.end);
        return need_condition(bound, &a, error);
    case OP_AND:
    case OP_OR:
        b = pop(bound), a = pop(bound);
        push(bound, CONDITION, -1, a.begin, b.end);
        return need_condition(bound, &a, error) && need_condition(bound, &b, error);
    case OP_AND_UNDER:
        c = pop(bound), b = pop(bound), a = pop(bound);
        push(bound, CONDITION, -1, a.begin, b.end);
        g_array_append_val(bound->stack, c);
        return TRUE;
    case OP_SET_BEGIN:
        a = pop(bound);
        g_array_append_val(bound->stack, a);
        push(bound, CONDITION, -1, in->begin, in->end);
        return TRUE;
    case OP_SET_ITEM:
        c = pop(bound), b = pop(bound), a = pop(bound);
        g_array_append_val(bound->stack, a);
        push(bound, CONDITION, -1, b.begin, c.end);
        /* `Pd in {species}` would be a label with no text to belong to. */
        if (a.type == UNKNOWN)
            return unknown_quantity(bound, &a, error);
        if (a.type != TEXT && c.type == TEXT)
            return need_number(bound, &c, error);
        return match(bound, &a, &c, error);
    case OP_SET_END:
        b = pop(bound), a = pop(bound);
        push(bound, CONDITION, -1, a.begin, b.end);
        return TRUE;
    }
    g_assert_not_reached();
}

static const AlloyColumn *fetch(Bound *bound, guint i, GError **error)
{
    const char *name = bound->program[i].name;
    const AlloyColumn *column = g_hash_table_lookup(bound->columns, name);
    if (column != NULL)
        return column;
    column = bound->names->values(name, bound->names->data, error);
    if (column != NULL) {
        g_assert(column->n == bound->names->n);
        g_hash_table_insert(bound->columns, g_strdup(name), (gpointer)column);
    }
    return column;
}

/* The code that label has among the labels of column, -1: none. */
static double code_of(const AlloyColumn *column, const char *label)
{
    for (uint32_t k = 0; k < column->n_labels; k++)
        if (strcmp(column->labels[k], label) == 0)
            return k;
    return -1;
}

/* A label as it was written: a number too, so that `type == 1` finds the label "1". */
static gboolean bind_label(Bound *bound, guint i, GError **error)
{
    Binding *binding = &bound->bindings[i];
    const AlloyInstruction *instruction = &bound->program[i];
    const AlloyColumn *text = fetch(bound, (guint)binding->text, error);
    if (text == NULL)
        return FALSE;
    g_autofree char *written =
        instruction->name != NULL
            ? g_strdup(instruction->name)
            : g_strndup(bound->expression->text + instruction->begin, instruction->end - instruction->begin);
    g_autofree char *label = NULL;
    if (bound->names->label == NULL) {
        label = g_steal_pointer(&written);
    } else {
        g_autoptr(GError) wrong = NULL;
        label = bound->names->label(bound->program[binding->text].name, written, bound->names->data, &wrong);
        if (label == NULL)
            return alloy_expression_error(bound->expression->text, instruction->begin, instruction->end,
                                          error, "%s", wrong->message);
    }
    binding->load = LOAD_NUMBER;
    binding->value = code_of(text, label);
    return TRUE;
}

static gboolean bind_values(Bound *bound, guint i, GError **error)
{
    Binding *binding = &bound->bindings[i];
    AlloyOpcode op = bound->program[i].op;
    if ((op != OP_NAME && op != OP_NUMBER) || binding->load == LOAD_NUMBER)
        return TRUE;
    if (binding->load == LOAD_LABEL)
        return bind_label(bound, i, error);
    binding->column = fetch(bound, i, error);
    if (binding->column == NULL)
        return FALSE;
    if (binding->column->type == ALLOY_TEXT && binding->text >= 0) {
        const AlloyColumn *other = fetch(bound, (guint)binding->text, error);
        if (other == NULL)
            return FALSE;
        if (other != binding->column) {
            g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
            for (uint32_t k = 0; k < other->n_labels; k++)
                g_hash_table_insert(codes, (gpointer)other->labels[k], GUINT_TO_POINTER(k + 1));
            binding->codes = g_new(double, MAX(1, binding->column->n_labels));
            for (uint32_t k = 0; k < binding->column->n_labels; k++)
                binding->codes[k] =
                    (double)GPOINTER_TO_UINT(g_hash_table_lookup(codes, binding->column->labels[k])) - 1;
        }
    }
    return TRUE;
}

/* --- the machine --- */

typedef struct {
    const Bound *bound;
    uint8_t *mask; /* one of the two */
    double *numbers;
} Machine;

static void load(const Binding *binding, size_t begin, size_t count, double *out)
{
    const AlloyColumn *column = binding->column;
    if (binding->load == LOAD_NUMBER) {
        for (size_t k = 0; k < count; k++)
            out[k] = binding->value;
        return;
    }
    switch (column->type) {
    case ALLOY_REAL:
        memcpy(out, column->real + begin, count * sizeof *out);
        break;
    case ALLOY_INTEGER:
        for (size_t k = 0; k < count; k++)
            out[k] = (double)column->integer[begin + k];
        break;
    case ALLOY_BOOLEAN:
        for (size_t k = 0; k < count; k++)
            out[k] = column->boolean[begin + k] != 0;
        break;
    case ALLOY_TEXT:
        for (size_t k = 0; k < count; k++) {
            uint32_t code = column->code[begin + k];
            out[k] = binding->codes != NULL ? binding->codes[code] : code;
        }
        break;
    }
}

static inline double modulo(double a, double b)
{
    double rest = fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

#define EACH(expression)                                                                                     \
    for (size_t k = 0; k < count; k++)                                                                       \
        a[k] = (expression);                                                                                 \
    break

/* Two values to one, in place of the first. */
static void binary(AlloyOpcode op, double *restrict a, const double *restrict b, size_t count)
{
    switch (op) {
    case OP_ADD:
        EACH(a[k] + b[k]);
    case OP_SUBTRACT:
        EACH(a[k] - b[k]);
    case OP_MULTIPLY:
        EACH(a[k] * b[k]);
    case OP_DIVIDE:
        EACH(a[k] / b[k]);
    case OP_MODULO:
        EACH(modulo(a[k], b[k]));
    case OP_POWER:
        EACH(pow(a[k], b[k]));
    case OP_MIN:
        EACH(isnan(a[k]) || a[k] < b[k] ? a[k] : b[k]);
    case OP_MAX:
        EACH(isnan(a[k]) || a[k] > b[k] ? a[k] : b[k]);
    case OP_EQUAL:
        EACH(a[k] == b[k]);
    case OP_UNEQUAL: /* false where either is missing */
        EACH((a[k] < b[k]) | (a[k] > b[k]));
    case OP_LESS:
        EACH(a[k] < b[k]);
    case OP_LESS_EQUAL:
        EACH(a[k] <= b[k]);
    case OP_MORE:
        EACH(a[k] > b[k]);
    case OP_MORE_EQUAL:
        EACH(a[k] >= b[k]);
    case OP_AND:
    case OP_AND_UNDER:
        EACH((a[k] != 0) & (b[k] != 0));
    case OP_OR:
        EACH((a[k] != 0) | (b[k] != 0));
    default:
        g_assert_not_reached();
    }
}

static void unary(AlloyOpcode op, double *a, size_t count)
{
    switch (op) {
    case OP_NEGATE:
        EACH(-a[k]);
    case OP_NOT:
        EACH(a[k] == 0);
    case OP_ABS:
        EACH(fabs(a[k]));
    case OP_SQRT:
        EACH(sqrt(a[k]));
    case OP_EXP:
        EACH(exp(a[k]));
    case OP_LOG:
        EACH(log(a[k]));
    case OP_LOG10:
        EACH(log10(a[k]));
    case OP_SIN:
        EACH(sin(a[k]));
    case OP_COS:
        EACH(cos(a[k]));
    case OP_FLOOR:
        EACH(floor(a[k]));
    case OP_CEIL:
        EACH(ceil(a[k]));
    case OP_ROUND:
        EACH(round(a[k]));
    case OP_ISNAN:
        EACH(isnan(a[k]) != 0);
    default:
        g_assert_not_reached();
    }
}

/* Runs the program on items begin .. begin + count - 1; the result is in stack[0]. */
static void run_block(const Bound *bound, size_t begin, size_t count, Vector *stack)
{
    size_t top = 0; /* vectors on the stack */
    for (guint i = 0; i < bound->length; i++) {
        const AlloyInstruction *in = &bound->program[i];
        switch (in->op) {
        case OP_NUMBER:
        case OP_NAME:
            load(&bound->bindings[i], begin, count, stack[top++]);
            break;
        case OP_NEGATE:
        case OP_NOT:
        case OP_ABS:
        case OP_SQRT:
        case OP_EXP:
        case OP_LOG:
        case OP_LOG10:
        case OP_SIN:
        case OP_COS:
        case OP_FLOOR:
        case OP_CEIL:
        case OP_ROUND:
        case OP_ISNAN:
            unary(in->op, stack[top - 1], count);
            break;
        case OP_AND_UNDER:
            binary(in->op, stack[top - 3], stack[top - 2], count);
            memcpy(stack[top - 2], stack[top - 1], count * sizeof(double));
            top--;
            break;
        case OP_SET_BEGIN:
            memset(stack[top++], 0, count * sizeof(double));
            break;
        case OP_SET_ITEM:
            binary(OP_EQUAL, stack[top - 1], stack[top - 3], count);
            binary(OP_OR, stack[top - 2], stack[top - 1], count);
            top--;
            break;
        case OP_SET_END:
            memcpy(stack[top - 2], stack[top - 1], count * sizeof(double));
            top--;
            break;
        default:
            binary(in->op, stack[top - 2], stack[top - 1], count);
            top -= !in->keep;
            break;
        }
    }
}

static void run_range(size_t begin, size_t end, void *data)
{
    const Machine *machine = data;
    Vector *stack = g_new(Vector, machine->bound->deepest);
    for (size_t from = begin; from < end; from += BLOCK) {
        size_t count = MIN((size_t)BLOCK, end - from);
        run_block(machine->bound, from, count, stack);
        if (machine->mask != NULL)
            for (size_t k = 0; k < count; k++)
                machine->mask[from + k] = stack[0][k] != 0;
        else
            memcpy(machine->numbers + from, stack[0], count * sizeof(double));
    }
    g_free(stack);
}

static gboolean evaluate(const AlloyExpression *expression, const AlloyNames *names, Machine *machine,
                         AlloyProgress *progress, GError **error)
{
    g_auto(Bound) bound = {.expression = expression,
                           .names = names,
                           .program = (const AlloyInstruction *)(void *)expression->program->data,
                           .length = expression->program->len};
    bound.bindings = g_new0(Binding, bound.length);
    bound.columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)alloy_data_unref);
    bound.stack = g_array_new(FALSE, FALSE, sizeof(Operand));
    for (guint i = 0; i < bound.length; i++) {
        bound.bindings[i].text = -1;
        if (!bind(&bound, i, error))
            return FALSE;
    }
    Operand result = pop(&bound);
    g_assert(bound.stack->len == 0);
    if (machine->mask != NULL ? !need_condition(&bound, &result, error)
                              : !need_number(&bound, &result, error))
        return FALSE;
    for (guint i = 0; i < bound.length; i++)
        if (!bind_values(&bound, i, error))
            return FALSE;
    machine->bound = &bound;
    return alloy_parallel_for(names->n, GRAIN, run_range, machine, progress, error);
}

uint8_t *alloy_expression_condition(const AlloyExpression *expression, const AlloyNames *names,
                                    AlloyProgress *progress, GError **error)
{
    Machine machine = {.mask = g_malloc(MAX(1, names->n))};
    if (!evaluate(expression, names, &machine, progress, error))
        g_clear_pointer(&machine.mask, g_free);
    return machine.mask;
}

double *alloy_expression_numbers(const AlloyExpression *expression, const AlloyNames *names,
                                 AlloyProgress *progress, GError **error)
{
    Machine machine = {.numbers = g_new(double, MAX(1, names->n))};
    if (!evaluate(expression, names, &machine, progress, error))
        g_clear_pointer(&machine.numbers, g_free);
    return machine.numbers;
}
