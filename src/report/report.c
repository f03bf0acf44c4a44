/* report: the catalogue of repairs and the parcels in which reports travel. */
#include "report/report.h"

#include "base/mem.h"
#include "report/parcel.h"

#include <stdlib.h>

static const struct {
	const char *code, *sentence;
} repair_table[] = {
#define REPAIR(name, code, sentence) {code, sentence},
#include "report/repairs.def"
#undef REPAIR
};

const char *
repair_code(enum repair repair)
{
	return repair_table[repair].code;
}

const char *
repair_sentence(enum repair repair)
{
	return repair_table[repair].sentence;
}

struct parcel *
parcel_new(void)
{
	struct parcel *parcel = mem_zero(1, sizeof *parcel);

	arena_init(&parcel->arena);
	return parcel;
}

struct entry *
parcel_add(struct parcel *parcel, enum entry_type type)
{
	struct entry *entry = arena_zero(&parcel->arena, sizeof *entry);

	entry->type = type;
	if (parcel->last == NULL)
		parcel->first = entry;
	else
		parcel->last->next = entry;
	parcel->last = entry;
	return entry;
}

void
parcel_free(struct parcel *parcel)
{
	if (parcel == NULL)
		return;
	arena_free(&parcel->arena);
	free(parcel);
}
