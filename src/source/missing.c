/*
 * missing: stands for a source that can't be opened, or is another import's. All it has to give is the error,
 * in its turn, so that the other sources of the run are read all the same.
 */
#include "base/mem.h"
#include "source/driver.h"

#include <stdlib.h>

struct missing {
	struct source source;
	struct err err;
	bool told;
};

static enum status
missing_next(struct source *source, struct item **item, struct err *err)
{
	struct missing *missing = (struct missing *)source;

	(void)item;
	if (missing->told)
		return SKIP;
	missing->told = true;
	*err = missing->err;
	return err->status;
}

static uint64_t
missing_total(const struct source *source)
{
	(void)source;
	return 1;
}

static void
missing_close(struct source *source)
{
	free(source);
}

static const struct source_class missing_source = {
    .name = "missing",
    .next = missing_next,
    .total = missing_total,
    .close = missing_close,
};

struct source *
source_missing(const struct err *err)
{
	struct missing *missing = mem_zero(1, sizeof *missing);

	missing->source.class = &missing_source;
	missing->err = *err;
	return &missing->source;
}
